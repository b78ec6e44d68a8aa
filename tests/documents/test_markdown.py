from __future__ import annotations

import contextlib
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.front_matter import split_front_matter
from assistant.documents.markdown import MarkdownReader
from assistant.documents.metadata import names, nations, parse_date
from assistant.documents.model import BlockKind, Document
from assistant.errors import SkippedDocument, UnreadableDocument
from tests.documents.reading import assert_sound, block_of, introduction, quotes, read_text


def read(source: str, name: str = "bin-rules.md") -> Document:
    return read_text(MarkdownReader(), source, name)


class TestFrontMatter:
    def test_the_facts_of_a_page(self) -> None:
        document = read(
            '---\ntitle: "Bins"\nurl: "https://www.gov.uk/bins"\ndescription: How to sort\ndocument_type: guide\n'
            'updated: "2015-06-30 23:30:00+00:00"\n'
            'organisations: "Bin Office, Department for Environment, Food & Rural Affairs"\n---\n\nSort them.\n'
        )
        assert (document.title, document.url, document.document_type) == ("Bins", "https://www.gov.uk/bins", "guide")
        assert document.organisations == ("Bin Office", "Department for Environment, Food & Rural Affairs")
        assert str(document.updated) == "2015-07-01"
        assert quotes(document) == ["Sort them."]

    def test_a_note_names_the_body_it_comes_from_first_and_the_day_it_was_true(self) -> None:
        document = read(
            "---\ntitle: Bins\norganisation: Notes\nsource_organisation: Bin Office\n"
            'as_at: "2026-11-01"\nextent: [Wales, England]\n---\nSort.'
        )
        assert document.organisations == ("Bin Office", "Notes")
        assert str(document.updated) == "2026-11-01"
        assert document.extent == ("England", "Wales")

    @pytest.mark.parametrize("key", ["lastUpdated", "last_updated", "last-updated", "date", "as_at"])
    def test_the_last_change_goes_by_several_names(self, key: str) -> None:
        assert str(read(f"---\n{key}: 2 February 2026\n---\nSort.").updated) == "2026-02-02"

    def test_the_title_falls_back_to_the_first_heading_then_the_file(self) -> None:
        document = read("# Sorting *bins* {.unnumbered}\n\nSort them.")
        assert (document.title, quotes(document)) == ("Sorting bins", ["Sort them."])
        assert read("Sort them.").title == "bin-rules"

    def test_front_matter_that_does_not_parse_is_read_line_by_line(self) -> None:
        document = read("---\ntitle: Bins: a guide: part 1\nurl: https://x.uk\n---\nSort.")
        assert (document.title, document.url) == ("Bins: a guide: part 1", "https://x.uk")

    def test_a_rule_at_the_top_is_no_front_matter(self) -> None:
        assert quotes(read("---\n\nSort them.")) == ["Sort them."]
        assert split_front_matter("---\nno keys here\n---\nx").values == {}

    def test_a_withdrawn_page_says_what_replaces_it(self) -> None:
        document = read("---\nwithdrawn: true\nsuperseded_by: https://x.uk/boxes\nnotice: Use boxes now.\n---\nSort.")
        assert (document.withdrawn, document.superseded_by, document.notice) == (
            True,
            "https://x.uk/boxes",
            "Use boxes now.",
        )
        assert not read("---\nwithdrawn: false\nstatus: draft\n---\nSort.").withdrawn

    @pytest.mark.parametrize(
        ("front", "name"), [("lang: cy", "a.md"), ("url: https://x.uk/a.cy", "a.md"), ("title: A", "a.cy.md")]
    )
    def test_another_language_is_skipped_however_it_is_said(self, front: str, name: str) -> None:
        with pytest.raises(SkippedDocument, match="Welsh"):
            read(f"---\n{front}\n---\nBiniau.", name)

    @pytest.mark.parametrize("source", ["", "---\ntitle: A\n---\n", "# Bins\n\n## Lids\n", "{% include 'x.md' %}"])
    def test_a_page_without_text_is_skipped(self, source: str) -> None:
        with pytest.raises(SkippedDocument, match="no text of its own"):
            read(source)


MARKS = {
    "$CTA\nSort bins\n$CTA": ["Sort bins"],
    "$C\n**Bin Office**  \nTelephone: 01 23\n$C": ["Bin Office Telephone: 01 23"],
    "{::highlight-answer}\nSort bins\n{:/highlight-answer}": ["Sort bins"],
    "%Sort bins%": ["Sort bins"],
    "^Sort bins^": ["Sort bins"],
    "@Sort bins@": ["Sort bins"],
    "Sort x[bins](https://x.uk)x": ["Sort bins"],
    "Sort ((bins)) now": ["Sort bins now"],
    "[Contact:12]\n\nSort bins": ["Sort bins"],
    "[embed:attachments:bins.pdf]\n\nSort bins": ["Sort bins"],
    "[Image: bin.png]\n\nSort bins": ["Sort bins"],
    "Sort bins\n\n*[HM]: His Majesty": ["Sort bins"],
    "Sort bins\n{barchart}": ["Sort bins"],
    "Sort bins [InlineAttachment:x.pdf]": ["Sort bins"],
    "[[toc]]\n\nSort bins": ["Sort bins"],
    "{% include 'x.md' %}\n\nSort {{ site.name }} bins": ["Sort bins"],
    "{% for p in pages %}\n* {{ p.title }} page\n{% endfor %}\n\nSort bins": ["Sort bins"],
    "Sort bins\n{:.intro}": ["Sort bins"],
    "Sort bins {: .intro}": ["Sort bins"],
    "::: {.callout-note title='Lids'}\nSort bins\n:::": ["Lids", "Sort bins"],
    "Sort bins [@smith2020; @jones]": ["Sort bins"],
    "{{< video x >}}\n\nSort bins, see @fig-one": ["Sort bins, see Figure"],
    "Sort [bins]{.smallcaps} [now](https://x.uk){target='_blank'}": ["Sort bins now"],
    "```{note}\nSort bins\n```": ["Sort bins"],
    "```{admonition} Lids\n:class: tip\n\nSort bins\n```": ["Lids", "Sort bins"],
    "```{toctree}\nx\n```\n\nSort bins": ["Sort bins"],
    "```{figure} bin.png\n:alt: A bin\n\nSort bins\n```": ["Sort bins"],
    "(bin-target)=\nSort {ref}`the bins <bin-target>` and {term}`lids` in {doc}`bin_rules`": [
        "Sort the bins and lids in bin rules"
    ],
    "Sort bins, see [](modular_code.md) and [](#lid-sizes)": ["Sort bins, see modular code and lid sizes"],
    "% a comment to writers\n\nSort bins": ["Sort bins"],
    "> [!NOTE]\n> Sort bins": ["Sort bins"],
    "Sort [bins](#Green Bins) now": ["Sort bins now"],
    "Sort bins[^1]\n\n[^1]: Weekly.": ["Sort bins", "Weekly."],
    "<div markdown='1'>\n**Sort** bins\n</div>": ["Sort bins"],
    "<div>\n\n    <p>Sort bins</p>\n\n</div>": ["Sort bins"],
    "Sort bins<!-- or not -->": ["Sort bins"],
}


class TestDialects:
    @pytest.mark.parametrize(("source", "expected"), MARKS.items())
    def test_marks_of_publishing_tools_are_not_text(self, source: str, expected: list[str]) -> None:
        assert quotes(read(source)) == expected

    def test_steps_become_a_numbered_list(self) -> None:
        assert [block.kind for block in read("s1. Open it\n\ns2. Shut it").blocks] == [BlockKind.LIST_ITEM] * 2

    def test_a_headings_own_identifier_is_its_anchor_and_none_is_made_up(self) -> None:
        document = read(
            '## Fees {#fees}\n\nPay.\n\n## Lids {: #lids .big}\n\n## Bags\n{: id="bags"}\n\n###Boxes\n\n## Sets {a, b}'
        )
        anchors = [(document.quote(b), b.anchor) for b in document.blocks if b.kind is BlockKind.HEADING]
        assert anchors == [("Fees", "#fees"), ("Lids", "#lids"), ("Bags", "#bags"), ("Boxes", ""), ("Sets {a, b}", "")]

    @pytest.mark.parametrize(
        "code", ["$CTA", "{{ x }}", "{% raw %}", "[Contact:12]", "::: {.note}", "{: .x}", "x[a](b)x", "<b>"]
    )
    def test_code_stays_exact(self, code: str) -> None:
        assert quotes(read(f"Write `{code}` here.\n\n```\n{code}\n```")) == [
            f"Write {code} here.",
            *([code] if re.search(r"\w", code) else []),
        ]

    def test_code_in_tabs_stands_under_its_language(self) -> None:
        source = "````{tabs}\n```{code-tab} py\nx = 1\n```\n```{code-tab} r R\nx <- 1\n```\n````"
        assert quotes(read(source)) == ["Python", "x = 1", "R", "x <- 1"]

    def test_a_directive_may_hold_fences_of_its_own_length(self) -> None:
        source = (
            "```{admonition} Look\nOne.\n\n```{figure} a.png\n\nCaption.\n```\n\nTwo.\n```\n\nThree [bins](https://x.uk)."
        )
        assert quotes(read(source)) == ["Look", "One.", "Caption.", "Two.", "Three bins."]


class TestTables:
    def test_rows_are_introduced_by_the_headings(self) -> None:
        document = read("The fees are:\n\n| Bin | Fee |\n|---|---|\n| # Green | £5 |")
        assert introduction(document, "Green | £5") == "Bin | Fee"
        assert introduction(document, "Bin | Fee") == "The fees are:"

    def test_a_table_of_kramdown_needs_no_rule(self) -> None:
        assert quotes(read("| Bin | Fee |\n| Green | £5 |\n| Black | £6 |")) == ["Bin | Fee", "Green | £5", "Black | £6"]

    def test_rows_of_several_paragraphs_are_put_together(self) -> None:
        document = read(
            "Who | What  \n---|---  \nYou live here.  \n  \nYou have a bin. | Sort it.  \n"
            "  \nShut it.  \nOthers | Nothing  \n\n## Next\n\nEnd."
        )
        assert quotes(document) == [
            "Who | What",
            "You live here. You have a bin. | Sort it. Shut it.",
            "Others | Nothing",
            "Next",
            "End.",
        ]

    def test_a_list_table_is_a_table(self) -> None:
        document = read("```{list-table} Fees\n:header-rows: 1\n\n* - Bin\n  - Fee\n* - Green\n  - £5\n```")
        assert quotes(document) == ["Fees", "Bin | Fee", "Green | £5"]
        assert block_of(document, "Bin | Fee").kind is BlockKind.TABLE_HEAD


class TestFacts:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2024-03-01", "2024-03-01"),
            ("1 March 2024", "2024-03-01"),
            ("1st Mar 2024", "2024-03-01"),
            ("1/3/2024", "2024-03-01"),
        ],
    )
    def test_dates_are_understood_day_first(self, value: str, expected: str) -> None:
        assert str(parse_date(value)) == expected

    @pytest.mark.parametrize("value", ["", "soon", "31 February 2024", None, 7, []])
    def test_what_is_no_date_is_none(self, value: object) -> None:
        assert parse_date(value) is None

    def test_names_may_be_a_list_or_a_line(self) -> None:
        assert names(["A", {"title": "B"}, None, "A"]) == ("A", "B")
        assert names("A; B, Limited") == ("A", "B, Limited")
        assert names("A, Department for Culture, Media & Sport") == ("A", "Department for Culture, Media & Sport")
        assert names(None) == ()

    def test_nations_are_spelled_out(self) -> None:
        assert nations("Great Britain") == ("England", "Scotland", "Wales")
        assert nations(["northern_ireland", "England"]) == ("England", "Northern Ireland")
        assert len(nations("UK")) == 4
        assert nations("") == ()


PIECES = st.sampled_from(
    [
        "#",
        "## ",
        "- ",
        "1. ",
        "| a ",
        "|---",
        "```",
        "```{note}",
        ":::",
        "{{",
        "}}",
        "{%",
        "%}",
        "[",
        "](",
        ")",
        "`",
        "$A",
        "*",
        "<b>",
        "  \n",
        "\n",
        "\n\n",
        "bins",
        " ",
        "{#x}",
        "[^1]",
        "---",
    ]
)


class TestAlways:
    @given(st.lists(PIECES, max_size=40).map("".join))
    @settings(max_examples=200, deadline=None)
    def test_blocks_are_slices_in_order_introduced_by_earlier_ones(self, source: str) -> None:
        with contextlib.suppress(SkippedDocument):
            assert_sound(read(source))

    @pytest.mark.parametrize(
        "unit",
        [
            "{{",
            "{%",
            "`",
            "[",
            "](",
            "# {",
            "| a ",
            "```{note}\n",
            ":::\n",
            "(((",
            "x[",
            "*[",
            "<div>",
            "> ",
            "{% for",
            "[^1]: ",
        ],
    )
    def test_time_grows_with_length_only(self, unit: str) -> None:
        start = time.process_time()
        with contextlib.suppress(SkippedDocument, UnreadableDocument):
            read("bins\n" + unit * 3000)
        assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("folder", "fewest"),
    [("govuk-pages", 155), ("content-publishing", 140), ("service-manual", 192), ("aqua-book", 14), ("duck-book", 19)],
)
def test_every_real_page_is_read_or_skipped(shared: Path, folder: str, fewest: int) -> None:
    read_pages = 0
    for path in sorted((shared / "guidance" / folder).rglob("*.md")):
        try:
            document = read_text(MarkdownReader(), path.read_bytes(), path.name)
        except SkippedDocument:
            continue
        read_pages += 1
        assert_sound(document)
        prose = " ".join(quotes(document, BlockKind.HEADING, BlockKind.LIST_ITEM))
        assert not re.search(r":::|\[\[toc|\{%|\{::|\{:\.", prose)
    assert read_pages >= fewest

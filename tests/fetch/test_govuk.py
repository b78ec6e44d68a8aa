"""GOV.UK as a publisher: which addresses are asked, and what its replies say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FetchError, InputError
from assistant.fetch import govuk as govuk_module
from assistant.fetch.govuk import GovUk
from assistant.fetch.model import Item, NotHere, Wanted
from assistant.settings import FetchSettings
from tests.fetch.items import links, page, section_list
from tests.fetch.replay_server import dump

GOVUK = GovUk(FetchSettings())
API = "https://www.gov.uk/api/content"


def never(address: str) -> bytes:
    raise AssertionError(f"nothing was to be asked, but {address} was")


def find(wanted: Wanted) -> list[Item]:
    return list(GOVUK.find(wanted, never))


def item(path: str, *parts: str) -> Item:
    return Item(f"{API}{path}", f"{path[1:]}.json", f"https://www.gov.uk{path}", parts)


def further(content: Any, *parts: str, wanted: Wanted | None = None) -> list[Item]:
    return list(GOVUK.further(item(content["base_path"], *parts), dump(content), wanted or Wanted()))


# what is asked for


@pytest.mark.parametrize(
    "given_path",
    [
        "/guidance/content-design",
        "guidance/content-design/",
        " /guidance/content-design#top ",
        "/guidance/content-design?utm=1",
        "https://www.gov.uk/guidance/content-design",
        "https://www.gov.uk/api/content/guidance/content-design",
    ],
)
def test_a_path_or_an_address_is_the_item_of_the_content_api(given_path: str) -> None:
    assert find(Wanted(paths=(given_path,))) == [item("/guidance/content-design")]


@pytest.mark.parametrize(
    "given_path",
    [
        "",
        "/",
        "/../etc/passwd",
        "/guidance/../../secret",
        "/guidance/.hidden",
        "/guidance//content",
        "/guidance/a b",
        "/guidance/%2e%2e",
        "/gu\u0131dance",
        "https://example.com/guidance",
        "https://www.gov.uk.example.com/guidance",
        "http://[",
        "/" + "a" * 191,
        "/a" * 21,
        "/guidance/a\\b",
        "/guidance\n/x",
    ],
)
def test_what_cannot_be_a_path_is_refused_with_what_one_looks_like(given_path: str) -> None:
    with pytest.raises(InputError, match="/guidance/content-design"):
        find(Wanted(paths=(given_path,)))


@given(st.text(max_size=60))
def test_no_path_leads_out_of_the_folder_or_the_site(text: str) -> None:
    try:
        found = find(Wanted(paths=(text,)))
    except InputError:
        return
    assert urlsplit(found[0].address).netloc == "www.gov.uk"
    assert ".." not in found[0].file.split("/")
    assert not any(part.startswith(".") or not part for part in found[0].file.split("/"))


def test_what_is_asked_for_twice_is_one_item_and_the_larger_wish_counts() -> None:
    wanted = Wanted(paths=("/m", "/a", "/a"), manuals=("/m",), collections=("/c",))

    assert find(wanted) == [item("/m", "sections"), item("/c", "members"), item("/a")]


def test_a_search_asks_page_after_page_as_far_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(govuk_module, "_PAGE_SIZE", 2)
    asked: list[dict[str, list[str]]] = []
    found = [f"/guidance/{number}" for number in range(9)]
    found[1] = "https://www.example.com/elsewhere"

    def get(address: str) -> bytes:
        assert urlsplit(address)[:3] == ("https", "www.gov.uk", "/api/search.json")
        query = parse_qs(urlsplit(address).query)
        asked.append(query)
        start, count = int(query["start"][0]), int(query["count"][0])
        return json.dumps({"results": [{"link": link} for link in found[start : start + count]], "total": 9}).encode()

    wanted = Wanted(
        organisations=("cabinet-office", "hm-treasury"),
        document_types=("guidance",),
        updated_since=dt.date(2026, 1, 31),
        limit=5,
    )
    items = list(GOVUK.find(wanted, get))

    assert [found_item.file for found_item in items] == ["guidance/0.json", *(f"guidance/{n}.json" for n in (2, 3, 4))]
    assert asked[0] == {
        "filter_organisations[]": ["cabinet-office", "hm-treasury"],
        "filter_content_store_document_type[]": ["guidance"],
        "filter_public_timestamp": ["from:2026-01-31"],
        "order": ["-public_timestamp"],
        "fields": ["link"],
        "count": ["2"],
        "start": ["0"],
    }
    assert [(query["start"], query["count"]) for query in asked] == [(["0"], ["2"]), (["2"], ["2"]), (["4"], ["1"])]


def test_a_search_for_words_takes_the_nearest_first_and_ends_with_the_results() -> None:
    asked: list[str] = []

    def get(address: str) -> bytes:
        asked.append(address)
        return b'{"results": [{"link": "/lamp"}, {"link": null}, 3], "total": 3}'

    assert list(GOVUK.find(Wanted(text="fog signal"), get)) == [item("/lamp")]
    assert len(asked) == 1
    assert "q=fog+signal" in asked[0]
    assert "order=" not in asked[0]


def test_a_search_that_answers_otherwise_is_told() -> None:
    with pytest.raises(FetchError, match="list of results"):
        list(GOVUK.find(Wanted(text="lamp"), lambda address: b"<html>"))


# what is worth keeping


def check(body: bytes, of: Item | None = None, **headers: str) -> NotHere | None:
    return GOVUK.check(of or item("/lamp"), body, {name.replace("_", "-"): value for name, value in headers.items()})


def test_a_content_item_is_kept() -> None:
    assert check(dump(page("/lamp"))) is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "cut short"),
        (b"<!DOCTYPE html><title>Sorry</title>", "a web page"),
        (dump(page("/lamp"))[:-20], "cut short"),
        (b"\xff\xfe{}", "cut short"),
        (b"[]", "not a content item"),
        (b"{}", "not a content item"),
        (b'{"base_path": "/lamp"}', "not a content item"),
        (b'{"base_path": null, "schema_name": "guide"}', "not a content item"),
        (b"[" * 100_000, "cut short"),
    ],
)
def test_what_is_no_content_item_is_refused(body: bytes, told: str) -> None:
    with pytest.raises(FetchError, match=told):
        check(body)


def test_an_item_that_redirects_says_where_to() -> None:
    redirects = [{"path": "/lamp/old", "destination": "/no"}, {"path": "/lamp", "destination": "/lantern?x=1#top"}]
    away = [{"path": "/lamp", "type": "exact", "destination": "https://lamps.campaign.gov.uk/"}]

    def moved(redirects: list[dict[str, str]]) -> str:
        told = check(dump(page("/lamp", schema="redirect", redirects=redirects)))
        return told.moved_to if told else "here"

    assert moved(redirects) == "https://www.gov.uk/lantern?x=1#top"
    assert moved(away) == "https://lamps.campaign.gov.uk/"
    assert moved([]) == ""


def test_an_item_that_is_gone_says_what_takes_its_place() -> None:
    gone = page("/lamp", schema="gone", details={"alternative_path": "/lantern"})

    assert check(dump(gone)) == NotHere("GOV.UK has taken it down; /lantern takes its place.")
    assert check(dump(page("/lamp", schema="gone", details={"alternative_path": ""}))) == NotHere(
        "GOV.UK has taken it down."
    )


# what belongs to it


def test_a_manual_brings_its_sections_and_theirs() -> None:
    manual = page("/hmrc-internal-manuals/lamps", schema="hmrc_manual", details=section_list("/m/lmp1000", "/m/lmp2000"))
    section = page("/m/lmp1000", schema="hmrc_manual_section", details=section_list("/m/lmp1100", "//bad", "/../worse"))

    assert further(manual, "sections") == [item("/m/lmp1000", "sections"), item("/m/lmp2000", "sections")]
    assert further(section, "sections") == [item("/m/lmp1100", "sections")]
    assert further(manual) == []


def test_a_collection_brings_its_members_in_the_order_of_its_groups() -> None:
    members = [*links("/a", "/b", "/c"), *links("/cy", locale="cy")]
    groups = [{"title": "Late", "documents": ["id-of-/c", "id-of-nobody"]}, {"documents": ["id-of-/a"]}]
    collection = page("/col", details={"collection_groups": groups}, links={"documents": members})

    assert further(collection, "members") == [item("/c"), item("/a"), item("/b")]
    assert further(collection) == []


def test_a_publication_always_brings_its_pages_and_other_files_only_when_wanted() -> None:
    own = "/government/publications/lamps"
    pdf = "https://assets.publishing.service.gov.uk/media/5a7/Lamps_2026.pdf"
    attachments = [
        {"attachment_type": "html", "url": f"{own}/annex"},
        {"attachment_type": "html", "url": "/government/publications/others/annex"},
        {"attachment_type": "file", "url": pdf},
        {"attachment_type": "file", "url": "https://assets.publishing.service.gov.uk/media/5a7/lamps.zip"},
        {"attachment_type": "file", "url": "https://example.com/lamps.pdf"},
        {"attachment_type": "file", "url": "https://assets.publishing.service.gov.uk/media/../lamps.pdf"},
        {"attachment_type": "external", "url": "https://example.com"},
        "none",
    ]
    children = links(f"{own}/text", kind="html_publication")
    publication = page(own, schema="publication", links={"children": children}, details={"attachments": attachments})
    pages = [item(f"{own}/text"), item(f"{own}/annex")]

    assert further(publication) == pages
    with_files = further(publication, "attachments")
    assert with_files == [
        item(f"{own}/text", "attachments"),
        item(f"{own}/annex", "attachments"),
        Item(pdf, "assets/media/5a7/Lamps_2026.pdf"),
    ]
    assert further(publication, wanted=Wanted(attachments=True)) == with_files


@pytest.mark.parametrize(
    ("body", "headers", "sound"),
    [
        (b"%PDF-1.7 ...", {"content_type": "application/pdf"}, True),
        (b"%PDF-1.7 ...", {}, True),
        (b"", {}, False),
        (b"<html>Sorry</html>", {}, False),
        (b"%PDF-1.7 ...", {"content_type": "text/html; charset=utf-8"}, False),
    ],
)
def test_an_attached_file_is_of_its_kind(body: bytes, headers: dict[str, str], sound: bool) -> None:
    file = Item("https://assets.publishing.service.gov.uk/media/5a7/lamps.pdf", "assets/media/5a7/lamps.pdf")

    assert list(GOVUK.further(file, body, Wanted(attachments=True))) == []
    if sound:
        assert check(body, file, **headers) is None
    else:
        with pytest.raises(FetchError, match=r"not a \.pdf file"):
            check(body, file, **headers)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["details", "links", "documents", "children", "child_section_groups", "child_sections", "base_path",
                     "attachments", "collection_groups", "url", "redirects"]), inner), max_leaves=20))  # fmt: skip
def test_no_shape_of_an_item_breaks_the_reading_of_what_belongs_to_it(shape: Any) -> None:
    content = {"base_path": "/lamp", "schema_name": "publication", "details": shape, "links": shape}

    further(content, "sections", "members", "attachments")


def test_real_items_are_taken_for_what_they_are(shared: Path) -> None:
    folder = shared / "guidance/content-api"
    told = {}
    for path in folder.glob("*.json"):
        content = json.loads(path.read_bytes())
        told[path.name] = check(path.read_bytes(), item(content["base_path"]))

    departed = {name for name, not_here in told.items() if not_here}
    assert departed == {name for name in told if name.startswith(("gone__", "redirect__"))}
    manual = json.loads((folder / "hmrc_manual__vat-government-public-bodies.json").read_bytes())
    collection = json.loads((folder / "document_collection__best-practice-document-collection.json").read_bytes())
    paper = json.loads((folder / "publication__best-practice-cmd-list.json").read_bytes())
    release = json.loads((folder / "publication__publication-with-featured-attachments.json").read_bytes())
    assert [found.file for found in further(manual, "sections")][:2] == [
        "hmrc-internal-manuals/vat-government-and-public-bodies/vatgpb1000.json",
        "hmrc-internal-manuals/vat-government-and-public-bodies/vatgpb2000.json",
    ]
    assert len(further(collection, "members")) == 7
    assert [found.file.rpartition("/")[2] for found in further(paper)] == [
        "connecting-people-a-strategic-vision-for-rail.json"
    ]
    assert [found.file.rpartition("/")[2] for found in further(release, "attachments")] == ["PUBLIC_1392629965.pdf"]

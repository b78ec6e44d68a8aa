"""Answers, search results and reports as text for a terminal: pure functions from values to strings.

Names of files and text of guidance come from elsewhere, so whatever could steer a terminal is taken out. Knows nothing of
how the values came about.
"""

from __future__ import annotations

import datetime as dt
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Claim, Source
    from assistant.doctor import Finding
    from assistant.documents import Document
    from assistant.fetch import FetchReport, NotFetched, Record
    from assistant.index import Entry, IngestReport
    from assistant.records import Affected, Change, EvidencePack, Feedback, Listed, User
    from assistant.search import FoundPassage, SearchResult
    from assistant.settings import Setting

_WIDEST = 100
_NARROWEST = 20
_MOST_REASONS = 8
_MOST_NAMES = 12


def show_answer(answer: Answer, *, width: int) -> str:
    """The claims with the numbers of their sources, then the sources; or why there is no answer, and the nearest pages."""
    claims = [show_claim(claim, width=width) for claim in answer.claims]
    return "\n\n".join([*claims, *filter(None, [show_rest(answer, width=width)])])


def show_rest(answer: Answer, *, width: int) -> str:
    """What stands after the claims of an answer, or in place of them."""
    paragraphs: list[str] = []
    if not answer.claims:
        paragraphs.append(_wrap(answer.text, width))
    if answer.withheld:
        paragraphs.append(_withheld(answer.withheld, width))
    if answer.claims and answer.model != "quotation":
        drafted = f"Written by the language model {answer.model}; each sentence was checked against its source."
        paragraphs.append(_wrap(drafted, width))
    paragraphs += [_wrap(f"Note: {_about(notice.text, notice.sources)}", width) for notice in answer.notices]
    if answer.sources:
        paragraphs.append("\n".join(["Sources", *(_source(source, width) for source in answer.sources)]))
    if answer.nearest:
        pages = (
            f"{_wrap(f'- {page.title} ({page.organisation})' if page.organisation else f'- {page.title}', width, hang=2)}"
            f"\n  {clean(page.url)}"
            for page in answer.nearest
        )
        paragraphs.append("\n".join(["You may want to look at", *pages]))
    if answer.choices:
        numbered = enumerate(answer.choices, start=1)
        paragraphs.append("\n".join(_wrap(f"{number}. {choice.label}", width, hang=3) for number, choice in numbered))
    return "\n\n".join(paragraphs)


def chosen(typed: str, last: Answer | None) -> str:
    """What to ask when `typed` is the number of a choice that the last answer offered; `typed` itself when it is not."""
    choices = last.choices if last else ()
    number = typed.strip().rstrip(".")
    # isdecimal alone lets through digits of other scripts, which int reads too: both are what the reader means.
    if number.isdecimal() and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1].question
    return typed


def show_search(result: SearchResult, *, width: int) -> str:
    """The passages found, best first."""
    if not result.passages:
        return "No passage was found."
    return "\n\n".join(_passage(passage, width) for passage in result.passages)


def show_ingest(report: IngestReport, *, width: int, verbose: bool = False) -> str:
    """What an ingest did; failed files are always listed, skipped ones by reason, each of them when `verbose`."""
    read = report.added + report.changed + report.unchanged
    changes = ", ".join(
        f"{count} {what}"
        for count, what in (
            (report.added, "added"),
            (report.changed, "changed"),
            (report.unchanged, "unchanged"),
            (report.removed, "removed"),
        )
        if count
    )
    lines = [
        f"{_count(read, 'document')} read{f' ({changes})' if changes else ''}; the index holds "
        f"{_count(report.passages, 'passage')}. {report.seconds:.1f} s."
    ]
    if report.left_out:
        parts = ", ".join(f"{count:,} {what}" for what, count in report.left_out.most_common())
        lines.append(_wrap(f"Left out of the documents read now: {parts}.", width))
    if report.skipped:
        lines.append(f"{_count(len(report.skipped), 'file')} skipped:")
        if verbose:
            lines += [_wrap(f"  {record.location}: {record.reason}", width, hang=4) for record in report.skipped]
        else:
            lines += _reasons((record.reason for record in report.skipped), width)
    if report.failed:
        lines.append(f"{_count(len(report.failed), 'file')} could not be read:")
        lines += [_wrap(f"  {record.location}: {record.reason}", width, hang=4) for record in report.failed]
    return "\n".join(lines)


def show_entries(entries: Sequence[Entry], *, width: int) -> str:
    """Documents in the index, one a paragraph: title, date and number of passages, then where it was read from."""
    lines = []
    for entry in entries:
        document = entry.document
        facts = [document.document_type, f"updated {document.updated}" if document.updated else "no date"]
        facts += ["withdrawn"] if document.withdrawn else []
        facts.append(_count(entry.count, "passage"))
        lines.append(_wrap(f"{document.title} ({', '.join(filter(None, facts))})", width))
        lines.append(_wrap(f"  {document.location}", width, hang=4))
    return "\n".join([*lines, f"{_count(len(entries), 'document')}."])


def show_nothing_kept(documents: Sequence[Document], *, width: int) -> str:
    """Why filters leave no document of an index: what they could have asked for."""
    bodies = Counter(name for document in documents for name in document.organisations)
    types = Counter(document.document_type for document in documents if document.document_type)
    days = [document.updated for document in documents if document.updated]
    lines = [f"None of the {_count(len(documents), 'document')} in the index is as asked for."]
    for what, names in (("Organisations", bodies), ("Types", types)):
        if names:
            told = ", ".join(f"{name} ({count:,})" for name, count in names.most_common(_MOST_NAMES))
            more = f", and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
            lines.append(_wrap(f"{what}: {told}{more}.", width, hang=2))
    if days:
        lines.append(f"Last updated: from {_day(min(days))} to {_day(max(days))}.")
    return "\n".join(lines)


def show_entry(entry: Entry, *, width: int) -> str:
    """One document with the text of its passages."""
    document = entry.document
    lines = [_wrap(document.title, width), f"  {document.url}", f"  {document.location}"]
    if document.organisations:
        lines.append(_wrap(f"  {', '.join(document.organisations)}", width, hang=4))
    lines += [f"  left out: {part.count:,} {part.what}" for part in document.left_out]
    if document.recognised:
        lines.append("  recognised from scanned pages; letters may be wrong")
    for passage in entry.passages:
        where = " > ".join(passage.headings) + (f" (page {passage.page})" if passage.page else "")
        lines += ["", _wrap(f"{passage.ordinal + 1}. {where}".rstrip(". "), width)]
        lines += [_wrap(f"   {line}", width, hang=3) for line in passage.text.splitlines() if line.strip()]
    return "\n".join(lines)


def show_fetch(report: FetchReport, *, width: int) -> str:
    """What a fetch did; everything that moved or could not be had is listed."""
    told = [
        (len(report.fetched), "fetched"),
        (len(report.unchanged), "unchanged"),
        (len(report.moved), "moved"),
        (len(report.gone), "gone"),
        (len(report.missing), "missing"),
        (len(report.failed), "failed"),
    ]
    counts = ", ".join(f"{count:,} {what}" for count, what in told if count) or "nothing to fetch"
    lines = [_wrap(f"{report.publisher}: {counts}; {_count(report.kept, 'item')} kept in {report.folder}.", width)]
    lines[0] += f" {_count(report.requests, 'request')}, {report.seconds:.1f} s."
    if report.settled_before:
        lines.append(
            f"{report.settled_before:,} of them had been settled before the interruption, and were not asked for again."
        )
    if report.moved:
        lines.append("Moved:")
        lines += [f"  {clean(move.page)}\n    to {clean(move.to)}" for move in report.moved]
    lines += _not_fetched("Gone; what was kept of them is removed, and the next ingest forgets it:", report.gone, width)
    lines += _not_fetched("Missing:", report.missing, width)
    lines += _not_fetched("Failed; the same command tries these again:", report.failed, width)
    if report.stopped:
        lines.append(_wrap(f"Ended before its time: {report.stopped}", width))
    return "\n".join(lines)


def show_kept(kept: Iterable[Record], *, width: int) -> str:
    """What is kept on disk, each item with its address, time and licence."""
    lines: list[str] = []
    for record in kept:
        lines.append(clean(record.page))
        facts = f"  {record.item.file}, fetched {record.fetched}, last asked for {record.checked}. {record.licence.name}"
        lines.append(_wrap(facts, width, hang=2))
        if record.reason:
            lines.append(_wrap(f"  {record.state}: {record.reason}", width, hang=4))
    return "\n".join(lines) or "Nothing is kept."


def show_records(listed: Sequence[Listed], *, count: int, width: int) -> str:
    """The newest answers in the records: id, time and status, then the question."""
    lines: list[str] = []
    for answer in listed:
        lines.append(f"{answer.id}  {_moment(answer.given_at)}  {clean(answer.status)}")
        lines.append(_wrap(f"  {' '.join(answer.question.split())}", width, hang=4))
    if count > len(listed):
        lines.append(f"These are the newest {len(listed):,} of {count:,} answers; --limit N shows more.")
    return "\n".join(lines) or "No answer is in the records."


def show_feedback(given: Sequence[Feedback], *, width: int) -> str:
    """What readers said of answers: the answer's id, who said it when, what, and of which question."""
    lines: list[str] = []
    for said in given:
        about = "" if said.claim is None else f", claim {said.claim + 1}"
        by = f" by {clean(said.user)}" if said.user else ""
        lines.append(f"{said.answer_id}{about}  {_moment(said.given_at)}{by}: {', '.join(said.kinds) or 'a comment'}")
        lines.append(_wrap(f"  {' '.join(said.question.split())}", width, hang=4))
        if said.text:
            lines.append(_wrap(f"  “{' '.join(said.text.split())}”", width, hang=4))
    return "\n".join(lines) or "Nobody has said anything of an answer yet."


def show_users(users: Sequence[User]) -> str:
    """Who may sign in: name, role, and since when."""
    if not users:
        return "There are no users. `bernard users add NAME` adds one."
    longest = max(len(user.name) for user in users)
    return "\n".join(f"{user.name:{longest}}  {user.role:13}  added {_day(user.added_at.date())}" for user in users)


def show_pack(pack: EvidencePack, *, width: int) -> str:
    """One answer in the records: what was asked, the answer as it was given, and what it was made from."""
    answer = pack.as_answer()
    asked = [f"Asked {_moment(pack.given_at)}: {pack.question}"]
    if pack.standalone_question != pack.question:
        asked.append(f"Searched for: {pack.standalone_question}")
    drafted = f"Drafted by: {pack.model}" + (f", prompt {pack.prompt_version}" if pack.prompt_version else "")
    timings = ", ".join(f"{stage} {ms:.0f}" for stage, ms in pack.answer.get("timings_ms", {}).items())
    passages = [
        f"[{cited.number}] {cited.passage_id}, rank {cited.rank}, score {cited.score:.4f}, sha256 {cited.text_sha256}"
        for cited in pack.passages
    ]
    evidence = [
        f"Record: {pack.id}",
        f"Status: {pack.status}",
        drafted,
        f"Index: {pack.index_digest}",
        f"Milliseconds: {timings}",
        *passages,
    ]
    shown = show_answer(answer, width=width) if answer else _wrap(str(pack.answer.get("text", "")), width)
    before, after = ("\n".join(_wrap(line, width, hang=4) for line in lines) for lines in (asked, evidence))
    return "\n\n".join([before, shown, after])


def show_affected(affected: Sequence[Affected], *, width: int) -> str:
    """Answers given that no longer hold, each with what was quoted and what the page says now."""
    hold = "holds" if len(affected) == 1 else "hold"
    lines = [f"{_count(len(affected), 'answer')} in the records no longer {hold}:"]
    for entry in affected:
        question = " ".join(entry.answer.question.split())
        lines += ["", _wrap(f"{_moment(entry.answer.given_at)}: {question}", width, hang=2), f"  {entry.answer.id}"]
        for change in entry.changes:
            lines += _change(change, width)
    return "\n".join(lines)


def show_findings(findings: Sequence[Finding], *, width: int) -> str:
    """What the doctor found, with the remedies of what is not in order."""
    lines: list[str] = []
    for finding in findings:
        lines.append(_wrap(f"{finding.severity:<8} {finding.name}: {finding.message}", width, hang=9))
        if finding.remedy:
            lines.append(_wrap(f"{'':8} Remedy: {finding.remedy}", width, hang=9))
    severities = Counter(str(finding.severity) for finding in findings)
    told = [_count(severities[name], name) for name in ("fault", "warning") if severities[name]]
    return "\n".join([*lines, "", " and ".join(told) + "." if told else "Everything is in order."])


def show_settings(settings: Iterable[Setting], *, width: int) -> str:
    """Every setting with its value, the variable that sets it and what it means; a star marks what is not the default."""
    lines: list[str] = []
    for setting in settings:
        star = "*" if setting.value != setting.default else " "
        lines.append(f"{star} {setting.name} = {clean(setting.value) or '(empty)'}")
        lines.append(_wrap(f"    {setting.environment}: {setting.meaning} Takes: {setting.accepts}.", width, hang=4))
    return "\n".join([*lines, "", "* differs from the default"])


def settings_as_markdown(settings: Iterable[Setting]) -> str:
    """The reference page docs/settings.md; defaults only, so that it is the same on every machine."""
    lines = [
        "# Settings",
        "",
        "Made by `bernard settings --markdown`; do not edit by hand.",
        "",
        "A setting is given in the environment, or in a file `bernard.toml` in the folder where Bernard is started. The",
        "environment wins. `web.port` in the table is `BERNARD_WEB__PORT` in the environment, and in `bernard.toml`:",
        "",
        "```toml",
        "[web]",
        "port = 8080",
        "```",
        "",
        "A misspelt setting is refused, never passed over. `bernard settings` shows the values in force.",
        "",
        "| setting | environment | default | takes | what it does |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{setting.name}` | `{setting.environment}` | {f'`{setting.default}`' if setting.default else 'empty'} | "
        f"{setting.accepts} | {setting.meaning} |"
        for setting in settings
    ]
    return "\n".join(lines)


def fit_width(columns: int) -> int:
    """A width that is easy to read, on a terminal of so many columns."""
    return max(_NARROWEST, min(columns, _WIDEST))


_BECAUSE = {
    "changed": "has changed",
    "disappeared": "is no longer in the index",
    "withdrawn": "has been withdrawn or replaced since, and still says this",
}


def _change(change: Change, width: int) -> Iterator[str]:
    yield _wrap(f"  {change.title} {_BECAUSE[change.kind]}. {change.notice}".rstrip(), width, hang=2)
    yield f"    {clean(change.url)}"
    yield _wrap(f"    quoted: {' / '.join(change.quote.splitlines())}", width, hang=6)
    if change.kind == "changed":
        now = " / ".join(change.now.splitlines()) or "(nothing like it)"
        yield _wrap(f"    now:    {now}", width, hang=6)


def show_claim(claim: Claim, *, width: int) -> str:
    """One claim with the numbers of its sources and its verdict, and why it is not fully supported."""
    marks = "".join(f"[{number}]" for number in dict.fromkeys(citation.source for citation in claim.citations))
    lines = [line for line in claim.text.splitlines() if line.strip()] or [""]
    wrapped = [_wrap(line, width, hang=2 if line.lstrip().startswith(("- ", "• ")) else 0) for line in lines[:-1]]
    reasons = [_wrap(f"  {reason}", width, hang=2) for reason in claim.reasons]
    return "\n".join([*wrapped, _wrap(f"{lines[-1]} {marks} ({claim.verdict})", width), *reasons])


def _withheld(claims: Sequence[Claim], width: int) -> str:
    told = "1 statement was withheld" if len(claims) == 1 else f"{len(claims)} statements were withheld"
    lines = [_wrap(f"Left out: could not be matched to the guidance ({told})", width)]
    for claim in claims:
        lines.append(_wrap(f"- {' '.join(claim.text.split())}", width, hang=2))
        lines += [_wrap(f"  {reason}", width, hang=2) for reason in claim.reasons]
    return "\n".join(lines)


def _source(source: Source, width: int) -> str:
    label = f"[{source.number}] "
    path = " > ".join([source.title, *source.headings])
    facts = ", ".join(filter(None, [source.organisation, _dated(source), "from a scan" if source.recognised else ""]))
    lines = [label + path, facts, source.notice or ("Withdrawn or superseded." if source.withdrawn else "")]
    first, *rest = [line for line in lines if line]
    indent = " " * len(label)
    wrapped = [_wrap(first, width, hang=len(label)), *(_wrap(indent + line, width, hang=len(label)) for line in rest)]
    return "\n".join([*wrapped, indent + clean(source.url)])


def _passage(passage: FoundPassage, width: int) -> str:
    label = f"{passage.rank}. "
    indent = " " * len(label)
    facts = ", ".join(
        filter(
            None,
            [
                passage.organisation,
                _dated(passage),
                "withdrawn or superseded" if passage.withdrawn else "",
                "from a scan" if passage.recognised else "",
                f"score {passage.score:.4f}",
            ],
        )
    )
    return "\n".join(
        [
            _wrap(label + " > ".join([passage.title, *passage.headings]), width, hang=len(label)),
            _wrap(indent + facts, width, hang=len(label)),
            indent + clean(passage.url),
            *(
                _wrap(indent + line, width, hang=len(label))
                for line in [*passage.context.splitlines(), *passage.text.splitlines()]
                if line.strip()
            ),
        ]
    )


def _dated(source: Source | FoundPassage) -> str:
    from assistant.answer.notices import OWN_NOTE

    if not source.updated:
        return "no date given"
    return f"{'as at' if source.document_type == OWN_NOTE else 'updated'} {_day(source.updated)}"


def _about(text: str, sources: Sequence[int]) -> str:
    return f"{text} {''.join(f'[{number}]' for number in sources)}" if sources else text


def _not_fetched(title: str, pages: Sequence[NotFetched], width: int) -> Iterator[str]:
    if pages:
        yield title
        yield from (_wrap(f"  {left.page}: {left.reason}", width, hang=4) for left in pages)


def _reasons(reasons: Iterable[str], width: int) -> Iterator[str]:
    ranked = Counter(reasons).most_common()
    for reason, count in ranked[:_MOST_REASONS]:
        yield _wrap(f"  {count} × {reason}", width, hang=4)
    if rest := sum(count for _, count in ranked[_MOST_REASONS:]):
        yield f"  {rest} for other reasons (--verbose lists each file)"


def _wrap(text: str, width: int, *, hang: int = 0) -> str:
    """Wrap each line of a text; continuation lines are indented by `hang`; long words, such as addresses, stay whole."""
    return "\n".join(
        "\n".join(
            textwrap.wrap(
                line,
                width,
                subsequent_indent=" " * hang,
                break_long_words=False,
                break_on_hyphens=False,
                drop_whitespace=True,
            )
        )
        for line in clean(text).splitlines()
    )


def clean(text: str) -> str:
    """Without control and direction characters, which could steer the terminal."""
    return "".join(
        character if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"} else " "
        for character in text
    )


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"

"""What the reader must know beside an answer: that guidance is withdrawn, replaced, old, undated or recognised from a scan.

Pure; knows nothing of how sources were chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from assistant.answer.conflicts import Conflict
from assistant.answer.model import AnswerNotice, Notice, Source
from assistant.answer.nations import elsewhere, nations_of
from assistant.answer.writing import Written

_CHECK = "Check the page for changes before you rely on it."

_YOURS = "not government guidance. Bernard checked that the words stand there, not that they are right."

OWN_NOTE = "Bernard note"
"""Document type of the notes in corpus/, which are Bernard's authors' words and not the publisher's."""


def notices(
    sources: Sequence[Source], *, today: dt.date, old_after_days: int, partial: Sequence[int] = ()
) -> tuple[AnswerNotice, ...]:
    """Notices on the sources of an answer, the gravest first; none for none.

    Args:
        sources: What is cited.
        today: The reader's date.
        old_after_days: Days after which guidance that has not changed is called old.
        partial: Numbers of sources of which a list is quoted in part.
    """
    found = [_not_current(source) for source in sources if source.withdrawn]
    current = [source for source in sources if not source.withdrawn]
    published = [source for source in current if not source.uploaded]
    old = [source for source in published if source.updated and (today - source.updated).days > old_after_days]
    undated = [source for source in published if source.updated is None]
    found += [
        _notice(Notice.OLD, [source], f"was last updated on {_day(source.updated)}. {_CHECK}")
        for source in old
        if source.updated
    ]
    if undated:
        says = "does" if len(undated) == 1 else "do"
        found.append(_notice(Notice.UNDATED, undated, f"{says} not say when the guidance was last updated. {_CHECK}"))
    found += _cautions(current)
    if scans := [source for source in sources if source.recognised]:
        was = "was" if len(scans) == 1 else "were"
        text = f"{was} recognised from a scan; letters and figures may be wrong. Compare with the original document."
        found.append(_notice(Notice.RECOGNISED, scans, text))
    found += _yours(sources)
    own = [source for source in sources if source.document_type == OWN_NOTE]
    if own:
        are = "is a summary" if len(own) == 1 else "are summaries"
        text = f"{are} written for Bernard, not the official text. The official page behind the link decides."
        found.append(_notice(Notice.SUMMARY, own, text))
    cut = [source for source in sources if source.number in set(partial)]
    if cut:
        quotes = "is" if len(cut) == 1 else "are each"
        found.append(_notice(Notice.PARTIAL, cut, f"{quotes} quoted with only part of a list. Read the whole list."))
    return tuple(found)


def drafting_notices(written: Written, *, added: bool) -> tuple[AnswerNotice, ...]:
    """Tells the reader when a language model was to write and did not, or not all; `added` says that quotations stand in."""
    told: list[AnswerNotice] = []
    if written.failure:
        what = "What is missing" if written.shown else "The guidance"
        text = f"{written.failure} {what} is quoted instead." if added else written.failure
        told.append(AnswerNotice(kind=Notice.MODEL_FAILED, text=text))
    elif added and not written.shown and written.drafting:
        told.append(AnswerNotice(kind=Notice.QUOTED_INSTEAD, text=_why_quoted(written)))
    elif added and written.shown:
        text = "What the language model wrote leaves out the passages nearest to the question. They are quoted after it."
        told.append(AnswerNotice(kind=Notice.FILLED_IN, text=text))
    return tuple(told)


def _why_quoted(written: Written) -> str:
    if written.withheld:
        return "Nothing that the language model wrote could be matched to the guidance, so the guidance is quoted instead."
    if written.drafting and written.drafting.declined:
        return "The language model found no answer in the passages. They are quoted, so that you can judge for yourself."
    return "The language model wrote nothing that can be checked, so the guidance is quoted instead."


def conflicting(conflict: Conflict) -> AnswerNotice:
    """Tells the reader that two sources of the answer disagree, and in what."""
    text = (
        f"Sources {conflict.first} and {conflict.second} disagree: source {conflict.first} says “{conflict.said}”, source "
        f"{conflict.second} says “{conflict.other}”. Find out which applies before you rely on either."
    )
    return AnswerNotice(kind=Notice.CONFLICT, text=text, sources=(conflict.first, conflict.second))


def of_another_nation(question: str, sources: Sequence[Source]) -> tuple[AnswerNotice, ...]:
    """Notices on sources that do not cover the nation that the question names, one for each set of nations they cover."""
    foreign, asked = elsewhere(question, sources)
    alike: dict[tuple[str, ...], list[Source]] = {}
    for source in foreign:
        alike.setdefault(nations_of(source), []).append(source)
    return tuple(
        _notice(
            Notice.OTHER_NATION,
            group,
            f"{'applies' if len(group) == 1 else 'apply'} to {_listed(covered)}, not to {_listed(asked, 'or')}.",
        )
        for covered, group in alike.items()
    )


def rewritten(standalone_question: str) -> AnswerNotice:
    """Tells the reader what was searched for in place of what they typed."""
    return AnswerNotice(
        kind=Notice.REWRITTEN, text=f"Your question was read together with the conversation: “{standalone_question}”"
    )


def respelt(standalone_question: str) -> AnswerNotice:
    """Tells the reader that words of theirs were taken for slips of typing."""
    return AnswerNotice(kind=Notice.REWRITTEN, text=f"Slips of typing were put right: “{standalone_question}”")


def written_out(standalone_question: str, *, is_respelt: bool) -> AnswerNotice:
    """Tells the reader that short forms of theirs were written out, since nothing was found for the question as it was."""
    what = "Short forms were written out and slips of typing put right" if is_respelt else "Short forms were written out"
    return AnswerNotice(kind=Notice.REWRITTEN, text=f"{what}: “{standalone_question}”")


def _notice(kind: Notice, sources: Sequence[Source], text: str) -> AnswerNotice:
    numbers = tuple(source.number for source in sources)
    return AnswerNotice(kind=kind, text=f"{_named(sources)} {text}", sources=numbers)


def _yours(sources: Sequence[Source]) -> Iterator[AnswerNotice]:
    """That documents of the one who asks are not guidance."""
    uploaded = [source for source in sources if source.uploaded]
    documents = "document" if len({source.url for source in uploaded}) == 1 else "documents"
    if uploaded and len(uploaded) == len(sources):
        yield AnswerNotice(kind=Notice.UPLOADED, text=f"What is quoted is from your own {documents}, {_YOURS}")
    elif uploaded:
        yield _notice(
            Notice.UPLOADED, uploaded, f"{'is' if len(uploaded) == 1 else 'are'} from your own {documents}, {_YOURS}"
        )


def _cautions(sources: Sequence[Source]) -> Iterator[AnswerNotice]:
    """What publishers say of guidance that is current, such as that changes to a law are not yet in its text."""
    alike: dict[str, list[Source]] = {}
    for source in sources:
        if source.notice:
            alike.setdefault(source.notice, []).append(source)
    for text, group in alike.items():
        comes = "comes" if len(group) == 1 else "come"
        yield _notice(Notice.CAUTION, group, f"{comes} with a caution: {text}")


def _not_current(source: Source) -> AnswerNotice:
    kind = Notice.WITHDRAWN if "withdrawn" in source.notice.lower() else Notice.SUPERSEDED
    return _notice(kind, [source], f"is not current guidance. {source.notice}")


def _named(sources: Sequence[Source]) -> str:
    numbers = [str(source.number) for source in sources]
    if len(numbers) == 1:
        return f"Source {numbers[0]}"
    return f"Sources {', '.join(numbers[:-1])} and {numbers[-1]}"


def _listed(names: Sequence[str], last: str = "and") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"

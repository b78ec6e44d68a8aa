"""What the reader must know beside an answer: that guidance is withdrawn, replaced, old or undated.

Pure; knows nothing of how sources were chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.answer.model import AnswerNotice, Notice, Source

_CHECK = "Check the page for changes before you rely on it."

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
    old = [source for source in current if source.updated and (today - source.updated).days > old_after_days]
    undated = [source for source in current if source.updated is None]
    found += [
        _notice(Notice.OLD, [source], f"was last updated on {_day(source.updated)}. {_CHECK}")
        for source in old
        if source.updated
    ]
    if undated:
        says = "does" if len(undated) == 1 else "do"
        found.append(_notice(Notice.UNDATED, undated, f"{says} not say when the guidance was last updated. {_CHECK}"))
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


def rewritten(standalone_question: str) -> AnswerNotice:
    """Tells the reader what was searched for in place of what they typed."""
    return AnswerNotice(
        kind=Notice.REWRITTEN, text=f"Your question was read together with the conversation: “{standalone_question}”"
    )


def _notice(kind: Notice, sources: Sequence[Source], text: str) -> AnswerNotice:
    numbers = tuple(source.number for source in sources)
    return AnswerNotice(kind=kind, text=f"{_named(sources)} {text}", sources=numbers)


def _not_current(source: Source) -> AnswerNotice:
    kind = Notice.WITHDRAWN if "withdrawn" in source.notice.lower() else Notice.SUPERSEDED
    return _notice(kind, [source], f"is not current guidance. {source.notice}")


def _named(sources: Sequence[Source]) -> str:
    numbers = [str(source.number) for source in sources]
    if len(numbers) == 1:
        return f"Source {numbers[0]}"
    return f"Sources {', '.join(numbers[:-1])} and {numbers[-1]}"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"

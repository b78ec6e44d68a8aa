"""What the reader must know beside an answer: that guidance is withdrawn, replaced, old or undated.

Pure; knows nothing of how sources were chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.answer.model import AnswerNotice, Notice, Source


def notices(sources: Sequence[Source], *, today: dt.date, old_after_days: int) -> tuple[AnswerNotice, ...]:
    """Notices on the sources of an answer, the gravest first; none for none."""
    found = [_not_current(source) for source in sources if source.withdrawn]
    current = [source for source in sources if not source.withdrawn]
    old = [source for source in current if source.updated and (today - source.updated).days > old_after_days]
    undated = [source for source in current if source.updated is None]
    found += [
        AnswerNotice(
            kind=Notice.OLD,
            text=f"{_named([source])} was last updated on {_day(source.updated)}. Check the page for changes before you rely"
            " on it.",
            sources=(source.number,),
        )
        for source in old
        if source.updated
    ]
    if undated:
        says = "does" if len(undated) == 1 else "do"
        found.append(
            AnswerNotice(
                kind=Notice.UNDATED,
                text=f"{_named(undated)} {says} not say when the guidance was last updated. Check the page before you rely"
                " on it.",
                sources=tuple(source.number for source in undated),
            )
        )
    return tuple(found)


def rewritten(standalone_question: str) -> AnswerNotice:
    """Tells the reader what was searched for in place of what they typed."""
    return AnswerNotice(
        kind=Notice.REWRITTEN, text=f"Your question was read together with the conversation: “{standalone_question}”"
    )


def _not_current(source: Source) -> AnswerNotice:
    kind = Notice.WITHDRAWN if "withdrawn" in source.notice.lower() else Notice.SUPERSEDED
    return AnswerNotice(
        kind=kind, text=f"{_named([source])} is not current guidance. {source.notice}", sources=(source.number,)
    )


def _named(sources: Sequence[Source]) -> str:
    numbers = [str(source.number) for source in sources]
    if len(numbers) == 1:
        return f"Source {numbers[0]}"
    return f"Sources {', '.join(numbers[:-1])} and {numbers[-1]}"


def _day(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"

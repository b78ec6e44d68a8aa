"""What the reader must know beside an answer: that guidance is withdrawn, replaced, old or undated.

Pure; knows nothing of how sources were chosen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.answer.model import AnswerNotice, Notice, Source

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
    own = [source for source in sources if source.document_type == OWN_NOTE]
    if own:
        are = "is a summary written for Bernard" if len(own) == 1 else "are summaries written for Bernard"
        found.append(
            AnswerNotice(
                kind=Notice.SUMMARY,
                text=f"{_named(own)} {are}, not the official text. The official page that it links to decides."
                if len(own) == 1
                else f"{_named(own)} {are}, not the official text. The official pages that they link to decide.",
                sources=tuple(source.number for source in own),
            )
        )
    cut = [source for source in sources if source.number in set(partial)]
    if cut:
        found.append(
            AnswerNotice(
                kind=Notice.PARTIAL,
                text=f"A list in {_named(cut).lower()} is quoted in part. Read it whole before you rely on it.",
                sources=tuple(source.number for source in cut),
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

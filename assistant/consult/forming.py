"""Forms candidate themes: statements that say much the same are grouped, and each group gets a title and the reasons for it.

Knows nothing of what analysts decide afterwards, or of where anything is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answer import LanguageModel
from assistant.consult import clusters, naming
from assistant.consult.model import Theme, ThemeStatus
from assistant.consult.personal import masked
from assistant.consult.question_read import QuestionRead
from assistant.consult.stances import gives_no_reason
from assistant.consult.written_names import Replies, Shown, Verify, Writing, WrittenName, write_names

if TYPE_CHECKING:
    from assistant.index import Vectors

Progress = Callable[[str, int, int], None]
Embed = Callable[[Sequence[str]], "Vectors"]
_LARGEST_HEAD = 10
_NAMED_FROM = 400
"""Statements of a group that its title is composed from, the most central ones."""


@dataclass(frozen=True, slots=True)
class TitleWriter:
    """A language model that writes titles, what checks them, and the replies it gave before."""

    model: LanguageModel
    verify: Verify
    replies: Replies


def grouped(
    question: QuestionRead, whole: Vectors, vectors: Vectors, *, number: int | None, seed: int, progress: Progress | None
) -> tuple[clusters.Grouping, int]:
    """Groups of the statements that give a reason.

    Args:
        question: Whose statements.
        whole: Vectors of the answered responses, in order.
        vectors: Those of the statements, in order.
        number: How many groups; None takes the most stable number.
        seed: Of the resamples.
        progress: Told what is done, how much and of how much.

    Returns:
        The groups, whose members are places of statements; and how many statements were grouped.
    """
    reasoned = [at for at, one in enumerate(question.statements) if not gives_no_reason(question.words(one))]
    owners = [question.statements[at].response for at in reasoned]
    row = {place: at for at, place in enumerate(question.answers.answered)}
    in_context = clusters.in_context(vectors[reasoned], whole, [row[place] for place in owners])
    found = clusters.group(in_context, owners, number=number, seed=seed, progress=progress)
    groups = tuple(replace(one, members=tuple(reasoned[at] for at in one.members)) for one in found.groups)
    return replace(found, groups=groups), len(reasoned)


def candidates(
    question: QuestionRead,
    groups: Sequence[clusters.Group],
    embed: Embed,
    *,
    first: int,
    writer: TitleWriter | None,
    progress: Progress | None,
) -> tuple[tuple[Theme, ...], Writing | None]:
    """A candidate theme of each group, and how a language model fared that was asked for titles.

    Args:
        question: Whose statements the groups are of.
        groups: The largest first.
        embed: Makes vectors.
        first: Number of the first theme's id.
        writer: Writes titles; None where they are composed from the statements.
        progress: Told what is done, how much and of how much.
    """
    if not groups:
        return (), None
    if progress:
        progress("Naming themes", 0, len(groups))
    centres = np.stack([one.centre for one in groups])
    texts = [[masked(question.words(question.statements[at])) for at in one.members[:_NAMED_FROM]] for one in groups]
    named = naming.names(texts, centres, embed, asked=question.text)
    written, writing = [WrittenName(name) for name in named], None
    if writer is not None:
        written, writing = _written(question, groups, named, writer, centres=centres, embed=embed, progress=progress)
        named = [one.name for one in written]
    head = clusters.heads(centres, most=_LARGEST_HEAD)
    title_of = {int(number): named[at].title for at, number in reversed(list(enumerate(head)))}
    themes = tuple(
        Theme(
            id=f"T{first + at}",
            title=name.name.title,
            description=name.name.description,
            status=ThemeStatus.CANDIDATE,
            head=title_of[int(head[at])],
            exemplars=one.members,
            reasons=tuple(_reasons(question, one, name, writer.model.name if writer else "")),
            comes_back=None if one.is_minority else round(one.comes_back, 3),
            is_minority=one.is_minority,
        )
        for at, (one, name) in enumerate(zip(groups, written, strict=True))
    )
    if progress:
        progress("Naming themes", len(themes), len(themes))
    return themes, writing


def _reasons(question: QuestionRead, group: clusters.Group, name: WrittenName, model: str) -> Iterator[str]:
    """Why a theme was formed and called so, in sentences."""
    responses = len({question.statements[place].response for place in group.members})
    yield f"{len(group.members):,} statements from {responses:,} responses say much the same."
    yield f"What sets them apart from other themes: {', '.join(name.name.phrases) or 'no single word'}."
    if group.is_minority:
        yield "They are few and fit no larger theme; they are kept apart so that they are not swept away."
    else:
        yield f"It came back in {group.comes_back:.0%} of {clusters.RESAMPLES} runs on four fifths of the statements."
    if name.quotes:
        on = "; ".join(f"“{words}” ({respondent})" for respondent, words in name.quotes)
        yield f"Its title was written by {model} and rests on these words: {on}."
    elif name.withheld is not None:
        yield f"A title by a language model was withheld: {name.withheld}."


def _written(
    question: QuestionRead,
    groups: Sequence[clusters.Group],
    named: Sequence[naming.Name],
    writer: TitleWriter,
    *,
    centres: Vectors,
    embed: Embed,
    progress: Progress | None,
) -> tuple[list[WrittenName], Writing]:
    """Names by a language model; personal data is masked in all it is given."""
    said = [[question.statements[place] for place in one.members] for one in groups]
    responses = question.answers.responses
    shown = [
        [Shown(one.response, responses[one.response].id, masked(question.words(one))) for one in members] for members in said
    ]
    found, writing = write_names(
        writer.model,
        shown,
        named,
        centres=centres,
        embed=embed,
        verify=writer.verify,
        asked=question.text,
        replies=writer.replies,
        progress=progress,
    )
    return list(found), writing

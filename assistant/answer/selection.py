"""Picks the blocks to quote and puts them in an order that reads as an answer.

The likeliest blocks are kept, then completed: a lead-in gets an item, an exception that follows comes along. Repetition is
left out. Knows nothing of how likelihoods are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answer.conflicts import Statement, disagree
from assistant.answer.evidence import Candidate, Vector, qualifies
from assistant.answer.expected import NOTHING, Wanted, holds, under
from assistant.answer.nations import nations_covered
from assistant.search import not_current, resemblance, shingles

_REPEATED = 0.7  # resemblance of three-word runs from which two blocks say the same
_MOST_CONTRARY = 2  # blocks of other documents that disagree with what is quoted
_SHORT_LIST = 4  # items or rows that a lead-in or column headings bring along whole


@dataclass(frozen=True, slots=True)
class Limits:
    """How much to quote; see `weighing.Weights`."""

    keep_from: float
    keep_least: float
    max_blocks: int


def select(blocks: Sequence[Candidate], likely: Vector, limits: Limits, *, wanted: Wanted = NOTHING) -> list[int]:
    """Positions in `blocks` of what to quote, in reading order: the most direct first, current before old guidance.

    Args:
        blocks: Passage by passage, in reading order within each.
        likely: Probability of each to be evidence; shape `(len(blocks),)`.
        limits: How much to quote.
        wanted: The kind of fact the question asks for.
    """
    order = sorted(range(len(blocks)), key=lambda position: (-likely[position], position))
    floor = max(limits.keep_least, limits.keep_from * likely[order[0]])
    chosen: list[int] = []
    for position in order:
        if chosen and likely[position] < floor:
            break
        if position in chosen or any(_same(blocks[position], blocks[other]) for other in chosen):
            continue
        together = [
            other
            for other in dict.fromkeys([position, *_completes(blocks, likely, position, chosen)])
            if other not in chosen
        ]
        if not chosen or len(chosen) + len(together) <= limits.max_blocks:
            chosen += together[: limits.max_blocks]
    chosen += _with_fact(blocks, likely, chosen, wanted)[: max(0, limits.max_blocks - len(chosen))]
    chosen += _contrary(blocks, likely, chosen)
    return _in_order(blocks, likely, [position for position in chosen if not _is_bare(blocks, position, chosen)] or chosen)


def _is_bare(blocks: Sequence[Candidate], position: int, chosen: Sequence[int]) -> bool:
    """Whether a block only leads into what is not quoted: "These do not count:" misleads more than it says."""
    block = blocks[position]
    if not block.text.rstrip().endswith(":"):
        return False
    others = (blocks[other] for other in chosen if other != position)
    return not any(other.document is block.document and other.span.introduced_by == block.span.block for other in others)


def _contrary(blocks: Sequence[Candidate], likely: Vector, chosen: Sequence[int]) -> list[int]:
    """Blocks of other current documents that say the same but for a figure or a duty: the reader must see both."""
    quoted = [blocks[position] for position in chosen if not not_current(blocks[position].document)]
    found = [
        position
        for position, block in enumerate(blocks)
        if position not in chosen and not not_current(block.document)
        if any(other.document.url != block.document.url and _disagree(other, block) for other in quoted)
    ]
    return sorted(found, key=lambda position: (-likely[position], position))[:_MOST_CONTRARY]


def _same(first: Candidate, second: Candidate) -> bool:
    if first.text.casefold() == second.text.casefold() and first.lead_in.casefold() == second.lead_in.casefold():
        return True
    if first.rank == second.rank:
        return False  # neighbours in one list may differ in a word that matters
    alike = resemblance(shingles(first.text, 3), shingles(second.text, 3)) >= _REPEATED
    return alike and not _disagree(first, second)


def _disagree(first: Candidate, second: Candidate) -> bool:
    return disagree(_statement(first), _statement(second))


def _statement(block: Candidate) -> Statement:
    document = block.document
    nations = nations_covered(document.extent, (document.title, *block.passage.headings), block.passage.text)
    return Statement(0, document.url, block.text, nations)


def _completes(blocks: Sequence[Candidate], likely: Vector, position: int, chosen: Sequence[int]) -> list[int]:
    """What a chosen block cannot be read without: items for a lead-in, rows for column headings, an exception."""
    block = blocks[position]
    following = [other for other in range(position + 1, len(blocks)) if blocks[other].rank == block.rank]
    introduced = [other for other in following if blocks[other].span.introduced_by == block.span.block]
    if introduced and not set(introduced) & set(chosen):
        best = sorted(introduced, key=lambda other: -likely[other])[:1]
        wanted = introduced if len(introduced) <= _SHORT_LIST else best
        return [found for other in wanted for found in (other, *_completes(blocks, likely, other, chosen))]
    if following and following[0] not in chosen and qualifies(blocks[following[0]].text):
        return [following[0]]
    return []


def _with_fact(blocks: Sequence[Candidate], likely: Vector, chosen: Sequence[int], wanted: Wanted) -> list[int]:
    """Blocks of the best page with the kind of fact asked for, when it is not quoted yet: a "how long" wants a time.

    One under a heading that names such facts comes first; without, any that holds one will do.
    """
    page = blocks[chosen[0]].document
    holding = [n for n, block in enumerate(blocks) if block.document is page and holds(block.text, wanted)]
    holding.sort(key=lambda n: (-likely[n], n))
    named = [n for n in holding if under(blocks[n].passage.headings, wanted)]
    if named:
        return [] if set(named) & set(chosen) else named[:1]
    return [] if set(holding) & set(chosen) else holding[:2]


def _in_order(blocks: Sequence[Candidate], likely: Vector, chosen: Sequence[int]) -> list[int]:
    best = {
        rank: max(likely[other] for other in chosen if blocks[other].rank == rank)
        for rank in {blocks[c].rank for c in chosen}
    }
    return sorted(
        chosen,
        key=lambda position: (
            not_current(blocks[position].document),
            -best[blocks[position].rank],
            blocks[position].rank,
            position,
        ),
    )

"""Draws together what a report says of one question: numbers, themes with quotes, differences, and what was left out.

Every number here can be traced to responses, whose places are kept beside it. Knows nothing of how a report looks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.consult.agreement import Agreement, f1
from assistant.consult.breakdown import Difference, Share, differences, share
from assistant.consult.edits import Edit
from assistant.consult.mapping import Mapped
from assistant.consult.model import Assignment, Campaign, State, Theme
from assistant.consult.open_question import Formation, OpenQuestion
from assistant.consult.personal import marks, masked, masked_value
from assistant.consult.stances import Position, is_evidence_rich
from assistant.consult.written_names import Writing

_FEWEST_QUOTES, _MOST_QUOTES = 3, 5
_FEWEST_WORDS = 4
_ALIKE, _SAME = 0.8, 0.97
"""Two quotes nearer than this (cosine) say the same."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of a response, but for personal data.

    Attributes:
        place: Place of the response.
        id: The respondent's identifier.
        words: As they are shown.
        start: First character in the response's text.
        end: One past the last.
    """

    place: int
    id: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """What is reported of a theme.

    Attributes:
        theme: The theme itself.
        responses: Places of the responses put to it.
        all: Share of the answered responses.
        without_campaigns: The same, each campaign counted once.
        positions: How many of its responses agree, disagree or do neither.
        evidence: How many of them bring evidence.
        quotes: Typical of it and different from each other.
        differences: Groups of respondents in which it is more or less frequent than chance allows.
    """

    theme: Theme
    responses: tuple[int, ...]
    all: Share
    without_campaigns: Share
    positions: Mapping[Position, int]
    evidence: int
    quotes: tuple[Quote, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What is reported of a question.

    Attributes:
        name: Of the consultation.
        file: The responses came from.
        question: Its text.
        masked: Personal data is masked in all that is shown.
        states: Rows of the file by what became of them; they add up to all rows.
        long: Identifiers of over-long answers.
        set_aside: Identifiers of answers that were not analysed, by why.
        campaigns: Groups with nearly the same words.
        answered: Responses analysed.
        answered_once: The same, each campaign counted once.
        themes: The most frequent first.
        other: Identifiers of responses in no theme.
        no_reason: Identifiers of responses that take a side and say no more.
        positions: Of all answered responses.
        stands: Position by place, of the answered responses.
        agreement_asked: The closed question about agreement that they come from; None where there is none.
        compared: How many comparisons of groups were made.
        breakdown: All of them.
        formation: How the candidate themes were formed; None where an analyst gave them.
        personal: How many pieces of personal data were found.
        problems: What was wrong with rows of the file, in words.
        history: What analysts did.
        signed: Who signed.
        is_final: Themes are approved; else the candidates are reported.
        agreement: Agreement with the analyst on responses reviewed blind and then learnt from, in order.
        blind: Agreement on the blind sample after each correction, the last being how things stand.
        formed: How themes were formed, in words.
        edits_undone: Numbers of edits that were undone.
    """

    name: str
    file: str
    question: str
    masked: bool
    states: Mapping[State, int]
    long: tuple[str, ...]
    set_aside: Mapping[State, tuple[str, ...]]
    campaigns: tuple[Campaign, ...]
    answered: int
    answered_once: int
    themes: tuple[ThemeSummary, ...]
    other: tuple[str, ...]
    no_reason: tuple[str, ...]
    positions: Mapping[Position, int]
    stands: Mapping[int, Position]
    agreement_asked: str | None
    compared: int
    breakdown: tuple[Difference, ...]
    formation: Formation | None
    personal: int
    problems: tuple[str, ...]
    history: tuple[Edit, ...]
    signed: tuple[Edit, ...]
    is_final: bool
    agreement: tuple[float, ...]
    blind: tuple[Agreement, ...]
    formed: str
    edits_undone: frozenset[int]

    @property
    def positions_from(self) -> str:
        """Where the positions come from, as every report says it."""
        if self.agreement_asked:
            return f"Positions come from the answers to “{self.agreement_asked}”."
        return "No closed question asks for agreement, so positions come from respondents’ own words: most are unclear."

    @property
    def standing(self) -> str:
        """Whether somebody stands for the themes, as every report says it."""
        if self.signed:
            names = " and ".join(f"{edit.who} on {edit.when:%d %B %Y}" for edit in self.signed)
            return f"Themes approved and signed by {names}."
        if self.is_final:
            return "Draft: themes are approved by an analyst, and nobody has signed them yet."
        return "Draft: these are candidate themes that no analyst has approved. Do not publish them."


def summarise(question: OpenQuestion, *, name: str, file: str, problems: Sequence[str] = (), mask: bool = True) -> Summary:
    """Everything to be reported of a question as it stands now."""
    standing, mapped, answers = question.standing, question.mapped(), question.answers
    responses = answers.responses
    once = set(answers.answered) - {place for one in question.campaigns for place in one.members[1:]}
    by_theme: dict[str, list[Assignment]] = {theme.id: [] for theme in standing.mapped}
    for assignment in mapped.assignments:
        by_theme[assignment.theme].append(assignment)
    members = {theme: {one.response for one in found} for theme, found in by_theme.items()}
    attributes = [
        {name: masked_value(value) if mask else value for name, value in one.attributes.items()} if place in once else {}
        for place, one in enumerate(responses)
    ]
    # A campaign's responses are not independent of one another, as the test takes them to be: each campaign counts once.
    compared = differences({theme: found & once for theme, found in members.items()}, attributes)
    stands = question.positions()
    rich = {place for place in answers.answered if is_evidence_rich(responses[place].text)}
    vectors = question.embed()[1]
    themes = [
        ThemeSummary(
            theme=theme,
            responses=tuple(sorted(members[theme.id])),
            all=share(len(members[theme.id]), len(answers.answered)),
            without_campaigns=share(len(members[theme.id] & once), len(once)),
            positions=_counted(stands, members[theme.id]),
            evidence=len(members[theme.id] & rich),
            quotes=_quotes(question, by_theme[theme.id], vectors, once, mask=mask),
            differences=tuple(one for one in compared if one.theme == theme.id and one.is_real),
        )
        for theme in standing.mapped
    ]
    themes.sort(key=lambda one: (-one.all.count, one.theme.id))
    edits = question.edits
    return Summary(
        name=name,
        file=file,
        question=question.text,
        masked=mask,
        states=answers.counts(),
        long=tuple(one.id for one in responses if one.is_long),
        set_aside={
            state: tuple(one.id for one in responses if one.state is state) for state in State if state is not State.ANSWERED
        },
        campaigns=question.campaigns,
        answered=len(answers.answered),
        answered_once=len(once),
        themes=tuple(themes),
        other=tuple(responses[place].id for place in mapped.other),
        no_reason=tuple(responses[place].id for place in unmapped(question, mapped)),
        positions=_counted(stands, set(stands)),
        stands=stands,
        agreement_asked=question.agreement_asked,
        compared=len(compared),
        breakdown=compared,
        formation=question.formation,
        personal=sum(len(marks(responses[place].text)) for place in answers.answered),
        problems=tuple(problems),
        history=edits,
        signed=standing.signed,
        is_final=bool(standing.approved),
        agreement=agreement(edits),
        blind=question.agreement_history(),
        formed=_formed(question),
        edits_undone=standing.undone,
    )


def unmapped(question: OpenQuestion, mapped: Mapped) -> tuple[int, ...]:
    """Places of the responses that give no reason and that no analyst put to a theme."""
    seen = {one.response for one in mapped.assignments} | set(mapped.other)
    return tuple(place for place in question.answers.answered if place not in seen)


def agreement(edits: Sequence[Edit]) -> tuple[float, ...]:
    """F1 of the machine's themes against the analyst's, for each response reviewed blind, in order.

    Those to which neither gave a theme are left out, as in the blind sample.
    """
    found = []
    for edit in edits:
        if edit.data.get("blind"):
            value = f1(set(edit.data["machine"]), set(edit.data["themes"]))
            found.append(value)
    return tuple(value for value in found if not math.isnan(value))


def agreed(summary: Summary) -> str:
    """How far an analyst agrees with where responses were put, in a sentence or two."""
    last = summary.blind[-1] if summary.blind else None
    if last is not None and last.labelled:
        interval = "" if math.isnan(last.low) else f" (95 % interval {last.low:.2f} to {last.high:.2f})"
        first = summary.blind[0]
        grew = (
            f" Before the first of {last.corrections:,} corrected responses it was {first.f1:.2f}."
            if last.corrections > first.corrections == 0 and first.labelled
            else ""
        )
        without = f", over the {last.labelled:,} to which either gave a theme," if last.without else ""
        return (
            f"An analyst labelled {last.labelled + last.without:,} responses, drawn at random, without seeing where the "
            f"machine had put them; they were not learnt from. The mean agreement (F1){without} is "
            f"{last.f1:.2f}{interval}.{grew}"
        )
    if summary.agreement:
        mean = sum(summary.agreement) / len(summary.agreement)
        return (
            f"An analyst reviewed {len(summary.agreement):,} responses without seeing where the machine had put them; the "
            f"mean agreement (F1) is {mean:.2f}. They were not drawn at random, so that it may not hold for the others."
        )
    return "No response was labelled blind, so it is not known how far an analyst would agree with where responses are put."


def _counted(stands: Mapping[int, Position], places: set[int]) -> dict[Position, int]:
    return {one: sum(stands[place] is one for place in places if place in stands) for one in Position}


def _quotes(
    question: OpenQuestion, assigned: Sequence[Assignment], vectors: np.ndarray, once: set[int], *, mask: bool
) -> tuple[Quote, ...]:
    """Three to five that are near the middle of what was put to the theme, each unlike those before it."""
    place_of = {(one.response, one.start): at for at, one in enumerate(question.statements)}
    known = [one for one in assigned if (one.response, one.start) in place_of]
    found = [one for one in known if one.response in once] or known
    if not found:
        return ()
    own = vectors[[place_of[one.response, one.start] for one in found]]
    near = own @ own.mean(axis=0)
    ordered = sorted(range(len(found)), key=lambda at: (-float(near[at]) * found[at].confidence, at))
    words = [question.words(question.statements[place_of[one.response, one.start]]) for one in found]
    chosen: list[int] = []
    # Where too few are unlike each other, those are taken that are not in the very same words.
    for most, alike in ((_MOST_QUOTES, _ALIKE), (_FEWEST_QUOTES, _SAME)):
        for at in ordered:
            if len(chosen) >= most:
                break
            if len(words[at].split()) >= _FEWEST_WORDS and not any(
                float(own[at] @ own[other]) > alike or found[at].response == found[other].response for other in chosen
            ):
                chosen.append(at)
    return tuple(_quote(question, found[at], mask=mask) for at in chosen or [0])


def _quote(question: OpenQuestion, one: Assignment, *, mask: bool) -> Quote:
    response = question.answers.responses[one.response]
    words = masked(response.text, start=one.start, end=one.end) if mask else response.text[one.start : one.end]
    return Quote(one.response, response.id, words, one.start, one.end)


def _formed(question: OpenQuestion) -> str:
    formation = question.formation
    if formation is None:
        return "An analyst gave the themes; none was formed from the responses."
    number = "as an analyst asked" if formation.was_set else "the most stable number of those tried"
    return (
        f"{formation.statements:,} statements were grouped by meaning (Ward's method on the vectors of "
        f"{formation.model}) into "
        f"{formation.chosen} groups, {number}. Groups that hold too few were left to “other”, and small ones that fit "
        f"no group "
        "were kept apart as minority views."
        f"{_written(formation.written)}"
    )


def _written(writing: Writing | None) -> str:
    """How a language model fared that was asked for titles."""
    if writing is None:
        return " Titles and descriptions are words of the statements themselves; no language model was used."
    why = "; ".join(f"{number:,}: {reason}" for reason, number in writing.withheld.items())
    counted = "as the provider counted" if writing.is_told else "estimated"
    price = f", £{writing.pounds:.2f}" if writing.pounds else ""
    return (
        f" {writing.model} was asked to name {writing.asked:,} groups; it chose neither groups nor responses. "
        f"{writing.kept:,} of its titles were taken, which rest on words found in different responses. "
        f"{sum(writing.withheld.values()):,} were withheld{f' ({why})' if why else ''}; there the title is words of a "
        f"statement. {writing.dropped:,} sentences of descriptions were left out that the statements do not bear out. "
        f"It took {writing.read:,} tokens read and {writing.written:,} written ({counted}{price})."
        + (f" It was asked no further, because: {writing.failed}" if writing.failed else "")
    )

"""What analysts do to themes, as a list of edits that is only ever added to, and the themes as they stand after them.

Undoing is an edit as well: what it undoes stays in the list. Two analysts lose nothing, since an edit names the version of
each theme that its author saw, and is refused when another has changed that theme since. Pure functions.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from assistant.consult.agreement import BlindLabel
from assistant.consult.mapping import Corrections
from assistant.consult.model import Theme, ThemeStatus
from assistant.consult.personal import masked
from assistant.errors import InputError


class EditConflict(InputError):
    """Another analyst changed the same theme in the meantime; nothing was changed."""


class EditKind(StrEnum):
    """What was done."""

    PROPOSED = "proposed"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    ADDED = "added"
    APPROVED = "approved"
    REJECTED = "rejected"
    MARKED = "marked"
    REVIEWED = "reviewed"
    SAMPLED = "sampled"
    LABELLED = "labelled"
    UNDONE = "undone"
    SIGNED = "signed"


WITH, ALSO = "with", "also"
"""In the data of an edit: the first edit of the action it is part of; and of an undoing, the other edits that it undoes."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing done. What an analyst does at a stroke may be several: an action, which stands or is undone as one.

    Attributes:
        number: From 1, in the order in which they were done.
        who: Name of the analyst.
        when: With its time zone.
        kind: What was done.
        data: To what; see the functions below that read it.
    """

    number: int
    who: str
    when: dt.datetime
    kind: EditKind
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand after all edits.

    Attributes:
        themes: By id, in the order in which they came to be; rejected and merged ones are kept apart.
        rejected: Themes that were rejected, by id.
        corrections: What analysts said of single responses.
        undone: Numbers of the edits that no longer count.
        signed: Who signed the themes, and when; empty once anything was changed after that.
        sample: Places of the responses of the blind sample, in the order in which they were drawn.
        blind: What analysts said of them, by place; never learnt from.
    """

    themes: Mapping[str, Theme] = field(default_factory=dict)
    rejected: Mapping[str, Theme] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=Corrections)
    undone: frozenset[int] = frozenset()
    signed: tuple[Edit, ...] = ()
    sample: tuple[int, ...] = ()
    blind: Mapping[int, BlindLabel] = field(default_factory=dict)

    @property
    def approved(self) -> tuple[Theme, ...]:
        """The themes an analyst approved."""
        return tuple(theme for theme in self.themes.values() if theme.status is ThemeStatus.APPROVED)

    @property
    def mapped(self) -> tuple[Theme, ...]:
        """The themes that responses are put to: those approved, or while there are none, all candidates."""
        return self.approved or tuple(self.themes.values())


def stand(edits: Sequence[Edit]) -> Standing:
    """The themes after these edits.

    Raises:
        InputError: An edit speaks of a theme that is not there.
    """
    return finished(folded(edits))


@dataclass(frozen=True, slots=True)
class Folded:
    """Edits with what they come to, so that those that follow need not go through them again."""

    edits: tuple[Edit, ...]
    standing: Standing


def folded(edits: Sequence[Edit], known: Folded | None = None) -> Folded:
    """What edits come to, one after another; goes on from `known` where they are the same objects and more.

    Raises:
        InputError: An edit speaks of a theme that is not there.
    """
    before = known.edits if known else ()
    more = edits[len(before) :]
    goes_on = len(before) <= len(edits) and all(one is other for one, other in zip(before, edits, strict=False))
    if known and goes_on and not any(one.kind is EditKind.UNDONE for one in more):
        standing = known.standing
    else:
        standing, more = Standing(undone=undone_by(edits)), edits
    for edit in more:
        if edit.number not in standing.undone and edit.kind is not EditKind.UNDONE:
            standing = _after(standing, edit)
        elif edit.kind is EditKind.UNDONE:
            standing = replace(standing, signed=())
    return Folded(tuple(edits), standing)


def finished(found: Folded) -> Standing:
    """How things stand, with what only all edits together tell."""
    standing, changes = found.standing, _changes(found.edits)
    themes = {name: replace(theme, version=theme.version + changes[name]) for name, theme in standing.themes.items()}
    there = themes.keys() | standing.rejected.keys()
    return replace(standing, themes=themes, corrections=_still_telling(standing.corrections, themes.keys(), there))


def _changes(edits: Sequence[Edit]) -> Counter[str]:
    """How often each theme was changed, undoing counted as well: what was changed back is not what somebody saw before."""
    by_number = {edit.number: touched(edit) for edit in edits}
    return Counter(
        theme
        for edit in edits
        for theme in (
            set().union(*(by_number[number] for number in undone_by([edit])))
            if edit.kind is EditKind.UNDONE
            else by_number[edit.number]
        )
    )


def _still_telling(said: Corrections, themes: Set[str], there: Set[str]) -> Corrections:
    """A review among themes that are all gone, or of one that came and was undone, tells nothing of those that there are.

    Whoever rejected a theme has seen it, so a review that names it still tells.
    """
    lost = {place for place, among in said.among.items() if not among & themes}
    lost |= {place for (place, theme), applies in said.marks.items() if applies and theme not in there}
    among = {place: names for place, names in said.among.items() if place not in lost}
    return replace(said, reviewed=said.reviewed - lost, among=among)


def undone_by(edits: Sequence[Edit]) -> frozenset[int]:
    """Numbers of the edits that were undone."""
    undoings = [edit.data for edit in edits if edit.kind is EditKind.UNDONE]
    return frozenset(int(number) for data in undoings for number in (data["edit"], *data.get(ALSO, ())))


def check_seen(edits: Sequence[Edit], standing: Standing, seen: Mapping[str, int]) -> None:
    """Refuse an edit whose author saw an older version of a theme it changes.

    Args:
        edits: So far.
        standing: How things stand after them.
        seen: Version of each theme that the author saw.

    Raises:
        EditConflict: Another edit came between; it is named.
    """
    for theme, version in seen.items():
        now = standing.themes.get(theme)
        if now is not None and now.version == version:
            continue
        last = next((edit for edit in reversed(edits) if theme in touched(edit)), None)
        by = f"{last.who} {last.kind} it at {last.when:%H:%M on %d %B %Y}" if last else "it is gone"
        raise EditConflict(
            f"Nothing was changed: since you looked at theme {theme}, {by}. Look at it again, and then decide."
        )


def last_said(edits: Sequence[Edit], response: int) -> int:
    """Number of the last edit that says something of a response, or undoes one that did; 0 for none."""
    of = {edit.number for edit in edits if edit.data.get("response") == response}
    undoings = {
        edit.number for edit in edits if edit.kind is EditKind.UNDONE and of & {edit.data["edit"], *edit.data.get(ALSO, ())}
    }
    return max(of | undoings, default=0)


def check_said(edits: Sequence[Edit], response: int, seen: int) -> None:
    """Refuse an edit of a response of which another has said something that its author did not see.

    Raises:
        EditConflict: It is named.
    """
    if (last := last_said(edits, response)) > seen:
        raise EditConflict(f"Nothing was changed: since you looked at this response, {_told(edits[last - 1])}.")


def check_latest(edits: Sequence[Edit], seen: int) -> None:
    """Refuse what speaks for everything when something was changed that its author did not see.

    Raises:
        EditConflict: The last edit is named.
    """
    if edits and edits[-1].number > seen:
        count = edits[-1].number - seen
        many = "" if count == 1 else f", and {count - 1:,} more before that"
        raise EditConflict(f"Nothing was signed: since you looked, {_told(edits[-1])}{many}. Look again, and then sign.")


def _told(edit: Edit) -> str:
    return f"{edit.who} {describe(edit)} at {edit.when:%H:%M on %d %B %Y}"


def undo(edits: Sequence[Edit], number: int) -> dict[str, Any]:
    """Check that an edit can be undone, with all others of its action.

    Returns:
        The data of the undoing.

    Raises:
        InputError: There is no such edit, it was undone before, or a later edit rests on it.
    """
    edit = next((one for one in edits if one.number == number), None)
    if edit is None or edit.kind is EditKind.UNDONE:
        raise InputError(f"There is no edit {number} to undo. The history lists them with their numbers.")
    if number in undone_by(edits):
        raise InputError(f"Edit {number} was undone before.")
    action = action_of(edits, number)
    others = [one.number for one in action[1:]]
    data: dict[str, Any] = {"edit": action[0].number, **({ALSO: others} if others else {})}
    trial = Edit(edits[-1].number + 1, "", edits[-1].when, EditKind.UNDONE, data)
    try:
        _check_splits([*edits, trial])
    except InputError:
        names = {name for one in action for name in _named(one)}
        later = next((one for one in reversed(edits) if one.number > action[-1].number and _named(one) & names), None)
        rests = f"edit {later.number}" if later else "the later edits"
        raise InputError(f"Edit {number} cannot be undone while a later one rests on it. Undo {rests} first.") from None
    return data


def _check_splits(edits: Sequence[Edit]) -> None:
    """Refuse what would leave a statement in two themes: split off what the other theme no longer took in.

    Raises:
        InputError: A theme that was split does not hold what was split off it, or one is not there.
    """
    undone = undone_by(edits)
    standing = Standing()
    for edit in edits:
        if edit.number in undone or edit.kind is EditKind.UNDONE:
            continue
        if edit.kind is EditKind.SPLIT:
            old = _theme(standing.themes, edit.data["theme"])
            if not set(edit.data["statements"]) <= set(old.exemplars):
                raise InputError(f"Theme {old.id} does not hold what was split off it.")
        standing = _after(standing, edit)


def action_of(edits: Sequence[Edit], number: int) -> tuple[Edit, ...]:
    """The edits that were done at a stroke with one of them, in order; none where there is no such edit."""
    edit = next((one for one in edits if one.number == number), None)
    first = edit.data.get(WITH, number) if edit else None
    return tuple(one for one in edits if first is not None and first in (one.number, one.data.get(WITH)))


def _named(edit: Edit) -> set[str]:
    """Ids of the themes that an edit changes, makes or speaks of."""
    names = touched(edit) | {str(edit.data[name]) for name in ("new", "theme") if edit.data.get(name)}
    return names | {str(one["id"]) for one in edit.data.get("themes", ()) if isinstance(one, dict)}


def next_theme_id(edits: Sequence[Edit]) -> str:
    """An id that no theme has or had: a "T" and a number."""
    ids = [str(one["id"]) for edit in edits for one in edit.data.get("themes", []) if isinstance(one, dict)]
    ids += [str(edit.data.get(name, "")) for edit in edits for name in ("new", "theme")]
    return f"T{max((int(one[1:]) for one in ids if re.fullmatch(r'T[0-9]+', one)), default=0) + 1}"


def touched(edit: Edit) -> set[str]:
    """Ids of the themes that an edit changes."""
    names = {str(edit.data[name]) for name in ("theme", "into", "new") if edit.data.get(name)}
    names |= {str(one) for one in edit.data.get("themes", ()) if isinstance(one, str)}
    return names if edit.kind not in (EditKind.MARKED, EditKind.REVIEWED, EditKind.LABELLED) else set()


def merged(edits: Sequence[Edit]) -> dict[str, str]:
    """The theme that each merged theme is in now."""
    undone = undone_by(edits)
    into: dict[str, str] = {}
    for edit in edits:
        if edit.kind is EditKind.MERGED and edit.number not in undone:
            now = str(edit.data["into"])
            into |= {str(one): now for one in edit.data["themes"] if one != now}
            into |= {old: now for old, new in into.items() if new in edit.data["themes"]}
    return into


def describe(edit: Edit) -> str:
    """An edit in words, for the history; one that is part of an action says of which."""
    part = f" (together with edit {edit.data[WITH]})" if WITH in edit.data else ""
    return f"{_described(edit)}{part}"


def _described(edit: Edit) -> str:
    data = edit.data
    match edit.kind:
        case EditKind.PROPOSED:
            asked = f", as {data['asked_by']} asked" if data.get("asked_by") else ""
            return f"{len(data['themes'])} candidate themes were formed from the responses{asked}"
        case EditKind.RENAMED:
            return f"renamed theme {data['theme']} to “{data['title']}”"
        case EditKind.MERGED:
            return f"merged themes {', '.join(data['themes'])} into {data['into']}"
        case EditKind.SPLIT:
            return f"split “{data['title']}” off theme {data['theme']} as {data['new']}"
        case EditKind.ADDED:
            return f"added theme {data['theme']}, “{data['title']}”"
        case EditKind.MARKED:
            bears = "bears" if data["applies"] else "does not bear"
            return f"said that response {masked(data['id'])} {bears} out theme {data['theme']}"
        case EditKind.REVIEWED:
            return f"set the themes of response {masked(data['id'])} to {', '.join(data['themes']) or 'none'}"
        case EditKind.SAMPLED:
            return f"drew {len(data['responses'])} responses for the blind sample"
        case EditKind.LABELLED:
            return f"labelled response {masked(data['id'])} blind: {', '.join(data['themes']) or 'no theme'}"
        case EditKind.UNDONE:
            return f"undid edits {data['edit']} to {data[ALSO][-1]}" if data.get(ALSO) else f"undid edit {data['edit']}"
        case EditKind.SIGNED:
            return "signed the themes"
        case _:
            return f"{edit.kind} theme {data['theme']}"


def _after(standing: Standing, edit: Edit) -> Standing:
    themes, data = dict(standing.themes), edit.data
    rejected, corrections = dict(standing.rejected), standing.corrections
    sample, blind = standing.sample, dict(standing.blind)
    signed: tuple[Edit, ...] = ()
    match edit.kind:
        case EditKind.PROPOSED:
            themes = {key: theme for key, theme in themes.items() if theme.status is ThemeStatus.APPROVED}
            themes |= {one["id"]: theme_of(one) for one in data["themes"]}
        case EditKind.RENAMED:
            theme = _theme(themes, data["theme"])
            themes[theme.id] = replace(theme, title=data["title"], description=data["description"])
        case EditKind.MERGED:
            into = _theme(themes, data["into"])
            others = [_theme(themes, one) for one in data["themes"] if one != into.id]
            exemplars = tuple(dict.fromkeys([*into.exemplars, *(place for one in others for place in one.exemplars)]))
            reasons = (*into.reasons, *(f"It takes in “{one.title}” ({one.id})." for one in others))
            themes[into.id] = replace(into, exemplars=exemplars, reasons=reasons)
            for one in others:
                del themes[one.id]
            gone = {one.id: into.id for one in others}
            marks: dict[tuple[int, str], bool] = {}
            for (place, key), says in corrections.marks.items():  # what bears out one of them bears out the whole
                merged_key = (place, gone.get(key, key))
                marks[merged_key] = says or marks.get(merged_key, False)
            whole = {into.id, *gone}
            among = {  # a response seen with only some of them has not been judged on the whole
                place: them - whole | ({into.id} if whole <= them else frozenset())
                for place, them in corrections.among.items()
            }
            corrections = replace(corrections, marks=marks, among=among)
            blind = {place: _moved(label, gone) for place, label in blind.items()}
        case EditKind.SPLIT:
            theme = _theme(themes, data["theme"])
            moved = set(data["statements"])
            themes[theme.id] = replace(theme, exemplars=tuple(place for place in theme.exemplars if place not in moved))
            new = Theme(data["new"], data["title"], data["description"], theme.status, theme.head, tuple(sorted(moved)))
            themes[new.id] = replace(new, reasons=(f"An analyst split it off “{theme.title}” ({theme.id}).",))
            # A label given before says nothing of which of the two applies.
            blind = {place: _without(label, theme.id) for place, label in blind.items()}
        case EditKind.ADDED:
            reasons = ("An analyst added it.",)
            themes[data["theme"]] = Theme(
                data["theme"], data["title"], data["description"], ThemeStatus.APPROVED, reasons=reasons
            )
        case EditKind.APPROVED:
            theme = _theme(themes, data["theme"])
            themes[theme.id] = replace(theme, status=ThemeStatus.APPROVED)
        case EditKind.REJECTED:
            theme = _theme(themes, data["theme"])
            rejected[theme.id] = replace(theme, status=ThemeStatus.REJECTED)
            del themes[theme.id]
        case EditKind.MARKED:
            marks = {**corrections.marks, (int(data["response"]), str(data["theme"])): bool(data["applies"])}
            corrections = replace(corrections, marks=marks)
            sample, blind = _seen(sample, blind, int(data["response"]))
        case EditKind.REVIEWED:
            place = int(data["response"])
            kept = {key: says for key, says in corrections.marks.items() if key[0] != place}
            marks = kept | {(place, str(one)): True for one in data["themes"]}
            offered = data.get("among") or [theme.id for theme in standing.mapped]
            among = {**corrections.among, place: frozenset([*offered, *map(str, data["themes"])])}
            corrections = Corrections(marks, corrections.reviewed | {place}, among)
            sample, blind = _seen(sample, blind, place)
        case EditKind.SAMPLED:
            sample = tuple(dict.fromkeys([*sample, *map(int, data["responses"])]))
        case EditKind.LABELLED:
            place = int(data["response"])
            if place not in sample:
                raise InputError(
                    f"Response {data['id']} is not in the blind sample, or was corrected by an analyst since, who saw what "
                    "the machine says. Label those that the sample lists."
                )
            blind[place] = BlindLabel(frozenset(data["themes"]), frozenset(data["among"]))
        case EditKind.SIGNED:
            signed = (*standing.signed, edit)
    return Standing(themes, rejected, corrections, standing.undone, signed, sample, blind)


def _moved(label: BlindLabel, gone: Mapping[str, str]) -> BlindLabel:
    return BlindLabel(
        frozenset(gone.get(one, one) for one in label.themes), frozenset(gone.get(one, one) for one in label.among)
    )


def _without(label: BlindLabel, theme: str) -> BlindLabel:
    return BlindLabel(label.themes - {theme}, label.among - {theme})


def _seen(
    sample: tuple[int, ...], blind: Mapping[int, BlindLabel], place: int
) -> tuple[tuple[int, ...], dict[int, BlindLabel]]:
    """A response that an analyst corrected is learnt from, and so leaves the sample."""
    return tuple(one for one in sample if one != place), {at: label for at, label in blind.items() if at != place}


def _theme(themes: Mapping[str, Theme], name: str) -> Theme:
    if name not in themes:
        known = ", ".join(themes) or "none"
        raise InputError(f"There is no theme {name}. The themes are {known}.")
    return themes[name]


def theme_of(record: Mapping[str, Any]) -> Theme:
    """A theme as `record_of` wrote it."""
    return Theme(
        **{
            **record,
            "status": ThemeStatus(record["status"]),
            "exemplars": tuple(record["exemplars"]),
            "reasons": tuple(record["reasons"]),
        }
    )


def record_of(theme: Theme) -> dict[str, Any]:
    """A theme as JSON can hold it."""
    return {
        "id": theme.id,
        "title": theme.title,
        "description": theme.description,
        "status": str(theme.status),
        "head": theme.head,
        "exemplars": list(theme.exemplars),
        "reasons": list(theme.reasons),
        "comes_back": theme.comes_back,
        "is_minority": theme.is_minority,
        "version": theme.version,
    }

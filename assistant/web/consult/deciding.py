"""Carries out what an analyst decides on themes and responses, each with the version that they saw.

What a colleague did meanwhile raises `EditConflict`, and nothing is changed. Knows nothing of requests or pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.consult import Edit, EditConflict, OpenQuestion, ThemeStatus, describe
from assistant.errors import InputError
from assistant.web.markup import count

Seen = Mapping[str, int]
"""Versions of themes as they stood on the page."""


def on_themes(question: OpenQuestion, who: str, what: str, chosen: Sequence[str], seen: Seen) -> str:
    """Approve or reject several themes; returns what was done, in words.

    Raises:
        InputError: None is chosen, or a colleague has changed one since.
    """
    with question.together():
        themes = question.standing.themes
        if what == "approve-all":
            # Candidates that a colleague had formed meanwhile were not on the page.
            shown = [theme for theme in themes.values() if not seen or theme.id in seen]
            chosen = [theme.id for theme in shown if theme.status is ThemeStatus.CANDIDATE]
            what = "approve"
        if not chosen:
            raise InputError("Tick at least one theme.")
        if what == "approve":
            chosen = [one for one in chosen if one not in themes or themes[one].status is ThemeStatus.CANDIDATE]
        act = question.approve if what == "approve" else question.reject
        for theme in chosen:
            act(who, theme, seen=seen.get(theme))
    return f"{count(len(chosen), 'theme')} {'approved' if what == 'approve' else 'rejected'}."


def merge(question: OpenQuestion, who: str, themes: Sequence[str], into: str, title: str, seen: Seen) -> str:
    """Merge themes, and call the result something else where a title is given."""
    if into not in themes:
        raise InputError("Choose which of the themes takes in the others.")
    with question.together():
        question.merge(who, themes, into, seen=seen)
        if title.strip():
            question.rename(who, into, title)
    return f"Merged into theme {into}."


def split(question: OpenQuestion, who: str, theme: str, places: Sequence[int], title: str, seen: int | None) -> str:
    """Make a new theme of some of a theme's responses; returns its id.

    What the theme was formed from goes with them; responses that were only put to it are said to be of the new one.
    """
    if not places:
        raise InputError("Tick the responses that are to be split off.")
    if not title.strip():
        raise InputError("Say what the new theme is to be called.")
    formed = {question.statements[at].response for at in question.standing.themes[theme].exemplars}
    some = formed & set(places)
    if some and some == formed:
        raise InputError("These are all the responses that the theme was formed from. Rename it instead.")
    with question.together():
        new = question.split(who, theme, sorted(some), title, seen=seen) if some else question.add(who, title)
        for place in places:
            if place not in some:
                question.move(who, place, theme, new)
    return new


def check_unchanged(
    question: OpenQuestion, last: int | None, *, themes: Sequence[str] = (), places: Sequence[int] = ()
) -> None:
    """Refuse what an analyst decides on themes and responses of which a colleague has said something since.

    Args:
        question: Theirs.
        last: Number of the last edit when the page was made; None where that is not known.
        themes: Ids.
        places: Of responses.

    Raises:
        EditConflict: A colleague has; it says who, and what.
    """
    if last is None:
        return
    since = [edit for edit in question.edits if edit.number > last]
    for edit in since:
        if changed_by(edit) & set(themes):
            raise EditConflict(f"Nothing was changed: since you looked at this page, {edit.who} {describe(edit)}.")
    for place in places:
        said = question.last_said(place)
        if said > last:
            edit = next(one for one in since if one.number == said)
            raise EditConflict(f"Nothing was changed: since you looked at this page, {edit.who} {describe(edit)}.")


def changed_by(edit: Edit) -> set[str]:
    """Ids of the themes that an edit changes; what is said of a single response changes none."""
    if "response" in edit.data:
        return set()
    one = {str(edit.data.get(name, "")) for name in ("theme", "into", "new")} - {""}
    return one | {str(each) for each in edit.data.get("themes", ()) if isinstance(each, str)}


def move(question: OpenQuestion, who: str, theme: str, places: Sequence[int], to: str) -> str:
    """Take responses out of one theme and put them to another."""
    if not places:
        raise InputError("Tick the responses that are to be moved.")
    if to not in question.standing.themes:
        raise InputError("The theme to move them to is no longer there. Choose another.")
    with question.together():
        for place in places:
            question.move(who, place, theme, to)
    return f"{count(len(places), 'response')} moved to theme {to}."

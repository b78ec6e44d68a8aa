"""The panel that limits a question to a part of the guidance, what its fields say, and a limit in words.

Native checkboxes, radios and text fields in a closed panel; bernard.js sends what they hold, as JSON. Knows nothing of
Gradio.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from assistant.answer import Answer
from assistant.search import Facets, Filters, Scope
from assistant.web.conversation import Asked
from assistant.web.markup import count

_MOST = 12
"""Boxes to tick in one group: more is a list to scroll through, for which there is a field to type in."""


_ASKED_PLAINLY = Asked()


@dataclass(frozen=True, slots=True)
class Choice:
    """What the panel holds: how to ask, or why that cannot be done."""

    asked: Asked = _ASKED_PLAINLY
    fault: str = ""


Fields = Mapping[str, Sequence[str]]
"""What the fields of the panel hold, by their names."""


def panel(facets: Facets | None, *, model: str) -> str:
    """The panel, "" when there is nothing to choose.

    Args:
        facets: What there is to choose from; None when answers cannot be limited.
        model: The language model that writes, "" for none.
    """
    held = fields(facets, model=model)
    if not held:
        return ""
    called = name(facets, model=model)
    return (
        f'<details class="b-tool b-filters"><summary>{called}<span class="b-filters-set"></span></summary>'
        f'<form class="b-form" id="filters-form">{held}'
        '<button type="reset" class="b-button">Clear these choices</button></form></details>'
    )


def name(facets: Facets | None, *, model: str) -> str:
    """What the panel is called."""
    return "Choose what to search and how to answer" if model and facets else "Choose what to search"


def fields(facets: Facets | None, *, model: str, chosen: Fields | None = None) -> str:
    """The fields of the panel, without a form around them; "" when there is nothing to choose.

    Args:
        facets: What there is to choose from; None when answers cannot be limited.
        model: The language model that writes, "" for none.
        chosen: What they hold to begin with.
    """
    chosen = chosen or {}
    parts = [_ways(model, chosen)] if model else []
    if facets is not None:
        parts += [
            _boxes("organisations", "Organisation", facets.organisations, chosen),
            _boxes("document_types", "Type of document", facets.document_types, chosen),
            _since(chosen),
            _folder(chosen),
            _current(chosen),
        ]
    return "".join(parts)


def held_by(asked: Asked) -> Fields:
    """The fields that say how a question was asked: what `read` makes it of."""
    filters = asked.filters or Filters()
    since = filters.updated_since
    return {
        "way": ["both" if asked.is_both else "quotation" if asked.is_quoted else ""],
        "organisations": filters.organisations,
        "document_types": filters.document_types,
        "day": [str(since.day)] if since else [],
        "month": [str(since.month)] if since else [],
        "year": [str(since.year)] if since else [],
        "folder": [filters.folder],
        "current_only": ["yes"] if filters.current_only else [],
        "scope": [filters.scope.value],
    }


def read(sent: str) -> Choice:
    """How to ask, from the panel's fields as bernard.js sends them."""
    try:
        fields = json.loads(sent or "{}")
        if not isinstance(fields, dict):
            return Choice()
        since = _day(fields)
        filters = Filters(
            organisations=tuple(map(str, _listed(fields, "organisations"))),
            document_types=tuple(map(str, _listed(fields, "document_types"))),
            updated_since=since,
            folder=_first(fields, "folder").strip(),
            current_only=bool(_first(fields, "current_only")),
            scope=_scope(fields),
        )
    except ValueError as error:
        return Choice(fault=str(error) if isinstance(error, _Unusable) else "The choices of what to search cannot be read.")
    way = _first(fields, "way")
    return Choice(Asked(filters if filters else None, is_quoted=way == "quotation", is_both=way == "both"))


def described(filters: Filters | None) -> str:
    """What a search was limited to, in words; "" for no limit."""
    if not filters:
        return ""
    if filters.scope is Scope.OWN:
        return "your documents"
    told = ["guidance, not your documents"] if filters.scope is Scope.GUIDANCE else []
    told += [" or ".join(filters.organisations), " or ".join(_named(kind) for kind in filters.document_types)]
    if filters.updated_since:
        told.append(f"updated since {filters.updated_since.day} {filters.updated_since:%B %Y}")
    if filters.folder:
        told.append(f"in {filters.folder}")
    if filters.current_only:
        told.append("current guidance only")
    return "; ".join(part for part in told if part)


def searched_only(answer: Answer) -> str:
    """What an answer was limited to, in words, with what of one's own was searched beside it; "" for no limit."""
    told = described(answer.filters)
    if is_gone_through(answer):
        return ""
    return f"{told}; and {_yours(answer)}" if told and answer.own_documents and not _is_over_own(answer) else told


def where_searched(answer: Answer) -> str:
    """All that was searched for an answer, in words."""
    told = described(answer.filters)
    if is_gone_through(answer):
        return f"Nothing: {gone_through(answer)} from beginning to end"
    if not answer.own_documents:
        return told or "All the guidance"
    if _is_over_own(answer):
        return f"Only {_yours(answer)}"
    return f"{f'Guidance ({told})' if told else 'All the guidance'}, and {_yours(answer)}"


def is_gone_through(answer: Answer) -> bool:
    """True for what comes of whole documents, for which nothing was searched."""
    return bool(answer.own_documents) and "search" not in answer.timings_ms


def gone_through(answer: Answer) -> str:
    """The documents that an answer went through."""
    return " and ".join(f"“{name}”" for name in answer.own_documents)


def _is_over_own(answer: Answer) -> bool:
    return answer.filters is not None and answer.filters.scope is Scope.OWN


def _yours(answer: Answer) -> str:
    """One's own documents that were searched: "2 documents of yours (a.docx, b.docx)"."""
    names = answer.own_documents
    return f"{count(len(names), 'document')} of yours ({', '.join(names)})"


class _Unusable(ValueError):
    """A field that the reader has to put right."""


def _day(fields: dict[str, object]) -> dt.date | None:
    day, month, year = (_first(fields, part).strip() for part in ("day", "month", "year"))
    if not (day or month or year):
        return None
    try:
        return dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise _Unusable(
            f"“Updated since” must be a real date, such as 27 3 2024: {' '.join(p for p in (day, month, year) if p)} is not."
        ) from None


def _scope(fields: dict[str, object]) -> Scope:
    chosen = _first(fields, "scope")
    return Scope(chosen) if chosen in set(Scope) else Scope.BOTH


def _listed(fields: dict[str, object], name: str) -> list[str]:
    held = fields.get(name, [])
    values = held if isinstance(held, list) else [held]
    return [part.strip() for value in values for part in [str(value)] if part.strip()]


def _first(fields: dict[str, object], name: str) -> str:
    return next(iter(_listed(fields, name)), "")


def _ways(model: str, chosen: Fields) -> str:
    ways = (
        ("", f"Written by {model}, checked, with quotations added"),
        ("quotation", "Quotations only"),
        ("both", "Both, side by side"),
    )
    now = next(iter(chosen.get("way", ())), "")
    items = "".join(
        _item("radio", "way", value, words, number, checked=value == now) for number, (value, words) in enumerate(ways)
    )
    return f'<fieldset class="b-group"><legend>How to answer</legend>{items}</fieldset>'


def _boxes(name: str, legend: str, values: tuple[str, ...], chosen: Fields) -> str:
    if not values:
        return ""
    offered, now = values[:_MOST], chosen.get(name, ())
    items = "".join(
        _item("checkbox", name, value, _named(value), at, checked=value in now) for at, value in enumerate(offered)
    )
    if len(values) > _MOST:
        other = "".join(escape(value) for value in [value for value in now if value not in offered][:1])
        items += (
            f'<p class="b-field"><label for="f-{name}-other">Another, by its full name</label>'
            f'<input type="text" id="f-{name}-other" name="{name}" value="{other}" autocomplete="off"></p>'
        )
    return f'<fieldset class="b-group"><legend>{legend}</legend>{items}</fieldset>'


def _item(kind: str, name: str, value: str, words: str, at: int, *, checked: bool = False) -> str:
    identity = f"f-{name}-{at}"
    return (
        f'<p class="b-choice-item"><input type="{kind}" id="{identity}" name="{name}" value="{escape(value)}"'
        f'{" checked" if checked else ""}><label for="{identity}">{escape(words)}</label></p>'
    )


def _named(kind: str) -> str:
    words = kind.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:] if kind == kind.lower() else kind


def _value(chosen: Fields, name: str) -> str:
    return f' value="{escape(next(iter(chosen.get(name, ())), ""))}"'


def _since(chosen: Fields) -> str:
    parts = "".join(
        f'<p class="b-field"><label for="f-{name}">{name.title()}</label><input type="text" inputmode="numeric" '
        f'id="f-{name}" name="{name}"{_value(chosen, name)} maxlength="{size}" size="{size}" autocomplete="off" '
        'aria-describedby="f-since-hint"></p>'
        for name, size in (("day", 2), ("month", 2), ("year", 4))
    )
    return (
        '<fieldset class="b-group"><legend>Updated since</legend><p class="b-hint" id="f-since-hint">For example, 27 3 '
        f'2024. Guidance without a date is left out.</p><div class="b-date">{parts}</div></fieldset>'
    )


def _folder(chosen: Fields) -> str:
    return (
        '<p class="b-field"><label for="f-folder">One document or folder</label><span class="b-hint" id="f-folder-hint">'
        "Its path, or a part of the path such as hmrc-manuals</span>"
        f'<input type="text" id="f-folder" name="folder"{_value(chosen, "folder")} autocomplete="off" '
        'aria-describedby="f-folder-hint"></p>'
    )


def _current(chosen: Fields) -> str:
    words = "Leave out guidance that is withdrawn or replaced"
    return (
        '<p class="b-choice-item"><input type="checkbox" id="f-current" name="current_only" value="yes"'
        f'{" checked" if chosen.get("current_only") else ""}><label for="f-current">{words}</label></p>'
    )

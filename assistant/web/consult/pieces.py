"""Pieces of markup that the pages of consultations share: bars with words beside them, responses, tags, fields, tabs.

Everything given to them passes through `escape`; personal data is masked here. Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from assistant.consult import Assignment, Position, Share, Theme, ThemeStatus, masked, masked_value
from assistant.web.markup import count

LIST = "/consultations"
TABS = (
    ("", "What was read"),
    ("themes", "Themes"),
    ("responses", "Responses"),
    ("queue", "Queue"),
    ("history", "History"),
    ("report", "Sign and export"),
)
_SAYS_LITTLE = frozenset({"yes", "no", "don't know", "not sure", "prefer not to say", "other", "none"})
_SHORT = 700
"""Characters of a response that a list shows; its own page shows all."""


def at(name: str, number: int | None = None, /, *rest: str | int, **query: str | int | Sequence[str]) -> str:
    """The address of a page of a consultation."""
    parts = [name, *([] if number is None else [str(number)]), *map(str, rest)]
    path = "/consultation/" + "/".join(quote(part, safe="") for part in parts if part)
    found = [
        f"{quote(key)}={quote(str(one), safe='')}"
        for key, value in query.items()
        for one in ([value] if isinstance(value, str | int) else value)
        if one != ""
    ]
    return path + (f"?{'&'.join(found)}" if found else "")


def tabs(name: str, number: int, current: str) -> str:
    """Links to the parts of a question's page."""
    items = "".join(
        f'<li><a class="b-link" href="{escape(at(name, number, part))}"{" aria-current=page" if part == current else ""}>'
        f"{words}</a></li>"
        for part, words in TABS
    )
    return f'<nav class="c-tabs" aria-label="Parts of this consultation"><ul>{items}</ul></nav>'


def crumbs(*steps: tuple[str, str]) -> str:
    """Links back to where the page belongs.

    Args:
        steps: Address and words of each, the outermost first.
    """
    items = "".join(f'<li><a class="b-link" href="{escape(address)}">{escape(words)}</a></li>' for address, words in steps)
    return f'<nav class="c-crumbs" aria-label="Breadcrumb"><ol>{items}</ol></nav>'


def percent(share: Share) -> str:
    """A share in words."""
    if not share.of:
        return "no share"
    return "under 1%" if 0 < share.value < 0.005 else f"{share.value:.0%}"


def interval(share: Share) -> str:
    """Its interval in words."""
    return f"{share.low:.0%} to {share.high:.0%}" if share.of else "–"


def share_bar(share: Share, *, most: float) -> str:
    """A bar with a line for its interval; a picture of what is said beside it, hence hidden from screen readers.

    Args:
        share: What it shows.
        most: The share that fills it.
    """
    if not share.of:
        return ""
    scale = 100 / max(most, 0.01)
    value, low, high = (min(100.0, part * scale) for part in (share.value, share.low, share.high))
    return (
        '<svg class="c-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="c-bar-ground" width="100" height="12"/>'
        f'<rect class="c-bar-share" width="{value:.2f}" height="12"/>'
        f'<rect class="c-bar-line" x="{low:.2f}" y="5" width="{max(0.3, high - low):.2f}" height="2"/></svg>'
    )


def positions(counts: Mapping[Position, int]) -> str:
    """A bar of who agrees and who does not, with the same in words."""
    agree, disagree, unclear = (counts.get(side, 0) for side in (Position.AGREE, Position.DISAGREE, Position.UNCLEAR))
    whole = agree + disagree + unclear
    if not whole:
        return ""
    parts, x = [], 0.0
    for words, number in (("agree", agree), ("disagree", disagree), ("unclear", unclear)):
        width = 100 * number / whole
        parts.append(f'<rect class="c-{words}" x="{x:.2f}" width="{width:.2f}" height="12"/>')
        x += width
    keys = "".join(
        f'<span class="c-key"><svg class="c-key-box" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><rect '
        f'class="c-{name}" width="12" height="12"/></svg>{number:,} {words}</span> '
        for name, words, number in (
            ("agree", "agree", agree),
            ("disagree", "disagree", disagree),
            ("unclear", "unclear or neither", unclear),
        )
    )
    return (
        '<div class="c-positions"><svg class="c-bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false">{"".join(parts)}</svg><p class="c-figures"><span class="b-hidden">Positions: '
        f"</span>{keys}</p></div>"
    )


def status_tag(theme: Theme) -> str:
    """What an analyst has said of a theme, and whether it is a minority view."""
    kinds = {
        ThemeStatus.APPROVED: ("c-tag-good", "Approved"),
        ThemeStatus.CANDIDATE: ("", "Candidate"),
        ThemeStatus.REJECTED: ("c-tag-bad", "Rejected"),
    }
    look, words = kinds[theme.status]
    minority = ' <span class="b-tag c-tag-minority">Minority view</span>' if theme.is_minority else ""
    return f'<span class="b-tag {look}">{words}</span>{minority}'


def stability(theme: Theme) -> str:
    """How stable a theme is, in words."""
    if theme.comes_back is None:
        return ""
    words = f"Came back in {theme.comes_back:.0%} of the repeated runs"
    return f'<strong class="c-doubt">{words}: distrust it</strong>' if theme.comes_back < 0.5 else words


def marked(text: str, spans: Iterable[tuple[int, int]], *, mask: bool = True) -> str:
    """A text with the words that carry themes marked, and personal data masked.

    Args:
        text: As it was written.
        spans: First character and one past the last, in any order.
        mask: Leave personal data out.
    """

    def shown(start: int, end: int) -> str:
        return escape(masked(text, start=start, end=end) if mask else text[start:end]).replace("\n", "<br>")

    parts, place = [], 0
    for start, end in sorted(spans):
        begin = max(start, place)
        if end <= begin:
            continue
        parts += [shown(place, begin), f'<mark class="c-mark">{shown(begin, end)}</mark>']
        place = end
    return "".join([*parts, shown(place, len(text))])


def excerpt(text: str, spans: Sequence[tuple[int, int]], *, mask: bool = True) -> str:
    """The same, where a long text is cut around the first of the spans."""
    if len(text) <= _SHORT:
        return marked(text, spans, mask=mask)
    first = min((start for start, _ in spans), default=0)
    begin = max(0, min(first - _SHORT // 4, len(text) - _SHORT))
    end = begin + _SHORT
    begin = begin and text.rfind(" ", 0, begin) + 1
    stop = text.find(" ", end)
    end = len(text) if stop < 0 else stop
    # Masked as a whole, so that nothing personal is cut in two and missed.
    whole = masked_part(text, begin, end, spans) if mask else marked(text[begin:end], _within(spans, begin, end), mask=False)
    return f"{'… ' if begin else ''}{whole}{' …' if end < len(text) else ''}"


def masked_part(text: str, begin: int, end: int, spans: Iterable[tuple[int, int]]) -> str:
    """A part of a text with its spans marked and its personal data masked."""
    parts, place = [], begin
    for first, stop in sorted((max(one, begin), min(other, end)) for one, other in spans):
        start = max(first, place)
        if stop <= start:
            continue
        parts += [
            escape(masked(text, start=place, end=start)),
            f'<mark class="c-mark">{escape(masked(text, start=start, end=stop))}</mark>',
        ]
        place = stop
    return "".join([*parts, escape(masked(text, start=place, end=end))]).replace("\n", "<br>")


def _within(spans: Iterable[tuple[int, int]], begin: int, end: int) -> list[tuple[int, int]]:
    return [(max(0, start - begin), min(end, stop) - begin) for start, stop in spans if stop > begin and start < end]


def respondent(attributes: Mapping[str, str]) -> str:
    """Who gave a response, in words, masked; an answer that says nothing by itself has its question before it."""
    return "; ".join(
        f"{name} {value}" if value.lower() in _SAYS_LITTLE else masked_value(value)
        for name, value in attributes.items()
        if value
    )


def spans_of(assigned: Iterable[Assignment]) -> list[tuple[int, int]]:
    """Where the words are that carry themes."""
    return [(one.start, one.end) for one in assigned]


def field(
    name: str,
    label: str,
    *,
    value: str = "",
    hint: str = "",
    fault: str = "",
    is_long: bool = False,
    most: int = 200,
    id: str = "",
) -> str:
    """A field for text, with what is wrong with it.

    Args:
        name: Of the field.
        label: Its words.
        value: What stands in it.
        hint: More words.
        fault: What is wrong.
        is_long: It takes several lines.
        most: Characters it takes.
        id: Where `name` would not be the only one on the page.
    """
    place = escape(id or name)
    described = " ".join(filter(None, [f"{place}-hint" if hint else "", f"{place}-fault" if fault else ""]))
    about = (f' aria-describedby="{described}"' if described else "") + (" aria-invalid=true" if fault else "")
    box = (
        f'<textarea id="{place}" name="{escape(name)}" rows="3" maxlength="2000"{about}>\n{escape(value)}</textarea>'
        if is_long
        else f'<input type="text" id="{place}" name="{escape(name)}" value="{escape(value)}" maxlength="{most}" '
        f'autocomplete="off"{about}>'
    )
    return (
        f'<p class="b-field{" b-field-wrong" if fault else ""}"><label for="{place}">{escape(label)}</label>'
        + (f'<span class="b-hint" id="{place}-hint">{escape(hint)}</span>' if hint else "")
        + (
            f'<span class="b-fault-text" id="{place}-fault"><span class="b-hidden">Error: </span>{escape(fault)}</span>'
            if fault
            else ""
        )
        + f"{box}</p>"
    )


def select(
    name: str, label: str, options: Iterable[tuple[str, str]], *, chosen: str = "", id: str = "", hint: str = ""
) -> str:
    """A field to choose one of several values with.

    Args:
        name: Of the field.
        label: Its words.
        options: Value and words of each.
        chosen: The value that is chosen.
        id: Where `name` would not be the only one on the page.
        hint: More words.
    """
    place = escape(id or name)
    inside = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
        for value, words in options
    )
    about = f' aria-describedby="{place}-hint"' if hint else ""
    told = f'<span class="b-hint" id="{place}-hint">{escape(hint)}</span>' if hint else ""
    return (
        f'<p class="b-field"><label for="{place}">{escape(label)}</label>{told}'
        f'<select id="{place}" name="{escape(name)}"{about}>{inside}</select></p>'
    )


def tick(name: str, value: str, label_html: str, *, id: str, is_ticked: bool = False, kind: str = "checkbox") -> str:
    """A box to tick, or a circle to choose.

    Args:
        name: Of the field.
        value: What is sent when it is ticked.
        label_html: Its words, as markup.
        id: Of its own.
        is_ticked: It is ticked.
        kind: "checkbox" or "radio".
    """
    return (
        f'<p class="b-choice-item"><input type="{kind}" id="{escape(id)}" name="{escape(name)}" value="{escape(value)}"'
        f'{" checked" if is_ticked else ""}><label for="{escape(id)}">{label_html}</label></p>'
    )


def hidden(**fields: str | int) -> str:
    """Fields that are sent and not seen; an underscore in a name stands for a hyphen."""
    return "".join(
        f'<input type="hidden" name="{escape(name.replace("_", "-"))}" value="{escape(str(value))}">'
        for name, value in fields.items()
    )


def pages(address: str, *, page: int, of: int, what: str) -> str:
    """Links to the pages of a list; `address` ends where the number of a page follows."""
    if of <= 1:
        return ""
    before = f'<li><a class="b-link" rel="prev" href="{escape(address)}{page - 1}">Previous</a></li>' if page > 1 else ""
    after = f'<li><a class="b-link" rel="next" href="{escape(address)}{page + 1}">Next</a></li>' if page < of else ""
    return (
        f'<nav class="c-pages" aria-label="Pages of {escape(what)}"><ul>{before}<li>Page {page:,} of {of:,}</li>{after}'
        "</ul></nav>"
    )


def numbers(items: Iterable[tuple[int, str, str, str]]) -> str:
    """Some figures in a row: number, noun, plural, and where it leads ("" for nowhere)."""
    inside = "".join(
        f"<li>{f'<a class=b-link href={chr(34)}{escape(address)}{chr(34)}>' if address else ''}"
        f"<strong>{number:,}</strong> "
        f"{escape(count(number, noun, plural).partition(' ')[2])}{'</a>' if address else ''}</li>"
        for number, noun, plural, address in items
    )
    return f'<ul class="c-numbers">{inside}</ul>'


def facts(items: Iterable[tuple[str, str]]) -> str:
    """Pairs of words as a list; the second of each is markup."""
    return (
        '<dl class="b-facts">'
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in items)
        + "</dl>"
    )

"""A complete page in the look of Bernard, for whatever Gradio does not make. It has no script and needs none.

Knows nothing of what stands on a page.
"""

from __future__ import annotations

from html import escape

from assistant.web.style import address
from assistant.web.words import account, foot, header


def frame(
    title: str,
    body_html: str,
    *,
    user: str = "",
    can_leave: bool = False,
    may_evaluate: bool = False,
    recorded_days: int | None = None,
    is_kept: bool = False,
    skip: tuple[str, str] = ("main", "Skip to the main content"),
    is_fault: bool = False,
    head_html: str = "",
    place: str = "",
) -> str:
    """The HTML of a page.

    Args:
        title: What the page is, as plain text.
        body_html: What stands on it, with the page's h1.
        user: Who is signed in; "" where nobody signs in.
        can_leave: There is something to sign out of.
        may_evaluate: The page for evaluators lets the reader in.
        recorded_days: For how many days answers are recorded, which the foot tells; 0 for none, None to say nothing.
        is_kept: The reader finds conversations again.
        skip: Id and words of the link past the header.
        is_fault: Something has to be put right on it, which the title says first.
        head_html: What else stands in its head.
        place: Which part of Bernard it belongs to, as `header` takes it.
    """
    name = f"{'Error: ' if is_fault else ''}{title} – Bernard" if title != "Bernard" else title
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(name)}</title>"
        f'<link rel="icon" href="/favicon.ico"><link rel="stylesheet" href="{escape(address())}">{head_html}</head>'
        f'<body class="gradio-container"><div class="prose">{header(to=skip[0], words=skip[1], place=place)}'
        f"{account(user, can_leave=can_leave, may_evaluate=may_evaluate)}</div>"
        f'<main id="main" tabindex="-1"><div class="prose"><div class="b-width">{body_html}</div></div></main>'
        f'<div class="prose">{foot(recorded_days, is_kept=is_kept)}</div></body></html>'
    )


def error_summary(faults: dict[str, str]) -> str:
    """What has to be put right on a page, each with a link to its place; "" for nothing.

    Args:
        faults: Words by the id of the field they are about.
    """
    if not faults:
        return ""
    items = "".join(f'<li><a href="#{escape(place)}">{escape(words)}</a></li>' for place, words in faults.items())
    return (
        '<div class="b-summary" role="alert" tabindex="-1" aria-labelledby="summary-title">'
        f'<h2 id="summary-title">There is a problem</h2><ul>{items}</ul></div>'
    )

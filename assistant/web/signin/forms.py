"""The pages of signing in and out, as markup. Knows nothing of who signs in or how."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path
from typing import Protocol

_WEB = Path(__file__).parents[1]


class Frame(Protocol):
    """Makes a whole page of what stands in it."""

    def __call__(self, title: str, body: str, /, *, user: str = "") -> str:
        """The page as HTML: `title` is text, `body` markup with its own first heading."""


def plain_frame(title: str, body: str, /, *, user: str = "") -> str:
    """A page with the header of the others, whose style sheets stand in it: it loads nothing."""
    signed_in = f'<p class="b-account">Signed in as {escape(user)}</p>' if user else ""
    return f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – Bernard</title><style>{_style()}</style></head>
<body><a class="b-skip" href="#main">Skip to the page</a>
<header class="b-header"><div class="b-width"><span class="b-name">Bernard</span>
<span class="b-strapline">Government guidance, quoted and checked</span></div></header>
<div class="b-phase"><div class="b-width"><p><strong class="b-phase-tag">Unofficial</strong>
This is not an official government service.</p>{signed_in}</div></div>
<main class="b-width" id="main" tabindex="-1">{body}</main></body></html>"""


@cache
def _style() -> str:
    return "".join(
        (folder / name).read_text("utf-8") for folder, name in ((_WEB, "colours.css"), (_WEB, "signin/forms.css"))
    )


def passwords_page(frame: Frame, *, next: str, name: str = "", faults: dict[str, str] | None = None) -> str:
    """The form for a name and a password.

    Args:
        frame: Makes the page.
        next: Where the user goes afterwards.
        name: As typed before.
        faults: What is wrong, by the field it is wrong with ("name" or "password").
    """
    faults = faults or {}
    title = "Error: Sign in" if faults else "Sign in"
    fields = _field("name", "User name", faults, f'autocomplete="username" value="{escape(name)}"') + _field(
        "password", "Password", faults, 'type="password" autocomplete="current-password"'
    )
    body = f"""{_summary(faults)}<h1 class="b-page-title">Sign in</h1>
<form method="post" action="/sign-in" novalidate>
<input type="hidden" name="next" value="{escape(next)}">
{fields}
<button class="b-ask" type="submit">Sign in</button>
</form>
<p>If you have no user name, or have forgotten your password, ask whoever looks after Bernard in your organisation.</p>"""
    return frame(title, body)


def _field(name: str, label: str, faults: dict[str, str], attributes: str) -> str:
    fault = faults.get(name, "")
    told = (
        f'<p class="b-fault-text" id="{name}-fault"><span class="b-hidden">Error:</span> {escape(fault)}</p>'
        if fault
        else ""
    )
    marked = f' aria-invalid="true" aria-describedby="{name}-fault"' if fault else ""
    return f"""<div class="b-field{" b-field-wrong" if fault else ""}"><label for="{name}">{label}</label>{told}
<input id="{name}" name="{name}" autocapitalize="none" spellcheck="false" {attributes}{marked}></div>"""


def _summary(faults: dict[str, str]) -> str:
    """The error summary: what is wrong, each with a link to its field; it has the focus when the page opens."""
    if not faults:
        return ""
    items = "".join(f'<li><a href="#{name}">{escape(fault)}</a></li>' for name, fault in faults.items())
    return (
        f"""<div class="b-summary" role="alert" tabindex="-1" autofocus><h2>There is a problem</h2><ul>{items}</ul></div>"""
    )


def left_page(frame: Frame, *, elsewhere: str = "") -> str:
    """What one sees who has signed out.

    Args:
        frame: Makes the page.
        elsewhere: Where to sign out of the identity provider as well, "" for nowhere.
    """
    also = (
        f"""<p>You may still be signed in with your organisation, so that Bernard would let you in again without a password.
On a machine that others use, <a href="{escape(elsewhere)}">sign out of your organisation as well</a>.</p>"""
        if elsewhere
        else ""
    )
    return frame(
        "You have signed out", f'<h1 class="b-page-title">You have signed out</h1>{also}<p><a href="/">Sign in again</a></p>'
    )


def told_page(frame: Frame, title: str, words: str, *, again: str = "") -> str:
    """A page that says one thing.

    Args:
        frame: Makes the page.
        title: Its heading.
        words: Text; each line is a paragraph.
        again: Where "Try again" leads, "" for no such link.
    """
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in words.splitlines() if line.strip())
    link = f'<p><a href="{escape(again)}">Try again</a></p>' if again else ""
    return frame(title, f'<h1 class="b-page-title">{escape(title)}</h1>{paragraphs}{link}')

"""The fixed words and markup of the page: what Bernard is and is not, examples, hints.

Constants, but for the foot; nothing from a question or an answer comes near them.
"""

from __future__ import annotations

from html import escape

HINT = "Ask about one thing at a time, in your own words. Do not put personal or sensitive information in a question."

SEARCHING = "Searching the guidance…"

WRITING = "Writing, and checking each sentence…"

GOING_THROUGH = "Going through your document…"

STILL_ANSWERING = "An answer is still on its way. Wait for it, or stop it, and then try again."

STOPPED = "Stopped. Your question is still in the box."

OWN_SUMMARY = "Bernard's summary"
"""Marks what comes from a note of Bernard's own, which is not the publisher's text."""

YOUR_DOCUMENT = "Your document"
"""Marks what comes from a document that the reader brought, which is no guidance."""

EXAMPLES = (
    "How long do we have to answer a freedom of information request?",
    "When must a personal data breach be reported to the ICO?",
    "Can I accept a gift from a supplier?",
    "Do the Business Appointment Rules apply to me if I am a Grade 6?",
    "When should an accounting officer seek a ministerial direction?",
)

_TITLE = "Ask what the guidance says"

_STATEMENT = """
<p>Bernard quotes the documents it holds word for word and shows where each quotation stands. Its own notes are summaries
and are marked as such. It is not an official service and gives no advice: the official page decides. Open the page
before you rely on a quotation.</p>
"""


def header(*, to: str, words: str, place: str = "questions") -> str:
    """The top of a page, with the link that takes a keyboard past it.

    Args:
        to: Id of the place it takes to.
        words: What the link says.
        place: Which part of Bernard the page belongs to: "questions", "consultations" or neither.
    """
    parts = "".join(
        f'<li><a class="b-link" href="{address}"{" aria-current=true" if part == place else ""}>{part.capitalize()}</a></li>'
        for part, address in (("questions", "/"), ("consultations", "/consultations"))
    )
    return _HEADER.format(to=escape(to), words=escape(words), parts=parts)


_HEADER = """
<a class="b-skip" href="#{to}">{words}</a>
<header class="b-header"><div class="b-width"><span class="b-name">Bernard</span>
<span class="b-strapline">Government guidance, quoted and checked</span></div></header>
<div class="b-phase"><div class="b-width"><p><strong class="b-phase-tag">Unofficial</strong>
<span>This is not an official government service.</span></p>
<nav aria-label="Parts of Bernard"><ul class="b-parts">{parts}</ul></nav></div></div>
"""

HEADER = header(to="question", words="Skip to the question box")

INTRODUCTION = f"""
<h1 class="b-title">{_TITLE}</h1>
<div class="b-statement">{_STATEMENT}</div>
"""

INTRODUCTION_ONCE_BEGUN = f'<h1 class="b-hidden">{_TITLE}</h1>'

ABOUT = f'<section class="b-about"><h2 class="b-heading">What Bernard is, and is not</h2>{_STATEMENT}</section>'

_FOOT = """
<footer class="b-foot"><div class="b-width"><p>Bernard is not an official government service. This page loads nothing
from other websites and sends nothing to them. {kept}</p>
<nav aria-label="About Bernard"><ul class="b-foot-links">
<li><a class="b-link" href="/">Ask a question</a></li>
<li><a class="b-link" href="/plain">Version without JavaScript</a></li>
<li><a class="b-link" href="/accessibility">Accessibility statement</a></li>
<li><a class="b-link" href="/privacy">Privacy notice</a></li>
</ul></nav></div></footer>
"""

_FORGOTTEN = "The conversation is forgotten when you close or reload this page."


def foot(recorded_days: int | None, *, is_kept: bool = False) -> str:
    """The end of a page: for how many days questions and answers are recorded, 0 for not at all, None to say nothing of it.

    Args:
        recorded_days: For how many days.
        is_kept: The reader finds conversations again.
    """
    if not recorded_days:
        return _FOOT.format(kept="" if recorded_days is None else _FORGOTTEN)
    days = "1 day" if recorded_days == 1 else f"{recorded_days:,} days"
    if is_kept:
        return _FOOT.format(
            kept=f"Bernard keeps your conversations for {days}, for you and to find answers that no longer hold. You can "
            "delete each of them."
        )
    kept = (
        "This page forgets the conversation when you close or reload it. Bernard keeps a record of questions and answers "
        f"for {days}, to find answers that no longer hold."
    )
    return _FOOT.format(kept=kept)


_LEAVE = (
    '<form class="b-leave" method="post" action="/sign-out"><button class="b-link" type="submit">Sign out</button></form>'
)

# Shown by bernard.js when the server does not know the reader any more.
_SIGNED_OUT = """
<div class="b-width"><div class="b-signed-out" role="alert" hidden><p><strong>You are no longer signed in.</strong> Your
question is still on this page. <a class="b-link" href="/sign-in" target="_blank">Sign in again in a new window</a>, then
come back and ask again. If another user has signed in meanwhile, reload this page.</p></div></div>
"""


def account(user: str, *, can_leave: bool, may_evaluate: bool = False) -> str:
    """Who is signed in, and the button to sign out with; nothing where nobody signs in.

    Args:
        user: The name.
        can_leave: There is something to sign out of.
        may_evaluate: The page for evaluators lets the reader in.
    """
    if not user:
        return ""
    evaluate = '<p><a class="b-link" href="/evaluate">Evaluate</a></p>' if may_evaluate else ""
    leave = _LEAVE if can_leave else ""
    signed_in = f"<p>Signed in as <strong>{escape(user)}</strong></p>"
    return f'<div class="b-account b-width">{signed_in}{evaluate}{leave}</div>{_SIGNED_OUT}'


def status(words: str, *, is_busy: bool = False, is_shown: bool = False) -> str:
    """The live region; it is always on the page, since screen readers only hear changes in one they already know.

    Args:
        words: What is heard, as plain text.
        is_busy: Something is under way, which is also seen.
        is_shown: It is also seen.
    """
    look = "b-searching" if is_busy else "b-stopped" if is_shown else "b-hidden"
    return f'<p role="status" aria-live="polite"><span class="{look}">{escape(words)}</span></p>'

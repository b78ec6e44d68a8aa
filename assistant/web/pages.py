"""The accessibility statement and the privacy notice, as this installation is set up: `/accessibility` and `/privacy`.

In the order of the models that public bodies in the UK use. What they say of keeping follows the settings, and what falls
short is said. Knows nothing of questions or answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse

from assistant.hiding import without_secrets
from assistant.settings import Settings
from assistant.web.frame import frame
from assistant.web.signin.identity import known

_WAYS = {
    "passwords": "the name and the password with which you sign in; of the password only an Argon2id hash, from which it "
    "cannot be read",
    "proxy": "your name and role, as your organisation's sign-in passes them on",
    "openid": "your name and role, as your organisation's identity provider passes them on",
}

_CONSULTATIONS = """
<p>Analysts can read responses to a consultation in. The responses are kept until the consultation is deleted, and
are seen by whoever started it, those it is shared with, and administrators. With it are kept the names of those who
decided, signed, downloaded, or had personal data shown, and when. A file whose columns nobody confirms is deleted after a
day.</p>
"""
_ABLE = (
    "enlarge the page to 400 % without losing anything off the side of the screen",
    "do everything with a keyboard, and see where the focus is",
    "hear everything with a screen reader, also when an answer is ready",
    "use light or dark colours, as your device is set",
    "tell how well each statement is supported without seeing colour: each has a word and a shape",
    'do without JavaScript, in the <a class="b-link" href="/plain">version without JavaScript</a>',
)
_SHORT = (
    "an answer saved as a Word file has headings and footnotes, but nobody has tried these files with screen readers",
    "guidance is quoted as it was published: where its words are hard to read, so are Bernard's answers",
    "words from scanned pages may hold letters that were recognised wrongly; such a source says so",
    "while a language model writes, its sentences appear one by one, and a screen reader hears of them only when all are "
    "there; the version without JavaScript waits until the whole answer is there",
    "in the version without JavaScript no button stops or copies an answer, no more of a source's page is shown, and files "
    "that you add show no progress: the page loads again when all of them have been read",
)


def add_pages(app: FastAPI, settings: Settings, *, can_leave: bool = False) -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        settings: What is kept, for how long and where.
        can_leave: There is something to sign out of.
    """
    days = settings.records.days

    def shown(request: Request, title: str, text: str) -> HTMLResponse:
        found = known(request)  # anybody may read these, also before signing in
        body = f'<h1 class="b-page-title">{title}</h1><div class="b-text">{text}</div>'
        return HTMLResponse(
            frame(title, body, user=found.name if found else "", can_leave=can_leave, recorded_days=days, is_kept=bool(days))
        )

    @app.get("/accessibility", include_in_schema=False)
    async def accessibility(request: Request) -> HTMLResponse:
        return shown(request, "Accessibility statement", accessibility_statement(settings))

    @app.get("/privacy", include_in_schema=False)
    async def privacy(request: Request) -> HTMLResponse:
        return shown(request, "Privacy notice", privacy_notice(settings))


def accessibility_statement(settings: Settings) -> str:
    """What is done so that everybody can use Bernard, what falls short, and how to say so, as HTML."""
    return f"""
<p>This statement is about Bernard as it is served here. It is not an official government service. We want as many
people as possible to be able to use it. You should be able to:</p>
{_list(_ABLE)}
<p><a class="b-link" href="https://mcmw.abilitynet.org.uk/">AbilityNet</a> has advice on making your device easier to
use if you have a disability.</p>
<h2>How accessible Bernard is</h2>
<p>We know of parts that are not fully accessible:</p>
{_list(_SHORT)}
<h2>What to do if you cannot use a part of Bernard</h2>
<p>Try the <a class="b-link" href="/plain">version without JavaScript</a>, which asks and answers in the same way. If
you need an answer in another form, or have a problem that is not listed here, {_contact(settings)}. Say which page,
what you were doing, and what you use to read the screen.</p>
<h2>Enforcement procedure</h2>
<p>The Equality and Human Rights Commission enforces the Public Sector Bodies (Websites and Mobile Applications) (No.
2) Accessibility Regulations 2018. If you are not happy with how a public body responds to your complaint, contact the
<a class="b-link" href="https://www.equalityadvisoryservice.com/">Equality Advisory and Support Service</a>.</p>
<h2>Technical information</h2>
<h3>Compliance status</h3>
<p>Bernard is made to meet the Web Content Accessibility Guidelines 2.2 at level AA. It has not been audited by
anybody independent, so it is called <strong>partially compliant</strong> with them until it is, for the reasons
listed above.</p>
<h3>How it was tested</h3>
<p>Before each release, every screen and state is looked over in Chromium by the checker axe-core, in light, in dark
and at 400 %, and is used by keyboard alone. A release that has serious or critical faults is not made. Automatic
checks find about half of the barriers there are. People who use assistive technology have not yet tested Bernard;
tests with JAWS, NVDA and VoiceOver are missing.</p>
"""


def privacy_notice(settings: Settings) -> str:
    """What is kept of those who ask, for how long and who sees it, as HTML."""
    return f"""
<p>This notice says what Bernard, as it is served here, does with personal information. Do not put personal or
sensitive information into a question: Bernard searches guidance and needs none.</p>
<h2>What is kept</h2>
{_kept(settings)}
<h2>For how long</h2>
{_how_long(settings)}
<h2>Where it is, and who sees it</h2>
{_who_sees(settings)}
<h2>What leaves this installation</h2>
{_leaves(settings)}
<h2>Cookies</h2>
{_cookies(settings)}
<h2>Why, and your rights</h2>
{_why(settings)}
<p>You can ask for a copy of what is kept about you, and for it to be put right or erased: {_contact(settings)}. The
organisation that runs this installation is the controller, and its own privacy notice says on which legal basis it
works and who its data protection officer is. If you are not happy with the reply, you can complain to the <a
class="b-link" href="https://ico.org.uk/make-a-complaint/">Information Commissioner's Office</a>.</p>
"""


def _kept(settings: Settings) -> str:
    items = []
    if settings.records.days:
        items = [
            "your questions, what the search was limited to, and the answers with the passages they rest on",
            "what you say of an answer, when you send feedback",
            "the names that you give to conversations, and when each was begun and changed",
        ]
        if settings.uploads.allowed:
            items.append("the text of documents that you add to a conversation, for that conversation alone; not the files")
    if settings.sign_in.way:
        items.append(_WAYS[settings.sign_in.way])
    kept = "" if settings.records.days else "<p>Bernard keeps no questions and no answers.</p>"
    kept += f"<p>Bernard keeps:</p>{_list(items)}" if items else ""
    logged = (
        "The log of the program holds the text of questions, because whoever runs it has switched that on."
        if settings.web.log_questions
        else "The log of the program holds that a question was answered, how and how fast, without its text."
    )
    return f"{kept}<p>{logged}</p>{_CONSULTATIONS}"


def _how_long(settings: Settings) -> str:
    days = settings.records.days
    if not days:
        return "<p>A conversation is gone when you close or reload its page.</p>"
    told = "1 day" if days == 1 else f"{days:,} days"
    hours = settings.uploads.hours
    documents = (
        f"<p>What was read from a document that you added is deleted after {hours:,} hour{'' if hours == 1 else 's'}, "
        "when you remove it, or with its conversation; what an answer quotes of it stays with the answer.</p>"
        if settings.uploads.allowed
        else ""
    )
    return (
        f"<p>A conversation and all that belongs to it is deleted by itself {told} after its last answer. Its last week is "
        "announced. You can delete each conversation at once under “Your conversations”; feedback on its answers goes with "
        f"it. Copies in the backups of whoever runs this installation may last longer.</p>{documents}"
    )


def _who_sees(settings: Settings) -> str:
    where = "in a database" if settings.records.url.get_secret_value() else "in a file on the machine that runs Bernard"
    if not settings.records.days:
        return "<p>Nothing of what you ask is written down, so there is nothing to see.</p>"
    others = (
        "Other users do not see your conversations."
        if settings.sign_in.way
        else "Nobody signs in here: whoever can use this machine sees the conversations on it."
    )
    return (
        f"<p>Records are {where}. {others} Administrators of that machine can read, export and delete them. Feedback, with "
        "the answer it is about and what was said before it, is read by those who measure and improve Bernard; what they "
        "save of it bears no names.</p>"
    )


def _leaves(settings: Settings) -> str:
    if not settings.model:
        return "<p>Nothing. Pages load nothing from other websites, and questions are answered on this installation.</p>"
    place = without_secrets(settings.generation.base_url) or f"the provider of {settings.model.partition(':')[0]}"
    return (
        f"<p>A language model helps to write answers: {escape(settings.model)}. Each question, with what was said before in "
        f"the conversation and the passages of guidance found for it, is sent to {escape(place)}. Your name is not. If you "
        "choose “Quotations only”, the model does not write the answer, but a follow-up question may still be completed by "
        "it.</p><p>When an analyst has themes formed of responses to a consultation, the question that was put and up to "
        "twenty statements of each theme, in respondents’ own words, are sent there too, unless the analyst ticks the box "
        "that declines it. Personal data is masked first by its form, such as telephone numbers and postcodes; a name in "
        "running text can be missed. Nothing else leaves this installation.</p>"
    )


def _why(settings: Settings) -> str:
    kept = (
        "Records are kept so that you find your conversations again, and so that those who gave an answer to others can be "
        "told when the guidance behind it changes. "
    )
    return (
        f"<p>{kept if settings.records.days else ''}No decision about anybody is taken automatically, and Bernard trains no "
        "model on what you ask.</p>"
    )


def _cookies(settings: Settings) -> str:
    if settings.sign_in.way == "proxy":
        return "<p>Bernard sets no cookies.</p>"
    if not settings.sign_in.way:
        return (
            "<p>Bernard sets no cookies, but for one: where nobody signs in and you say under “Consultations” who "
            "you are, your "
            "browser keeps that name for a year. It is read by no script and is sent to this installation alone.</p>"
        )
    hours = f"{settings.sign_in.hours:g} hours"
    return (
        f"<p>Only what signs you in, and keeps you signed in for {hours}. It is strictly necessary, is read by no script "
        "and is sent to this installation alone. Nothing follows you about.</p>"
    )


def _contact(settings: Settings) -> str:
    if settings.web.contact:
        return f"write to {escape(settings.web.contact)}"
    return "tell whoever looks after Bernard in your organisation"


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"

"""Writes what can be done with an answer: copy it, save it as a file, say what is wrong with it, change its question.

Native forms in closed panels. Files come from `/export/…`; copying, feedback and changing are bernard.js's. Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.answer import Answer
from assistant.web.copying import plain, rich

_MARKINGS = (
    ("none", "No marking"),
    ("OFFICIAL", "OFFICIAL"),
    ("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE"),
)
_FORMS = (("docx", "Word"), ("html", "Web page"), ("markdown", "Markdown"), ("json", "Evidence pack"))
_KINDS = (
    ("wrong", "It is wrong"),
    ("out of date", "It is out of date"),
    ("incomplete", "It is incomplete"),
    ("unclear", "It is unclear"),
    ("helpful", "It helped"),
)
_LONGEST_NAME = 90


def pass_on(answer: Answer, turn: int, *, record: str) -> str:
    """Copying and, where the answer is in the records, files."""
    body = (
        '<p class="b-buttons">'
        f'<button type="button" class="b-button" data-copy="plain" data-from="t{turn}-copy">Copy as plain text</button>'
        f'<button type="button" class="b-button" data-copy="rich" data-from="t{turn}-copy">Copy with formatting</button></p>'
        f'<p class="b-said" role="status" id="t{turn}-copied"></p>'
        f'<div hidden id="t{turn}-copy"><pre data-form="plain">{escape(plain(answer))}</pre>'
        f'<pre data-form="rich">{escape(rich(answer))}</pre></div>'
    )
    if record:
        body += files(record, f"t{turn}", "this answer")
    return _panel("b-passing-on", "Copy or save this answer" if record else "Copy this answer", body)


def save(answer: Answer, turn: int, *, record: str) -> str:
    """Files alone, for a page without a script."""
    return _panel("b-passing-on", "Save this answer", files(record, f"t{turn}", "this answer"))


def files(record: str, place: str, what: str) -> str:
    """A form that fetches an answer or a conversation as a file, under the marking chosen."""
    address = f"/export/{escape(record)}"
    buttons = "".join(
        f'<button type="submit" class="b-button" formaction="{address}.{form}">{words}</button>' for form, words in _FORMS
    )
    return (
        f'<form class="b-form b-files" method="get" action="{address}.docx"><fieldset class="b-group">'
        f"<legend>Protective marking on the file</legend>{_radios(f'{place}-marking', 'marking', _MARKINGS)}</fieldset>"
        f'<p class="b-form-name" id="{place}-files">Save {what} as</p>'
        f'<p class="b-buttons" role="group" aria-labelledby="{place}-files">{buttons}</p></form>'
    )


def feedback(answer: Answer, turn: int, *, record: str, sent_to: str = "") -> str:
    """A form for what is wrong, or right, with an answer or with one statement of it.

    Args:
        answer: What it is about.
        turn: Position in the conversation, which keeps ids apart.
        record: Name of the answer in the records.
        sent_to: Address that takes the form; "" where a script does.
    """
    place = f"t{turn}-feedback"
    about = [("", "The whole answer")]
    about += [(str(n), f"Statement {n + 1}: {_shortened(claim.text)}") for n, claim in enumerate(answer.claims)]
    kinds = "".join(
        f'<p class="b-choice-item"><input type="checkbox" id="{place}-kind-{n}" name="kinds" value="{value}">'
        f'<label for="{place}-kind-{n}">{words}</label></p>'
        for n, (value, words) in enumerate(_KINDS)
    )
    which = (
        f'<fieldset class="b-group"><legend>What is it about?</legend>{_radios(f"{place}-about", "claim", about)}</fieldset>'
        if answer.claims
        else ""
    )
    body = (
        f"{_form('feedback', sent_to, {'record': record, 'said': f'{place}-said'})}{which}"
        f'<fieldset class="b-group"><legend>What do you want to say?</legend>{kinds}</fieldset>'
        f'<p class="b-field"><label for="{place}-text">In your own words (optional)</label>'
        f'<span class="b-hint" id="{place}-hint">No personal or sensitive information.</span>'
        f'<textarea id="{place}-text" name="text" rows="3" maxlength="2000" aria-describedby="{place}-hint"></textarea></p>'
        f'<button type="submit" class="b-button">Send</button></form>'
        f'<div class="b-said" id="{place}-said" role="status"></div>'
    )
    return _panel("b-feedback", "Say what is wrong or right with this answer", body)


def change(answer: Answer, turn: int, *, sent_to: str = "") -> str:
    """A form to change a question and ask it again; `sent_to` as in `feedback`."""
    place = f"t{turn}-change"
    body = (
        f"{_form('ask_again', sent_to, {'turn': str(turn)})}"
        '<p class="b-field">'
        f'<label for="{place}">The question, changed</label><span class="b-hint" id="{place}-hint">'
        "The new answer replaces this one and those after it.</span>"
        f'<textarea id="{place}" name="question" rows="2" aria-describedby="{place}-hint">'
        f"{escape(answer.question)}</textarea>"
        '</p><button type="submit" class="b-button">Ask again</button></form>'
    )
    return _panel("b-change", "Change the question and ask again", body)


def _form(act: str, sent_to: str, values: Mapping[str, str]) -> str:
    """The beginning of a form that bernard.js sends, or the browser itself where an address is given."""
    if not sent_to:
        data = "".join(f' data-{name}="{escape(value)}"' for name, value in values.items())
        return f'<form class="b-form" data-act="{act}"{data}>'
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items())
    return f'<form class="b-form" method="post" action="{escape(sent_to)}">{hidden}'


def _panel(name: str, summary: str, body: str) -> str:
    return f'<details class="b-tool {name}"><summary>{summary}</summary><div class="b-tool-body">{body}</div></details>'


def _radios(place: str, name: str, options: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f'<p class="b-choice-item"><input type="radio" id="{place}-{n}" name="{name}" value="{escape(value)}"'
        f'{"" if n else " checked"}><label for="{place}-{n}">{escape(words)}</label></p>'
        for n, (value, words) in enumerate(options)
    )


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME].rsplit(" ", 1)[0] + "…"

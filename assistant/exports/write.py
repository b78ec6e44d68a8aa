"""One answer, or a whole conversation, as a file. Knows nothing of where answers are kept or files go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.errors import InputError
from assistant.exports.evidence import write_evidence
from assistant.exports.html import write_html
from assistant.exports.markdown import write_markdown
from assistant.exports.model import Exported, ExportForm, GivenAnswer, Talk, form_of, marking_of
from assistant.exports.paper import write_paper
from assistant.exports.text import file_name_of

_MEDIA_TYPES = {
    ExportForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ExportForm.HTML: "text/html; charset=utf-8",
    ExportForm.MARKDOWN: "text/markdown; charset=utf-8",
    ExportForm.JSON: "application/json",
}
_ENDINGS = {ExportForm.MARKDOWN: "md"}


def export(
    what: Talk | Sequence[GivenAnswer],
    form: ExportForm | str,
    *,
    marking: str = "",
    title: str = "",
    made_at: dt.datetime | None = None,
) -> Exported:
    """Write answers to a file.

    Args:
        what: A conversation, or answers in the order they are to stand in.
        form: What kind of file.
        marking: Protective marking, one of `Marking`; "" for none.
        title: "" for the conversation's own, or the first question.
        made_at: The date on it; None for now.

    Raises:
        InputError: The form or marking is unknown, or there is no answer to write.
    """
    form, chosen = form_of(form), marking_of(marking)
    given = list(what) if isinstance(what, Sequence) else list(what.exchanges)
    if not given:
        raise InputError("There is no answer in this conversation yet. Ask a question first.")
    if not title and not isinstance(what, Sequence):
        title = what.title
    title = title or given[0].answer.question
    moment = (made_at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    name = file_name_of(title, day=f"{moment:%Y-%m-%d}", ending=_ENDINGS.get(form, form))
    if form is ExportForm.JSON:
        content = write_evidence(given, title, marking=chosen, made_at=moment)
    else:
        paper = write_paper(given, title, marking=chosen, made_at=moment)
        if form is ExportForm.HTML:
            content = write_html(paper)
        elif form is ExportForm.MARKDOWN:
            content = write_markdown(paper)
        else:
            from assistant.exports.word import write_word

            content = write_word(paper)
    return Exported(name, _MEDIA_TYPES[form], content)

"""Has a language model write what was found in whole documents, from the passages that quotation chose; all is checked.

Comparisons are quoted only: a sentence on two documents cannot be checked against one. Knows nothing of who asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator

from assistant.answer.document_tasks import Task
from assistant.answer.events import Event, Finished, Stage, StageStarted
from assistant.answer.flow import Writer, marked
from assistant.answer.model import Answer, Notice
from assistant.answer.notices import drafting_notices, notices
from assistant.answer.prompt import fill, prompt_version
from assistant.answer.writing import Written, write
from assistant.settings import AnswerSettings


def written_from(
    task: Task, quoted: Answer, writer: Writer | None, settings: AnswerSettings
) -> Generator[Event, None, None]:
    """What happens while a model writes; the last event is the answer, quoted where it writes nothing that holds.

    Args:
        task: What was done.
        quoted: What quotation found.
        writer: The model and what checks its claims; None for none.
        settings: When something is old.
    """
    # A duty or a difference that a model passes over would be lost; what a summary passes over is its choice anyway.
    if writer is None or task is not Task.SUMMARISE or not quoted.claims:
        yield Finished(quoted)
        return
    yield StageStarted(Stage.WRITE)
    model = writer.model
    offered = quoted.sources[: model.settings.passages]
    prompt = fill(quoted.question, offered, today=dt.date.today(), room=model.room, count=model.count)
    written = yield from write(model, prompt, verify=writer.verify)
    yield Finished(_answer(quoted, written, model.name, settings))


def _answer(quoted: Answer, written: Written, model: str, settings: AnswerSettings) -> Answer:
    if not written.shown:
        told = drafting_notices(written, added=True)
        return quoted.model_copy(
            update={"notices": (*told, *quoted.notices), "withheld": written.withheld, "drafting": written.drafting}
        )
    told = drafting_notices(written, added=False)
    about = notices(written.sources, today=dt.date.today(), old_after_days=settings.old_after_days)
    return Answer(
        **{
            **{name: getattr(quoted, name) for name in type(quoted).model_fields},
            "claims": written.shown,
            "withheld": written.withheld,
            "sources": written.sources,
            "text": "\n\n".join(marked(claim) for claim in written.shown),
            "notices": (*told, *about, *(notice for notice in quoted.notices if notice.kind is Notice.PARTIAL)),
            "model": model,
            "prompt_version": prompt_version(),
            "drafting": written.drafting,
        }
    )

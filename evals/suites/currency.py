"""Old, undated, withdrawn, superseded, conflicting, or for another nation: is the reader told when it is so, and only then?

What is due is worked out from the documents in the index, apart from the answer's own account of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assistant.answer import Notice
from assistant.documents import Document
from evals.results import Measure, SampleResult, defined
from evals.suites.shared import answered, asked_as, shown_by
from evals.suites.suite import Asked, Suite

_OF_STANDING = frozenset(
    {Notice.OLD, Notice.UNDATED, Notice.WITHDRAWN, Notice.SUPERSEDED, Notice.OTHER_NATION, Notice.CONFLICT}
)
_OF_FACTS = frozenset({Notice.OLD, Notice.UNDATED, Notice.WITHDRAWN, Notice.SUPERSEDED})


def score(asked: Asked) -> SampleResult:
    """One case: the notices due beside its answer, and those given."""
    case = asked.case
    answer = asked.observer.ask(case, asked.set.guidance, epoch=asked.epoch).answer
    assistant = asked.observer.shelf.assistant(asked.set.guidance)
    given = {notice.kind for notice in answer.notices} & _OF_STANDING
    due: set[Notice] = set()
    if answered(answer):
        held = [asked.observer.document(source.passage_id, asked.set.guidance) for source in answer.sources]
        due = _due([one for one in held if one], assistant.settings.answer.old_after_days)
        due |= set(case.notices) - _OF_FACTS
        judged = _OF_STANDING if case.set in {"currency"} or case.notices else _OF_FACTS
        given &= judged
    shows = answered(answer)
    return SampleResult(
        suite="currency",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=asked_as(case),
        measures=defined(
            recall=(float(len(due & given)), float(len(due))),
            precision=(float(len(due & given)), float(len(given))),
            alarms=(float(bool(given - due)), float(shows)),
            from_this=(float(any(one.url.partition("#")[0] == case.url for one in answer.sources)), float(shows)),
        ),
        badness=1.0 if due - given else 0.6 if given - due else 0.0,
        why=_why(sorted(due - given), sorted(given - due)),
        shown=shown_by(answer),
        evidence=case.evidence,
    )


def _due(documents: Sequence[Document], old_after_days: int) -> set[Notice]:
    due = set()
    for document in documents:
        if document.withdrawn:
            due.add(Notice.WITHDRAWN)
        elif document.superseded_by:
            due.add(Notice.SUPERSEDED)
        elif document.updated is None:
            due.add(Notice.UNDATED)
        elif (dt.date.today() - document.updated).days > old_after_days:
            due.add(Notice.OLD)
    return due


def _why(missing: list[Notice], wrong: list[Notice]) -> str:
    told = [f"not said: {', '.join(missing)}"] if missing else []
    return "; ".join([*told, *([f"said without cause: {', '.join(wrong)}"] if wrong else [])])


SUITE = Suite(
    name="currency",
    asks="Is the reader told when guidance is old, undated, withdrawn, superseded, contradicted or for another nation?",
    measures=(
        Measure("recall", "due notices given", "Of the notices due beside an answer, by the index, the share given."),
        Measure("precision", "notices that were due", "Of the notices given, the share that was due."),
        Measure("alarms", "answers with a false notice", "Of the answers, those with a notice that was not due.", "low"),
        Measure("from_this", "answers from the page meant", "Whether a source is the page asked about.", "neither"),
    ),
    score=score,
    sets=("currency", "shipped", "conditionalqa"),
    select=lambda case: case.answerable,
)

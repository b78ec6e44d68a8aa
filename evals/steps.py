"""The steps of the benchmark: each system ingests and is asked, every step in a process of its own.

Knows nothing of what figures are wanted or how they are shown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputError
from evals.children import REPOSITORY, Finished, run_step
from evals.conditionalqa import Question, write_questions
from evals.records import BernardAsked, Ingested, QuickStartAsked, System
from evals.scoring import score_bernard, score_found


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    Attributes:
        paths: Folders of guidance.
        questions: Those to ask.
        held_only: Ask only questions whose page is in the index: parts of the guidance are measured.
        work: An empty folder for everything that is not kept.
        data_dir: Bernard's data folder.
    """

    paths: tuple[Path, ...]
    questions: tuple[Question, ...]
    held_only: bool
    work: Path
    data_dir: Path


def measure_bernard(plan: Plan) -> tuple[System, tuple[Question, ...]]:
    """Ingest, ingest again, ask; also gives the questions that were asked."""
    fresh = not (plan.data_dir / "index" / "manifest.sqlite3").is_file()
    tell("Bernard: ingesting" if fresh else f"Bernard: using the index in {plan.data_dir}")
    first = _bernard_ingest(plan)
    tell("Bernard: ingesting again, nothing changed")
    again = _bernard_ingest(plan)
    tell("Bernard: searching and answering")
    written, out = plan.work / "questions.jsonl", plan.work / "bernard.json"
    write_questions(written, plan.questions)
    held = ["--held"] if plan.held_only else []
    run_step(["-m", "evals.ask_bernard", *held, written, out], folder=plan.work, environment=_environment(plan))
    answered = BernardAsked.model_validate_json(out.read_text("utf-8"))
    scores = score_bernard(plan.questions, answered)
    if not scores:
        raise InputError("No question is about the guidance measured. Measure another folder, or all of it.")
    names = {item.id for item in scores}
    facts = answered.model_dump(include={"passages", "documents", "index_digest", "settings", "weights"})
    facts["reused_index_changed"] = not fresh and any(first.told[name] for name in ("added", "changed", "removed"))
    system = System(
        ingested=first if fresh else None, unchanged=again, open_seconds=answered.open_seconds, facts=facts, scores=scores
    )
    return system, tuple(question for question in plan.questions if question.id in names)


def _bernard_ingest(plan: Plan) -> Ingested:
    command: list[str | Path] = [REPOSITORY / "ingest.py", "--json", *plan.paths]
    done = run_step(command, folder=plan.work, environment=_environment(plan), accept=(0, 1))  # 1: some files failed
    ingested = _ingested(done)
    told = {name: value for name, value in ingested.told.items() if not name.endswith("_files")}
    return ingested.model_copy(update={"told": told})


def _environment(plan: Plan) -> dict[str, str]:
    return {"BERNARD_DATA_DIR": str(plan.data_dir)}


def measure_quick_start(plan: Plan, questions: Sequence[Question]) -> System:
    """Ingest, and search for the questions that Bernard was asked."""
    store, written, out = plan.work / "quick-start", plan.work / "asked.jsonl", plan.work / "quick-start.json"
    tell("Quick start: ingesting (with all of the guidance, ten minutes on two cores)")
    done = run_step(["-m", "evals.quick_start", "ingest", store, *plan.paths], folder=plan.work)
    tell("Quick start: searching")
    write_questions(written, questions)
    run_step(["-m", "evals.quick_start", "search", store, written, out], folder=plan.work)
    asked = QuickStartAsked.model_validate_json(out.read_text("utf-8"))
    return System(ingested=_ingested(done), open_seconds=asked.open_seconds, scores=score_found(questions, asked.found))


def _ingested(done: Finished) -> Ingested:
    told = json.loads(done.output.strip().splitlines()[-1])
    return Ingested(seconds=done.seconds, peak_mib=done.peak_mib, told=told)


def tell(message: str) -> None:
    """Say something that is no result."""
    print(message, file=sys.stderr, flush=True)

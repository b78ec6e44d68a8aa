"""Measures Bernard against LangChain's usual quick start: the same files, questions, model weights and machine.

    python -m evals.bench [--only FOLDER …] [--skip-baseline [EARLIER.json]] [--data-dir FOLDER] [--markdown]

Each step runs in a process of its own; this one only starts them, scores what they bring and shows the table. What the
figures mean is in docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from assistant.errors import BernardError, InputError
from evals import machine
from evals.children import REPOSITORY
from evals.conditionalqa import SET, Question, read_answerable
from evals.records import Report, System
from evals.report import as_text, put_into
from evals.scoring import rows
from evals.steps import Plan, measure_bernard, measure_quick_start, tell

_OUT = REPOSITORY / "data" / "bench.json"
_PAGE = REPOSITORY / "docs" / "benchmarks.md"
_FITTED = (
    "* The weights behind these figures were fitted on these questions. The cross-validated figures, from the run that "
    "fitted them ({fitted}), are the honest ones: no page is both fitted on and measured on."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, show, write. Returns the exit status: 0 measured, 2 not."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser().parse_args(given)
    try:
        with tempfile.TemporaryDirectory(prefix="bernard-bench-") as work:
            report = _measure(options, given, Path(work))
        print(as_text(report))
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(report.model_dump_json(indent=1) + "\n", "utf-8")
        tell(f"Every question's figures are in {options.out}.")
        if options.markdown:
            options.markdown.write_text(put_into(options.markdown.read_text("utf-8"), report), "utf-8")
            tell(f"The figures are in {options.markdown}.")
    except (BernardError, OSError) as error:
        tell(f"bench: {error}")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--shared", type=Path, default=REPOSITORY.parent / "shared", metavar="FOLDER",
        help="holds guidance/ and evals/ (default: ../shared beside the repository)",
    )  # fmt: skip
    parser.add_argument(
        "--only", action="append", default=[], metavar="FOLDER",
        help="measure this folder of guidance/ only, with the questions it answers; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--skip-baseline", nargs="?", type=Path, const=_OUT, metavar="EARLIER.json",
        help="take the quick start's figures from an earlier run (default: data/bench.json; without one, go without)",
    )  # fmt: skip
    parser.add_argument(
        "--data-dir", type=Path, metavar="FOLDER",
        help="keep Bernard's index here; one that is there is used again, and its ingest is not measured",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, default=_OUT, metavar="FILE", help="figures as JSON (default: data/bench.json)")
    parser.add_argument(
        "--markdown", nargs="?", type=Path, const=_PAGE, metavar="PAGE",
        help="write the figures into this page, between its marks (default: docs/benchmarks.md)",
    )  # fmt: skip
    return parser


def _measure(options: argparse.Namespace, given: Sequence[str], work: Path) -> Report:
    paths = _guidance(options.shared, options.only)
    guidance = machine.guidance(paths)
    earlier = _earlier(options.skip_baseline, guidance) if options.skip_baseline else None
    data_dir = options.data_dir.resolve() if options.data_dir else work / "data"
    here, with_what, commit = machine.machine(), machine.versions(), machine.commit(REPOSITORY)
    questions = tuple(read_answerable(options.shared / SET))
    plan = Plan(paths, questions, held_only=bool(options.only), work=work, data_dir=data_dir)
    bernard, asked = measure_bernard(plan)
    quick_start = earlier.quick_start if earlier else None
    if not options.skip_baseline:
        quick_start = measure_quick_start(plan, asked)
    return Report(
        date=dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        command=shlex.join(["python", "-m", "evals.bench", *given]),
        commit=commit,
        machine=here,
        versions=with_what,
        guidance=guidance,
        questions=len(asked),
        pages=len({question.url for question in asked}),
        rows=rows(bernard, quick_start),
        notes=_notes(plan, bernard, asked, earlier),
        bernard=bernard,
        quick_start=quick_start,
        quick_start_run=_about(earlier) if earlier else None,
    )


def _guidance(shared: Path, only: Sequence[str]) -> tuple[Path, ...]:
    """The folders to measure.

    Raises:
        InputError: They are not there.
    """
    root = shared.resolve() / "guidance"
    for needed in (root, shared.resolve() / SET):
        if not needed.exists():
            raise InputError(
                f"{needed} is not there. The benchmark needs the shared data, with guidance/ and {SET}; put it beside the "
                "repository as ../shared, or name its folder with --shared."
            )
    folders = sorted(path.name for path in root.iterdir() if path.is_dir())
    for name in only:
        if name not in folders:
            raise InputError(f"There is no folder {name!r} in {root}; there are {', '.join(folders)}.")
    return tuple(root / name for name in dict.fromkeys(only)) or (root,)


def _earlier(path: Path, guidance: dict[str, object]) -> Report | None:
    """An earlier run that measured the quick start on the same files; None when there was no run at all.

    Raises:
        InputError: It was measured on other files, or the file is not a run's.
    """
    if not path.exists() and path == _OUT:
        tell("There is no earlier run; the quick start is left out.")
        return None
    try:
        earlier = Report.model_validate_json(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"The earlier run in {path} cannot be read ({error.strerror or error}).") from None
    except ValidationError:
        raise InputError(f"{path} was not written by this benchmark, or by another version of it. Run it whole.") from None
    if earlier.quick_start and earlier.guidance["digest"] != guidance["digest"]:
        raise InputError(f"The quick start in {path} was measured on other files. Run it again without --skip-baseline.")
    return earlier


def _notes(plan: Plan, bernard: System, asked: Sequence[Question], earlier: Report | None) -> tuple[str, ...]:
    weights, settings = bernard.facts["weights"], bernard.facts["settings"]
    notes = [_FITTED.format(fitted=weights["fitted"])]
    if plan.held_only:
        notes.append("Only a part of the guidance was measured; the bars are for all of it.")
    if weights["data"]["index_digest"] != bernard.facts["index_digest"]:
        notes.append("The weights were fitted on another state of the index than the one measured here.")
    if len(asked) < len(plan.questions):
        notes.append(
            f"{len(plan.questions) - len(asked)} questions were not asked: their page is not in the guidance measured."
        )
    if bernard.ingested is None:
        notes.append("Bernard's index was made before this run, so its ingest was not measured.")
    if bernard.facts["reused_index_changed"]:
        notes.append("That index was not up to date and was brought up to date first.")
    if settings:
        notes.append("Settings changed: " + ", ".join(f"{name} = {value}" for name, value in settings.items()) + ".")
    if earlier and earlier.quick_start:
        about = _about(earlier)
        notes.append(
            f"The quick start was measured in an earlier run: {about['date']}, {about['processor']}, {about['cores']} cores."
        )
    return tuple(notes)


def _about(report: Report) -> dict[str, object]:
    """When and where the quick start was measured, through any number of runs that used it again."""
    if report.quick_start_run:
        return report.quick_start_run
    names = ("processor", "cores", "memory_gib", "load_at_start")
    return {"date": report.date, "versions": report.versions, **{name: report.machine[name] for name in names}}


if __name__ == "__main__":
    sys.exit(main())

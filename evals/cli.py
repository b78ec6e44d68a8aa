"""What may be typed after `bernard eval`, and how it ends. Knows nothing of how anything is measured.

Exit status: 0 done, 1 a gate was not passed, 2 nothing done and the reason on stderr.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.settings import load_settings


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit status."""
    options = build_parser().parse_args(arguments)
    options.typed = shlex.join(["bernard", "eval", *arguments])
    status: int = options.run(options)
    return status


def build_parser() -> argparse.ArgumentParser:
    """Everything that may be typed."""
    parser = argparse.ArgumentParser(
        prog="bernard eval", description="Measures how good the answers are. docs/evaluating.md explains every step."
    )
    verbs = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    _add_run(verbs)
    return parser


def _add(verbs: Any, name: str, *, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


def _add_run(verbs: Any) -> None:
    parser = _add(verbs, "run", run=_run, about="Ask the questions of suites, score the answers and write a scorecard.")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help="names of suites (none, or “all”: every one)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="your own questions: .csv, .xlsx or .jsonl")
    parser.add_argument("--set", dest="sets", action="append", default=[], metavar="NAME", help=argparse.SUPPRESS)
    parser.add_argument(
        "--only", action="append", default=[], metavar="SET", help="only this set of questions; may be repeated"
    )
    parser.add_argument("--limit", type=_count, default=0, metavar="N", help="most questions of a set in a suite")
    parser.add_argument("--seed", type=int, default=0, help="of every draw (default: 0)")
    parser.add_argument("--epochs", type=_count, default=1, metavar="N", help="ask everything N times (default: 1)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --out that was stopped")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="of the run (default: data/evals/runs/ and the time)")


def _run(options: argparse.Namespace) -> int:
    from evals.own_questions import read_questions
    from evals.running import Options, changes_from, run, tell
    from evals.suites.known import suites_named
    from evals.writing import write_scorecard

    settings = load_settings()
    suites = suites_named(options.suites)
    out = options.out or settings.data_dir / "evals" / "runs" / f"{dt.datetime.now():%Y-%m-%d-%H%M%S}"
    plan = Options(
        limit=options.limit,
        seed=options.seed,
        epochs=options.epochs,
        sets=tuple(options.only),
        own=read_questions(options.data) if options.data else None,
        changes=changes_from(options.sets, settings),
    )
    run(suites, out, plan, resume=options.resume, command=options.typed)
    written = write_scorecard(out)
    tell(f"Wrote {written}.")
    return 0


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return number

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

from assistant.errors import InputError
from assistant.settings import load_settings
from evals.command import as_kept


def main(arguments: Sequence[str]) -> int:
    """Run one verb; returns the exit status."""
    options = build_parser().parse_args(arguments)
    options.typed = as_kept(arguments)
    status: int = options.run(options)
    return status


def build_parser() -> argparse.ArgumentParser:
    """Everything that may be typed."""
    parser = argparse.ArgumentParser(
        prog="bernard eval", description="Measures how good the answers are. docs/evaluating.md explains every step."
    )
    verbs = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    _add_run(verbs)
    _add_list(verbs)
    _add_compare(verbs)
    _add_gate(verbs)
    _add_transparency(verbs)
    _add_review(verbs)
    _add_judge(verbs)
    _add_inspect(verbs)
    return parser


def _add(verbs: Any, name: str, *, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run)
    return parser


def _add_run(verbs: Any) -> None:
    parser = _add(verbs, "run", run=_run, about="Ask the questions of suites, score the answers and write a scorecard.")
    suites = "names of suites (none: every one but ablations; “all”: every one)"
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=suites)
    asked = parser.add_mutually_exclusive_group()
    asked.add_argument("--data", type=Path, metavar="FILE", help="your own questions: .csv, .xlsx or .jsonl")
    asked.add_argument(
        "--sets", type=Path, metavar="FOLDER", help="ask the public sets in this folder instead of the shipped questions"
    )
    parser.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="measure with this setting, such as search.bm25_weight=0; may be repeated (`bernard settings` lists them)",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="SET", help="only this set, shipped or public; may be repeated"
    )
    parser.add_argument("--limit", type=_count, metavar="N", help="most questions of a set in a suite")
    parser.add_argument("--seed", type=int, help="of every draw (default: 0)")
    parser.add_argument("--epochs", type=_count, metavar="N", help="ask everything N times (default: 1)")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run in --out that was stopped, as it was begun"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="of the run (default: data/evals/runs/ and the time)")


def _run(options: argparse.Namespace) -> int:
    from evals.gathering import Options
    from evals.own_questions import read_questions
    from evals.resuming import Typed, as_begun
    from evals.running import changes_from, run, tell
    from evals.suites.known import suites_named
    from evals.writing import write_scorecard

    settings = load_settings()
    typed = Typed.of(options)
    if options.resume and not options.out:
        raise InputError("Say with --out in which folder the run is that is to be gone on with.")
    out = options.out or settings.data_dir / "evals" / "runs" / f"{dt.datetime.now():%Y-%m-%d-%H%M%S}"
    if options.resume:
        typed = as_begun(typed, out, settings)
    if typed.data and typed.only:
        raise InputError("--only chooses among the shipped and public sets, and --data asks your own questions: give one.")
    suites = suites_named(list(typed.suites))
    plan = Options(
        limit=typed.limit or 0,
        seed=typed.seed or 0,
        epochs=typed.epochs or 1,
        sets=typed.only,
        own=read_questions(typed.data) if typed.data else None,
        changes=changes_from(typed.changes, settings),
        public=typed.public,
    )
    run(suites, out, plan, resume=options.resume, command=options.typed, chosen=typed.kept())
    written = write_scorecard(out)
    tell(f"Wrote {written}.")
    return 0


def _add_list(verbs: Any) -> None:
    _add(verbs, "list", run=_list, about="List the suites and the sets of questions, and say which sets are here.")


def _list(options: argparse.Namespace) -> int:
    from evals.sets import PUBLIC_SETS, SETS, is_there
    from evals.suites.known import SUITES

    for name, suite in SUITES.items():
        print(f"{name:<14}{suite.asks}\n{'':<14}sets: {', '.join(suite.sets)}")
    print()
    for name in SETS:
        public = "public, " if name in PUBLIC_SETS else "shipped, "
        print(f"{name:<18}{public}{'here' if is_there(name) else 'not here'}")
    return 0


def _add_compare(verbs: Any) -> None:
    about = "Compare two runs over the cases that both asked, and say which differences have been shown."
    parser = _add(verbs, "compare", run=_compare, about=about)
    parser.add_argument("first", type=Path, metavar="RUN", help="folder of the run to compare with")
    parser.add_argument("second", type=Path, metavar="RUN", help="folder of the run that may be better or worse")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def _compare(options: argparse.Namespace) -> int:
    from assistant.output import print_json
    from evals.comparing import as_table, compare
    from evals.run_folder import read_about, read_results
    from evals.suites.known import SUITES

    for run in (options.first, options.second):
        read_about(run)
    found = compare(read_results(options.first), read_results(options.second), SUITES)
    if options.json:
        print_json(found.model_dump(mode="json"))
    else:
        print(as_table(found, first=options.first.name, second=options.second.name))
    return 0


def _add_gate(verbs: Any) -> None:
    about = "Compare a run with the thresholds it must meet; exit status 1 when it falls short, with the list of where."
    parser = _add(verbs, "gate", run=_gate, about=about)
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--thresholds", type=Path, metavar="FILE", help="default: evals/thresholds.toml")
    parser.add_argument("--suite", action="append", default=[], metavar="SUITE", help="only its thresholds; may be repeated")


def _gate(options: argparse.Namespace) -> int:
    from evals.gate import THRESHOLDS, check, read_thresholds
    from evals.writing import read_scorecard

    thresholds = read_thresholds(options.thresholds or THRESHOLDS)
    outcomes = check(read_scorecard(options.folder).figures, thresholds, suites=options.suite)
    short = [one for one in outcomes if one.state != "met"]
    if not options.thresholds and all(one.state == "not measured" for one in outcomes):
        raise InputError(
            "None of the sets that these thresholds are for was asked in this run: they are for the shipped sets. Give "
            "thresholds for yours with --thresholds FILE; docs/evaluating.md says how."
        )
    for one in short:
        print(f"{one.told} ({one.threshold.why}).")
    print(f"{len(outcomes) - len(short)} of {len(outcomes)} thresholds met.")
    return 1 if short else 0


def _add_transparency(verbs: Any) -> None:
    about = "Draft an algorithmic transparency record (ATRS) from the settings in force and the scorecard of a run."
    parser = _add(verbs, "transparency", run=_transparency, about=about)
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")


def _transparency(options: argparse.Namespace) -> int:
    from evals.transparency import draft_record
    from evals.writing import read_scorecard

    text = draft_record(load_settings(), read_scorecard(options.folder))
    if options.out:
        options.out.write_text(text, "utf-8")
    else:
        print(text)
    return 0


def _add_review(verbs: Any) -> None:
    about = "Have people label answers and their claims, blind to what made them, and say how far they agree."
    parser = _add(verbs, "review", run=_review, about=about)
    parser.add_argument("folders", nargs="+", type=Path, metavar="RUN", help="folders of runs whose answers are labelled")
    parser.add_argument("--limit", type=_count, default=50, metavar="N", help="answers to label (default: 50)")
    parser.add_argument("--seed", type=int, default=0, help="of the order and the draw (default: 0)")
    parser.add_argument("--write", type=Path, metavar="CSV", help="write a table to fill in, instead of opening the page")
    parser.add_argument("--read", type=Path, metavar="CSV", help="keep the labels of a table that --rater filled in")
    parser.add_argument("--rater", default="", metavar="NAME", help="who filled in the table")
    parser.add_argument(
        "--agreement", action="store_true", help="say how far raters agree, with each other and with figures"
    )
    parser.add_argument("--port", type=int, default=0, help="of the page (default: a free one)")


def _review(options: argparse.Namespace) -> int:
    from evals.review_agreement import agreement_table, agreements
    from evals.review_tables import as_csv, read_labels
    from evals.reviewing import by_present_names, items_of, keep, kept
    from evals.run_folder import read_results
    from evals.running import tell

    runs = {str(folder.resolve()): read_results(folder) for folder in options.folders}
    items = items_of(runs, seed=options.seed)
    if not items:
        raise InputError("There are no answers to label: the runs included neither the suite “answers” nor “refusal”.")
    drawn = [one.item for one in list(items.values())[: options.limit]]
    labels = options.folders[0] / "labels.jsonl"
    if options.write:
        options.write.write_text(as_csv(drawn), "utf-8-sig")
        tell(f"Wrote {len(drawn)} answers with their statements to {options.write}. --read and --rater take it in.")
    elif options.read:
        if not options.rater:
            raise InputError("Say with --rater who filled in the table.")
        given, others = by_present_names(read_labels(options.read, options.rater), items)
        if others:
            raise InputError(
                f"{len(others)} rows are of other answers, such as {others[0].item}. Give the same runs as when the table "
                "was written."
            )
        keep(labels, given)
        claims = sum("." in label.item for label in given)
        tell(f"Kept the labels of {len(given) - claims} answers and {claims} statements in {labels}.")
    elif options.agreement:
        given, others = by_present_names(kept(labels), items)
        print(agreement_table(agreements(given, items)))
        if others:
            print(f"\n{len(others)} labels in {labels} are of answers that these runs do not have; they are not counted.")
    else:
        from evals.review_page import serve

        serve(list(items.values())[: options.limit], labels, port=options.port)
    return 0


def _add_judge(verbs: Any) -> None:
    about = "Have a language model grade the answers of a run; reported apart, with its agreement with people's labels."
    parser = _add(verbs, "judge", run=_judge, about=about)
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--model", required=True, metavar="PROVIDER:NAME", help="the judge, as in docs/models.md")
    parser.add_argument("--base-url", default="", metavar="URL", help="address of its server")
    parser.add_argument("--limit", type=_count, default=10_000, metavar="N", help="most answers to grade")
    parser.add_argument("--force", action="store_true", help="also where the judge wrote the answers")


def _judge(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from assistant.answer.language_model import make_language_model
    from evals.judging import judge_answers, judge_table, judged, labels_by_answer, read_judgements, refuse_own_work
    from evals.reviewing import kept
    from evals.run_folder import read_about, read_results

    refuse_own_work(options.model, read_about(options.folder).model, forced=options.force)
    settings = load_settings(model=options.model, generation={"base_url": options.base_url})
    model = make_language_model(settings)
    assert model is not None, "the judge is named"
    answers = [one for one in read_results(options.folder) if one.suite == "answers"]
    labels = labels_by_answer(str(options.folder.resolve()), answers, kept(options.folder / "labels.jsonl"))
    answers.sort(key=lambda one: (one.set, one.id) not in labels)  # first those that people have labelled
    results = answers[: options.limit]
    file = options.folder / "judge.jsonl"
    given = read_judgements(file, model.name)
    graded = {(one.set, one.id) for one in given}
    with file.open("a", encoding="utf-8") as kept_grades:
        left = [one for one in results if (one.set, one.id) not in graded]
        for one in tqdm(judge_answers(left, model), unit="answer", disable=None):
            kept_grades.write(one.model_dump_json() + "\n")
            kept_grades.flush()
            given.append(one)
    print(judge_table(judged(given, labels), options.model))
    return 0


def _add_inspect(verbs: Any) -> None:
    about = "Write a finished run as logs of Inspect, for `inspect view`; needs the package inspect-ai."
    parser = _add(verbs, "inspect", run=_inspect, about=about)
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")


def _inspect(options: argparse.Namespace) -> int:
    from evals.run_folder import read_about
    from evals.running import tell

    read_about(options.folder)
    try:
        from evals.inspect_tasks import put_into_inspect
    except ModuleNotFoundError:
        raise InputError(
            "Inspect is not installed. It needs older versions of some packages than Bernard is tested with, so give it an "
            "environment of its own: docs/evaluating.md says how."
        ) from None
    folder = put_into_inspect(options.folder)
    tell(f"Wrote {folder}. Look at it with: inspect view --log-dir {shlex.quote(str(folder))}")
    return 0


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return number

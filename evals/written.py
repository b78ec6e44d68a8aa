"""Has a small language model write answers to development questions, and shows what the check lets through.

    python -m evals.written [--questions N] [--out FILE.jsonl] [--leave-out FILE] [--shared FOLDER]

The model is SmolLM2 (135 million parameters), which makes things up in most answers: the figures say what the check does
with that, not how well it writes. Every claim, shown or withheld, is written to the file with the sources it was compared
with, to be read one by one. Ctrl+C ends it with the figures so far. BERNARD_DATA_DIR names the index; another model than
SmolLM2 is asked when BERNARD_MODEL names one.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from assistant.answer import Answer, Assistant, ClaimShown, ClaimWithheld, Finished
from assistant.errors import BernardError, InputError
from assistant.settings import Settings, load_settings
from evals.children import REPOSITORY
from evals.conditionalqa import SET, Question, read_answerable
from evals.machine import machine

_OUT = REPOSITORY / "data" / "written.jsonl"
_SEED = 20260101
_SMALL = {"max_tokens": 160, "context_tokens": 2048, "passages": 4, "timeout": 300.0, "longest": 900.0, "retries": 0}


@dataclass(slots=True)
class Figures:
    """What is counted over all answers; times in milliseconds, of claims that the model wrote."""

    questions: int = 0
    drafted_answers: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    drafted: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    filled_in: int = 0
    withheld: int = 0
    declined: int = 0
    forged: int = 0
    addresses: int = 0
    elsewhere: int = 0
    waited_ms: list[float] = field(default_factory=list)
    checking_ms: list[float] = field(default_factory=list)
    first_claim_ms: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, write, print. Returns the exit status: 0 measured, 2 not."""
    options = _parser().parse_args(arguments)
    try:
        asked = _asked(options.leave_out) if options.leave_out else frozenset[str]()
        fresh = [question for question in read_answerable(options.shared / SET) if question.id not in asked]
        questions = _sample(fresh, options.questions)
        before = machine()
        with ExitStack() as stack:
            bernard = stack.enter_context(Assistant.open(_settings(stack)))
            figures = _ask(bernard, questions, options.out)
            model = bernard.settings.model
    except (BernardError, OSError) as error:
        print(f"written: {error}", file=sys.stderr)
        return 2
    print(_table(figures, model))
    print(f"Machine: {before}")
    print(f"Every claim with its sources is in {options.out}.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.written", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=100, metavar="N", help="how many to ask (default: 100)")
    parser.add_argument("--out", type=Path, default=_OUT, metavar="FILE", help="claims (default: data/written.jsonl)")
    parser.add_argument(
        "--leave-out", type=Path, metavar="FILE", help="ask none of the questions whose claims are in this earlier FILE"
    )
    parser.add_argument(
        "--shared",
        type=Path,
        default=REPOSITORY.parent / "shared",
        metavar="FOLDER",
        help="holds evals/ (default: ../shared)",
    )
    return parser


def _sample(questions: Sequence[Question], count: int) -> list[Question]:
    """The same questions every time, from all over the set."""
    if count < 1:
        raise InputError(f"--questions is {count}; ask at least one.")
    if not questions:
        raise InputError("Every question of the set is among those left out.")
    return random.Random(_SEED).sample(list(questions), min(count, len(questions)))


def _asked(earlier: Path) -> frozenset[str]:
    return frozenset(json.loads(line)["id"] for line in earlier.read_text("utf-8").splitlines())


def _settings(stack: ExitStack) -> Settings:
    """The settings in force; with the small model served here where they name none."""
    settings = load_settings()
    if settings.model:
        return settings
    from tests.model_server import NAME, missing, served

    if reason := missing():
        raise InputError(f"The small model cannot be served: {reason}.")
    address = stack.enter_context(served())
    return load_settings(model=f"openai:{NAME}", generation={**_SMALL, "base_url": address})


def _ask(bernard: Assistant, questions: Sequence[Question], out: Path) -> Figures:
    figures = Figures()
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        try:
            for question in tqdm(questions, unit="question", disable=None):
                for line in _claims(bernard, question, figures):
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
        except KeyboardInterrupt:
            print(f"Stopped after {figures.questions} of {len(questions)} questions.", file=sys.stderr)
    return figures


def _claims(bernard: Assistant, question: Question, figures: Figures) -> Iterable[dict[str, Any]]:
    """One line a claim, of those that the model wrote."""
    lines: list[dict[str, Any]] = []
    answer: Answer | None = None
    for event in bernard.ask_events(question.text, id=question.id):
        if isinstance(event, Finished):
            answer = event.answer
        elif isinstance(event, ClaimShown | ClaimWithheld):
            if event.waited_ms:
                figures.waited_ms.append(event.waited_ms)
                figures.checking_ms.append(event.checking_ms)
                lines.append({"shown": isinstance(event, ClaimShown), **event.claim.model_dump(mode="json")})
            else:
                figures.filled_in += 1
    assert answer is not None, "the last event is the answer"
    _count(answer, lines, figures)
    sources = {source.number: source for source in answer.sources}
    offered = {} if answer.drafting is None else _texts(bernard, answer.drafting.offered)
    for line in lines:
        cited = [sources[citation["source"]] for citation in line["citations"]]
        yield {
            "id": question.id,
            "question": question.text,
            **line,
            "sources": [{"title": source.title, "url": source.url, "text": source.text} for source in dict.fromkeys(cited)],
            "offered": list(offered.values()) if not line["shown"] else [],
        }


def _texts(bernard: Assistant, passages: Sequence[str]) -> dict[str, str]:
    """The texts of passages by their ids, as long as they are in the index."""
    index = bernard.index
    wanted = set(passages)
    rows = {index.passage_id(row): row for row in range(len(index)) if index.passage_id(row) in wanted}
    stored = {name: (index.stored(row), row) for name, row in rows.items()}
    return {name: found.passages[found.rows.index(row)].text for name, (found, row) in stored.items()}


def _count(answer: Answer, lines: Sequence[dict[str, Any]], figures: Figures) -> None:
    figures.questions += 1
    figures.statuses[str(answer.status)] += 1
    figures.shown.update(line["verdict"] for line in lines if line["shown"])
    figures.withheld += sum(not line["shown"] for line in lines)
    if drafting := answer.drafting:
        figures.drafted_answers += 1
        figures.drafted += drafting.claims
        figures.forged += drafting.forged
        figures.addresses += drafting.addresses
        figures.elsewhere += drafting.elsewhere
        figures.declined += drafting.declined
    if (first := answer.timings_ms.get("first_claim")) is not None:
        figures.first_claim_ms.append(first)


def _table(figures: Figures, model: str) -> str:
    shown = sum(figures.shown.values())
    rows = [
        ("questions asked", str(figures.questions)),
        *((f"answers: {status}", str(count)) for status, count in figures.statuses.most_common()),
        (f"answers drafted by {model}", str(figures.drafted_answers)),
        ("drafts that decline", str(figures.declined)),
        ("claims drafted", str(figures.drafted)),
        ("claims shown", _share(shown, figures.drafted)),
        *((f"shown as {verdict}", _share(count, figures.drafted)) for verdict, count in figures.shown.most_common()),
        ("claims withheld", _share(figures.withheld, figures.drafted)),
        ("claims matched to another source than the one named", str(figures.elsewhere)),
        ("forged source numbers removed", str(figures.forged)),
        ("web addresses removed", str(figures.addresses)),
        ("quotations filled in", str(figures.filled_in)),
        ("last word to shown, p50 / p95", _times(figures.waited_ms)),
        ("of which Bernard's check, p50 / p95", _times(figures.checking_ms)),
        ("writing begun to first claim shown, p50 / p95", _times(figures.first_claim_ms)),
    ]
    return "\n".join(["| figure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _share(count: int, of: int) -> str:
    return f"{count} ({count / of:.0%})" if of else str(count)


def _times(milliseconds: Sequence[float]) -> str:
    if not milliseconds:
        return "–"
    middle, high = np.percentile(milliseconds, [50, 95])
    return f"{middle:.0f} / {high:.0f} ms (n={len(milliseconds)})"


if __name__ == "__main__":
    sys.exit(main())

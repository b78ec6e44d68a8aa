"""Measures the checker: what it lets through of corrupted guidance, what it withholds of true, and how long it takes.

    python -m evals.checker --guidance ../shared/guidance [--each 150] [--seed 1] [--misses FILE]

Statements are made anew, from the half of the guidance's files that the weights were not fitted on.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from assistant.grounding import Check, Checker, PassageText, Verdict
from assistant.index import make_token_embedder
from assistant.settings import load_settings
from evals.corruptions import KINDS, LEFT_OUT, STRUCTURAL
from evals.perturbations import Case, cases, read_guidance

FILES = 1200
LEAST_CAUGHT, LEAST_OF_KIND, MOST_WITHHELD = 0.95, 0.85, 0.05


@dataclass(frozen=True, slots=True)
class Result:
    """A case and what the checker said of it."""

    case: Case
    check: Check
    milliseconds: float

    @property
    def caught(self) -> bool:
        """Whether a corruption is not shown as supported; of what was left out (`LEFT_OUT`), "partly" will do."""
        partly = self.check.verdict is Verdict.PARTLY_SUPPORTED and self.case.kind in LEFT_OUT
        return partly or self.check.verdict is Verdict.UNSUPPORTED

    @property
    def missed(self) -> bool:
        """Whether the checker was wrong."""
        return self.check.verdict is Verdict.UNSUPPORTED if self.case.true else not self.caught


def measure(made: Sequence[Case], checker: Checker) -> list[Result]:
    """Check every case."""
    results = []
    for case in tqdm(made, desc="Checking", disable=None):
        passages = [PassageText(one.text, one.title, one.headings, one.context, one.extent) for one in case.passages]
        started = time.perf_counter()
        check = checker.verify(case.claim, passages)
        results.append(Result(case, check, (time.perf_counter() - started) * 1000))
    return results


def table(results: Sequence[Result]) -> list[str]:
    """Lines of Markdown: each kind of corruption, then the true statements, then the totals against their bars."""
    lines = ["| statements | n | caught | withheld | partly supported |", "| --- | --- | --- | --- | --- |"]
    for kind in (*KINDS, *STRUCTURAL):
        of = [result for result in results if result.case.kind == kind]
        if of:
            lines.append(_line(kind, of, caught=f"{_share(one.caught for one in of):.3f}"))
    true = [result for result in results if result.case.true]
    lines += [
        _line(f"true, {kind}", [result for result in true if result.case.kind == kind], caught="")
        for kind in ("verbatim", "paraphrase", "item")
    ]
    false = [result for result in results if not result.case.true]
    kinds = Counter(result.case.kind for result in false)
    least = min(_share(one.caught for one in false if one.case.kind == kind) for kind in kinds)
    times = sorted(result.milliseconds for result in results)
    return [
        *lines,
        "",
        f"- Corruptions caught: {_share(one.caught for one in false):.3f} (bar {LEAST_CAUGHT}), least of a kind {least:.3f} "
        f"(bar {LEAST_OF_KIND}).",
        f"- True statements withheld: {_share(one.missed for one in true):.3f} (bar {MOST_WITHHELD}).",
        f"- A check takes {np.median(times):.1f} ms (p50), {np.quantile(times, 0.95):.1f} ms (p95).",
    ]


def _line(name: str, of: Sequence[Result], *, caught: str) -> str:
    withheld = _share(one.check.verdict is Verdict.UNSUPPORTED for one in of)
    partly = _share(one.check.verdict is Verdict.PARTLY_SUPPORTED for one in of)
    return f"| {name} | {len(of)} | {caught} | {withheld:.3f} | {partly:.3f} |"


def _share(values: Iterable[bool]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else float("nan")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--guidance", type=Path, action="append", required=True, help="folder of guidance; may be repeated")
    parser.add_argument("--each", type=int, default=150, help="corruptions of each kind (default: 150)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=Path, help="write what the checker got wrong here, one JSON object a line")
    options = parser.parse_args()
    settings = load_settings()
    checker = Checker(make_token_embedder(settings.embedding, cache_dir=settings.data_dir / "models"))
    documents = read_guidance(options.guidance, most_files=FILES, seed=options.seed, half=1)
    made = cases(documents, each=options.each, seed=options.seed)
    results = measure(made, checker)
    print("\n".join(table(results)))
    if options.misses:
        options.misses.write_text("".join(map(_as_json, filter(lambda one: one.missed, results))), encoding="utf-8")
    return 0


def _as_json(result: Result) -> str:
    case, check = result.case, result.check
    line = {
        "kind": case.kind, "rule": case.rule, "sentence": case.sentence, "claim": case.claim, "verdict": check.verdict,
        "score": check.score, "reasons": check.reasons,
    }  # fmt: skip
    return json.dumps(line, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())

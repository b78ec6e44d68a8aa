"""Measures how Bernard bears many people at once: as many users as asked for, each with one question after another.

    python -m evals.load [--users 20] [--questions 10] [--way api|stream|plain|page] [--restart] [--browser] [--data-dir X]

Starts `bernard serve` over the index in the data folder, with records in a folder that goes afterwards. `--restart` kills
the server half-way, between questions, starts it again and looks for every answer given. `--browser` also times the first
page in Chromium. Exit status 1 when a question got no answer, or an answer was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from tqdm import tqdm

from assistant.errors import BernardError
from assistant.settings import load_settings
from evals import machine
from evals.children import REPOSITORY
from evals.server import Server, served
from evals.ways import WAYS

_QUESTIONS = REPOSITORY / "evals" / "data" / "corpus_questions.jsonl"
_PATIENCE = 120.0
_PAGES = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: how long its answer took, how it ended, and where it can be found again; `fault` when there is none."""

    seconds: float
    status: str = ""
    place: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured; seconds. `processor` is what processors worked for one question, whatever else they had to do."""

    machine: dict[str, Any]
    commit: str
    way: str
    users: int
    questions: int
    faults: int
    lost: int | None
    p50: float
    p95: float
    longest: float
    a_second: float
    processor: float
    statuses: dict[str, int]
    pages: dict[str, list[float]] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and show. Returns the exit status: 0 all answered, 1 not all, 2 not measured."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(data_dir=options.data_dir) if options.data_dir else load_settings()
        with tempfile.TemporaryDirectory(prefix="bernard-load-") as work, served(settings, Path(work)) as server:
            load = measure(server, options)
            if options.log:
                options.log.write_bytes(server.log.read_bytes())
    except (BernardError, OSError) as error:
        print(f"load: {error}", file=sys.stderr)
        return 2
    print(json.dumps(asdict(load), indent=1) if options.json else as_text(load))
    return 1 if load.faults or load.lost else 0


def measure(server: Server, options: argparse.Namespace) -> Load:
    """Ask everything of a server that runs."""
    stands_on = machine.machine()
    texts = _texts(options.file, options.users * options.questions)
    rounds = [texts[n * options.users : (n + 1) * options.users] for n in range(options.questions)]
    halves = [rounds[: len(rounds) // 2], rounds[len(rounds) // 2 :]] if options.restart else [rounds]
    _warm_up(server.address)
    pages = first_pages(server.address) if options.browser else {}
    asked: list[Asked] = []
    seconds = processor = 0.0
    for number, half in enumerate(halves):
        if number:
            server.kill()
            server.start()
            _warm_up(server.address)
        begun, worked = time.perf_counter(), server.processor_seconds()
        asked += asyncio.run(_ask_all(server.address, half, options.way))
        seconds += time.perf_counter() - begun
        processor += server.processor_seconds() - worked
    answered = [one for one in asked if not one.fault]
    lost = asyncio.run(_lost(server.address, answered)) if options.restart else None
    times = [one.seconds for one in answered] or [float("nan")]
    for fault, many in Counter(one.fault for one in asked if one.fault).most_common(5):
        print(f"load: {many} questions: {fault}", file=sys.stderr)
    return Load(
        machine=stands_on,
        commit=machine.commit(REPOSITORY),
        way=options.way,
        users=options.users,
        questions=len(asked),
        faults=len(asked) - len(answered),
        lost=lost,
        p50=round(float(np.percentile(times, 50)), 3),
        p95=round(float(np.percentile(times, 95)), 3),
        longest=round(max(times), 3),
        a_second=round(len(asked) / seconds, 2),
        processor=round(processor / len(asked), 3),
        statuses=dict(Counter(one.status for one in answered).most_common()),
        pages=pages,
    )


def as_text(load: Load) -> str:
    """The figures for people."""
    stands_on = load.machine
    kept = "" if load.lost is None else f", {load.lost} answers lost in a restart"
    parts = [
        f"{load.users} users at once, {load.questions} questions by {load.way}: {load.faults} without an answer{kept}",
        f"Seconds to the answer: p50 {load.p50:.2f}, p95 {load.p95:.2f}, longest {load.longest:.2f}; "
        f"{load.a_second:.1f} answers a second, {load.processor:.2f} seconds of a processor for each",
        "Ended: " + ", ".join(f"{status} {many}" for status, many in load.statuses.items()),
    ]
    parts += [f"{name} usable after {', '.join(f'{one:.2f}' for one in times)} s" for name, times in load.pages.items()]
    parts.append(
        f"On {stands_on['processor']}, {stands_on['cores']} cores, load {stands_on['load_at_start']} before; "
        f"commit {load.commit}"
    )
    return "\n".join(parts)


async def _ask_all(address: str, rounds: Sequence[Sequence[str]], way: str) -> list[Asked]:
    """Each user asks the questions of their place in every round, one after another."""
    users = len(rounds[0]) if rounds else 0
    bar = tqdm(total=sum(map(len, rounds)), desc="Asking", disable=None, leave=False)

    async def user(place: int) -> list[Asked]:
        async with httpx.AsyncClient(base_url=address, timeout=_PATIENCE, trust_env=False) as client:
            asked = []
            for texts in rounds:
                if place < len(texts):
                    asked.append(await _ask(client, texts[place], way))
                    bar.update()
            return asked

    found = await asyncio.gather(*(user(place) for place in range(users)))
    bar.close()
    return [one for asked in found for one in asked]


async def _ask(client: httpx.AsyncClient, question: str, way: str) -> Asked:
    begun = time.perf_counter()
    try:
        status, place = await WAYS[way](client, question)
    except (httpx.HTTPError, LookupError, ValueError) as error:
        return Asked(time.perf_counter() - begun, fault=f"{type(error).__name__}: {error}")
    return Asked(time.perf_counter() - begun, status, place)


async def _lost(address: str, answered: Sequence[Asked]) -> int:
    """How many answers that were given are no longer there."""
    async with httpx.AsyncClient(base_url=address, timeout=_PATIENCE, trust_env=False) as client:
        there = [(await client.get(one.place)).is_success for one in answered]
    return there.count(False)


def _warm_up(address: str) -> None:
    """The first questions load what later ones find loaded."""
    with httpx.Client(base_url=address, timeout=_PATIENCE, trust_env=False) as client:
        for _ in range(3):
            client.post("/api/ask", json={"question": "How long do we have to answer an FOI request?"}).raise_for_status()


def first_pages(address: str) -> dict[str, list[float]]:
    """Seconds from asking for a page until its question box can be typed in, in a new browser window each time."""
    from playwright.sync_api import sync_playwright

    boxes = {"/": "#question textarea", "/plain": "textarea#question"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        times: dict[str, list[float]] = {}
        for path, box in boxes.items():
            for _ in range(_PAGES):
                context = browser.new_context()
                page = context.new_page()
                begun = time.perf_counter()
                page.goto(address + path, wait_until="commit")
                page.locator(box).fill("x")
                times.setdefault(path, []).append(round(time.perf_counter() - begun, 2))
                context.close()
        browser.close()
    return times


def _texts(file: Path, many: int) -> list[str]:
    """As many questions as are asked for; those of the file, over and over."""
    held = [json.loads(line)["question"] for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [held[number % len(held)] for number in range(many)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evals.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--users", type=int, default=20, help="people who ask at once (default 20)")
    parser.add_argument("--questions", type=int, default=10, help="questions that each asks (default 10)")
    parser.add_argument("--way", choices=sorted(WAYS), default="api", help="how they ask (default api)")
    parser.add_argument("--file", type=Path, default=_QUESTIONS, help="questions, one JSON object with `question` a line")
    parser.add_argument("--data-dir", type=Path, help="data folder with the index (default: as the settings say)")
    parser.add_argument("--restart", action="store_true", help="kill the server half-way and look for every answer")
    parser.add_argument("--browser", action="store_true", help="time the first page in Chromium")
    parser.add_argument("--log", type=Path, help="keep the server's log in this file")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""Damages sound files in ways that parsers find hard, and says whether a reader bore it as it should.

Everything is drawn through Hypothesis, so that a failure is made small and can be made again. `python -m
tests.documents.fuzzing MINUTES FOLDER` goes on for as long as it is told, and keeps what fails.
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from assistant.documents.library import FORMATS, Found, Outcome, read_whole
from tests.documents.flow_maker import package
from tests.documents.fuzz_seeds import seeds
from tests.documents.fuzz_tokens import KINDS, TOKENS
from tests.documents.hostile.reasons import assert_plain
from tests.documents.quotable import assert_quotable

PACKAGES = (".docx", ".ods", ".odt", ".pptx", ".xlsm", ".xlsx")
MOST_SECONDS = 10
_AT_ONCE = 150


class Fault(AssertionError):
    """A reader did what it must not."""


def check(suffix: str, data: bytes) -> None:
    """Read a file and its enclosed files as an ingest does; all outcomes must be documents or reasons of our own.

    Raises:
        Fault: One is not, or it took too long.
    """
    started = time.process_time()
    outcomes = read_whole(Found(Path(f"/rules/fog signals{suffix}"), f"rules/fog signals{suffix}"), data)
    seconds = time.process_time() - started
    if seconds > MOST_SECONDS:
        raise Fault(f"took {seconds:.1f} seconds")
    if not outcomes or len({outcome.location for outcome in outcomes}) != len(outcomes):
        raise Fault("outcomes without a place of their own")
    for outcome in outcomes:
        _check_outcome(outcome)


def _check_outcome(outcome: Outcome) -> None:
    if "report this" in outcome.reason:
        raise Fault(outcome.reason)
    try:
        if outcome.document is None:
            assert_plain(outcome.reason)
        else:
            assert_quotable(outcome.document)
    except AssertionError as error:
        raise Fault(f"{outcome.relative}: {error!r} of {outcome.reason!r}") from error


def damaged(suffix: str) -> st.SearchStrategy[bytes]:
    """Files of a format, damaged; those of packages in their parts, so that the damage reaches the parsers."""
    if suffix in PACKAGES:
        return st.one_of(_damaged_packages(suffix), _damaged_packages(suffix), _damaged_bytes(suffix, seeds()[suffix]))
    spliced = st.sampled_from(sorted(seeds())).map(lambda other: seeds()[other])
    return st.one_of(
        _damaged_bytes(suffix, seeds()[suffix]),
        _damaged_bytes(suffix, seeds()[suffix]),
        _spliced(suffix, spliced),
        _grown(suffix),
    )


@st.composite
def _damaged_bytes(draw: st.DrawFn, suffix: str, data: bytes, kind: str = "") -> bytes:
    """A file with bytes flipped, taken out, doubled, moved, put in."""
    made = bytearray(data)
    tokens = st.sampled_from(TOKENS[kind or KINDS.get(suffix, "bytes")]) | st.sampled_from(TOKENS["bytes"])
    for _ in range(draw(st.integers(1, 12))):
        start = draw(st.integers(0, len(made)))
        end = min(len(made), start + draw(st.integers(0, 8) | st.integers(0, 200)))
        match draw(st.sampled_from(("put in", "take out", "double", "flip", "move", "replace", "repeat", "cut"))):
            case "put in":
                made[start:start] = draw(tokens)
            case "take out":
                del made[start:end]
            case "double":
                made[end:end] = made[start:end]
            case "flip" if start < len(made):
                made[start] ^= 1 << draw(st.integers(0, 7))
            case "move":
                part, place = made[start:end], draw(st.integers(0, len(made)))
                del made[start:end]
                made[place:place] = part
            case "replace":
                made[start:end] = draw(tokens)
            case "repeat":
                made[start:start] = draw(tokens) * draw(st.integers(2, 300))
            case "cut" if draw(st.integers(0, 5)) == 0:
                del made[start:]
    return bytes(made)


@st.composite
def _spliced(draw: st.DrawFn, suffix: str, others: st.SearchStrategy[bytes]) -> bytes:
    """The beginning of a file and the end of another."""
    one, other = seeds()[suffix], draw(others)
    return one[: draw(st.integers(0, len(one)))] + other[draw(st.integers(0, len(other))) :]


@st.composite
def _grown(draw: st.DrawFn, suffix: str) -> bytes:
    """What the marks of a format make when they are strung together with words."""
    tokens = st.sampled_from((*TOKENS[KINDS.get(suffix, "bytes")], b"fog ", b"Signals ", b"12 ", b" ", "é£—".encode()))
    body = b"".join(draw(st.lists(tokens, max_size=60)))
    return {".rtf": b"{\\rtf1 ", ".eml": b"From: a@b\r\n", ".pdf": b"%PDF-1.7\n"}.get(suffix, b"") + body


@st.composite
def _damaged_packages(draw: st.DrawFn, suffix: str) -> bytes:
    """A package with one or two of its parts damaged, taken out, exchanged or taken from another format."""
    parts = dict(unpacked(suffix))
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(parts)))
        match draw(st.sampled_from(("damage", "damage", "damage", "remove", "exchange", "foreign"))):
            case "damage":
                parts[name] = draw(_damaged_bytes(suffix, parts[name], "markup"))
            case "remove" if len(parts) > 1:
                del parts[name]
            case "exchange":
                parts[name] = parts[draw(st.sampled_from(sorted(parts)))]
            case "foreign":
                other = unpacked(draw(st.sampled_from(PACKAGES)))
                parts[name] = other[draw(st.sampled_from(sorted(other)))]
    return package(parts)


def unpacked(suffix: str) -> Mapping[str, bytes]:
    """The parts of the sound package of a format."""
    with zipfile.ZipFile(io.BytesIO(seeds()[suffix])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def attempt(suffix: str, *, examples: int) -> tuple[str, bytes] | None:
    """Fuzz one format with new random files; gives what a reader did not bear, made small, and the file."""
    kept: list[bytes] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
    )
    @given(damaged(suffix))
    def bears(data: bytes) -> None:
        try:
            check(suffix, data)
        except Fault:
            kept.append(data)
            raise

    try:
        bears()
    except (Fault, HypothesisException) as error:
        return str(error), kept[-1] if kept else b""
    return None


def main() -> int:
    """Fuzz every format in turn until the time is over; prints and keeps what fails, and goes on."""
    minutes, folder = float(sys.argv[1]), Path(sys.argv[2])
    end, tried, faults = time.monotonic() + 60 * minutes, 0, set[tuple[str, str]]()
    for suffix in cycle(sys.argv[3:] or FORMATS):
        if time.monotonic() > end:
            break
        tried += _AT_ONCE
        found = attempt(suffix, examples=_AT_ONCE)
        if found is not None and (suffix, found[0]) not in faults:
            faults.add((suffix, found[0]))
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{len(faults)}{suffix}"
            path.write_bytes(found[1])
            print(f"{path}: {found[0]}", flush=True)
    print(f"{tried:,} files read; {len(faults)} faults.", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

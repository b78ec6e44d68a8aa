"""Public sets of claims that people have labelled, as the checker gets them: AttributionBench, WiCE and SummEdits.

A record may hold several sentences; the checker gets them one by one and the record's score is the least of theirs. Knows
nothing of the checker.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.grounding import PassageText, sentences
from evals.perturbations import Case

_MARKERS = re.compile(r"\s*(?:\[\d+\])+")
_SUMMEDITS = ("news", "podcast", "qmsumm")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim with the text it is checked against.

    Attributes:
        set: Which set it is of.
        part: Which part of the set: the origin of the claim, or the domain.
        group: What stands or falls together: claims on one question or one text.
        claims: Its sentences.
        passages: What they may rest on.
        label: The set's own label.
        supported: Whether people say that the text bears it out, wholly.
    """

    set: str
    part: str
    group: str
    claims: tuple[str, ...]
    passages: tuple[PassageText, ...]
    label: str
    supported: bool


def attributionbench(folder: Path) -> list[Labelled]:
    """Claims of four systems' answers with the references they cite (Li et al., ACL Findings 2024)."""
    return [
        Labelled(
            "attributionbench",
            record["src_dataset"],
            record["question"],
            _cut(_MARKERS.sub("", record["claim"])),
            tuple(PassageText(text) for text in record["references"]),
            record["attribution_label"],
            record["attribution_label"] == "attributable",
        )
        for record in _records(folder / "attributionbench" / "dev.jsonl")
    ]


def wice(folder: Path) -> list[Labelled]:
    """Sentences of Wikipedia with the pages they cite (Kamoi et al., EMNLP 2023)."""
    return [
        Labelled(
            "wice",
            "wice",
            str(number),
            _cut(record["claim"]),
            (PassageText("\n".join(record["evidence"])),),
            record["label"],
            record["label"] == "supported",
        )
        for number, record in enumerate(_records(folder / "wice" / "dev.jsonl"))
    ]


def summedits(folder: Path) -> list[Labelled]:
    """Summaries with small edits, some of which change what they say (Laban et al., EMNLP 2023)."""
    return [
        Labelled(
            "summedits",
            part,
            hashlib.sha256(record["doc"].encode()).hexdigest(),
            _cut(record["summary"]),
            (PassageText(record["doc"]),),
            str(record["label"]),
            record["label"] == 1,
        )
        for part in _SUMMEDITS
        for record in _records(folder / "summedits" / f"{part}.jsonl")
    ]


def _cut(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentences(text))


def _records(path: Path) -> Iterator[Any]:
    if not path.is_file():
        raise InputError(f"There is no {path}. Name the folder that holds the sets with --sets.")
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def from_cases(made: Sequence[Case]) -> list[Labelled]:
    """Statements of guidance, true and corrupted."""
    return [
        Labelled(
            "guidance",
            case.kind,
            case.document,
            (case.claim,),
            tuple(
                PassageText(given.text, given.title, given.headings, given.context, given.extent) for given in case.passages
            ),
            case.kind,
            case.true,
        )
        for case in made
    ]

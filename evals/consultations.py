"""Consultations whose themes are known: what was said, which themes were planted in it, what people said of each response.

Reads sets as they lie in a folder, and the invented consultation that ships with Bernard. Knows nothing of who finds themes.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.consult import Position, Theme
from assistant.consult.stances import closed_position

LIBRARY = Path(__file__).parents[1] / "assistant" / "consult" / "demo" / "planted.json"
"""What was planted in the invented consultation; its responses lie beside it."""
_QUESTIONS = ("1", "2")  # of i.AI's gambling consultation
_NO_THEME = ("X", "Y")
"""Letters in the topics of themefinder that stand for "none of the above" and "no reason given"."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The responses to one open question, and the themes that are known to be in them.

    Attributes:
        part: Which question of its set.
        asked: The question, where the file does not say.
        texts: The responses by their identifiers, in the order of the file.
        themes: The planted themes, worded as an analyst would approve them.
        gold: Themes of each response, by its identifier.
        positions: Where people, or the respondents themselves, say that a response stands; by its identifier.
        rich: Whether people say that a response brings evidence, by its identifier.
        campaigns: The campaign that a response is of, by its identifier.
        file: What the room reads; None where the set is only mapped.
        is_private: The words are patients' own and are shown nowhere.
    """

    part: str
    asked: str
    texts: Mapping[str, str]
    themes: tuple[Theme, ...]
    gold: Mapping[str, frozenset[str]]
    positions: Mapping[str, Position] = field(default_factory=dict)
    rich: Mapping[str, bool] = field(default_factory=dict)
    campaigns: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """The arguments for or against one topic, and the key points they may say.

    Attributes:
        name: The topic with its side.
        arguments: Texts.
        points: Texts.
        labels: Whether an argument says a key point, by their places; not every pair is labelled.
    """

    name: str
    arguments: tuple[str, ...]
    points: tuple[str, ...]
    labels: Mapping[tuple[int, int], bool]


def library(path: Path) -> list[Planted]:
    """The invented consultation."""
    planted = json.loads(path.read_text("utf-8"))
    file = path.with_name("responses.csv")
    rows = rows_of(file)
    headings = list(rows[0])
    closed, opened = (next(one for one in headings if one.startswith(start)) for start in ("Do you agree", "Why"))
    names = {f"T{number}": name for number, name in enumerate(planted["themes"], start=1)}
    members = {key: set(planted["themes"][name]) for key, name in names.items()}
    ids = [row["Response ID"] for row in rows]
    sides = {row["Response ID"]: closed_position(row[closed]) for row in rows}
    return [
        Planted(
            part="library",
            asked="",
            texts={row["Response ID"]: row[opened] for row in rows},
            themes=tuple(Theme(key, name, "") for key, name in names.items()),
            gold={one: frozenset(key for key, held in members.items() if one in held) for one in ids},
            positions={one: side for one, side in sides.items() if side is not None},
            campaigns={one: name for name, held in planted["campaigns"].items() for one in held},
            file=file,
        )
    ]


def themefinder(folder: Path) -> list[Planted]:
    """i.AI's invented consultation on gambling: two questions, 100 responses each."""
    base = folder / "gambling_XS"
    found = []
    for number in _QUESTIONS:
        out = base / "outputs" / "mapping" / "2025-07-22" / f"question_part_{number}"
        file = base / "inputs" / f"question_part_{number}" / "responses.jsonl"
        topics = [one for one in json.loads((out / "themes.json").read_text("utf-8")) if _is_theme(one["topic_id"])]
        themes = tuple(Theme(one["topic_id"], *one["topic"].split(": ", 1)) for one in topics)
        said = {str(one["response_id"]): one["position"] for one in lines_of(out / "sentiment.jsonl")}
        detail = {str(one["response_id"]): one["evidence_rich"] for one in lines_of(out / "detail_detection.jsonl")}
        sides = set(said.values())
        found.append(
            Planted(
                part=f"question {number}",
                asked=json.loads((file.parent / "question.json").read_text("utf-8"))["question_text"],
                texts={str(one["response_id"]): one["response"] for one in lines_of(file)},
                themes=themes,
                gold={str(one["response_id"]): frozenset(one["labels"]) for one in lines_of(out / "mapping.jsonl")},
                # The second question asks for ideas: all are labelled "agree", and nobody could disagree.
                positions={key: Position[side] for key, side in said.items()} if len(sides) > 1 else {},
                rich={key: value == "YES" for key, value in detail.items()},
                file=file,
            )
        )
    return found


def _is_theme(topic: str) -> bool:
    return not any(letter in topic for letter in _NO_THEME)


def nhs(path: Path) -> list[Planted]:
    """Patients' comments with hand-coded labels, which stand for approved themes by their names alone."""
    rows = [row for row in rows_of(path) if not row["Labelling not possible"] and row["FFT answer"].strip()]
    columns = list(rows[0])
    names = [name for name in columns[columns.index("Not assigned") + 1 :] if name != "Labelling not possible"]
    names = [name for name in names if any(row[name] == "1" for row in rows)]
    keyed = {str(number): row for number, row in enumerate(rows)}
    return [
        Planted(
            part="comments",
            asked="",
            texts={key: row["FFT answer"] for key, row in keyed.items()},
            themes=tuple(Theme(name, name, "") for name in names),
            gold={key: frozenset(name for name in names if row[name] == "1") for key, row in keyed.items()},
            is_private=True,
        )
    ]


def key_points(folder: Path) -> list[Topic]:
    """IBM's arguments and key points, development part (Key Point Analysis shared task, 2021)."""
    arguments, points = rows_of(folder / "arguments_dev.csv"), rows_of(folder / "key_points_dev.csv")
    labelled = {(row["arg_id"], row["key_point_id"]): row["label"] == "1" for row in rows_of(folder / "labels_dev.csv")}
    found = []
    for topic, stance in sorted({(row["topic"], row["stance"]) for row in arguments}):
        said = [row for row in arguments if (row["topic"], row["stance"]) == (topic, stance)]
        held = [row for row in points if (row["topic"], row["stance"]) == (topic, stance)]
        labels = {
            (at, k): labelled[a["arg_id"], b["key_point_id"]]
            for (at, a), (k, b) in itertools.product(enumerate(said), enumerate(held))
            if (a["arg_id"], b["key_point_id"]) in labelled
        }
        texts = tuple(row["argument"] for row in said), tuple(row["key_point"] for row in held)
        found.append(Topic(f"{topic}, {'for' if stance == '1' else 'against'}", *texts, labels))
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, by their headings."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())

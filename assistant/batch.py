"""Many questions from one file, one result a line into another (JSON lines).

The whole file is checked before any work starts. Results go to OUT.partial, which becomes OUT at the end: an old OUT stays
whole until then, and an interrupted run leaves what it finished. Knows nothing of what is done with a question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.answer import Question
from assistant.errors import InputError

_MOST_FAULTS_SHOWN = 5

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a batch; `id` is given back as it came, a number as a number."""

    id: str | int
    question: Question


def read_questions(path: Path) -> list[Asked]:
    """Read and check a file with one JSON object a line: `id`, `question` and, if wanted, `history`.

    Raises:
        InputError: The file cannot be read, or lines of it are no questions; names the lines.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The questions in {path} cannot be read: {error.strerror or error}.") from None
    asked: list[Asked] = []
    faults: list[str] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            try:
                asked.append(_question(line))
            except ValueError as error:
                faults.append(f"line {number}: {error}")
    if faults:
        more = f"\n  and {len(faults) - _MOST_FAULTS_SHOWN} more" if len(faults) > _MOST_FAULTS_SHOWN else ""
        shown = "".join(f"\n  {fault}" for fault in faults[:_MOST_FAULTS_SHOWN])
        raise InputError(f"Nothing was asked, since these lines of {path} are no questions:{shown}{more}")
    if not asked:
        raise InputError(f'There are no questions in {path}. Give one a line, such as {{"id": "1", "question": "…"}}.')
    return asked


def run_batch(questions: list[Asked], out: Path, *, work: Callable[[Question], Line]) -> int:
    """Do `work` on each question in order and write its results; returns how many there were.

    Raises:
        InputError: OUT cannot be written.
        KeyboardInterrupt: Passed on with a message that says where the finished results are.
    """
    from tqdm import tqdm

    partial = partial_file(out)
    done = 0
    try:
        with partial.open("w", encoding="utf-8") as file:
            for asked in tqdm(questions, unit="question", disable=None):
                line = {**work(asked.question), "id": asked.id}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                file.flush()
                done += 1
        partial.replace(out)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Stopped after {done} of {len(questions)} questions; they are in {partial}.") from None
    except OSError as error:
        raise InputError(f"The results cannot be written to {partial}: {error.strerror or error}.") from None
    return done


def check_output(questions: Path, out: Path) -> None:
    """Find out that results cannot be written before work is done for them.

    Raises:
        InputError: OUT is a folder, its folder is missing, it is the file of questions, or it cannot be written.
    """
    if out.is_dir():
        raise InputError(f"{out} is a folder. Give the name of a file with --out.")
    if out.exists() and questions.exists() and out.samefile(questions):
        raise InputError(f"The results would take the place of the questions in {questions}. Name another file with --out.")
    partial = partial_file(out)
    kept = partial.exists()  # what an earlier run finished stays until this one starts to write
    try:
        partial.touch()
        if not kept:
            partial.unlink()
    except OSError as error:
        raise InputError(f"The results cannot be written to {out}: {error.strerror or error}.") from None


def partial_file(out: Path) -> Path:
    """Where results are kept until all are there."""
    return out.with_name(f"{out.name}.partial")


def read_history(value: object) -> list[dict[str, object]]:
    """The turns of a conversation as given in JSON; what else a turn carries is passed over.

    Raises:
        ValueError: It is not a list of objects.
    """
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(turn, dict) for turn in value):
        raise ValueError('"history" is not a list of {"role", "content"}')
    return [{name: turn[name] for name in ("role", "content") if name in turn} for turn in value]


def is_text(text: str) -> bool:
    """False when there are halves of characters in a text, which cannot be written down."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _question(line: bytes) -> Asked:
    """Parse one line; a ValueError says what is wrong with it."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON ({error.msg} at character {error.pos + 1})") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError('is not a JSON object with "id" and "question"')
    for name, kinds in (("id", (str, int)), ("question", (str,))):
        if name not in value:
            raise ValueError(f'has no "{name}"')
        if not isinstance(value[name], kinds) or isinstance(value[name], bool):
            raise ValueError(f'"{name}" is {json.dumps(value[name])[:40]}, not text')
    try:
        history = read_history(value.get("history"))
        question = Question.model_validate({"id": str(value["id"]), "question": value["question"], "history": history})
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise ValueError(f"{place}: {fault['msg'][0].lower()}{fault['msg'][1:]}") from None
    if not is_text(json.dumps(question.model_dump(), ensure_ascii=False)):
        raise ValueError("has half of a character in it, such as \\ud83d without its other half")
    return Asked(value["id"], question)

"""The questions that ship with the project, over the notes in corpus/: read, and checked against the notes.

    python -m evals.shipped [--questions FOLDER] [--corpus FOLDER]

prints how many there are of each type and says, by file and line, what is wrong. Evidence must stand, word for word, in a
document as the product's own readers read it. Knows nothing of who is asked or of scores.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.answer import Notice, Status
from assistant.documents import Document
from assistant.documents.library import FORMATS, find_files, load_file, read_file
from assistant.errors import BernardError, InputError
from evals.children import REPOSITORY

QUESTIONS = REPOSITORY / "evals" / "data" / "shipped"
"""Where the questions are: one JSON object a line, in as many .jsonl files as one likes."""
CORPUS = REPOSITORY / "corpus"
"""The notes that they are about."""

_ANSWERED = {Status.ANSWERED, Status.PARTLY_ANSWERED}
_MOST_FAULTS = 40  # told at once
Text = Annotated[str, Field(min_length=1, pattern=r"^\S(?:.*\S)?$")]
"""One line without space around it."""


class Kind(StrEnum):
    """What a question tries."""

    LOOKUP = "lookup"
    CONDITION = "condition"
    MULTI_SOURCE = "multi_source"
    DATE = "date"
    NUMBER = "number"
    COMPARISON = "comparison"
    PROCEDURE = "procedure"
    DEFINITION = "definition"
    NOT_IN_GUIDANCE = "not_in_guidance"
    OFF_TOPIC = "off_topic"
    OUT_OF_SCOPE = "out_of_scope"
    FOLLOW_UP = "follow_up"
    CLARIFY = "clarify"
    CURRENCY = "currency"
    MESSY = "messy"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecondReader(_Value):
    """What a second reading said.

    Attributes:
        reader: Who read; a language model is called one.
        verdict: "agreed", "corrected" where something was changed because of it, or "unread".
        note: What was found or changed; "" for nothing.
    """

    reader: Text
    verdict: Annotated[str, Field(pattern="^(?:agreed|corrected|unread)$")]
    note: str = ""


class ShippedQuestion(_Value):
    """A question and what a good answer to it is.

    Attributes:
        id: Unique; never given to another question.
        type: What it tries.
        question: As asked; may have several lines.
        history: The person's earlier questions in the conversation, oldest first.
        expected_status: How a good answer ends. Where it is "answered", "partly answered" is no error.
        documents: Paths of the documents that hold the evidence, "corpus/…", the main one first. Where nothing answers: the
            documents that come nearest, if any.
        url: Address of the first document; "" when there is none.
        evidence: Sentences, list items with their lead-ins and table rows that the answer rests on, word for word.
        also: Sentences that say the same as some of the evidence, or support it: showing them is no error.
        answer: A short answer for comparison; None where there is none.
        conditions: What a complete answer must mention: a few words each, out of the evidence, in any case of letters.
        notices: Kinds of notice that are due beside an answer, apart from those that every answer from a note has.
        second_reader: What the second reading said.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]+(?:-[a-z]+)*-\d{3}$")]
    type: Kind
    question: Annotated[str, Field(min_length=1)]
    history: tuple[Text, ...] = ()
    expected_status: Status
    documents: tuple[Text, ...]
    url: str
    evidence: tuple[Text, ...]
    also: tuple[Text, ...] = ()
    answer: Text | None
    conditions: tuple[Text, ...] = ()
    notices: tuple[Notice, ...] = ()
    second_reader: SecondReader

    @property
    def answerable(self) -> bool:
        """Whether the notes answer it."""
        return self.expected_status in _ANSWERED

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.answerable and not (self.documents and self.evidence and self.answer):
            raise ValueError("it is to be answered, and lacks documents, evidence or an answer")
        if not self.answerable and (self.evidence or self.also or self.answer or self.conditions or self.notices):
            raise ValueError(
                f"it is to end as “{self.expected_status}”, and yet has evidence, an answer or what goes with one"
            )
        said = [sentence.casefold() for sentence in self.evidence]
        if unsaid := [words for words in self.conditions if not any(words.casefold() in sentence for sentence in said)]:
            raise ValueError(f"no sentence of its evidence has the condition “{unsaid[0]}”")
        if self.type is Kind.FOLLOW_UP and not self.history:
            raise ValueError("it is a follow-up without a history")
        if bool(self.documents) != bool(self.url):
            raise ValueError("it needs documents and the url of the first, or neither")
        return self


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the files of questions.

    Attributes:
        place: File and line.
        what: What is wrong, in words.
    """

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    question: ShippedQuestion


def load_shipped(folder: Path = QUESTIONS, corpus: Path = CORPUS) -> list[ShippedQuestion]:
    """All shipped questions, checked, in the order of files and lines.

    Raises:
        InputError: A file cannot be read or something in it is wrong; the message lists every fault, by file and line.
    """
    questions, faults = examine(folder, corpus)
    if faults:
        shown = [str(fault) for fault in faults[:_MOST_FAULTS]]
        more = [f"… and {len(faults) - len(shown)} more"] if len(faults) > len(shown) else []
        raise InputError("\n".join([f"The questions in {folder} cannot be used as they are:", *shown, *more]))
    return questions


def examine(folder: Path = QUESTIONS, corpus: Path = CORPUS) -> tuple[list[ShippedQuestion], list[Fault]]:
    """The questions that can be read, and everything that is wrong with them or with the rest.

    Raises:
        InputError: A file or folder cannot be read at all.
    """
    lines, faults = _read(folder)
    faults += _check(lines, read_corpus(corpus))
    return [line.question for line in lines], faults


def read_corpus(corpus: Path = CORPUS) -> dict[str, Document]:
    """The documents that questions are about, as the product reads them, by path below the folder and with its name.

    Raises:
        InputError: The folder is missing, or a document in it cannot be read.
    """
    documents = {}
    for found in find_files([corpus]):
        if found.path.suffix.lower() in FORMATS:
            outcome = read_file(found, load_file(found))
            if outcome.document is None:
                raise InputError(f"{found.location} cannot be read: {outcome.reason}.")
            documents[found.relative] = outcome.document
    return documents


def _read(folder: Path) -> tuple[list[_Line], list[Fault]]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise InputError(f"There are no questions in {folder}: it has no .jsonl file.")
    lines, faults = [], []
    for file in files:
        for number, text in _lines_of(file):
            place = f"{file.name}, line {number}"
            try:
                lines.append(_Line(place, ShippedQuestion.model_validate(json.loads(text))))
            except json.JSONDecodeError as error:
                faults.append(Fault(place, f"this is not JSON ({error.msg} at character {error.pos + 1})"))
            except ValidationError as error:
                faults += [Fault(place, what) for what in _plainly(error)]
    return lines, faults


def _lines_of(file: Path) -> Iterator[tuple[int, str]]:
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError:
        raise InputError(f"{file} is not UTF-8 text; save it as UTF-8.") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _plainly(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_url=False):
        where = ".".join(str(part) for part in detail["loc"])
        message = detail["msg"].removeprefix("Value error, ")
        yield f"{where}: {message}" if where else message


def _check(lines: Sequence[_Line], documents: dict[str, Document]) -> list[Fault]:
    faults = [*_repeated(lines)]
    blocks = {path: _quotable(document) for path, document in documents.items()}
    for line in lines:
        faults += [Fault(line.place, f"{line.question.id}: {what}") for what in _against(line.question, documents, blocks)]
    return faults


def _repeated(lines: Sequence[_Line]) -> Iterator[Fault]:
    ids: dict[str, str] = {}
    asked: dict[tuple[str, ...], str] = {}
    for line in lines:
        question = line.question
        if (first := ids.setdefault(question.id, line.place)) != line.place:
            yield Fault(line.place, f"the id {question.id} is in {first} already")
        key = tuple(" ".join(words.casefold().split()) for words in (*question.history, question.question))
        if (first := asked.setdefault(key, line.place)) != line.place:
            yield Fault(line.place, f"{question.id}: the same question is in {first} already")


def _quotable(document: Document) -> tuple[str, ...]:
    return tuple(document.quote(block) for block in document.blocks)


def _against(question: ShippedQuestion, documents: dict[str, Document], blocks: dict[str, tuple[str, ...]]) -> Iterator[str]:
    unknown = [path for path in question.documents if path not in documents]
    if unknown:
        yield f"there is no document {', '.join(unknown)}"
        return
    if question.documents and question.url != documents[question.documents[0]].url:
        yield f"the url is not that of {question.documents[0]}, which is {documents[question.documents[0]].url}"
    used = set()
    missing = []
    for sentence in (*question.evidence, *question.also):
        holding = {path for path in question.documents if any(sentence in block for block in blocks[path])}
        used |= holding
        if not holding:
            missing.append(sentence)
    yield from (f"this stands in none of its documents, word for word: “{sentence}”" for sentence in missing)
    idle = [path for path in question.documents if path not in used]
    if question.answerable and idle and not missing:
        yield f"none of its evidence is from {', '.join(idle)}"


def table(questions: Sequence[ShippedQuestion]) -> str:
    """How many questions there are of each type, and how many of them the notes answer."""
    counts = Counter(question.type for question in questions)
    answerable = Counter(question.type for question in questions if question.answerable)
    rows = [("type", "questions", "answerable")]
    rows += [(str(kind), str(counts[kind]), str(answerable[kind])) for kind in Kind if counts[kind]]
    rows.append(("all", str(len(questions)), str(sum(answerable.values()))))
    asked_of = {path for question in questions if question.answerable for path in question.documents}
    lines = [f"{kind:<18}{count:>10}{answered:>12}" for kind, count, answered in rows]
    return "\n".join([*lines, "", f"Documents with an answerable question: {len(asked_of)}"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Check and count. Returns the exit status: 0 sound, 1 something is wrong, 2 nothing could be read."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.shipped", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=Path, default=QUESTIONS, metavar="FOLDER", help="default: evals/data/shipped")
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="FOLDER", help="default: corpus")
    options = parser.parse_args(arguments)
    try:
        questions, faults = examine(options.questions, options.corpus)
    except BernardError as error:
        print(f"shipped: {error}", file=sys.stderr)
        return 2
    print(table(questions))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

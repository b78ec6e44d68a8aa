"""The development questions of ConditionalQA: people describe their situation and ask about one GOV.UK page.

Data from Sun, Cohen and Salakhutdinov, "ConditionalQA: A Complex Reading Comprehension Dataset with Conditional Answers"
(ACL 2022). Knows nothing of who is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from assistant.errors import InputError

SET = Path("evals") / "conditionalqa" / "questions.jsonl"
"""Where the questions are below the shared folder."""


class Question(BaseModel):
    """A question with what answers it.

    Attributes:
        text: The situation and the question, as they are asked.
        url: The page that answers.
        evidence: Its paragraphs, list items and table rows that the answer rests on; none when it does not answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: str
    url: str
    evidence: tuple[str, ...]


def read_answerable(path: Path) -> list[Question]:
    """The questions that their page answers.

    Raises:
        InputError: The file is missing or is not such a set.
    """
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        questions = [_question(line) for line in lines if line["answerable"] and line["evidence"]]
    except OSError as error:
        raise InputError(f"The questions in {path} cannot be read ({error.strerror or error}).") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} is not a set of ConditionalQA questions ({type(error).__name__}: {error}).") from None
    if not questions:
        raise InputError(f"No question in {path} is answerable.")
    return questions


def _question(line: dict[str, object]) -> Question:
    return Question.model_validate(
        {
            "id": line["id"],
            "text": f"{line['scenario']} {line['question']}",
            "url": line["url"],
            "evidence": line["evidence"],
        }
    )


def write_questions(path: Path, questions: Iterable[Question]) -> None:
    """Write questions for another process; see `load_questions`."""
    path.write_text("".join(f"{question.model_dump_json()}\n" for question in questions), "utf-8")


def load_questions(path: Path) -> list[Question]:
    """Read what `write_questions` wrote."""
    return [Question.model_validate_json(line) for line in path.read_text("utf-8").splitlines()]

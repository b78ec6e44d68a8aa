"""A language model as a judge of relevance and completeness: optional, apart from what is measured, not of its own work.

A grade that cannot be read counts as no grade. Knows nothing of who labels by hand; `reviewing` compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer.language_model import LanguageModel
from assistant.errors import InputError
from evals.metrics import Estimate, Pair, alpha_with_interval, estimate_ratio
from evals.results import SampleResult
from evals.reviewing import Label, by_present_names, items_of, without_scores
from evals.scorecard_markdown import shown

GRADES = ("yes", "partly", "no")
_WORTH = {"yes": 1.0, "partly": 0.5, "no": 0.0}
_SYSTEM = (Path(__file__).with_name("data") / "judge.txt").read_text("utf-8")
_GRADE = re.compile(r"^\W*(relevant|complete)\W+(yes|partly|no)\b", re.IGNORECASE | re.MULTILINE)


class Judgement(BaseModel):
    """What the judge said of one answer; "" where its grade could not be read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set: str
    id: str
    cluster: str
    judge: str
    relevant: str = ""
    complete: str = ""
    said: str = ""


class Judged(BaseModel):
    """A figure from a judge, kept apart from those that are measured.

    Attributes:
        value: Mean of yes (1), partly (.5) and no (0).
        graded: Answers with a grade.
        unscored: Answers whose grade could not be read.
        agreement: With people's labels, where there are any.
        labelled: Answers that both have graded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    question: str
    value: Estimate
    graded: int
    unscored: int
    agreement: Estimate
    labelled: int


def refuse_own_work(judge: str, writer: str, *, forced: bool = False) -> None:
    """Stop a model from judging what it wrote itself.

    Raises:
        InputError: It did, and was not forced to.
    """
    if judge == writer and not forced:
        raise InputError(
            f"{judge} wrote these answers, and a model thinks well of its own work. Name another judge, or give --force and "
            "say so wherever you show the figures."
        )


def judge_answers(results: Sequence[SampleResult], model: LanguageModel) -> Iterator[Judgement]:
    """Grade the answers of a run, one after the other; refusals are not graded.

    Raises:
        LanguageModelFailed: The judge could not be reached.
    """
    for result in results:
        if result.suite != "answers" or result.epoch or not result.shown.startswith(("answered", "partly answered")):
            continue
        gold = "\n".join(result.evidence) or "(not given)"
        asked = f"Question:\n{result.question}\n\nThe guidance says:\n{gold}\n\nAnswer:\n{without_scores(result.shown)}"
        said = "".join(piece.text for piece in model.write(_SYSTEM, asked))
        grades = {name.lower(): grade.lower() for name, grade in _GRADE.findall(said)}
        yield Judgement(
            set=result.set, id=result.id, cluster=result.cluster, judge=model.name, said=said[:500],
            relevant=grades.get("relevant", ""), complete=grades.get("complete", ""),
        )  # fmt: skip


def read_judgements(path: Path, judge: str) -> list[Judgement]:
    """What a judge has said already, so that grading goes on where it broke off; a line that was cut off is passed over."""
    found = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        with suppress(ValidationError):
            found.append(Judgement.model_validate_json(line))
    return [one for one in found if one.judge == judge]


def judged(judgements: Sequence[Judgement], labels: dict[tuple[str, str], list[Label]]) -> list[Judged]:
    """The judge's figures, and how far it agrees with people.

    Args:
        judgements: Of one judge.
        labels: People's labels, by set and id of the answer.
    """
    found = []
    for question, label in (("relevant", "helpful"), ("complete", "complete")):
        graded = [one for one in judgements if getattr(one, question)]
        pairs: list[Pair] = [(_WORTH[getattr(one, question)], 1.0) for one in graded]
        both = []
        for one in graded:
            values = [value for given in labels.get((one.set, one.id), []) if (value := getattr(given, label))]
            if values:
                both.append((max(sorted(values), key=values.count), getattr(one, question)))
        found.append(
            Judged(
                question=question,
                value=estimate_ratio([a for a, _ in pairs], [b for _, b in pairs], [one.cluster for one in graded]),
                graded=len(graded),
                unscored=len(judgements) - len(graded),
                agreement=alpha_with_interval(both),
                labelled=len(both),
            )
        )
    return found


def labels_by_answer(
    run: str, results: Sequence[SampleResult], labels: Sequence[Label], *, seed: int = 0
) -> dict[tuple[str, str], list[Label]]:
    """People's labels by the set and id of the answer that each is of."""
    items = items_of({run: results}, seed=seed)
    found: dict[tuple[str, str], list[Label]] = {}
    for label in by_present_names(labels, items)[0]:
        if label.item in items:
            of = items[label.item].result
            found.setdefault((of.set, of.id), []).append(label)
    return found


def judge_table(found: Sequence[Judged], judge: str) -> str:
    """A judge's figures as Markdown, with the warning that goes with them."""
    lines = [
        f"Graded by {judge}. These are a model's opinions: they stand beside what is measured and never in its place.",
        "",
        "| question | mean grade | graded | unscored | agreement with people (alpha) | answers both graded |",
        "|---|---|---|---|---|---|",
    ]
    for one in found:
        value, agreement = shown(one.value, "share"), shown(one.agreement, "share")
        lines.append(f"| {one.question} | {value} | {one.graded} | {one.unscored} | {agreement} | {one.labelled} |")
    return "\n".join(lines)

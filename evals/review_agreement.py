"""How far people agree with each other, and with what the evaluations measured. Knows nothing of pages or tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from evals.metrics import Estimate, alpha_with_interval
from evals.results import SampleResult
from evals.reviewing import CLAIM_LABELS, LABELS, Answered, Label
from evals.scorecard_markdown import shown
from evals.suites.checking import BORNE_OUT

_NO_LABEL = "cannot tell"


class Agreement(BaseModel):
    """How far raters agree with each other, or with an automatic figure, on one question.

    Attributes:
        with_whom: "each other", or the name of the figure.
        items: Answers, or claims, that two or more have labelled.
        same: Of those, the ones on which all say the same; chance alone makes many where one label is rare.
        alpha: Krippendorff's, nominal, with its interval, for which documents are drawn whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    question: str
    with_whom: str
    items: int
    same: int
    alpha: Estimate


def agreements(labels: Sequence[Label], items: Mapping[str, Answered]) -> list[Agreement]:
    """How far raters agree with each other, and their majority with what the evaluations measured."""
    clusters = {name: one.result.cluster for one in items.values() for name in (one.item.item, *one.item.claim_items())}
    found = []
    for question in (*LABELS, *CLAIM_LABELS):
        by_item: dict[str, list[str]] = defaultdict(list)
        for label in labels:
            value = getattr(label, question)
            if label.item in clusters and value and value != _NO_LABEL:
                by_item[label.item].append(value)
        several = {item: values for item, values in by_item.items() if len(values) > 1}
        found.append(_agreement(question, "each other", several, clusters))
        for figure, measure in _AUTOMATIC[question].items():
            pairs = {
                item: [max(sorted(values), key=values.count), measured]
                for item, values in by_item.items()
                if (measured := measure(items[item.partition(".")[0]], item))
            }
            found.append(_agreement(question, figure, pairs, clusters))
    return found


def _agreement(question: str, whom: str, values: Mapping[str, Sequence[str]], clusters: Mapping[str, str]) -> Agreement:
    return Agreement(
        question=question,
        with_whom=whom,
        items=len(values),
        same=sum(len(set(one)) == 1 for one in values.values()),
        alpha=alpha_with_interval(list(values.values()), [clusters[item] for item in values]),
    )


def _figure(suite: str, name: str) -> Callable[[Answered, str], str]:
    """A figure of an answer as a label: "yes" from .999, "no" at 0, "partly" between; "" where it has none."""

    def measured(one: Answered, item: str) -> str:
        result = one.results.get(suite)
        return _as_label(*result.measures[name]) if result and name in result.measures else ""

    return measured


def _as_label(above: float, below: float) -> str:
    value = above / below
    return "yes" if value > 0.999 else "no" if value < 0.001 else "partly"


def _as_due(one: Answered, item: str) -> str:
    """Whether it was answered where the guidance answers, and refused where not."""
    result = one.results.get("refusal")
    return ("yes" if result.expected == result.got else "no") if result else ""


def _verdicts(one: Answered, item: str) -> str:
    claims = _claims(one.result)
    return _as_label(sum(claim["verdict"] in BORNE_OUT for claim in claims), len(claims)) if claims else ""


def _verdict(one: Answered, item: str) -> str:
    claim = _claims(one.result)[int(item.partition(".")[2]) - 1]
    return "yes" if claim["verdict"] in BORNE_OUT else "no"


def _judged_anew(one: Answered, item: str) -> str:
    claim = _claims(one.result)[int(item.partition(".")[2]) - 1]
    result = one.results.get("grounding")
    return ("no" if claim["text"] in result.details["unsupported"] else "yes") if result else ""


def _claims(result: SampleResult) -> list[dict[str, str]]:
    return list(result.details.get("claims", ()))


_AUTOMATIC: dict[str, dict[str, Callable[[Answered, str], str]]] = {
    "helpful": {"evidence recall": _figure("answers", "recall"), "answered or refused as was due": _as_due},
    "supported": {"verdicts shown": _verdicts, "citation recall": _figure("grounding", "citation_recall")},
    "complete": {"evidence F1": _figure("answers", "f1")},
    "borne_out": {"verdict shown": _verdict, "citation recall": _judged_anew},
}


def agreement_table(found: Sequence[Agreement]) -> str:
    """Agreements as Markdown."""
    lines = ["| question | agreement with | labelled | the same | Krippendorff's alpha |", "|---|---|---|---|---|"]
    lines += [
        f"| {one.question} | {one.with_whom} | {one.items} | {one.same} | {shown(one.alpha, 'share')} |" for one in found
    ]
    return "\n".join(
        [
            *lines,
            "",
            "1 is full agreement, 0 what chance would bring; below .667 conclusions are not safe. Undefined where only one "
            "label was used: that may be no more than habit. `borne_out` is of single statements, without “cannot tell”.",
        ]
    )

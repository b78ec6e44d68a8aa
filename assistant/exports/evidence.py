"""The evidence pack as JSON: every answer whole, with the verdicts once more at the top. Knows nothing of papers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from assistant.exports.model import GivenAnswer, Marking
from assistant.exports.paper import version


def write_evidence(given: Sequence[GivenAnswer], title: str, *, marking: Marking, made_at: dt.datetime) -> bytes:
    """Answers as one JSON object; half a character, which JSON alone can hold, is written as an escape."""
    pack = {
        "title": title,
        "marking": str(marking),
        "made_at": _moment(made_at),
        "version": version(),
        "answers": [_answer(one) for one in given],
    }
    return json.dumps(pack, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace")


def _answer(given: GivenAnswer) -> dict[str, Any]:
    answer = given.answer
    shown = [(claim, True) for claim in answer.claims] + [(claim, False) for claim in answer.withheld]
    return {
        "id": given.id,
        "given_at": _moment(given.given_at),
        "verdicts": [
            {"claim": claim.text, "verdict": str(claim.verdict), "score": claim.score, "shown": is_shown}
            for claim, is_shown in shown
        ],
        "answer": answer.model_dump(mode="json"),
    }


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

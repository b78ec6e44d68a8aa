"""A language model may judge answers: not its own, apart from what is measured, and an unreadable grade is no grade."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.answer.language_model import LanguageModel, make_language_model
from assistant.errors import InputError
from assistant.settings import Settings
from evals.judging import judge_answers, judged, read_judgements, refuse_own_work
from evals.results import SampleResult
from evals.reviewing import Label

REPLIES = {"Question 0": "relevant: yes\ncomplete: Partly", "Question 1": "Relevant: **no**", "Question 2": "I like it."}


class _Judge(BaseHTTPRequestHandler):
    """A server that speaks as OpenAI does and grades by the question."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text = asked["messages"][-1]["content"]
        reply = next(reply for question, reply in REPLIES.items() if question in text)
        piece = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "judge"}
        chosen = {"index": 0, "delta": {"role": "assistant", "content": reply}, "finish_reason": None}
        end = {"index": 0, "delta": {}, "finish_reason": "stop"}
        lines = [json.dumps({**piece, "choices": [one]}) for one in (chosen, end)]
        body = "".join(f"data: {line}\n\n" for line in (*lines, "[DONE]")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def judge() -> Iterator[LanguageModel]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Judge) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/v1"
        made = make_language_model(Settings(model="openai:judge", generation={"base_url": address}))
        assert made is not None
        yield made
        server.shutdown()


def answer(number: int, status: str = "answered") -> SampleResult:
    return SampleResult(
        suite="answers",
        set="own",
        id=str(number),
        cluster=str(number),
        question=f"Question {number}",
        shown=f"{status} (x)\n• Y.",
    )


def test_grades_are_read_and_what_cannot_be_read_is_no_grade(judge: LanguageModel) -> None:
    given = list(judge_answers([answer(0), answer(1), answer(2), answer(3, "not in the guidance")], judge))
    assert [(one.relevant, one.complete) for one in given] == [("yes", "partly"), ("no", ""), ("", "")]
    relevant, complete = judged(given, {})
    assert (relevant.value.mean, relevant.graded, relevant.unscored) == (0.5, 2, 1)
    assert (complete.value.mean, complete.graded, complete.unscored) == (0.5, 1, 2)
    assert math.isnan(relevant.agreement.mean)


def test_the_judge_is_compared_with_people(judge: LanguageModel) -> None:
    given = list(judge_answers([answer(0), answer(1)], judge))
    labels: Callable[[str, str], list[Label]] = lambda item, value: [Label(item=item, rater="HA", helpful=value)]  # noqa: E731
    relevant, _ = judged(given, {("own", "0"): labels("a", "yes"), ("own", "1"): labels("b", "no")})
    assert (relevant.agreement.mean, relevant.labelled) == (1.0, 2)


def test_no_model_judges_its_own_work_unless_forced() -> None:
    with pytest.raises(InputError, match="thinks well of its own work"):
        refuse_own_work("openai:a", "openai:a")
    refuse_own_work("openai:a", "openai:a", forced=True)
    refuse_own_work("openai:b", "openai:a")


def test_grading_goes_on_where_it_broke_off(judge: LanguageModel, tmp_path: Path) -> None:
    [first] = judge_answers([answer(0)], judge)
    other = first.model_copy(update={"judge": "another"})
    file = tmp_path / "judge.jsonl"
    file.write_text(f"{first.model_dump_json()}\n{other.model_dump_json()}\n{first.model_dump_json()[:30]}", "utf-8")
    assert read_judgements(file, judge.name) == [first]
    assert read_judgements(tmp_path / "none.jsonl", judge.name) == []

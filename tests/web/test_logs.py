from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from assistant.errors import IndexMissing
from assistant.web.logs import JsonLine, PlainLine


def record(
    message: str = "A question was answered", *, error: BaseException | None = None, **told: object
) -> logging.LogRecord:
    held = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("assistant.web.observed", logging.INFO, "x.py", 1, message, (), held)
    made.created = 1_700_000_000.25
    if told:
        made.told = told
    return made


def raised(error: Exception) -> Exception:
    try:
        try:
            raise ValueError("a secret question")
        except ValueError:
            raise error from None
    except Exception as caught:  # noqa: BLE001 - whatever was given
        return caught


def test_a_line_is_one_json_object_with_its_facts() -> None:
    line = JsonLine().format(record(status="answered", stages={"total": 1.5}))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.250Z",
        "level": "info",
        "logger": "assistant.web.observed",
        "message": "A question was answered",
        "status": "answered",
        "stages": {"total": 1.5},
    }


def test_a_plain_line_has_the_same() -> None:
    line = PlainLine().format(record(status="not in the guidance", claims=0))
    assert line == (
        '2023-11-14T22:13:20.250Z INFO assistant.web.observed: A question was answered status="not in the guidance" claims=0'
    )


def test_a_question_in_a_line_cannot_make_another_line() -> None:
    for line in (PlainLine, JsonLine):
        assert "\n" not in line().format(record(question="x\n2023-11-14 ERROR forged"))


@pytest.mark.parametrize("line", [PlainLine, JsonLine])
def test_an_error_is_told_by_kind_and_place_and_its_words_only_where_they_are_our_own(line: type[PlainLine]) -> None:
    told = line().format(record(error=raised(RuntimeError("a secret question"))))
    assert "RuntimeError" in told
    assert "in raised" in told
    assert "secret" not in told.replace('ValueError("a secret question")', "")
    assert "Run: bernard ingest" in line().format(record(error=raised(IndexMissing("Run: bernard ingest"))))


def test_they_are_told_where_questions_may_be_in_the_log() -> None:
    assert "RuntimeError: asked" in JsonLine(has_questions=True).format(record(error=raised(RuntimeError("asked"))))


def test_an_error_is_told_with_those_that_led_to_it() -> None:
    try:
        try:
            int("x")
        except ValueError as error:
            raise RuntimeError("y") from error
    except RuntimeError as caught:
        told = PlainLine().format(record(error=caught))
    assert told.index("ValueError") < told.index("which led to:") < told.index("RuntimeError")


SET_UP = """
import logging, sys, warnings
from assistant.settings import WebSettings
from assistant.web.logs import set_up_log
set_up_log(WebSettings(log_format="json"))
logging.getLogger("assistant.x").info("ours")
logging.getLogger("httpx").info("not ours")
logging.getLogger("httpx").warning("a warning")
logging.getLogger("uvicorn.error").error("of the server")
print("not the log")
"""


def test_the_log_of_a_server_holds_our_lines_and_the_warnings_of_others() -> None:
    done = subprocess.run([sys.executable, "-c", SET_UP], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["message"] for line in lines] == ["ours", "a warning", "of the server"]
    assert done.stdout == "not the log\n"

"""End to end with a real language model, served as OpenAI does: small enough to make things up in most answers.

What it writes differs from machine to machine; what must hold does not.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping

import pytest
from pydantic import SecretStr

from assistant.answer import (
    Answer,
    Assistant,
    ClaimShown,
    ClaimWithheld,
    Event,
    Finished,
    Notice,
    Stage,
    StageStarted,
    Status,
    Turn,
    Verdict,
)
from assistant.answer.language_model import Failure, explain, make_language_model, try_out
from assistant.doctor import Severity, examine
from assistant.errors import LanguageModelFailed
from assistant.settings import Settings
from tests.model_server import NAME, served

pytestmark = pytest.mark.slow

LEAVE = "How many days of paid leave do lighthouse keepers have?"
QUESTIONS = [LEAVE, "How long must the fog log be kept?", "Where must lamp oil be stored?"]


def with_model(settings: Settings, address: str, **generation: object) -> Settings:
    """The same settings with the small model, and little for it to read and write."""
    given = {"base_url": address, "max_tokens": 60, "context_tokens": 900, "retries": 0, "timeout": 120.0, "longest": 240.0}
    return Settings(data_dir=settings.data_dir, model=f"openai:{NAME}", generation=given | generation)


@pytest.fixture(scope="module")
def written(notes_settings: Settings, small_model: str) -> Iterator[Assistant]:
    """An assistant for which the small model writes."""
    with Assistant.open(with_model(notes_settings, small_model)) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def told(written: Assistant) -> Mapping[str, tuple[Event, ...]]:
    """What happened while each of the questions was answered."""
    return {question: tuple(written.ask_events(question)) for question in QUESTIONS}


def answer_of(events: tuple[Event, ...]) -> Answer:
    last = events[-1]
    assert isinstance(last, Finished)
    return last.answer


@pytest.fixture(params=QUESTIONS)
def events(request: pytest.FixtureRequest, told: Mapping[str, tuple[Event, ...]]) -> tuple[Event, ...]:
    return told[request.param]


def test_every_claim_shown_cites_the_words_it_rests_on(events: tuple[Event, ...]) -> None:
    answer = answer_of(events)
    sources = {source.number: source for source in answer.sources}

    assert answer.status in {Status.ANSWERED, Status.PARTLY_ANSWERED}
    assert answer.claims
    for claim in answer.claims:
        assert claim.verdict is not Verdict.UNSUPPORTED
        for citation in claim.citations:
            assert sources[citation.source].text[citation.start : citation.end] == citation.quote


def test_no_marker_or_address_of_the_models_is_shown(events: tuple[Event, ...]) -> None:
    answer = answer_of(events)

    assert not re.search(r"https?:|www\.|\[\d", " ".join(claim.text for claim in answer.claims))
    assert {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)} == {source.number for source in answer.sources}


def test_what_fails_its_check_is_withheld_with_reasons(events: tuple[Event, ...]) -> None:
    for claim in answer_of(events).withheld:
        assert claim.verdict is Verdict.UNSUPPORTED
        assert claim.reasons
        assert claim.citations == ()


def test_events_tell_the_answer_claim_by_claim(events: tuple[Event, ...]) -> None:
    answer = answer_of(events)

    assert [event.stage for event in events if isinstance(event, StageStarted)] == [Stage.SEARCH, Stage.WRITE]
    assert tuple(event.claim for event in events if isinstance(event, ClaimShown)) == answer.claims
    assert tuple(event.claim for event in events if isinstance(event, ClaimWithheld)) == answer.withheld


def test_the_draft_is_accounted_for(events: tuple[Event, ...]) -> None:
    answer = answer_of(events)
    written = sum(isinstance(event, ClaimShown) and event.waited_ms > 0 for event in events)

    assert answer.drafting is not None
    assert answer.drafting.claims == written + len(answer.withheld)
    assert 1 <= len(answer.drafting.offered) < 8  # more did not fit into 900 tokens
    assert (answer.model == f"openai:{NAME}") == (written > 0)
    assert answer.timings_ms["write"] > 0


def test_the_answer_holds_the_likeliest_evidence(events: tuple[Event, ...], bernard: Assistant) -> None:
    answer = answer_of(events)
    quoted = bernard.ask(answer.question)

    passages = {source.passage_id for source in answer.sources}
    assert quoted.sources[0].passage_id in passages


def test_a_follow_up_is_written_from_the_whole_question(written: Assistant) -> None:
    answer = written.ask("And in Scotland?", history=[Turn(role="user", content=LEAVE)])

    assert answer.standalone_question == f"{LEAVE.removesuffix('?')} in Scotland?"
    assert any("35 days" in source.text for source in answer.sources)


def test_it_is_not_asked_what_the_guidance_does_not_answer(written: Assistant) -> None:
    answer = written.ask("Who won the football World Cup in 1966?")

    assert (answer.status, answer.drafting) == (Status.NOT_IN_GUIDANCE, None)


def test_as_a_runnable_it_gives_the_same_answer(written: Assistant) -> None:
    (answer,) = list(written.stream(LEAVE))

    assert isinstance(answer, Answer)
    assert answer.claims


def test_a_reply_ends_at_the_tokens_it_may_have(notes_settings: Settings, small_model: str) -> None:
    model = make_language_model(with_model(notes_settings, small_model, max_tokens=16))
    assert model is not None

    found = list(model.write("You tell long stories.", "Tell a very long story about a lighthouse, its keeper and the sea."))

    assert any(piece.is_cut for piece in found)
    assert sum(bool(piece.text) for piece in found) <= 17


def test_a_reader_who_leaves_frees_the_model(written: Assistant) -> None:
    events = written.ask_events(LEAVE)
    next(event for event in events if isinstance(event, StageStarted) and event.stage is Stage.WRITE)
    events.close()

    assert written.ask("How long must the fog log be kept?").claims


def test_a_prompt_that_is_longer_than_the_models_context_gives_way_to_quotation(
    notes_settings: Settings, small_model: str
) -> None:
    model = make_language_model(with_model(notes_settings, small_model))
    assert model is not None

    with pytest.raises(LanguageModelFailed, match="too long") as caught:
        list(model.write("Answer.", "word " * 6000))

    assert explain(caught.value.__cause__ or caught.value, model.name, model.settings).failure is Failure.TOO_LONG


# the doctor


def model_finding(settings: Settings) -> tuple[Severity, str, str]:
    found = next(finding for finding in examine(settings) if finding.name == "language model")
    return found.severity, found.message, found.remedy


def test_the_doctor_tries_the_model(notes_settings: Settings, small_model: str) -> None:
    assert model_finding(with_model(notes_settings, small_model))[0] is Severity.OK


def test_the_doctor_says_when_there_is_no_server(notes_settings: Settings) -> None:
    severity, message, remedy = model_finding(with_model(notes_settings, "http://127.0.0.1:9/v1"))

    assert severity is Severity.WARNING
    assert "cannot be reached" in message
    assert "BASE_URL" in remedy


def test_the_doctor_says_when_the_address_is_wrong(notes_settings: Settings, small_model: str) -> None:
    _, message, _ = model_finding(with_model(notes_settings, small_model.replace("/v1", "/nothing/v9")))

    assert "does not know" in message


def test_a_wrong_key_is_named_and_never_shown(notes_settings: Settings) -> None:
    with served(key="right") as address:
        wrong = with_model(notes_settings, address, api_key=SecretStr("wrong-secret"))
        right = make_language_model(with_model(notes_settings, address, api_key=SecretStr("right")))
        severity, message, remedy = model_finding(wrong)
        assert right is not None
        assert try_out(right) is None

    assert severity is Severity.WARNING
    assert "refused the key" in message
    assert "wrong-secret" not in f"{message}{remedy}{wrong!r}"


def test_a_model_too_slow_for_the_time_given_is_named(notes_settings: Settings, small_model: str) -> None:
    settings = with_model(notes_settings, small_model, longest=1.0, max_tokens=500)
    model = make_language_model(settings)
    assert model is not None

    with pytest.raises(LanguageModelFailed, match="took too long"):
        list(model.write("Write a long story.", "Tell the longest story you know. " * 30))


# what happens to the server


def test_a_server_that_dies_mid_answer_costs_nothing_that_was_shown(notes_settings: Settings, bernard: Assistant) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server", "1", ""], cwd=os.environ["PYTHONPATH"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = next(line for line in process.stdout if line.startswith("http://")).strip()
        with Assistant.open(with_model(notes_settings, address, max_tokens=500)) as assistant:
            events = assistant.ask_events(LEAVE)
            next(event for event in events if isinstance(event, StageStarted) and event.stage is Stage.WRITE)
            process.send_signal(signal.SIGKILL)
            answer = answer_of(tuple(events))
            again = assistant.ask(LEAVE)
    finally:
        process.kill()
        process.communicate()

    assert Notice.MODEL_FAILED in {notice.kind for notice in answer.notices}
    assert any("31 days" in claim.text for claim in answer.claims)
    assert "cannot be reached" in again.notices[0].text
    assert again.claims == bernard.ask(LEAVE).claims


# the terminal


def bernard_says(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {
        "BERNARD_DATA_DIR": str(settings.data_dir),
        "BERNARD_MODEL": settings.model,
        "BERNARD_RECORDS__DAYS": "0",
        "BERNARD_GENERATION__BASE_URL": settings.generation.base_url,
        "BERNARD_GENERATION__MAX_TOKENS": str(settings.generation.max_tokens),
        "BERNARD_GENERATION__CONTEXT_TOKENS": str(settings.generation.context_tokens),
        "BERNARD_GENERATION__TIMEOUT": "120",
    }
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, timeout=300, check=False)


def test_the_terminal_says_who_wrote_and_what_was_left_out(notes_settings: Settings, small_model: str) -> None:
    said = bernard_says(with_model(notes_settings, small_model), "ask", LEAVE)

    assert said.returncode == 0, said.stderr
    assert re.search(r"\[1\] \((quoted|supported|partly supported)\)", said.stdout)
    assert "Sources\n[1] Leave for lighthouse keepers" in said.stdout
    assert "language model" in said.stdout


def test_the_json_of_an_answer_names_model_and_prompt(notes_settings: Settings, small_model: str) -> None:
    said = bernard_says(with_model(notes_settings, small_model), "ask", "--json", LEAVE)

    answer = json.loads(said.stdout)
    assert answer["drafting"]["claims"] >= len(answer["withheld"])
    assert answer["drafting"]["offered"]
    assert (answer["model"] == "quotation") == (answer["prompt_version"] == "")
    assert all("reasons" in claim for claim in [*answer["claims"], *answer["withheld"]])


def test_a_missing_server_is_no_reason_to_give_no_answer(notes_settings: Settings) -> None:
    started = time.monotonic()

    said = bernard_says(with_model(notes_settings, "http://127.0.0.1:9/v1"), "ask", LEAVE)

    assert said.returncode == 0, said.stderr
    assert "31 days of paid leave" in said.stdout
    assert "cannot be reached" in " ".join(said.stdout.split())
    assert "Traceback" not in said.stdout + said.stderr
    assert time.monotonic() - started < 60

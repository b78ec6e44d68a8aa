"""How the language model that the settings name is made, and what is said when it cannot be."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.answer import language_model
from assistant.answer.language_model import PROVIDERS, Failure, LanguageModel, explain, make_language_model, try_out
from assistant.answer.prompt import estimate
from assistant.errors import LanguageModelFailed, ModelUnavailable, SettingsError
from assistant.settings import GenerationSettings, Settings, list_settings, load_settings
from tests.answer.scripted import ScriptedModel

KEY = "sk-a-secret-that-nobody-may-see"


def settings_for(model: str, **generation: Any) -> Settings:
    return Settings(model=model, generation=GenerationSettings(**generation))


def test_no_model_is_made_when_none_is_named() -> None:
    assert make_language_model(Settings()) is None


def test_one_string_in_the_environment_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERNARD_MODEL", "openai:org/model:latest")
    monkeypatch.setenv("BERNARD_GENERATION__BASE_URL", "http://127.0.0.1:9/v1")

    model = make_language_model(load_settings())

    assert model is not None
    assert model.name == "openai:org/model:latest"
    chat: Any = model.chat
    assert (chat.model_name, chat.openai_api_base, chat.temperature) == ("org/model:latest", "http://127.0.0.1:9/v1", 0.0)
    assert (chat.max_retries, chat.max_tokens, chat.request_timeout) == (1, 700, 30.0)


@pytest.mark.parametrize("name", ["gpt-4", ":x", "openai:", "OpenAI:x", "openai: x"])
def test_a_name_without_a_provider_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("BERNARD_MODEL", name)

    with pytest.raises(SettingsError, match="model"):
        load_settings()


def test_an_unknown_provider_is_told_which_there_are() -> None:
    with pytest.raises(
        SettingsError, match=r"'acme', which is not known\. Known are openai, azure_openai, anthropic, bedrock"
    ):
        make_language_model(settings_for("acme:big"))


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_missing_extra_is_named_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(ModelUnavailable, match=rf"pip install 'bernard-assistant\[{PROVIDERS[name].extra}\]'"):
        make_language_model(settings_for(f"{name}:model"))


def test_every_extra_is_one_of_the_distributions(repository: Any) -> None:
    import tomllib

    extras = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for provider in PROVIDERS.values():
        assert any(requirement.startswith(provider.module.replace("_", "-")) for requirement in extras[provider.extra])


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_every_provider_gets_the_limits_that_are_set(name: str) -> None:
    if importlib.util.find_spec(PROVIDERS[name].module) is None:
        pytest.skip(f"{PROVIDERS[name].module} is not installed")
    model = make_language_model(
        settings_for(
            f"{name}:some-model", base_url="http://127.0.0.1:9/v1", api_key=KEY, api_version="2024-10-21", max_tokens=77
        )
    )

    assert model is not None
    chat: Any = model.chat
    given = {getattr(chat, field, None) for field in ("max_tokens", "num_predict")}
    assert 77 in given
    assert KEY not in repr(model)


def test_a_server_of_ones_own_wants_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    assert make_language_model(settings_for("openai:m", base_url="http://127.0.0.1:9/v1")) is not None
    with pytest.raises(SettingsError, match="cannot be set up"):
        make_language_model(settings_for("openai:m"))


def test_the_key_is_never_printed() -> None:
    settings = settings_for("openai:m", api_key=SecretStr(KEY), base_url="http://127.0.0.1:9/v1")
    error = RuntimeError(f"Incorrect API key provided: {KEY}")

    assert KEY not in repr(settings)
    assert KEY not in str(list_settings(settings))
    assert KEY not in explain(error, settings.model, settings.generation).message


class WithStatus(Exception):
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


class APITimeoutError(Exception):
    pass


class APIConnectionError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (WithStatus(401), Failure.KEY),
        (WithStatus(404), Failure.UNKNOWN_MODEL),
        (WithStatus(429), Failure.BUSY),
        (WithStatus(504), Failure.TIMED_OUT),
        (APITimeoutError(), Failure.TIMED_OUT),
        (APIConnectionError(), Failure.UNREACHABLE),
        (TimeoutError(), Failure.TIMED_OUT),
        (ConnectionResetError(), Failure.UNREACHABLE),
        (ValueError("maximum context length is 4096 tokens"), Failure.TOO_LONG),
        (ValueError('model "llama3" not found, try pulling it first'), Failure.UNKNOWN_MODEL),
        (RuntimeError("Unable to locate credentials"), Failure.KEY),
        (ValueError("odd"), Failure.OTHER),
    ],
)
def test_failures_are_told_apart_and_each_has_a_remedy(error: Exception, failure: Failure) -> None:
    trouble = explain(error, "openai:m", GenerationSettings(base_url="http://127.0.0.1:9/v1"))

    assert trouble.failure is failure
    assert trouble.message.startswith(("The language model openai:m", "The server does not", "The prompt is too long"))
    assert trouble.remedy.endswith(".")


def test_the_cause_of_an_error_counts_too() -> None:
    error = RuntimeError("Connection error.")
    error.__cause__ = ConnectionRefusedError(111, "refused")

    assert explain(error, "openai:m", GenerationSettings()).failure is Failure.UNREACHABLE


def scripted(*script: object, **generation: Any) -> LanguageModel:
    return LanguageModel("scripted:model", ScriptedModel(script=list(script)), GenerationSettings(**generation))


def test_trying_out_says_what_the_matter_is() -> None:
    assert try_out(scripted("Ready.")) is None
    nothing, broken = try_out(scripted("  ")), try_out(scripted(WithStatus(401)))
    assert nothing is not None
    assert "answered with nothing" in nothing.message
    assert broken is not None
    assert broken.failure is Failure.KEY


def test_a_limit_that_was_reached_is_told_whatever_comes_after() -> None:
    model = LanguageModel("s:m", ScriptedModel(script=["a"], finish_reason="length"), GenerationSettings())

    assert [piece.is_cut for piece in model.write("s", "u") if piece.text or piece.is_cut] == [False, True]


def test_errors_come_as_one_kind_with_their_cause() -> None:
    with pytest.raises(LanguageModelFailed, match="refused the key") as caught:
        list(scripted("a", WithStatus(403)).write("s", "u"))

    assert isinstance(caught.value.__cause__, WithStatus)


def test_tokens_are_counted_by_the_models_own_counter_only_when_it_is_on_this_machine() -> None:
    class Counting(ScriptedModel):
        def get_num_tokens(self, text: str) -> int:
            return 7

    openai = make_language_model(settings_for("openai:m", base_url="http://127.0.0.1:9/v1"))
    assert openai is not None
    assert openai.count is estimate  # its own would fetch a vocabulary
    assert LanguageModel("s:m", Counting(), GenerationSettings()).count("word") == 7
    assert scripted().count is estimate


def test_a_prompt_leaves_room_for_the_answer() -> None:
    assert scripted(context_tokens=4000, max_tokens=700).room == 3300
    assert scripted(context_tokens=512, max_tokens=8000).room == 256


def test_importing_it_needs_no_langchain() -> None:
    assert not hasattr(language_model, "init_chat_model")

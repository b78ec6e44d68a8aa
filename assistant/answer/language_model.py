"""The language model that the settings name: how it is made, asked for text, and what is said when it fails.

LangChain speaks to the providers; each comes with an extra of its own. Knows nothing of questions, prompts or guidance.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assistant.answer.prompt import Counter, estimate
from assistant.answer.threads import in_a_thread
from assistant.errors import LanguageModelFailed, ModelUnavailable, SettingsError
from assistant.hiding import without_secrets
from assistant.settings import GenerationSettings, Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_NO_KEY = "none"  # servers of one's own want none, and the client insists on one
_LONGEST_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Provider:
    """How a provider is spoken to.

    Attributes:
        known_as: LangChain's name of it.
        module: The package that LangChain needs for it.
        extra: Bernard's extra that brings the package.
        options: What its client is made with.
    """

    known_as: str
    module: str
    extra: str
    options: Callable[[GenerationSettings], dict[str, Any]]


def _usual(settings: GenerationSettings) -> dict[str, Any]:
    given: dict[str, Any] = {
        "timeout": settings.timeout,
        "max_retries": settings.retries,
        "max_tokens": settings.max_tokens,
        "base_url": settings.base_url,
        "api_key": settings.api_key.get_secret_value(),
    }
    return {name: value for name, value in given.items() if value != ""} | _temperature(settings)


def _temperature(settings: GenerationSettings) -> dict[str, Any]:
    return {} if settings.temperature < 0 else {"temperature": settings.temperature}


def _openai(settings: GenerationSettings) -> dict[str, Any]:
    """OpenAI, and every server that speaks as it does: vLLM, llama.cpp, LM Studio."""
    keyless = {"api_key": _NO_KEY} if settings.base_url and not settings.api_key.get_secret_value() else {}
    # The first name of the limit is the one that servers of other makers know.
    limit = {"max_tokens": settings.max_tokens}
    return _usual(settings) | keyless | limit


def _azure(settings: GenerationSettings) -> dict[str, Any]:
    given = _usual(settings)
    address = {"azure_endpoint": given.pop("base_url")} if settings.base_url else {}
    version = {"api_version": settings.api_version} if settings.api_version else {}
    return given | address | version


def _bedrock(settings: GenerationSettings) -> dict[str, Any]:
    """Region and keys are those of the AWS environment."""
    from botocore.config import Config

    patience = Config(
        read_timeout=settings.timeout, connect_timeout=settings.timeout, retries={"total_max_attempts": settings.retries + 1}
    )
    address = {"endpoint_url": settings.base_url} if settings.base_url else {}
    key = {"bedrock_api_key": settings.api_key.get_secret_value()} if settings.api_key.get_secret_value() else {}
    return {"max_tokens": settings.max_tokens, "config": patience} | address | key | _temperature(settings)


def _ollama(settings: GenerationSettings) -> dict[str, Any]:
    key = settings.api_key.get_secret_value()
    client: dict[str, Any] = {"timeout": settings.timeout}
    client |= {"headers": {"Authorization": f"Bearer {key}"}} if key else {}
    given: dict[str, Any] = {"num_predict": settings.max_tokens, "num_ctx": settings.context_tokens, "client_kwargs": client}
    return given | ({"base_url": settings.base_url} if settings.base_url else {}) | _temperature(settings)


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("openai", "langchain_openai", "openai", _openai),
    "azure_openai": Provider("azure_openai", "langchain_openai", "azure", _azure),
    "anthropic": Provider("anthropic", "langchain_anthropic", "anthropic", _usual),
    "bedrock": Provider("bedrock_converse", "langchain_aws", "bedrock", _bedrock),
    "ollama": Provider("ollama", "langchain_ollama", "ollama", _ollama),
}
"""By the first half of the setting `model`."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A chat model with the name it was asked for by and the limits set for it."""

    name: str
    chat: BaseChatModel = field(repr=False)  # some clients show their headers, and so a key
    settings: GenerationSettings

    @property
    def count(self) -> Counter:
        """How tokens are counted: by the model's own counter where it has one on this machine, else by an estimate.

        LangChain's general counter fetches a vocabulary from elsewhere, and some providers' send the text to be counted
        over the network: neither is used.
        """
        from langchain_core.language_models import BaseLanguageModel

        counts = type(self.chat).get_num_tokens is not BaseLanguageModel.get_num_tokens
        return self.chat.get_num_tokens if counts or self.chat.custom_get_token_ids else estimate

    @property
    def room(self) -> int:
        """Tokens that a prompt may take."""
        return self.settings.context_tokens - min(self.settings.max_tokens, self.settings.context_tokens // 2)

    def write(self, system: str, user: str) -> Generator[Piece, None, None]:
        """What the model writes, piece by piece, within the limits of time.

        Raises:
            LanguageModelFailed: It could not be reached, refused, broke off or took too long.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        started = time.monotonic()
        messages = [SystemMessage(system), HumanMessage(user)]
        try:
            for chunk in in_a_thread(lambda: self.chat.stream(messages), patience=self.settings.timeout, name="writing"):
                reason = _ended_by(chunk.response_metadata)
                told = getattr(chunk, "usage_metadata", None) or {}
                yield Piece(str(chunk.text), is_cut=bool(reason) and reason not in _WHOLE, usage=told)
                if time.monotonic() - started > self.settings.longest:
                    raise TimeoutError(f"it was still writing after {self.settings.longest:g} seconds")
        except Exception as error:
            trouble = explain(error, self.name, self.settings)
            raise LanguageModelFailed(trouble.message) from error


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a reply.

    Attributes:
        text: The characters.
        is_cut: It ends here because a limit was reached.
        usage: What the provider says with it of tokens, by LangChain's names.
    """

    text: str
    is_cut: bool = False
    usage: Mapping[str, Any] = field(default_factory=dict)


_WHOLE = {"stop", "end_turn", "stop_sequence", "eos", "complete", "completed", "end"}
"""Why a reply ends that its model has ended; whatever else is said has broken it off. Some servers say nothing."""


def _ended_by(about: Mapping[str, Any]) -> str:
    names = ("finish_reason", "stop_reason", "stopReason", "done_reason")
    return next((str(about[name]).lower() for name in names if about.get(name)), "")


def make_language_model(settings: Settings) -> LanguageModel | None:
    """The model that the settings name; None when they name none. Nothing is sent to it yet.

    Raises:
        SettingsError: The provider is not known, or its client refuses the settings.
        ModelUnavailable: The provider's extra is not installed.
    """
    if not settings.model:
        return None
    name, _, model = settings.model.partition(":")
    provider = PROVIDERS.get(name)
    if provider is None:
        raise SettingsError(
            f"BERNARD_MODEL names the provider {name!r}, which is not known. Known are {', '.join(PROVIDERS)}; a server "
            "that speaks as OpenAI does (vLLM, llama.cpp, LM Studio) is openai, with its address in "
            "BERNARD_GENERATION__BASE_URL."
        )
    if importlib.util.find_spec(provider.module) is None:
        raise ModelUnavailable(
            f"BERNARD_MODEL names {settings.model}, and the package {provider.module.replace('_', '-')} is not installed. "
            f"Run: pip install 'bernard-assistant[{provider.extra}]' (in a checkout: .venv/bin/pip install -e "
            f"'.[{provider.extra}]'), or unset BERNARD_MODEL to quote the guidance without a model."
        )
    from langchain.chat_models import init_chat_model

    try:
        chat = init_chat_model(model, model_provider=provider.known_as, **provider.options(settings.generation))
    except Exception as error:  # noqa: BLE001 - each client raises its own kinds
        raise SettingsError(
            f"The language model {settings.model} cannot be set up: {_told(error, settings.generation)}. Put right the "
            "settings that start with BERNARD_GENERATION__; docs/models.md says what each provider needs."
        ) from None
    return LanguageModel(settings.model, chat, settings.generation)


def try_out(model: LanguageModel) -> Trouble | None:
    """Ask a model one short question; None when it answers, else what the matter is and what puts it right."""
    try:
        said = "".join(piece.text for piece in model.write("Answer in one short line.", "Say that you are ready."))
    except LanguageModelFailed as error:
        return explain(error.__cause__ or error, model.name, model.settings)
    if said.strip():
        return None
    return Trouble(
        Failure.OTHER,
        f"The language model {model.name} answered with nothing.",
        "See that it is a model for chat, and that BERNARD_GENERATION__MAX_TOKENS leaves it room.",
    )


class Failure(StrEnum):
    """Why a model did not write."""

    UNREACHABLE = "unreachable"
    KEY = "key"
    UNKNOWN_MODEL = "unknown model"
    TIMED_OUT = "timed out"
    BUSY = "busy"
    TOO_LONG = "too long"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure in words, and what puts it right."""

    failure: Failure
    message: str
    remedy: str


def explain(error: BaseException, name: str, settings: GenerationSettings) -> Trouble:
    """Say in plain English why a model failed; by status codes and the names of errors, which providers share."""
    where = f"{name} at {without_secrets(settings.base_url)}" if settings.base_url else name
    failure = _failure(error)
    message, remedy = {
        Failure.UNREACHABLE: (
            f"The language model {where} cannot be reached.",
            "Start its server, or put right BERNARD_GENERATION__BASE_URL.",
        ),
        Failure.KEY: (
            f"The language model {where} refused the key.",
            "Put the right key in BERNARD_GENERATION__API_KEY, and see that it may use this model.",
        ),
        Failure.UNKNOWN_MODEL: (
            f"The server does not know the language model {where}.",
            "Put right the name in BERNARD_MODEL, or the address in BERNARD_GENERATION__BASE_URL.",
        ),
        Failure.TIMED_OUT: (
            f"The language model {where} took too long ({settings.timeout:g} seconds without a word, or "
            f"{settings.longest:g} in all).",
            "See how busy it is, or raise BERNARD_GENERATION__TIMEOUT.",
        ),
        Failure.BUSY: (
            f"The language model {where} takes no more requests for now.",
            "Ask again later, or raise the limit with the provider.",
        ),
        Failure.TOO_LONG: (
            f"The prompt is too long for the language model {where}.",
            "Set BERNARD_GENERATION__CONTEXT_TOKENS to what the model takes.",
        ),
        Failure.OTHER: (
            f"The language model {where} failed: {_told(error, settings)}.",
            "See what the message names; docs/models.md says what each provider needs.",
        ),
    }[failure]
    return Trouble(failure, message, remedy)


_BY_STATUS = {401: Failure.KEY, 403: Failure.KEY, 404: Failure.UNKNOWN_MODEL, 408: Failure.TIMED_OUT, 413: Failure.TOO_LONG}
_BY_STATUS |= {429: Failure.BUSY, 503: Failure.BUSY, 504: Failure.TIMED_OUT, 529: Failure.BUSY}
_BY_NAME = {
    "timeout": Failure.TIMED_OUT,
    "connect": Failure.UNREACHABLE,
    "authentication": Failure.KEY,
    "permission": Failure.KEY,
    "nocredentials": Failure.KEY,
    "accessdenied": Failure.KEY,
    "notfound": Failure.UNKNOWN_MODEL,
    "ratelimit": Failure.BUSY,
    "throttling": Failure.BUSY,
}
_BY_WORDS = {
    "context": Failure.TOO_LONG,
    "too many tokens": Failure.TOO_LONG,
    "credential": Failure.KEY,
    "connection refused": Failure.UNREACHABLE,
    "model not found": Failure.UNKNOWN_MODEL,
    "try pulling it": Failure.UNKNOWN_MODEL,
    "timed out": Failure.TIMED_OUT,
}


def _failure(error: BaseException) -> Failure:
    """The first thing that the error, or one it came of, is known by."""
    chain: list[BaseException] = []
    while error not in chain and len(chain) < 8:
        chain.append(error)
        error = error.__cause__ or error.__context__ or error
    for one in chain:
        status = getattr(one, "status_code", None) or getattr(getattr(one, "response", None), "status_code", None)
        if status in _BY_STATUS:
            return _BY_STATUS[status]
    for one in chain:
        kind = type(one).__name__.lower()
        if isinstance(one, ConnectionError):
            return Failure.UNREACHABLE
        for part, failure in _BY_NAME.items():
            if part in kind:
                return failure
    said = " ".join(str(one).lower() for one in chain)
    return next((failure for words, failure in _BY_WORDS.items() if words in said), Failure.OTHER)


def _told(error: BaseException, settings: GenerationSettings) -> str:
    """The error's class and words, on one line, without the key."""
    words = without_secrets(" ".join(str(error).split()))
    if key := settings.api_key.get_secret_value():
        words = words.replace(key, "…")
    return f"{type(error).__name__}: {words[:_LONGEST_MESSAGE]}".rstrip(".: ")

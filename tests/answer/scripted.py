"""A chat model that says what a test tells it to, piece by piece: a real LangChain model, with nothing behind it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from assistant.answer import Assistant
from assistant.answer.flow import Writer
from assistant.answer.language_model import LanguageModel
from assistant.grounding import Checker
from assistant.index import make_token_embedder
from assistant.settings import EmbeddingSettings, GenerationSettings, Settings

Step = str | float | BaseException | AIMessageChunk
"""A piece of the reply, a pause in seconds, an error, or a piece as LangChain makes it."""


class ScriptedModel(BaseChatModel):
    """Says its script; the last step is said again and again when it is endless. `heard` holds the prompts it was given."""

    script: list[Any] = Field(default_factory=list)
    is_endless: bool = False
    finish_reason: str = "stop"
    heard: list[str] = Field(default_factory=list)
    said: int = 0

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.heard.append("\n".join(str(message.content) for message in messages))
        for step in self._steps():
            if isinstance(step, BaseException):
                raise step
            if isinstance(step, float):
                time.sleep(step)
                continue
            self.said += 1
            yield ChatGenerationChunk(message=step if isinstance(step, AIMessageChunk) else AIMessageChunk(content=step))
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", response_metadata={"finish_reason": self.finish_reason})
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _steps(self) -> Iterator[Step]:
        yield from self.script
        while self.is_endless:
            yield self.script[-1]


@cache
def _checker(data_dir: Path) -> Checker:
    return Checker(make_token_embedder(EmbeddingSettings(), cache_dir=data_dir / "models"))


def checker_of(settings: Settings) -> Checker:
    """The checker, made once for all tests of an index."""
    return _checker(settings.data_dir)


def writer(
    bernard: Assistant, *script: Step, is_endless: bool = False, finish_reason: str = "stop", **generation: Any
) -> tuple[Assistant, ScriptedModel]:
    """An assistant over the same index whose model says `script`, and that model."""
    chat = ScriptedModel(script=list(script), is_endless=is_endless, finish_reason=finish_reason)
    model = LanguageModel("scripted:model", chat, GenerationSettings(**generation))
    settings: Settings = bernard.settings
    written = Assistant(bernard.index, settings)
    written._parts = replace(written._parts, writer=Writer(model, checker_of(settings).verify))
    return written, chat


def pieces(text: str, size: int) -> Sequence[str]:
    """A text in pieces of so many characters."""
    return [text[start : start + size] for start in range(0, len(text), size)]

"""Has the language model write a follow-up as a question of its own. What it writes is guarded by `rewrite.complete`.

Knows nothing of search, nor of how answers are written.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant.answer.language_model import LanguageModel
from assistant.answer.model import Turn
from assistant.answer.prompt import fill_rewriting

_LONGEST_WAIT = 15.0  # seconds; after that the rules do, since an answer has still to be searched for and written
_MOST_TURNS = 6
_MOST_CHARACTERS = 600  # of the reply: a question


class ModelRewriter:
    """A `Rewriter` that asks the language model."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """The first line that the model writes.

        Raises:
            LanguageModelFailed: It could not be reached, or failed.
            TimeoutError: It took too long.
        """
        system, user = fill_rewriting(question, history[-_MOST_TURNS:], room=self._model.room, count=self._model.count)
        started = time.monotonic()
        written = ""
        for piece in self._model.write(system, user):
            written += piece.text
            if "\n" in written.lstrip() or len(written) > _MOST_CHARACTERS:
                break
            if time.monotonic() - started > _LONGEST_WAIT:
                raise TimeoutError("the model was still rewriting the question")
        return written.strip().partition("\n")[0].strip().strip('"“”').strip()

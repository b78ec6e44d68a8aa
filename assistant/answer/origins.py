"""What stands over an answer that rests on documents of the one who asks, wherever it is shown. Pure."""

from __future__ import annotations

from assistant.answer.model import Answer, Status
from assistant.search import Scope

_ONLY_YOURS = ("What your document says", "What your documents say")
_BOTH = "What the guidance and your documents say"
_NOT_IN_YOURS = "Not in your documents"


def heading_of_own(answer: Answer) -> str:
    """The heading of an answer from one's own documents; "" for one that they have no part in."""
    is_over_own = answer.filters is not None and answer.filters.scope is Scope.OWN
    if answer.status is Status.NOT_IN_GUIDANCE and is_over_own:
        return _NOT_IN_YOURS
    uploaded = [source for source in answer.sources if source.uploaded]
    if answer.status is not Status.ANSWERED or not uploaded:
        return ""
    if len(uploaded) < len(answer.sources):
        return _BOTH
    return _ONLY_YOURS[len({source.url for source in uploaded}) > 1]

"""The flow from a question to a checked answer. Knows nothing of browsers, files or who asks."""

from assistant.answer.assistant import Assistant
from assistant.answer.model import (
    Answer,
    AnswerNotice,
    Citation,
    Claim,
    NearestPage,
    Notice,
    Question,
    Reason,
    Source,
    Status,
    Turn,
)
from assistant.grounding import Verdict

__all__ = [
    "Answer",
    "AnswerNotice",
    "Assistant",
    "Citation",
    "Claim",
    "NearestPage",
    "Notice",
    "Question",
    "Reason",
    "Source",
    "Status",
    "Turn",
    "Verdict",
]

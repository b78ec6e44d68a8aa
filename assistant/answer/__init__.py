"""The flow from a question to a checked answer. Knows nothing of browsers, files or who asks."""

from assistant.answer.assistant import Assistant, Drafter
from assistant.answer.document_tasks import Brought, Task, question_of
from assistant.answer.events import ClaimShown, ClaimWithheld, Event, Finished, NoticeGiven, Stage, StageStarted
from assistant.answer.language_model import LanguageModel, make_language_model
from assistant.answer.model import (
    Answer,
    AnswerNotice,
    Choice,
    Citation,
    Claim,
    Considered,
    Drafting,
    NearestPage,
    Notice,
    Question,
    Reason,
    Source,
    Status,
    Turn,
    Usage,
)
from assistant.answer.prompt import harmless
from assistant.answer.usage import Meter
from assistant.grounding import Verdict

__all__ = [
    "Answer",
    "AnswerNotice",
    "Assistant",
    "Brought",
    "Choice",
    "Citation",
    "Claim",
    "ClaimShown",
    "ClaimWithheld",
    "Considered",
    "Drafter",
    "Drafting",
    "Event",
    "Finished",
    "LanguageModel",
    "Meter",
    "NearestPage",
    "Notice",
    "NoticeGiven",
    "Question",
    "Reason",
    "Source",
    "Stage",
    "StageStarted",
    "Status",
    "Task",
    "Turn",
    "Usage",
    "Verdict",
    "harmless",
    "make_language_model",
    "question_of",
]

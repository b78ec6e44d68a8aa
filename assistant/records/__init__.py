"""What is kept: answers with their evidence, conversations, feedback and users; and which answers no longer hold.

Knows nothing of how answers come about. SQLAlchemy is imported with this room: import it where it is used.
"""

from assistant.records.check import check
from assistant.records.database import State, are_there, describe, look_over
from assistant.records.kept import Exchange, Feedback, FeedbackKind, KeptConversation, ListedConversation
from assistant.records.model import Affected, Change, CitedPassage, EvidencePack, Kind, Listed
from assistant.records.recorder import Recorded, Recorder
from assistant.records.store import Records
from assistant.records.users import Role, User, Users, loose_name

__all__ = [
    "Affected",
    "Change",
    "CitedPassage",
    "EvidencePack",
    "Exchange",
    "Feedback",
    "FeedbackKind",
    "KeptConversation",
    "Kind",
    "Listed",
    "ListedConversation",
    "Recorded",
    "Recorder",
    "Records",
    "Role",
    "State",
    "User",
    "Users",
    "are_there",
    "check",
    "describe",
    "look_over",
    "loose_name",
]

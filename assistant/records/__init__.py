"""Evidence packs of the answers given, and which of them no longer hold. Knows nothing of how answers come about.

SQLAlchemy is imported with this room: import it where it is used.
"""

from assistant.records.check import check
from assistant.records.database import State, are_there, describe, look_over
from assistant.records.model import Affected, Change, CitedPassage, EvidencePack, Kind, Listed
from assistant.records.recorder import Recorded, Recorder
from assistant.records.store import Records

__all__ = [
    "Affected",
    "Change",
    "CitedPassage",
    "EvidencePack",
    "Kind",
    "Listed",
    "Recorded",
    "Recorder",
    "Records",
    "State",
    "are_there",
    "check",
    "describe",
    "look_over",
]

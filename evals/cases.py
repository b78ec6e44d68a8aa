"""What is asked and what a good answer to it is, in one form for every set. Knows nothing of who is asked or of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.answer import Notice, Status
from evals.checker_sets import Labelled
from evals.consultations import Planted, Topic

ANSWERED = frozenset({Status.ANSWERED, Status.PARTLY_ANSWERED})


class Span(BaseModel):
    """A piece of a text that somebody has marked, from `start` to before `end`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    start: int
    end: int


class OfConsultation(BaseModel):
    """What of a consultation is to be looked at.

    Attributes:
        part: The question or topic, by its name in the set.
        what: A response, a planted theme, the forming of themes with one seed, or the topic itself.
        key: Its identifier.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    what: Literal["response", "theme", "seed", "topic"]
    key: str = ""


class Case(BaseModel):
    """A question and what a good answer to it is.

    Attributes:
        id: Unique within its set.
        set: The set it is of.
        kind: What it tries, in the words of its set.
        history: The person's earlier questions in the conversation, oldest first.
        said: The answers that these got, where the set brings them; else they are asked anew.
        expected_status: How a good answer ends; None where the set does not say.
        url: The page that answers, "" when none does or it is not known.
        documents: Names of the documents that hold the evidence; what stands or falls together is told by the first.
        evidence: What the answer rests on, word for word; none where nothing answers.
        also: What supports or repeats the evidence: showing it is no error.
        answer: A short answer for comparison.
        conditions: What a complete answer mentions.
        notices: Kinds of notice that are due.
        other_words: The same question as somebody else put it; "" for none.
        translation: The same in another language; "" for none.
        own_file: A file of the asker's own, by its name in the set, that is searched beside the guidance; "" for none.
        without: A page that is taken out of the search while this is asked, so that nothing answers; "" for none.
        labelled: For the checker: a claim that somebody has labelled.
        spans: For the finding of personal data: what is marked in `question`.
        consultation: For the room of consultations: what of one is looked at.
        group: What stands or falls together, where neither documents nor url say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    set: str
    kind: str = ""
    question: str
    history: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    expected_status: Status | None = None
    url: str = ""
    documents: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    answer: str = ""
    conditions: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    other_words: str = ""
    translation: str = ""
    own_file: str = ""
    without: str = ""
    labelled: Labelled | None = None
    spans: tuple[Span, ...] = ()
    consultation: OfConsultation | None = None
    group: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the guidance answers it."""
        return self.expected_status in ANSWERED

    @property
    def cluster(self) -> str:
        """What it stands or falls with: its document or page, else itself."""
        return self.group or (self.documents[0] if self.documents else self.url) or f"{self.set}:{self.id}"


@dataclass(frozen=True, slots=True)
class Brought:
    """Documents that a set brings with it, by file name; they are indexed apart."""

    files: dict[str, str]


Guidance = Literal["corpus", "live"] | Brought
"""What cases are asked of: the notes in corpus/, the index of the settings in force, or what the set brings."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases of one origin, all asked of the same guidance.

    Attributes:
        left_out: Why cases of it are not asked, with how many.
        consultations: By their part, where the set is of consultations.
        own_files: What askers add to their conversations, by file name.
        topics: By their name, where the set is of arguments and key points.
        places: Where each case stands in the file that somebody brought, by its id.
    """

    name: str
    cases: tuple[Case, ...]
    guidance: Guidance = "live"
    left_out: dict[str, int] = field(default_factory=dict)
    own_files: Mapping[str, bytes] = field(default_factory=dict)
    consultations: Mapping[str, Planted] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

"""What programs send and get, as types from which the OpenAPI document is made. Knows nothing of how either comes about."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.answer import Answer, Turn
from assistant.records import FeedbackKind
from assistant.safety import MAX_QUESTION_CHARACTERS
from assistant.search import Filters

MOST_TURNS = 200
"""Messages of a conversation that a program may send along; what a question leans on stands in the last few."""

Question = Annotated[
    str,
    Field(
        description=f"In the words of whoever asks; at most {MAX_QUESTION_CHARACTERS:,} characters.",
        examples=["How long do we have to answer an FOI request?"],
    ),
]
History = Annotated[
    tuple[Turn, ...],
    Field(max_length=MOST_TURNS, description="What was said before, oldest message first."),
]
Limits = Annotated[Filters | None, Field(description="What to search; leave it out for everything.")]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AskBody(_Body):
    """A question."""

    question: Question
    conversation: str = Field(
        "",
        max_length=200,
        description="Id of a conversation of yours that the question goes on with, and whose documents are searched too; "
        "leave it out to begin a new one.",
    )
    history: History = ()
    filters: Limits = None
    drafter: Literal["quotation", "model"] | None = Field(
        None, description="Who drafts: quotation alone, or the language model; leave it out for what the settings say."
    )

    @model_validator(mode="after")
    def _one_history(self) -> Self:
        if self.conversation and self.history:
            raise ValueError("give either a conversation or a history, not both: a conversation has its own")
        return self


class SearchBody(_Body):
    """What to search for."""

    question: Question
    limit: int = Field(10, ge=1, le=100, description="Most passages to return.")
    history: History = ()
    filters: Limits = None


class FeedbackBody(_Body):
    """What is said of an answer; at least one kind, or text."""

    record: str = Field(max_length=200, description="The answer, as named by `record` in the reply of /api/ask.")
    kinds: tuple[FeedbackKind, ...] = Field((), max_length=len(FeedbackKind), description="What is said of it.")
    text: str = Field("", max_length=5000, description="In one's own words.")
    claim: int | None = Field(
        None, ge=0, le=10_000, description="Position of the claim that is meant, from 0; leave it out for the whole answer."
    )


class Reply(Answer):
    """An answer, as `bernard ask --json` prints it, and where it is kept."""

    record: str = Field("", description="Names the answer in the records; empty where it is not kept.")
    conversation: str = Field("", description="Names its conversation, to go on with; empty where none is kept.")


class DocumentTold(_Body):
    """A document of yours in a conversation, or why a file did not become one."""

    name: str = Field(description="As it was sent, without folders; another where the conversation had one of that name.")
    id: str = Field("", description="Names it in its conversation; empty where it was not added.")
    words: int = Field(0, description="How many words were read in it.")
    remarks: tuple[str, ...] = Field((), description="What was not read in it.")
    expires_at: dt.datetime | None = Field(None, description="When it is deleted.")
    error: str = Field("", description="Why it was not added; empty where it was.")


class DocumentsReply(_Body):
    """Documents of a conversation: those it has, or those of one request."""

    conversation: str = Field(description="Names the conversation; send it with questions that are to search them.")
    documents: tuple[DocumentTold, ...] = Field(description="In the order in which they came.")


class FeedbackReply(_Body):
    """Feedback was kept."""

    feedback: str = Field(description="Names it in the records.")


class Fault(_Body):
    """Why a request could not be served."""

    error: str = Field(description="What happened and what to do, in plain English.")
    reference: str = Field("", description="Under which the log has more; empty where there is no more to know.")

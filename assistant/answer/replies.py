"""The fixed replies to messages that are no questions of guidance, from the reviewed file replies.toml.

Knows nothing of how a message is told to be one (`routing`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.answer.model import Reason, Status
from assistant.answer.routing import Route

_REASONS = {
    Route.GREETING: Reason.GREETING,
    Route.THANKS: Reason.THANKS,
    Route.ABOUT: Reason.ABOUT_BERNARD,
    Route.OPINION: Reason.OPINION,
    Route.POLITICS: Reason.PARTY_POLITICS,
    Route.CASEWORK: Reason.PERSONAL_CASE,
    Route.LANGUAGE: Reason.OTHER_LANGUAGE,
    Route.ABUSE: Reason.ABUSE,
    Route.DISTRESS: Reason.DISTRESS,
}
_SEVERAL_TOPICS = "several_topics"


@dataclass(frozen=True, slots=True)
class Reply:
    """A fixed reply.

    Attributes:
        status: How the answer ends.
        reason: Why.
        heading: What stands above it on a page.
        text: The reply itself, one paragraph a line.
    """

    status: Status
    reason: Reason
    heading: str
    text: str


def reply_to(route: Route) -> Reply:
    """The reply to a kind of message; KeyError for guidance, which is searched for."""
    return _replies()[_REASONS[route]]


def which_topic() -> Reply:
    """The reply that asks which of several topics is meant."""
    return _replies()[Reason.SEVERAL_TOPICS]


def heading_for(reason: Reason) -> str:
    """What stands above a fixed reply, "" for an answer that is none."""
    reply = _replies().get(reason)
    return reply.heading if reply else ""


@cache
def _replies() -> dict[Reason, Reply]:
    stored = tomllib.loads(Path(__file__).with_name("replies.toml").read_text("utf-8"))
    named = {str(route): reason for route, reason in _REASONS.items()} | {_SEVERAL_TOPICS: Reason.SEVERAL_TOPICS}
    return {
        reason: Reply(Status(stored[name]["status"]), reason, stored[name]["heading"], stored[name]["text"].strip())
        for name, reason in named.items()
    }

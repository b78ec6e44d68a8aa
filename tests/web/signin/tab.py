"""A page of Bernard without a browser: speaks with Gradio's queue as the page's own script does."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

JOIN = "/gradio_api/queue/join"
DATA = "/gradio_api/queue/data"


@dataclass
class Tab:
    """One open page of one user."""

    client: Any
    """An `httpx.Client` or a `TestClient`."""
    name: str = field(default_factory=lambda: secrets.token_hex(6))
    """What Gradio calls the session hash."""

    def act(self, element: str, event: str, data: list[Any], sent: dict[str, Any] | None = None) -> str:
        """All that the server sends back for an event of the element of this id."""
        reply = self.join(element, event, data, sent)
        assert reply.status_code == 200, reply.text
        return str(self.client.get(DATA, params={"session_hash": self.name}).text)

    def join(self, element: str, event: str, data: list[Any], sent: dict[str, Any] | None = None) -> httpx.Response:
        """The reply to the event itself."""
        replied: httpx.Response = self.client.post(JOIN, json=self.body(element, event, data, sent))
        return replied

    def body(self, element: str, event: str, data: list[Any], sent: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the page would send."""
        config = self.client.get("/config").json()
        ids = {part["id"] for part in config["components"] if part["props"].get("elem_id") == element}
        found = [
            one["id"]
            for one in config["dependencies"]
            if any(
                event == kind and (target in ids or (not element and target is not None)) for target, kind in one["targets"]
            )
        ]
        return {"data": data, "fn_index": found[0], "session_hash": self.name, "event_data": sent, "trigger_id": None}

    def ask(self, question: str) -> str:
        """Ask; gives the conversation's name."""
        told = self.act("ask", "click", [question, None, ""])
        return told.rpartition('data-conversation=\\"')[2].partition('\\"')[0]

    def open_page(self, conversation: str = "") -> str:
        """What the page shows at first."""
        return self.act("", "load", [conversation])

    def keep(self, **sent: str) -> str:
        """Find, open, rename or delete a conversation."""
        return self.act("acts", "keep", [None], sent)


def twice(body: dict[str, Any], name: str, *, last: bool) -> str:
    """The body with the page named twice: its own and another's."""
    own = json.dumps(body)[:-1]
    other = json.dumps({"session_hash": name})
    return f"{own}, {other[1:]}" if last else f"{other[:-1]}, {own[1:]}}}"

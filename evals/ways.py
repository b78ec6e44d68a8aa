"""The ways in which a question reaches a server: as programs ask, and as browsers do with and without JavaScript.

Each asks one question and gives its answer's status and the address of its conversation. Knows nothing of time.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable

import httpx

Way = Callable[[httpx.AsyncClient, str], Awaitable[tuple[str, str]]]
"""Raises httpx.HTTPError, LookupError or ValueError when there is no answer."""

_CONVERSATION = re.compile(r"data-conversation=.{0,2}([0-9a-f]{32})")


async def by_json(client: httpx.AsyncClient, question: str) -> tuple[str, str]:
    """As a program that waits for the whole answer."""
    reply = await client.post("/api/ask", json={"question": question})
    reply.raise_for_status()
    answer = reply.json()
    return answer["status"], f"/plain/{answer['conversation']}"


async def by_events(client: httpx.AsyncClient, question: str) -> tuple[str, str]:
    """As a program that reads events."""
    headers, name = {"Accept": "text/event-stream"}, ""
    async with client.stream("POST", "/api/ask", json={"question": question}, headers=headers) as reply:
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            name = line.removeprefix("event: ") if line.startswith("event: ") else name
            if line.startswith("data: ") and name in {"answer", "error"}:
                answer = json.loads(line.removeprefix("data: "))
                return answer["status"], f"/plain/{answer['conversation']}"
    raise ValueError("the stream ended without an answer")


async def by_page(client: httpx.AsyncClient, question: str) -> tuple[str, str]:
    """As a browser without JavaScript does: the form, then the page that the reply names."""
    reply = await client.post("/plain", data={"question": question})
    if reply.status_code != httpx.codes.SEE_OTHER:
        raise ValueError(f"status {reply.status_code} in place of the answer's address")
    place = reply.headers["location"].partition("#")[0]
    page = await client.get(place)
    page.raise_for_status()
    return "shown", place


async def by_gradio(client: httpx.AsyncClient, question: str) -> tuple[str, str]:
    """As Gradio's page does it: an event is put into its queue, and what becomes of it is read as events."""
    config = (await client.get("/config")).raise_for_status().json()
    button = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "ask")
    function = next(one["id"] for one in config["dependencies"] if [button, "click"] in one["targets"])
    tab = secrets.token_hex(6)
    event = {"data": [question, None, ""], "fn_index": function, "trigger_id": button, "session_hash": tab}
    (await client.post("/gradio_api/queue/join", json=event)).raise_for_status()
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": tab}) as reply:
        reply.raise_for_status()
        name = ""
        async for line in reply.aiter_lines():
            if not line.startswith("data:"):
                continue
            found = _CONVERSATION.search(line)
            name = found.group(1) if found else name
            if json.loads(line.removeprefix("data:"))["msg"] == "process_completed":
                break
    if not name:
        raise ValueError("the page shows no answer")
    return "shown", f"/plain/{name}"


WAYS: dict[str, Way] = {"api": by_json, "stream": by_events, "plain": by_page, "page": by_gradio}

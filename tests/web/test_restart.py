"""`bernard serve` as a process of its own, with all its parts, killed between two questions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from assistant.settings import Settings
from evals.server import served

QUESTION = "How many days of leave does a keeper have?"


def test_an_answer_that_was_given_is_there_after_a_kill_and_its_conversation_goes_on(
    notes_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BERNARD_WEB__LOG_FORMAT", "json")
    with served(notes_settings, tmp_path) as server:
        with httpx.Client(base_url=server.address, timeout=60) as client:
            asked = client.post("/api/ask", json={"question": QUESTION}).json()
            shown = client.post("/plain", data={"question": "How long is the fog log kept?"}).headers["location"]
            assert client.get("/readyz").json()["parts"] == {"index": "works", "records": "works"}
            assert "bernard_documents 12.0" in client.get("/metrics").text

        server.kill()
        server.start()

        with httpx.Client(base_url=server.address, timeout=60) as client:
            assert "7 years" in client.get(shown).text
            assert "31 days" in client.get(f"/plain/{asked['conversation']}").text
            more = client.post("/api/ask", json={"question": "And in Scotland?", "conversation": asked["conversation"]})
            assert more.json()["conversation"] == asked["conversation"]
            page = client.get(f"/plain/{asked['conversation']}").text
            assert page.index("t1-question") < page.index("t2-question")
            files = set(re.findall(r'formaction="(/export/[^"]+\.markdown)"', page))
            assert any("31 days" in client.get(file).text for file in files)

        lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    told = [line for line in lines if line["logger"] == "assistant.web.observed"]
    assert [line["status"] for line in told[:2]] == ["answered", "answered"]
    assert not {"leave", "keeper", "fog", "scotland"} & set(re.findall(r"\w+", json.dumps(lines).lower()))

"""What verbs print, and how they end."""

from __future__ import annotations

import json
import os
import signal

import pytest

from assistant.output import ended_by_sigterm, print_json, tell


@pytest.mark.parametrize("hidden", ["\u202e", "\x9b", "\u200b", "\ufeff", "\u2066"])
def test_json_shows_what_steers_a_terminal_as_an_escape(hidden: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": f"a{hidden}b", "plain": "£5 – é"})

    out = capsys.readouterr().out
    assert hidden not in out
    assert json.loads(out)["title"] == f"a{hidden}b"
    assert "£5 – é" in out


def test_a_message_never_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    tell("fetched: lamps\x1b[2J\u202efdp")

    assert capsys.readouterr().err == "fetched: lamps [2J fdp\n"


def test_sigterm_ends_a_run_as_ctrl_c_does() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def be_told_to_end() -> None:
        with ended_by_sigterm():
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()

    with pytest.raises(KeyboardInterrupt):
        be_told_to_end()
    assert signal.getsignal(signal.SIGTERM) is before

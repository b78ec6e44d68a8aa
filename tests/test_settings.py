"""Settings: where they come from, what is refused and how, and the page that lists them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import list_settings, load_settings


def write_toml(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "bernard.toml").write_text(text, "utf-8")
    monkeypatch.chdir(folder)


def test_without_anything_set_the_defaults_hold() -> None:
    assert all(setting.value == setting.default for setting in list_settings(load_settings()))


def test_an_argument_wins_over_the_environment_and_that_over_bernard_toml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(tmp_path, '[web]\nhost = "::1"\nport = 1\n[answer]\nmax_blocks = 3\n', monkeypatch)
    monkeypatch.setenv("BERNARD_WEB__PORT", "2")
    monkeypatch.setenv("BERNARD_ANSWER__MAX_BLOCKS", "4")

    settings = load_settings(web={"port": 3})

    assert (settings.web.host, settings.web.port, settings.answer.max_blocks) == ("::1", 3, 4)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("BERNARD_WEB__PORT", "70000", "web.port: input should be less than or equal to 65535"),
        ("BERNARD_WEB__PROT", "1", "web.prot: there is no such setting"),
        ("BERNARD_WEBB__PORT", "1", "BERNARD_WEBB__PORT sets nothing"),
        ("BERNARD_SEARCH__DOCUMENT_TYPE_WEIGHTS", "guide=2", "given as a JSON object"),
        ("BERNARD_CHROMA__COLLECTION", "a b", "chroma.collection"),
    ],
)
def test_what_cannot_be_used_is_named(variable: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(SettingsError) as refusal:
        load_settings()

    assert told in str(refusal.value)
    assert "bernard settings" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [("[web]\nprot = 1\n", "web.prot"), ("[wbe]\nport = 1\n", "wbe"), ("port = [", "bernard.toml cannot be read")],
)
def test_a_fault_in_bernard_toml_is_named(text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml(tmp_path, text, monkeypatch)

    with pytest.raises(SettingsError, match=told):
        load_settings()


def test_secrets_are_hidden_when_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BERNARD_CHROMA__TOKEN", "open sesame")

    settings = load_settings()

    assert settings.chroma.token.get_secret_value() == "open sesame"
    assert "open sesame" not in str(list_settings(settings)) + repr(settings)


def test_every_setting_is_listed_with_the_variable_that_sets_it_and_its_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = {setting.name: setting for setting in list_settings(load_settings())}

    assert all(setting.meaning.endswith(".") for setting in listed.values())
    assert listed["web.port"].accepts == "whole number, 0 to 65535"
    monkeypatch.setenv(listed["answer.max_blocks"].environment, "2")
    assert load_settings().answer.max_blocks == 2


def test_the_reference_page_is_current_whatever_is_set_here(repository: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "assistant", "settings", "--markdown"],
        env={**os.environ, "BERNARD_WEB__PORT": "1234"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert (repository / "docs/settings.md").read_text("utf-8") == made, "run `make docs`"

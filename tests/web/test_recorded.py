"""`bernard serve` records what is asked in the browser, and its page says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.records import Records
from assistant.settings import Settings
from assistant.web.words import foot
from tests.conftest import settings_in
from tests.web.browser import IN_A_BROWSER


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (90, "keeps a record of questions and answers for 90 days"),
        (1, "keeps a record of questions and answers for 1 day,"),
        (0, "The conversation is forgotten when you close or reload this page."),
    ],
)
def test_the_foot_of_the_page_says_whether_questions_are_recorded(days: int, told: str) -> None:
    assert told in " ".join(foot(days).split())
    assert ("record" in foot(days)) is bool(days)


class TestServed:
    pytestmark = IN_A_BROWSER

    @pytest.mark.parametrize("days", [30, 0])
    def test_a_question_in_the_browser_is_recorded_as_the_settings_say(
        self, days: int, chromium: Any, small_settings: Settings, tmp_path: Path, model_cache: Path
    ) -> None:
        settings = settings_in(tmp_path / "data", model_cache)
        settings.index_dir.symlink_to(small_settings.index_dir.resolve(), target_is_directory=True)
        given = {
            "BERNARD_DATA_DIR": str(settings.data_dir),
            "BERNARD_WEB__PORT": "0",
            "BERNARD_RECORDS__DAYS": str(days),
        }
        command = [sys.executable, "-u", "-W", "ignore", "-m", "assistant", "serve"]
        with subprocess.Popen(
            command, env={**os.environ, **given}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout
                found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
                assert found
                page = chromium.new_page()
                page.goto(found.group(0))
                page.get_by_label("Your question", exact=True).fill("How long is the fog log kept?")
                page.get_by_role("button", name="Ask", exact=True).click()
                page.locator(".b-exchange").wait_for()
                told = page.locator(".b-foot").inner_text()
                page.close()
            finally:
                process.terminate()

        assert ("30 days" in told) is bool(days)
        if days:
            with Records(settings) as records:
                assert [listed.question for listed in records.listed(limit=9)] == ["How long is the fog log kept?"]
        else:
            assert not (settings.data_dir / "records").exists()

"""Makes the pictures in docs/: asks invented questions of the notes in corpus/ in a real Chromium.

    .venv/bin/python scripts/make_screenshots.py [FOLDER]

Needs Chromium (Debian's package chromium). The pictures go into docs/, or into FOLDER.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from assistant.answer import Assistant
from assistant.index import ingest
from assistant.settings import Settings

QUESTION = "How long do we have to answer a freedom of information request?"
UNANSWERED = "Which form do I need for a fishing licence?"


def main() -> None:
    """Index, serve, ask, take pictures."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from tests.web.browser import served
    from tests.web.conftest import FLAGS

    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        ingest([Path("corpus")], settings)
        with Assistant.open(settings) as bernard, served(bernard) as address:
            take(address, target, FLAGS)


def take(address: str, target: Path, flags: list[str]) -> None:
    """One picture of an answer on a laptop, one on a phone, one of a question that is not answered."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        for name, size, question in (
            ("screenshot", (1366, 900), QUESTION),
            ("screenshot-phone", (320, 900), QUESTION),
            ("screenshot-not-in-the-guidance", (1366, 900), UNANSWERED),
        ):
            page = browser.new_page(viewport={"width": size[0], "height": size[1]})
            page.goto(address)
            ask(page, question)
            page.screenshot(path=target / f"{name}.png")
            page.close()
        browser.close()


def ask(page: Any, question: str) -> None:
    """Type a question and wait for its answer."""
    page.get_by_label("Your question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator(".b-exchange").wait_for()
    page.wait_for_timeout(800)


if __name__ == "__main__":
    main()

"""Makes the pictures in docs/: asks invented questions of the notes in corpus/ in a real Chromium.

    .venv/bin/python scripts/make_screenshots.py [FOLDER]

Needs Chromium (Debian's package chromium). The pictures go into docs/, or into FOLDER.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from assistant.answer import Assistant
from assistant.index import ingest
from assistant.settings import Settings

QUESTION = "How long do we have to answer a freedom of information request?"
GIFT = "Can I accept a gift from a supplier?"
LOST = "When must a personal data breach be reported to the ICO?"
UNANSWERED = "Which form do I need for a fishing licence?"
LAPTOP, PHONE = (1366, 900), (320, 900)
POLICY = """\
# Travel policy {year}

This policy says how staff claim the cost of travel on official business.

## Booking

You must book rail travel through the travel desk at least 7 days before you travel. Standard class is the rule.

## Claiming

Claims must be submitted within {days} days of the journey. Keep all receipts for 2 years.

| Meal | Limit |
| --- | --- |
| Breakfast | £8 |
| Dinner | £{limit} |
"""
STATES: tuple[tuple[str, tuple[int, int], Literal["light", "dark"], str, str], ...] = (
    # name, size, colour scheme, question, panel that is opened
    ("screenshot", LAPTOP, "light", QUESTION, ""),
    ("screenshot-dark", LAPTOP, "dark", GIFT, ""),
    ("screenshot-phone", PHONE, "light", QUESTION, ""),
    ("screenshot-not-in-the-guidance", LAPTOP, "light", UNANSWERED, ""),
    ("screenshot-why", LAPTOP, "light", LOST, ".b-why"),
    ("screenshot-what-to-search", LAPTOP, "light", "", ".b-filters"),
    ("screenshot-conversations", LAPTOP, "light", "", ".b-own"),
)

PLACES: tuple[tuple[str, tuple[int, int], Literal["light", "dark"], str], ...] = (
    ("themes", (1366, 1150), "light", "themes"),
    ("theme", (1366, 1150), "light", "themes/{largest}"),
    ("queue", (1366, 1010), "dark", "queue"),
    ("phone", PHONE, "light", "themes/{largest}"),
)
"""Of the invented consultation."""


def main() -> None:
    """Index, serve, ask, take pictures."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from assistant.records import Recorder
    from assistant.web.lasting import Lasting
    from assistant.web.sweeping import own_documents
    from tests.web.browser import served
    from tests.web.conftest import FLAGS

    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        ingest([Path("corpus")], settings)
        with (
            Assistant.open(settings) as bernard,
            Recorder(settings) as recorder,
            served(
                bernard,
                keeping=Lasting(recorder),
                recorded_days=settings.records.days,
                documents=own_documents(settings, bernard.index),
                limits=settings.uploads,
                records=recorder.records,
            ) as address,
        ):
            take(address, target, FLAGS)
        take_consultation(settings, target, FLAGS)


def take(address: str, target: Path, flags: list[str]) -> None:
    """A picture of each main state: answers on a laptop, in the dark and on a phone, and what stands in the panels."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        for name, size, scheme, question, panel in STATES:
            page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
            page.goto(address)
            page.locator("#question textarea").wait_for()
            if question:
                ask(page, question)
            if panel:
                opened = page.locator(f"{panel} > summary").first
                opened.click()
                opened.evaluate("summary => summary.scrollIntoView({ block: 'start' })")
                page.wait_for_timeout(500)
            page.screenshot(path=target / f"{name}.png")
            page.close()
        take_documents(browser, address, target)
        browser.close()


def take_consultation(settings: Settings, target: Path, flags: list[str]) -> None:
    """The invented consultation: its themes, one of them beside its responses, and the queue."""
    from playwright.sync_api import sync_playwright

    from assistant.consult import Consultation, read_table_apart
    from tests.web.consult.conftest import make_app
    from tests.web.serving import running

    name, home = "libraries", "/consultation/libraries/1"
    table = read_table_apart(Path("assistant/consult/demo/responses.csv"), settings.reading)
    with Consultation.from_table(name, table, settings, file="responses.csv") as consultation:
        question = consultation.question()
        themes = question.form_themes()
        sizes = [sum(one.theme == theme.id for one in question.mapped().assignments) for theme in themes]
        largest = themes[sizes.index(max(sizes))].id
    with running(make_app(settings)) as address, sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        for picture, size, scheme, path in PLACES:
            page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
            page.goto(f"{address}{home}/{path.format(largest=largest)}")
            page.screenshot(path=target / f"screenshot-consultation-{picture}.png")
            page.close()
        browser.close()


def take_documents(browser: Any, address: str, target: Path) -> None:
    """Two invented policies brought to a conversation: the panel that holds them, and what differs between them."""
    page = browser.new_page(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
    page.goto(address)
    page.locator("#documents-panel > summary").click()
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"travel policy {year}.md" for year in (2025, 2026)]
        for file, days, limit in zip(files, (30, 14), (25, 28), strict=True):
            file.write_text(POLICY.format(year=file.stem[-4:], days=days, limit=limit), "utf-8")
        page.get_by_label("Choose files").set_input_files([str(file) for file in files])
        page.locator("#documents-list form").wait_for()
    page.locator("#documents-panel").evaluate("panel => panel.scrollIntoView({ block: 'start' })")
    page.screenshot(path=target / "screenshot-your-documents.png")
    page.get_by_role("button", name="Compare these two").click()
    page.locator("#conversation .b-exchange").wait_for()
    page.wait_for_timeout(800)
    page.screenshot(path=target / "screenshot-compared.png")
    page.close()


def ask(page: Any, question: str) -> None:
    """Type a question and wait for its answer."""
    page.get_by_label("Your question", exact=True).fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#conversation .b-exchange").wait_for()
    page.wait_for_timeout(800)


if __name__ == "__main__":
    main()

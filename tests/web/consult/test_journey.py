"""An analyst at work in a real Chromium: from a file to a signed report, by mouse, by keys alone, on a phone and "
"in the dark."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.consult import Consultation
from assistant.settings import Settings, SignInSettings
from tests.consult.conftest import bus_rows
from tests.web.access import barriers
from tests.web.consult.conftest import KEY, Site, make_app
from tests.web.serving import running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SCREENS = (
    "",
    "/themes",
    "/themes/T1",
    "/merge?theme=T1&theme=T2",
    "/responses",
    "/responses/0",
    "/queue",
    "/history",
    "/report",
)
PATIENCE = 300_000
"""Milliseconds for the forming of themes, which starts a process and loads the model."""


@pytest.fixture(scope="module")
def alone(made: tuple[Settings, Path]) -> Iterator[tuple[str, Settings]]:
    """The pages as one person has them on their own machine."""
    settings = made[0].model_copy(update={"sign_in": SignInSettings()})
    with running(make_app(settings)) as address:
        yield address, settings


@pytest.fixture(scope="module")
def together(made: tuple[Settings, Path]) -> Iterator[str]:
    """The same pages for people who sign in."""
    with running(make_app(made[0])) as address:
        yield address


def opened(chromium: Any, name: str = "", **options: Any) -> Any:
    headers = {"x-bernard-proxy-secret": KEY, "x-forwarded-user": name, "x-groups": "staff"} if name else {}
    return chromium.new_context(extra_http_headers=headers, **options).new_page()


def test_from_a_file_to_a_signed_report(chromium: Any, alone: tuple[str, Settings], tmp_path: Path) -> None:
    address, settings = alone
    page = opened(chromium)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    file = tmp_path / "evening buses.csv"
    with file.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows(bus_rows())

    page.goto(f"{address}/consultations")
    assert barriers(page) == []
    page.get_by_label("A file of responses").set_input_files(str(file))
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("heading", name="Is this what the file holds?").wait_for()
    assert barriers(page) == []
    assert page.locator("#kind-2").input_value() == "open question"
    assert page.get_by_label("What to call the consultation").input_value() == "evening buses"
    page.locator("#kind-3").select_option("attribute")
    page.get_by_role("button", name="Yes, read the responses in").click()

    page.get_by_text("Choose how many themes").click()
    page.get_by_label("How many themes (optional)").fill("3")
    page.get_by_role("button", name="Form themes").click()
    page.get_by_role("heading", name="Themes are being formed").wait_for()
    assert barriers(page) == []
    page.get_by_text("The candidate themes are ready").wait_for(timeout=PATIENCE)  # the script brought the page here
    assert barriers(page) == []

    page.locator(".c-theme-link").first.click()
    assert page.locator("mark.c-mark").count() > 1
    page.get_by_text("Rename or describe it").click()
    page.get_by_label("Title", exact=True).fill("Buses that cost less")
    page.get_by_role("button", name="Save the words").click()
    page.get_by_role("heading", name="Buses that cost less").wait_for()
    page.get_by_role("button", name="Undo this").click()
    page.get_by_text("Undone.").wait_for()
    page.get_by_role("link", name="Themes", exact=True).click()
    page.get_by_role("button", name=re.compile("Approve all")).click()

    page.get_by_role("link", name="Queue").click()
    shown = page.locator("#review-title").inner_text()
    ticked = page.locator("input[name=theme]").first.is_checked()
    page.keyboard.press("1")  # the focus is in the part where keys work
    assert page.locator("input[name=theme]").first.is_checked() is not ticked
    page.keyboard.press("a")
    page.get_by_text("Saved, and learnt from.").wait_for()
    assert page.locator("#review-title").inner_text() != shown
    page.keyboard.press("s")
    page.wait_for_url("**skip=**")

    page.get_by_role("link", name="Sign and export").click()
    page.get_by_label("Your name").fill("Alex Analyst")
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("There is a problem").wait_for()
    assert barriers(page) == []
    page.get_by_label("I have read the themes").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("Signed by Alex Analyst").wait_for()
    with page.expect_download() as download:
        page.get_by_label(re.compile("Report to read")).check()
        page.get_by_role("button", name="Download").click()
    report = Path(download.value.path()).read_text("utf-8")
    assert "signed by Alex Analyst" in report
    with Consultation.open("evening buses", settings) as consultation:
        assert len(consultation.question().standing.corrections.reviewed) == 1
    assert [one for one in errors if not one.startswith("Failed to load resource")] == []  # such as for a page with a fault
    page.context.close()


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": {"width": 1280, "height": 900}},
        {"viewport": {"width": 320, "height": 800}, "color_scheme": "dark"},
    ],
    ids=["wide", "phone-dark"],
)
def test_every_screen_is_free_of_barriers_and_fits_its_window(
    chromium: Any, together: str, site: Site, look: dict[str, Any]
) -> None:
    page = opened(chromium, "ada", **look)
    for screen in ("/consultations", *(f"/consultation/buses/1{part}" for part in SCREENS)):
        page.goto(f"{together}{screen}")
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert barriers(page) == [], screen
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), screen
        assert page.locator("h1").count() == 1, screen
    page.context.close()


def test_two_analysts_change_one_theme_and_no_word_is_lost(chromium: Any, together: str, site: Site) -> None:
    ada, bob = opened(chromium, "ada"), opened(chromium, "bob", java_script_enabled=False)
    for page in (ada, bob):
        page.goto(f"{together}/consultation/buses/1/themes/T1")
        page.get_by_text("Rename or describe it").click()
    ada.get_by_label("Title", exact=True).fill("What Ada calls it")
    bob.get_by_label("Title", exact=True).fill("What Bob calls it")
    ada.get_by_role("button", name="Save the words").click()
    ada.get_by_role("heading", name="What Ada calls it").wait_for()
    bob.get_by_role("button", name="Save the words").click()
    bob.get_by_role("heading", name="A colleague was faster").wait_for()
    assert "ada renamed it" in bob.locator(".c-conflict").inner_text()
    assert bob.get_by_label("Title", exact=True).input_value() == "What Bob calls it"
    assert bob.locator("h1").inner_text() == "What Ada calls it"
    bob.get_by_role("button", name="Save the words").click()
    bob.get_by_role("heading", name="What Bob calls it").wait_for()
    ada.reload()
    assert ada.locator("h1").inner_text() == "What Bob calls it"
    ada.goto(f"{together}/consultation/buses/1/history")
    assert ada.get_by_text(re.compile("bob renamed theme T1")).count() == 1
    assert barriers(ada) == []
    for page in (ada, bob):
        page.context.close()

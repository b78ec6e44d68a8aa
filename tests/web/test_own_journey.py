"""Documents of one's own in a real Chromium: added, asked about, gone through, removed; looked over with axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Assistant
from assistant.records import Recorder
from assistant.settings import Settings, UploadSettings
from assistant.uploads import OwnDocuments
from assistant.web.lasting import Lasting
from tests.uploads.policies import NEW, OLD, word_file
from tests.web.access import barriers
from tests.web.browser import IN_A_BROWSER, ask, served

pytestmark = IN_A_BROWSER
LIMITS = UploadSettings(max_file_mib=1)
WINDOWS = {
    "wide": {"color_scheme": "light", "viewport": {"width": 1280, "height": 800}},
    "narrow and dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}},
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "old.md").write_text(OLD)
    (folder / "new.md").write_text(NEW)
    (folder / "ropes.docx").write_bytes(word_file("Ropes\nRopes are coiled at dusk by the mate on watch."))
    (folder / "broken.docx").write_bytes(b"%PDF-1.4 is no Word file")
    (folder / "big.txt").write_bytes(b"x" * (2**20 + 1))
    return folder


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, bernard: Assistant) -> OwnDocuments:
    return OwnDocuments(Settings(data_dir=tmp_path_factory.mktemp("own"), uploads=LIMITS), bernard.index.embedder)


@pytest.fixture(scope="module")
def address(own: OwnDocuments, bernard: Assistant) -> Iterator[str]:
    with (
        Recorder(own._settings) as recorder,
        served(
            bernard, keeping=Lasting(recorder), has_files=True, documents=own, limits=LIMITS, records=recorder.records
        ) as address,
    ):
        yield address


def opened(chromium: Any, address: str, **window: Any) -> Any:
    page = chromium.new_context(**window).new_page()
    page.set_default_timeout(20_000)
    page.goto(address)
    page.locator("#question textarea").wait_for()
    page.locator("#documents-panel > summary").click()
    return page


def choose(page: Any, *paths: Path) -> str:
    """Choose files and wait until each is added or refused; what is said of them."""
    page.get_by_label("Choose files").set_input_files([str(path) for path in paths])
    page.wait_for_function("document.querySelector('#documents-said').textContent.includes(' added.')")
    return str(page.locator("#documents-sending").inner_text())


def listed(page: Any, *names: str) -> None:
    page.wait_for_function(
        "names => JSON.stringify([...document.querySelectorAll('#documents-list .b-document-name')].map(e => e.textContent))"
        " === JSON.stringify(names)",
        arg=list(names),
    )


def press(page: Any, name: str) -> None:
    """Press a button by the beginning of its name and wait for the answer that it brings."""
    before = page.locator("#conversation .b-exchange").count()
    page.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()
    page.wait_for_function("n => document.querySelectorAll('#conversation .b-exchange').length > n", arg=before)


IDS_TWICE = """[...document.querySelectorAll('[id]:not([id=""])')]
  .map(one => one.id).filter((id, at, all) => all.indexOf(id) !== at)"""


def look_over(page: Any) -> None:
    assert barriers(page) == []
    assert page.evaluate(IDS_TWICE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("window", WINDOWS)
def test_files_are_added_asked_about_gone_through_and_removed(chromium: Any, address: str, files: Path, window: str) -> None:
    page = opened(chromium, address, **WINDOWS[window])
    look_over(page)
    assert page.get_by_label("Only your documents").is_hidden()

    said = choose(page, files / "ropes.docx", files / "broken.docx", files / "big.txt", files / "old.md")
    assert "ropes.docx was added." in said
    assert "broken.docx is a PDF, whatever its suffix .docx says" in said
    assert "big.txt is too large: a file may have 1 MiB" in said
    assert page.locator("#documents-said").inner_text() == "2 added. 2 not added; the reason stands beside each."
    listed(page, "ropes.docx", "old.md")
    assert page.locator("#documents-panel > summary").inner_text() == "Your own documents (2)"
    look_over(page)

    ask(page, "When are ropes coiled, and by whom?")
    assert page.locator(".b-status").inner_text() == "What your document says"
    assert "coiled at dusk" in page.locator(".b-claim").first.inner_text()
    assert page.locator(".b-claim .b-tag").first.inner_text() == "Your document"
    assert "Your document" in page.locator(".b-source-title").first.inner_text()
    assert "File: ropes.docx" in page.locator(".b-source").first.inner_text()

    press(page, "Summarise")
    press(page, "What must I do, by when?")
    press(page, "Compare these two")
    headings = page.locator("#conversation .b-question").all_inner_texts()
    assert [heading.removeprefix("Your question:").strip() for heading in headings][1:] == [
        "Summarise “ropes.docx”",
        "What must I do, by when, according to “ropes.docx”?",
        "Compare “ropes.docx” with “old.md”",
    ]
    assert "Only in old.md" in page.locator(".b-claims-heading").all_inner_texts()
    assert "Your document: old.md" in page.locator(".b-claim .b-tag").all_inner_texts()
    look_over(page)

    page.reload()
    listed(page, "ropes.docx", "old.md")
    page.locator("#documents-panel > summary").click()
    page.get_by_role("button", name=re.compile("^Remove ?: ropes")).click()
    listed(page, "old.md")
    assert page.evaluate("document.activeElement.matches('#documents-panel > summary')")
    assert "Removed." in page.locator("#status").inner_text()
    page.context.close()


def test_where_to_search_is_chosen_and_more_of_ones_own_page_is_shown(chromium: Any, address: str, files: Path) -> None:
    page = opened(chromium, address)
    choose(page, files / "old.md")
    listed(page, "old.md")
    page.get_by_label("Only your documents").check()
    ask(page, "How long must the fog log be kept?")
    assert page.locator(".b-status").inner_text() == "Not in your documents"
    page.get_by_label("Only guidance").check()
    ask(page, "How long must the fog log be kept?")
    assert page.locator(".b-status").last.inner_text() == "What the guidance says"
    page.get_by_label("Guidance and your documents").check()
    ask(page, "Within how many days must claims be submitted?")
    page.locator("#conversation .b-exchange").last.locator(".b-more > summary").first.click()
    page.wait_for_function("[...document.querySelectorAll('.b-more')].some(m => m.innerText.includes('harbour desk'))")
    page.context.close()


DROP = """([names, text, opened]) => {
  if (opened) document.querySelector(`button.b-open[data-id="${opened}"]`).click();
  for (const name of names) {
    const brought = new DataTransfer();
    brought.items.add(new File([text + name], name));
    const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: brought });
    document.querySelector("main").dispatchEvent(event);
  }
}"""


def drop(page: Any, *names: str, opening: str = "") -> None:
    """Drop files one after the other, right after choosing to open another conversation where one is named."""
    page.evaluate(DROP, [list(names), OLD, opening])


def shown(page: Any, name: str) -> None:
    page.wait_for_function("name => location.hash === '#conversation=' + name", arg=name)


def test_what_is_dropped_goes_into_the_conversation_that_was_shown_then(
    chromium: Any, address: str, own: OwnDocuments, files: Path
) -> None:
    page = opened(chromium, address)
    choose(page, files / "old.md")
    ask(page, "Within how many days must claims be submitted?")
    first = page.evaluate("document.querySelector('#name [data-conversation]').dataset.conversation")
    page.get_by_role("button", name="New conversation").click()
    listed(page)
    ask(page, "How long must the fog log be kept?")
    page.wait_for_function("name => !['', '#conversation=' + name].includes(location.hash)", arg=first)
    second = page.evaluate("document.querySelector('#name [data-conversation]').dataset.conversation")
    assert own.listed("", second) == []

    held: list[Any] = []
    page.route("**/own/*", lambda route: route.continue_() if held else held.append(route))
    drop(page, "one.md", "two.md")
    page.evaluate("id => document.querySelector(`button.b-open[data-id='${id}']`).click()", first)
    shown(page, first)
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_function("document.querySelectorAll('#documents-sending .b-sent').length === 2")
    page.wait_for_function("document.querySelector('#documents-said').textContent.includes('not in this one')")
    assert [file.name for file in own.listed("", second)] == ["one.md", "two.md"]
    assert [file.name for file in own.listed("", first)] == ["old.md"]

    page.goto(f"{address}/?fresh")
    page.locator(".b-open").first.wait_for(state="attached")
    drop(page, "three.md", opening=first)
    page.get_by_text("another conversation was opened before it could be sent").wait_for()
    shown(page, first)
    assert [file.name for file in own.listed("", first)] == ["old.md"]
    page.context.close()


GIVES_UP = """number => {
  const send = XMLHttpRequest.prototype.send;
  let sent = 0;
  XMLHttpRequest.prototype.send = function (body) {
    send.call(this, body);
    if (++sent === number) setTimeout(() => this.abort(), 100);
  };
}"""


def test_a_reply_that_breaks_off_or_cannot_be_read_holds_up_no_other_file(chromium: Any, address: str) -> None:
    page = opened(chromium, address)
    replies: list[Callable[[Any], Any]] = [
        lambda route: route.fulfill(status=200, content_type="application/x-ndjson", body='{"stage": \n'),
        lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Sign in</h1>"),
        lambda route: route.fulfill(status=200, content_type="application/x-ndjson", body=""),
        lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>"),
        lambda route: route.fulfill(status=401, content_type="application/json", body='{"error": "Sign in first."}'),
        lambda route: route.abort(),
        lambda route: None,  # given up by the browser itself, as when the reader stops the page
    ]
    page.evaluate(GIVES_UP, len(replies))
    page.route("**/own/*", lambda route: replies.pop(0)(route) if replies else route.continue_())
    drop(page, *(f"{number}.md" for number in range(8)))
    listed(page, "7.md")
    said = page.locator("#documents-sending li").all_inner_texts()
    assert [text.split(" ", 1)[1].split(":")[0].split(",")[0] for text in said] == [
        *["may not have been added"] * 4,
        "was not added",
        *["could not be sent"] * 2,
        "was added.",
    ]
    assert "<h1>" not in " ".join(said)
    assert page.locator("#documents-sending progress").count() == 0
    page.context.close()


def test_dropped_files_are_added_and_the_keyboard_reaches_everything(chromium: Any, address: str) -> None:
    page = opened(chromium, address)
    drop(page, "dropped.md")
    listed(page, "dropped.md")
    page.locator("#documents-input").focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    assert [text.split("\n")[0].split(":")[0] for text in reached][:4] == [
        "own-scope-0",
        "Summarise",
        "What must I do, by when?",
        "Remove",
    ]
    page.context.close()


def test_documents_go_with_their_conversation(chromium: Any, address: str, own: OwnDocuments, files: Path) -> None:
    page = opened(chromium, address)
    choose(page, files / "old.md")
    listed(page, "old.md")
    ask(page, "Within how many days must claims be submitted?")
    name = page.evaluate("document.querySelector('#name [data-conversation]').dataset.conversation")
    assert own.listed("", name)
    page.locator(".b-own > summary").click()
    current = page.locator(".b-conversation[aria-current]")
    current.locator(".b-manage > summary").click()
    current.get_by_label("Delete it and its answers for good").check()
    current.get_by_role("button", name="Delete").click()
    listed(page)
    assert own.listed("", name) == []
    page.context.close()


def test_another_conversation_has_none_of_them(chromium: Any, address: str, files: Path) -> None:
    page = opened(chromium, address)
    choose(page, files / "old.md")
    listed(page, "old.md")
    ask(page, "Within how many days must claims be submitted?")
    page.get_by_role("button", name="New conversation").click()
    listed(page)
    ask(page, "Within how many days must claims be submitted?")
    assert page.locator(".b-tag-yours").count() == 0
    page.context.close()


def test_a_name_of_a_file_is_text_on_the_page(chromium: Any, address: str, files: Path, tmp_path: Path) -> None:
    page = opened(chromium, address)
    alerts: list[str] = []

    def heard(dialog: Any) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    hostile = tmp_path / "<img src=x onerror=alert(1)>.md"
    hostile.write_text(OLD)
    assert hostile.name in choose(page, hostile)
    listed(page, hostile.name)
    press(page, "Summarise")
    assert alerts == []
    assert page.locator("#conversation img, #documents img").count() == 0
    page.context.close()

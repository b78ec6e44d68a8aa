from __future__ import annotations

import re
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.web import style
from assistant.web.style import add_style, address, style_sheet, style_sheets


def test_it_holds_every_sheet_with_the_colours_first() -> None:
    sheet = style_sheet()
    assert sheet.index("--b-ink: #0b0c0c") < sheet.index(".b-header {")
    for path in style_sheets():
        for names in re.findall(r"\.b-[\w-]+", path.read_text("utf-8")):
            assert names in sheet, path.name


def test_every_selector_in_a_media_block_has_the_prefix_that_gradio_gives_it_and_the_colours_have_none() -> None:
    blocks = style._MEDIA.findall(style_sheet().partition(".b-header {")[2])
    assert len(blocks) > 5
    for block in blocks:
        for selectors, _ in style._RULE.findall(block):
            for one in style._COMMA.split(selectors):
                assert one.strip().startswith(".gradio-container.gradio-container "), one
    assert "@media (prefers-color-scheme: dark) {\n  :root {" in style_sheet()


def test_brackets_keep_their_commas() -> None:
    assert ".gradio-container.gradio-container .prose .b-table :is(tbody, tr, td) {" in style_sheet()


def test_it_is_kept_by_browsers_and_its_address_changes_with_it() -> None:
    app = FastAPI()
    add_style(app)
    reply = TestClient(app).get(address())
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/css")
    assert "immutable" in reply.headers["cache-control"]
    assert re.fullmatch(r"/style/bernard\.css\?[0-9a-f]{12}", address())


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in style_sheet()
    assert "@import" not in style_sheet()
    assert Path(style.__file__).with_name("plain.css").is_file()

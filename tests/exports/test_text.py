"""Text and addresses fit for files."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assistant.exports.text import address_for_file, clean, file_name_of


@given(st.text(st.characters(), max_size=200))
def test_clean_text_can_stand_in_xml(text: str) -> None:
    element = etree.Element("p")
    element.text = clean(text)

    assert etree.fromstring(etree.tostring(element)).text == (clean(text) or None)


def test_clean_text_keeps_what_people_write() -> None:
    text = "Tŷ, naïve, 10 €, “quoted” – \N{OWL}\tand\nnext"
    assert clean(text) == text
    assert clean("a\x00b\x0bc\ud800d\r\ne\u202ef") == "a\ufffdb\ufffdc\ufffdd\nef"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.gov.uk/a?b=c&d=1#e", "https://www.gov.uk/a?b=c&d=1#e"),
        ("https://www.gov.uk/a%20b#page=3", "https://www.gov.uk/a%20b#page=3"),
        ('https://www.gov.uk/100%|tŷ"<>', "https://www.gov.uk/100%25%7Ct%C5%B7%22%3C%3E"),
        ("https://www.gov.uk/a#b#c", "https://www.gov.uk/a#b%23c"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:/srv/notes.md", ""),
        ("https://user:pw@www.gov.uk/", ""),
        ("https://gov.uk\\@evil.example/", ""),
        ("https://tŷ.example/", ""),
        ("http://[bad", ""),
        ("ftp://www.gov.uk/", ""),
        ("", ""),
    ],
)
def test_only_a_sound_web_address_is_a_link(url: str, address: str) -> None:
    assert address_for_file(url) == address


@given(st.text(max_size=60))
def test_an_address_has_only_characters_of_a_uri(rest: str) -> None:
    address = address_for_file(f"https://www.gov.uk/{rest}")

    assert address == "" or (address.isascii() and address.count("#") <= 1 and not set(address) & set(' "<>\\^`{|}[]'))
    assert address == "" or urlsplit(address).hostname == "www.gov.uk"


@given(st.text(max_size=300))
def test_a_file_s_name_is_one_that_any_system_takes(title: str) -> None:
    name = file_name_of(title, day="2026-11-25", ending="docx")

    assert name.startswith("bernard-")
    assert name.endswith("2026-11-25.docx")
    assert len(name) <= 90
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_a_file_is_named_after_its_title() -> None:
    name = file_name_of("Élan & the clock: how long?", day="2026-11-25", ending="md")
    assert name == "bernard-elan-the-clock-how-long-2026-11-25.md"

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.links import address_of_page, address_of_quote, file_name, host_name, opening_words, web_address


@pytest.mark.parametrize("url", ["https://www.gov.uk/a?b=c#d", "http://localhost:8000/x", "HTTPS://WWW.GOV.UK/"])
def test_web_addresses_are_kept_as_they_are(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " https://www.gov.uk/",
        "java\nscript:alert(1)",
        "https://www.gov.uk\\@evil.example/",
        "https:///nowhere",
        "https://[broken",
        "data:text/html,x",
        "file:/etc/passwd",
        "//evil.example/",
        "/relative",
    ],
)
def test_nothing_but_http_and_https_becomes_an_address(url: str) -> None:
    assert web_address(url) == ""
    assert address_of_quote(url, "some words") == ""
    assert host_name(url) == ""


def test_the_quote_follows_the_fragment_of_the_heading() -> None:
    address = address_of_quote("https://www.gov.uk/a#limits", "Reply within 20 days, not 21.")
    assert address == "https://www.gov.uk/a#limits:~:text=Reply%20within%2020%20days%2C%20not%2021."


def test_a_page_without_fragment_gets_one_for_the_quote() -> None:
    assert address_of_quote("https://www.gov.uk/a", "Reply") == "https://www.gov.uk/a#:~:text=Reply"


def test_hyphens_and_ampersands_do_not_end_the_quote_early() -> None:
    address = address_of_quote("https://www.gov.uk/a", "well-known R&D")
    assert address.endswith(":~:text=well%2Dknown%20R%26D")


def test_a_pdf_opens_at_its_page_alone() -> None:
    assert address_of_quote("https://www.gov.uk/a.pdf#page=3", "words") == "https://www.gov.uk/a.pdf#page=3"


def test_only_words_that_stand_together_on_the_page_are_looked_for() -> None:
    assert opening_words("one two three four five six seven eight nine ten") == "one two three four five six seven eight"
    assert opening_words("SCS1 | Your former department | 2 years") == "Your former department"
    assert opening_words("\n\nfirst line\nsecond line") == "first line"
    assert opening_words("") == ""


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_quote_can_be_read_back_from_the_address(quote: str) -> None:
    address = address_of_quote("https://www.gov.uk/a", quote)
    words = opening_words(quote)
    _, _, directive = address.partition("#:~:text=")
    assert unquote(directive) == words
    assert not set(directive) & set("-,& \n\"'<>")


def test_a_page_that_is_not_quoted_opens_at_its_top() -> None:
    assert address_of_page("https://www.gov.uk/a?b=c#who-it-is") == "https://www.gov.uk/a?b=c"
    assert address_of_page("javascript:alert(1)#x") == ""


def test_a_file_is_known_by_its_name() -> None:
    assert file_name("file:/srv/guidance/Business%20rules.docx#page=2") == "Business rules.docx"
    assert file_name("https://www.gov.uk/a") == ""

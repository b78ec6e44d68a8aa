"""legislation.gov.uk as a publisher, asked for on a real server: what is found, what is refused, what is kept and read."""

from __future__ import annotations

import datetime as dt
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from assistant.answer import Answer, Assistant, Notice
from assistant.cli import main
from assistant.documents.legislation import LegislationReader
from assistant.documents.reader import File
from assistant.errors import BernardError, FetchError, InputError
from assistant.fetch import Wanted, fetch, read_list
from assistant.fetch import client as fetch_client
from assistant.fetch.legislation import Legislation
from assistant.fetch.model import Item
from assistant.settings import FetchSettings, Settings
from tests.conftest import settings_in
from tests.documents.legislation_maker import SITE, act, section, text

ACT = act(section("4", "Duty to publish", text("Each keeper must publish a log."))).encode()
MAKING = b"<!DOCTYPE html><html><title>Please wait</title><p>Your document is being generated.</p></html>"


class Site:
    """A small legislation.gov.uk: replies by path and query, given once each in order, the last for ever."""

    def __init__(self) -> None:
        self.replies: dict[str, list[tuple[int, str, bytes]]] = {}
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                replies = site.replies.get(self.path, [(404, "text/html", b"")])
                status, kind, body = replies.pop(0) if len(replies) > 1 else replies[0]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def give(self, path: str, body: bytes, *, status: int = 200, kind: str = "application/xml") -> None:
        self.replies.setdefault(path, []).append((status, kind, body))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def settings(site: Site) -> FetchSettings:
    return FetchSettings.model_validate({"legislation_url": site.url, "per_second": 1000, "attempts": 4, "max_wait": 1})


@pytest.fixture
def index_settings(tmp_path: Path, model_cache: Path) -> Settings:
    return settings_in(tmp_path / "data", model_cache)


@pytest.fixture
def source(settings: FetchSettings) -> Legislation:
    return Legislation(settings)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_client.Client.__init__, "__kwdefaults__", {"first_wait": 0.02})


def get(address: str) -> bytes:
    with urllib.request.urlopen(address) as reply:
        body: bytes = reply.read()
    return body


def never(address: str) -> bytes:
    raise AssertionError(address)


def feed(*paths: str, following: str = "", updated: str = "2031-06-01", formats: str = "application/xml") -> bytes:
    entries = "".join(
        f"<entry><id>{SITE}/id/{path}</id><title>{path}</title><updated>{updated}T09:00:00Z</updated>"
        f'<link rel="self" href="{SITE}/id/{path}"/>'
        f'<link rel="alternate" type="{formats}" href="{SITE}/{path}/data.xml"/></entry>'
        for path in paths
    )
    more = f'<link rel="next" type="application/atom+xml" href="{following}"/>' if following else ""
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{SITE}</id>{more}{entries}</feed>'.encode()


def places(items: Iterator[Item]) -> list[str]:
    return [item.file.removesuffix(".xml") for item in items]


# What is asked for


@pytest.mark.parametrize(
    ("given_path", "path", "file"),
    [
        ("ukpga/2000/36", "ukpga/2000/36", "ukpga/2000/36.xml"),
        ("/ukpga/2000/36/section/14/", "ukpga/2000/36/section/14", "ukpga/2000/36/section/14.xml"),
        ("uksi/2004/3391", "uksi/2004/3391", "uksi/2004/3391.xml"),
        ("ukpga/2000/36/2024-01-01", "ukpga/2000/36/2024-01-01", "ukpga/2000/36/2024-01-01.xml"),
        ("ukpga/Eliz2/7-8/33", "ukpga/Eliz2/7-8/33", "ukpga/Eliz2/7-8/33.xml"),
        (f"{SITE}/ukpga/2000/36/contents#top", "ukpga/2000/36", "ukpga/2000/36.xml"),
        ("https://www.legislation.gov.uk/id/ukpga/2000/36", "ukpga/2000/36", "ukpga/2000/36.xml"),
        (f"{SITE}/ukpga/2000/36/section/1/data.xml?view=plain", "ukpga/2000/36/section/1", "ukpga/2000/36/section/1.xml"),
        (
            "ukpga/1985/67/section/6/england+wales",
            "ukpga/1985/67/section/6/england+wales",
            "ukpga/1985/67/section/6/england-and-wales.xml",
        ),
    ],
)
def test_a_path_or_an_address_is_one_item(source: Legislation, given_path: str, path: str, file: str) -> None:
    base = source.base_url
    assert [*source.find(Wanted(paths=(given_path,)), never)] == [Item(f"{base}/{path}/data.xml", file, f"{base}/{path}")]


def test_the_same_item_is_asked_for_once(source: Legislation) -> None:
    assert places(source.find(Wanted(paths=("ukpga/2000/36", f"{SITE}/ukpga/2000/36")), never)) == ["ukpga/2000/36"]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "ukpga",
        "ukpga/2000",
        "ukpga/2000/36/../../etc/passwd",
        "ukpga/2000/36/%2e%2e",
        "bills/2000/36",
        "ukpga/20x0/36",
        "https://example.org/ukpga/2000/36",
        "file:///ukpga/2000/36",
        "ukpga/2000/36/welsh",
        "ukpga/2000/36/section/14\n",
        "ukpga/2000/thirty-six",
        "http://[",
        "ukpga/2000/36/prospective",
    ],
)
def test_what_is_no_path_of_legislation_is_refused(source: Legislation, path: str) -> None:
    if path.endswith("\n"):
        assert places(source.find(Wanted(paths=(path,)), never))  # only white space around it
        return
    with pytest.raises(InputError, match=r"is not the path of legislation.*ukpga/2000/36|not in force"):
        list(source.find(Wanted(paths=(path,)), never))


@given(st.text(max_size=60) | st.text("ukpga/2031.-+=%", max_size=30).map(lambda rest: f"ukpga/2000/36/{rest}"))
@given_settings(deadline=None)
def test_any_path_is_an_item_with_a_plain_file_name_or_refused(path: str) -> None:
    source = Legislation(FetchSettings())
    try:
        items = [*source.find(Wanted(paths=(path,)), never)]
    except BernardError:
        return
    for item in items:
        assert all(part.strip(".") and part.replace("-", "").replace(".", "").isalnum() for part in item.file.split("/"))
        assert item.address.startswith("https://www.legislation.gov.uk/")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(organisations=("hm-treasury",)), "no lists by organisation"),
        (Wanted(manuals=("ukpga/2000/36",)), "no manuals or collections"),
        (Wanted(collections=("ukpga",)), "no manuals or collections"),
        (Wanted(document_types=("guide",)), "not a type of legislation"),
    ],
)
def test_what_the_publisher_has_not_got_is_refused_in_plain_words(source: Legislation, wanted: Wanted, said: str) -> None:
    with pytest.raises(InputError, match=said):
        list(source.find(wanted, never))


def test_nothing_asked_for_is_nothing_found(source: Legislation) -> None:
    assert [*source.find(Wanted(), never)] == []


# Searches


def test_a_search_follows_the_pages_of_a_list_on_its_own_host(site: Site, source: Legislation) -> None:
    first = "/ukpga+uksi/data.feed?text=lamp+oil&sort=modified&results-count=50"
    second = "/ukpga+uksi/data.feed?text=lamp+oil&sort=modified&results-count=50&page=2"
    site.give(first, feed("ukpga/2031/7", "uksi/2031/214", following=f"{SITE}{second}".replace("&", "&amp;")))
    site.give(second, feed("uksi/2031/214", "asp/2030/2"))
    wanted = Wanted(text="lamp oil", document_types=("ukpga", "uksi"))
    assert places(source.find(wanted, get)) == ["ukpga/2031/7", "uksi/2031/214", "asp/2030/2"]
    assert site.asked == [first, second]


def test_a_search_stops_at_its_limit_and_at_a_page_that_it_has_had(site: Site, source: Legislation) -> None:
    address = "/all/data.feed?text=lamp&sort=modified&results-count=2"
    site.give(address, feed("ukpga/2031/1", "ukpga/2031/2", following=f"{SITE}{address}".replace("&", "&amp;")))
    assert places(source.find(Wanted(text="lamp", limit=2), get)) == ["ukpga/2031/1", "ukpga/2031/2"]
    assert len(places(source.find(Wanted(text="lamp", limit=2), get))) == 2
    assert set(site.asked) == {address}


def test_a_search_by_day_stops_once_a_page_is_older(site: Site, source: Legislation) -> None:
    def page(number: int) -> str:
        return f"/ukpga/data.feed?sort=modified&results-count=50{f'&page={number}' if number > 1 else ''}"

    for number, day in enumerate(("2031-06-03", "2031-06-01", "2031-05-01"), start=1):
        following = f"{SITE}{page(number + 1)}".replace("&", "&amp;")
        site.give(page(number), feed(f"ukpga/2031/{number}", following=following, updated=day))
    wanted = Wanted(document_types=("ukpga",), updated_since=dt.date(2031, 6, 1))
    assert places(source.find(wanted, get)) == ["ukpga/2031/1", "ukpga/2031/2"]
    assert len(site.asked) == 3


def test_items_that_there_are_only_as_pdf_and_odd_entries_are_passed_over(site: Site, source: Legislation) -> None:
    address = "/all/data.feed?text=lamp&sort=modified&results-count=50"
    site.give(address, feed("ukpga/Edw7/2/41", formats="application/pdf"))
    assert places(source.find(Wanted(text="lamp"), get)) == []
    site.replies[address] = [(200, "application/atom+xml", feed("ukpga/2031/../x", "browse", "ukpga/2031/5"))]
    assert places(source.find(Wanted(text="lamp"), get)) == ["ukpga/2031/5"]


@pytest.mark.parametrize("body", [b"", MAKING, b"<feed/>", feed("ukpga/2031/7")[:-5]])
def test_a_list_that_is_none_is_refused(site: Site, source: Legislation, body: bytes) -> None:
    site.give("/all/data.feed?text=lamp&sort=modified&results-count=50", body)
    with pytest.raises(FetchError, match="did not answer with a list"):
        list(source.find(Wanted(text="lamp"), get))


def test_the_next_page_is_never_on_another_host(site: Site, source: Legislation) -> None:
    address = "/all/data.feed?text=lamp&sort=modified&results-count=50"
    site.give(address, feed("ukpga/2031/7", following="https://example.org/all/data.feed?page=2"))
    assert places(source.find(Wanted(text="lamp"), get)) == ["ukpga/2031/7"]


# What is worth keeping


ITEM = Item("https://www.legislation.gov.uk/ukpga/2031/7/data.xml", "ukpga/2031/7.xml")


def test_whole_legislation_is_kept_and_has_no_further_items(source: Legislation) -> None:
    assert source.check(ITEM, ACT, {"content-type": "application/xml"}) is None
    assert [*source.further(ITEM, ACT, Wanted(attachments=True))] == []


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (ACT[:-20], "application/xml", "cut short or damaged"),
        (b"", "application/xml", "cut short or damaged"),
        (MAKING, "text/html", "a web page"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'><p>Wait</p></html>", "application/xhtml+xml", "a web page"),
        (feed("ukpga/2031/7"), "application/xml", "a 'feed' document"),
    ],
)
def test_what_is_not_whole_legislation_is_refused(source: Legislation, body: bytes, kind: str, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        source.check(ITEM, body, {"content-type": kind})


@given(st.integers(0, len(ACT) - 1))
@given_settings(deadline=None)
def test_a_reply_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(FetchError):
        Legislation(FetchSettings()).check(ITEM, ACT[:length], {})


# From the publisher to a document


def test_an_act_is_fetched_and_read(site: Site, settings: FetchSettings, tmp_path: Path) -> None:
    site.give("/ukpga/2031/7/data.xml", MAKING, status=202, kind="text/html")
    site.give("/ukpga/2031/7/data.xml", MAKING, kind="text/html")
    site.give("/ukpga/2031/7/data.xml", ACT[:-30])
    site.give("/ukpga/2031/7/data.xml", ACT)
    report = fetch(
        Legislation(settings), Wanted(paths=("ukpga/2031/7", "ukpga/2031/8")), settings, folder=tmp_path / "legislation"
    )
    assert len(report.missing) == 1
    assert site.asked.count("/ukpga/2031/7/data.xml") == 4
    path = tmp_path / "legislation/ukpga/2031/7.xml"
    document = LegislationReader().read(File(path, "legislation/ukpga/2031/7.xml", path.read_bytes()))
    assert document.title == "Lighthouse Keepers (Leave) Act 2031"
    assert document.url == "https://www.legislation.gov.uk/ukpga/2031/7"


def test_every_path_of_the_list_that_ships_is_one_of_legislation(source: Legislation, repository: Path) -> None:
    wanted = read_list(repository / "corpus/legislation.toml")

    items = list(source.find(wanted, never))

    assert len(items) == len(wanted.paths) > 20


FOI = "ukpga/2000/36"
FOI_ACT = act(
    section("1", "General right of access", text("Any person may ask a keeper to see the log of a light."), path=FOI)
    + section("10", "Time for compliance", text("A keeper must answer within 20 working days of the request."), path=FOI)
    + section("11", "Fees", text("No fee is charged."), path=FOI, attributes='Status="Repealed"'),
    path=FOI,
    title="Freedom of Information (Lights) Act 2000",
    metadata='<ukm:UnappliedEffects><ukm:UnappliedEffect Type="repealed" RequiresApplied="true"/></ukm:UnappliedEffects>',
)
FOI_THEN = act(
    section("1", "General right of access", text("Any person may ask a keeper to see the log of a light."), path=FOI)
    + section("10", "Time for compliance", text("A keeper must answer within 30 working days of the request."), path=FOI),
    path=FOI,
    view="/2019-01-01",
    valid="2019-01-01",
    title="Freedom of Information (Lights) Act 2000",
    metadata=f'<atom:link rel="http://purl.org/dc/terms/isReplacedBy" href="{SITE}/{FOI}/2020-05-01" title="2020-05-01"/>',
)
QUESTION = "Within how many working days must a keeper answer a request?"


def _fetched_and_asked(path: str, reply: str, site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Answer:
    site.give(f"/{path}/data.xml", reply.encode())
    monkeypatch.setenv("BERNARD_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("BERNARD_FETCH__LEGISLATION_URL", site.url)
    monkeypatch.setenv("BERNARD_FETCH__PER_SECOND", "1000")
    assert main(["fetch", "--from", "legislation", f"/{path}", "--ingest"]) == 0
    with Assistant.open(settings) as bernard:
        return bernard.ask(QUESTION)


def test_an_answer_from_a_fetched_act_cites_the_section_and_says_what_to_mind(
    site: Site, index_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _fetched_and_asked(FOI, FOI_ACT, site, index_settings, monkeypatch)

    cited = {answer.sources[citation.source - 1].url for claim in answer.claims for citation in claim.citations}
    assert cited == {"https://www.legislation.gov.uk/ukpga/2000/36/section/10"}
    assert "within 20 working days" in answer.text
    assert answer.sources[0].organisation == "legislation.gov.uk"
    assert answer.sources[0].extent == ("England", "Scotland", "Wales", "Northern Ireland")
    cautions = [notice.text for notice in answer.notices if notice.kind is Notice.CAUTION]
    assert cautions == [
        "Source 1 comes with a caution: legislation.gov.uk lists one change to it not yet made to this text."
    ]


def test_an_answer_from_an_act_as_it_stood_opens_that_day_and_says_that_there_is_a_later_text(
    site: Site, index_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _fetched_and_asked(f"{FOI}/2019-01-01", FOI_THEN, site, index_settings, monkeypatch)

    assert answer.sources[0].url == "https://www.legislation.gov.uk/ukpga/2000/36/section/10/2019-01-01"
    (told,) = [notice.text for notice in answer.notices if notice.kind is Notice.SUPERSEDED]
    assert "This is the text as it stood on 1 January 2019; there is a later version, of 1 May 2020." in told

"""Two users of one site: neither gets at anything of the other's, by whatever way there is."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.web.sample_answers import FullAnswers
from tests.web.signin.site import Site, serving, who
from tests.web.signin.tab import DATA, JOIN, Tab, twice

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
SECRET = "freedom of information about the harbour"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("apart") / "data"
    options = {"way": "passwords"}
    with serving(folder, sign_in=options, answers=FullAnswers(), routes=[who], ada="official", eve="administrator") as site:
        yield site


@pytest.fixture(scope="module")
def ada(site: Site) -> Iterator[httpx.Client]:
    with site.signed_in("ada") as client:
        yield client


@pytest.fixture(scope="module")
def eve(site: Site) -> Iterator[httpx.Client]:
    """Even an administrator reads only what is her own."""
    with site.signed_in("eve") as client:
        yield client


@pytest.fixture(scope="module")
def page(ada: httpx.Client) -> Tab:
    return Tab(ada)


@pytest.fixture(scope="module")
def conversation(page: Tab) -> str:
    """Ada's."""
    return page.ask(SECRET)


def test_a_user_finds_what_is_their_own(site: Site, ada: httpx.Client, page: Tab, conversation: str) -> None:
    assert len(conversation) == 32
    assert SECRET in Tab(ada).open_page(conversation)
    assert SECRET in Tab(ada).open_page()
    assert ada.get(f"/export/{conversation}.markdown").status_code == 200
    assert [one.id for one in site.records.conversations("ada")] == [conversation]
    assert not site.records.conversations("")


def test_another_user_does_not_find_it(site: Site, eve: httpx.Client, conversation: str) -> None:
    (exchange,) = site.records.conversation("ada", conversation).exchanges
    for name in (conversation, exchange.id):
        for form in ("markdown", "docx", "json", "html"):
            assert eve.get(f"/export/{name}.{form}").status_code == 404
    assert SECRET not in Tab(eve).open_page()
    for told in (
        Tab(eve).open_page(conversation),
        Tab(eve).keep(do="open", id=conversation),
        Tab(eve).keep(do="search", search="harbour"),
        Tab(eve).keep(do="rename", id=conversation, title="Mine"),
        Tab(eve).keep(do="delete", id=conversation, sure="yes"),
        Tab(eve).act("acts", "feedback", [], {"said": "x", "record": exchange.id, "kinds": ["wrong"], "text": "mine"}),
    ):
        assert SECRET not in told
    kept = site.records.conversation("ada", conversation)
    assert kept.title != "Mine"
    assert len(kept.exchanges) == 1


def test_the_page_that_another_user_has_open_is_out_of_reach(eve: httpx.Client, page: Tab, conversation: str) -> None:
    stolen = Tab(eve, page.name)
    own = Tab(eve)
    body = own.body("ask", "click", ["And now?", None, ""])
    as_json = {"content-type": "application/json"}
    tries = [
        stolen.join("ask", "click", ["And now?", None, ""]),
        eve.get(DATA, params={"session_hash": page.name}),
        eve.get(f"{DATA}?session_hash={own.name}&session_hash={page.name}"),
        eve.get(f"{DATA}?session_hash={page.name}&session_hash={own.name}"),
        eve.get(f"{DATA}?session%5Fhash={page.name}"),
        eve.get(f"/gradio_api/heartbeat/{page.name}"),
        eve.post("/gradio_api/cancel", json={"session_hash": page.name, "fn_index": 0, "event_id": "x"}),
        eve.post(JOIN, content=twice(body, page.name, last=True), headers=as_json),
        eve.post(JOIN, content=twice(body, page.name, last=False), headers=as_json),
        eve.post(f"{JOIN}?session_hash={page.name}", json=body),
    ]
    assert [reply.status_code for reply in tries] == [403] * len(tries)
    assert all("opened by another user" in reply.json()["error"] for reply in tries)
    number = "1" * 5000  # more digits than Python reads, so that the name cannot be looked at
    unread = [f'{{"session_hash": "{page.name}", "data": [{number}], "fn_index": 0}}', "[" * 100_000, "no JSON"]
    for content in unread:
        assert eve.post(JOIN, content=content, headers=as_json).status_code == 400


def test_its_own_user_goes_on_with_it(page: Tab, conversation: str) -> None:
    assert page.ask("parking") == conversation


def test_pages_and_files_are_kept_by_no_browser(ada: httpx.Client, conversation: str) -> None:
    for path in ("/", "/config", f"/export/{conversation}.html", "/plain/who", "/sign-in", "/signed-out"):
        assert "no-store" in ada.get(path).headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/", "/config", "/theme.css", "/gradio_api/info", "/assets/index.js", "/static/img/logo.svg", "/export/x.docx"]
)
def test_nothing_is_seen_without_signing_in(site: Site, path: str) -> None:
    with site.client() as client:
        assert client.get(path).status_code == 401
        reply = client.get(path, headers={"accept": "text/html"})
        assert reply.status_code == (401 if path.startswith("/gradio_api/") else 303)


def test_what_is_not_found_among_bernards_own_paths_is_not_looked_for_in_gradio(ada: httpx.Client) -> None:
    for method, path in (
        ("GET", "/api/config"),
        ("POST", "/api/predict"),
        ("GET", "/own/x"),
        ("GET", "/plain"),
    ):
        reply = ada.request(method, path)
        assert (reply.status_code, reply.json()) == (404, {"error": "There is no such page."})
        reply = ada.request(method, path, headers={"accept": "text/html"})
        assert path.startswith("/api/") or "<h1" in reply.text


def test_a_method_that_an_address_does_not_take_is_told_with_those_it_takes(ada: httpx.Client) -> None:
    taken_by = {("GET", "/sign-out"): "POST", ("DELETE", "/sign-in"): "GET, POST", ("PUT", "/export/a.b"): "GET"}
    for (method, path), taken in taken_by.items():
        reply = ada.request(method, path)
        assert (reply.status_code, reply.headers["allow"]) == (405, taken)
        assert "is not for this address" in reply.json()["error"]


def test_names_of_pages_that_no_page_has_are_not_held(ada: httpx.Client) -> None:
    assert Tab(ada, "x" * 65).join("ask", "click", [SECRET, None, ""]).status_code == 400
    many = {"session_hash": [str(number) for number in range(5)]}
    assert ada.get(DATA, params=many).status_code == 400

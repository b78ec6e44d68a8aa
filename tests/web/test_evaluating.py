"""What evaluators have in the browser: real records and users, runs as `bernard eval run` leaves them; and who is let in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from assistant.web.evaluating import add_evaluating, finished_runs
from assistant.web.frame import frame
from assistant.web.style import add_style
from tests.web.access import barriers
from tests.web.sample_answers import FIRST, HOSTILE, foi
from tests.web.signin.site import Site, serving

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
PAGES = ("/evaluate", "/evaluate/feedback.jsonl", "/evaluate/runs/2026-11-20-101500/scorecard.html")


def run(folder: Path, name: str, *, finished: bool = True, **files: str) -> Path:
    """A folder as a run leaves it."""
    place = folder / name
    place.mkdir(parents=True)
    about = {"started": "2026-11-20T10:15:00", "suites": ["answers", HOSTILE], "model": "", "finished": finished}
    (place / "run.json").write_text(json.dumps(about))
    for file in ("scorecard.html", "samples.jsonl"):
        (place / file).write_text(f"<h1>{file}</h1><script>1</script>")
    return place


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("evaluating")
    runs = folder / "runs"
    run(runs, "2026-11-20-101500")
    run(runs, "2026-11-21-101500", finished=False)
    (runs / "leads-out").symlink_to(run(folder / "elsewhere", "secret"))
    linked = run(runs, "2026-11-19-101500")
    (linked / "scorecard.html").unlink()
    (linked / "scorecard.html").symlink_to(folder / "elsewhere" / "secret" / "samples.jsonl")
    site: Site

    def routes(app: object) -> None:
        add_evaluating(app, lambda: site.records, runs=runs, documents=lambda: 4321)  # type: ignore[arg-type]

    with serving(
        folder / "data",
        sign_in={"way": "passwords"},
        routes=[routes, add_style],
        off="official",
        eva="evaluator",
        max="administrator",
    ) as site:
        talk = site.records.begin("off")
        answer = site.records.add(foi("A question of an official's"), user="off", conversation=talk)
        site.records.give_feedback("off", answer, kinds=["wrong"], text=HOSTILE, claim=0)
        yield site


@pytest.fixture
def as_user(site: Site) -> Iterator[Callable[[str], httpx.Client]]:
    with ExitStack() as held:
        yield lambda name: held.enter_context(site.signed_in(name))


def test_nobody_but_evaluators_and_administrators_is_let_in(site: Site, as_user: Callable[[str], httpx.Client]) -> None:
    official = as_user("off")
    for path in PAGES:
        with site.client() as nobody:
            assert nobody.get(path).status_code == 401
            assert nobody.get(path, headers={"accept": "text/html"}).headers["location"].startswith("/sign-in?next=")
        reply = official.get(path)
        assert (reply.status_code, "this is for the role evaluator" in reply.text) == (403, True)
        assert "wrong" not in reply.text
        assert "<h1>scorecard" not in reply.text
    for name in ("eva", "max"):
        client = as_user(name)
        assert [client.get(path).status_code for path in PAGES] == [200] * 3
        assert client.post("/evaluate").status_code == 405


def test_what_readers_said_comes_as_cases_without_their_names(as_user: Callable[[str], httpx.Client]) -> None:
    evaluator = as_user("eva")
    page = evaluator.get("/evaluate").text
    assert "<td>wrong</td><td>1</td>" in page
    assert HOSTILE not in page
    reply = evaluator.get("/evaluate/feedback.jsonl")
    assert reply.headers["content-disposition"] == "attachment; filename=feedback.jsonl"
    assert "no-store" in reply.headers["cache-control"]
    (case,) = map(json.loads, reply.text.splitlines())
    assert (case["question"], case["claim"], case["comment"]) == ("A question of an official's", FIRST, HOSTILE)
    assert '"off"' not in reply.text


def test_scorecards_of_finished_runs_are_given_and_nothing_else_on_the_disk(as_user: Callable[[str], httpx.Client]) -> None:
    evaluator = as_user("eva")
    page = evaluator.get("/evaluate").text
    assert page.count('href="/evaluate/runs/') == 1
    reply = evaluator.get(PAGES[2])
    assert reply.text.startswith("<h1>scorecard.html</h1>")
    assert "default-src 'none'" in reply.headers["content-security-policy"], "no script of a scorecard runs"
    for path in (
        "2026-11-20-101500/samples.jsonl",
        "2026-11-20-101500/run.json",
        "2026-11-21-101500/scorecard.html",
        "2026-11-19-101500/scorecard.html",
        "leads-out/scorecard.html",
        "..%2felsewhere%2fsecret/scorecard.html",
        "../../elsewhere/secret/scorecard.html",
        "%2e%2e/scorecard.html",
    ):
        assert evaluator.get(f"/evaluate/runs/{path}").status_code == 404, path


def test_administrators_alone_see_how_much_is_kept(as_user: Callable[[str], httpx.Client]) -> None:
    assert "For administrators" not in as_user("eva").get("/evaluate").text
    page = as_user("max").get("/evaluate").text
    assert "4,321" in page
    for told in ("Answers in the records", "Users with a password: evaluator"):
        assert f"<td>{told}</td><td>1</td>" in page


def test_a_folder_that_is_not_there_or_damaged_has_no_runs(tmp_path: Path) -> None:
    assert finished_runs(tmp_path / "none") == []
    for number, written in enumerate(("", "[]", "null", '{"finished": true}', '{"finished": 1, "suites": []}')):
        (run(tmp_path, f"r{number}") / "run.json").write_text(written)
    assert finished_runs(tmp_path) == []


def test_the_link_is_there_for_whom_it_leads_in() -> None:
    assert 'href="/evaluate"' in frame("x", "", user="eva", may_evaluate=True)
    assert 'href="/evaluate"' not in frame("x", "", user="ada")


@pytest.mark.browser
def test_axe_finds_nothing_serious(chromium: object, site: Site, as_user: Callable[[str], httpx.Client]) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 640})  # type: ignore[attr-defined]
    context.add_cookies([{"name": "bernard", "value": as_user("max").cookies["bernard"], "url": site.address}])
    page = context.new_page()
    page.goto(f"{site.address}/evaluate")
    assert page.locator("h1").inner_text() == "Evaluate"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert barriers(page) == []
    context.close()

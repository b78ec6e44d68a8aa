"""A whole fetch, from a real server: what is kept, what is reported, and what is never asked twice."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.documents.library import find_files, load_file, read_file
from assistant.errors import FetchError, InputError
from assistant.fetch import FetchReport, Move, NotFetched, State, Wanted, about, client, fetch, update
from assistant.fetch.govuk import GovUk
from assistant.fetch.model import Item
from assistant.settings import FetchSettings
from tests.fetch.items import links, page, pages, section_list
from tests.fetch.replay_server import API, Fault, ReplayServer, dump, transient_faults

Make = Callable[..., FetchSettings]
Run = Callable[..., FetchReport]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.Client.__init__, "__kwdefaults__", {"first_wait": 0.02})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "fetched/govuk"


@pytest.fixture
def run(server: ReplayServer, settings_for: Make, folder: Path) -> Run:
    """Fetches from the server these paths, or what else is wanted."""

    def run(*paths: str, again: bool = False, settings: FetchSettings | None = None, **wanted: Any) -> FetchReport:
        settings = settings or settings_for(server)
        return fetch(GovUk(settings), Wanted(paths=paths, **wanted), settings, folder=folder, again=again)

    return run


@pytest.fixture
def run_update(server: ReplayServer, settings_for: Make, folder: Path) -> Callable[[], FetchReport]:
    """Asks the server again for everything kept."""
    return lambda: update(GovUk(settings_for(server)), settings_for(server), folder=folder)


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if not path.name.startswith("."))


def names(server: ReplayServer, pages_: Iterable[str]) -> list[str]:
    return sorted(address.removeprefix(server.url) for address in pages_)


# what is kept


def test_items_are_kept_as_they_came_with_address_time_and_licence(server: ReplayServer, run: Run, folder: Path) -> None:
    server.items.update(pages(2))

    report = run("/guidance/page-000", "/guidance/page-001")

    assert (names(server, report.fetched), report.kept, report.faults) == (sorted(server.items), 2, False)
    assert files(folder) == ["guidance/page-000.json", "guidance/page-001.json"]
    assert (folder / "guidance/page-000.json").read_bytes() == server.items["/guidance/page-000"]
    kept = about(folder)["guidance/page-000.json"]
    assert kept.page == f"{server.url}/guidance/page-000"
    assert kept.fetched.endswith("Z")
    assert kept.licence.name == "Open Government Licence v3.0"


def test_what_is_kept_is_read_like_any_file(server: ReplayServer, run: Run, folder: Path) -> None:
    server.items.update(pages(1))
    run("/guidance/page-000")

    found = find_files([folder])
    outcome = read_file(found[0], load_file(found[0]))

    assert len(found) == 1
    assert outcome.document
    assert outcome.document.url == "https://www.gov.uk/guidance/page-000"


def test_a_manual_comes_with_all_its_sections_once(server: ReplayServer, run: Run) -> None:
    server.items = {
        "/m": dump(page("/m", schema="hmrc_manual", details=section_list("/m/1", "/m/2"))),
        "/m/1": dump(page("/m/1", details=section_list("/m/1a", "/m/2"))),
        "/m/1a": dump(page("/m/1a")),
        "/m/2": dump(page("/m/2")),
    }

    report = run("/m/1", "/m/1a", manuals=("/m",))

    assert names(server, report.fetched) == ["/m", "/m/1", "/m/1a", "/m/2"]
    assert set(server.succeeded().values()) == {1}


def test_a_page_wanted_by_itself_that_turns_out_to_be_a_section_brings_its_own_sections(
    server: ReplayServer, run: Run
) -> None:
    server.items = {
        "/m": dump(page("/m", details=section_list("/m/1"))),
        "/m/1": dump(page("/m/1", details=section_list("/m/1a"))),
        "/m/1a": dump(page("/m/1a")),
    }
    server.fail("/m", Fault(status=503))  # so that /m/1 is there first

    report = run("/m/1", manuals=("/m",))

    assert names(server, report.fetched) == ["/m", "/m/1", "/m/1a"]
    assert set(server.succeeded().values()) == {1}


def test_a_collection_a_search_and_attachments_come_together(server: ReplayServer, run: Run, folder: Path) -> None:
    pdf = "/media/5a7/lamps.pdf"
    server.files[pdf] = b"%PDF-1.7 lamps"
    attachments = [{"attachment_type": "file", "url": f"{server.url}{pdf}"}]
    server.items = {
        "/col": dump(page("/col", links={"documents": links("/pub")})),
        "/pub": dump(page("/pub", links={"children": links("/pub/text", kind="x")}, details={"attachments": attachments})),
        "/found": dump(page("/found")),
    }
    server.found = ["/found", "/pub"]

    report = run(collections=("/col",), text="lamps", attachments=True)

    assert report.faults is False
    assert files(folder) == ["assets/media/5a7/lamps.pdf", "col.json", "found.json", "pub.json"]


# asked again


def test_what_has_not_changed_is_confirmed_without_being_sent(server: ReplayServer, run: Run) -> None:
    server.items.update(pages(3))
    run(*server.items)
    server.items["/guidance/page-001"] = dump(page("/guidance/page-001", "The lamp is lit at four."))

    report = run(*server.items)

    assert names(server, report.fetched) == ["/guidance/page-001"]
    assert names(server, report.unchanged) == ["/guidance/page-000", "/guidance/page-002"]
    assert [asked.status for asked in server.asked("/guidance/page-000")] == [200, 304]


def test_a_reply_that_says_the_same_in_full_counts_as_unchanged(server: ReplayServer, run: Run) -> None:
    server.files[f"{API}/lamp"] = dump(page("/lamp"))  # without an ETag

    assert run("/lamp").fetched
    assert run("/lamp").unchanged


@pytest.mark.parametrize("damage", ["deleted", "changed"])
def test_a_file_that_is_not_as_it_was_is_fetched_anew(damage: str, server: ReplayServer, run: Run, folder: Path) -> None:
    server.items.update(pages(1))
    run("/guidance/page-000")
    file = folder / "guidance/page-000.json"
    if damage == "deleted":
        file.unlink()
    else:
        file.write_bytes(b"{}")

    assert run("/guidance/page-000").fetched
    assert file.read_bytes() == server.items["/guidance/page-000"]


def test_again_asks_unconditionally(server: ReplayServer, run: Run) -> None:
    server.items.update(pages(1))
    run("/guidance/page-000")

    report = run("/guidance/page-000", again=True)

    assert report.unchanged
    assert [asked.status for asked in server.asked("/guidance/page-000")] == [200, 200]


# what is not there


def test_every_kind_of_passing_fault_is_overcome(server: ReplayServer, run: Run) -> None:
    server.items.update(pages(20))
    for path, fault in zip(server.items, transient_faults(), strict=False):
        server.fail(path, fault)

    report = run(*server.items)

    assert (len(report.fetched), report.faults) == (20, False)
    assert set(server.succeeded().values()) == {1}


def test_what_cannot_be_had_is_told_with_the_reason_and_the_rest_is_kept(server: ReplayServer, run: Run) -> None:
    server.items.update(pages(1))
    server.always = {
        f"{API}/gone": Fault(status=410),
        f"{API}/broken": Fault(status=500),
        f"{API}/html": Fault("html"),
        f"{API}/elsewhere": Fault(status=301, headers={"Location": "https://example.com/"}),
    }
    server.items["/also-gone"] = dump(page("/also-gone", schema="gone"))

    report = run("/gone", "/also-gone", "/none", "/broken", "/html", "/elsewhere", "/guidance/page-000")

    assert names(server, report.fetched) == ["/guidance/page-000"]
    assert names(server, [left.page for left in report.gone]) == ["/also-gone", "/gone"]
    assert report.missing == [NotFetched(f"{server.url}/none", "There is nothing at this address (404 Not Found).")]
    reasons = {left.page.rpartition("/")[2]: left.reason for left in report.failed}
    assert "500 Internal Server Error (tried 4 times)" in reasons["broken"]
    assert "a web page" in reasons["html"]
    assert "neither" in reasons["elsewhere"]


def test_what_goes_is_removed_and_what_is_missing_stays(server: ReplayServer, run: Run, folder: Path) -> None:
    server.items.update({path: dump(page(path)) for path in ("/a/gone", "/missing", "/failed")})
    run(*server.items)
    server.items.clear()
    server.always = {f"{API}/a/gone": Fault(status=410), f"{API}/failed": Fault(status=403)}

    report = run("/a/gone", "/missing", "/failed")

    assert [left.page for left in report.gone] == [f"{server.url}/a/gone"]
    assert "The copy of" in report.missing[0].reason
    assert files(folder) == ["failed.json", "missing.json"]
    assert not (folder / "a").exists()
    assert (report.kept, report.removed) == (2, 1)


def test_what_moved_is_kept_where_it_is_now(server: ReplayServer, run: Run, folder: Path) -> None:
    server.items["/old"] = dump(page("/old"))
    run("/old")
    server.items = {
        "/middle": dump(page("/middle", schema="redirect", redirects=[{"path": "/middle", "destination": "/new#top"}])),
        "/new": dump(page("/new")),
    }
    server.always[f"{API}/old"] = Fault(status=301, headers={"Location": f"{API}/middle"})

    report = run("/old", "/new")

    assert report.moved == [
        Move(f"{server.url}/old", f"{server.url}/middle"),
        Move(f"{server.url}/middle", f"{server.url}/new"),
    ]
    assert names(server, report.fetched) == ["/new"]
    assert files(folder) == ["new.json"]
    assert server.succeeded()[f"{API}/new"] == 1
    assert report.removed == 1


def test_a_copy_stays_until_what_it_moved_to_is_here(server: ReplayServer, run: Run, folder: Path) -> None:
    server.items["/old"] = dump(page("/old"))
    run("/old")
    server.always = {
        f"{API}/old": Fault(status=301, headers={"Location": f"{API}/new"}),
        f"{API}/new": Fault(status=503),
    }

    assert run("/old").failed
    assert files(folder) == ["old.json"]
    server.items["/new"] = dump(page("/new"))
    del server.always[f"{API}/new"]
    asked_before = len(server.asked("/old"))
    assert run("/old").fetched
    assert files(folder) == ["new.json"]
    assert len(server.asked("/old")) == asked_before


def test_a_manual_that_moved_still_comes_with_its_sections(server: ReplayServer, run: Run) -> None:
    server.always[f"{API}/m"] = Fault(status=301, headers={"Location": f"{API}/manual"})
    server.items = {
        "/manual": dump(page("/manual", details=section_list("/manual/1"))),
        "/manual/1": dump(page("/manual/1")),
    }

    assert names(server, run(manuals=("/m",)).fetched) == ["/manual", "/manual/1"]


def test_readers_sent_round_in_circles_or_on_and_on_are_told(server: ReplayServer, run: Run) -> None:
    server.always = {
        f"{API}/a": Fault(status=301, headers={"Location": f"{API}/b"}),
        f"{API}/b": Fault(status=301, headers={"Location": f"{API}/a"}),
        **{f"{API}/{n}": Fault(status=302, headers={"Location": f"{API}/{n + 1}"}) for n in range(20)},
    }

    report = run("/a", "/0")

    assert names(server, [left.page for left in report.failed]) == ["/5", "/b"]
    assert all("without end" in left.reason for left in report.failed)


def test_two_items_whose_files_differ_only_in_capital_letters_do_not_overwrite_each_other(
    server: ReplayServer, run: Run, folder: Path
) -> None:
    server.items = {"/Lamp": dump(page("/Lamp")), "/lamp": dump(page("/lamp"))}
    run("/lamp")

    report = run("/Lamp")

    assert "differs only in capital letters" in report.failed[0].reason
    assert files(folder) == ["lamp.json"]


def test_the_same_item_from_another_server_takes_the_place_of_the_first(
    server: ReplayServer, run: Run, settings_for: Make, folder: Path
) -> None:
    server.items.update(pages(1))
    run("/guidance/page-000")
    with ReplayServer(pages(1)) as mirror:
        settings = settings_for(mirror)
        report = fetch(GovUk(settings), Wanted(paths=("/guidance/page-000",)), settings, folder=folder)

        assert (len(report.fetched), report.kept) == (1, 1)


# no network, a publisher that is down, two at once


def test_without_a_network_nothing_is_done_and_the_remedy_is_told(server: ReplayServer, run: Run) -> None:
    server.close()

    with pytest.raises(FetchError, match=r"could not be reached.*BERNARD_FETCH__GOVUK_URL"):
        run("/lamp", "/oil")
    with pytest.raises(FetchError, match="could not be reached"):
        run(text="lamp")


def test_a_publisher_that_is_down_is_not_asked_for_everything(server: ReplayServer, run: Run) -> None:
    paths = list(pages(60))
    server.always = {API + path: Fault(status=503) for path in paths}

    report = run(*paths)

    assert "10 pages in a row" in report.stopped
    assert len({asked.path for asked in server.log}) < 20
    server.always.clear()
    server.items.update(pages(60))
    assert len(run(*paths).fetched) == 60


def test_a_path_that_is_none_stops_the_fetch_before_it_starts(server: ReplayServer, run: Run) -> None:
    with pytest.raises(InputError, match="not the path"):
        run("/lamp", "/../etc")
    assert server.log == []


def test_two_processes_do_not_fetch_into_one_folder(
    server: ReplayServer, run: Run, settings_for: Make, folder: Path
) -> None:
    server.items.update(pages(1))
    server.fail("/guidance/page-000", Fault(status=503, headers={"Retry-After": "1"}))
    first = threading.Thread(target=run, args=("/guidance/page-000",))
    first.start()
    while not server.log:
        pass

    with pytest.raises(FetchError, match="Another process is fetching"):
        run("/guidance/page-000")
    first.join()


# interrupted


class Stopping(GovUk):
    """GOV.UK, but the user stops the fetch after so many items."""

    def __init__(self, settings: FetchSettings, after: int) -> None:
        super().__init__(settings)
        self._left = itertools.count(after, -1)

    def further(self, item: Item, body: bytes, wanted: Wanted) -> Iterator[Item]:
        if next(self._left) == 0:
            raise KeyboardInterrupt
        return super().further(item, body, wanted)


def test_an_interrupted_fetch_goes_on_and_asks_nothing_twice(
    server: ReplayServer, settings_for: Make, run: Run, folder: Path
) -> None:
    server.items.update(pages(60))
    server.items["/m"] = dump(page("/m", details=section_list(*pages(60))))
    server.found = ["/guidance/page-007", "/m"]
    settings = settings_for(server)
    wanted = Wanted(manuals=("/m",), paths=("/old",), text="lamp")
    server.always[f"{API}/old"] = Fault(status=301, headers={"Location": f"{API}/guidance/page-055"})

    for after in (13, 30):
        with pytest.raises(KeyboardInterrupt):
            fetch(Stopping(settings, after), wanted, settings, folder=folder)
    report = fetch(GovUk(settings), wanted, settings, folder=folder)

    assert len(report.fetched) == 61
    assert report.settled_before >= 30
    assert set(server.succeeded().values()) == {1}
    assert len(server.asked("/old")) == 1
    assert len(server.asked("/api/search.json")) == 1


def test_what_failed_is_tried_again_by_the_same_command_and_nothing_else_is(server: ReplayServer, run: Run) -> None:
    server.items.update(pages(5))
    server.always[f"{API}/guidance/page-003"] = Fault(status=503)
    assert len(run(*server.items).failed) == 1
    server.always.clear()

    report = run(*server.items)

    assert (len(report.fetched), report.settled_before, report.requests) == (5, 4, 1)
    assert run(*server.items).unchanged  # that one ended, so this one asks again


def test_an_item_that_keeps_failing_hides_no_change_from_the_next_update(
    server: ReplayServer, run: Run, run_update: Callable[[], FetchReport]
) -> None:
    server.items.update(pages(3))
    run(*server.items)
    server.always[f"{API}/guidance/page-002"] = Fault(status=403)
    assert len(run_update().failed) == 1
    changed = next(path for path in server.items if path.endswith("page-001"))
    server.items[changed] = server.items[changed].replace(b"Page", b"Changed page", 1) + b" "

    report = run_update()

    assert len(report.fetched) == 1
    assert len(report.failed) == 1


def test_a_fault_in_a_publisher_s_code_costs_one_item(server: ReplayServer, settings_for: Make, folder: Path) -> None:
    class Faulty(GovUk):
        def check(self, item: Item, body: bytes, headers: Mapping[str, str]) -> None:
            if "000" in item.address:
                raise ZeroDivisionError("oh")

        def further(self, item: Item, body: bytes, wanted: Wanted) -> Iterator[Item]:
            if "001" in item.address:
                raise ZeroDivisionError("ah")
            return super().further(item, body, wanted)

    server.items.update(pages(3))
    settings = settings_for(server)
    report = fetch(Faulty(settings), Wanted(paths=tuple(server.items)), settings, folder=folder)

    assert sorted(left.reason.partition("ZeroDivisionError: ")[2][:2] for left in report.failed) == ["ah", "oh"]
    assert len(report.fetched) == 2


# brought up to date


def test_an_update_asks_for_what_is_kept_and_follows_what_is_new_in_it(
    server: ReplayServer, run: Run, run_update: Callable[[], FetchReport], folder: Path
) -> None:
    server.items = {
        "/m": dump(page("/m", details=section_list("/m/1"))),
        "/m/1": dump(page("/m/1")),
        "/lamp": dump(page("/lamp")),
        "/oil": dump(page("/oil")),
    }
    run("/lamp", "/oil", "/none", manuals=("/m",))
    server.items["/m"] = dump(page("/m", details=section_list("/m/1", "/m/2")))
    server.items["/m/2"] = dump(page("/m/2"))
    server.always[f"{API}/oil"] = Fault(status=410)

    report = run_update()

    assert names(server, report.fetched) == ["/m", "/m/2"]
    assert names(server, report.unchanged) == ["/lamp", "/m/1"]
    assert names(server, [left.page for left in report.gone]) == ["/oil"]
    assert files(folder) == ["lamp.json", "m.json", "m/1.json", "m/2.json"]
    assert {record.state for record in about(folder).values()} == {State.FETCHED, State.UNCHANGED}


def test_an_update_of_a_publication_brings_attachments_only_if_they_were_wanted(
    server: ReplayServer, run: Run, run_update: Callable[[], FetchReport], folder: Path
) -> None:
    def publication(path: str, *names: str) -> bytes:
        attachments = [{"attachment_type": "file", "url": f"{server.url}/media/{name}.pdf"} for name in names]
        return dump(page(path, schema="publication", details={"attachments": attachments}))

    server.files = {f"/media/{name}.pdf": b"%PDF-1.7" for name in ("one", "two", "three")}
    server.items = {"/with": publication("/with", "one"), "/without": publication("/without", "three")}
    run("/with", attachments=True)
    run("/without")
    server.items["/with"] = publication("/with", "one", "two")

    run_update()

    assert [name for name in files(folder) if name.endswith(".pdf")] == ["assets/media/one.pdf", "assets/media/two.pdf"]


def test_real_items_are_replayed_and_read(shared: Path, server: ReplayServer, run: Run, folder: Path) -> None:
    for path in sorted((shared / "guidance/hmrc-manuals").rglob("*.json"))[:120]:
        content = json.loads(path.read_bytes())
        server.items[content["base_path"]] = path.read_bytes()
    for address, fault in zip(server.items, transient_faults(), strict=False):
        server.fail(address, fault)

    report = run(*server.items)
    outcomes = [read_file(found, load_file(found)) for found in find_files([folder])]

    assert (len(report.fetched), report.faults) == (120, False)
    assert len(outcomes) == 120
    assert not [outcome for outcome in outcomes if outcome.failed]
    assert sum(outcome.document is not None for outcome in outcomes) > 100

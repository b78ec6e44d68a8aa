"""What the pages of consultations show and change, and to whom: requests without a browser, over a real consultation."""

from __future__ import annotations

import asyncio
import csv
import io
import multiprocessing
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from assistant.consult import Consultation, ThemeStatus, masked, path_of
from assistant.errors import InputError
from assistant.web.consult.arrivals import Arrivals
from assistant.web.consult.called import kept_as
from assistant.web.consult.common import Common
from assistant.web.consult.finding import page_of
from assistant.web.consult.forming import Forming, Run, Status
from assistant.web.consult.pages_read import forming_panel
from assistant.web.consult.routes_start import Start
from assistant.web.consult.shelf import Shelf
from tests.consult.conftest import bus_rows
from tests.web.consult.conftest import PERSONAL, Site, make_app

BUSES = "/consultation/buses/1"


def titles(site: Site) -> dict[str, str]:
    with site.question() as question:
        return {theme.id: theme.title for theme in question.standing.themes.values()}


def versions(site: Site) -> dict[str, int]:
    with site.question() as question:
        return {theme.id: theme.version for theme in question.standing.themes.values()}


class TestWhoMay:
    def test_it_is_there_for_its_owner_those_it_is_shared_with_and_administrators(self, site: Site) -> None:
        for name, groups in (("ada", "staff"), ("bob", "staff"), ("root", "bernard-administrator")):
            client = site.by(name, groups=groups)
            assert client.get(f"{BUSES}/themes").status_code == 200
            assert "/consultation/buses" in client.get("/consultations").text

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", ""),
            ("GET", "/themes"),
            ("GET", "/themes/T1"),
            ("GET", "/responses"),
            ("GET", "/responses/0"),
            ("GET", "/queue"),
            ("GET", "/history"),
            ("GET", "/report"),
            ("GET", "/progress"),
            ("POST", "/themes"),
            ("POST", "/themes/T1"),
            ("POST", "/merge"),
            ("POST", "/responses/0"),
            ("POST", "/responses/0/unmask"),
            ("POST", "/queue"),
            ("POST", "/undo"),
            ("POST", "/sign"),
            ("POST", "/export"),
            ("POST", "/form"),
            ("POST", "/stop"),
        ],
    )
    def test_for_others_no_page_of_it_is_there(self, site: Site, method: str, path: str) -> None:
        eve = site.by("eve")
        reply = eve.request(method, f"{BUSES}{path}", data={"do": "approve-all"} if method == "POST" else None)
        assert reply.status_code == 404
        assert "not shared with you" in reply.text
        assert "buses" not in eve.get("/consultations").text

    def test_a_colleague_may_work_on_it_and_neither_share_nor_delete_it(self, site: Site, bob: Any) -> None:
        for act, data in (("people", {"people": "eve"}), ("delete", {"sure": "yes"})):
            assert bob.post(f"/consultation/buses/{act}", data=data).status_code == 403
        assert "Delete this consultation" not in bob.get(BUSES).text

    def test_its_owner_shares_it_and_the_history_says_so(self, site: Site, ada: Any) -> None:
        assert ada.post("/consultation/buses/people", data={"people": "Eve\nbob"}).status_code == 303
        assert site.by("eve").get(f"{BUSES}/themes").status_code == 200
        assert "shared it with bob, eve" in ada.get(f"{BUSES}/history").text

    def test_a_form_of_another_site_changes_nothing(self, site: Site, ada: Any) -> None:
        reply = ada.post(f"{BUSES}/themes", data={"do": "approve-all"}, headers={"sec-fetch-site": "cross-site"})
        assert reply.status_code == 403
        with site.question() as question:
            assert not question.standing.approved

    def test_the_pages_run_no_script_but_their_own_and_are_kept_nowhere(self, ada: Any) -> None:
        headers = ada.get(f"{BUSES}/themes").headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "private, no-store"


class TestStarting:
    def send(self, client: Any, rows: list[list[str]] | bytes, name: str = "trains.csv") -> Any:
        written = io.StringIO(newline="")
        if not isinstance(rows, bytes):
            csv.writer(written).writerows(rows)
        content = rows if isinstance(rows, bytes) else written.getvalue().encode()
        return client.post("/consultations/new", files={"file": (name, content, "text/csv")})

    @pytest.fixture
    def own(self, site: Site) -> Iterator[Any]:
        """A client whose consultation "trains" goes after the test."""
        yield site.by("ada")
        for path in (site.settings.data_dir / "consultations").glob("trains*.sqlite3"):
            path.unlink()

    def test_nothing_is_kept_until_the_analyst_has_confirmed_the_columns(self, site: Site, own: Any) -> None:
        reply = self.send(own, bus_rows())
        assert reply.status_code == 303
        at = reply.headers["location"]
        page = own.get(at).text
        for words in ("Why do you say so?", "only “no comment” or the like", "not in English"):
            assert words in page
        assert re.search(r'<option value="open question" selected>', page)
        assert "trains" not in own.get("/consultations").text
        assert site.by("bob").get(at).status_code == 422  # another's file is not there
        kinds = {"kind-0": "identifier", "kind-1": "closed question", "kind-2": "open question", "kind-3": "not used"}
        kept = own.post(at, data={"do": "keep", "name": "trains", **kinds})
        assert kept.headers["location"].startswith("/consultation/trains.")
        assert ">trains</a>" in own.get("/consultations").text
        with Consultation.open(kept_as("trains", "ada", site.settings), site.settings) as trains:
            assert [str(one.kind) for one in trains.columns] == list(kinds.values())
            assert trains.owner == "ada"
            assert len(trains.question().answers.responses) == len(bus_rows()) - 1
        assert own.get(at).status_code == 422  # what was sent is gone

    def test_nobody_learns_what_others_call_theirs(self, site: Site, own: Any) -> None:
        for name in ("ada", "eve"):  # to eve, neither ada's "trains" nor "buses" is there
            client = site.by(name)
            page = client.get(self.send(client, bus_rows()).headers["location"])
            assert 'value="trains"' in page.text
            assert client.post(str(page.url), data={"do": "keep", "name": "trains"}).status_code == 303
        assert "trains</a>" in site.by("eve").get("/consultations").text
        at = self.send(site.by("eve"), bus_rows()).headers["location"]
        assert "called trains already" in site.by("eve").post(at, data={"do": "keep", "name": "trains"}).text
        taken = site.by("eve").post(at, data={"do": "keep", "name": "buses"})
        assert taken.status_code == 303
        path = site.settings.data_dir / "consultations" / f"{kept_as('buses', 'eve', site.settings)}.sqlite3"
        path.unlink()

    def test_a_broken_file_tells_nobody_where_it_lies(self, site: Site) -> None:
        path = site.settings.data_dir / "consultations" / "trains broken.sqlite3"
        path.write_bytes(b"no database " * 99)
        try:
            clients = [site.by("eve"), site.by("root", groups="bernard-administrator")]
            replies = [one.get("/consultation/trains broken/1/themes") for one in clients]
            missing = site.by("eve").get("/consultation/trains none/1/themes")
        finally:
            path.unlink()
        assert [one.status_code for one in replies] == [404, 422]
        assert missing.status_code == 404
        assert "cannot be read" in replies[1].text
        for one in replies:
            assert str(site.settings.data_dir) not in one.text

    def test_what_is_shown_of_a_file_before_it_is_kept_is_masked(self, own: Any) -> None:
        rows = bus_rows()
        rows[1][2] = f"{PERSONAL} I live at SW1A 2AA."
        rows[2][2] = f"{'The bus is late. ' * 5}Mail x@example.org"  # cut at 90 characters, in the midst of the address
        page = own.get(self.send(own, rows).headers["location"]).text
        assert "[telephone number]" in page
        for words in ("07700 900123", "SW1A 2AA", "x@exam"):
            assert words not in page
        labels = re.findall(r'<label for="kind-\d+">([^<]+)', page)
        assert len(set(labels)) == len(labels) == 4  # heard one by one, each says which column it is about

    def test_an_over_long_answer_is_masked_before_it_is_cut(self, site: Site, own: Any) -> None:
        rows = bus_rows()
        begin = "The bus is late. " * 11
        rows[1][2] = f"{begin}{'a' * (192 - len(begin))} jane.doe@example.org {'It never comes on time either. ' * 900}"
        at = self.send(own, rows).headers["location"]
        page = own.get(own.post(at, data={"do": "keep", "name": "trains"}).headers["location"]).text
        assert "1 over-long answer" in page
        assert "[email address]" in page
        assert "jane.doe" not in page

    def test_what_nobody_confirmed_is_gone_after_a_day_also_before_it_is_swept(self, site: Site, own: Any) -> None:
        at = self.send(own, bus_rows()).headers["location"]
        path = site.settings.data_dir / "consultations" / "arriving" / f"{at.rpartition('/')[2]}.json"
        old = time.time() - 25 * 3600
        os.utime(path, (old, old))
        assert own.get(at).status_code == 422
        Arrivals(site.settings).sweep()
        assert not path.exists()

    def test_of_files_that_wait_for_confirmation_the_oldest_goes(self, own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.web.consult.arrivals._MOST", 1)
        first, second = (self.send(own, bus_rows()).headers["location"] for _ in range(2))
        assert own.get(first).status_code == 422
        assert own.get(second).status_code == 200

    def test_one_user_sends_two_files_at_a_time_and_no_more(self, site: Site) -> None:
        shelf = Shelf(site.settings, lambda: pytest.fail("not needed"))
        common = Common(site.settings, shelf, can_leave=False)
        start = Start(common, site.settings, Arrivals(site.settings), signs_in=True)

        async def send() -> list[Path]:
            async with start._place("ada") as one, start._place("ada") as two, start._place("bob"):
                with pytest.raises(InputError, match="still being read"):
                    async with start._place("ada"):
                        pass
                assert one.is_dir()
            return [one, two]

        assert not any(folder.exists() for folder in asyncio.run(send()))

    def test_too_few_responses_are_no_dead_end(self, site: Site, own: Any) -> None:
        at = self.send(own, bus_rows()).headers["location"]
        home = own.post(at, data={"do": "keep", "name": "trains"}).headers["location"].partition("?")[0]
        assert "Add a theme of your own" in own.get(f"{home}/themes").text
        reply = own.post(f"{home}/export", data={"form": "csv"})
        assert reply.status_code == 422
        assert "nothing to take away yet" in reply.text
        with Consultation.open(kept_as("trains", "ada", site.settings), site.settings) as trains:
            run = Run(Status.DONE, "ada")
            panel = forming_panel("trains", 1, trains.question(), run, has_themes=False, faults={})
        assert "No theme could be formed" in panel
        assert own.post(f"{home}/themes", data={"do": "add", "title": "Late buses"}).status_code == 303
        assert "Late buses" in own.get(f"{home}/themes").text

    def test_corrections_are_counted_again_and_what_cannot_be_is_told(self, own: Any) -> None:
        at = self.send(own, bus_rows()).headers["location"]
        none = {f"kind-{place}": "not used" for place in range(4)}
        page = own.post(at, data={"do": "keep", "name": "trains", **none})
        assert page.status_code == 422
        assert "Say which column holds answers" in page.text
        two = own.post(at, data={"do": "count", "name": "", "kind-2": "open question", "kind-3": "open question"})
        assert two.text.count("all rows") == 2
        taken = own.post(at, data={"do": "keep", "name": "buses"})
        assert "There is a consultation called buses already." in taken.text
        own.post(at, data={"do": "drop"})
        assert own.get(at).status_code == 422

    def test_errors_are_told_by_row_in_plain_words(self, own: Any) -> None:
        rows = [*bus_rows(), ["R7", "Yes", "Too many", "Town", "a cell too many"], ["R50", "Yes"]]
        page = own.get(self.send(own, rows).headers["location"]).text
        assert "Row 21 has 5 cells where there are 4 headings" in page
        assert "Row 22 has only 2 of 4 cells; the rest counts as blank" in page

    @pytest.mark.parametrize(
        ("content", "name", "words"),
        [
            (b"", "empty.csv", "has no rows of responses"),
            (b"MZ\x00\x01", "program.exe", "is in no format that responses are read from"),
            (b"PK\x03\x04 broken", "broken.xlsx", "cannot be read"),
        ],
    )
    def test_a_file_that_cannot_be_used_is_told_beside_its_field(
        self, own: Any, content: bytes, name: str, words: str
    ) -> None:
        reply = self.send(own, content, name)
        assert reply.status_code == 422
        assert words in reply.text
        assert 'href="#file"' in reply.text
        assert "Traceback" not in reply.text

    def test_headings_and_cells_of_a_hostile_file_are_text(self, own: Any) -> None:
        rows = bus_rows()
        rows[0][2] = "Why? <script>alert(1)</script>"
        rows[1][2] = "It is <img src=x onerror=alert(1)> too dear for me to take."
        page = own.get(self.send(own, rows, "<b>x.csv").headers["location"]).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "<b>x" not in page


class TestThemes:
    def test_each_theme_says_how_many_and_why_and_how_stable_it_is(self, site: Site, ada: Any) -> None:
        page = unescape(ada.get(f"{BUSES}/themes").text)
        for theme, title in titles(site).items():
            assert title in page
            one = unescape(ada.get(f"{BUSES}/themes/{theme}").text)
            for words in (
                "95 % interval",
                "With each campaign counted once",
                "Why this is a theme",
                "Positions: ",
                "Its responses",
            ):
                assert words in one
            assert "It came back in" in one

    def test_its_responses_stand_beside_it_with_the_words_that_carry_it_marked(self, site: Site, ada: Any) -> None:
        with site.question() as question:
            first = question.mapped().assignments[0]
            text = question.answers.responses[first.response].text
        page = unescape(ada.get(f"{BUSES}/themes/{first.theme}").text)
        assert f'<mark class="c-mark">{text[first.start : first.end]}</mark>' in page

    def test_personal_data_is_masked_everywhere_until_an_analyst_asks(self, site: Site, ada: Any) -> None:
        with site.question() as question:
            place = next(at for at, one in enumerate(question.answers.responses) if "Rosalind" in one.text)
            theme = next(one.theme for one in question.mapped().assignments if one.response == place)
        for path in ("", "/themes", f"/themes/{theme}", "/responses", f"/responses/{place}", "/queue"):
            page = ada.get(f"{BUSES}{path}").text
            assert "Rosalind" not in page
            assert "07700 900123" not in page
        assert "[telephone number]" in ada.get(f"{BUSES}/responses/{place}").text
        assert "07700 900123" in ada.post(f"{BUSES}/responses/{place}/unmask").text
        assert "looked at the personal data in response R99" in ada.get(f"{BUSES}/history").text

    def test_decisions_are_kept_and_can_be_undone(self, site: Site, ada: Any) -> None:
        seen = versions(site)
        renamed = {"do": "rename", "title": "Fares are too high", "description": "d", "seen": seen["T1"]}
        assert ada.post(f"{BUSES}/themes/T1", data=renamed).headers["location"].startswith(f"{BUSES}/themes/T1?said=renamed")
        ada.post(f"{BUSES}/themes", data={"do": "add", "title": "Parking"})
        ada.post(f"{BUSES}/themes", data={"do": "approve", "theme": ["T1", "T2"], "seen-T2": seen["T2"]})
        ada.post(f"{BUSES}/themes/T3", data={"do": "reject", "seen": seen["T3"]})
        with site.question() as question:
            standing = question.standing
            assert standing.themes["T1"].title == "Fares are too high"
            assert {theme.id for theme in standing.approved} == {"T1", "T2", "T4"}
            assert "T3" in standing.rejected
            last = question.edits[-1].number
        history = unescape(ada.get(f"{BUSES}/history").text)
        assert "renamed theme T1 to “Fares are too high”" in history
        ada.post(f"{BUSES}/undo", data={"edit": str(last)})
        assert "T3" in titles(site)

    def test_merging_asks_which_theme_takes_in_the_others(self, site: Site, ada: Any) -> None:
        asked = ada.post(f"{BUSES}/themes", data={"do": "merge", "theme": ["T1", "T2"]})
        page = ada.get(asked.headers["location"]).text
        assert page.count('type="radio"') == 2
        fields = {"theme": ["T1", "T2"], "into": "T2", "title": "Both", "seen-T1": "1", "seen-T2": "1"}
        assert ada.post(f"{BUSES}/merge", data=fields).status_code == 303
        found = titles(site)
        assert "T1" not in found
        assert found["T2"] == "Both"

    def test_responses_are_split_off_and_moved(self, site: Site, ada: Any) -> None:
        with site.question() as question:
            formed = sorted({question.statements[at].response for at in question.standing.themes["T1"].exemplars})
        fields = {"do": "split", "response": [str(formed[0])], "title": "One of its own", "seen": "1"}
        assert "/themes/T4?said=split" in ada.post(f"{BUSES}/themes/T1", data=fields).headers["location"]
        ada.post(f"{BUSES}/themes/T1", data={"do": "move", "response": [str(formed[1])], "to": "T2"})
        with site.question() as question:
            where = {one.response: one.theme for one in question.mapped().assignments}
        assert (where[formed[0]], where[formed[1]]) == ("T4", "T2")

    def test_a_theme_without_a_title_is_told_beside_its_field(self, ada: Any) -> None:
        reply = ada.post(f"{BUSES}/themes/T1", data={"do": "rename", "title": " ", "description": "kept", "seen": "1"})
        assert reply.status_code == 422
        assert '<a href="#title">A theme needs a title.' in reply.text
        assert ">\nkept</textarea>" in reply.text


class TestTwoAtOnce:
    def test_edits_of_different_themes_both_stand(self, site: Site, ada: Any, bob: Any) -> None:
        seen = versions(site)
        ada.post(f"{BUSES}/themes/T1", data={"do": "rename", "title": "By Ada", "seen": seen["T1"]})
        reply = bob.post(f"{BUSES}/themes/T2", data={"do": "rename", "title": "By Bob", "seen": seen["T2"]})
        assert reply.status_code == 303
        found = titles(site)
        assert (found["T1"], found["T2"]) == ("By Ada", "By Bob")

    def test_the_second_edit_of_a_theme_is_told_what_changed_and_loses_no_word(self, site: Site, ada: Any, bob: Any) -> None:
        seen = versions(site)["T1"]
        ada.post(f"{BUSES}/themes/T1", data={"do": "rename", "title": "By Ada", "seen": seen})
        typed = {"do": "rename", "title": "By Bob", "description": "Bob’s own words", "seen": seen}
        reply = bob.post(f"{BUSES}/themes/T1", data=typed)
        page = unescape(reply.text)
        assert reply.status_code == 409
        assert "since you looked at theme T1, ada renamed it" in page
        assert 'value="By Bob"' in page
        assert "Bob’s own words</textarea>" in page
        assert ">By Ada</h1>" in page
        assert titles(site)["T1"] == "By Ada"
        again = re.search(r'name="seen" value="(\d+)"', page)
        assert again
        assert bob.post(f"{BUSES}/themes/T1", data=typed | {"seen": again[1]}).status_code == 303
        assert titles(site)["T1"] == "By Bob"

    def test_a_theme_that_a_colleague_merged_away_tells_so_and_gives_the_words_back(
        self, site: Site, ada: Any, bob: Any
    ) -> None:
        ada.post(f"{BUSES}/merge", data={"theme": ["T1", "T2"], "into": "T2", "seen-T1": "1", "seen-T2": "1"})
        reply = bob.post(f"{BUSES}/themes/T1", data={"do": "rename", "title": "By Bob", "seen": "1"})
        assert reply.status_code == 409
        assert "ada merged themes T2, T1 into T2" in reply.text
        assert "<q>By Bob</q>" in reply.text

    def test_two_reviews_of_one_response(self, site: Site, ada: Any, bob: Any) -> None:
        assert ada.post(f"{BUSES}/responses/0", data={"theme": ["T1"], "seen": "0"}).status_code == 303
        reply = bob.post(f"{BUSES}/responses/0", data={"theme": ["T2"], "seen": "0"})
        assert reply.status_code == 409
        assert "since you looked at this response, ada set the themes of response R1 to T1" in reply.text
        assert re.search(r'value="T2" checked', reply.text)

    def test_nobody_signs_for_what_changed_unseen(self, site: Site, ada: Any, bob: Any) -> None:
        ada.post(f"{BUSES}/themes", data={"do": "approve-all"})
        with site.question() as question:
            seen = question.edits[-1].number
        bob.post(f"{BUSES}/themes", data={"do": "add", "title": "Late"})
        reply = ada.post(f"{BUSES}/sign", data={"sure": "yes", "seen": seen})
        assert reply.status_code == 409
        assert "bob added theme T4" in reply.text
        with site.question() as question:
            assert not question.standing.signed

    def test_a_response_that_a_colleague_decided_on_is_not_moved_nor_split_off(self, site: Site, ada: Any, bob: Any) -> None:
        page = ada.get(f"{BUSES}/themes/T1").text
        last, place = (re.search(rf'name="{name}" value="(\d+)"', page) for name in ("last", "response"))
        assert last
        assert place
        assert bob.post(f"{BUSES}/responses/{place[1]}", data={"theme": ["T3"], "seen": "0"}).status_code == 303
        fields = {"response": [place[1]], "to": "T2", "title": "New", "seen": "1", "last": last[1]}
        for what in ("move", "split"):
            reply = ada.post(f"{BUSES}/themes/T1", data=fields | {"do": what})
            assert reply.status_code == 409
            assert "bob set the themes of response" in reply.text
        with site.question() as question:
            assert [one.theme for one in question.mapped().assignments if one.response == int(place[1])] == ["T3"]

    def test_a_theme_that_a_colleague_renamed_takes_in_no_other_unseen(self, site: Site, ada: Any, bob: Any) -> None:
        with site.question() as question:
            last = question.edits[-1].number
        bob.post(f"{BUSES}/themes/T2", data={"do": "rename", "title": "By Bob", "seen": "1"})
        reply = ada.post(f"{BUSES}/themes/T1", data={"do": "merge", "into": "T2", "seen": "1", "last": last})
        assert reply.status_code == 409
        assert "bob renamed theme T2" in unescape(reply.text)
        assert "T1" in titles(site)

    def test_only_ones_own_edit_is_offered_for_undoing(self, site: Site, ada: Any, bob: Any) -> None:
        seen = versions(site)
        ada.post(f"{BUSES}/themes", data={"do": "approve", "theme": ["T1"], "seen-T1": seen["T1"]})
        bob.post(f"{BUSES}/themes", data={"do": "add", "title": "By Bob"})
        again = ada.post(f"{BUSES}/themes", data={"do": "approve", "theme": ["T1"]})
        page = ada.get(again.headers["location"]).text
        assert "nothing was changed" in page
        assert "Undo this" not in page


class TestShelf:
    def test_who_waits_for_a_consultation_that_is_deleted_does_not_bring_it_back(self, site: Site) -> None:
        path = path_of("gone", site.settings)
        shutil.copy(site.whole, path)
        shelf = Shelf(site.settings, lambda: pytest.fail("not needed"))
        told: list[str] = []

        def wait() -> None:
            try:
                with shelf.take("gone") as opened:
                    told.append(opened.consultation.owner)
            except InputError as error:
                told.append(str(error))

        with shelf.take("gone") as opened:
            waiting = threading.Thread(target=wait)
            waiting.start()
            time.sleep(0.2)
            opened.close()
            path.unlink()
        shelf.drop("gone")
        waiting.join(timeout=20)
        assert told == ["There is no such consultation."]
        assert not path.exists()
        with pytest.raises(InputError):
            _ = opened.consultation.owner  # also through what was open before, no empty file comes
        assert not path.exists()


class TestResponses:
    def test_found_by_words_by_meaning_by_theme_and_by_who_gave_them(self, site: Site, ada: Any) -> None:
        def found(**fields: str) -> list[str]:
            page = ada.get(f"{BUSES}/responses", params=fields).text
            return re.findall(r"Response </span>([A-Z]\d+)<", page)

        with site.question() as question:
            by_id = {one.id: one for one in question.answers.responses}
        assert set(found(words="wheelchair ramp")) == {
            name for name, one in by_id.items() if "wheelchair" in one.text.lower() and "ramp" in one.text.lower()
        }
        meant = found(words="tickets cost too much money", how="meaning")
        assert any(word in by_id[meant[0]].text.lower() for word in ("fare", "ticket", "expensive"))
        villagers = found(where="Area=Village")
        assert villagers
        assert all(by_id[one].attributes["Area"] == "Village" for one in villagers)
        assert found(theme="none") == ["X3"]
        with site.question() as question:
            members = {one.response for one in question.mapped().assignments if one.theme == "T1"}
            assert {by_id[one].row for one in found(theme="T1")} == {question.answers.responses[at].row for at in members}

    @pytest.mark.parametrize(
        ("asked", "page", "first", "count"),
        [("", 1, 0, 20), ("2", 2, 20, 20), ("3", 3, 40, 5), ("99", 3, 40, 5), ("0", 1, 0, 20)],
    )
    def test_a_page_holds_twenty(self, asked: str, page: int, first: int, count: int) -> None:
        places, shown, of = page_of(range(45), asked)
        assert (places[0], len(places), shown, of) == (first, count, page, 3)

    @pytest.mark.parametrize("page", ["0", "-1", "99999", "x", "１"])
    def test_a_page_that_is_not_there_shows_one_that_is(self, ada: Any, page: str) -> None:
        assert ada.get(f"{BUSES}/responses", params={"page": page}).status_code == 200

    @pytest.mark.parametrize("path", ["/responses/999", "/themes/T99", "/nothing"])
    def test_what_is_not_there_is_told_as_a_page(self, ada: Any, path: str) -> None:
        reply = ada.get(f"{BUSES}{path}")
        assert reply.status_code == 404
        assert "<h1" in reply.text


class TestQueue:
    def test_the_most_doubtful_response_comes_first_and_is_learnt_from_at_once(self, site: Site, ada: Any) -> None:
        with site.question() as question:
            place, now = question.queue(1)[0]
        page = ada.get(f"{BUSES}/queue").text
        assert f'name="response" value="{place}"' in page
        assert set(re.findall(r'value="(T\d+)" checked', page)) == set(now)
        reply = ada.post(f"{BUSES}/queue", data={"do": "accept", "response": place, "theme": ["T3"], "seen": "0"})
        assert reply.status_code == 303
        with site.question() as question:
            assert [one.theme for one in question.mapped().assignments if one.response == place] == ["T3"]
            assert question.queue(1)[0][0] != place

    def test_a_skipped_response_does_not_come_back_at_once(self, ada: Any) -> None:
        first = re.search(r'name="response" value="(\d+)"', ada.get(f"{BUSES}/queue").text)
        assert first
        reply = ada.post(f"{BUSES}/queue", data={"do": "skip", "response": first[1]})
        following = re.search(r'name="response" value="(\d+)"', ada.get(reply.headers["location"]).text)
        assert following
        assert following[1] != first[1]

    def test_the_blind_sample_hides_what_the_machine_says_and_shows_how_far_it_agrees(self, site: Site, ada: Any) -> None:
        page = ada.get(f"{BUSES}/queue", params={"blind": "yes"}).text
        assert "It is not known yet" in page
        many = ada.post(f"{BUSES}/queue", data={"do": "draw", "blind": "yes", "number": "99"})
        assert many.status_code == 422
        assert "A blind sample of 99 cannot be drawn" in many.text
        drawn = ada.post(f"{BUSES}/queue", data={"do": "draw", "blind": "yes", "number": "6"})
        page = ada.get(drawn.headers["location"]).text
        assert '" checked>' not in page
        assert 'class="c-sure"' not in page
        assert "<mark" not in page
        for _ in range(6):
            place = re.search(r'name="response" value="(\d+)"', page)
            assert place
            with site.question() as question:
                assert int(place[1]) not in {at for at, _ in question.queue(99)}  # else it would be seen and learnt from
                right = [one.theme for one in question.mapped().assignments if one.response == int(place[1])]
            fields = {"do": "accept", "blind": "yes", "response": place[1], "theme": right}
            page = ada.get(ada.post(f"{BUSES}/queue", data=fields).headers["location"]).text
        assert "now <strong>1.00</strong>" in page
        assert "The whole sample is labelled." in page
        with site.question() as question:
            assert not question.standing.corrections.reviewed


class TestSigningAndFiles:
    def test_there_is_nothing_to_sign_until_a_theme_is_approved(self, ada: Any) -> None:
        assert "nothing to sign" in ada.get(f"{BUSES}/report").text
        assert ada.post(f"{BUSES}/sign", data={"sure": "yes"}).status_code == 422

    def test_who_signs_is_who_signed_in_whatever_the_form_says(self, site: Site, ada: Any) -> None:
        ada.post(f"{BUSES}/themes", data={"do": "approve-all"})
        assert ada.post(f"{BUSES}/sign", data={"name": "The Minister"}).status_code == 422  # not ticked
        assert ada.post(f"{BUSES}/sign", data={"name": "The Minister", "sure": "yes"}).status_code == 303
        with site.question() as question:
            assert [edit.who for edit in question.standing.signed] == ["ada"]
        assert "<strong>Signed</strong> by ada" in ada.get(f"{BUSES}/report").text

    @pytest.mark.parametrize(
        ("form", "begins"), [("html", b"<!DOCTYPE html>"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")]
    )
    def test_each_file_is_downloaded_masked_and_who_took_it_is_kept(self, ada: Any, form: str, begins: bytes) -> None:
        reply = ada.post(f"{BUSES}/export", data={"form": form})
        assert reply.content.startswith(begins)
        assert reply.headers["content-disposition"].endswith(f"buses.{form}")
        assert b"Rosalind" not in reply.content
        assert f"downloaded a file of the kind {form}" in ada.get(f"{BUSES}/history").text

    def test_personal_data_is_in_a_file_only_when_asked_for(self, ada: Any) -> None:
        assert b"Rosalind" in ada.post(f"{BUSES}/export", data={"form": "csv", "unmasked": "yes"}).content
        assert "with personal data shown" in ada.get(f"{BUSES}/history").text

    def test_the_audit_trail_says_who_did_what(self, ada: Any) -> None:
        ada.post(f"{BUSES}/themes", data={"do": "add", "title": "=HYPERLINK(1)"})
        rows = list(csv.reader(io.StringIO(ada.post(f"{BUSES}/export", data={"form": "trail"}).content.decode("utf-8-sig"))))
        assert rows[-1][2] == "ada"
        assert "added theme T4" in rows[-1][3]


def test_approved_themes_stay_when_themes_are_formed_anew(site: Site, ada: Any) -> None:
    ada.post(f"{BUSES}/themes/T1", data={"do": "approve", "seen": "1"})
    page = ada.get(f"{BUSES}/themes").text
    assert "Waiting for your decision" in page
    with site.question() as question:
        assert question.standing.themes["T1"].status is ThemeStatus.APPROVED


def test_candidates_keep_what_they_were_formed_from_beside_them_while_others_are_approved(site: Site, ada: Any) -> None:
    ada.post(f"{BUSES}/themes/T1", data={"do": "approve", "seen": "1"})
    with site.question() as question:
        formed = question.formed_from(question.standing.themes["T2"])
        statement = next(iter(formed.values()))
        words = masked(question.words(statement))

    assert len(formed) > 1
    assert f"Formed from {len(formed)} responses" in ada.get(f"{BUSES}/themes").text
    assert words in unescape(ada.get(f"{BUSES}/themes").text)
    page = unescape(ada.get(f"{BUSES}/themes/T2").text)
    assert f'<mark class="c-mark">{words}</mark>' in page
    assert page.count('class="c-response"') == len(formed)


def test_a_number_of_themes_that_cannot_be_is_told(ada: Any) -> None:
    for number in ("1", "101", "many", "²"):
        reply = ada.post(f"{BUSES}/form", data={"number": number})
        assert reply.status_code == 422
        assert "Give a number from 2 to 100" in reply.text


def test_forming_themes_is_stopped_and_gone_on_with(site: Site, ada: Any) -> None:
    assert ada.post(f"{BUSES}/form", data={"number": ""}).headers["location"] == BUSES
    assert ada.get(f"{BUSES}/progress").json()["ended"] is False
    page = ada.get(BUSES).text
    assert "Themes are being formed" in page
    assert "Begun by ada" in page
    ada.post(f"{BUSES}/stop")
    assert "Stopped. What was read is kept" in ada.get(BUSES).text
    assert ada.get(f"{BUSES}/progress").json()["ended"] is True


def test_forming_anew_counts_the_candidates_somebody_worked_on_and_asks(site: Site, ada: Any) -> None:
    ada.post(f"{BUSES}/themes/T1", data={"do": "rename", "title": "By Ada", "seen": "1"})
    assert "1 candidate was renamed, merged or split" in ada.get(BUSES).text
    reply = ada.post(f"{BUSES}/form", data={"number": "2"})
    assert reply.status_code == 422
    assert 'href="#anew"' in reply.text
    assert "Form the themes anew" in reply.text  # nothing was begun
    assert ada.post(f"{BUSES}/form", data={"number": "2", "anew": "yes"}).status_code == 303
    ada.post(f"{BUSES}/stop")


def test_the_enter_key_in_the_title_of_a_new_theme_splits(ada: Any) -> None:
    page = ada.get(f"{BUSES}/themes/T1").text
    form = next(part for part in page.split("<form") if 'id="split-title"' in part)
    assert re.findall(r'<button type="submit"[^>]* value="(\w+)"', form) == ["split", "move"]


def test_evaluators_find_their_page_from_here(site: Site, ada: Any) -> None:
    assert 'href="/evaluate"' in site.by("val", groups="bernard-evaluator").get("/consultations").text
    assert 'href="/evaluate"' not in ada.get("/consultations").text


def test_a_language_model_is_asked_only_where_the_analyst_does_not_decline(
    site: Site, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "language model" not in ada.get(BUSES).text
    settings = site.settings.model_copy(update={"model": "openai:some-model"})
    client = Site(settings, make_app(settings), site.whole).by("ada")
    page = client.get(BUSES).text
    assert "The language model openai:some-model is asked for titles" in page
    assert 'name="no_model" value="yes">' in page
    wrong = client.post(f"{BUSES}/form", data={"number": "1", "no_model": "yes"})
    assert 'name="no_model" value="yes" checked' in wrong.text
    asked: list[bool] = []
    monkeypatch.setattr(Forming, "start", lambda *_, use_model, **__: asked.append(use_model))
    client.post(f"{BUSES}/form", data={"no_model": "yes"})
    client.post(f"{BUSES}/form")
    assert asked == [False, True]


def test_a_run_that_was_stopped_while_it_waited_does_not_come_before_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[Any, ...]] = []

    class Context:
        """Processes that end at once."""

        Pipe = staticmethod(multiprocessing.Pipe)

        class Process:
            def __init__(self, args: tuple[Any, ...], **_: Any) -> None:
                self.args = args

            def start(self) -> None:
                begun.append(self.args[3:5])
                self.args[-1].send(("ended", ""))

            def join(self, timeout: float) -> None: ...

            def terminate(self) -> None: ...

    monkeypatch.setattr("assistant.web.consult.forming.multiprocessing.get_context", lambda _: Context)
    forming = Forming(site.settings)
    with forming._turn:
        forming.start("buses", 1, who="bob", groups=20)
        forming.stop("buses", 1)
        forming.start("buses", 1, who="ada", groups=5)
    for _ in range(100):
        run = forming.run_of("buses", 1)
        if run and run.status is Status.DONE:
            break
        time.sleep(0.05)
    assert begun == [(5, "ada")]
    assert run
    assert (run.status, run.who) == (Status.DONE, "ada")

"""Files that people bring: read, kept for one conversation of one user, refused with a reason, gone in time."""

from __future__ import annotations

import datetime as dt
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from assistant.answer import Assistant
from assistant.index import Embedder
from assistant.settings import Settings, UploadSettings
from assistant.uploads import NotAdded, OwnDocuments, Received
from assistant.uploads.model import shown_name
from tests.documents.hostile.packages import flat_bomb
from tests.documents.hostile.sound import SOUND
from tests.uploads.policies import NEW, OLD, add, added, refused, word_file


class Clock:
    """A time of day that a test sets."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def embedder(bernard: Assistant) -> Embedder:
    return bernard.index.embedder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    limits = UploadSettings(max_file_mib=1, max_files=3, max_total_mib=2, max_words=1000)
    return Settings(data_dir=tmp_path / "data", uploads=limits)


@pytest.fixture
def own(settings: Settings, embedder: Embedder, clock: Clock) -> OwnDocuments:
    return OwnDocuments(settings, embedder, now=clock)


def test_a_file_is_read_indexed_and_found_after_a_restart(
    own: OwnDocuments, settings: Settings, embedder: Embedder, clock: Clock, tmp_path: Path
) -> None:
    steps = add(own, tmp_path, "policy.docx", word_file("Rope\nRopes are coiled at dusk.\nKnots are checked by the mate."))
    assert steps[0].stage == "reading"
    assert "indexing" in [step.stage for step in steps]
    assert steps[-1].stage == "added"

    again = OwnDocuments(settings, embedder, now=clock)
    index = again.index("ada", "t1")
    assert index is not None
    (stored,) = index.documents
    assert "Ropes are coiled at dusk." in stored.document.text
    assert [file.name for file in again.listed("ada", "t1")] == ["policy.docx"]


def test_nobody_else_and_no_other_conversation_has_it(own: OwnDocuments, tmp_path: Path) -> None:
    file = added(own, tmp_path, "policy.md", OLD)
    for user, talk in (("eve", "t1"), ("ada", "t2"), ("", "t1"), ("ad", "at1")):
        assert own.listed(user, talk) == []
        assert own.index(user, talk) is None
        assert own.locations(user, talk, file.id) == ()
        assert not own.remove(user, talk, file.id)
    assert len(own.listed("ada", "t1")) == 1


def test_what_is_kept_can_be_read_by_its_owner_on_the_machine_alone(
    own: OwnDocuments, settings: Settings, tmp_path: Path
) -> None:
    added(own, tmp_path, "../../../etc/policy.md", OLD)
    shelves = list(settings.uploads_dir.iterdir())
    assert [stat.S_IMODE(place.stat().st_mode) for place in (settings.uploads_dir, *shelves)] == [0o700, 0o700]
    names = [path.relative_to(settings.data_dir).as_posix() for path in settings.data_dir.rglob("*")]
    assert not [name for name in names if "policy" in name or "ada" in name or "t1" in name]
    assert own.listed("ada", "t1")[0].name == "policy.md"
    assert not [path for path in settings.uploads_dir.rglob("*") if path.is_file() and path.read_bytes() == OLD.encode()]


def test_an_upload_cannot_pass_for_guidance(own: OwnDocuments, tmp_path: Path) -> None:
    claims = '---\ntitle: "Leave"\nurl: "https://www.gov.uk/leave"\norganisation: "HM Treasury"\n---\n\nLeave is 99 days.\n'
    added(own, tmp_path, "leave.md", claims)
    index = own.index("ada", "t1")
    assert index is not None
    (stored,) = index.documents
    assert (stored.document.url, stored.document.organisations) == ("file:leave.md", ())
    assert stored.document.location.startswith("own:")
    assert index.passage_id(0).startswith("own-")


def test_files_with_one_name_are_told_apart_and_one_that_is_there_is_not_added_twice(
    own: OwnDocuments, tmp_path: Path
) -> None:
    added(own, tmp_path, "policy.md", OLD)
    assert added(own, tmp_path, "Policy.md", NEW).name == "Policy (2).md"
    assert refused(own, tmp_path, "copy.md", OLD) == "is there already, as policy.md"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("run.exe", b"MZ", "not one of the formats that can be added"),
        ("nothing", b"text", "a file without a suffix"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n0000", "is a picture, whatever its suffix .docx says"),
        ("page.pdf", word_file("A\nB"), "ZIP package"),
        ("empty.txt", b"  \n", "is empty"),
        ("broken.docx", b"PK\x03\x04 no archive", ""),
        ("long.txt", b"word " * 1500, "is too long: a file may have 1,000 words"),
        ("big.txt", b"x" * (2**20 + 1), "is too large: a file may have 1 MiB"),
        ("heading.md", b"# Only a heading\n", "only headings"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason_and_leaves_nothing(
    own: OwnDocuments, settings: Settings, tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    assert reason in refused(own, tmp_path, name, data)
    assert own.listed("ada", "t1") == []
    assert [path for path in settings.uploads_dir.rglob("*") if path.is_file()] == []


def test_an_archive_that_swells_costs_itself_alone(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    own = OwnDocuments(settings, embedder)
    assert refused(own, tmp_path, "bomb.docx", flat_bomb(SOUND[".docx"], "word/document.xml"))
    assert added(own, tmp_path, "policy.md", OLD)


def test_the_limits_of_a_conversation_hold(own: OwnDocuments, tmp_path: Path) -> None:
    for number in range(3):
        added(own, tmp_path, f"{number}.md", f"Lamp {number} is lit at dusk by the keeper on watch.")
    assert "3 files at most" in refused(own, tmp_path, "4.md", "Lamp 4 is lit at dawn.")
    own.remove("ada", "t1", own.listed("ada", "t1")[0].id)
    added(own, tmp_path, "4.md", "Lamp 4 is lit at dawn.")


def test_only_the_formats_that_are_allowed_are_read(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    limits = settings.uploads.model_copy(update={"formats": ".pdf .DOCX"})
    own = OwnDocuments(settings.model_copy(update={"uploads": limits}), embedder)
    assert "(.docx .pdf)" in refused(own, tmp_path, "policy.md", OLD)
    off = settings.uploads.model_copy(update={"allowed": False})
    own = OwnDocuments(settings.model_copy(update={"uploads": off}), embedder)
    assert "switched off" in refused(own, tmp_path, "policy.md", OLD)


def test_a_file_goes_when_its_time_is_up_even_before_it_is_deleted(
    own: OwnDocuments, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    file = added(own, tmp_path, "policy.md", OLD)
    assert own.index("ada", "t1") is not None
    clock.moment = file.expires_at - dt.timedelta(seconds=1)
    assert own.shelves.expire() == 0
    assert len(own.listed("ada", "t1")) == 1
    clock.moment = file.expires_at
    assert own.listed("ada", "t1") == []
    assert own.index("ada", "t1") is None
    assert own.shelves.expire() == 1
    assert list(settings.uploads_dir.rglob("*")) == []


def test_shelves_of_conversations_that_are_no_more_go(own: OwnDocuments, tmp_path: Path) -> None:
    added(own, tmp_path, "a.md", OLD)
    added(own, tmp_path, "b.md", OLD, talk="t2")
    assert own.shelves.keep_only(lambda: [("ada", "t2"), ("eve", "t1")]) == 1
    assert own.listed("ada", "t1") == []
    assert [file.name for file in own.listed("ada", "t2")] == ["b.md"]


def test_adding_that_is_given_up_leaves_nothing(own: OwnDocuments, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_text(OLD)
    for step in own.add("ada", "t1", Received("policy.md", path)):
        if step.stage == "indexing":
            break
    assert own.listed("ada", "t1") == []
    assert added(own, tmp_path, "policy.md", OLD)


def test_when_too_many_are_added_at_once_the_next_is_told_to_come_back(own: OwnDocuments) -> None:
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(own.place("ada"))
        with pytest.raises(NotAdded, match="4 of your documents are being added"), own.place("ada"):
            pass
        for number in range(6):
            held.enter_context(own.place(f"user {number}"))
        with pytest.raises(NotAdded, match="Try again in a minute"), own.place("eve"):
            pass
    with own.place("ada"), own.place("eve"):
        pass
    assert not own._places


def limited(settings: Settings, embedder: Embedder, **limits: int) -> OwnDocuments:
    uploads = UploadSettings(**limits)
    return OwnDocuments(settings.model_copy(update={"uploads": uploads}), embedder)


def test_what_one_user_keeps_is_limited_over_all_conversations(
    settings: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    own = limited(settings, embedder, max_user_files=2)
    for talk in ("t1", "t2"):
        added(own, tmp_path, "a.md", OLD, talk=talk)
    *_, last = add(own, tmp_path, "a.md", OLD, talk="t3")
    assert "your conversations hold 2 documents at most" in last.reason
    with pytest.raises(NotAdded, match="2 documents at most"):
        own.room("ada", "t3")  # before anything is sent
    assert added(own, tmp_path, "a.md", OLD, user="eve")
    own.clear("ada", "t1")
    assert added(own, tmp_path, "a.md", OLD, talk="t3")
    again = limited(settings, embedder, max_user_files=2)
    with pytest.raises(NotAdded, match="2 documents at most"):
        again.room("ada", "t1")


def test_what_all_users_keep_is_limited(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    own = limited(settings, embedder, max_server_files=2)
    for user in ("ada", "eve"):
        added(own, tmp_path, "a.md", OLD, user=user)
    *_, last = add(own, tmp_path, "a.md", OLD, user="ida")
    assert "no room for more documents on this server" in last.reason


def test_bytes_that_are_kept_are_counted_as_they_lie_on_the_disk(
    settings: Settings, embedder: Embedder, tmp_path: Path
) -> None:
    own = limited(settings, embedder, max_user_mib=1)
    file = added(own, tmp_path, "a.md", OLD)
    (vectors,) = settings.uploads_dir.rglob("vectors.npy")
    stock = own.shelves.stock("ada")
    assert stock.bytes == stock.all_bytes == sum(path.stat().st_size for path in vectors.parent.iterdir())
    own.remove("ada", "t1", file.id)
    assert own.shelves.stock("ada").all_files == 0
    added(own, tmp_path, "a.md", OLD, talk="t2")
    (vectors,) = settings.uploads_dir.rglob("vectors.npy")
    with vectors.open("ab") as grown:
        grown.truncate(2**20)
    own = limited(settings, embedder, max_user_mib=1)
    *_, last = add(own, tmp_path, "b.md", NEW)
    assert "1 MiB of what was read in them" in last.reason


@pytest.mark.parametrize("deleted_at", ["before it is kept", "while it is kept"])
def test_a_file_whose_conversation_goes_meanwhile_is_not_kept(
    own: OwnDocuments, settings: Settings, tmp_path: Path, deleted_at: str
) -> None:
    path = tmp_path / "sent"
    path.write_text(OLD)
    told = iter([deleted_at != "before it is kept", False])
    *_, last = own.add("ada", "t1", Received("policy.md", path), is_there=lambda: next(told))
    assert (last.stage, last.reason) == ("refused", "was not added: its conversation was deleted meanwhile")
    assert own.listed("ada", "t1") == []
    assert [path for path in settings.uploads_dir.rglob("*") if path.is_file()] == []


def test_what_was_sent_goes_with_its_conversation_and_that_is_said(own: OwnDocuments, tmp_path: Path) -> None:
    with own.shelves.unfinished("ada", "t1") as folder:
        (folder / "0.sent").write_text(OLD)
        own.clear("ada", "t1")
        *_, last = own.add("ada", "t1", Received("policy.md", folder / "0.sent"), is_there=lambda: False)
    assert last.reason.endswith("its conversation was deleted meanwhile")
    with pytest.raises(FileNotFoundError):
        list(own.add("ada", "t1", Received("policy.md", tmp_path / "nothing")))


DIES = """
import os, pathlib, sys
from assistant.settings import Settings
from assistant.uploads import NotAdded, OwnDocuments, Received

class Dies:
    name, dimension = "dies", 3
    def embed(self, texts, *, progress=None):
        os._exit(9)

own = OwnDocuments(Settings(data_dir=sys.argv[1]), Dies())
with own.shelves.unfinished("ada", "t1") as folder:
    (folder / "0.sent").write_text(sys.argv[2])
    list(own.add("ada", "t1", Received("policy.md", folder / "0.sent")))
"""


def test_a_crash_in_the_middle_leaves_nothing_half_and_is_tidied_up(
    settings: Settings, embedder: Embedder, clock: Clock, tmp_path: Path
) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(settings.data_dir), OLD], check=False)
    assert done.returncode == 9
    assert list(settings.uploads_dir.rglob("*.sent"))

    clock.moment = dt.datetime.now(dt.UTC)
    own = OwnDocuments(settings, embedder, now=clock)
    assert own.listed("ada", "t1") == []
    assert own.index("ada", "t1") is None
    own.shelves.expire()
    assert list(settings.uploads_dir.rglob("*.sent")), "it may still be under way"
    clock.moment += dt.timedelta(hours=2)
    (settings.uploads_dir / ".unfinished-shelf" / "f").mkdir(parents=True)  # a kill in a deletion leaves it
    own.shelves.expire()
    assert list(settings.uploads_dir.rglob("*")) == []


def test_files_kept_with_another_model_are_embedded_again(own: OwnDocuments, settings: Settings, tmp_path: Path) -> None:
    added(own, tmp_path, "policy.md", OLD)
    (about,) = settings.uploads_dir.rglob("documents.json")
    about.write_text(about.read_text().replace(own._made_with, "another model v0/1/2"))
    vectors = np.load(about.with_name("vectors.npy"))
    np.save(about.with_name("vectors.npy"), np.zeros_like(vectors))
    index = OwnDocuments(settings, own._embedder, now=own._now).index("ada", "t1")
    assert index is not None
    ((_, similarity),) = index.nearest(own._embedder.embed(["You must not claim for rum."])[0], 1)
    assert similarity > 0.3


def test_an_attachment_is_a_document_of_its_own(own: OwnDocuments, tmp_path: Path) -> None:
    mail = (
        b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Ropes\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nThe rope rules are enclosed.\r\n"
        b'--x\r\nContent-Type: text/plain; name="rules.txt"\r\n'
        b'Content-Disposition: attachment; filename="rules.txt"\r\n\r\n'
        b"Ropes are coiled at dusk by the mate on watch.\r\n--x--\r\n"
    )
    file = added(own, tmp_path, "mail.eml", mail)
    assert len(file.titles) == 2
    index = own.index("ada", "t1")
    assert index is not None
    assert len({stored.document.url for stored in index.documents}) == 2


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a/b\\c.txt", "c.txt"),
        ("bad\x00\n\u202ename.pdf", "badname.pdf"),
        ("", "file"),
        ("..", "file"),
        (" <b>.md ", "<b>.md"),
    ],
)
def test_names_are_shown_without_what_is_not_a_name(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


def test_a_long_name_keeps_its_suffix() -> None:
    assert shown_name("x" * 500 + ".docx").endswith("….docx")
    assert len(shown_name("x" * 500 + ".docx")) == 120

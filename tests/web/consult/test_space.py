"""How much may be kept of consultations: one user's share, and that of all."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.settings import ConsultationSettings, Settings
from assistant.web.consult.called import kept_as, mark_of
from assistant.web.consult.space import check_room
from tests.web.consult.conftest import Site, make_app

MIB = 2**20


@pytest.fixture
def limited(settings: Settings) -> Settings:
    folder = settings.data_dir / "consultations"
    (folder / "arriving").mkdir(parents=True)
    return settings.model_copy(update={"consultations": ConsultationSettings(max_user_mib=2, max_server_mib=4)})


def keep(settings: Settings, user: str, name: str, mib: float) -> Path:
    path = settings.data_dir / "consultations" / f"{kept_as(name, user, settings)}.sqlite3"
    path.write_bytes(b"x" * int(mib * MIB))
    return path


def test_one_user_fills_their_own_share_and_nobody_elses(limited: Settings) -> None:
    keep(limited, "ada", "ferries", 1.5)
    check_room("ada", limited)
    waiting = limited.data_dir / "consultations" / "arriving" / f"{mark_of('ada')}{'0' * 22}.json"
    waiting.write_bytes(b"x" * MIB)

    with pytest.raises(InputError, match=r"Your consultations take up 2 MiB, and may take up 2\. Delete one"):
        check_room("ada", limited)
    check_room("bob", limited)
    check_room("", limited)

    waiting.unlink()
    check_room("ada", limited)


def test_all_together_have_a_limit_too(limited: Settings) -> None:
    for user in ("ada", "bob", "cyd"):
        keep(limited, user, "ferries", 1.4)

    for user in ("ada", "dan", ""):
        with pytest.raises(InputError, match="All consultations together"):
            check_room(user, limited)


def test_where_nothing_was_kept_yet_there_is_room(settings: Settings) -> None:
    check_room("ada", settings)


def test_a_file_for_which_there_is_no_room_is_refused_before_it_is_read(site: Site) -> None:
    folder = site.settings.data_dir / "consultations"
    heavy = folder / f"{kept_as('heavy', 'fay', site.settings)}.sqlite3"
    tight = site.settings.model_copy(update={"consultations": ConsultationSettings(max_user_mib=1)})
    heavy.write_bytes(b"x" * MIB)
    try:
        fay = Site(tight, make_app(tight), site.whole).by("fay")
        before = set(folder.rglob("*"))
        reply = fay.post(
            "/consultations/new", files={"file": ("more.csv", b"id,Why do you say so?\n1,Because.\n", "text/csv")}
        )
        assert "Your consultations take up 1 MiB" in reply.text
        assert "Your consultations take up 1 MiB" in fay.post("/consultations/demonstration").text
        assert set(folder.rglob("*")) - before <= {folder / "arriving"}
    finally:
        heavy.unlink()

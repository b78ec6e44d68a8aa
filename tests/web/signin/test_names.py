from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Role
from assistant.settings import SignInSettings
from assistant.web.signin.identity import NotLetIn
from assistant.web.signin.names import foreign_name, role_of


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ada", "ada"),
        (" Ada ", "ada"),
        ("ADA@EXAMPLE.GOV.UK", "ada@example.gov.uk"),
        ("siân", "siân"),
        ("auth0|5f7c8ec7", "auth0|5f7c8ec7"),
    ],
)
def test_a_name_is_kept_in_small_letters(name: str, kept: str) -> None:
    assert foreign_name(name) == kept


LOOK_ALIKES = {
    "the Kelvin sign": "\u212aim",
    "full width": "ａda",
    "a ligature": "ﬁona",
    "an accent apart": "sia\u0302n",
    "no width": "a\u200bda",
    "a soft hyphen": "a\u00adda",
    "written backwards": "\u202eada",
    "a variation": "ada\ufe0f",
    "a space": "ada l",
    "a hard space": "ada\u00a0",
    "a line break": "ada\n",
    "nothing": "",
    "spaces": "   ",
    "a zero": "a\0da",
    "too long": "a" * 201,
    "private use": "\ue000",
}


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_another_way_to_write_a_name_is_refused(kind: str) -> None:
    with pytest.raises(NotLetIn):
        foreign_name(LOOK_ALIKES[kind])


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_names_become_one_only_where_they_differ_in_large_and_small_letters(one: str, other: str) -> None:
    try:
        kept = foreign_name(one), foreign_name(other)
    except NotLetIn:
        return
    if kept[0] == kept[1]:
        assert one.strip(" ").lower() == other.strip(" ").lower()
    assert foreign_name(kept[0]) == kept[0]
    assert unicodedata.normalize("NFKC", kept[0]) == kept[0]


SETTINGS = SignInSettings()


def test_the_highest_role_counts() -> None:
    assert role_of({"bernard-evaluator", "bernard-administrator"}, SETTINGS) is Role.ADMINISTRATOR
    assert role_of({"bernard-evaluator"}, SETTINGS) is Role.EVALUATOR
    assert role_of({"Bernard-Evaluator", ""}, SETTINGS) is Role.OFFICIAL


def test_a_role_that_is_not_named_is_nobodys() -> None:
    settings = SignInSettings(evaluators="", administrators="")
    assert role_of({""}, settings) is Role.OFFICIAL


def test_where_a_group_is_named_only_its_members_get_in() -> None:
    settings = SignInSettings(officials="staff")
    assert role_of({"staff"}, settings) is Role.OFFICIAL
    assert role_of({"bernard-administrator"}, settings) is Role.ADMINISTRATOR
    with pytest.raises(NotLetIn, match="you may not use Bernard"):
        role_of({"others"}, settings)

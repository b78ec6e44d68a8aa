"""Where responses are put: with their own words, all of them, and better once an analyst has corrected some."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.consult import (
    Consultation,
    Corrections,
    Mapped,
    OpenQuestion,
    Statement,
    ThemeVectors,
    map_responses,
    uncertainty,
)
from assistant.consult.clusters import group, unit
from assistant.errors import InputError
from tests.consult.conftest import REASONS, themes_of


def test_reasons_that_belong_together_form_a_theme(formed: OpenQuestion) -> None:
    texts = {one.id: one.text for one in formed.answers.responses}
    found = [{texts[key] for key in ids} for ids in themes_of(formed).values()]

    for name, reasons in REASONS.items():
        assert max(len(one & set(reasons)) for one in found) >= 4, name


def test_a_title_is_words_of_the_theme_itself(formed: OpenQuestion) -> None:
    for theme in formed.standing.themes.values():
        words = " ".join(formed.words(formed.statements[at]) for at in theme.exemplars).lower()
        assert theme.title.lower() in words
        assert len(theme.title.split()) >= 3


def test_the_words_that_carry_a_theme_stand_in_the_response_and_no_response_is_lost(demo: Consultation) -> None:
    question = demo.question()
    mapped = question.mapped()

    for one in mapped.assignments:
        text = question.answers.responses[one.response].text
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
        assert 0 < one.confidence <= 1
    put = {one.response for one in mapped.assignments} | set(mapped.other) | question.no_reason
    assert put == set(question.answers.answered)


def test_approved_themes_alone_are_mapped_to_once_there_are_any(formed: OpenQuestion) -> None:
    formed.approve("Ann", "T1")

    assert {one.theme for one in formed.mapped().assignments} == {"T1"}
    assert formed.mapped().other


def test_a_theme_that_an_analyst_adds_finds_its_responses_by_its_name(formed: OpenQuestion) -> None:
    for theme in ("T1", "T2", "T3"):
        formed.reject("Ann", theme)
    fares = formed.add("Ann", "Cost of tickets", "Fares and ticket prices are too high")
    formed.add("Ann", "Wheelchair access", "Wheelchairs, ramps and space for disabled passengers")
    texts = {one.id: one.text for one in formed.answers.responses}

    found = {texts[key] for key in themes_of(formed)[fares]}

    assert len(found & set(REASONS["fares"])) >= 4
    assert not found & set(REASONS["access"])


def test_a_reviewed_response_is_as_the_analyst_set_it(formed: OpenQuestion) -> None:
    one = formed.mapped().assignments[0]
    formed.review("Ann", one.response, [])

    assert one.response in formed.mapped().other
    assert one.response not in [place for place, _ in formed.queue(99)]


def test_responses_are_found_by_words_by_meaning_and_by_who_gave_them(demo: Consultation) -> None:
    question = demo.question()
    texts = [one.text for one in question.answers.responses]

    assert "tithe maps" in texts[question.find("tithe maps")[0]]
    assert "wheelchair" in texts[question.find("someone who cannot walk and uses a chair with wheels")[0]].lower()
    villagers = question.find("", where={"Where do you live?": "village"}, most=300)
    assert {question.answers.responses[place].attributes["Where do you live?"] for place in villagers} == {"Village"}
    with pytest.raises(InputError, match="no attribute 'Planet'"):
        question.find("", where={"Planet": "Mars"})


def random_responses(count: int, rng: np.random.Generator) -> tuple[np.ndarray, list[Statement]]:
    vectors = rng.normal(size=(count, 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), [
        Statement(place, 0, 5) for place in range(count)
    ]


def test_corrections_teach_what_the_name_of_a_theme_does_not_say() -> None:
    rng = np.random.default_rng(0)
    whole, points = random_responses(400, rng)
    truth = whole[:, 3] > 0.1  # nothing to do with the theme's name
    theme = ThemeVectors("T1", np.eye(16, dtype=np.float32)[9])
    other = ThemeVectors("T2", np.eye(16, dtype=np.float32)[10])
    said = Corrections({(place, "T1"): bool(truth[place]) for place in range(60)})

    def right(corrections: Corrections) -> float:
        mapped = map_responses(whole, whole, points, themes=[theme, other], places=range(400), corrections=corrections)
        found = {one.response for one in mapped.assignments if one.theme == "T1"}
        return float(np.mean([(place in found) == truth[place] for place in range(60, 400)]))

    assert right(Corrections()) < 0.65
    assert right(said) > 0.8


def test_the_most_doubtful_response_comes_first() -> None:
    doubt = uncertainty(np.array([[0.99, 0.01], [0.5, 0.5], [0.9, 0.2]]))

    assert doubt.argsort()[::-1].tolist() == [1, 2, 0]


def test_groups_are_the_same_whatever_the_seed_and_few_who_agree_are_not_swept_away() -> None:
    rng = np.random.default_rng(1)
    centres = np.eye(8)
    members = np.repeat(np.arange(5), [40, 40, 40, 40, 4])
    vectors = centres[members] + rng.normal(scale=0.12, size=(len(members), 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    runs = [group(vectors, range(len(vectors)), seed=seed) for seed in range(4)]

    assert len({len(run.groups) for run in runs}) == 1
    few = set(np.flatnonzero(members == 4).tolist())
    assert any(few >= set(one.members) and len(one.members) >= 3 for one in runs[0].groups)
    everywhere = sorted([*runs[0].other, *(place for one in runs[0].groups for place in one.members)])
    assert everywhere == list(range(len(vectors)))


@pytest.mark.parametrize("count", [0, 1, 5])
def test_too_few_statements_make_no_theme_and_are_all_kept(count: int) -> None:
    vectors = np.eye(8, dtype=np.float32)[:count]

    found = group(vectors, range(count))

    assert found.groups == ()
    assert found.other == tuple(range(count))


def test_accepting_what_was_proposed_leaves_every_theme_about_as_large(demo: Consultation) -> None:
    question = demo.question()
    whole, vectors = question.embed()
    row = {place: at for at, place in enumerate(question.answers.answered)}
    points = [replace(one, response=row[one.response]) for one in question.statements]
    themes = [
        ThemeVectors(theme.id, unit(vectors[list(theme.exemplars)].mean(axis=0)), theme.exemplars)
        for theme in question.standing.themes.values()
    ]

    def put(said: Corrections) -> Mapped:
        return map_responses(whole, vectors, points, themes=themes, places=range(len(whole)), corrections=said)

    def sizes(mapped: Mapped) -> dict[str, int]:
        return {theme.id: sum(one.theme == theme.id for one in mapped.assignments) for theme in themes}

    mapped = put(Corrections())
    before, other = sizes(mapped), len(mapped.other)
    said = Corrections()
    for count in range(1, 41):
        doubt = uncertainty(mapped.confidence)
        place = next(int(at) for at in np.argsort(-doubt, kind="stable") if int(at) not in said.reviewed)
        own = {(place, one.theme): True for one in mapped.assignments if one.response == place}
        said = Corrections({**said.marks, **own}, said.reviewed | {place})
        mapped = put(said)
        now = sizes(mapped)
        moved = {theme: (size, now[theme]) for theme, size in before.items() if abs(now[theme] - size) > max(3, 0.2 * size)}
        assert not moved, count
    assert abs(len(mapped.other) - other) <= 3


def test_a_few_corrections_do_not_empty_a_group_of_its_own_statements() -> None:
    rng = np.random.default_rng(3)
    centres = np.eye(16)[[0, 1, 2]]
    whole = centres[np.repeat(np.arange(3), 20)] + rng.normal(scale=0.1, size=(60, 16))
    whole = (whole / np.linalg.norm(whole, axis=1, keepdims=True)).astype(np.float32)
    points = [Statement(place, 0, 5) for place in range(60)]
    themes = [ThemeVectors(f"T{at}", centres[at].astype(np.float32), tuple(range(20 * at, 20 * at + 20))) for at in range(3)]
    reviewed = [*range(3), *range(20, 30), *range(40, 52)]
    truth = {(place, f"T{place // 20}"): True for place in reviewed if place not in (0, 20, 21)}  # three were wrong

    mapped = map_responses(
        whole, whole, points, themes=themes, places=range(60), corrections=Corrections(truth, frozenset(reviewed))
    )

    for at in range(3):
        found = {one.response for one in mapped.assignments if one.theme == f"T{at}"}
        assert found >= set(range(20 * at, 20 * at + 20)) - {0, 20, 21}
        assert len(found) <= 22


def test_a_theme_that_came_after_a_review_is_not_held_to_have_been_denied() -> None:
    said = Corrections({(1, "T1"): True}, frozenset({1, 2}), {1: frozenset({"T1", "T2"})})

    assert [said.says(1, theme) for theme in ("T1", "T2", "T3")] == [True, False, None]
    assert said.says(2, "T3") is False


def test_one_theme_alone_takes_only_the_responses_that_speak_of_it(formed: OpenQuestion) -> None:
    for theme in ("T1", "T2", "T3"):
        formed.reject("Ann", theme)
    late = formed.add("Ann", "late buses")
    texts = {one.id: one.text for one in formed.answers.responses}

    found = {texts[key] for key in themes_of(formed)[late]}

    assert len(found & set(REASONS["evenings"])) >= 4
    assert len(found - set(REASONS["evenings"])) <= 2

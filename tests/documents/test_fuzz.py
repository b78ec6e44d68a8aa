"""No damage to a file makes its reader hang, break down or say what a person cannot use; `make fuzz` tries for longer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.documents.library import FORMATS, Found, read_whole
from tests.documents.fuzz_seeds import HIDDEN, seeds
from tests.documents.fuzzing import check, damaged
from tests.documents.hostile.sound import RULE


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_sound_file_is_read_without_what_it_hides(suffix: str) -> None:
    outcome = read_whole(Found(Path(f"/rules/a{suffix}"), f"rules/a{suffix}"), seeds()[suffix])[0]

    assert outcome.document is not None
    assert RULE in outcome.document.text
    assert HIDDEN not in outcome.document.text
    check(suffix, seeds()[suffix])


@pytest.mark.slow
@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_plain_words(suffix: str, data: st.DataObject) -> None:
    check(suffix, data.draw(damaged(suffix)))

"""A file of thresholds that cannot be used says so; nothing in it is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import InputError
from evals.gate import check, read_thresholds

SOUND = '[[threshold]]\nsuite = "refusal"\nfigure = "recall"\nwhy = "a test"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{SOUND}at_least = nan\n", "Threshold 1 in .* cannot be used. at_least: Input should be a finite number"),
        (f"{SOUND}at_least = 0.5\n{SOUND}at_most = inf\n", "Threshold 2 in .* cannot be used. at_most: .* finite"),
        (f'{SOUND}at_least = "0.5"\n', "at_least: Input should be a valid number"),
        (SOUND, "give either at_least or at_most for recall"),
        ("threshold = 3\n", r"There are no thresholds in .*: give each as a table that begins with \[\[threshold\]\]"),
        ("threshold = [3]\n", "Threshold 1 in .* cannot be used. the whole: "),
        ("", "There are no thresholds in"),
        ("[[threshold]\n", "cannot be used"),
    ],
)
def test_a_file_that_is_no_list_of_thresholds_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "bars.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=says) as told:
        read_thresholds(file)
    assert "pydantic" not in str(told.value)


def test_a_suite_without_thresholds_is_not_passed_over() -> None:
    with pytest.raises(InputError, match=r"There is no threshold for nosuch\. Suites with thresholds: .*refusal"):
        check([], read_thresholds(), suites=["refusal", "nosuch"])

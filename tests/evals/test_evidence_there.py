"""Evidence that stands in no document is told by row, and never passed off as what the guidance says."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Assistant
from evals.evidence_there import astray, warning
from evals.own_questions import read_questions
from evals.run_folder import read_about
from tests.evals.small_run import LEAVE, evaluate

INVENTED = "Keepers have 40 days of leave."
HEAD = "id,question,evidence\n"


def test_what_stands_anywhere_is_found_however_it_is_set(tmp_path: Path, bernard: Assistant) -> None:
    file = tmp_path / "own.csv"
    whole = [
        LEAVE.upper(),
        "You must tell the harbour master: the first and last day of the leave",
        "The harbour master must reply in writing within 5 days.  You must tell the harbour master",
        "Ferry £140",
        "Fog signals: charges and records",
        "Destroy it after that",
    ]
    rows = [*whole, INVENTED, f"{LEAVE}||{INVENTED}"]
    file.write_text(HEAD + "".join(f'{n},What of {n}?,"{one}"\n' for n, one in enumerate(rows)), "utf-8")
    own = read_questions(file)
    found = astray(own, bernard.index)
    assert [(one.id, one.place, one.evidence) for one in found] == [
        ("6", "row 8", (INVENTED,)),
        ("7", "row 9", (INVENTED,)),
    ]
    assert warning(found, own).startswith(
        "2 of 8 questions of own name evidence that stands in no document of the index, and count as not found: row 8, row 9"
    )


def test_of_many_rows_the_first_are_named(tmp_path: Path, bernard: Assistant) -> None:
    file = tmp_path / "own.csv"
    file.write_text(HEAD + "".join(f"{n},What of {n}?,Invented {n}.\n" for n in range(9)), "utf-8")
    own = read_questions(file)
    assert "row 2, row 3, row 4, row 5, row 6 and 4 more." in warning(astray(own, bernard.index), own)


@pytest.mark.usefixtures("_live")
def test_the_scorecard_says_that_it_stands_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "own.csv"
    question = "How many days of paid leave do keepers have?"
    file.write_text(f"{HEAD}1,{question},{LEAVE}\n2,{question},{INVENTED}\n", "utf-8")
    assert evaluate("run", "retrieval", "--data", file, "--out", tmp_path / "run") == 0
    assert "1 of 2 questions of own name evidence that stands in no document of the index" in capsys.readouterr().err
    assert [one.place for one in read_about(tmp_path / "run").astray] == ["row 3"]
    page = (tmp_path / "run" / "scorecard.html").read_text("utf-8")
    assert "What the guidance says of it" not in page
    assert f"which stands in no document of the index:</p><ul><li>{INVENTED}</li></ul>" in page
    assert f"<li>own, row 3: {INVENTED}</li>" in page
    markdown = (tmp_path / "run" / "scorecard.md").read_text("utf-8")
    assert "own, row 3: asked; its evidence stands in no document" in markdown

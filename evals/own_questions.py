"""Reads questions that an evaluator brings, from CSV, XLSX or JSON Lines, and those that ship with the project.

Every fault is told by row, and nothing is asked before all rows are sound. The columns are in docs/evaluating.md. Knows
nothing of who is asked.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.answer import Notice, Status
from assistant.errors import InputError, UnreadableDocument
from assistant.safety import MAX_QUESTION_CHARACTERS, EmptyQuestion, QuestionTooLong, screen
from evals.cases import Case, CaseSet
from evals.tables import decoded, rows_of

COLUMNS = (
    "id", "question", "type", "history", "expected_status", "url", "documents", "evidence", "also", "answer", "conditions",
    "notices",
)  # fmt: skip
_LISTS = frozenset({"history", "documents", "evidence", "also", "conditions", "notices"})
_PASSED_OVER = frozenset({"second_reader"})
# What `bernard records feedback --cases` writes beside the question, which says nothing about a good answer.
_OF_FEEDBACK = frozenset(
    "answer_id given_at kinds comment claim verdict status model prompt_version filters index_digest".split()
)
_RENAMED = {"expected_evidence": "evidence", "expected_answer": "answer"}
_KNOWN = frozenset({*COLUMNS, *_PASSED_OVER, *_OF_FEEDBACK, *_RENAMED})
_MOST_FAULTS = 20
_SEPARATOR = re.compile(r"\s*(?:\|\||\n)\s*")


def read_questions(path: Path, *, name: str = "") -> CaseSet:
    """Read a file, or every .jsonl file of a folder, as one set.

    Raises:
        InputError: The file cannot be read, or rows in it are no questions: each is named with what is wrong.
    """
    rows = list(_rows(path))
    if not rows:
        raise InputError(f"There are no questions in {path}. docs/evaluating.md says how a file of questions looks.")
    cases: list[Case] = []
    faults: list[str] = []
    seen: dict[str, str] = {}
    for place, row in rows:
        try:
            case = _case(row, name or path.stem, place)
            if case.id in seen:
                raise ValueError(f"the id {case.id!r} is that of {seen[case.id]} too")
            seen[case.id] = place
            cases.append(case)
        except ValueError as error:
            faults.append(f"{place}: {error}")
    if faults:
        more = [f"and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
        told = "\n  ".join([*faults[:_MOST_FAULTS], *more])
        raise InputError(f"Nothing was asked, since these rows of {path} cannot be used:\n  {told}")
    return CaseSet(name or path.stem, tuple(cases), places=seen)


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rows with the words that name their place."""
    try:
        if path.is_dir():
            for file in sorted(path.glob("*.jsonl")):
                yield from ((f"{file.name}, {place}", row) for place, row in _rows(file))
        elif path.suffix.lower() == ".xlsx":
            yield from _of_table(_sheet(path))
        elif path.suffix.lower() == ".csv":
            yield from _of_table(rows_of(decoded(path.read_bytes())))
        elif path.suffix.lower() in {".jsonl", ".ndjson"}:
            yield from _of_lines(_text(path), path)
        else:
            raise InputError(f"{path} is no file of questions that can be read: give .csv, .xlsx or .jsonl.")
    except OSError as error:
        raise InputError(f"The questions in {path} cannot be read ({error.strerror or error}).") from None


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text; save it as UTF-8.") from None


def _of_lines(text: str, path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, object_pairs_hook=_each_once)
        except json.JSONDecodeError as error:
            raise InputError(
                f"{path}, line {number}: this is not JSON ({error.msg} at character {error.pos + 1})."
            ) from None
        except ValueError as error:
            raise InputError(f"{path}, line {number}: {error}.") from None
        if not isinstance(row, dict):
            raise InputError(f'{path}, line {number}: give an object such as {{"id": "1", "question": "…"}}.')
        yield f"line {number}", row


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if twice := [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]:
        raise ValueError(f"{twice[0]!r} is given more than once")
    return dict(pairs)


def _of_table(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not rows:
        return
    names = [cell.strip().lower().replace(" ", "_") for cell in rows[0]]
    if "question" not in names:
        raise InputError(
            f"The first row must name the columns, and one of them must be “question”; it reads: {', '.join(rows[0][:8])}."
        )
    if unknown := [name for name in names if name and name not in _KNOWN]:
        near = difflib.get_close_matches(unknown[0], COLUMNS, n=1)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(f"There is no column {unknown[0]!r}; the columns are {', '.join(COLUMNS)}.{meant}")
    if twice := [name for name, count in Counter(names).items() if name and count > 1]:
        raise InputError(f"The first row names the column {twice[0]!r} more than once: only one of each can be used.")
    for number, cells in enumerate(rows[1:], start=2):
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
        if row:
            yield f"row {number}", row


def _sheet(path: Path) -> list[list[str]]:
    """The cells that the first visible sheet of a workbook shows, read as the product reads guidance."""
    from assistant.documents.reader import File
    from assistant.documents.sheet_model import Budget
    from assistant.documents.xlsx_sheet import SheetReader
    from assistant.documents.xlsx_workbook import read_workbook
    from assistant.documents.zip_parts import Parts

    try:
        parts = Parts(File(path, path.name, path.read_bytes()))
        book = read_workbook(parts)
        entry = next((sheet for sheet in book.sheets if not sheet.hidden and sheet.path in parts), None)
        if entry is None:
            return []
        rows = SheetReader(parts, book, budget=Budget(path.name), left_out=Counter()).read(entry, 1).rows
    except UnreadableDocument as error:
        raise InputError(f"{path} cannot be read: {error}.") from None
    widest = max((max(row.cells, default=0) for row in rows), default=0)
    shown = [[row.cells[n].text if n in row.cells else "" for n in range(1, widest + 1)] for row in rows]
    gaps = [row.number for row in rows]
    blank = [""] * widest
    return [shown[gaps.index(number)] if number in gaps else blank for number in range(1, gaps[-1] + 1)] if rows else []


def _case(row: Mapping[str, Any], set_name: str, place: str) -> Case:
    unknown = [name for name in row if name not in _KNOWN]
    if unknown:
        raise ValueError(f"there is no column {', '.join(map(repr, unknown))}; the columns are {', '.join(COLUMNS)}")
    row = _as_given(row)
    question = str(row.get("question") or "").strip()
    if not question:
        raise ValueError("the question is missing")
    history = _listed(row.get("history"))
    _refuse_unaskable(question, history)
    evidence = _listed(row.get("evidence"))
    return Case(
        id=str(row.get("id") or place),
        set=set_name,
        kind=str(row.get("type") or ""),
        question=question,
        history=history,
        expected_status=_status(row.get("expected_status"), evidence=evidence),
        url=str(row.get("url") or "").strip().partition("#")[0],
        documents=_listed(row.get("documents")),
        evidence=evidence,
        also=_listed(row.get("also")),
        answer=str(row.get("answer") or "").strip(),
        conditions=_listed(row.get("conditions")),
        notices=_notices(row.get("notices")),
    )


def _refuse_unaskable(question: str, history: Sequence[str]) -> None:
    """Whoever asks in the browser is told what is wrong; in a run, it would end the suites that only search."""
    for name, text in [("question", question), *(("earlier question", one) for one in history)]:
        try:
            screen(text)
        except EmptyQuestion:
            raise ValueError(f"there are no letters or digits in the {name} {text[:20]!r}") from None
        except QuestionTooLong:
            raise ValueError(f"the {name} has {len(text):,} characters; the most is {MAX_QUESTION_CHARACTERS:,}") from None


def _as_given(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is; of feedback, what the answer was is left out and what the evaluator filled in takes its place."""
    if "answer_id" not in row:
        return dict(row)
    kept = {name: value for name, value in row.items() if name not in {"evidence", "answer"}}
    return {**kept, **{name: row.get(given) for given, name in _RENAMED.items()}}


def _listed(given: Any) -> tuple[str, ...]:
    """A list as it is, or a cell whose parts are parted by "||" or line breaks; of messages, what the person typed."""
    if given is None or given == "":
        return ()
    if isinstance(given, str):
        return tuple(part for part in _SEPARATOR.split(given.strip()) if part)
    if not isinstance(given, list):
        raise ValueError(f"{given!r} is neither text nor a list")
    texts = [one.get("content", "") if one.get("role") == "user" else None for one in given if isinstance(one, dict)]
    plain = [one for one in given if not isinstance(one, dict)]
    return tuple(str(text).strip() for text in (*texts, *plain) if text)


def _notices(given: Any) -> tuple[Notice, ...]:
    try:
        return tuple(Notice(one.lower().replace("_", " ")) for one in _listed(given))
    except ValueError as error:
        raise ValueError(f"{error}; the kinds of notice are: {', '.join(Notice)}") from None


def _status(given: Any, *, evidence: Sequence[str]) -> Status | None:
    if not given:
        return Status.ANSWERED if evidence else None
    wanted = str(given).strip().lower().replace("_", " ")
    wanted = {"not in guidance": "not in the guidance", "clarify": "needs clarification"}.get(wanted, wanted)
    try:
        return Status(wanted)
    except ValueError:
        near = difflib.get_close_matches(wanted, list(Status), n=1)
        meant = f"; did you mean {str(near[0])!r}?" if near else ""
        raise ValueError(f"{given!r} is no status; give one of: {', '.join(Status)}{meant}") from None

"""The verbs of `bernard records`: look at what is kept of the answers given, take it out, and ask what no longer holds.

Knows nothing of how options are written.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import InputError
from assistant.output import print_json, show, tell, terminal_width

if TYPE_CHECKING:
    from assistant.records import Records
    from assistant.settings import Settings

_DONE, _FAULTS = 0, 1


def list_records(options: argparse.Namespace) -> int:
    """List the newest answers with their dates and statuses."""
    from assistant.terminal import show_records

    with _records() as (records, _):
        count = records.count() if records else 0
        listed = records.listed(limit=options.limit) if records else []
    if options.json:
        print_json([answer.as_json() for answer in listed])
    else:
        show(show_records(listed, count=count, width=terminal_width()))
    return _DONE


def show_record(options: argparse.Namespace) -> int:
    """Show one answer with all that it rests on."""
    from assistant.terminal import show_pack

    with _records() as (records, settings):
        pack = _required(records, settings).pack(options.id)
    if options.json:
        print_json(pack.as_json())
    else:
        show(show_pack(pack, width=terminal_width()))
    return _DONE


def delete(options: argparse.Namespace) -> int:
    """Delete answers, or all of them."""
    if bool(options.ids) == options.all:
        options.parser.error("give the ID of an answer, or --all")
    with _records() as (records, settings):
        if options.all:
            count = records.count() if records else 0
            if count and not options.yes:
                _confirm(count)
            deleted = records.delete_all() if records else 0
        else:
            deleted = _required(records, settings).delete(options.ids)
        _forget_documents(records, settings)
    if options.json:
        print_json({"deleted": deleted})
    else:
        show(f"Deleted {_answers(deleted)} from the records.")
    return _DONE


def _forget_documents(records: Records | None, settings: Settings) -> None:
    """Delete what people added to conversations that are no more."""
    from assistant.uploads import Shelves

    Shelves(settings).keep_only(lambda: records.all_conversations() if records else ())


def export(options: argparse.Namespace) -> int:
    """Write answers into one file to pass on; without an ID, every answer with its evidence, one JSON object a line."""
    if options.ids:
        return _export_file(options)
    if options.form or options.marking:
        options.parser.error("--form and --marking go with the ID of an answer")
    if options.json and not options.out:
        options.parser.error("--json goes with --out; what is exported is JSON in any case")
    with _records() as (records, _):
        packs = records.packs() if records else iter(())
        if not options.out:
            for pack in packs:
                print_json(pack.as_json())
            return _DONE
        count = _write(options.out, (pack.as_json() for pack in packs))
    if options.json:
        print_json({"exported": count, "file": str(options.out)})
    else:
        show(f"Wrote {_answers(count)} to {options.out}.")
    return _DONE


def feedback(options: argparse.Namespace) -> int:
    """List what readers said of answers, or write it as cases for evaluation."""
    if options.cases:
        with _records() as (records, _):
            count = _write(options.cases, records.feedback_cases() if records else iter(()))
        if options.json:
            print_json({"cases": count, "file": str(options.cases)})
        else:
            show(f"Wrote {'1 case' if count == 1 else f'{count:,} cases'} to {options.cases}.")
        return _DONE
    from assistant.terminal import show_feedback

    with _records() as (records, _):
        given = list(records.feedback()) if records else []
    if options.json:
        print_json([said.as_json() for said in given])
    else:
        show(show_feedback(given, width=terminal_width()))
    return _DONE


def check(options: argparse.Namespace) -> int:
    """Compare every answer in the records with what the index says now."""
    from assistant.records import check as find_affected
    from assistant.terminal import show_affected

    with _records() as (records, settings):
        affected = find_affected(records, settings) if records else []
        count = records.count() if records else 0
    if options.json:
        print_json([answer.as_json() for answer in affected])
    elif affected:
        show(show_affected(affected, width=terminal_width()))
    else:
        show(f"{_answers(count)} in the records: what they quote still stands." if count else "No answer is in the records.")
    return _FAULTS if affected else _DONE


@contextmanager
def _records() -> Iterator[tuple[Records | None, Settings]]:
    """The records, open; None when nothing has been recorded yet, and nothing is made then."""
    from assistant.records import Records, are_there
    from assistant.settings import load_settings

    settings = load_settings()
    if not are_there(settings):
        yield None, settings
        return
    with Records(settings) as records:
        yield records, settings


def _required(records: Records | None, settings: Settings) -> Records:
    if records is None:
        raise InputError(
            f"Nothing has been recorded yet in {settings.data_dir}. `bernard ask` records the answers it gives."
        )
    return records


def _confirm(count: int) -> None:
    if not sys.stdin.isatty():
        raise InputError(f"Nothing was deleted: {_answers(count)} would go. Give --yes to delete without being asked.")
    tell(f"This deletes {_answers(count)} from the records, and nothing brings them back. Type yes to go on.")
    try:
        typed = input("> ")
    except EOFError:
        typed = ""
    if typed.strip().lower() != "yes":
        raise InputError("Nothing was deleted.")


def _export_file(options: argparse.Namespace) -> int:
    from assistant.exports import export as write_export
    from assistant.records import Exchange

    form = options.form or _form_of_file(options.out) or "docx"
    given = []
    with _records() as (records, settings):
        for pack in (_required(records, settings).pack(name) for name in options.ids):
            answer = pack.as_answer()
            if answer is None:
                raise InputError(
                    f"The answer {pack.id} was given by another version of Bernard, in another form. `bernard records show "
                    f"{pack.id} --json` shows all of it."
                )
            given.append(Exchange(pack.id, pack.given_at, answer))
    written = write_export(given, form, marking=options.marking)
    path = options.out or Path(written.name)
    _write_bytes(path, [written.content])
    if options.json:
        print_json({"exported": len(given), "file": str(path)})
    else:
        show(f"Wrote {_answers(len(given))} to {path}.")
    return _DONE


def _form_of_file(path: Path | None) -> str:
    ending = path.suffix.lower().lstrip(".") if path else ""
    return {"md": "markdown", "htm": "html"}.get(ending, ending)


def _write(path: Path, objects: Iterator[dict[str, Any]]) -> int:
    """Write one JSON object a line; returns how many."""
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for one in objects:
            count += 1
            yield f"{json.dumps(one, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")

    _write_bytes(path, lines())
    return count


def _write_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file that its owner alone can read: questions are in it."""
    try:
        # A new file, whatever lies beside it: nobody gets the questions by having left a file, or a link, in the way.
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                for part in parts:
                    file.write(part)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"The records cannot be written to {path}: {error.strerror or error}.") from None


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"

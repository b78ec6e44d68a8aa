"""The verbs of `bernard records`: look at what is kept of the answers given, take it out, and ask what no longer holds.

Knows nothing of how options are written.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.output import print_json, show, tell, terminal_width

if TYPE_CHECKING:
    from assistant.records import EvidencePack, Records
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
            deleted = records.delete_all() if records and count else 0
        else:
            deleted = _required(records, settings).delete(options.ids)
    if options.json:
        print_json({"deleted": deleted})
    else:
        show(f"Deleted {_answers(deleted)} from the records.")
    return _DONE


def export(options: argparse.Namespace) -> int:
    """Write every answer with its evidence, one JSON object a line."""
    if options.json and not options.out:
        options.parser.error("--json goes with --out; what is exported is JSON in any case")
    with _records() as (records, _):
        packs = records.packs() if records else iter(())
        if not options.out:
            for pack in packs:
                print_json(pack.as_json())
            return _DONE
        count = _write(options.out, packs)
    if options.json:
        print_json({"exported": count, "file": str(options.out)})
    else:
        show(f"Wrote {_answers(count)} to {options.out}.")
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


def _write(path: Path, packs: Iterator[EvidencePack]) -> int:
    """Write a file that its owner alone can read: questions are in it."""
    partial = path.with_name(f"{path.name}.partial")
    count = 0
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for pack in packs:
                file.write(json.dumps(pack.as_json(), ensure_ascii=False) + "\n")
                count += 1
        partial.replace(path)
    except OSError as error:
        raise InputError(f"The records cannot be written to {path}: {error.strerror or error}.") from None
    return count


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"

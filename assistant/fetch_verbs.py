"""The verbs of `bernard` that fetch guidance from its publishers and keep it up to date.

Like the others, each is a function from what was typed to an exit status. Knows nothing of how options are written.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import BernardError, FetchError, InputError
from assistant.output import ProgressBars, ended_by_sigterm, print_json, show, tell, terminal_width

if TYPE_CHECKING:
    from assistant.fetch import FetchReport, Progress, Record, Wanted
    from assistant.index import IngestReport
    from assistant.records import Affected
    from assistant.settings import Settings

CORPUS_LIST = Path(__file__).parents[1] / "corpus" / "govuk.toml"
_DONE, _FAULTS = 0, 1


def fetch(options: argparse.Namespace) -> int:
    """Fetch what was asked for, or list what is kept."""
    from assistant.fetch import fetch as fetch_from
    from assistant.fetch import open_source
    from assistant.settings import load_settings
    from assistant.terminal import show_fetch, show_ingest

    settings = load_settings()
    if options.list_kept:
        return _list_kept(settings, as_json=options.json)
    wanted = _wanted(options)
    source = open_source(options.source, settings.fetch)
    folder = settings.fetched_dir / source.name
    with _stoppable(settings) as progress:
        report = fetch_from(source, wanted, settings.fetch, folder=folder, again=options.again, progress=progress)
    ingested = _ingest([folder], settings) if options.ingest and report.kept else None
    if options.json:
        print_json({**report.as_json(), "ingest": ingested.as_json() if ingested else None})
    else:
        show(show_fetch(report, width=terminal_width()))
        if ingested:
            show(show_ingest(ingested, width=terminal_width()))
        elif report.kept:
            tell(f"To index it: bernard ingest {folder}")
    could_not = report.faults or report.gone or (ingested and ingested.failed)
    return _FAULTS if could_not else _DONE


def update(options: argparse.Namespace) -> int:
    """Ask again for everything kept, index it, and say which answers no longer hold."""
    from assistant.fetch import open_source
    from assistant.fetch import update as update_from
    from assistant.settings import load_settings
    from assistant.terminal import show_affected, show_fetch, show_ingest

    settings = load_settings()
    folders = _folders(settings)
    if not folders:
        raise InputError(f"Nothing was fetched yet into {settings.fetched_dir}. `bernard fetch` does that.")
    reports: list[FetchReport] = []
    errors: list[str] = []
    for folder in folders:
        try:
            source = open_source(folder.name, settings.fetch)
            with _stoppable(settings) as progress:
                reports.append(update_from(source, settings.fetch, folder=folder, progress=progress))
        except (FetchError, InputError) as error:
            errors.append(f"{folder.name}: {error}")
    if not reports:
        raise FetchError(" ".join(errors))
    ingested = _ingest(folders, settings, wait=options.wait)
    try:
        affected = _affected(settings)
    except BernardError as error:  # what was fetched is indexed all the same
        affected = []
        errors.append(f"Which answers no longer hold could not be found out. {error}")
    if options.json:
        publishers = [report.as_json() for report in reports]
        told = [answer.as_json() for answer in affected]
        print_json({"publishers": publishers, "errors": errors, "ingest": ingested.as_json(), "affected": told})
    else:
        lines = [*(show_fetch(report, width=terminal_width()) for report in reports), *errors]
        lines.append(show_ingest(ingested, width=terminal_width()))
        lines += ["", show_affected(affected, width=terminal_width())] if affected else []
        show("\n".join(lines))
    return _FAULTS if errors or ingested.failed or any(report.faults for report in reports) else _DONE


def _affected(settings: Settings) -> list[Affected]:
    """The answers in the records that rest on what has changed, disappeared or been withdrawn since."""
    from assistant.records import Records, are_there, check

    if not are_there(settings):
        return []
    with Records(settings) as records:
        return check(records, settings)


def _wanted(options: argparse.Namespace) -> Wanted:
    from assistant.fetch import Wanted, read_list

    wanted = Wanted(
        paths=tuple(options.paths),
        manuals=tuple(options.manual),
        collections=tuple(options.collection),
        organisations=tuple(options.organisation),
        document_types=tuple(options.type),
        updated_since=options.updated_since,
        text=options.search.strip(),
        attachments=options.attachments,
        limit=options.limit,
    )
    if options.list:
        return read_list(options.list, wanted=wanted)
    if wanted != Wanted(attachments=wanted.attachments, limit=wanted.limit):
        return wanted
    if options.source != "govuk":
        options.parser.error(f"say what to fetch from {options.source}: a PATH, a --list FILE or a --search")
    if not CORPUS_LIST.is_file():
        raise InputError("The list that ships with Bernard is not here. Name a PATH, or a list with --list FILE.")
    return read_list(CORPUS_LIST, wanted=wanted)


def _list_kept(settings: Settings, *, as_json: bool) -> int:
    from assistant.fetch import about
    from assistant.terminal import show_kept

    kept = [(folder.name, record) for folder in _folders(settings) for record in about(folder).values()]
    if as_json:
        print_json([_as_json(name, record) for name, record in kept])
    else:
        show(show_kept([record for _, record in kept], width=terminal_width()))
    return _DONE


def _as_json(publisher: str, record: Record) -> dict[str, str]:
    return {
        "publisher": publisher,
        "page": record.page,
        "address": record.item.address,
        "file": record.item.file,
        "state": str(record.state),
        "reason": record.reason,
        "fetched": record.fetched,
        "checked": record.checked,
        "sha256": record.sha256,
        "licence": record.licence.name,
        "licence_url": record.licence.url,
    }


def _folders(settings: Settings) -> list[Path]:
    """The folders of the publishers from which anything was fetched."""
    from assistant.fetch import LEDGER

    return sorted(ledger.parent for ledger in settings.fetched_dir.glob(f"*/{LEDGER}"))


def _ingest(folders: Sequence[Path], settings: Settings, *, wait: float = 0.0) -> IngestReport:
    from assistant.index import ingest

    with closing(ProgressBars()) as bars:
        return ingest(folders, settings, wait=wait, progress=bars.show)


@contextmanager
def _stoppable(settings: Settings) -> Iterator[Progress]:
    """Show progress; being stopped, also by `kill`, ends with what is kept."""
    from assistant.fetch import about

    try:
        with closing(ProgressBars()) as bars, ended_by_sigterm():
            yield bars.show
    except KeyboardInterrupt:
        kept = sum(len(about(folder)) for folder in _folders(settings))
        items = "1 item is" if kept == 1 else f"{kept:,} items are"
        raise KeyboardInterrupt(f"Stopped; {items} kept; the same command goes on from there.") from None

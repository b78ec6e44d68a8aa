"""The verbs of `bernard index`: see, check and mend what is indexed. Knows nothing of how options are written."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.output import ProgressBars, print_json, terminal_width

if TYPE_CHECKING:
    from assistant.documents import Document

_DONE, _FAULTS = 0, 1


def list_documents(options: argparse.Namespace) -> int:
    """List the documents in the index, those that the filters keep."""
    from assistant.index import entries
    from assistant.settings import load_settings
    from assistant.terminal import show_entries, show_nothing_kept
    from assistant.verbs import filters_of

    filters = filters_of(options)
    held = list(entries(load_settings()))
    kept = [entry for entry in held if filters is None or filters.accepts(entry.document)]
    if options.json:
        print_json([{**_brief(entry.document), "passages": entry.count} for entry in kept])
    elif held and not kept:
        print(show_nothing_kept([entry.document for entry in held], width=terminal_width()))
    else:
        print(show_entries(kept, width=terminal_width()))
    return _DONE


def show(options: argparse.Namespace) -> int:
    """Show one document with its passages."""
    from assistant.index import entry
    from assistant.settings import load_settings
    from assistant.terminal import show_entry

    found = entry(options.document, load_settings())
    if options.json:
        passages = [{"headings": p.headings, "anchor": p.anchor, "page": p.page, "text": p.text} for p in found.passages]
        print_json({**_brief(found.document), "passages": passages})
    else:
        print(show_entry(found, width=terminal_width()))
    return _DONE


def remove(options: argparse.Namespace) -> int:
    """Take documents out of the index."""
    from assistant.index import remove as remove_from_index
    from assistant.settings import load_settings

    with closing(ProgressBars()) as bars:
        report = remove_from_index(options.locations, load_settings(), wait=options.wait, progress=bars.show)
    noun = "document" if report.removed == 1 else "documents"
    print(f"Removed {report.removed:,} {noun}; the index holds {report.passages:,} passages. The files are as they were.")
    return _DONE


def rebuild(options: argparse.Namespace) -> int:
    """Make passages, vectors and terms anew."""
    from assistant.index import rebuild as rebuild_index
    from assistant.settings import load_settings

    with closing(ProgressBars()) as bars:
        report = rebuild_index(load_settings(), wait=options.wait, progress=bars.show)
    print(f"Built anew: {report.unchanged:,} documents in {report.passages:,} passages. {report.seconds:.1f} s.")
    return _DONE


def export(options: argparse.Namespace) -> int:
    """Write the whole index into one file."""
    from assistant.index import export_index
    from assistant.settings import load_settings

    with closing(ProgressBars()) as bars:
        done = export_index(options.file, load_settings(), wait=options.wait, progress=bars.show)
    if options.json:
        print_json(asdict(done))
    else:
        print(
            f"Exported {done.documents:,} documents in {done.passages:,} passages to {options.file} "
            f"({done.size / 2**20:,.1f} MiB). Digest {done.digest[:12]}."
        )
    return _DONE


def import_(options: argparse.Namespace) -> int:
    """Make the index what an exported file holds."""
    from assistant.index import import_index
    from assistant.settings import load_settings

    with closing(ProgressBars()) as bars:
        try:
            done = import_index(
                options.file,
                load_settings(),
                replace_other=options.replace,
                moved=options.moved,
                wait=options.wait,
                progress=bars.show,
            )
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Stopped; the index is as it was before.") from None
    if options.json:
        print_json(asdict(done))
        return _DONE
    print(f"Imported {done.documents:,} documents in {done.passages:,} passages. Digest {done.digest[:12]}.")
    if options.moved:
        print(f"{done.moved:,} files have their place on this machine now.")
    return _DONE


def verify(options: argparse.Namespace) -> int:
    """Compare manifest, vectors and terms."""
    from assistant.index import verify as verify_index
    from assistant.settings import load_settings
    from assistant.terminal import clean

    with closing(ProgressBars()) as bars:
        faults = list(verify_index(load_settings(), quick=options.quick, progress=bars.show))
    if options.json:
        print_json(faults)
    elif faults:
        print(clean("\n".join(faults)))
        print("`bernard index rebuild` makes vectors and terms anew; `bernard ingest --rebuild` with all paths reads anew.")
    else:
        print(f"Manifest, vectors and terms agree{' (some vectors were compared)' if options.quick else ''}.")
    return _FAULTS if faults else _DONE


def _brief(document: Document) -> dict[str, object]:
    return {
        "location": document.location,
        "title": document.title,
        "url": document.url,
        "organisations": list(document.organisations),
        "document_type": document.document_type,
        "updated": document.updated.isoformat() if document.updated else None,
        "withdrawn": document.withdrawn,
        "left_out": {part.what: part.count for part in document.left_out},
        "recognised": document.recognised,
    }

"""Reads the files of guidance that changed and puts their documents, cut into passages, into the manifest.

Knows nothing of vectors or terms, nor of how a file is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.documents.library import Found, Outcome, file_digest, load_file
from assistant.documents.tools import TOOL_IS_MISSING
from assistant.documents.workers import Workers
from assistant.errors import DocumentError, SkippedDocument
from assistant.index.manifest import FileRecord, Manifest
from assistant.index.passages import split
from assistant.index.report import IngestReport
from assistant.settings import Settings

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how many are done, how many there are)."""


def read_into(
    manifest: Manifest,
    files: Sequence[Found],
    settings: Settings,
    report: IngestReport,
    progress: Progress,
    *,
    everything: bool,
) -> None:
    """Make the manifest's documents what the files hold; a file that is as it was is not read, unless `everything` is."""
    reading = _Reading(manifest, settings, report, everything=everything)
    with Workers(settings.reading) as workers:
        for number, (found, outcomes) in enumerate(workers.read(reading.changed(files)), start=1):
            reading.take(found, outcomes)
            progress("Reading", reading.passed_over + number, len(files))
    progress("Reading", len(files), len(files))


_WITH_PAGES = (".pdf", ".eml", ".msg")  # formats that can bring scanned pages


class _Reading:
    """One run over some files."""

    def __init__(self, manifest: Manifest, settings: Settings, report: IngestReport, *, everything: bool) -> None:
        self._manifest = manifest
        self._settings = settings
        self._report = report
        self._everything = everything
        self._known = manifest.files()
        self._within = _enclosed(self._known)
        self._digests: dict[str, str] = {}
        self.passed_over = 0

    def changed(self, files: Sequence[Found]) -> Iterator[tuple[Found, bytes]]:
        """The files to read, with their bytes; the others are counted."""
        limit = self._settings.reading.max_file_mib
        languages = self._settings.reading.ocr_languages if self._settings.reading.ocr else ""
        for found in files:
            location = found.location
            try:
                data = load_file(found, max_mib=limit)
            except DocumentError as error:
                self._forget(self._within.get(location, ()))
                kind = "skipped" if isinstance(error, SkippedDocument) else "failed"
                self._note(FileRecord(location, found.relative, "", kind, str(error)))
                self.passed_over += 1
                continue
            has_pages = found.path.suffix.lower() in _WITH_PAGES
            digest = file_digest(found, data, ocr_languages=languages if has_pages else "")
            before = self._known.get(location)
            if before and before.digest == digest and not self._everything:
                for record in (before, *(self._known[inner] for inner in self._within.get(location, ()))):
                    self._count_again(record)
                self.passed_over += 1
            else:
                self._digests[location] = digest
                yield found, data

    def take(self, found: Found, outcomes: Sequence[Outcome]) -> None:
        """Record what became of a file and of the files in it."""
        digest = self._digests.pop(found.location)
        present = {outcome.location for outcome in outcomes}
        self._forget(inner for inner in self._within.get(found.location, ()) if inner not in present)
        for outcome in outcomes:
            if outcome.document is None:
                kind = "failed" if outcome.failed else "skipped"
                # Without a digest the file is read again by the next run, whose limits and programs may be others.
                kept = "" if outcome.may_pass or TOOL_IS_MISSING in outcome.reason else digest
                self._note(FileRecord(outcome.location, outcome.relative, kept, kind, outcome.reason))
            else:
                self._put(outcome, digest)

    def _put(self, outcome: Outcome, digest: str) -> None:
        assert outcome.document is not None
        document = outcome.document
        before = self._manifest.document_digest(outcome.location)
        self._manifest.put_file(FileRecord(outcome.location, outcome.relative, digest, "indexed", ""))
        self._report.note_left_out(document.left_out)
        if before == document.digest:
            self._report.unchanged += 1
            if not self._everything:
                return
        self._report.changed += bool(before) and before != document.digest
        self._report.added += not before
        self._manifest.put_document(document, split(document, self._settings.passages))

    def _count_again(self, record: FileRecord) -> None:
        if record.outcome == "indexed":
            self._report.unchanged += 1
        else:
            (self._report.failed if record.outcome == "failed" else self._report.skipped).append(record)

    def _note(self, record: FileRecord) -> None:
        """Record a file that gave no document; what it gave before goes."""
        self._report.removed += bool(self._manifest.document_digest(record.location))
        self._manifest.remove_document(record.location)
        self._manifest.put_file(record)
        (self._report.failed if record.outcome == "failed" else self._report.skipped).append(record)

    def _forget(self, locations: Iterator[str] | Sequence[str]) -> None:
        """Remove files that were in a file and are no longer."""
        for location in locations:
            self._report.removed += bool(self._manifest.document_digest(location))
            self._manifest.remove(location)


def _enclosed(known: Mapping[str, FileRecord]) -> dict[str, list[str]]:
    """For each file seen, the locations of the files in it, however deep."""
    within: dict[str, list[str]] = defaultdict(list)
    for location in known:
        outer = location
        while "/" in outer:
            outer = outer.rpartition("/")[0]
            if outer in known:
                within[outer].append(location)
    return dict(within)

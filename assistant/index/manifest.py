"""What the index holds, in one SQLite file: files seen, documents, passages and the facts of the build.

The manifest is the truth: a vector or a term row that it does not name is ignored. Everything one ingest changes is
committed at once, so a reader sees the state before or after, never between. Knows nothing of Chroma or of BM25.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.documents import BlockKind, Document
from assistant.documents.exchange import dump_blocks, dump_fields, load_blocks, load_document
from assistant.errors import IndexMismatch, IndexUnusable, is_write_refused, not_writable
from assistant.index.passages import Passage, Span, embedded_text, vector_id

FORMAT_VERSION = 2

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    location TEXT PRIMARY KEY, relative TEXT NOT NULL, digest TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, location TEXT UNIQUE NOT NULL, digest TEXT NOT NULL, fields TEXT NOT NULL,
    text TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, headings TEXT NOT NULL, context TEXT NOT NULL, anchor TEXT NOT NULL,
    page INTEGER, spans TEXT NOT NULL, vector TEXT NOT NULL, UNIQUE (document, ordinal)
);
CREATE INDEX IF NOT EXISTS passages_by_vector ON passages (vector);
"""

_KINDS = list(BlockKind)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of one file: `outcome` is "indexed", "skipped" or "failed"; the reason says why not indexed."""

    location: str
    relative: str
    digest: str
    outcome: str
    reason: str


class Manifest:
    """Reads and writes the manifest; one connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or create.

        Raises:
            IndexMismatch: A newer version of Bernard wrote it.
            IndexUnusable: The file is damaged or cannot be written.
        """
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA foreign_keys=ON")
        except sqlite3.Error as error:
            self._db.close()
            if is_write_refused(error) or not os.access(path.parent, os.W_OK):
                raise IndexUnusable(f"The index cannot be opened. {not_writable(path.parent)}") from None
            raise IndexUnusable(
                f"The index in {path.parent} cannot be opened: {path.name}: {error}. Delete that folder and run "
                "`bernard ingest` again."
            ) from None
        version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if version > FORMAT_VERSION:
            self._db.close()
            raise IndexMismatch(
                f"The index in {path.parent} was written by a newer version of Bernard (format {version}, this one reads "
                f"{FORMAT_VERSION}). Upgrade Bernard, or delete that folder and run `bernard ingest` again."
            )
        if version < FORMAT_VERSION:
            self._db.executescript(_SCHEMA)
            self._db.execute(f"PRAGMA user_version={FORMAT_VERSION}")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self) -> None:
        """Start a change; nothing is visible to others until `commit`."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the change visible, all at once."""
        self._db.execute("COMMIT")

    def rollback(self) -> None:
        """Undo the change begun."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def look(self) -> None:
        """Until `rollback`, everything read is of one committed state, whatever another process commits meanwhile."""
        self._db.execute("BEGIN")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one committed state; see `look`."""
        self.look()
        try:
            yield
        finally:
            self.rollback()

    # facts of the build

    def meta(self, key: str) -> str:
        """A fact, "" when not set."""
        row = self._db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Set a fact."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def state(self) -> str:
        """Names the committed state: changes with every ingest that changes something."""
        return self.meta("state")

    def digest(self) -> str:
        """SHA-256 over the documents' digests and the rules they were split and embedded with; "" when empty."""
        digests = [row[0] for row in self._db.execute("SELECT digest FROM documents ORDER BY digest")]
        if not digests:
            return ""
        rules = [self.meta("embedder"), self.meta("splitter")]
        return hashlib.sha256("\n".join([*rules, *digests]).encode()).hexdigest()

    def clear(self) -> None:
        """Forget everything that was indexed, as part of the change begun."""
        for statement in ("DELETE FROM documents", "DELETE FROM files", "DELETE FROM meta WHERE key NOT IN ('id', 'state')"):
            self._db.execute(statement)

    def identity(self) -> str:
        """A name for this index, made with it: tells its vectors from another index's on one Chroma server."""
        if not self.meta("id"):
            self.set_meta("id", secrets.token_hex(4))
        return self.meta("id")

    # files

    def files(self) -> dict[str, FileRecord]:
        """All files seen, by location."""
        rows = self._db.execute("SELECT location, relative, digest, outcome, reason FROM files")
        return {row[0]: FileRecord(*row) for row in rows}

    def put_file(self, record: FileRecord) -> None:
        """Note what became of a file."""
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
            (record.location, record.relative, record.digest, record.outcome, record.reason),
        )

    def remove(self, location: str) -> None:
        """Forget a file and its document."""
        self._db.execute("DELETE FROM files WHERE location=?", (location,))
        self.remove_document(location)

    # documents and passages

    def document_digest(self, location: str) -> str:
        """Digest of the document read from `location`, "" when there is none."""
        row = self._db.execute("SELECT digest FROM documents WHERE location=?", (location,)).fetchone()
        return str(row[0]) if row else ""

    def remove_document(self, location: str) -> None:
        """Forget a document and its passages."""
        self._db.execute("DELETE FROM documents WHERE location=?", (location,))

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        """Add a document with its passages in place of what its location held before."""
        self.remove_document(document.location)
        cursor = self._db.execute(
            "INSERT INTO documents (location, digest, fields, text, blocks) VALUES (?, ?, ?, ?, ?)",
            (document.location, document.digest, dump_fields(document), document.text, dump_blocks(document.blocks)),
        )
        self._db.executemany(
            "INSERT INTO passages (document, ordinal, start, stop, headings, context, anchor, page, spans, vector)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    cursor.lastrowid,
                    passage.ordinal,
                    passage.start,
                    passage.end,
                    json.dumps(passage.headings, ensure_ascii=False),
                    passage.context,
                    passage.anchor,
                    passage.page,
                    _dump_spans(passage.spans),
                    vector_id(embedded_text(document.title, passage.headings, passage.context, passage.text)),
                )
                for passage in passages
            ),
        )

    def count_documents(self) -> int:
        """How many documents the index holds."""
        return int(self._db.execute("SELECT count(*) FROM documents").fetchone()[0])

    def count_passages(self) -> int:
        """How many passages the index holds."""
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def passage_counts(self) -> dict[int, int]:
        """How many passages each document has, by document key."""
        return dict(self._db.execute("SELECT document, count(*) FROM passages GROUP BY document"))

    def vectors_of(self, document: int) -> list[str]:
        """Names of the vectors of a document's passages, in order."""
        query = "SELECT vector FROM passages WHERE document=? ORDER BY ordinal"
        return [row[0] for row in self._db.execute(query, (document,))]

    def damage(self) -> str:
        """What SQLite finds wrong with the file, "" for nothing."""
        (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            return str(found)
        lost = len(self._db.execute("PRAGMA foreign_key_check").fetchall())
        return f"{lost:,} passages belong to no document" if lost else ""

    def rows(self) -> Iterator[tuple[int, int, str]]:
        """Every passage in row order, as (passage key, document key, vector name)."""
        yield from self._db.execute("SELECT id, document, vector FROM passages ORDER BY id")

    def places(self) -> Iterator[tuple[str, int]]:
        """Every passage in row order, as (location of its document, position in it)."""
        query = "SELECT d.location, p.ordinal FROM passages p JOIN documents d ON d.id = p.document ORDER BY p.id"
        yield from self._db.execute(query)

    def embedded_texts(self) -> Iterator[tuple[str, str]]:
        """Every passage in row order, as (vector name, embedded text)."""
        held, title, text = 0, "", ""
        query = "SELECT document, vector, headings, context, start, stop FROM passages ORDER BY id"
        for document, vector, headings, context, start, stop in self._db.execute(query):
            if document != held:  # cut here: SQLite would read a long text anew for every passage of it
                one = "SELECT fields ->> 'title', text FROM documents WHERE id=?"
                held, (title, text) = document, self._db.execute(one, (document,)).fetchone()
            yield vector, embedded_text(title, json.loads(headings), context, text[start:stop])

    def documents(self, keys: Iterable[int] | None = None) -> Iterator[tuple[int, Document]]:
        """Documents by key without text and blocks (all of them for None), as (key, document)."""
        query = "SELECT id, fields FROM documents"
        if keys is None:
            rows: Iterable[Any] = self._db.execute(query + " ORDER BY id")
        else:
            rows = [row for key in keys for row in self._db.execute(query + " WHERE id=?", (key,))]
        for key, dumped in rows:
            yield key, load_document(dumped, text="", blocks=())

    def document(self, key: int) -> Document | None:
        """One document, whole; None when it has been removed or replaced. A key is never used again."""
        row = self._db.execute("SELECT fields, text, blocks FROM documents WHERE id=?", (key,)).fetchone()
        return load_document(row[0], text=row[1], blocks=load_blocks(row[2])) if row else None

    def passages(self, document: int, *, text: str | None = None) -> list[tuple[int, Passage]]:
        """A document's passages in order, as (key, passage); `text` is the document's when already at hand."""
        if text is None:
            text = str(self._db.execute("SELECT text FROM documents WHERE id=?", (document,)).fetchone()[0])
        rows = self._db.execute(
            "SELECT id, ordinal, start, stop, headings, context, anchor, page, spans FROM passages WHERE document=?"
            " ORDER BY ordinal",
            (document,),
        )
        return [(row[0], _load_passage(row[1:], text[row[2] : row[3]])) for row in rows]

    def count_vectors(self) -> int:
        """How many vectors passages need."""
        return int(self._db.execute("SELECT count(DISTINCT vector) FROM passages").fetchone()[0])

    def vector_names(self) -> set[str]:
        """Names of all vectors that passages need."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT vector FROM passages")}


def _dump_spans(spans: Sequence[Span]) -> str:
    return json.dumps([[s.start, s.end, _KINDS.index(s.kind), s.level, s.introduced_by, s.block] for s in spans])


def _load_passage(row: Sequence[Any], text: str) -> Passage:
    ordinal, start, stop, headings, context, anchor, page, spans = row
    return Passage(
        ordinal=ordinal,
        start=start,
        end=stop,
        text=text,
        headings=tuple(json.loads(headings)),
        context=context,
        anchor=anchor,
        page=page,
        spans=tuple(
            Span(first, last, _KINDS[kind], level, introduced_by, block)
            for first, last, kind, level, introduced_by, block in json.loads(spans)
        ),
    )

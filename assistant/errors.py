"""The exceptions a user can meet.

BernardError
├── SettingsError            a setting is unknown, out of bounds or contradictory
├── DocumentError
│   ├── UnreadableDocument   a file could not be read; the run goes on without it
│   └── SkippedDocument      a file was read and holds no guidance; not a fault
├── IndexUnusable
│   ├── IndexMissing         nothing has been indexed yet
│   ├── IndexMismatch        built with another model, splitter or newer version
│   └── IndexBusy            another process is changing the index
├── FetchError               a publisher could not be reached, or its reply cannot be used
├── RecordsUnusable          the records of answers cannot be opened
├── LanguageModelFailed      the language model could not be reached, refused, or broke off
├── ModelUnavailable         weights or an optional package are missing or damaged
└── InputError               what the user typed or passed cannot be used

A message says what happened, with the value, and how to put it right, in plain English: it is shown to people as it is.
This module knows nothing of the rest of the package.
"""

from __future__ import annotations

import errno
import os
import sqlite3


class BernardError(Exception):
    """Base of everything Bernard raises on purpose; the text is for the reader, without a stack trace."""


class SettingsError(BernardError):
    """A setting is unknown, out of bounds or contradicts another."""


class DocumentError(BernardError):
    """One document could not be used; `str(error)` is the reason given in the ingest report."""


class UnreadableDocument(DocumentError):
    """The file is broken, locked or not what its name says; it counts as failed."""


class SkippedDocument(DocumentError):
    """The file is sound but holds no guidance (a redirect, an empty page, another language); it counts as skipped."""


class IndexUnusable(BernardError):
    """The index cannot be opened; subclasses say why."""


class IndexMissing(IndexUnusable):
    """Nothing has been indexed yet in this data folder."""


class IndexMismatch(IndexUnusable):
    """The index was built with another embedding model, other splitting rules or a newer version of Bernard."""


class IndexBusy(IndexUnusable):
    """Another process is changing the index."""


class FetchError(BernardError):
    """A publisher could not be reached, refused, or sent something that cannot be used."""


class RecordsUnusable(BernardError):
    """The records of answers cannot be opened or written."""


class LanguageModelFailed(BernardError):
    """The language model could not be reached, refused, or broke off; the answer is quoted instead."""


class ModelUnavailable(BernardError):
    """Model weights are missing or damaged, or the extra that brings them is not installed."""


class InputError(BernardError):
    """What the user typed or passed cannot be used."""


def is_write_refused(error: BaseException | None) -> bool:
    """Whether an error, or what it came of, says that the user who runs Bernard may not write somewhere."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY:
            return True
        if "readonly database" in str(error):  # as Chroma tells it
            return True
        error = error.__cause__ or error.__context__
    return False


def not_writable(path: os.PathLike[str] | str) -> str:
    """What is said of a file or folder that the user who runs Bernard may not write to."""
    return (
        f"Bernard may not write to {path}. Run it as the user who owns that, have its owner let you write there, or set "
        "BERNARD_DATA_DIR to a folder of your own."
    )

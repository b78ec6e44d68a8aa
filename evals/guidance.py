"""Opens the assistant over the guidance that a set is about; indexes it first where that is the set's own.

Indexes made for evaluation lie in `evals/` below the data folder, named by what is in them, and are used again. The index of
the settings in force is never changed. Knows nothing of questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.answer import Assistant
from assistant.errors import InputError
from assistant.index import ingest
from assistant.output import ProgressBars
from assistant.settings import Settings, load_settings
from evals.cases import Brought, Guidance
from evals.children import REPOSITORY

Open = Callable[[Settings], Assistant]
"""Makes an assistant; a deliberately broken one can stand in for it."""

CORPUS = REPOSITORY / "corpus"
_READERS = (REPOSITORY / "assistant" / "documents", REPOSITORY / "assistant" / "index")
"""The code that makes an index of guidance: another reader or splitter makes another index."""


class Shelf:
    """The assistants of one run, each opened when it is first asked."""

    def __init__(self, settings: Settings, *, open: Open = Assistant.open, changes: Mapping[str, Any] | None = None) -> None:
        """Make a shelf.

        Args:
            settings: What is measured.
            open: Makes an assistant.
            changes: Sections of settings that differ from `settings`, as `load_settings` takes them.
        """
        self.settings = settings
        self._open = open
        self._changes = dict(changes or {})
        self.opened: dict[str, Assistant] = {}
        """Those opened so far, by the name of their guidance."""
        self._others: dict[str, Shelf] = {}

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every index."""
        for assistant in self.opened.values():
            assistant.close()
        self.opened.clear()
        for other in self._others.values():
            other.close()
        self._others.clear()

    def digests(self) -> dict[str, str]:
        """What each index that is open holds, by the name of its guidance."""
        return {name: opened.index.digest for name, opened in self.opened.items()}

    def changed(self, section: str, values: Mapping[str, Any]) -> Shelf:
        """A shelf that differs in some settings of one section; closed with this one."""
        key = f"{section}:{sorted(values.items())}"
        if key not in self._others:
            update = {section: {**getattr(self.settings, section).model_dump(), **values}}
            changes = {**self._changes, **update, "data_dir": self.settings.data_dir}
            self._others[key] = Shelf(load_settings(**changes), open=self._open, changes={**self._changes, **update})
        return self._others[key]

    def assistant(self, guidance: Guidance) -> Assistant:
        """The assistant over some guidance.

        Raises:
            IndexUnusable: The index of the settings is missing or cannot be used.
            InputError: corpus/ is not there.
        """
        key = self.name(guidance)
        if key not in self.opened:
            self.opened[key] = self._open(self._settings_for(guidance))
        return self.opened[key]

    def name(self, guidance: Guidance) -> str:
        """Names guidance within this shelf."""
        if isinstance(guidance, Brought):
            told = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(guidance.files.items())).encode())
            return f"brought-{told.hexdigest()[:16]}"
        return guidance

    def _settings_for(self, guidance: Guidance) -> Settings:
        if guidance == "live":
            return self.settings
        if guidance == "corpus" and not CORPUS.is_dir():
            raise InputError("There is no corpus/ beside the evaluations. Run them from a checkout of the project.")
        splitting = hashlib.sha256(self.settings.passages.model_dump_json().encode()).hexdigest()[:8]
        embedder = hashlib.sha256(self.settings.embedding.model.encode()).hexdigest()[:8]
        named = f"corpus-{_digest(CORPUS)}" if guidance == "corpus" else self.name(guidance)
        code = hashlib.sha256("".join(_digest(folder, "*.py") for folder in _READERS).encode()).hexdigest()[:8]
        folder = self.settings.data_dir.resolve() / "evals" / f"{named}-{splitting}-{embedder}-{code}"
        folder.mkdir(parents=True, exist_ok=True)
        models = self.settings.data_dir.resolve() / "models"
        models.mkdir(exist_ok=True)
        if not (folder / "models").exists():
            (folder / "models").symlink_to(models, target_is_directory=True)  # converted once for all
        settings = load_settings(**{**self._changes, "data_dir": folder})
        paths = [CORPUS] if guidance == "corpus" else [_written(guidance, folder / "guidance")]
        if not (folder / "complete").exists():
            bars = ProgressBars()
            try:
                ingest(paths, settings, progress=bars.show)
            finally:
                bars.close()
            (folder / "complete").touch()
        return settings


def _digest(folder: Path, pattern: str = "*") -> str:
    """Names what the files of a folder hold, so that changed notes, or read by changed code, are indexed anew."""
    told = hashlib.sha256()
    for path in sorted(one for one in folder.rglob(pattern) if one.is_file()):
        told.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()[:16]


def _written(guidance: Guidance, folder: Path) -> Path:
    assert isinstance(guidance, Brought)
    for name, text in guidance.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder

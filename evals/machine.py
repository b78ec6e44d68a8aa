"""Where and with what a benchmark ran: machine, versions, commit, and the files it read. Knows nothing of figures."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_LIBRARIES = (
    "bm25s",
    "chromadb",
    "langchain-chroma",
    "langchain-core",
    "langchain-text-splitters",
    "numpy",
    "openvino",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
)


def machine() -> dict[str, Any]:
    """Processor, cores, memory, system, and how busy others keep it at this moment."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "processor": _processor(),
        "cores": cores,
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "load_at_start": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Python and the libraries that the figures depend on; those that are not installed are left out."""
    found = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def commit(repository: Path) -> str:
    """The commit that is checked out, with "+" when files differ from it; "" outside git."""
    try:
        name = _git(repository, "rev-parse", "--short=12", "HEAD")
        return name + ("+" if _git(repository, "status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def guidance(paths: Sequence[Path]) -> dict[str, Any]:
    """The files under `paths`: their folders, number, bytes, and a digest over names and sizes."""
    files = sorted((file, path) for path in paths for file in path.rglob("*") if file.is_file())
    sizes = [(file.relative_to(path.parent).as_posix(), file.stat().st_size) for file, path in files]
    digest = hashlib.sha256("\n".join(f"{name} {size}" for name, size in sizes).encode()).hexdigest()
    return {
        "folders": [path.name for path in paths],
        "files": len(sizes),
        "bytes": sum(size for _, size in sizes),
        "digest": digest[:16],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor())


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()

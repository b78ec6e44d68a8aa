"""Makes office files with LibreOffice, so that readers are tested on what another program wrote.

The sources are flat OpenDocument files (.fodt, .fods, .fodp) or HTML and CSV: plain text that a test writes itself.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (Debian: libreoffice-writer …)")


@cache
def _profile() -> Path:
    return Path(tempfile.mkdtemp(prefix="bernard-office-"))


@cache
def convert(source: str, suffix: str, to: str) -> bytes:
    """The bytes of `source`, a file of format `suffix` (".fodt"), saved by LibreOffice as `to` (".docx").

    `to` may name an export filter after a colon, as in ".csv:Text - txt - csv (StarCalc)".
    """
    assert SOFFICE is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"source{suffix}"
        path.write_text(source, "utf-8")
        subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation=file://{_profile()}",
                "--headless",
                "--norestore",
                "--convert-to",
                to.removeprefix("."),
                "--outdir",
                folder,
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (Path(folder) / f"source{to.partition(':')[0]}").read_bytes()

"""How much may be kept of consultations, for one user and for all: checked before a file is taken in, and not again.

Counted as it lies on the disk, with what was embedded of it and files that wait for their columns to be confirmed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.web.consult.called import mark_of

if TYPE_CHECKING:
    from assistant.settings import Settings

_MIB = 2**20


def check_room(user: str, settings: Settings) -> None:
    """Refuse to take more in where a user, or all together, keep as much as they may.

    Args:
        user: Whose file it would be; "" where nobody signs in: then only the limit for all counts.
        settings: Where consultations are, and the limits.

    Raises:
        InputError: There is no room; it says what to do.
    """
    limits = settings.consultations
    folder = settings.data_dir / "consultations"
    sizes = {}
    for path in folder.rglob("*"):
        with suppress(OSError):  # it went meanwhile
            if path.is_file():
                sizes[path] = path.stat().st_size
    if sum(sizes.values()) >= limits.max_server_mib * _MIB:
        raise InputError(
            "Nothing was kept. All consultations together take up the space that they may have. Delete one that nobody "
            "needs any more, or ask whoever runs Bernard for more (consultations.max_server_mib)."
        )
    if not user:
        return
    mark = mark_of(user)
    theirs = sum(
        size
        for path, size in sizes.items()
        if f".{mark}.sqlite3" in path.name or (path.parent != folder and path.name.startswith(mark))
    )
    if theirs >= limits.max_user_mib * _MIB:
        raise InputError(
            f"Nothing was kept. Your consultations take up {theirs / _MIB:,.0f} MiB, and may take up "
            f"{limits.max_user_mib:,}. Delete one that is no longer needed, then send the file again."
        )

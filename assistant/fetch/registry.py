"""Finds publishers by name: those that come with Bernard, and those that installed packages bring.

A package brings one by an entry point of the group `bernard.guidance_sources`: its name is the publisher's, its object is
called with `FetchSettings` and gives a `GuidanceSource`.
"""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint, entry_points

from assistant.errors import BernardError, FetchError, InputError
from assistant.fetch.model import GuidanceSource, Licence
from assistant.settings import FetchSettings

GROUP = "bernard.guidance_sources"
_BUILT_IN = (
    EntryPoint("govuk", "assistant.fetch.govuk:GovUk", GROUP),
    EntryPoint("legislation", "assistant.fetch.legislation:Legislation", GROUP),
)
"""Also found when the package is used without being installed; no other package can take their names."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")


def source_names() -> list[str]:
    """The names of the publishers that there are, those that cannot be used too."""
    return sorted(_points())


def open_source(name: str, settings: FetchSettings) -> GuidanceSource:
    """The publisher of this name.

    Raises:
        InputError: There is none; lists those there are.
        FetchError: The package that brings it is at fault.
    """
    point = _points().get(name)
    if point is None:
        raise InputError(f"There is no publisher called {name!r}. There are: {', '.join(source_names())}.")
    try:
        source: GuidanceSource = point.load()(settings)
        fault = _fault(name, source)
    except BernardError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever another package does wrong is told, not shown as a crash
        fault = f"{type(error).__name__}: {error}"
    if fault:
        package = point.dist.name if point.dist else "bernard-assistant"
        raise FetchError(
            f"The publisher {name!r}, which the package {package} brings ({point.value}), cannot be used: {fault}. Bring "
            "that package up to date, or uninstall it."
        )
    return source


def _points() -> dict[str, EntryPoint]:
    return {point.name: point for point in (*entry_points(group=GROUP), *_BUILT_IN)}


def _fault(name: str, source: object) -> str:
    """What a publisher lacks, "" when nothing."""
    if not _NAME.fullmatch(name) or getattr(source, "name", None) != name:
        return f"its name is not {name!r} in lower-case letters, digits and hyphens"
    missing = [part for part in ("find", "check", "further") if not callable(getattr(source, part, None))]
    if not isinstance(getattr(source, "base_url", None), str):
        missing.append("base_url")
    if not isinstance(getattr(source, "licence", None), Licence):
        missing.append("licence")
    return f"it has no {', '.join(missing)}" if missing else ""

"""Facts about well-known sets of guidance that their files do not carry: publisher, address, what replaced them.

The rules are in known.toml, read like code. Knows nothing of formats.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from assistant.documents.model import Document


def complete(document: Document, relative: str) -> Document:
    """Fill in what the first matching rule knows and the file does not say.

    Args:
        document: As read.
        relative: Path below the folder the user named, that folder's name included.
    """
    for rule in _rules():
        if any(fnmatch.fnmatch(f"/{relative}", f"*/{pattern}") for pattern in rule["paths"]):
            return _apply(document, rule, relative)
    return document


def _apply(document: Document, rule: Mapping[str, Any], relative: str) -> Document:
    changes: dict[str, Any] = {}
    for name in ("document_type", "superseded_by", "notice", "collection"):
        if rule.get(name) and not getattr(document, name):
            changes[name] = rule[name]
    for name in ("organisations", "extent"):
        if rule.get(name) and not getattr(document, name):
            changes[name] = tuple(rule[name])
    if rule.get("updated") and not document.updated:
        changes["updated"] = rule["updated"]
    if rule.get("url_from") and not document.url:
        changes["url"] = _url(rule, relative)
    return replace(document, **changes)


def _url(rule: Mapping[str, Any], relative: str) -> str:
    """The address of a page whose path mirrors its file's: what follows the folder `url_from`, without suffix or index."""
    _, _, below = f"/{relative}".partition(f"/{rule['url_from']}/")
    path = PurePosixPath(below).with_suffix("")
    parts = [part for part in path.parts if part != "index"]
    return str(rule["url"]).rstrip("/") + "/" + "/".join(parts) + str(rule.get("url_suffix", ""))


@cache
def _rules() -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("known.toml").read_text("utf-8"))["set"]
    return rules

"""Reads a list of what to fetch, such as corpus/govuk.toml: groups of paths, each with a title. Asks nobody."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import InputError
from assistant.fetch.model import Wanted


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = ""
    paths: list[str] = []
    manuals: list[str] = []
    collections: list[str] = []


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid")

    groups: list[_Group] = Field(default=[], alias="group")


def read_list(path: Path, *, wanted: Wanted | None = None) -> Wanted:
    """What a list asks for, added to what is wanted already.

    Raises:
        InputError: It cannot be read, or is not such a list; says what one looks like.
    """
    wanted = wanted or Wanted()
    try:
        groups = _List.model_validate(tomllib.loads(path.read_text("utf-8"))).groups
    except OSError as error:
        raise InputError(f"The list {path} cannot be read: {error.strerror or error}.") from None
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise InputError(f"The list {path} cannot be used: {place}: {fault['msg']}. {_LOOKS}") from None
    except ValueError as error:  # also what is not UTF-8
        raise InputError(f"The list {path} is not TOML: {error}. {_LOOKS}") from None
    return replace(
        wanted,
        paths=(*wanted.paths, *(path for group in groups for path in group.paths)),
        manuals=(*wanted.manuals, *(path for group in groups for path in group.manuals)),
        collections=(*wanted.collections, *(path for group in groups for path in group.collections)),
    )


_LOOKS = 'It is made of [[group]] tables, each with paths = ["/guidance/…", …]; manuals and collections may be.'

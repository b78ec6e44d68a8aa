"""The people who sign in with a password that Bernard checks: added, listed, removed, and let in.

Knows nothing of browsers, nor of what users asked: that is kept by their names, and stays when one is removed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import InputError
from assistant.records.database import plainly, writing
from assistant.records.model import as_text
from assistant.records.passwords import hash_password, is_outdated, is_password
from assistant.records.schema import users
from assistant.settings import Settings

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


class Role(StrEnum):
    """What a user may do."""

    OFFICIAL = "official"
    """Asks, and keeps conversations."""
    EVALUATOR = "evaluator"
    """Also sees feedback and measurements."""
    ADMINISTRATOR = "administrator"
    """Also looks after the index and the users."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in: name in small letters, role, and when they were added and last changed, in UTC."""

    name: str
    role: Role
    added_at: dt.datetime
    changed_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        days = {"added_at": as_text(self.added_at), "changed_at": as_text(self.changed_at)}
        return {"name": self.name, "role": str(self.role), **days}


class Users:
    """The users in the records; get it from `Records.users()`. Many threads may use it."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine, self._settings = engine, settings

    def add(self, name: str, password: str, *, role: Role | str = Role.OFFICIAL) -> User:
        """Let somebody sign in.

        Raises:
            InputError: The name, password or role will not do, or there is such a user.
        """
        name, role = normal_name(name), _role(role)
        moment = dt.datetime.now(dt.UTC)
        row = {"name": name, "password_hash": hash_password(password, name=name), "role": str(role)}
        try:
            with self._writing() as connection:
                if self._row(connection, name) is not None:
                    raise _taken(name)
                connection.execute(insert(users), row | {"added_at": moment, "changed_at": moment})
        except Exception as error:
            if isinstance(error.__cause__, IntegrityError):  # another process added the same name just now
                raise _taken(name) from None
            raise
        return User(name, role, moment, moment)

    def change_password(self, name: str, password: str) -> None:
        """Give a user another password.

        Raises:
            InputError: The password will not do, or there is no such user.
        """
        name = normal_name(name)
        changes = {"password_hash": hash_password(password, name=name), "changed_at": dt.datetime.now(dt.UTC)}
        with self._writing() as connection:
            if not connection.execute(update(users).where(users.c.name == name).values(changes)).rowcount:
                raise _unknown(name)

    def remove(self, name: str) -> None:
        """Let somebody sign in no more. What they asked stays until it expires.

        Raises:
            InputError: There is no such user.
        """
        name = normal_name(name)
        with self._writing() as connection:
            if not connection.execute(delete(users).where(users.c.name == name)).rowcount:
                raise _unknown(name)

    def listed(self) -> list[User]:
        """All users by name."""
        with plainly(self._settings), self._engine.connect() as connection:
            return [_user(row) for row in connection.execute(select(users).order_by(users.c.name))]

    def get(self, name: str) -> User | None:
        """The user of this name; None when there is none, so that a session of somebody removed can be ended."""
        with plainly(self._settings), self._engine.connect() as connection:
            row = self._row(connection, loose_name(name))
        return _user(row) if row is not None else None

    def check(self, name: str, password: str) -> User | None:
        """The user whom name and password belong to; None otherwise, after the same time whichever of them is wrong."""
        name = loose_name(name)
        with plainly(self._settings), self._engine.connect() as connection:
            row = self._row(connection, name)
        if not is_password(password, row.password_hash if row is not None else None) or row is None:
            return None
        if is_outdated(row.password_hash):
            self._hash_anew(row, password)
        return _user(row)

    def _hash_anew(self, row: Row[Any], password: str) -> None:
        try:
            stronger = hash_password(password, name=row.name)
        except InputError:  # today's rules would refuse it; it still lets its user in
            return
        same = (users.c.name == row.name) & (users.c.password_hash == row.password_hash)
        with self._writing() as connection:
            connection.execute(update(users).where(same).values(password_hash=stronger))

    def _row(self, connection: Connection, name: str) -> Row[Any] | None:
        return connection.execute(select(users).where(users.c.name == name)).first()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with plainly(self._settings), writing(self._engine) as connection:
            yield connection


def normal_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        InputError: It cannot be one.
    """
    normal = loose_name(name)
    if not _NAME.fullmatch(normal):
        raise InputError(
            f"{name!r} cannot be a user name: it has 2 to 100 letters from a to z, digits or the marks . _ @ + -, and "
            "begins with a letter or digit, such as j.hacker or jim@example.gov.uk."
        )
    return normal


def loose_name(name: str) -> str:
    """What is typed as a name, as it is looked for among those kept: all that finds the same user comes out the same."""
    return name.strip().lower().replace("\x00", "")


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InputError(f"{role!r} is no role. Choose from: {', '.join(Role)}.") from None


def _user(row: Row[Any]) -> User:
    return User(row.name, Role(row.role), row.added_at, row.changed_at)


def _taken(name: str) -> InputError:
    return InputError(f"There is a user {name} already. `bernard users password {name}` changes the password.")


def _unknown(name: str) -> InputError:
    return InputError(f"There is no user {name}. `bernard users list` shows who there is.")

"""The verbs of `bernard users`: who may sign in with a name and a password.

A password is never an argument, which others on the machine could see. Knows nothing of how options are written.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.output import print_json, show

if TYPE_CHECKING:
    from assistant.records import Users

_DONE = 0


def list_users(options: argparse.Namespace) -> int:
    """List the users with their roles."""
    from assistant.records import are_there
    from assistant.settings import load_settings
    from assistant.terminal import show_users

    users = []
    if are_there(load_settings()):  # looking makes no records
        with _users() as kept:
            users = kept.listed()
    if options.json:
        print_json([user.as_json() for user in users])
    else:
        show(show_users(users))
    return _DONE


def add(options: argparse.Namespace) -> int:
    """Add a user."""
    with _users() as users:
        user = users.add(options.name, _password(), role=options.role)
    show(f"Added {user.name} as {user.role}.")
    return _DONE


def change_password(options: argparse.Namespace) -> int:
    """Give a user another password."""
    with _users() as users:
        users.change_password(options.name, _password())
    show(f"{options.name} has a new password.")
    return _DONE


def remove(options: argparse.Namespace) -> int:
    """Remove a user."""
    with _users() as users:
        users.remove(options.name)
    show(f"Removed {options.name}.")
    return _DONE


@contextmanager
def _users() -> Iterator[Users]:
    from assistant.records import Records
    from assistant.settings import load_settings

    with Records(load_settings()) as records:
        yield records.users()


def _password() -> str:
    """The password, typed twice, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password (at least 12 characters): ")
    if getpass.getpass("The same password again: ") != first:
        raise InputError("The two passwords differ. Nothing was changed; try again.")
    return first

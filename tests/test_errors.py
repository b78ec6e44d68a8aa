"""The exceptions a user can meet."""

from __future__ import annotations

import inspect

import pytest

from assistant import errors

CLASSES = [value for _, value in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", CLASSES)
def test_every_exception_is_a_bernard_error(error: type[Exception]) -> None:
    assert issubclass(error, errors.BernardError)


def test_the_tree_drawn_at_the_top_is_the_tree_there_is() -> None:
    assert errors.__doc__ is not None
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in errors.__doc__.splitlines():
        indent = len(line) - len(line.lstrip(" │├└─"))
        name = line[indent:].split(" ")[0]
        if name and ((indent == 0 and name == "BernardError") or "─ " in line):
            path = [*path[: indent // 4], name]
            drawn[name] = path[-2] if len(path) > 1 else "Exception"

    assert drawn == {error.__name__: error.__bases__[0].__name__ for error in CLASSES}


def test_an_error_says_its_message_and_nothing_else() -> None:
    assert str(errors.InputError("There is no such file.")) == "There is no such file."

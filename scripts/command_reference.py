"""Prints docs/commands.md, made from what `bernard --help` knows, so that the page cannot drift from the code."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from assistant.cli import build_parser


def reference() -> str:
    """The page, as Markdown."""
    parser = build_parser()
    verbs = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    lines = [
        "# Commands",
        "",
        "Made by `make docs` from the code; do not edit by hand.",
        "",
        "`bernard VERB`, `python -m assistant VERB`; `python ingest.py` is `bernard ingest` and `python ui.py` is",
        "`bernard serve`.",
        "",
        "| exit status | meaning |",
        "|---|---|",
        "| 0 | done |",
        "| 1 | done, with faults that are listed: files not read, questions not answered, what the doctor found |",
        "| 2 | nothing could be done; the reason is on standard error |",
        "| 130 | stopped by the user |",
    ]
    for name, verb in verbs.choices.items():
        lines += _verb(f"bernard {name}", verb, heading="##")
    return "\n".join(lines)


def _verb(name: str, verb: argparse.ArgumentParser, *, heading: str) -> Iterator[str]:
    """A verb with its arguments, and then the verbs below it."""
    yield from ("", f"{heading} {name}", "", str(verb.description))
    parts = [action for action in verb._actions if isinstance(action, argparse._SubParsersAction)]
    arguments = list(_arguments(verb))
    if arguments:
        yield from ("", "| argument | what it does |", "|---|---|", *arguments)
    for part in parts:
        for below, parser in part.choices.items():
            yield from _verb(f"{name} {below}", parser, heading=f"{heading}#")


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        value = str(action.metavar or action.dest.upper()) if action.nargs != 0 else ""
        if action.option_strings:
            name = f"{', '.join(action.option_strings)} {value}".strip()
        else:
            name = f"[{value} …]" if action.nargs == "*" else value
        if not action.help:
            raise SystemExit(f"{parser.prog}: {name} has no help text. Give it one in assistant/cli.py.")
        meaning = action.help.replace("|", "\\|")
        yield f"| `{name}` | {meaning} |"


if __name__ == "__main__":
    print(reference())

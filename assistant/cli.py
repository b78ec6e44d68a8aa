"""The command line: what may be typed after `bernard`, and how it ends.

Exit status: 0 done, 1 done with faults that are listed, 2 nothing done and the reason on stderr, 130 stopped by the user.
Knows nothing of what the verbs do.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import math
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from assistant import consult_verbs, index_verbs, records_verbs, users_verbs
from assistant.errors import BernardError, is_write_refused, not_writable
from assistant.eval_verb import evaluate
from assistant.fetch_verbs import CORPUS_LIST, fetch, update
from assistant.terminal import clean
from assistant.verbs import BATCH_LIMIT, LIMIT, ask, doctor, ingest, search, serve, settings

_DONE, _NOTHING_DONE, _STOPPED = 0, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    options = build_parser().parse_args(arguments)
    _never_stumble(sys.stdout)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BernardError as error:
        _complain(str(error))
        return _NOTHING_DONE
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _DONE
    except (OSError, sqlite3.Error) as error:  # a full disk, a folder that may not be written to, a damaged file
        if is_write_refused(error):
            _complain(not_writable(getattr(error, "filename", None) or "its data folder"))
            return _NOTHING_DONE
        _complain(f"{error}. `bernard doctor` looks the installation over.")
        return _NOTHING_DONE
    except KeyboardInterrupt as stop:
        _complain(str(stop) or "Stopped.")
        return _STOPPED
    return status


def build_parser() -> argparse.ArgumentParser:
    """Everything that may be typed; also what docs/commands.md is made from."""
    parser = argparse.ArgumentParser(
        prog="bernard",
        description="Answers questions by quoting government guidance, and shows nothing it cannot trace to it.",
    )
    parser.add_argument("--version", action="version", version=f"bernard {_version()}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    _add_ingest(verbs)
    _add_ask(verbs)
    _add_search(verbs)
    _add_serve(verbs)
    _add_fetch(verbs)
    _add_update(verbs)
    _add_index(verbs)
    _add_records(verbs)
    _add_users(verbs)
    _add_consult(verbs)
    _add_doctor(verbs)
    _add_settings(verbs)
    _add_eval(verbs)
    return parser


# what may be typed


def _add_verb(verbs: Any, name: str, *, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=about, description=about)
    parser.set_defaults(run=run, parser=parser)
    return parser


def _given_path(text: str) -> Path:
    """A path that was given; an empty one, as of a variable that is not set, is not the folder one happens to be in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("a path is empty; name a file or a folder")
    return Path(text)


def _add_ingest(verbs: Any) -> None:
    about = "Make the index hold exactly what the paths hold now, leaving other paths as they were."
    parser = _add_verb(verbs, "ingest", run=ingest, about=about)
    parser.add_argument(
        "paths", nargs="*", type=_given_path, metavar="PATH", help="files and folders of guidance (none: corpus/)"
    )
    parser.add_argument("--rebuild", action="store_true", help="forget the whole index first, other paths too")
    parser.add_argument(
        "--if-needed", action="store_true", help="leave an index alone that is sound and holds other paths than these only"
    )
    parser.add_argument("--verbose", action="store_true", help="list every skipped file with its reason")
    _add_wait(parser)
    _add_json(parser)


def _add_ask(verbs: Any) -> None:
    parser = _add_verb(
        verbs, "ask", run=ask, about="Answer a question by quoting the guidance, or say that it is not there."
    )
    _add_question(parser, without="a conversation, in a terminal")
    _add_filters(parser)
    _add_json(parser)


def _add_search(verbs: Any) -> None:
    parser = _add_verb(verbs, "search", run=search, about="Find the passages of guidance nearest to a question.")
    _add_question(parser, without="standard input")
    parser.add_argument(
        "--limit", type=_from_one, metavar="N", help=f"most passages to show (default: {LIMIT}, in a batch {BATCH_LIMIT})"
    )
    _add_filters(parser)
    _add_json(parser)


def _add_serve(verbs: Any) -> None:
    parser = _add_verb(verbs, "serve", run=serve, about="Open the chat in a browser on this machine.")
    parser.add_argument("--host", help="address to listen on (default: the setting web.host)")
    parser.add_argument("--port", type=_port, help="port; 0 takes a free one (default: the setting web.port)")
    parser.add_argument("--open", action="store_true", help="also open the page in the default browser")


def _add_fetch(verbs: Any) -> None:
    about = "Fetch guidance from GOV.UK or another publisher and keep it on disk; stopped and run again, it goes on."
    parser = _add_verb(verbs, "fetch", run=fetch, about=about)
    what = "path of a page, such as /vat-rates, or its address (nothing asked for: the list corpus/govuk.toml)"
    parser.add_argument("paths", nargs="*", metavar="PATH", help=what)
    parser.add_argument(
        "--list",
        type=Path,
        nargs="?",
        const=CORPUS_LIST,
        metavar="FILE",
        help="also the paths in a list like corpus/govuk.toml, which is meant when no FILE is named",
    )
    for option, meaning in (
        ("manual", "also a manual with all its sections; may be repeated"),
        ("collection", "also a collection with all its members; may be repeated"),
    ):
        parser.add_argument(f"--{option}", action="append", default=[], metavar="PATH", help=meaning)
    group = parser.add_argument_group("what to search the publisher for")
    group.add_argument("--search", default="", metavar="WORDS", help="pages with these words")
    group.add_argument(
        "--organisation", action="append", default=[], metavar="SLUG", help="published by this body, such as cabinet-office"
    )
    group.add_argument(
        "--type", action="append", default=[], metavar="TYPE", help="of this document type, such as detailed_guide"
    )
    group.add_argument("--updated-since", type=_day, metavar="YYYY-MM-DD", help="updated on this day or later")
    group.add_argument(
        "--limit", type=_from_one, default=1000, metavar="N", help="most pages that a search may bring (default: 1000)"
    )
    parser.add_argument(
        "--from",
        dest="source",
        default="govuk",
        metavar="NAME",
        help="the publisher: govuk (default) or another that is installed",
    )
    parser.add_argument("--attachments", action="store_true", help="also attached files, such as PDFs")
    parser.add_argument("--again", action="store_true", help="ask for everything anew, also for what is held unchanged")
    parser.add_argument("--ingest", action="store_true", help="index what is kept of this publisher when done")
    parser.add_argument(
        "--list-kept", action="store_true", help="fetch nothing; list what is kept with its address, time and licence"
    )
    _add_json(parser)


def _add_update(verbs: Any) -> None:
    about = "Ask again for everything that was fetched, index what changed, and say which answers given no longer hold."
    parser = _add_verb(verbs, "update", run=update, about=about)
    parser.description = f"{about} That they do not hold is no fault: `bernard records check` ends with status 1 for it."
    _add_wait(parser)
    _add_json(parser)


def _add_index(verbs: Any) -> None:
    about = "See, check and mend what is indexed."
    parser = verbs.add_parser("index", help=about, description=about)
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    listing = _add_verb(parts, "list", run=index_verbs.list_documents, about="List the documents in the index.")
    _add_filters(listing)
    _add_json(listing)
    showing = _add_verb(parts, "show", run=index_verbs.show, about="Show one document with its passages.")
    showing.add_argument("document", metavar="DOCUMENT", help="its location, address or file name")
    _add_json(showing)
    about = "Take documents out of the index; the files stay, and come back with the next ingest of their folder."
    removing = _add_verb(parts, "remove", run=index_verbs.remove, about=about)
    removing.add_argument("locations", nargs="+", metavar="LOCATION", help="of a document or folder, as `list` shows it")
    _add_wait(removing)
    exporting = _add_verb(parts, "export", run=index_verbs.export, about="Write the whole index into one file.")
    exporting.add_argument("file", type=Path, metavar="FILE", help="such as index.zip; an earlier export there is replaced")
    _add_wait(exporting)
    _add_json(exporting)
    about = "Make the index what an exported file holds, after checking all of it."
    importing = _add_verb(parts, "import", run=index_verbs.import_, about=about)
    importing.add_argument("file", type=Path, metavar="FILE", help="what `export` wrote, on this or another machine")
    importing.add_argument("--replace", action="store_true", help="also when the index holds other guidance, which goes")
    importing.add_argument(
        "--moved",
        type=_move,
        action="append",
        default=[],
        metavar="OLD=NEW",
        help="files that were below the folder OLD are below NEW on this machine; may be repeated, and the first that fits "
        "is taken (default: locations stay as they were)",
    )
    _add_wait(importing)
    _add_json(importing)
    about = "Compare manifest, vectors and terms, and name every disagreement."
    verifying = _add_verb(parts, "verify", run=index_verbs.verify, about=about)
    verifying.add_argument("--quick", action="store_true", help="make some vectors again for comparison, not all of them")
    _add_json(verifying)
    about = "Make passages, vectors and terms anew from the documents held, without reading a file."
    _add_wait(_add_verb(parts, "rebuild", run=index_verbs.rebuild, about=about))


def _add_records(verbs: Any) -> None:
    about = "See, delete and check what is kept of the answers given: questions, answers and what they rest on."
    parser = verbs.add_parser("records", help=about, description=about)
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    listing = _add_verb(parts, "list", run=records_verbs.list_records, about="List the newest answers, newest first.")
    listing.add_argument("--limit", type=_from_one, default=50, metavar="N", help="most answers to list (default: 50)")
    _add_json(listing)
    about = "Show one answer with everything needed to reconstruct it."
    showing = _add_verb(parts, "show", run=records_verbs.show_record, about=about)
    showing.add_argument("id", metavar="ID", help="as `list` shows it, or its beginning")
    _add_json(showing)
    about = "Compare every answer with what the index says now, and name those whose quotations no longer stand (status 1)."
    _add_json(_add_verb(parts, "check", run=records_verbs.check, about=about))
    about = "Write answers into a file to pass on, or all of them with their evidence, oldest first, one JSON object a line."
    exporting = _add_verb(parts, "export", run=records_verbs.export, about=about)
    exporting.add_argument("ids", nargs="*", metavar="ID", help="as `list` shows it, or its beginning (none: every answer)")
    forms = "docx, html, markdown or json, the evidence pack (default: as FILE ends, else docx)"
    exporting.add_argument("--form", default="", metavar="FORM", help=f"kind of file: {forms}")
    exporting.add_argument(
        "--marking", default="", help="protective marking on each page: none, OFFICIAL or OFFICIAL-SENSITIVE (default: none)"
    )
    out = "file to write (none: with an ID, one named after the question; without, standard output)"
    exporting.add_argument("--out", type=Path, metavar="FILE", help=out)
    _add_json(exporting)
    about = "List what readers said of answers, or write it as cases for evaluation."
    saying = _add_verb(parts, "feedback", run=records_verbs.feedback, about=about)
    saying.add_argument("--cases", type=Path, metavar="FILE", help="file to write, one case a line (docs/records.md)")
    _add_json(saying)
    deleting = _add_verb(parts, "delete", run=records_verbs.delete, about="Delete answers from the records, for good.")
    deleting.add_argument("ids", nargs="*", metavar="ID", help="as `list` shows it")
    deleting.add_argument("--all", action="store_true", help="every answer")
    deleting.add_argument("--yes", action="store_true", help="do not ask before deleting all")
    _add_json(deleting)


def _add_users(verbs: Any) -> None:
    about = "Say who may sign in with a name and a password, where Bernard serves more than this machine."
    parser = verbs.add_parser("users", help=about, description=about)
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    _add_json(_add_verb(parts, "list", run=users_verbs.list_users, about="List the users and their roles."))
    about = "Add a user; the password is asked for twice, or read from standard input where that is no terminal."
    adding = _add_verb(parts, "add", run=users_verbs.add, about=about)
    adding.add_argument("name", metavar="NAME", help="such as j.hacker or jim@example.gov.uk")
    roles = "official (default), evaluator or administrator"
    adding.add_argument("--role", default="official", metavar="ROLE", help=f"what the user may do: {roles}")
    about = "Give a user another password; asked for as by `add`."
    changing = _add_verb(parts, "password", run=users_verbs.change_password, about=about)
    changing.add_argument("name", metavar="NAME", help="as `list` shows it")
    about = "Remove a user, who can sign in no more; the conversations stay until they expire."
    removing = _add_verb(parts, "remove", run=users_verbs.remove, about=about)
    removing.add_argument("name", metavar="NAME", help="as `list` shows it")


def _add_consult(verbs: Any) -> None:
    about = "Turn consultation responses into themes that an analyst decides on (docs/consultations.md)."
    parser = verbs.add_parser("consult", help=about, description=about)
    parts = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)

    def verb(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        part = _add_verb(parts, name, run=run, about=about)
        part.add_argument("name", metavar="NAME", help="of the consultation")
        part.add_argument("--of", type=_from_one, default=1, metavar="N", help="which open question is meant (default: 1)")
        _add_json(part)
        return part

    def edit(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        part = verb(name, run, about)
        part.add_argument("--who", metavar="PERSON", help="who decides, for the history (default: the user of this machine)")
        return part

    def masks(part: argparse.ArgumentParser) -> None:
        part.add_argument("--unmasked", action="store_true", help="show personal data instead of masking it")

    its_id = "its id, such as T3"
    about = "Read a file of responses in (CSV, XLSX or JSON Lines) and say what its columns were taken to hold."
    new = _add_verb(parts, "new", run=consult_verbs.new, about=about)
    new.add_argument("name", metavar="NAME", help="to find the consultation by")
    new.add_argument("file", nargs="?", type=_given_path, metavar="FILE", help="one row a respondent, under headings")
    new.add_argument("--demo", action="store_true", help="read the invented consultation that comes with Bernard")
    for option, meaning in (("open", "an open question"), ("closed", "a closed question"), ("attribute", "who answered")):
        new.add_argument(
            f"--{option}", action="append", default=[], metavar="COLUMN", help=f"holds {meaning}; heading or number"
        )
    new.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="is not to be used")
    new.add_argument("--id", default="", metavar="COLUMN", help="identifies respondents")
    new.add_argument("--question", default="", metavar="TEXT", help="the question as it was put, where the heading is short")
    _add_json(new)
    _add_json(_add_verb(parts, "list", run=consult_verbs.list_consultations, about="List the consultations there are."))
    themes = verb("themes", consult_verbs.themes, "Form candidate themes; stopped and run again, it goes on.")
    themes.add_argument("--number", type=_from_one, metavar="K", help="how many groups to form (default: the most stable)")
    themes.add_argument("--seed", type=int, default=0, metavar="S", help="of the resamples by which stability is judged")
    themes.add_argument("--no-model", action="store_true", help="ask no language model for titles, whatever is set")
    masks(themes)
    showing = verb("show", consult_verbs.show_themes, "Show the themes, or one of them with quotes and responses.")
    showing.add_argument("theme", nargs="?", metavar="THEME", help=f"{its_id} (none: all of them)")
    masks(showing)
    finding = verb("find", consult_verbs.find, "Find responses by words or meaning, and by who gave them.")
    finding.add_argument("words", nargs="*", metavar="WORD", help="none: all, in the order of the file")
    finding.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="only these respondents")
    finding.add_argument("--limit", type=_from_one, default=10, metavar="N", help="most responses to show (default: 10)")
    masks(finding)
    about = "Show the responses from whose correction most would be learnt."
    queue = verb("queue", consult_verbs.queue, about)
    queue.add_argument("--limit", type=_from_one, default=10, metavar="N", help="most responses to show (default: 10)")
    masks(queue)
    renaming = edit("rename", consult_verbs.rename, "Give a theme another title and description.")
    renaming.add_argument("theme", metavar="THEME", help=its_id)
    renaming.add_argument("title", metavar="TITLE", help="its new title")
    renaming.add_argument("--description", default="", metavar="TEXT", help="what is said in it (none: as it was)")
    merging = edit("merge", consult_verbs.merge, "Make one theme of several; the first keeps its title.")
    merging.add_argument("themes", nargs="+", metavar="THEME", help="two or more; their ids, such as T3")
    splitting = edit("split", consult_verbs.split, "Take what some responses say out of a theme into a new one.")
    splitting.add_argument("theme", metavar="THEME", help=its_id)
    splitting.add_argument("title", metavar="TITLE", help="of the new theme")
    splitting.add_argument("--responses", nargs="+", required=True, metavar="ID", help="the responses to take out")
    splitting.add_argument("--description", default="", metavar="TEXT", help="what is said in the new theme")
    adding = edit("add", consult_verbs.add, "Add a theme of your own; it counts as approved.")
    adding.add_argument("title", metavar="TITLE", help="of the theme")
    adding.add_argument("--description", default="", metavar="TEXT", help="what is said in it")
    approving = edit(
        "approve", consult_verbs.approve, "Approve themes; once one is, responses are put to approved ones only."
    )
    approving.add_argument("themes", nargs="*", metavar="THEME", help="none: every candidate")
    rejecting = edit("reject", consult_verbs.reject, "Reject themes; their responses go to others, or to none.")
    rejecting.add_argument("themes", nargs="+", metavar="THEME", help="their ids, such as T3")
    reviewing = edit("review", consult_verbs.review, "Set all themes of one response; Bernard learns from it at once.")
    reviewing.add_argument("response", metavar="ID", help="the respondent's identifier")
    reviewing.add_argument("themes", nargs="*", metavar="THEME", help="none: it bears out no theme")
    reviewing.add_argument("--blind", action="store_true", help="you had not seen where the machine put it; see blind")
    about = "Label a random sample without seeing where the machine put it, and see how far the machine agrees."
    blind = edit("blind", consult_verbs.blind, about)
    blind.add_argument("response", nargs="?", metavar="ID", help="the respondent to label (default: show what is to do)")
    blind.add_argument("themes", nargs="*", metavar="THEME", help="none: it bears out no theme")
    blind.add_argument("--draw", type=_from_one, metavar="N", help="draw responses until the sample has this many")
    blind.add_argument("--limit", type=_from_one, default=5, metavar="N", help="most responses to show (default: 5)")
    masks(blind)
    undoing = edit("undo", consult_verbs.undo, "Undo an edit, by its number in the history.")
    undoing.add_argument("edit", type=_from_one, metavar="NUMBER", help="of the edit, as `history` shows it")
    verb("history", consult_verbs.history, "List who did what, and when.")
    edit("sign", consult_verbs.sign, "Sign the approved themes; the report then names you.")
    exporting = verb(
        "export", consult_verbs.export, "Write a report (.docx or .html), a workbook (.xlsx), CSV or ThemeFinder's JSON."
    )
    exporting.add_argument("--out", type=Path, required=True, metavar="FILE", help="file to write; its ending says the form")
    exporting.add_argument(
        "--form", default="", metavar="FORM", help="docx, html, xlsx, csv or json (default: as FILE ends)"
    )
    masks(exporting)
    deleting = verb("delete", consult_verbs.delete, "Delete a consultation with all its responses, for good.")
    deleting.add_argument("--yes", action="store_true", help="do not ask")


def _add_doctor(verbs: Any) -> None:
    about = (
        "Look the installation, the model, the index, the records and the disk over, and say what puts right what is wrong."
    )
    _add_json(_add_verb(verbs, "doctor", run=doctor, about=about))


def _add_settings(verbs: Any) -> None:
    about = "List every setting with its value, the variable that sets it and its meaning; secrets are hidden."
    parser = _add_verb(verbs, "settings", run=settings, about=about)
    form = parser.add_mutually_exclusive_group()
    _add_json(form)
    form.add_argument("--markdown", action="store_true", help="write the reference page docs/settings.md")


def _add_eval(verbs: Any) -> None:
    about = "Measure how good the answers are, in a checkout of the project; `bernard eval --help` lists what it can do."
    parser = verbs.add_parser("eval", help=about, description=about, add_help=False, prefix_chars="\0")
    parser.set_defaults(run=evaluate, parser=parser)
    parser.add_argument("arguments", nargs="*", metavar="…", help="see docs/evaluating.md")


def _add_question(parser: argparse.ArgumentParser, *, without: str) -> None:
    parser.add_argument(
        "question", nargs="*", metavar="QUESTION", help=f'the question; "-" reads it from standard input (none: {without})'
    )
    parser.add_argument(
        "--batch", type=Path, metavar="IN", help='file of questions, one JSON object with "id" and "question" a line'
    )
    parser.add_argument("--out", type=Path, metavar="OUT", help="file for the results of a batch, one a line, in order")
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help='conversation before the question: a JSON list of {"role", "content"}'
    )


def _add_filters(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which guidance to search (all of it by default)")
    group.add_argument(
        "--organisation", action="append", default=[], metavar="NAME", help="published by this body; may be repeated"
    )
    group.add_argument("--type", action="append", default=[], metavar="TYPE", help="of this document type; may be repeated")
    group.add_argument("--updated-since", type=_day, metavar="YYYY-MM-DD", help="updated on this day or later")
    group.add_argument("--folder", default="", help='read from this folder, or a pattern such as "*/manuals/*"')
    group.add_argument("--current-only", action="store_true", help="leave out what is withdrawn or superseded")


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="wait so long for another process that is changing it",
    )


def _add_json(parser: Any) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def _from_one(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 10000")
    return number


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to 65535")
    return number


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds


def _move(text: str) -> tuple[str, str]:
    old, _, new = text.partition("=")
    if not old.startswith("/") or not new:
        raise argparse.ArgumentTypeError(f"{text!r} is not OLD=NEW with a whole path for OLD, such as /home/ann/rules=rules")
    return old, new


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-04-30") from None


# how it ends


def _version() -> str:
    try:
        return importlib.metadata.version("bernard-assistant")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def _complain(message: str) -> None:
    print(f"bernard: {clean(message)}", file=sys.stderr)


def _never_stumble(stream: TextIO) -> None:
    """Show a question mark for a character that the terminal lacks, rather than stop."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")

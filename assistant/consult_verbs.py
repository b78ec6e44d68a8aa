"""The verbs of `bernard consult`: read responses in, form themes, decide on them, and write what was found.

Knows nothing of how themes are found, nor of how options are written.
"""

from __future__ import annotations

import argparse
import getpass
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.output import ProgressBars, ended_by_sigterm, print_json, show, tell

if TYPE_CHECKING:
    from assistant.consult import Agreement, Consultation, OpenQuestion

_DONE, _FAULTS = 0, 1
_DEMO = Path(__file__).parent / "consult" / "demo" / "responses.csv"


def new(options: argparse.Namespace) -> int:
    """Read a file of responses in and say what its columns were taken to hold."""
    from assistant.consult import ColumnKind, Consultation
    from assistant.settings import load_settings

    if not options.file and not options.demo:
        options.parser.error("name the FILE of responses, or give --demo")
    said = {
        column: kind
        for kind, columns in (
            (ColumnKind.OPEN, options.open),
            (ColumnKind.CLOSED, options.closed),
            (ColumnKind.ATTRIBUTE, options.attribute),
            (ColumnKind.IDENTIFIER, [options.id] if options.id else []),
            (ColumnKind.IGNORED, options.ignore),
        )
        for column in columns
    }
    file = _DEMO if options.demo else options.file
    with Consultation.new(options.name, file, load_settings(), said=said, asked=options.question) as made:
        columns, problems = made.columns, made.problems
        counts = [made.question(number + 1).answers.counts() for number in range(len(made.questions))]
        if options.json:
            print_json(
                {
                    "name": made.name,
                    "columns": [
                        {"name": one.name, "kind": one.kind, "why": one.why, "filled": one.filled} for one in columns
                    ],
                    "questions": [
                        {"question": text, "rows": count} for text, count in zip(made.questions, counts, strict=True)
                    ],
                    "problems": [{"row": one.row, "what": one.what, "lost": one.lost} for one in problems],
                }
            )
            return _FAULTS if any(one.lost for one in problems) else _DONE
        show(
            "\n".join(f"{number:>3}  {one.kind:<15} {one.name}  ({one.why})" for number, one in enumerate(columns, start=1))
        )
        for text, count in zip(made.questions, counts, strict=True):
            show(f"\n{text}\n" + "\n".join(f"  {number:>7,} {state}" for state, number in count.items() if number))
    for one in problems:
        tell(f"Row {one.row} {one.what}." if one.row else f"In the file, {one.what}.")
    tell(
        f"\nIs that right? If not, `bernard consult delete {options.name}` and say it with --open, --closed, "
        f"--attribute, --id or "
        f"--ignore.\nElse go on with: bernard consult themes {options.name}"
    )
    return _FAULTS if any(one.lost for one in problems) else _DONE


def list_consultations(options: argparse.Namespace) -> int:
    """List the consultations there are."""
    from assistant.consult import Consultation, names
    from assistant.settings import load_settings

    settings = load_settings()
    found = []
    for name in names(settings):
        with Consultation.open(name, settings) as one:
            found.append({"name": name, "file": one.file, "questions": list(one.questions)})
    if options.json:
        print_json(found)
    else:
        lines = [f"{one['name']}  ({one['file']}, {len(one['questions'])} open questions)" for one in found]
        show("\n".join(lines) or "There are no consultations yet. `bernard consult new NAME FILE` reads responses in.")
    return _DONE


def themes(options: argparse.Namespace) -> int:
    """Form candidate themes."""
    bars = ProgressBars()
    with _question(options) as (_, question):
        try:
            with ended_by_sigterm():
                formed = question.form_themes(
                    number=options.number, seed=options.seed, progress=bars.show, use_model=not options.no_model
                )
        except KeyboardInterrupt:
            raise KeyboardInterrupt("Stopped. What was read is kept; run the same command again to go on.") from None
        finally:
            bars.close()
        written = question.formation.written if question.formation else None
    if options.json:
        print_json([{"id": one.id, "title": one.title, "description": one.description} for one in formed])
        return _DONE
    tell(f"{len(formed)} candidate themes.")
    if written:
        tell(
            f"{written.model}: {written.kept} titles taken, {sum(written.withheld.values())} withheld because the "
            f"statements do not bear them out; {written.read:,} tokens read, {written.written:,} written."
        )
        if written.failed:
            tell(f"{written.failed} The other titles are words of the statements.")
    return show_themes(options)


def show_themes(options: argparse.Namespace) -> int:
    """Show the themes, or one of them with its responses."""
    from assistant.consult.outputs import summary_of

    with _question(options) as (consultation, question):
        summary = summary_of(consultation, options.of, mask=not options.unmasked)
        wanted = getattr(options, "theme", None)
        found = [one for one in summary.themes if wanted in (None, one.theme.id)]
        if wanted and not found:
            raise InputError(f"There is no theme {wanted}. `bernard consult show {consultation.name}` lists them.")
        if options.json:
            print_json(
                [
                    {
                        "id": one.theme.id,
                        "title": one.theme.title,
                        "description": one.theme.description,
                        "status": one.theme.status,
                        "head": one.theme.head,
                        "responses": [question.answers.responses[place].id for place in one.responses],
                        "share": _defined(one.all.value),
                        "interval": [_defined(one.all.low), _defined(one.all.high)],
                        "share_without_campaigns": _defined(one.without_campaigns.value),
                        "comes_back": one.theme.comes_back,
                        "is_minority": one.theme.is_minority,
                        "reasons": one.theme.reasons,
                        "quotes": [{"response": quote.id, "words": quote.words} for quote in one.quotes],
                    }
                    for one in found
                ]
            )
            return _DONE
        for one in found:
            theme = one.theme
            kind = " (minority view)" if theme.is_minority else ""
            show(f"{theme.id:<5}{one.all.count:>6,} {one.all.percent:>6}  {theme.title}{kind}  [{theme.status}]")
            if wanted:
                show(f"\n{theme.description}\n\n" + "\n".join(theme.reasons) + "\n")
                show("\n".join(f"  {quote.id}: “{quote.words}”" for quote in one.quotes))
                ids = [question.answers.responses[place].id for place in one.responses]
                show(f"\nResponses: {', '.join(ids)}")
        if not wanted:
            show(
                f"     {len(summary.other):>6,}         in no theme\n     {len(summary.no_reason):>6,}         no "
                f"reason given"
            )
    return _DONE


def rename(options: argparse.Namespace) -> int:
    """Give a theme another title."""
    with _question(options) as (_, question):
        question.rename(_who(options), options.theme, options.title, options.description)
    return _done(options, f"Theme {options.theme} is called “{options.title}”.")


def merge(options: argparse.Namespace) -> int:
    """Make one theme of several."""
    with _question(options) as (_, question):
        question.merge(_who(options), options.themes, options.themes[0])
    return _done(options, f"Theme {options.themes[0]} now holds {', '.join(options.themes[1:])} as well.")


def split(options: argparse.Namespace) -> int:
    """Take some responses' words out of a theme into a new one."""
    with _question(options) as (_, question):
        places = [_place(question, one) for one in options.responses]
        made = question.split(_who(options), options.theme, places, options.title, options.description)
    return _done(options, f"Theme {made}, “{options.title}”, was split off theme {options.theme}.")


def add(options: argparse.Namespace) -> int:
    """Add a theme of the analyst's own."""
    with _question(options) as (_, question):
        made = question.add(_who(options), options.title, options.description)
    return _done(options, f"Theme {made}, “{options.title}”, was added.")


def approve(options: argparse.Namespace) -> int:
    """Approve themes, or all candidates."""
    with _question(options) as (_, question), question.together():
        wanted = options.themes or [one.id for one in question.standing.themes.values() if one.status == "candidate"]
        for theme in wanted:
            question.approve(_who(options), theme)
    return _done(options, f"Approved: {', '.join(wanted) or 'none'}.")


def reject(options: argparse.Namespace) -> int:
    """Reject themes."""
    with _question(options) as (_, question), question.together():
        for theme in options.themes:
            question.reject(_who(options), theme)
    return _done(options, f"Rejected: {', '.join(options.themes)}.")


def queue(options: argparse.Namespace) -> int:
    """Show the responses from whose correction most would be learnt."""
    with _question(options) as (_, question):
        rows = [
            {
                "response": question.answers.responses[place].id,
                "text": question.shown(place, mask=not options.unmasked),
                "themes": list(said),
            }
            for place, said in question.queue(options.limit)
        ]
    if options.json:
        print_json(rows)
    else:
        show("\n\n".join(f"{row['response']}  [{', '.join(row['themes']) or 'no theme'}]\n{row['text']}" for row in rows))
    return _DONE


def _defined(value: float) -> float | None:
    """A figure for JSON, which has no word for what is undefined but null."""
    return None if math.isnan(value) else value


def find(options: argparse.Namespace) -> int:
    """Find responses by words or meaning, and by who gave them."""
    where = {}
    for condition in options.where:
        name, sign, value = condition.partition("=")
        if not sign:
            raise InputError(f"--where takes COLUMN=VALUE, such as --where 'Age group=65 and over', not {condition!r}.")
        where[name.strip()] = value.strip()
    with _question(options) as (_, question):
        places = question.find(" ".join(options.words), where=where, most=options.limit)
        rows = [
            {"response": question.answers.responses[place].id, "text": question.shown(place, mask=not options.unmasked)}
            for place in places
        ]
    if options.json:
        print_json(rows)
    else:
        show("\n\n".join(f"{row['response']}\n{row['text']}" for row in rows) or "No response fits.")
    return _DONE


def review(options: argparse.Namespace) -> int:
    """Set all themes of one response."""
    with _question(options) as (_, question):
        question.review(_who(options), _place(question, options.response), options.themes, blind=options.blind)
    return _done(options, f"Response {options.response} has the themes {', '.join(options.themes) or 'none'}.")


def blind(options: argparse.Namespace) -> int:
    """Draw a blind sample, label a response of it, or show what is to be labelled and how far the machine agrees."""
    with _question(options) as (consultation, question):
        if options.draw:
            question.draw_blind_sample(_who(options), options.draw)
        if options.response:
            question.label_blind(_who(options), _place(question, options.response), options.themes)
        sample = question.blind_sample(mask=not options.unmasked)
        if not sample:
            raise InputError(f"There is no blind sample yet. Draw one: bernard consult blind {consultation.name} --draw 50")
        series = question.agreement_history()
        todo = [one for one in sample if one.themes is None]
        themes = [{"id": one.id, "title": one.title} for one in question.standing.mapped]
    if options.json:
        print_json(
            {
                "sample": len(sample),
                "to_label": [{"response": one.id, "text": one.text} for one in todo],
                "themes": themes,
                "agreement": [
                    {
                        "edit": one.edit,
                        "corrections": one.corrections,
                        "labelled": one.labelled,
                        "f1": _number(one.f1),
                        "interval": [_number(one.low), _number(one.high)],
                    }
                    for one in series
                ],
            }
        )
        return _DONE
    show(f"{len(sample) - len(todo):,} of the {len(sample):,} responses of the sample are labelled.")
    if todo:
        show("\nThemes to choose from:\n" + "\n".join(f"  {one['id']:<5} {one['title']}" for one in themes))
        show("\n" + "\n\n".join(f"{one.id}\n{one.text}" for one in todo[: options.limit]))
        tell(f"\nLabel one: bernard consult blind {consultation.name} {todo[0].id} THEME …")
    if any(one.labelled for one in series):
        show("\nagreement (F1) with the analyst, by responses corrected")
        show("\n".join(_agreement(one) for one in series if one.labelled))
    return _DONE


def undo(options: argparse.Namespace) -> int:
    """Undo an edit."""
    with _question(options) as (_, question):
        question.undo(_who(options), options.edit)
    return _done(options, f"Edit {options.edit} was undone; it stays in the history.")


def history(options: argparse.Namespace) -> int:
    """List who did what."""
    from assistant.consult import describe

    with _question(options) as (_, question):
        edits, undone = question.edits, question.standing.undone
    if options.json:
        print_json(
            [
                {
                    "number": one.number,
                    "who": one.who,
                    "when": one.when.isoformat(),
                    "kind": one.kind,
                    "what": describe(one),
                    "undone": one.number in undone,
                }
                for one in edits
            ]
        )
    else:
        lines = [
            f"{one.number:>4}  {one.when:%Y-%m-%d %H:%M}  {one.who}: "
            f"{describe(one)}{' (undone)' if one.number in undone else ''}"
            for one in edits
        ]
        show("\n".join(lines) or "Nothing was done yet.")
    return _DONE


def sign(options: argparse.Namespace) -> int:
    """Sign the approved themes."""
    with _question(options) as (_, question):
        question.sign(_who(options))
    return _done(options, f"Signed by {_who(options)}. Any later change takes the signature away.")


def export(options: argparse.Namespace) -> int:
    """Write a report in Word or HTML, a workbook, CSV or JSON."""
    from assistant.consult import ReportForm, write_report

    form = (options.form or options.out.suffix.lstrip(".")).lower()
    if form not in list(ReportForm):
        raise InputError(
            f"{form or 'Nothing'} is no form of report. Let FILE end in .docx, .html, .xlsx, .csv or .json, or give --form."
        )
    with _question(options) as (consultation, _):
        content = write_report(consultation, ReportForm(form), number=options.of, mask=not options.unmasked)
    _write(options.out, content)
    return _done(options, f"Wrote {options.out}.")


def delete(options: argparse.Namespace) -> int:
    """Delete a consultation with all responses."""
    from assistant.consult import path_of, remove
    from assistant.settings import load_settings

    settings = load_settings()
    path = path_of(options.name, settings)
    if not path.is_file():
        raise InputError(f"There is no consultation {options.name!r}.")
    if not options.yes:
        raise InputError(f"This deletes {options.name} with all its responses and decisions, for good. Give --yes to do so.")
    remove(options.name, settings)
    return _done(options, f"Deleted {options.name}.")


@contextmanager
def _question(options: argparse.Namespace) -> Iterator[tuple[Consultation, OpenQuestion]]:
    from assistant.consult import Consultation
    from assistant.settings import load_settings

    with Consultation.open(options.name, load_settings()) as consultation:
        yield consultation, consultation.question(options.of)


def _place(question: OpenQuestion, name: str) -> int:
    found = [place for place, one in enumerate(question.answers.responses) if one.id == name]
    if len(found) != 1:
        what = "no response has" if not found else f"{len(found)} responses have"
        raise InputError(f"{what.capitalize()} the identifier {name!r}.")
    return found[0]


def _who(options: argparse.Namespace) -> str:
    return str(options.who or getpass.getuser())


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _agreement(one: Agreement) -> str:
    interval = "too few for an interval" if math.isnan(one.low) else f"{one.low:.2f} to {one.high:.2f}"
    return f"  {one.corrections:>5,}  {one.f1:.2f}  ({interval}; on {one.labelled:,} labelled)"


def _done(options: argparse.Namespace, what: str) -> int:
    if getattr(options, "json", False):
        print_json({"done": what})
    else:
        show(what)
    return _DONE


def _write(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read: responses are in it."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None

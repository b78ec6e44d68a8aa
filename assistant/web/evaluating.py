"""What evaluators have in the browser, `/evaluate`: what readers said, as cases, and the scorecards of finished runs.

Administrators also see how much is kept. Nobody else is let in, and nothing here changes anything. Runs are folders that
`bernard eval run` has written: known here are the names of their files, and nothing of how they are measured.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse

from assistant.errors import BernardError
from assistant.records import Records, Role
from assistant.web.frame import frame
from assistant.web.signin.identity import Identity, require

HOME = "/evaluate"
CARDS = {"scorecard.html": "text/html", "scorecard.json": "application/json", "scorecard.md": "text/markdown"}
"""Files of a run that are given, with what they are; every single answer stands in others, which are not."""

_ABOUT = "run.json"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_MOST = 100
"""Runs that are listed, newest first."""

Evaluator = Annotated[Identity, Depends(require(Role.EVALUATOR))]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run.

    Attributes:
        name: Of its folder.
        started: When, as the run wrote it.
        suites: What was asked.
        model: What wrote, "" for quotation.
        cards: Names of its scorecards.
    """

    name: str
    started: str
    suites: tuple[str, ...]
    model: str
    cards: tuple[str, ...]


def add_evaluating(
    app: FastAPI,
    records: Callable[[], Records] | None,
    *,
    runs: Path,
    documents: Callable[[], float],
    recorded_days: int = 0,
    can_leave: bool = False,
) -> None:
    """Add the routes.

    Args:
        app: The application; the routes must come before what answers every path.
        records: Gives the records; None where nothing is kept.
        runs: Folder of the runs, which need not be there.
        documents: How many documents the index has.
        recorded_days: For how many days answers are recorded, which the foot tells.
        can_leave: There is something to sign out of.
    """

    @app.get(HOME, include_in_schema=False)
    async def home(who: Evaluator) -> HTMLResponse:
        body = await run_in_threadpool(_body, records, runs, documents if who.may(Role.ADMINISTRATOR) else None)
        page = frame(
            "Evaluate",
            body,
            user=who.name,
            can_leave=can_leave,
            may_evaluate=True,
            recorded_days=recorded_days,
            is_kept=bool(recorded_days),
        )
        return HTMLResponse(page)

    @app.get(f"{HOME}/feedback.jsonl", include_in_schema=False)
    async def feedback(who: Evaluator) -> Response:
        if records is None:
            raise HTTPException(404, "No answers are kept here, so there is no feedback on them.")
        try:
            cases = await run_in_threadpool(lambda: _begun(records().feedback_cases()))
        except BernardError as error:
            raise HTTPException(503, str(error)) from None
        headers = {"Content-Disposition": "attachment; filename=feedback.jsonl"}
        return StreamingResponse(cases, media_type="application/x-ndjson", headers=headers)

    @app.get(f"{HOME}/runs/{{name}}/{{card}}", include_in_schema=False)
    def card(who: Evaluator, name: str, card: str) -> Response:
        run = next((run for run in finished_runs(runs) if run.name == name and card in run.cards), None)
        if run is None:
            raise HTTPException(404, "There is no such scorecard of a finished run.")
        return FileResponse(runs / run.name / card, media_type=CARDS[card])


def finished_runs(folder: Path) -> list[Run]:
    """The finished runs that have scorecards, newest first. What leads out of the folder is passed over."""
    try:
        places = sorted((place for place in folder.iterdir() if _NAME.fullmatch(place.name)), reverse=True)
    except OSError:
        return []
    found = (run for place in places if (run := _run(place, folder.resolve())) is not None)
    return [run for run, _ in zip(found, range(_MOST), strict=False)]


def _run(place: Path, folder: Path) -> Run | None:
    cards = tuple(name for name in CARDS if _is_within(place / name, folder))
    if not cards or not _is_within(place / _ABOUT, folder):
        return None
    try:
        about = json.loads((place / _ABOUT).read_text("utf-8"))
        if about["finished"] is not True:
            return None
        suites = tuple(map(str, about["suites"]))
        return Run(place.name, str(about["started"]), suites, str(about.get("model") or ""), cards)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_within(path: Path, folder: Path) -> bool:
    """True for a file of the folder itself; a link may lead to any."""
    return path.is_file() and path.resolve() == folder / path.parent.name / path.name


def _begun(cases: Iterator[dict[str, Any]]) -> Iterator[str]:
    """The cases as lines, the first of which has been read: by then it is known whether the records answer."""
    lines = (json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    first = next(lines, None)

    def all_of_them() -> Iterator[str]:
        if first is not None:
            yield first
            yield from lines

    return all_of_them()


def _body(records: Callable[[], Records] | None, runs: Path, documents: Callable[[], float] | None) -> str:
    parts = ['<h1 class="b-page-title">Evaluate</h1><div class="b-text">']
    try:
        kept = records() if records else None
        parts.append(_feedback(Counter(kind for said in kept.feedback() for kind in said.kinds) if kept else None))
        parts.append(_runs(finished_runs(runs)))
        if documents:
            parts.append(_figures(kept, documents()))
    except BernardError as error:
        parts.append(f'<p class="b-inset">{escape(str(error))}</p>')
    return "".join(parts) + "</div>"


def _feedback(kinds: Mapping[str, int] | None) -> str:
    if kinds is None:
        return "<h2>What readers said</h2><p>No answers are kept here, so there is no feedback on them.</p>"
    if not kinds:
        return "<h2>What readers said</h2><p>Nobody has said anything of an answer yet.</p>"
    rows = [(str(kind), f"{many:,}") for kind, many in sorted(kinds.items())]
    return (
        f"<h2>What readers said</h2>{_table('How often each was said of an answer', ('Said', 'Times'), rows)}"
        f'<p><a class="b-link" href="{HOME}/feedback.jsonl">All of it as cases for evaluation (JSON lines)</a>. Each holds '
        "the question, what was said before it, the answer with its evidence, and what the reader said, but not who that "
        "was. It is what people typed: read it before you pass it on.</p>"
    )


def _runs(runs: Sequence[Run]) -> str:
    if not runs:
        return (
            "<h2>Scorecards of runs</h2><p>There is no finished run yet. <code>bernard eval run</code> makes one, on the "
            "machine that runs Bernard.</p>"
        )
    return f"<h2>Scorecards of runs</h2><ul>{''.join(map(_item, runs))}</ul>"


def _item(run: Run) -> str:
    links = ", ".join(
        f'<a class="b-link" href="{HOME}/runs/{run.name}/{card}">{_FORMS[card]}'
        f'<span class="b-hidden"> of {run.name}</span></a>'
        for card in run.cards
    )
    about = f"{', '.join(run.suites)}; {run.model or 'quotation'}"
    return f"<li><strong>{escape(run.started[:16].replace('T', ' '))}</strong>, {escape(about)}: {links}</li>"


_FORMS = {"scorecard.html": "web page", "scorecard.json": "JSON", "scorecard.md": "Markdown"}


def _figures(kept: Records | None, documents: float) -> str:
    rows = [("Documents in the index", f"{documents:,.0f}")]
    if kept:
        rows += [
            ("Answers in the records", f"{kept.count():,}"),
            ("Conversations", f"{len(kept.all_conversations()):,}"),
        ]
        roles = Counter(str(user.role) for user in kept.users().listed())
        rows += [(f"Users with a password: {role}", f"{many:,}") for role, many in sorted(roles.items())]
    return (
        f"<h2>For administrators</h2>{_table('How much there is', ('What', 'How many'), rows)}"
        '<p><a class="b-link" href="/readyz">Whether each part answers</a>, <a class="b-link" href="/metrics">all figures, '
        "for Prometheus</a>.</p>"
    )


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; its cells are markup."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

"""What the page does when the reader acts: each method gives what changes on the page, by the names of its parts.

Knows nothing of Gradio: `page` puts the changes where they belong.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from typing import Any

from assistant.answer import Source, Task
from assistant.uploads import OwnDocuments
from assistant.web import filters, listing, render
from assistant.web.answers import Answers, Surrounded
from assistant.web.brought import Brought
from assistant.web.conversation import Asked, Conversation, Outcome, Progress, fault_of, follow
from assistant.web.keeping import Keeping, Session, kept, opened
from assistant.web.keeping import fault_of as fault_of_records
from assistant.web.own_panel import listed as documents_listed
from assistant.web.own_tasks import Wanted
from assistant.web.sources import more_of_page
from assistant.web.words import (
    GOING_THROUGH,
    INTRODUCTION,
    INTRODUCTION_ONCE_BEGUN,
    SEARCHING,
    STILL_ANSWERING,
    STOPPED,
    WRITING,
    status,
)

Changes = dict[str, Any]
Sent = Mapping[str, Any]


class Desk:
    """Serves many readers at once."""

    def __init__(
        self,
        answers: Answers,
        keeping: Keeping | None = None,
        *,
        has_files: bool = False,
        documents: OwnDocuments | None = None,
    ) -> None:
        self._answers, self._keeping, self._has_files = answers, keeping, has_files
        self._brought = Brought(documents, answers) if keeping else Brought(None, answers)
        self.has_more = isinstance(answers, Surrounded)
        self._stops: dict[str, threading.Event] = {}
        self._count = itertools.count(1)

    def ask(
        self, question: str, session: Session, choices: str, *, user: str, tab: str, turn: int | None = None
    ) -> Iterator[Changes]:
        """Ask a question: what changes while it is answered, then the answer.

        Args:
            question: As typed.
            session: The conversation on the page.
            choices: Fields of the panel of what to search, as JSON.
            user: Who asks.
            tab: Names the page, so that `stop` can find what runs there.
            turn: Position, from 1, of the exchange that this one stands in place of, with all after it.
        """
        chosen = filters.read(choices)
        own = self._brought.search(user, session.id, chosen)
        fault = fault_of(question) or chosen.fault or own.fault
        if tab in self._stops:
            yield {"fault": render.fault(STILL_ANSWERING)}
            return
        if not fault and (task := self._brought.wanted(question, user, session.id)):
            yield from self._gone_through(task, chosen.asked, session, user=user, tab=tab, turn=turn)
            return
        if fault:
            yield self._settled(session, Outcome(session.exchanges, fault, question), user)
            return
        yield from self._asked(self._answers, question, session, own.asked, user=user, tab=tab, turn=turn, busy=SEARCHING)

    def _asked(
        self,
        answers: Answers,
        question: str,
        session: Session,
        asked: Asked,
        *,
        user: str,
        tab: str,
        turn: int | None,
        busy: str,
    ) -> Iterator[Changes]:
        before, replacing = _in_place_of(session, turn)
        with self._stoppable(tab) as stop:
            if stop is None:
                yield {"fault": render.fault(STILL_ANSWERING)}
                return
            yield {"fault": "", "box": question, "is_busy": True, "status": status(busy, is_busy=True)}
            for step in follow(answers, question, before, asked=asked, stop=stop):
                if isinstance(step, Progress) and not step.is_written:
                    yield {"progress": ""}  # nothing new: whoever has left is found out when something is sent
                elif isinstance(step, Progress):
                    yield {"status": status(WRITING, is_busy=True), "progress": render.progress(step)}
                elif step.conversation == before:
                    yield self._settled(session, replace(step, conversation=session.exchanges), user)
                else:
                    after = replace(session, exchanges=step.conversation)
                    after = kept(self._keeping, user, after, replacing=replacing)
                    yield self._settled(after, replace(step, conversation=after.exchanges), user)

    def documents(self, sent: Sent, session: Session, choices: str = "", *, user: str, tab: str) -> Iterator[Changes]:
        """Begin a conversation for documents, list them, remove one, or go through one or two whole."""
        if self._keeping is None or not self._brought.is_on:
            return
        action = _text(sent, "do")
        try:
            if action == "begin":
                if not session.id:  # nothing else tells the page another session: it could be older than what is shown
                    session = replace(session, id=self._keeping.begin(user))
                    yield {"session": session}
                yield {"name": _name(session)}
            elif action == "remove":
                self._brought.remove(user, session.id, _text(sent, "file"))
                yield {"status": status("Removed.")}
            elif action in set(Task):
                files = tuple(filter(None, (_text(sent, name) for name in ("file", "first", "second"))))
                task = Wanted(Task(action), files)
                chosen = filters.read(choices).asked
                yield from self._gone_through(task, chosen, session, user=user, tab=tab)
                return
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            yield {"fault": render.fault(fault_of_records(error))}
            return
        yield {"documents": self._documents(user, session)}
        if not session.exchanges:  # it is listed by its documents
            yield {"own": self.own(user, session.id)}

    def _gone_through(
        self, task: Wanted, chosen: Asked, session: Session, *, user: str, tab: str, turn: int | None = None
    ) -> Iterator[Changes]:
        """Go through whole documents; what changes meanwhile, then the answer."""
        try:
            through = self._brought.through(task, user, session.id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            yield {"fault": render.fault(fault_of_records(error))}
            return
        asked = Asked(is_quoted=chosen.is_quoted, is_both=chosen.is_both and bool(through.model_name))
        question = through.question or "Compare two documents"
        yield from self._asked(through, question, session, asked, user=user, tab=tab, turn=turn, busy=GOING_THROUGH)

    def _documents(self, user: str, session: Session) -> str:
        if not self._brought.is_on:
            return ""
        return self._reply("documents-list", documents_listed(self._brought.files(user, session.id)))

    def ask_again(self, sent: Sent, session: Session, choices: str, *, user: str, tab: str) -> Iterator[Changes]:
        """Ask a changed question in place of the exchange it stood in and of all after it."""
        turn = _text(sent, "turn")
        at = int(turn) if turn.isdecimal() else len(session.exchanges) + 1
        return self.ask(_text(sent, "question"), session, choices, user=user, tab=tab, turn=at)

    @contextmanager
    def _stoppable(self, tab: str) -> Iterator[threading.Event | None]:
        """What stops the answer that begins here; None where another is under way on the same page."""
        stop = threading.Event()
        if self._stops.setdefault(tab, stop) is not stop:
            yield None
            return
        try:
            yield stop
        finally:
            stop.set()
            del self._stops[tab]

    def stop(self, tab: str) -> None:
        """Stop what is being answered on a page; what is shown there is kept."""
        if stop := self._stops.get(tab):
            stop.set()

    def start(self, name: str, *, user: str) -> Changes:
        """The page as it begins: the conversation that its address names, if it does, and the list of one's own."""
        if not name:
            return {"own": self.own(user, ""), "documents": self._documents(user, Session())}
        return self._open(name, user)

    def start_again(self, *, user: str, tab: str = "") -> Changes:
        """A new conversation."""
        if tab in self._stops:
            return {"fault": render.fault(STILL_ANSWERING)}
        return self._turned(Session(), user)

    def keep(self, sent: Sent, session: Session, *, user: str, tab: str = "") -> Changes:
        """Find, open, rename or delete a conversation."""
        if self._keeping is None:
            return {}
        action, name = _text(sent, "do"), _text(sent, "id")
        turns = action == "open" or (action == "delete" and name == session.id)
        if turns and tab in self._stops:  # the answer would come on top of the other conversation
            return {"fault": render.fault(STILL_ANSWERING)}
        try:
            if action == "search":
                return {"own": self.own(user, session.id, search=_text(sent, "search"), is_open=True)}
            if action == "open":
                return self._open(name, user)
            if action == "rename":
                self._keeping.rename(user, name, _text(sent, "title"))
                return {"own": self.own(user, session.id, is_open=True), "status": status("Renamed.")}
            if action == "delete" and _text(sent, "sure"):
                self._keeping.delete_conversation(user, name)
                self._brought.clear(user, name)
                gone = self.start_again(user=user) if name == session.id else {}
                return {**gone, "own": self.own(user, session.id, is_open=True), "status": status("Deleted.")}
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            return {"fault": render.fault(fault_of_records(error))}
        return {}

    def _open(self, name: str, user: str) -> Changes:
        if self._keeping is None:
            return {}
        try:
            session = opened(self._keeping, user, name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            return {**self.start_again(user=user), "fault": render.fault(fault_of_records(error))}
        return self._turned(session, user)

    def _turned(self, session: Session, user: str) -> Changes:
        """Another conversation on the page."""
        changes = self._settled(session, Outcome(session.exchanges), user)
        return {**changes, "name": _name(session, opened=next(self._count))}

    def own(self, user: str, current: str, *, search: str = "", is_open: bool = False) -> str:
        """The panel of one's own conversations, "" where none are kept."""
        if self._keeping is None:
            return ""
        try:
            listed = list(self._keeping.conversations(user, search=search))
            if self._brought.is_on:
                listed += self._brought.listed(user, self._keeping.unasked(user), search=search)
                listed.sort(key=lambda one: one.changed_at, reverse=True)
            held = listing.panel(
                listed, search=search, current=current, now=dt.datetime.now(dt.UTC), has_files=self._has_files
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            held = f"<p>{escape(fault_of_records(error))}</p>"
        return (
            f'<details class="b-tool b-own"{" open" if is_open else ""}><summary>Your conversations</summary>'
            f'<div class="b-tool-body">{held}</div></details>'
        )

    def more(self, sent: Sent, session: Session, *, user: str = "") -> str:
        """What stands around a source on its page, addressed to the place that asked."""
        turn, number = _text(sent, "turn"), _text(sent, "source")
        source = _source(session, turn, number)
        if source is None or not isinstance(self._answers, Surrounded):
            return ""
        try:
            found = more_of_page(self._brought.around(source, user, session.id) or self._answers.around(source))
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            found = f"<p>{escape(fault_of_records(error))}</p>"
        return self._reply(f"t{turn}-source-{number}-more", found)

    def feedback(self, sent: Sent, *, user: str) -> str:
        """Keep what a reader says of an answer; the thanks or the fault, addressed to the place that asked."""
        place, kinds = _text(sent, "said"), _texts(sent, "kinds")
        if self._keeping is None:
            return ""
        if not kinds:
            return self._reply(place, render.fault("Tick what you want to say of it, then send it again.", at=place))
        claim = _text(sent, "claim")
        try:
            self._keeping.give_feedback(
                user,
                _text(sent, "record"),
                kinds=kinds,
                text=_text(sent, "text"),
                claim=int(claim) if claim.isdecimal() else None,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader gets a message
            return self._reply(place, render.fault(fault_of_records(error), at=place))
        return self._reply(place, '<p class="b-done">Thank you. This is kept with the answer.</p>')

    def _reply(self, place: str, markup: str) -> str:
        """Markup for one place on the page; the number makes the same reply a new one."""
        return f'<div data-for="{escape(place)}" data-number="{next(self._count)}">{markup}</div>'

    def _settled(self, session: Session, outcome: Outcome, user: str) -> Changes:
        begun = bool(session.exchanges)
        changes: Changes = {
            "session": session,
            "introduction": INTRODUCTION_ONCE_BEGUN if begun else INTRODUCTION,
            "fault": render.fault(outcome.fault),
            "box": outcome.question,
            "is_busy": False,
            "is_begun": begun,
            "status": status("" if outcome.fault or not begun else render.announcement(session.exchanges[-1].answer)),
            "progress": "",
        }
        if outcome.is_stopped:
            return {**changes, "status": status(STOPPED, is_shown=True)}
        if not outcome.fault:
            now = dt.datetime.now(dt.UTC)
            changes["exchanges"] = listing.warning(session.expires_at, now=now) + render.conversation(
                session.exchanges, has_more=self.has_more, has_files=self._has_files
            )
            changes["own"] = self.own(user, session.id)
            changes["name"] = _name(session)
            changes["documents"] = self._documents(user, session)
        return changes


def _name(session: Session, *, opened: int = 0) -> str:
    """The conversation's name for bernard.js; `opened` is another number each time that another conversation is shown."""
    mark = f' data-opened="{opened}"' if opened else ""
    return f'<span data-conversation="{escape(session.id)}"{mark}></span>'


def _in_place_of(session: Session, turn: int | None) -> tuple[Conversation, str]:
    """The exchanges before a new one, and the name of the answer that it stands in place of, "" for none."""
    before = session.exchanges if turn is None else session.exchanges[: max(turn - 1, 0)]
    replaced = session.exchanges[len(before) : len(before) + 1]
    return before, (replaced[0].beside_id or replaced[0].id) if replaced else ""


def _source(session: Session, turn: str, number: str) -> Source | None:
    position = turn.removesuffix("q")
    if not position.isdecimal() or not 1 <= int(position) <= len(session.exchanges):
        return None
    exchange = session.exchanges[int(position) - 1]
    answer = exchange.beside if turn.endswith("q") else exchange.answer
    return next((source for source in answer.sources if str(source.number) == number), None) if answer else None


def _texts(sent: Sent, name: str) -> list[str]:
    held = sent.get(name, [])
    return [str(one) for one in (held if isinstance(held, list) else [held])]


def _text(sent: Sent, name: str) -> str:
    return next(iter(_texts(sent, name)), "")

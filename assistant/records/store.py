"""The records, open: answers go in with what they rest on, and come out as evidence packs and as conversations.

Each method is one transaction. Knows nothing of whether an answer still holds.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, Self

from sqlalchemy import Connection, Row, RowMapping, Select, delete, func, insert, select

from assistant.answer import Answer, Reason, Status
from assistant.errors import InputError
from assistant.records import conversations as talks
from assistant.records import feedback as remarks
from assistant.records.database import open_database, plainly, writing
from assistant.records.kept import Exchange, Feedback, KeptConversation, ListedConversation
from assistant.records.model import CitedPassage, EvidencePack, Listed, Quotation
from assistant.records.rows import answer_row, quotation_rows, source_rows, storable
from assistant.records.schema import answers, conversations, quotations, sources
from assistant.records.users import Users
from assistant.search import Filters
from assistant.settings import Settings

_AT_ONCE = 500  # rows read, or ids named, by one statement
_LISTED = (answers.c.id, answers.c.given_at, answers.c.question, answers.c.status)
_CITED = tuple(sources.c[field.name] for field in fields(CitedPassage))
_PACKED = tuple(answers.c[field.name] for field in fields(EvidencePack) if field.name in answers.c)


class Records:
    """Opens the records; close them, or use them in a `with` statement. Many threads and processes may.

    What is older than the setting `records.days` goes when they are opened; where that is 0, nothing goes by itself.
    """

    def __init__(self, settings: Settings) -> None:
        """Open the records, and make or migrate them if need be.

        Raises:
            RecordsUnusable: They cannot be opened, or a newer version of Bernard wrote them.
        """
        self._settings = settings
        self._engine = open_database(settings)
        try:
            self.purge()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def users(self) -> Users:
        """The people who sign in with a password that Bernard checks."""
        return Users(self._engine, self._settings)

    def add(
        self,
        answer: Answer,
        *,
        user: str = "",
        conversation: str = "",
        filters: Filters | None = None,
        given_at: dt.datetime | None = None,
    ) -> str:
        """Keep an answer; returns the record's id.

        Args:
            answer: What was answered.
            user: Who asked, "" where nobody signs in.
            conversation: Where it belongs, "" for nowhere.
            filters: What the search was limited to, where the answer does not say so itself.
            given_at: When; None for now.

        Raises:
            InputError: There is no such conversation of this user's.
            RecordsUnusable: It could not be written.
        """
        moment = (given_at or _now()).astimezone(dt.UTC)
        if filters and answer.filters is None:
            answer = answer.model_copy(update={"filters": filters})
        with self._writing() as connection:
            return _put(connection, answer, user, conversation, moment)

    def add_exchange(self, given: Sequence[Answer], *, user: str, conversation: str, replacing: str = "") -> list[str]:
        """Keep the answers to one question, all or none of them; returns the records' ids.

        Args:
            given: In their order.
            user: Who asked.
            conversation: Where they belong.
            replacing: The answer in whose place they stand, with those after it, when a question was edited and asked
                again; "" for none. What they replace leaves the conversation in the moment in which they are in it.

        Raises:
            InputError: There is no such conversation of this user's, or the answer to be replaced is no longer in it.
            RecordsUnusable: It could not be written, and the conversation is as it was.
        """
        moment = _now()
        with self._writing() as connection:
            if replacing:
                talks.replace_from(connection, user, conversation, answer=replacing, moment=moment)
            return [_put(connection, answer, user, conversation, moment) for answer in given]

    # conversations

    def begin(self, user: str) -> str:
        """Begin a conversation; returns its id, which cannot be guessed. It is not listed before its first answer."""
        with self._writing() as connection:
            return talks.begin(connection, user, _now())

    def conversations(self, user: str, *, search: str = "", limit: int = 100) -> list[ListedConversation]:
        """A user's conversations, changed last first; with `search`, those in which all its words stand, in any case."""
        with self._reading() as connection:
            found = talks.listed(connection, user, search=search, limit=limit)
        return [self._as_listed(talk) for talk in found]

    def unasked(self, user: str, *, limit: int = 1000) -> list[ListedConversation]:
        """A user's conversations without an answer, begun last first, with the titles that were given."""
        with self._reading() as connection:
            found = talks.unasked(connection, user, limit=limit)
        return [self._as_listed(talk) for talk in found]

    def _as_listed(self, talk: talks.Found) -> ListedConversation:
        expires_at = self._expiry(talk.changed_at)
        return ListedConversation(talk.id, talk.title, talk.begun_at, talk.changed_at, talk.answers, expires_at)

    def conversation(self, user: str, id: str) -> KeptConversation:
        """One conversation.

        Raises:
            InputError: There is none by this id, or it is another user's.
        """
        with self._reading() as connection:
            talk, rows = talks.one(connection, user, id)
        held = tuple(_exchange(row) for row in rows)
        return KeptConversation(talk.id, talk.title, talk.begun_at, talk.changed_at, self._expiry(talk.changed_at), held)

    def all_conversations(self) -> list[tuple[str, str]]:
        """The user and the id of every conversation, whoever's it is."""
        with self._reading() as connection:
            return [
                (row.user_name, row.id) for row in connection.execute(select(conversations.c.user_name, conversations.c.id))
            ]

    def rename(self, user: str, id: str, title: str) -> None:
        """Give a conversation a title of one line.

        Raises:
            InputError: The title cannot be used, there is no such conversation, or it is another user's.
        """
        with self._writing() as connection:
            talks.rename(connection, user, id, title=title)

    def delete_conversation(self, user: str, id: str) -> None:
        """Delete a conversation with its answers, their evidence and the feedback on them.

        Raises:
            InputError: There is none by this id, or it is another user's.
        """
        with self._writing() as connection:
            talks.remove(connection, user, id)
        self._empty_log()

    def answer_of(self, user: str, answer_id: str) -> Exchange:
        """One answer with its question.

        Raises:
            InputError: There is none by this id, or another user asked.
        """
        mine = (answers.c.id == storable(answer_id)) & (answers.c.user_name == storable(user))
        with self._reading() as connection:
            row = connection.execute(select(answers).where(mine)).first()
        if row is None:
            raise remarks.unknown_answer()
        return _exchange(row)

    # feedback

    def give_feedback(
        self, user: str, answer_id: str, *, kinds: Collection[str], text: str = "", claim: int | None = None
    ) -> str:
        """Keep what a user says of an answer of their own; returns the feedback's id.

        Args:
            user: Who says it.
            answer_id: The answer.
            kinds: Values of `FeedbackKind`; may be empty where there is text.
            text: In the user's own words.
            claim: Position in `answer.claims`, from 0; None for the whole answer.

        Raises:
            InputError: Nothing is said, a kind is unknown, there is no such answer or claim, or it is another user's.
        """
        with self._writing() as connection:
            return remarks.give(connection, user, answer=answer_id, kinds=kinds, text=text, claim=claim, moment=_now())

    def feedback(self) -> Iterator[Feedback]:
        """Everything that users said, oldest first; read as it is taken."""
        with self._reading() as connection:
            for said, _, _ in remarks.given(connection):
                yield said

    def feedback_cases(self) -> Iterator[dict[str, Any]]:
        """The same as cases of the evaluation harness; docs/records.md says what a case holds."""
        with self._reading() as connection, self._reading() as another:
            for said, answer, conversation in remarks.given(connection):
                history = remarks.history_before(another, conversation, answer=said.answer_id)
                yield remarks.case(said, answer, history)

    # all answers, whoever asked

    def count(self) -> int:
        """How many answers there are."""
        with self._reading() as connection:
            return int(connection.execute(select(func.count()).select_from(answers)).scalar_one())

    def listed(self, *, limit: int) -> list[Listed]:
        """The newest answers, newest first."""
        query = select(*_LISTED).order_by(answers.c.given_at.desc(), answers.c.id.desc()).limit(limit)
        with self._reading() as connection:
            return [Listed(*row) for row in connection.execute(query)]

    def pack(self, id: str) -> EvidencePack:
        """One answer.

        Args:
            id: Its id, or the beginning of one that no other begins with.

        Raises:
            InputError: There is none, or more than one.
        """
        found = self._find(id)
        (pack,) = self._packs(select(*_PACKED).where(answers.c.id == found))
        return pack

    def packs(self) -> Iterator[EvidencePack]:
        """Every answer, oldest first; read as they are taken."""
        return self._packs(select(*_PACKED).order_by(answers.c.given_at, answers.c.id))

    def quotations(self) -> list[Quotation]:
        """The words that each answer rests on, newest answer first."""
        same_answer, same_number = quotations.c.answer_id == sources.c.answer_id, quotations.c.number == sources.c.number
        joined = quotations.join(sources, same_answer & same_number).join(answers, answers.c.id == quotations.c.answer_id)
        query = (
            select(*_LISTED, *_CITED, quotations.c.quote, quotations.c.introduced_by)
            .select_from(joined)
            .order_by(answers.c.given_at.desc(), answers.c.id.desc(), quotations.c.position)
        )
        after = len(_LISTED) + len(_CITED)
        with self._reading() as connection:
            return [
                Quotation(Listed(*row[: len(_LISTED)]), CitedPassage(*row[len(_LISTED) : after]), *row[after:])
                for row in connection.execute(query)
            ]

    def delete(self, ids: Sequence[str]) -> int:
        """Delete answers by their whole ids; returns how many.

        Raises:
            InputError: There is none by one of these ids, and nothing was deleted.
        """
        with self._writing() as connection:
            held_by: set[str] = set()
            for name in dict.fromkeys(ids):
                found = connection.execute(select(answers.c.conversation_id).where(answers.c.id == name)).first()
                if found is None:
                    raise InputError(
                        f"No answer in the records has the id {name!r}, and nothing was deleted. `bernard records list` "
                        "shows whole ids."
                    )
                connection.execute(delete(answers).where(answers.c.id == name))
                held_by.update(filter(None, found))
            talks.remove_empty(connection, held_by)
        self._empty_log()
        return len(dict.fromkeys(ids))

    def delete_all(self) -> int:
        """Delete every answer and conversation; returns how many answers that were. The users stay."""
        with self._writing() as connection:
            deleted = connection.execute(delete(answers)).rowcount
            connection.execute(delete(conversations))
        self._empty_log()
        return deleted

    def purge(self, *, now: dt.datetime | None = None) -> int:
        """Delete what has expired; returns how many answers.

        A conversation expires with all its answers `records.days` after its last change; an answer outside of
        conversations, as many days after it was given.
        """
        if not self._settings.records.days:
            return 0
        before = (now or _now()) - dt.timedelta(days=self._settings.records.days)
        old_answers = answers.c.conversation_id.is_(None) & (answers.c.given_at < before)
        old_talks = conversations.c.changed_at < before
        with self._reading() as connection:  # most often nothing is old, and nobody need be waited for
            old = [select(answers.c.id).where(old_answers), select(conversations.c.id).where(old_talks)]
            if all(connection.execute(query.limit(1)).first() is None for query in old):
                return 0
        with self._writing() as connection:
            deleted = connection.execute(delete(answers).where(old_answers)).rowcount
            expired = select(conversations.c.id).where(old_talks)
            deleted += connection.execute(delete(answers).where(answers.c.conversation_id.in_(expired))).rowcount
            connection.execute(delete(conversations).where(old_talks))
        self._empty_log()
        return deleted

    def _expiry(self, changed_at: dt.datetime) -> dt.datetime | None:
        days = self._settings.records.days
        return changed_at + dt.timedelta(days=days) if days else None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with plainly(self._settings), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with plainly(self._settings), writing(self._engine) as connection:
            yield connection

    def _find(self, id: str) -> str:
        query = select(answers.c.id).where(answers.c.id.startswith(id, autoescape=True)).order_by(answers.c.id).limit(2)
        with self._reading() as connection:
            found = list(connection.execute(query).scalars()) if id else []
        if id in found[:1] or len(found) == 1:
            return str(found[0])
        many = "More than one answer in the records begins" if found else "No answer in the records goes"
        raise InputError(f"{many} by {id!r}. `bernard records list` shows their ids.")

    def _packs(self, query: Select[Any]) -> Iterator[EvidencePack]:
        with self._reading() as connection:
            for rows in connection.execution_options(yield_per=_AT_ONCE).execute(query).partitions():
                cited = self._cited([row.id for row in rows])
                yield from (_pack(row._mapping, tuple(cited.get(row.id, ()))) for row in rows)

    def _cited(self, ids: Sequence[str]) -> dict[str, list[CitedPassage]]:
        query = select(sources.c.answer_id, *_CITED).where(sources.c.answer_id.in_(ids)).order_by(sources.c.number)
        cited: dict[str, list[CitedPassage]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                cited.setdefault(row[0], []).append(CitedPassage(*row[1:]))
        return cited

    def _empty_log(self) -> None:
        """SQLite's log of writes still holds what was deleted, until it is folded into the file."""
        if self._engine.dialect.name == "sqlite":
            with plainly(self._settings):
                raw = self._engine.raw_connection()
                try:
                    raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    raw.close()


def _put(connection: Connection, answer: Answer, user: str, conversation: str, moment: dt.datetime) -> str:
    """Write an answer with what it rests on; returns its id."""
    name = f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    place = talks.take_place(connection, user, conversation, moment=moment) if conversation else None
    whose = {"user_name": storable(user), "conversation_id": conversation or None, "position": place}
    connection.execute(insert(answers), answer_row(answer, name, moment) | whose)
    if rows := source_rows(answer, name):
        connection.execute(insert(sources), rows)
    if rows := quotation_rows(answer, name):
        connection.execute(insert(quotations), rows)
    return name


def _pack(row: RowMapping, passages: tuple[CitedPassage, ...]) -> EvidencePack:
    return EvidencePack(passages=passages, **{column.name: row[column.name] for column in _PACKED})


def _exchange(row: Row[Any]) -> Exchange:
    pack = _pack(row._mapping, ())
    return Exchange(pack.id, pack.given_at, pack.as_answer() or _without_form(pack))


def _without_form(pack: EvidencePack) -> Answer:
    """In place of an answer that another version of Bernard gave in another form; its pack still has all of it."""
    return Answer(
        id=pack.question_id,
        question=pack.question,
        standalone_question=pack.standalone_question,
        status=Status.FAILED,
        reason=Reason.INTERNAL_ERROR,
        text="Another version of Bernard gave this answer, and this one cannot show it with its sources. Ask again. It "
        f"said: {pack.answer.get('text', '')}",
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

"""A consultation: the responses to each open question, their themes, and what analysts decide.

The door to the room: everything the command line, the page and the evaluation do goes through `Consultation`. Long work
tells its progress, keeps what it has done, and goes on from there when it is run again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.answer import LanguageModel, make_language_model
from assistant.consult import clusters, columns, naming
from assistant.consult.agreement import Agreement, BlindResponse, Snapshot, agreement_of
from assistant.consult.duplicates import campaigns
from assistant.consult.edits import (
    Edit,
    EditKind,
    Standing,
    check_latest,
    check_said,
    check_seen,
    last_said,
    merged,
    next_theme_id,
    record_of,
    stand,
    undo,
)
from assistant.consult.mapping import Mapped, map_responses, theme_vectors, uncertainty
from assistant.consult.model import Campaign, Column, ColumnKind, State, Statement, Theme, ThemeStatus
from assistant.consult.personal import masked
from assistant.consult.responses import Question, questions, repeated_identifiers, shown_id
from assistant.consult.stances import Position, closed_position, gives_no_reason, learnt_positions, position
from assistant.consult.statements import statements
from assistant.consult.store import Store
from assistant.consult.tables import Problem, Table, read_table
from assistant.consult.wordmatch import shared_words, vocabulary
from assistant.consult.written_names import Replies, Shown, Writing, WrittenName, write_names
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.index import Embedder, Vectors
    from assistant.settings import Settings

Progress = Callable[[str, int, int], None]
MakeEmbedder = Callable[[], "Embedder"]
_NAME = re.compile(r"[\w][\w .-]{0,79}")
_LONGEST_NAME = 200
"""Bytes; file systems take 255 with all endings, and letters of other scripts take up to four."""
_CHUNK = 512
"""Texts embedded between one keeping and the next: what is lost when a run is stopped, some seconds' work."""
_LARGEST_HEAD = 10


@dataclass(frozen=True, slots=True)
class Formation:
    """How the themes of a question were formed.

    Attributes:
        chosen: Groups that were cut.
        was_set: An analyst set that number.
        stability: Agreement between resamples by number of groups.
        seed: Of the resamples.
        statements: Statements grouped.
        model: The embedding model.
        written: How a language model fared that was asked for titles; None where none was.
    """

    chosen: int
    was_set: bool
    stability: Mapping[str, float]
    seed: int
    statements: int
    model: str
    written: Writing | None = None


def folder(settings: Settings) -> Path:
    """Where consultations are kept."""
    return settings.data_dir / "consultations"


def path_of(name: str, settings: Settings) -> Path:
    """The file of a consultation.

    Raises:
        InputError: The name cannot be that of a file.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot be a name. Use letters, digits, spaces, dots and hyphens, at most 80.")
    if len(name.encode()) > _LONGEST_NAME:
        raise InputError("That name is too long for a file. Use fewer letters, or letters of the Latin alphabet.")
    return folder(settings) / f"{name}.sqlite3"


def names(settings: Settings) -> list[str]:
    """The consultations there are."""
    return sorted(path.stem for path in folder(settings).glob("*.sqlite3"))


class Consultation:
    """One consultation, open."""

    def __init__(self, store: Store, settings: Settings, *, name: str, embedder: MakeEmbedder | None = None) -> None:
        self._store = store
        self._settings = settings
        self._embedder = embedder
        self.name = name
        self._opened: dict[int, OpenQuestion] = {}

    @classmethod
    def new(
        cls, name: str, file: Path, settings: Settings, *, said: Mapping[str, ColumnKind] | None = None, asked: str = ""
    ) -> Consultation:
        """Read a file of responses in.

        Args:
            name: To find the consultation by.
            file: CSV, XLSX or JSON Lines.
            settings: Where data are kept.
            said: What a column holds, by heading or number, where it is recognised wrongly.
            asked: The question as it was put, where the heading of the (only) open column does not say.

        Raises:
            InputError: The file cannot be used, the name is taken, or no column is an open question.
        """
        path_of(name, settings)
        return cls.from_table(name, read_table(file), settings, file=file.name, said=said, asked=asked)

    @classmethod
    def from_table(
        cls,
        name: str,
        table: Table,
        settings: Settings,
        *,
        file: str,
        said: Mapping[str, ColumnKind] | None = None,
        asked: str = "",
        owner: str = "",
    ) -> Consultation:
        """Keep responses that were read before, such as by a process of their own.

        Args:
            name: To find the consultation by.
            table: What was read.
            settings: Where data are kept.
            file: Name of the file they came from.
            said: As `new` takes it.
            asked: As `new` takes it.
            owner: The user whose it is; "" where nobody signs in.

        Raises:
            InputError: As `new` does.
        """
        path = path_of(name, settings)
        found = columns.confirmed(columns.recognise(table), said or {})
        asked_of = questions(table, found)
        problems = [*table.problems, *repeated_identifiers(asked_of[0])]
        store = Store(path, make=True)
        try:
            for number, question in enumerate(asked_of):
                store.add_responses(number, question.responses)
            texts = [asked if asked and len(asked_of) == 1 else question.text for question in asked_of]
            store.set_fact("questions", texts)
            store.set_fact("file", file)
            store.set_fact("owner", owner)
            store.set_fact("columns", [{**asdict(column), "kind": str(column.kind)} for column in found])
            store.set_fact("problems", [asdict(problem) for problem in problems])
        except BaseException:
            store.close()
            path.unlink(missing_ok=True)
            raise
        return cls(store, settings, name=name)

    @classmethod
    def open(cls, name: str, settings: Settings, *, embedder: MakeEmbedder | None = None) -> Consultation:
        """Open a consultation that was read in.

        Args:
            name: Its name.
            settings: Where data are kept.
            embedder: Gives one as the settings name it, where one is loaded already.

        Raises:
            InputError: There is none of that name.
        """
        path = path_of(name, settings)
        if not path.is_file():
            there = ", ".join(names(settings)) or "none; read one in with `bernard consult new`"
            raise InputError(f"There is no consultation {name!r}. There are: {there}.")
        return cls(Store(path), settings, name=name, embedder=embedder)

    def close(self) -> None:
        """Let the file go."""
        self._store.close()

    def __enter__(self) -> Consultation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def file(self) -> str:
        """Name of the file the responses came from."""
        return str(self._store.fact("file"))

    @property
    def columns(self) -> tuple[Column, ...]:
        """What the file's columns were taken to hold."""
        return tuple(Column(**{**one, "kind": ColumnKind(one["kind"])}) for one in self._store.fact("columns"))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with rows of the file."""
        return tuple(Problem(**one) for one in self._store.fact("problems"))

    @property
    def owner(self) -> str:
        """The user who started it; "" where nobody signed in, as on the command line."""
        return str(self._store.fact("owner", ""))

    @property
    def people(self) -> tuple[str, ...]:
        """Users who may work on it beside its owner; "*" stands for everyone who signs in."""
        return tuple(self._store.fact("people", ()))

    def let_in(self, people: Sequence[str]) -> None:
        """Say who may work on it beside its owner; those not named no longer may."""
        self._store.set_fact("people", sorted(set(people)))

    @property
    def log(self) -> tuple[Mapping[str, str], ...]:
        """What was done to the consultation as a whole, such as downloads: "who", "when" and "what", oldest first."""
        return tuple(self._store.fact("log", ()))

    def note(self, who: str, what: str) -> None:
        """Add a line to the log."""
        self._store.append_fact("log", {"who": who, "when": dt.datetime.now(dt.UTC).isoformat(), "what": what})

    @property
    def questions(self) -> tuple[str, ...]:
        """The open questions."""
        return tuple(self._store.fact("questions"))

    def question(self, number: int = 1) -> OpenQuestion:
        """An open question by its number, from 1.

        Raises:
            InputError: There is none.
        """
        asked = self.questions
        if not 1 <= number <= len(asked):
            raise InputError(f"There is no question {number}; this consultation has {len(asked)}.")
        if number not in self._opened:
            place = number - 1
            self._opened[number] = OpenQuestion(self._store, self._settings, place, asked[place], embedder=self._embedder)
        return self._opened[number]


class OpenQuestion:
    """One open question: its responses, its themes and the edits to them."""

    def __init__(
        self, store: Store, settings: Settings, place: int, text: str, *, embedder: MakeEmbedder | None = None
    ) -> None:
        self._given = embedder
        self._store = store
        self._settings = settings
        self._place = place
        self.text = text
        self._mapped: tuple[int, Mapped] | None = None
        self._whole: dict[str, Vectors] = {}

    # what there is

    @property
    def number(self) -> int:
        """Which of the consultation's open questions it is, from 1."""
        return self._place + 1

    @cached_property
    def answers(self) -> Question:
        """Every row's answer."""
        kept = self._store.responses(self._place)
        return Question(self.text, tuple(replace(one, id=shown_id(one.id, one.row)) for one in kept))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The points that the answered responses make, in order."""
        return tuple(
            Statement(place, start, end)
            for place in self.answers.answered
            for start, end in statements(self.answers.responses[place].text)
        )

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        """Groups of responses with the same or nearly the same words; places are those in the file.

        They are kept once found: 10,000 responses take many seconds.
        """
        if self.known_campaigns is not None:
            return self.known_campaigns
        answered = self.answers.answered
        found = campaigns([self.answers.responses[place].text for place in answered])
        made = tuple(Campaign(tuple(answered[at] for at in one.members), one.is_exact) for one in found)
        self._store.set_fact(f"campaigns {self._place}", [[list(one.members), one.is_exact] for one in made])
        return made

    @property
    def known_campaigns(self) -> tuple[Campaign, ...] | None:
        """The campaigns, where they were looked for before."""
        kept = self._store.fact(f"campaigns {self._place}")
        return None if kept is None else tuple(Campaign(tuple(members), exact) for members, exact in kept)

    @cached_property
    def no_reason(self) -> frozenset[int]:
        """Answered responses that take a side and say no more."""
        return frozenset(place for place in self.answers.answered if gives_no_reason(self.answers.responses[place].text))

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What was done, in order."""
        return self._store.edits(self._place)

    @property
    def standing(self) -> Standing:
        """The themes and corrections as they stand."""
        return stand(self.edits)

    @property
    def formation(self) -> Formation | None:
        """How the candidate themes were formed; None before that, or once it was undone."""
        edits = self.edits
        undone = stand(edits).undone
        formed = [one for one in edits if one.kind is EditKind.PROPOSED and one.number not in undone]
        if not formed:
            return None
        kept = formed[-1].data.get("formation") or self._store.fact(f"formation {self._place}")
        if not kept:
            return None
        written = kept.get("written")
        return Formation(**{**kept, "written": Writing(**written) if written else None})

    def words(self, statement: Statement) -> str:
        """A statement's words."""
        return self.answers.responses[statement.response].text[statement.start : statement.end]

    # themes

    def form_themes(
        self,
        *,
        number: int | None = None,
        seed: int = 0,
        progress: Progress | None = None,
        language_model: LanguageModel | None = None,
        use_model: bool = True,
        asked_by: str = "",
    ) -> tuple[Theme, ...]:
        """Form candidate themes; those approved before stay, earlier candidates go until this is undone.

        Args:
            number: How many groups to form; None takes the most stable number.
            seed: Of the resamples.
            progress: Told what is done, how much and of how much.
            language_model: Writes titles, which pass only if the statements bear them out; None takes that of the settings.
            use_model: Ask a language model where there is one.
            asked_by: Who wanted it, for the history.

        Raises:
            InputError: No response can be analysed.
            SettingsError: The settings name a language model that cannot be set up.
        """
        if not self.statements:
            raise InputError("No response can be analysed: all are blank, in other languages or unreadable.")
        model = (language_model or make_language_model(self._settings)) if use_model else None
        whole, vectors = self.embed(progress)
        reasoned = [at for at, one in enumerate(self.statements) if not gives_no_reason(self.words(one))]
        owners = [self.statements[at].response for at in reasoned]
        row = {place: at for at, place in enumerate(self.answers.answered)}
        in_context = clusters.in_context(vectors[reasoned], whole, [row[place] for place in owners])
        found = clusters.group(in_context, owners, number=number, seed=seed, progress=progress)
        groups = [replace(one, members=tuple(reasoned[at] for at in one.members)) for one in found.groups]
        if progress:
            progress("Naming themes", 0, len(groups))
        formed, written = self._named(groups, model, progress)
        if progress:
            progress("Naming themes", len(formed), len(formed))
        formation = Formation(
            found.chosen,
            found.was_set,
            {str(k): round(v, 4) for k, v in found.stability.items()},
            seed,
            len(reasoned),
            self._embedder.name,
            written,
        )
        data = {"themes": [record_of(theme) for theme in formed], "formation": asdict(formation)}
        data |= {"asked_by": asked_by} if asked_by else {}
        self._edit("Bernard", EditKind.PROPOSED, data, {})
        return formed

    def mapped(self) -> Mapped:
        """Where each response stands, after all edits so far."""
        edits = self.edits
        done = edits[-1].number if edits else 0
        if self._mapped is None or self._mapped[0] != done:
            standing = stand(edits)
            self._mapped = (done, self._map(standing))
            self._keep_snapshot(edits, standing, self._mapped[1])
        return self._mapped[1]

    def positions(self) -> dict[int, Position]:
        """Where each answered response stands on the question.

        A closed question decides. Where enough respondents answered one, what the others wrote is compared with what those
        wrote; else plain words of agreement decide, and most are unclear.
        """
        responses, answered = self.answers.responses, self.answers.answered
        found = {at: position(responses[at].text, responses[at].answers, asked=self.text) for at in answered}
        known = {at: said for at in answered if (said := closed_position(responses[at].answers)) is not None}
        left = [at for at in answered if at not in known and found[at] is Position.UNCLEAR]
        if left:
            row = {place: at for at, place in enumerate(answered)}
            found |= learnt_positions(self.embed()[0], {row[at]: said for at, said in known.items()}, row=row, wanted=left)
        return found

    def embed(self, progress: Progress | None = None) -> tuple[Vectors, Vectors]:
        """Vectors of the answered responses and of their statements; what was embedded before is not embedded again."""
        texts = [self.answers.responses[place].text for place in self.answers.answered]
        points = [self.words(one) for one in self.statements]
        total = len(texts) + len(points)

        def told(done: int) -> None:
            if progress:
                progress("Reading responses by meaning", done, total)

        whole = self._kept("responses", texts, told)
        given = dict(zip(texts, whole, strict=True))  # a response of one statement need not be read twice
        return whole, self._kept("statements", points, lambda done: told(len(texts) + done), given=given)

    def shown(self, place: int, *, mask: bool = True) -> str:
        """A response's text as it may be shown."""
        text = self.answers.responses[place].text
        return masked(text) if mask else text

    def find(self, words: str, *, where: Mapping[str, str] | None = None, most: int = 20) -> tuple[int, ...]:
        """Places of the answered responses nearest to some words, those that hold them first.

        Args:
            words: To look for; "" takes every response in the order of the file.
            where: Only respondents with these values of attributes or closed questions.
            most: How many at most.
        """
        known = {name for one in self.answers.responses for name in (*one.attributes, *one.answers)}
        unknown = [name for name in where or {} if name not in known]
        if unknown:
            raise InputError(f"There is no attribute {unknown[0]!r}. There are: {'; '.join(sorted(known)) or 'none'}.")

        def fits(place: int) -> bool:
            said = {**self.answers.responses[place].attributes, **self.answers.responses[place].answers}
            return all(said.get(name, "").lower() == value.lower() for name, value in (where or {}).items())

        places = [place for place in self.answers.answered if fits(place)]
        if words.strip():
            near: dict[int, float] = {}
            meant = self.embed()[1] @ self._embedder.embed([words])[0]
            for one, value in zip(self.statements, meant, strict=True):
                near[one.response] = max(near.get(one.response, -1.0), float(value))
            held = words.lower()
            places.sort(key=lambda at: (held not in self.answers.responses[at].text.lower(), -near.get(at, -1.0), at))
        return tuple(places[:most])

    def queue(self, most: int = 20) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Responses to review, those from which most would be learnt first, with the themes they are in now.

        Those of the blind sample never come up: seeing what the machine says of them would spoil it.
        """
        mapped, standing = self.mapped(), self.standing
        kept_away = standing.corrections.reviewed | set(standing.sample)
        places = self._with_reason(standing)
        doubt = uncertainty(mapped.confidence)
        ordered = sorted(range(len(places)), key=lambda row: (-float(doubt[row]), row))
        open_ = [places[row] for row in ordered if places[row] not in kept_away][:most]
        now: dict[int, list[str]] = {}
        for one in mapped.assignments:
            now.setdefault(one.response, []).append(one.theme)
        return tuple((place, tuple(now.get(place, ()))) for place in open_)

    # what analysts do

    def rename(self, who: str, theme: str, title: str, description: str = "", *, seen: int | None = None) -> None:
        """Give a theme another title and description."""
        if not title.strip():
            raise InputError("A theme needs a title.")
        described = description.strip() or self._theme(theme).description
        self._edit(who, EditKind.RENAMED, {"theme": theme, "title": title.strip(), "description": described}, {theme: seen})

    def merge(self, who: str, themes: Sequence[str], into: str, *, seen: Mapping[str, int] | None = None) -> None:
        """Make one theme of several."""
        if len({*themes, into}) < 2:
            raise InputError("Name at least two different themes to merge.")
        wanted = list(dict.fromkeys([into, *themes]))
        self._edit(who, EditKind.MERGED, {"themes": wanted, "into": into}, {one: (seen or {}).get(one) for one in wanted})

    def split(
        self, who: str, theme: str, responses: Sequence[int], title: str, description: str = "", *, seen: int | None = None
    ) -> str:
        """Take what these responses say out of a theme into a new one; returns the new theme's id."""
        old = self._theme(theme)
        moved = [place for place in old.exemplars if self.statements[place].response in set(responses)]
        if not moved or len(moved) == len(old.exemplars):
            raise InputError(f"Choose some, and not all, of the responses that theme {theme} was formed from.")
        data = {"theme": theme, "statements": moved, "title": title.strip(), "description": description.strip()}
        return str(self._edit(who, EditKind.SPLIT, data, {theme: seen}, new="new").data["new"])

    def add(self, who: str, title: str, description: str = "") -> str:
        """Add a theme of the analyst's own, approved; returns its id."""
        if not title.strip():
            raise InputError("A theme needs a title.")
        data = {"title": title.strip(), "description": description.strip()}
        return str(self._edit(who, EditKind.ADDED, data, {}, new="theme").data["theme"])

    def approve(self, who: str, theme: str, *, seen: int | None = None) -> None:
        """Say that a theme stands."""
        self._edit(who, EditKind.APPROVED, {"theme": theme}, {theme: seen})

    def reject(self, who: str, theme: str, *, seen: int | None = None) -> None:
        """Take a theme away; its responses go to the others, or to "other"."""
        self._edit(who, EditKind.REJECTED, {"theme": theme}, {theme: seen})

    def mark(self, who: str, response: int, theme: str, *, applies: bool, seen: int | None = None) -> None:
        """Say whether a theme applies to a response; `seen` as in `review`."""
        self._theme(theme)
        data = {"response": response, "id": self._answered_id(response), "theme": theme, "applies": applies}
        self._edit(who, EditKind.MARKED, data, {}, of=(response, seen))
        self._measure()

    def move(self, who: str, response: int, old: str, new: str, *, seen: int | None = None) -> None:
        """Take a response out of one theme and into another."""
        self._theme(new)
        self.mark(who, response, old, applies=False, seen=seen)
        self.mark(who, response, new, applies=True)

    def review(
        self, who: str, response: int, themes: Sequence[str], *, blind: bool = False, seen: int | None = None
    ) -> None:
        """Set all themes of a response.

        Args:
            who: The analyst.
            response: Its place.
            themes: Those that apply; no other does.
            blind: The analyst had not seen what the machine says.
            seen: Number of the last edit of the response that the analyst saw, as `last_said` gives it.

        Raises:
            EditConflict: A colleague has said something of the response since.
        """
        for theme in themes:
            self._theme(theme)
        machine = [one.theme for one in self.mapped().assignments if one.response == response]
        data = {
            "response": response,
            "id": self._answered_id(response),
            "themes": list(dict.fromkeys(themes)),
            "machine": machine,
            "among": [theme.id for theme in self.standing.mapped],
            "blind": blind,
        }
        self._edit(who, EditKind.REVIEWED, data, {}, of=(response, seen))
        self._measure()

    # agreement on a blind sample

    def draw_blind_sample(self, who: str, number: int = 50) -> tuple[BlindResponse, ...]:
        """Draw responses at random for an analyst to label blind, so that the sample has this many; returns all of it.

        Each campaign can give one of its responses at most; those that an analyst corrected before are never drawn.

        Raises:
            InputError: There are no themes yet, or too few responses.
        """
        standing = self.standing
        if not standing.themes:
            raise InputError("There are no themes yet to label responses with. Form themes, or add one, first.")
        known = {place for place, _ in standing.corrections.marks} | standing.corrections.reviewed | set(standing.sample)
        known |= {place for one in self.campaigns for place in one.members[1:]} | self.no_reason
        free = [place for place in self.answers.answered if place not in known]
        wanted = number - len(standing.sample)
        if wanted > len(free):
            raise InputError(
                f"A blind sample of {number:,} cannot be drawn: {len(standing.sample):,} responses are in it, and only "
                f"{len(free):,} others give reasons, stand for no campaign twice, and were not corrected before."
            )
        if wanted > 0:
            rng = np.random.default_rng([self._place, len(self.edits)])
            drawn = [free[int(at)] for at in rng.permutation(len(free))[:wanted]]
            self._edit(who, EditKind.SAMPLED, {"responses": drawn}, {})
            self._measure()
        return self.blind_sample()

    def blind_sample(self, *, mask: bool = True) -> tuple[BlindResponse, ...]:
        """The responses of the blind sample, in the order drawn, with the analyst's labels and never the machine's."""
        standing = self.standing
        return tuple(
            BlindResponse(
                place,
                self._response_id(place),
                self.shown(place, mask=mask),
                tuple(sorted(standing.blind[place].themes)) if place in standing.blind else None,
            )
            for place in standing.sample
        )

    def label_blind(self, who: str, response: int, themes: Sequence[str], *, seen: int | None = None) -> None:
        """Say which themes apply to a response of the blind sample. Said again, it replaces what was said before.

        `seen` as in `review`.

        The label decides where the response is put in reports. It is never learnt from, so that agreement with it is
        agreement on what the machine has not seen.
        """
        among = [theme.id for theme in self.standing.mapped]
        unknown = [theme for theme in themes if theme not in among]
        if unknown:
            raise InputError(
                f"Theme {unknown[0]} is not among those responses are put to: {', '.join(among) or 'none'}. Once a theme is "
                "approved, these are the approved ones."
            )
        data = {
            "response": response,
            "id": self._response_id(response),
            "themes": list(dict.fromkeys(themes)),
            "among": among,
        }
        self._edit(who, EditKind.LABELLED, data, {}, of=(response, seen))

    def agreement_history(self) -> tuple[Agreement, ...]:
        """How far the machine agreed with the blind labels, after each edit that may have changed where it puts responses.

        Every point is measured on all labels that there are now; the last one is how things stand. Empty without a sample.
        """
        standing = self.standing
        if not standing.sample:
            return ()
        self.mapped()
        into = merged(self.edits)
        snapshots = [
            Snapshot(
                int(number),
                kept["corrections"],
                frozenset(kept["among"]),
                {int(place): frozenset(themes) for place, themes in kept["machine"].items()},
            )
            for number, kept in self._store.facts(self._snapshots).items()
        ]
        return tuple(agreement_of(one, standing.blind, merged=into) for one in sorted(snapshots, key=lambda one: one.edit))

    def undo(self, who: str, edit: int) -> None:
        """Undo an edit that no later one rests on."""

        def made(edits: Sequence[Edit]) -> Mapping[str, Any]:
            undo(edits, edit)
            return {"edit": edit}

        self._store.add_edit(self._place, who, EditKind.UNDONE, made=made)

    def sign(self, who: str, *, seen: int | None = None) -> None:
        """Sign the approved themes; any later change takes the signature away.

        Args:
            who: Whose name stands for them.
            seen: Number of the last edit that they saw.

        Raises:
            EditConflict: A colleague has changed something since.
        """
        if not self.standing.approved:
            raise InputError("No theme is approved yet, so there is nothing to sign.")
        self._edit(who, EditKind.SIGNED, {}, {}, latest=seen)

    def last_said(self, response: int) -> int:
        """Number of the last edit that says something of a response; 0 for none."""
        return last_said(self.edits, response)

    def confidence_of(self, response: int) -> Mapping[str, float]:
        """How surely a response has each theme, by the theme's id; nothing for one that is not put to themes."""
        mapped, standing = self.mapped(), self.standing
        said = standing.corrections
        silent = self.no_reason - said.reviewed - {place for place, _ in said.marks}
        if response in silent or response not in self._rows:
            return {}
        row = self._rows[response] - sum(place < response for place in silent)
        return {theme.id: float(value) for theme, value in zip(standing.mapped, mapped.confidence[row], strict=True)}

    # inside

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        """Where each answered response stands among them, by its place."""
        return {place: row for row, place in enumerate(self.answers.answered)}

    def _measure(self) -> None:
        """Where there is a blind sample, map anew at once, so that the series has a point for every correction."""
        if self.standing.sample:
            self.mapped()

    def _edit(
        self,
        who: str,
        kind: EditKind,
        data: Mapping[str, Any],
        seen: Mapping[str, int | None],
        *,
        new: str = "",
        of: tuple[int, int | None] | None = None,
        latest: int | None = None,
    ) -> Edit:
        """Add an edit that holds with those before it.

        Args:
            who: The analyst.
            kind: What is done.
            data: To what.
            seen: Versions of the themes it changes, as the analyst saw them.
            new: Names the field that takes the id of a new theme.
            of: A response it speaks of, with the last edit of it that the analyst saw.
            latest: The last edit of all that the analyst saw.
        """
        expected = {theme: version for theme, version in seen.items() if version is not None}
        if not who.strip():
            raise InputError("Say who you are, so that the history can tell who changed what.")

        def made(edits: Sequence[Edit]) -> Mapping[str, Any]:
            check_seen(edits, expected)
            if of and of[1] is not None:
                check_said(edits, of[0], of[1])
            if latest is not None:
                check_latest(edits, latest)
            whole = {**data, new: next_theme_id(edits)} if new else data
            trial = Edit(len(edits) + 1, who, dt.datetime.now(dt.UTC), kind, whole)
            stand([*edits, trial])
            return whole

        return self._store.add_edit(self._place, who.strip(), kind, made=made)

    def _theme(self, name: str) -> Theme:
        standing = self.standing
        if name not in standing.themes:
            raise InputError(f"There is no theme {name}. The themes are {', '.join(standing.themes) or 'none'}.")
        return standing.themes[name]

    def _answered_id(self, place: int) -> str:
        """Identifier of a response that can be put to themes."""
        name = self._response_id(place)
        if (state := self.answers.responses[place].state) is not State.ANSWERED:
            raise InputError(f"Response {name} was not analysed ({state}), so it cannot be put to themes.")
        return name

    def _response_id(self, place: int) -> str:
        if not 0 <= place < len(self.answers.responses):
            raise InputError(f"There is no response {place}.")
        return self.answers.responses[place].id

    @cached_property
    def _embedder(self) -> Embedder:
        """In single precision: groups hang on small differences, and are to be the same whatever the processor."""
        from assistant.index import make_embedder

        if self._given:
            return self._given()
        return make_embedder(self._settings.embedding, cache_dir=self._settings.data_dir / "models", is_exact=True)

    def _kept(
        self, what: str, texts: Sequence[str], told: Callable[[int], None], *, given: Mapping[str, Vectors] | None = None
    ) -> Vectors:
        """Vectors of texts, in chunks that are kept as they are made; those given are not made again."""
        if what in self._whole:
            told(len(texts))
            return self._whole[what]
        if self._store.fact("model") not in (None, self._embedder.name):
            raise InputError(
                f"This consultation was read with the embedding model {self._store.fact('model')}, and the setting now "
                f"names "
                f"{self._embedder.name}. Set it back, or read the responses in anew under another name."
            )
        self._store.set_fact("model", self._embedder.name)
        there = self._store.vectors(self._place, what, dimension=self._embedder.dimension)
        told(len(there))
        parts = [there]
        for first in range(len(there), len(texts), _CHUNK):
            chunk = texts[first : first + _CHUNK]
            known = {text: (given or {})[text] for text in chunk if text in (given or {})}
            once = [text for text in dict.fromkeys(chunk) if text not in known]
            if once:
                known |= dict(zip(once, self._embedder.embed(once), strict=True))
            vectors = np.stack([known[text] for text in chunk])
            self._store.add_vectors(self._place, what, first, vectors)
            parts.append(vectors)
            told(first + len(chunk))
        self._whole[what] = np.vstack(parts)
        return self._whole[what]

    def _named(
        self, groups: Sequence[clusters.Group], model: LanguageModel | None, progress: Progress | None
    ) -> tuple[tuple[Theme, ...], Writing | None]:
        if not groups:
            return (), None
        centres = np.stack([one.centre for one in groups])
        texts = [[masked(self.words(self.statements[place])) for place in one.members[:400]] for one in groups]
        named = naming.names(texts, centres, self._embedder.embed, asked=self.text)
        found, writing = [WrittenName(name) for name in named], None
        if model is not None:
            found, writing = self._written(groups, named, model, centres=centres, progress=progress)
            named = [one.name for one in found]
        head = clusters.heads(centres, most=_LARGEST_HEAD)
        first = {int(number): named[at].title for at, number in reversed(list(enumerate(head)))}
        begin = int(next_theme_id(self.edits)[1:])
        themes = []
        for at, (one, name) in enumerate(zip(groups, named, strict=True)):
            responses = len({self.statements[place].response for place in one.members})
            reasons = [
                f"{len(one.members):,} statements from {responses:,} responses say much the same.",
                f"What sets them apart from other themes: {', '.join(name.phrases) or 'no single word'}.",
            ]
            if one.is_minority:
                reasons.append("They are few and fit no larger theme; they are kept apart so that they are not swept away.")
            else:
                reasons.append(
                    f"It came back in {one.comes_back:.0%} of {clusters.RESAMPLES} runs on four fifths of the statements."
                )
            if found[at].quotes:
                on = "; ".join(f"“{words}” ({respondent})" for respondent, words in found[at].quotes)
                reasons.append(
                    f"Its title was written by {writing.model if writing else ''} and rests on these words: {on}."
                )
            elif found[at].withheld is not None:
                reasons.append(f"A title by a language model was withheld: {found[at].withheld}.")
            themes.append(
                Theme(
                    id=f"T{begin + at}",
                    title=name.title,
                    description=name.description,
                    status=ThemeStatus.CANDIDATE,
                    head=first[int(head[at])],
                    exemplars=one.members,
                    reasons=tuple(reasons),
                    comes_back=None if one.is_minority else round(one.comes_back, 3),
                    is_minority=one.is_minority,
                )
            )
        return tuple(themes), writing

    def _written(
        self,
        groups: Sequence[clusters.Group],
        named: Sequence[naming.Name],
        model: LanguageModel,
        *,
        centres: Vectors,
        progress: Progress | None,
    ) -> tuple[list[WrittenName], Writing]:
        """Names by a language model; personal data is masked in all it is given."""
        from assistant.grounding import Checker
        from assistant.index import make_token_embedder

        checker = Checker(make_token_embedder(self._settings.embedding, cache_dir=self._settings.data_dir / "models"))
        statements = [[self.statements[place] for place in one.members] for one in groups]
        shown = [
            [Shown(one.response, self._response_id(one.response), masked(self.words(one))) for one in members]
            for members in statements
        ]
        replies = Replies(
            lambda key: self._store.fact(f"reply {key}"), lambda key, value: self._store.set_fact(f"reply {key}", value)
        )
        found, writing = write_names(
            model,
            shown,
            named,
            centres=centres,
            embed=self._embedder.embed,
            verify=lambda claim, passages: checker.verify(claim, passages).verdict,
            asked=self.text,
            replies=replies,
            progress=progress,
        )
        return list(found), writing

    def _map(self, standing: Standing) -> Mapped:
        whole, vectors = self.embed()
        themes = standing.mapped
        said = standing.corrections
        places = self._with_reason(standing)
        wanted = set(places)
        rows = [at for at, place in enumerate(self.answers.answered) if place in wanted]
        points = [at for at, one in enumerate(self.statements) if one.response in wanted]
        new_place = {old: new for new, old in enumerate(points)}
        given = [
            replace(one, exemplars=tuple(new_place[old] for old in theme.exemplars if old in new_place))
            for one, theme in zip(theme_vectors(themes, self._embedder.embed), themes, strict=True)
        ]
        shared = None
        if not all(theme.exemplars for theme in themes):
            texts = [self.answers.responses[place].text for place in places]
            known = vocabulary([self.answers.responses[place].text for place in self.answers.answered])
            shared = shared_words(
                texts,
                [theme.wording for theme in themes],
                known=known,
                vectors=self._kept("words", known, lambda _: None),
                embed=self._embedder.embed,
            )
        return map_responses(
            whole[rows],
            vectors[points],
            [self.statements[at] for at in points],
            themes=given,
            places=places,
            corrections=said,
            blind=standing.blind,
            sample=standing.sample,
            shared=shared,
        )

    def _with_reason(self, standing: Standing) -> list[int]:
        """Places of the answered responses that are put to themes: all but those that take a side and say no more."""
        said = standing.corrections
        silent = self.no_reason - said.reviewed - {place for place, _ in said.marks}
        return [place for place in self.answers.answered if place not in silent]

    def _keep_snapshot(self, edits: Sequence[Edit], standing: Standing, mapped: Mapped) -> None:
        """Keep where the machine put the blind sample; edits that change nothing of that make no point of their own."""
        told = [one.number for one in edits if one.kind not in (EditKind.LABELLED, EditKind.SIGNED)]
        if not standing.sample or not standing.themes:
            return
        said = standing.corrections
        kept = {
            "corrections": len(said.reviewed | {place for place, _ in said.marks}),
            "among": [theme.id for theme in standing.mapped],
            "machine": {str(place): sorted(themes) for place, themes in mapped.unaided.items()},
        }
        self._store.set_fact(f"{self._snapshots}{told[-1]}", kept)

    @property
    def _snapshots(self) -> str:
        return f"blind {self._place} "

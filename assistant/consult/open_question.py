"""One open question at work: its themes are formed, responses are put to them, and analysts' corrections are learnt from.

Long work tells its progress, keeps what it has done, and goes on from there when it is run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.answer import LanguageModel, make_language_model
from assistant.consult.edits import EditKind, Standing, next_theme_id, record_of, undone_by
from assistant.consult.forming import Progress, TitleWriter, candidates, grouped
from assistant.consult.mapping import Mapped, map_responses, theme_vectors, uncertainty
from assistant.consult.model import Theme, columns_from
from assistant.consult.sampling import QuestionSampled
from assistant.consult.stances import Position, agreement_question, closed_position, learnt_positions, position
from assistant.consult.store import Store
from assistant.consult.vectors import KeptVectors, MakeEmbedder
from assistant.consult.wordmatch import shared_words, vocabulary
from assistant.consult.written_names import Replies, Writing
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.index import Vectors
    from assistant.settings import Settings


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


class OpenQuestion(QuestionSampled):
    """One open question: its responses, its themes and the edits to them."""

    def __init__(
        self, store: Store, settings: Settings, place: int, text: str, *, embedder: MakeEmbedder | None = None
    ) -> None:
        super().__init__(store, place, text)
        self._settings = settings
        self._vectors = KeptVectors(store, settings, place, embedder=embedder)
        self._mapped: tuple[int, Mapped] | None = None

    @property
    def formation(self) -> Formation | None:
        """How the candidate themes were formed; None before that, or once it was undone."""
        edits = self.edits
        undone = undone_by(edits)
        formed = [one for one in edits if one.kind is EditKind.PROPOSED and one.number not in undone]
        if not formed:
            return None
        kept = formed[-1].data.get("formation") or self._store.fact(f"formation {self._place}")
        if not kept:
            return None
        written = kept.get("written")
        return Formation(**{**kept, "written": Writing(**written) if written else None})

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
        found, count = grouped(self, *self.embed(progress), number=number, seed=seed, progress=progress)
        formed, written = candidates(
            self,
            found.groups,
            self._vectors.embedder.embed,
            first=1,
            writer=self._writer(model) if model else None,
            progress=progress,
        )
        formation = Formation(
            found.chosen,
            found.was_set,
            {str(k): round(v, 4) for k, v in found.stability.items()},
            seed,
            count,
            self._vectors.embedder.name,
            written,
        )
        with self.together():  # colleagues may have added themes meanwhile, and an id is nobody else's
            first = int(next_theme_id(self.edits)[1:])
            formed = tuple(replace(theme, id=f"T{first + at}") for at, theme in enumerate(formed))
            data = {"themes": [record_of(theme) for theme in formed], "formation": asdict(formation)}
            data |= {"asked_by": asked_by} if asked_by else {}
            self._edit("Bernard", EditKind.PROPOSED, data, {})
        return formed

    def mapped(self) -> Mapped:
        """Where each response stands, after all edits so far."""
        edits = self.edits
        done = edits[-1].number if edits else 0
        if self._store.is_held:  # what is decided may still come to nothing, and its number be another edit's
            return self._map(self._standing(edits))
        if self._mapped is None or self._mapped[0] != done:
            standing = self._standing(edits)
            self._mapped = (done, self._map(standing))
            self._keep_snapshot(edits, standing, self._mapped[1])
        return self._mapped[1]

    @cached_property
    def agreement_asked(self) -> str | None:
        """The closed question that says where respondents stand on this one; None where there is none."""
        values: dict[str, set[str]] = {}
        for one in self.answers.responses:
            for name, answer in one.answers.items():
                values.setdefault(name, set()).add(answer)
        return agreement_question(columns_from(self._store.fact("columns", ())), self._place, values)

    def positions(self) -> dict[int, Position]:
        """Where each answered response stands on the question.

        The closed question about agreement decides. Where enough respondents answered it, what the others wrote is compared
        with what those wrote; else plain words of agreement decide, and most are unclear.
        """
        responses, answered = self.answers.responses, self.answers.answered
        beside = self.agreement_asked or ""
        known = {at: said for at in answered if (said := closed_position(responses[at].answers.get(beside, ""))) is not None}
        found = {at: known.get(at) or position(responses[at].text, asked=self.text) for at in answered}
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

        whole = self._vectors.of("responses", texts, told)
        given = dict(zip(texts, whole, strict=True))  # a response of one statement need not be read twice
        return whole, self._vectors.of("statements", points, lambda done: told(len(texts) + done), given=given)

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
            meant = self.embed()[1] @ self._vectors.embedder.embed([words])[0]
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
        machine = [one.theme for one in self.mapped().assignments if one.response == response]
        with self.together():
            for theme in themes:
                self._theme(theme)
            data = {
                "response": response,
                "id": self._answered_id(response),
                "themes": list(dict.fromkeys(themes)),
                "machine": machine,
                "among": [theme.id for theme in self.standing.mapped],
                "blind": blind,
            }
            self._edit(who, EditKind.REVIEWED, data, {}, of=(response, seen))

    def confidence_of(self, response: int) -> Mapping[str, float]:
        """How surely a response has each theme, by the theme's id; nothing for one that is not put to themes."""
        mapped, standing = self.mapped(), self.standing
        said = standing.corrections
        silent = self.no_reason - said.reviewed - {place for place, _ in said.marks}
        if response in silent or response not in self._rows:
            return {}
        row = self._rows[response] - sum(place < response for place in silent)
        return {theme.id: float(value) for theme, value in zip(standing.mapped, mapped.confidence[row], strict=True)}

    def _measure(self) -> None:
        """Where there is a blind sample, map anew at once, so that the series has a point for every correction."""
        if self.standing.sample and not self._store.is_held:
            self.mapped()

    @cached_property
    def _rows(self) -> Mapping[int, int]:
        """Where each answered response stands among them, by its place."""
        return {place: row for row, place in enumerate(self.answers.answered)}

    def _writer(self, model: LanguageModel) -> TitleWriter:
        """A model that writes titles, with a checker of its own, and the replies it gave before."""
        from assistant.grounding import Checker
        from assistant.index import make_token_embedder

        checker = Checker(make_token_embedder(self._settings.embedding, cache_dir=self._settings.data_dir / "models"))
        replies = Replies(
            lambda key: self._store.fact(f"reply {key}"), lambda key, value: self._store.set_fact(f"reply {key}", value)
        )
        return TitleWriter(model, lambda claim, passages: checker.verify(claim, passages).verdict, replies)

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
            for one, theme in zip(theme_vectors(themes, self._vectors.embedder.embed), themes, strict=True)
        ]
        shared = None
        if not all(theme.exemplars for theme in themes):
            texts = [self.answers.responses[place].text for place in places]
            known = vocabulary([self.answers.responses[place].text for place in self.answers.answered])
            shared = shared_words(
                texts,
                [theme.wording for theme in themes],
                known=known,
                vectors=self._vectors.of("words", known),
                embed=self._vectors.embedder.embed,
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

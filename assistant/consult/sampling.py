"""A blind sample of a question's responses: drawn, labelled by analysts, and the machine's agreement with them as it grows.

Labels decide where a response is put in reports and are never learnt from. Knows nothing of how responses are put to themes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.consult.agreement import Agreement, BlindResponse, Snapshot, agreement_of
from assistant.consult.decisions import QuestionDecided
from assistant.consult.edits import Edit, EditKind, Standing, merged
from assistant.consult.mapping import Mapped
from assistant.errors import InputError


class QuestionSampled(QuestionDecided):
    """One open question with its blind sample."""

    def draw_blind_sample(self, who: str, number: int = 50) -> tuple[BlindResponse, ...]:
        """Draw responses at random for an analyst to label blind, so that the sample has this many; returns all of it.

        Each campaign can give one of its responses at most; those that an analyst corrected before are never drawn.

        Raises:
            InputError: There are no themes yet, or too few responses.
        """
        campaigns = self.campaigns  # found before anybody else has to wait
        with self.together():
            standing = self.standing
            if not standing.themes:
                raise InputError("There are no themes yet to label responses with. Form themes, or add one, first.")
            known = {place for place, _ in standing.corrections.marks} | standing.corrections.reviewed | set(standing.sample)
            known |= {place for one in campaigns for place in one.members[1:]} | self.no_reason
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
        with self.together():
            among = [theme.id for theme in self.standing.mapped]
            unknown = [theme for theme in themes if theme not in among]
            if unknown:
                raise InputError(
                    f"Theme {unknown[0]} is not among those responses are put to: {', '.join(among) or 'none'}. Once a "
                    "theme is approved, these are the approved ones."
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
        self._measure()
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

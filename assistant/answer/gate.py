"""Lets a statement through when its check says that the guidance supports it, and gives it the citation the check found.

A statement is compared with the sources it names, then with all: a wrong number is put right, a missing one found, one that
there is no source of removed. Knows nothing of models, of how statements arrive, or of how a check is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer.claims import Statement
from assistant.answer.model import Source
from assistant.grounding import Check, PassageText, Support, Verdict

Verify = Callable[[str, Sequence[PassageText]], Check]
"""What checks a claim against passages; such as `Checker.verify` of `assistant.grounding`."""

_ORDER = {Verdict.UNSUPPORTED: 0, Verdict.PARTLY_SUPPORTED: 1, Verdict.SUPPORTED: 2, Verdict.QUOTED: 3}
_NAMED_AN_ADDRESS = "The draft named an address; Bernard shows only those of its documents."
_NO_PLACE = "No place in the guidance was found for it."
_ABOUT_A_SENTENCE = 160
_STANDS_ALONE = re.compile(r"[A-Z0-9£“\"'].*[.!]$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of a statement.

    Attributes:
        text: What may be shown.
        check: The result; the passages of its spans are positions among all sources.
        forged: How many of its numbers are those of no source.
        is_elsewhere: It rests on none of the sources it named.
    """

    text: str
    check: Check
    forged: int = 0
    is_elsewhere: bool = False

    @property
    def passes(self) -> bool:
        """Whether it may be shown."""
        return self.check.verdict is not Verdict.UNSUPPORTED


class Gate:
    """Judges the statements of one draft against the sources its writer was given."""

    def __init__(self, sources: Sequence[Source], verify: Verify) -> None:
        self._passages = [
            PassageText(source.text, source.title, source.headings, source.context, source.extent) for source in sources
        ]
        self._verify = verify

    def warm(self) -> None:
        """Have whatever the check remembers of each source at hand before the first statement comes."""
        for passage in self._passages:
            self._verify(passage.text[:_ABOUT_A_SENTENCE], [passage])

    def judge(self, statement: Statement) -> Judgement:
        """Check one statement, with its lead-in; without it when it is a sentence of its own that passes only so."""
        named = [number - 1 for number in statement.marks if 1 <= number <= len(self._passages)]
        forged = len(statement.marks) - len(named)
        if statement.holed:
            return Judgement(statement.whole, Check(Verdict.UNSUPPORTED, 0.0, (_NAMED_AN_ADDRESS,)), forged)
        text, check = statement.whole, self._check(statement.whole, named)
        if statement.lead and check.verdict is Verdict.UNSUPPORTED and _STANDS_ALONE.match(statement.text):
            alone = self._check(statement.text, named)
            if alone.verdict is not Verdict.UNSUPPORTED:
                text, check = statement.text, alone
        if check.verdict is not Verdict.UNSUPPORTED and not check.spans:
            check = Check(Verdict.UNSUPPORTED, check.score, (_NO_PLACE,))
        rests_on = {span.passage for span in check.spans}
        return Judgement(text, check, forged, is_elsewhere=bool(named) and not rests_on & set(named))

    def _check(self, text: str, named: Sequence[int]) -> Check:
        """The better of two checks; that against the sources named where both find the same."""
        near = self._against(text, named) if named else None
        if near and _ORDER[near.verdict] >= _ORDER[Verdict.SUPPORTED]:
            return near
        anywhere = self._verify(text, self._passages)
        return near if near and _ORDER[near.verdict] >= _ORDER[anywhere.verdict] else anywhere

    def _against(self, text: str, named: Sequence[int]) -> Check:
        check = self._verify(text, [self._passages[position] for position in named])
        spans = tuple(Support(named[span.passage], span.start, span.end) for span in check.spans)
        return Check(check.verdict, check.score, check.reasons, spans)

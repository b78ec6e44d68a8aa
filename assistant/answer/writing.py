"""Has a language model write an answer and shows each claim as soon as it is checked.

Nothing that the model writes passes by the gate. Whatever it does (fails, raves, repeats itself, never ends), what comes out
is claims with citations and the reason why there are no more. Knows nothing of search or of providers.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from assistant.answer.claims import Cutter, Statement
from assistant.answer.events import ClaimShown, ClaimWithheld
from assistant.answer.gate import Gate, Judgement, Verify
from assistant.answer.language_model import LanguageModel, Piece
from assistant.answer.model import Citation, Claim, Drafting, Source
from assistant.answer.prompt import Prompt
from assistant.answer.threads import is_abandoned
from assistant.answer.usage import Meter
from assistant.errors import LanguageModelFailed
from assistant.grounding import Check

_log = logging.getLogger(__name__)

MOST_STATEMENTS = 40
"""Statements after which a draft is ended; six sentences were asked for."""
_MOST_REPEATS = 3
_CHARACTERS_A_TOKEN = 8  # no tokeniser packs English tighter on average

_MATERIAL = r"(?:sources?|guidance|passages?|documents?|context|texts?|information (?:provided|given)|provided information)"
_NOT = r"(?:do(?:es)? not|don['’]t|doesn['’]t|did not|cannot|can['’]t|no)"
_TELL = r"(?:answer|say|state|mention|contain|provide|include|cover|specif\w+|address|information|give)"
_DECLINES = re.compile(
    rf"\b{_MATERIAL}\b[^.]{{0,60}}\b{_NOT}\b[^.]{{0,50}}\b{_TELL}\b"
    rf"|\b(?:no|not enough|insufficient) (?:\w+ ){{0,3}}(?:answer|information)\b[^.]{{0,60}}\b{_MATERIAL}\b"
    r"|\b(?:i|we)(?:['’]m| am|['’]re| are)? (?:sorry|unable|not able|cannot|can['’]t|can not|apologi[sz]e)\b"
    r"|\b(?:i|we) (?:do not|don['’]t) (?:have|know)\b|\bas an? (?:ai|language model|assistant)\b",
    re.IGNORECASE,
)
"""What says that there is no answer, where the guidance itself does not say so."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of a draft.

    Attributes:
        shown: Claims that passed, in order.
        withheld: Claims that failed.
        sources: What the claims shown cite, numbered from 1 in the order in which they cite it.
        drafting: How the draft fared.
        failure: Why the model broke off, as a sentence; "" when it did not.
    """

    shown: tuple[Claim, ...] = ()
    withheld: tuple[Claim, ...] = ()
    sources: tuple[Source, ...] = ()
    drafting: Drafting | None = None
    failure: str = ""


@dataclass(slots=True)
class _Tally:
    """What is known of a draft while it is being written."""

    prompt: Prompt
    shown: list[Claim] = field(default_factory=list)
    withheld: list[Claim] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    statements: int = 0
    repeats: int = 0
    forged: int = 0
    addresses: int = 0
    elsewhere: int = 0
    declined: bool = False
    failure: str = ""

    @property
    def is_enough(self) -> bool:
        """No answer goes on like this."""
        return self.statements >= MOST_STATEMENTS or self.repeats >= _MOST_REPEATS


def write(model: LanguageModel, prompt: Prompt, *, verify: Verify) -> Generator[ClaimShown | ClaimWithheld, None, Written]:
    """Write, check and show; never raises for what a model does.

    Args:
        model: Who writes.
        prompt: What it is given; claims are checked against these sources and no others.
        verify: Checks a claim.

    Yields:
        Each claim as soon as its end is certain and its check is done.

    Returns:
        What came of it.
    """
    tally, gate, cutter = _Tally(prompt), Gate(prompt.sources, verify), Cutter()
    came, left = time.perf_counter(), model.settings.max_tokens * _CHARACTERS_A_TOKEN
    is_cut, is_whole = False, True
    pieces, meter = model.write(prompt.system, prompt.user), Meter(f"{prompt.system}\n{prompt.user}", model.count)
    threading.Thread(target=gate.warm, name="warming", daemon=True).start()  # while the model reads
    try:
        for piece in pieces:
            now = time.perf_counter()
            left -= len(piece.text)
            meter.had(piece.text, piece.usage)
            is_cut = is_cut or piece.is_cut
            yield from _judged(cutter.feed(_readable(piece)), gate, tally, came, now)
            if piece.text.strip():
                came = now
            if tally.is_enough or left < 0 or is_abandoned():
                is_cut, is_whole = True, False
                break
    except LanguageModelFailed as error:
        _log.info("A draft broke off: %s", error, exc_info=error.__cause__)  # the reader is told; the trace is for a log
        tally.failure, is_cut, is_whole = str(error), True, False
    finally:
        pieces.close()
    yield from _judged(cutter.finish(cut_off=is_cut), gate, tally, came, time.perf_counter())
    drafting = Drafting(
        offered=tuple(source.passage_id for source in prompt.sources),
        claims=tally.statements,
        forged=tally.forged,
        addresses=tally.addresses,
        elsewhere=tally.elsewhere,
        declined=tally.declined,
        usage=meter.usage(model.settings, is_whole=is_whole),
    )
    return Written(tuple(tally.shown), tuple(tally.withheld), tuple(tally.sources.values()), drafting, tally.failure)


def _readable(piece: Piece) -> str:
    """Without halves of characters, which some servers send for bytes that are no text."""
    return piece.text.encode("utf-8", "ignore").decode("utf-8")


def _judged(
    statements: Sequence[Statement], gate: Gate, tally: _Tally, came: float, certain: float
) -> Generator[ClaimShown | ClaimWithheld, None, None]:
    """Judge statements that have just become certain; `came` is when the last of their words came."""
    for statement in statements:
        tally.addresses += statement.addresses
        key = " ".join(statement.whole.casefold().split())
        if key in tally.said:
            tally.repeats += 1
            continue
        if tally.is_enough:
            return
        tally.said.add(key)
        judgement = gate.judge(statement)
        tally.forged += judgement.forged
        if not judgement.passes and _DECLINES.search(statement.text):
            tally.declined = True
            continue
        tally.statements += 1
        claim, sources = _claim(judgement, tally)
        done = time.perf_counter()
        waited, checking = (done - came) * 1000, (done - certain) * 1000
        if judgement.passes:
            tally.elsewhere += judgement.is_elsewhere
            tally.shown.append(claim)
            yield ClaimShown(claim, sources, waited, checking)
        else:
            tally.withheld.append(claim)
            yield ClaimWithheld(claim, waited, checking)


def _claim(judgement: Judgement, tally: _Tally) -> tuple[Claim, tuple[Source, ...]]:
    """The claim with its citations, and the sources that no claim before it cites."""
    check = judgement.check
    if not judgement.passes:
        return Claim(text=judgement.text, verdict=check.verdict, score=check.score, citations=(), reasons=check.reasons), ()
    before = len(tally.sources)
    citations = _citations(check, tally)
    claim = Claim(text=judgement.text, verdict=check.verdict, score=check.score, citations=citations, reasons=check.reasons)
    return claim, tuple(tally.sources.values())[before:]


def _citations(check: Check, tally: _Tally) -> tuple[Citation, ...]:
    found = []
    for span in check.spans:
        source = tally.sources.get(span.passage)
        if source is None:
            source = tally.prompt.sources[span.passage].model_copy(update={"number": len(tally.sources) + 1})
            tally.sources[span.passage] = source
        quote = source.text[span.start : span.end]
        found.append(Citation(source=source.number, quote=quote, start=span.start, end=span.end))
    return tuple(dict.fromkeys(found))

"""Makes the checker's test: true statements from real guidance, light paraphrases by rule, and corruptions of both.

A statement is a sentence of a passage; the passages given with it are that passage and others of the same document, as an
answer has them. Everything is drawn with a seed. Knows nothing of the checker.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from assistant.documents import CELL_SEPARATOR, BlockKind, Document
from assistant.documents.library import find_files, load_file, read_file
from assistant.grounding import is_binding, sentences
from assistant.index import Passage, split
from assistant.settings import PassageSettings
from evals.corruptions import BODY, CORRUPTIONS, KINDS, STRUCTURAL
from evals.paraphrases import PARAPHRASES
from evals.rules import Pool

_PASSAGES = 4
_FEWEST_WORDS, _MOST_WORDS = 8, 45


@dataclass(frozen=True, slots=True)
class Given:
    """A passage as the checker gets it."""

    text: str
    title: str
    headings: tuple[str, ...]
    context: str
    extent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One statement to check.

    Attributes:
        id: Names it within a seed.
        kind: A corruption from `KINDS` or `STRUCTURAL`, "verbatim", "paraphrase" or "item".
        rule: Which rule made it.
        claim: What is checked.
        true: Whether the passages say so.
        sentence: The sentence it was made from.
        passages: What it is checked against.
        document: Where they come from; statements of one document stand or fall together.
    """

    id: str
    kind: str
    rule: str
    claim: str
    true: bool
    sentence: str
    passages: tuple[Given, ...]
    document: str


def read_guidance(paths: Sequence[Path], *, most_files: int, seed: int, half: int | None = None) -> list[Document]:
    """Documents drawn from all folders alike; what cannot be read is passed over.

    Args:
        paths: Folders of guidance.
        most_files: How many documents.
        seed: Of the draw.
        half: 0 for the half of the files that weights are fitted on, 1 for the other, which is measured on; None for all.
    """
    by_folder: dict[str, list[int]] = {}
    files = [found for found in find_files(paths) if found.path.suffix != ".pdf" or most_files > 1000]
    files = [found for found in files if half is None or _half_of(found.relative) == half]
    for position, found in enumerate(files):
        by_folder.setdefault(found.relative.rsplit("/", 1)[0], []).append(position)
    draw = random.Random(seed)
    for positions in by_folder.values():
        draw.shuffle(positions)
    order = [position for row in _rows(list(by_folder.values())) for position in row]
    documents = []
    for position in order:
        outcome = read_file(files[position], load_file(files[position]))
        if outcome.document is not None:
            documents.append(outcome.document)
        if len(documents) == most_files:
            break
    return documents


def _half_of(file: str) -> int:
    return hashlib.sha256(file.encode()).digest()[0] % 2


def _rows(columns: list[list[int]]) -> Iterator[list[int]]:
    for row in range(max(map(len, columns), default=0)):
        yield [column[row] for column in columns if row < len(column)]


_SETTINGS = PassageSettings()
_WHOLE = re.compile(r"^[A-Z0-9“\"][^\n]*[.]$")


def cases(documents: Sequence[Document], *, each: int, seed: int) -> list[Case]:
    """Cases: at most `each` of every kind of corruption, twice as many verbatim statements, four times as many changed."""
    draw = random.Random(seed)
    passages = [split(document, _SETTINGS) for document in documents]
    statements = list({s[0]: s for of_document in map(_statements, documents, passages) for s in of_document}.values())
    draw.shuffle(statements)
    pool = Pool(tuple(sorted({match[0] for sentence, *_ in statements for match in BODY.finditer(sentence)})))
    made: list[Case] = []
    counts = dict.fromkeys((*KINDS, *STRUCTURAL, "verbatim", "paraphrase", "item"), 0)
    rules = dict.fromkeys(PARAPHRASES, 0)
    for sentence, passage, document, others in statements:
        given = _given(document, passage, others, draw)

        def add(kind: str, rule: str, claim: str, *, true: bool) -> None:
            counts[kind] += 1
            made.append(Case(f"{seed}-{len(made)}", kind, rule, claim, true, sentence, given, document.location))  # noqa: B023 - used at once

        if counts["verbatim"] < 2 * each and draw.random() < 0.3:
            add("verbatim", "verbatim", sentence, true=True)
        paraphrase = sentence
        for rule in sorted(PARAPHRASES, key=lambda name: (rules[name], draw.random())):
            if counts["paraphrase"] >= 4 * each:
                break
            changed = PARAPHRASES[rule](sentence, draw, pool)
            if changed and changed != sentence:
                rules[rule] += 1
                paraphrase = changed
                add("paraphrase", rule, changed, true=True)
                break
        for kind in sorted(KINDS, key=lambda name: (counts[name], draw.random())):
            if counts[kind] >= each:
                continue
            base, start = (
                (paraphrase, "paraphrase") if draw.random() < 0.4 and paraphrase != sentence else (sentence, "verbatim")
            )
            changed = CORRUPTIONS[kind](base, draw, pool)
            if changed and changed != base and _is_false(changed, given):
                add(kind, f"{kind} in {start}", changed, true=False)
                break
    structural = [case for of_document in map(_of_lists, documents, passages) for case in of_document]
    draw.shuffle(structural)
    for kind, rule, claim, sentence, passage, document, others in structural:
        if counts.setdefault(kind, 0) < each:
            counts[kind] += 1
            given = _given(document, passage, others, draw)
            if kind == "item" or _is_false(claim, given):
                number = len(made) + 1
                made.append(Case(f"{seed}-{number}", kind, rule, claim, kind == "item", sentence, given, document.location))
    return made


_DUTY_CHANGED = {
    "must not": "must",
    "must": "do not have to",
    "cannot": "can",
    "do not have to": "must",
    "do not need to": "must",
}
_DUTY_CHANGED |= {"should not": "should", "should": "must not", "can": "cannot", "may": "must"}
_Structural = tuple[str, str, str, str, Passage, Document, Sequence[Passage]]


def _of_lists(document: Document, passages: Sequence[Passage]) -> Iterator[_Structural]:
    """Items with their lead-in, as it is, changed or left out, rows with a cell of another row, and sentences joined."""
    for passage in passages:
        rows: list[str] = []
        for span in passage.spans:
            text = document.text[span.start : span.end]
            if span.kind is BlockKind.TABLE_ROW and text.count(CELL_SEPARATOR) == 1 and span.introduced_by is not None:
                rows.append(text)
            if span.kind is not BlockKind.LIST_ITEM or span.introduced_by is None or not _ITEM.fullmatch(text):
                continue
            block = document.blocks[span.introduced_by]
            lead = document.text[block.start : block.end]
            if not lead.endswith(":") or not _LEAD.fullmatch(lead) or block.start < passage.start:
                continue
            whole = f"{lead.rstrip(': ')} {text.rstrip('.')}."
            yield "item", "item", whole, whole, passage, document, passages
            duty = _DUTY_AT_END.search(lead.rstrip(": "))
            if duty:
                other = f"{lead[: duty.start(1)]}{_DUTY_CHANGED[duty[1].lower()]} {text.rstrip('.')}."
                yield "lead-in", "lead-in changed", other, whole, passage, document, passages
            if duty and ("not" in duty[1] or duty[1] == "cannot") and is_binding(lead):
                bare = f"{text[0].upper()}{text[1:].rstrip('.')}."
                yield "bare item", "lead-in left out", bare, whole, passage, document, passages
        for one, other in pairwise(rows):
            (name, _), (_, value) = one.split(CELL_SEPARATOR), other.split(CELL_SEPARATOR)
            if value not in one and _VALUE.search(value):
                claim = f"{name.strip()}: {value.strip()}."
                yield "row swap", "cell of another row", claim, one, passage, document, passages
        yield from ((*made, passage, document, passages) for made in _joined(passage.text))


def _joined(text: str) -> Iterator[tuple[str, str, str, str]]:
    """What one sentence says made the purpose or the time of what another says."""
    told = [(text[start:end], _DOES.match(text[start:end])) for start, end in sentences(text)]
    does = [(sentence, found) for sentence, found in told if found and found["what"].lower() not in {"be", "have"}]
    for (one, first), (other, second) in pairwise(does):
        what, ending = f"{first['what']} {first['rest']}", second["rest"].rstrip(".")
        rest = f"{second['who'].lower()} {second['duty']} {second['what']} {ending}"
        apart = not {word.lower() for word in what.split() if len(word) > _SHORT} & {word.lower() for word in rest.split()}
        if apart and len(what.split()) <= _FEW and len(ending.split()) <= _FEW:
            yield "joined", "as its purpose", f"To {what.rstrip('.')}, {rest}.", other
            yield "joined", "as its time", f"{rest[0].upper()}{rest[1:]} before you {what.rstrip('.')}.", one


_DOES = re.compile(r"(?P<who>You) (?P<duty>can|must|should|may) (?P<what>[a-z]{3,}) (?P<rest>[^,;:()]*[.])$")
_FEW, _SHORT = 14, 3
"""Words of a part at most, and letters that a word has at most which may stand in both."""
_ITEM = re.compile(r"[a-z][^\n;:]{20,160}")
_LEAD = re.compile(r"[A-Z][^\n]{5,90}:")
_DUTY_AT_END = re.compile(
    r"\b(must not|must|cannot|do not have to|do not need to|should not|should|can|may)$", re.IGNORECASE
)
_VALUE = re.compile(r"\d")


def _is_false(claim: str, given: Sequence[Given]) -> bool:
    """Whether the change can be seen to be wrong: no passage says the changed words too."""
    said = " ".join(" ".join(passage.text.split()) for passage in given).lower()
    return claim.lower() not in said


Statement = tuple[str, Passage, Document, Sequence[Passage]]


def _statements(document: Document, passages: Sequence[Passage]) -> Iterator[Statement]:
    """Whole sentences, each with its passage, its document and all passages of that."""
    for passage in passages:
        for span in passage.spans:
            block = document.text[span.start : span.end]
            for start, end in sentences(block):
                sentence = block[start:end]
                if _FEWEST_WORDS <= len(sentence.split()) <= _MOST_WORDS and _WHOLE.match(sentence):
                    yield sentence, passage, document, passages


def _given(document: Document, passage: Passage, passages: Sequence[Passage], draw: random.Random) -> tuple[Given, ...]:
    others = [other for other in passages if other.ordinal != passage.ordinal]
    near = sorted(others, key=lambda other: (abs(other.ordinal - passage.ordinal), draw.random()))[: _PASSAGES - 1]
    chosen = [passage, *near]
    draw.shuffle(chosen)
    return tuple(Given(p.text, document.title, p.headings, p.context, document.extent) for p in chosen)

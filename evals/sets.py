"""The sets of cases by name: those that ship with the project, and adapters of public sets that lie in a folder elsewhere.

A public set that is not in the folder is left out, with the reason. Knows nothing of suites.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from assistant.answer import Status
from assistant.errors import InputError
from evals.cases import Brought, Case, CaseSet, OfConsultation, Span
from evals.checker_sets import Labelled, attributionbench, from_cases, summedits, wice
from evals.children import REPOSITORY
from evals.consultations import LIBRARY, Planted, key_points, library, nhs, themefinder
from evals.consulting import SEEDS
from evals.currency_notes import currency_set
from evals.guidance import CORPUS
from evals.injections import OWN, injection_set
from evals.own_questions import read_questions
from evals.perturbations import cases as cases_of
from evals.perturbations import read_guidance
from evals.upload_attacks import upload_set

PUBLIC = REPOSITORY.parent / "shared" / "evals"
"""Where public sets lie beside a checkout, when no other folder is named."""
DATA = REPOSITORY / "evals" / "data"
_MOST_NOTES, _EACH, _SEED = 200, 30, 1


@dataclass(frozen=True, slots=True)
class Missing:
    """A set that could not be read, and why."""

    name: str
    reason: str


def load_set(name: str, *, public: Path = PUBLIC) -> CaseSet | Missing:
    """A set by its name.

    Raises:
        InputError: There is no set of this name, or a file of it is damaged.
    """
    if name not in SETS:
        raise InputError(f"There is no set {name!r}. The sets are: {', '.join(SETS)}.")
    path, read = SETS[name]
    folder = public if name in PUBLIC_SETS else DATA
    file = folder / path
    if not file.exists():
        return Missing(name, f"{path} is not in {folder.name}/")
    try:
        return read(file)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file} is not the set {name} ({type(error).__name__}: {error}).") from None


def is_there(name: str, *, public: Path = PUBLIC) -> bool:
    """Whether the files of a set are on this machine."""
    return ((public if name in PUBLIC_SETS else DATA) / SETS[name][0]).exists()


def _shipped(path: Path) -> CaseSet:
    """Questions over the notes in corpus/, written and read twice for the project."""
    found = read_questions(path, name="shipped")
    otherwise = {row["id"]: row for row in _lines(DATA / "other_wordings.jsonl")}
    cases = tuple(_otherwise(case, otherwise[case.id]) if case.id in otherwise else case for case in found.cases)
    return CaseSet("shipped", cases, "corpus")


def _otherwise(case: Case, row: Mapping[str, str]) -> Case:
    return case.model_copy(update={"other_words": row["other_words"], "translation": row["translation"]})


def _routing(path: Path) -> CaseSet:
    """Messages of each kind that Bernard tells from questions of guidance."""
    return CaseSet(
        "routing",
        tuple(
            Case(id=row["id"], set="routing", kind=row["route"], question=row["question"], group=f"routing:{row['id']}")
            for row in _lines(path)
        ),
        "corpus",
    )


def _conditionalqa(path: Path) -> CaseSet:
    """ConditionalQA (Sun et al., ACL 2022), asked of the live index as far as it holds their pages.

    Each question is asked once more with its page taken out of the search: then nothing answers it, unless another page
    does.
    """
    rows = _lines(path)
    asked = [
        Case(
            id=row["id"],
            set="conditionalqa",
            kind="conditional" if any(one.get("conditions") for one in row["answers"]) else "plain",
            question=f"{row['scenario']} {row['question']}",
            expected_status=Status.ANSWERED,
            url=row["url"],
            evidence=tuple(row["evidence"]),
            conditions=tuple(dict.fromkeys(c for one in row["answers"] for c in one.get("conditions") or ())),
        )
        for row in rows
        if row["answerable"] and row["evidence"]
    ]
    removed = [
        Case(
            id=f"{case.id}-removed",
            set=case.set,
            kind="page removed",
            question=case.question,
            expected_status=Status.NOT_IN_GUIDANCE,
            url=case.url,
            without=case.url,
        )
        for case in asked
    ]
    left = {"their page does not answer them": len(rows) - len(asked)}
    return CaseSet("conditionalqa", (*asked, *removed), "live", left)


def _clapnq(path: Path) -> CaseSet:
    """CLAPnq (Rosenthal et al., TACL 2025): long answers from Wikipedia passages, which are indexed together."""
    files, cases = {}, []
    for row in _lines(path):
        for number, passage in enumerate(row["passages"]):
            name = f"{row['id']}-{number}.md"
            files[name] = _note(passage["title"], _spaced(passage["text"]))
        outputs = [one for one in row["output"] if one.get("answer")]
        evidence = outputs[0]["selected_sentences"] if outputs else []
        cases.append(
            Case(
                id=row["id"],
                set="clapnq",
                question=row["input"],
                expected_status=Status.ANSWERED if outputs else Status.NOT_IN_GUIDANCE,
                evidence=tuple(_spaced(one) for one in evidence if one.strip()),
                answer=outputs[0]["answer"] if outputs else "",
                documents=(f"{row['id']}-0.md",),
            )
        )
    return CaseSet("clapnq", tuple(cases), Brought(files))


_BEFORE_A_STOP = re.compile(r" +([,.;:!?)\]%])")


def _spaced(text: str) -> str:
    """Text without the spaces that a tokeniser put in."""
    text = text.replace("``", "“").replace("''", "”").replace(" 's", "’s")
    return _BEFORE_A_STOP.sub(r"\1", text).replace("( ", "(").replace("“ ", "“").replace(" ”", "”")


def _mtrag(path: Path) -> CaseSet:
    """MTRAG (Katsis et al., 2025): turns of conversations; the reference contexts of all of them are indexed together."""
    statuses = {
        "ANSWERABLE": Status.ANSWERED,
        "PARTIAL": Status.PARTLY_ANSWERED,
        "UNANSWERABLE": Status.NOT_IN_GUIDANCE,
        "UNDERSPECIFIED": Status.NEEDS_CLARIFICATION,
    }
    files, cases = {}, []
    for row in _lines(path):
        for context in row["contexts"]:
            name = re.sub(r"[^\w-]+", "-", str(context["document_id"]))[:80]
            files[f"{name}.md"] = _note(context.get("title") or name, context["text"])
        turns = row["input"]
        last = max(number for number, turn in enumerate(turns) if turn["speaker"] == "user")
        cases.append(
            Case(
                id=row["task_id"],
                set="mtrag",
                kind=row["answerability"][0].lower(),
                question=turns[last]["text"],
                history=tuple(turn["text"] for turn in turns[:last] if turn["speaker"] == "user"),
                said=tuple(turn["text"] for turn in turns[:last] if turn["speaker"] != "user"),
                expected_status=statuses[row["answerability"][0]],
                answer=row["targets"][0]["text"] if row["targets"] else "",
                group=row["conversation_id"],
            )
        )
    return CaseSet("mtrag", tuple(cases), Brought(files))


def _or_sharc(path: Path) -> CaseSet:
    """OR-ShARC (Gao et al., 2021): is the rule found among 651, and is the missing fact asked for?"""
    snippets = json.loads(path.with_name("id2snippet.json").read_text("utf-8"))
    files = {f"{name}.md": _note(f"Rule {name}", text) for name, text in snippets.items()}
    cases = tuple(
        Case(
            id=row["utterance_id"],
            set="or_sharc",
            kind="decided" if row["answer"] in {"Yes", "No"} else "asks back",
            question=f"{row['scenario']} {row['question']}".strip(),
            expected_status=Status.ANSWERED if row["answer"] in {"Yes", "No"} else Status.NEEDS_CLARIFICATION,
            documents=(f"{row['gold_snippet_id']}.md",),
            evidence=tuple(_rule_lines(snippets[row["gold_snippet_id"]])),
            group=row["tree_id"],
        )
        for row in _lines(path)
        if not row["history"]
    )
    turns = sum(bool(row["history"]) for row in _lines(path))
    return CaseSet(
        "or_sharc", cases, Brought(files), {"they are later turns of a dialogue that Bernard did not lead": turns}
    )


def _rule_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            yield line.strip().lstrip("*-").strip()


def _xstest(path: Path) -> CaseSet:
    """XSTest (Röttger et al., NAACL 2024): prompts that only look unsafe; those that are unsafe are kept as a contrast."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cases = tuple(
        Case(id=f"xstest-{row['id']}", set="xstest", kind=row["label"], question=row["prompt"], group=row["focus"])
        for row in rows
    )
    return CaseSet("xstest", cases, "corpus")


def _bipia(path: Path) -> CaseSet:
    """BIPIA (Yi et al., KDD 2025): its instructions of 15 kinds, planted in the shipped notes beside what answers."""
    kinds = json.loads(path.read_text("utf-8"))
    payloads = [(kind, text) for texts in zip(*kinds.values(), strict=True) for kind, text in zip(kinds, texts, strict=True)]
    return injection_set("bipia", _shipped(DATA / "shipped").cases, payloads)


def _presidio(path: Path) -> CaseSet:
    """Synthetic sentences of presidio-research in which personal data is marked, for what is masked in consultations."""
    cases = tuple(
        Case(
            id=f"presidio-{number}",
            set="presidio",
            question=row["full_text"],
            spans=tuple(
                Span(kind=one["entity_type"], start=one["start_position"], end=one["end_position"]) for one in row["spans"]
            ),
        )
        for number, row in enumerate(_lines(path))
    )
    return CaseSet("presidio", cases, "corpus")


def _consulted(name: str, read: Callable[[Path], list[Planted]]) -> Callable[[Path], CaseSet]:
    """Consultations whose themes are known: their responses, the planted themes, and the forming with several seeds."""

    @cache  # each suite takes the set, and the room works on it once
    def of(path: Path) -> CaseSet:
        planted = {one.part: one for one in read(path)}
        cases = tuple(case for one in planted.values() for case in cases_of_consultation(name, one))
        return CaseSet(name, cases, "corpus", consultations=planted)

    return of


def cases_of_consultation(name: str, planted: Planted) -> Iterator[Case]:
    """What is looked at of one question: each response, each planted theme, and the forming with each seed."""

    def case(what: Literal["response", "theme", "seed"], key: str, shown: str, group: str) -> Case:
        about = OfConsultation(part=planted.part, what=what, key=key)
        told = {"id": f"{planted.part}, {what} {key}", "set": name, "question": shown, "group": f"{name}, {group}"}
        return Case(**told, kind=planted.part, consultation=about)

    for key, text in planted.texts.items():
        shown = f"(response {key}, whose words are not shown)" if planted.is_private else text
        yield case("response", key, shown, planted.campaigns.get(key) or f"{planted.part}, response {key}")
    for theme in planted.themes:
        yield case("theme", theme.id, theme.wording, f"{planted.part}, theme {theme.id}")
    for seed in range(SEEDS if planted.file else 0):
        yield case("seed", str(seed), f"{planted.part}: themes formed with seed {seed}", f"{planted.part}, seed {seed}")


def _ibm_kpa(path: Path) -> CaseSet:
    """IBM's key point analysis (Friedman-Melamed et al., 2021): arguments to be matched to the key points they say."""
    topics = {one.name: one for one in key_points(path.parent)}
    cases = tuple(
        Case(
            id=name,
            set="ibm_kpa",
            question=f"{name}: {len(one.arguments)} arguments, {len(one.points)} key points",
            consultation=OfConsultation(part=name, what="topic"),
            group=name.rpartition(", ")[0],
        )
        for name, one in topics.items()
    )
    return CaseSet("ibm_kpa", cases, "corpus", topics=topics)


def _labelled(name: str, claims: Sequence[Labelled]) -> CaseSet:
    """Claims that somebody has labelled, for the checker."""
    cases = tuple(
        Case(
            id=f"{name}-{number}",
            set=name,
            kind=claim.part,
            question=" ".join(claim.claims),
            labelled=claim,
            group=claim.group,
        )
        for number, claim in enumerate(claims)
    )
    return CaseSet(name, cases, "corpus")


def _turned() -> list[Labelled]:
    """Statements of the shipped notes, true, put otherwise, and turned false by rule."""
    documents = read_guidance([CORPUS], most_files=_MOST_NOTES, seed=_SEED)
    return from_cases(cases_of(documents, each=_EACH, seed=_SEED))


def _note(title: str, text: str) -> str:
    plain = json.dumps(" ".join(title.split()) or "Untitled")
    return f"---\ntitle: {plain}\n---\n\n{text.strip()}\n"


def _lines(path: Path) -> Sequence[Any]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


SETS: dict[str, tuple[str, Callable[[Path], CaseSet]]] = {
    "shipped": ("shipped", _shipped),
    "routing": ("routing_messages.jsonl", _routing),
    "currency": ("shipped", lambda path: currency_set()),
    "injection": ("shipped", lambda path: injection_set("injection", _shipped(path).cases, list(OWN.items()))),
    "uploads": ("shipped", lambda path: upload_set("uploads", _shipped(path).cases)),
    "perturbations": ("shipped", lambda path: _labelled("perturbations", _turned())),
    "conditionalqa": ("conditionalqa/questions.jsonl", _conditionalqa),
    "clapnq": ("clapnq/questions.jsonl", _clapnq),
    "mtrag": ("mtrag/reference_other.jsonl", _mtrag),
    "or_sharc": ("or_sharc/dev.jsonl", _or_sharc),
    "xstest": ("xstest/xstest_prompts.csv", _xstest),
    "bipia": ("bipia/text_attack_train.json", _bipia),
    "attributionbench": (
        "attributionbench/dev.jsonl",
        lambda path: _labelled("attributionbench", attributionbench(path.parents[1])),
    ),
    "wice": ("wice/dev.jsonl", lambda path: _labelled("wice", wice(path.parents[1]))),
    "summedits": ("summedits/news.jsonl", lambda path: _labelled("summedits", summedits(path.parents[1]))),
    "presidio": ("presidio/pii.jsonl", _presidio),
    "library": (str(LIBRARY), _consulted("library", library)),
    "themefinder": ("themefinder", _consulted("themefinder", themefinder)),
    "nhs_fft": ("nhs_fft/comments.csv", _consulted("nhs_fft", nhs)),
    "ibm_kpa": ("ibm_kpa/labels_dev.csv", _ibm_kpa),
}
"""Path and reader of each set; sets that are made from shipped data have its path."""
SHIPPED_SETS = ("shipped", "routing", "currency", "injection", "uploads", "perturbations", "library")
"""Those that every checkout has; the others are public sets."""
PUBLIC_SETS = tuple(name for name in SETS if name not in SHIPPED_SETS)

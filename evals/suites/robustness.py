"""Does another wording change what is found? Each question is asked as it is and changed by rule; paired."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable

from assistant.answer import Reason
from evals.cases import Case
from evals.metrics import evidence_found, first_words
from evals.paraphrases import PARAPHRASES
from evals.results import Measure, SampleResult, mean_of
from evals.rules import Pool
from evals.suites.suite import Asked, Suite

_WORDS = 500
_WORD = re.compile(r"[A-Za-z]{4,}")
_NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "n": "m", "o": "p", "r": "t", "s": "d", "t": "y", "u": "i", "l": "k"}
_MAIL = (
    "Hi all,\n\nHope you are well. Sorry to trouble you with this on a busy week, but the minister's office has asked and I "
    "said I would come back to them by Thursday. {question} I had a look on the intranet and could not find it.\n\n"
    "Many thanks\n\nSam\n\nSam Oakley | Policy adviser | Pronouns: they/them\nThis e-mail may contain official information. "
    "If you received it in error, tell the sender and delete it."
)
_LONG = (
    "I am new in the team and have been given this by my line manager, who is away until Monday, and the colleague who "
    "used to deal with it has moved to another department. I have read what I could find. {question} I would rather be "
    "sure than guess, because it will be in a submission."
)


def _typos(text: str, draw: random.Random) -> str:
    """One letter in each of two long words swapped, left out or mistyped."""
    words = list(_WORD.finditer(text))
    for found in sorted(draw.sample(words, min(2, len(words))), key=lambda one: -one.start()):
        word, place = found[0], draw.randrange(1, len(found[0]) - 1)
        swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        mistyped = word[:place] + _NEIGHBOURS.get(word[place], "x") + word[place + 1 :]
        changed = draw.choice([swapped, word[:place] + word[place + 1 :], mistyped])
        text = text[: found.start()] + changed + text[found.end() :]
    return text


def _paraphrase(text: str, draw: random.Random) -> str:
    rules = list(PARAPHRASES.values())
    draw.shuffle(rules)
    pool = Pool(())
    return next((changed for rule in rules if (changed := rule(text, draw, pool)) and changed != text), text)


CHANGES: dict[str, Callable[[str, random.Random], str]] = {
    "typos": _typos,
    "lower_case": lambda text, _: re.sub(r"[?.!,]", "", text).lower(),
    "capitals": lambda text, _: text.upper(),
    "paraphrase": _paraphrase,
    "long": lambda text, _: _LONG.format(question=text),
    "e_mail": lambda text, _: _MAIL.format(question=text),
    "two_questions": lambda text, _: f"{text} And who do I send the form to when I book a meeting room?",
}
_TITLES = {
    "typos": "with two typing errors", "lower_case": "in lower case, no punctuation", "capitals": "in capitals",
    "paraphrase": "in slightly other words", "long": "in a long story", "e_mail": "in a pasted e-mail",
    "two_questions": "with a second question after it",
}  # fmt: skip
_WRITTEN = {"other_words": "in somebody else’s words", "translation": "in another language"}
_NO_CHANGES = {"as_asked", "translation", "language_told"}  # what is asked in another language is meant to be turned away


def score(asked: Asked) -> SampleResult:
    """One case: what is found of its evidence as asked, and what each change adds or takes."""
    case = asked.case
    plain = _found(asked, case)
    measures = {"as_asked": plain}
    lost = []
    for name, change in CHANGES.items():
        draw = random.Random(hashlib.sha256(f"{name}:{case.id}".encode()).digest())
        changed = change(case.question, draw)
        if changed != case.question:
            measures[name] = _found(asked, case.model_copy(update={"question": changed})) - plain
            lost += [f"{_TITLES[name]}: “{changed}”"] if measures[name] < 0 else []
    for name, changed in _written(case).items():
        measures[name] = _found(asked, case.model_copy(update={"question": changed})) - plain
        lost += [f"{_WRITTEN[name]}: “{changed}”"] if measures[name] < 0 else []
    if case.translation:
        translated = case.model_copy(update={"question": case.translation})
        told = asked.observer.ask(translated, asked.set.guidance, epoch=asked.epoch).answer.reason
        measures["language_told"] = float(told is Reason.OTHER_LANGUAGE)
    worst = min((value for name, value in measures.items() if name not in _NO_CHANGES), default=0.0)
    return SampleResult(
        suite="robustness",
        set=case.set,
        id=case.id,
        epoch=asked.epoch,
        cluster=case.cluster,
        kind=case.kind,
        question=case.question,
        measures=mean_of(**measures),
        badness=max(0.0, -worst),
        why="evidence is lost when the question is put otherwise" if lost else "",
        shown="\n".join(lost),
        evidence=case.evidence,
    )


def _written(case: Case) -> dict[str, str]:
    """How somebody else put the question, where somebody did."""
    written = {"other_words": case.other_words, "translation": case.translation}
    return {name: text for name, text in written.items() if text}


def _found(asked: Asked, case: Case) -> float:
    passages = asked.observer.find(case, asked.set.guidance)
    return evidence_found(case.evidence, first_words((one.text for one in passages), _WORDS))


SUITE = Suite(
    name="robustness",
    asks="Does another wording change what is found? Differences of the evidence in the first 500 words; 0 is best.",
    measures=(
        Measure("as_asked", "evidence found as asked", "In the first 500 words; what the differences below are from."),
        *(
            Measure(
                name,
                title,
                "Difference to the question as asked, question by question; below 0, evidence is lost.",
                "high",
                "difference",
            )
            for name, title in _TITLES.items()
        ),
        *(
            Measure(
                name,
                title,
                "The same for questions that somebody else put anew.",
                "high",
                "difference",
                optional=True,
            )
            for name, title in _WRITTEN.items()
        ),
        Measure(
            "language_told",
            "other languages noticed",
            "Bernard searches in English, and says so to whoever asks in another language.",
            optional=True,
        ),
    ),
    score=score,
    sets=("shipped", "conditionalqa"),
    enough=120,
    select=lambda case: case.answerable and bool(case.evidence) and not case.history,
)

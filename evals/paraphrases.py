"""Rules that say the same in slightly other words. Knows nothing of documents or of the checker."""

from __future__ import annotations

import random
import re

from evals.rules import Pool, Rule, pick, swap

_SYNONYMS = [
    ("for example", "for instance"), ("such as", "like"), ("tell", "inform"), ("help", "assist"), ("buy", "purchase"), ("about", "regarding"),
    ("get", "receive"), ("begin", "start"), ("need to", "must"), ("must", "has to"), ("have to", "must"), ("can", "may"), ("because", "since"), ("if you want to", "if you wish to"),
    ("usually", "normally"), ("however", "but"), ("also", "in addition"), ("contact", "get in touch with"), ("pay", "make payment of"), ("show", "demonstrate"),
    ("large", "big"), ("additional", "further"), ("whether", "if"), ("in order to", "to"), ("to", "in order to"), ("obtain", "get"), ("ensure", "make sure"),
    ("make sure", "ensure"), ("children", "kids"), ("receive", "get"), ("permitted", "allowed"), ("allowed", "permitted"), ("require", "need"), ("more than", "over"),
    ("at least", "no less than"), ("up to", "no more than"), ("within", "in no more than"), ("must not", "is not allowed to"), ("immediately", "straight away"), ("before", "prior to"),
]  # fmt: skip


def _synonym(text: str, draw: random.Random, _: Pool) -> str | None:
    found = []
    for old, new in _SYNONYMS:
        for match in re.finditer(rf"(?<![\w-]){old}(?![\w-])", text):
            following = text[match.end() : match.end() + 12]
            if old in {"must", "must not"} and not re.search(
                r"\b(?:it|he|she|that|which|who|authority|department|employer|company|person|business|trader) $",
                text[: match.start()],
            ):
                continue
            if old == "must" and following.startswith(" not"):
                continue
            if old == "to" and (
                not re.search(
                    r"\b(?:used|form|steps|action|time|information|money|plan|work|systems?) $", text[: match.start()]
                )
                or not re.match(r" (?:help|make|get|check|find|do|support|manage|show|keep|provide) ", text[match.end() :])
            ):
                continue
            if old == "about" and re.match(r" (?:£|\d|half|to\b|how|what|whether)", following):
                continue
            if old in {"within", "more than", "up to"} and not re.match(r" [£\d]", following):
                continue
            if old in {"need to", "have to"} and re.search(
                r"\b(?:not|n't|n’t|will|may|might|would|no|don’t) $", text[: match.start()]
            ):
                continue
            if old == "can" and following.startswith(("not", " not")):
                continue
            if old == "whether" and "whether or" in text:
                continue
            if old in {"help", "contact", "pay", "show", "need", "require", "buy", "get"} and not re.search(
                r"\b(?:to|can|must|may|should|will|you|they) $", text[: match.start()]
            ):
                continue
            if old == "get" and not re.match(
                r" (?:a|an|the|your|any|up|more|money|help|support|£|paid) ", text[match.end() :]
            ):
                continue
            found.append((match, new))
    if not found:
        return None
    match, new = draw.choice(found)
    return swap(text, match, new)


def _turned_round(text: str, _: random.Random, __: Pool) -> str | None:
    found = re.match(r"^(If [^,.;:]+), (?!then\b|and\b|or\b)([a-z][^;:]+)\.$", text)
    if not found or "," in found[2]:
        return None
    return f"{found[2][0].upper()}{found[2][1:]} {found[1][0].lower()}{found[1][1:]}."


def _without_opening(text: str, _: random.Random, __: Pool) -> str | None:
    found = re.match(
        r"^(?:However|For example|Also|In addition|Therefore|In general|Normally|Generally|In these cases|In this case|As a result),? ",
        text,
    )
    return text[found.end()].upper() + text[found.end() + 1 :] if found else None


def _introduced(text: str, draw: random.Random, _: Pool) -> str | None:
    if not re.match(r"(?:You|The|A|An|It|They|There|Your|This|These|All|Any|Each|Some|Most|Where|When|If)\b", text):
        return None
    opening = draw.choice(["According to the guidance, ", "The guidance says that ", "Under the rules, ", "In short, "])
    return opening + text[0].lower() + text[1:]


_WORDS_OF = {
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "10": "ten",
    "12": "twelve",
    "20": "twenty",
    "28": "twenty-eight",
    "30": "thirty",
}


def _number_in_words(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(
        re.compile(
            r"(?<![£$€\d.,(/-])\b(2|3|4|5|6|7|8|9|10|12|20|28|30)(?= (?:working |calendar )?(?:days?|weeks?|months?|years?|hours?|people|times)\b)"
        ),
        text,
        draw,
    )
    return swap(text, found, _WORDS_OF[found[0]]) if found else None


def _percent(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(re.compile(r"(?<=\d)%"), text, draw)
    return swap(text, found, " per cent") if found else None


def _contraction(text: str, draw: random.Random, _: Pool) -> str | None:
    pairs = {
        "do not": "don't",
        "does not": "doesn't",
        "is not": "isn't",
        "are not": "aren't",
        "you will": "you'll",
        "cannot": "can't",
        "will not": "won't",
        "should not": "shouldn't",
    }
    found = pick(re.compile(rf"\b(?:{'|'.join(pairs)})\b"), text, draw)
    if found:
        return swap(text, found, pairs[found[0]])
    back = {new: old for old, new in pairs.items()}
    found = pick(re.compile(rf"\b(?:{'|'.join(back)})\b"), text.replace("’", "'"), draw)
    return swap(text.replace("’", "'"), found, back[found[0]]) if found else None


def _without_brackets(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(re.compile(r" \((?!s\))(?![^)]*\b(?:not|unless|except|only|if)\b)[^()]{6,60}\)"), text, draw)
    return text[: found.start()] + text[found.end() :] if found else None


def _people(text: str, _: random.Random, __: Pool) -> str | None:
    if len(re.findall(r"\byou(?:r|rs|rself|'|’)?", text, re.IGNORECASE)) != 1:
        return None
    found = re.match(r"^You (?=(?:must|should|can|may|will|need|have)\b)", text)
    return f"People {text[found.end() :]}" if found else None


PARAPHRASES: dict[str, Rule] = {
    "synonym": _synonym, "clauses turned round": _turned_round, "without opening": _without_opening, "introduced": _introduced,
    "number in words": _number_in_words, "per cent": _percent, "contraction": _contraction, "without brackets": _without_brackets, "people for you": _people,
}  # fmt: skip

"""Rules that make a true sentence false, one a kind of fact. Knows nothing of documents or of the checker."""

from __future__ import annotations

import random
import re

from evals.rules import Pool, Rule, pick, swap

KINDS = (
    "number", "money", "unit", "date", "negation", "obligation", "name", "nation", "condition dropped", "condition turned",
    "comparison", "order", "roles", "opposite", "doer", "limit dropped",
    "doubt dropped", "tail dropped",
)  # fmt: skip
"""What is corrupted."""
STRUCTURAL = ("lead-in", "bare item", "row swap", "joined")
"""What is corrupted of lists, tables and pairs of sentences, where a statement stands in two places: see `perturbations`."""
LEFT_OUT = frozenset({"condition dropped", "limit dropped", "doubt dropped", "tail dropped", "bare item"})
"""What is said too widely, not wrongly: it counts as caught when it is not shown as fully supported."""


_COUNT = re.compile(
    r"(?<![£$€\d.,/-])\b(\d{1,3}(?:,\d{3})*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)\b(?![\d/-]|[.,]\d|\s?(?:January|February|March|April|May|June|July|August|September|October|November|December|am\b|pm\b))"
)
_IN_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "thirty"]


def _number(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(_COUNT, text, draw)
    if not found:
        return None
    if found[0] in _IN_WORDS:
        return swap(text, found, draw.choice([word for word in _IN_WORDS if word != found[0]]))
    value = int(found[0].replace(",", ""))
    new = draw.choice(
        [value + draw.randint(1, 9), max(1, value * 2 + 1), value + 10, max(1, value // 2) if value > 3 else value + 2]
    )
    return swap(text, found, f"{new:,}" if new != value else f"{value + 1:,}")


_MONEY = re.compile(r"£(\d{1,3}(?:,\d{3})*(?:\.\d+)?)(?![\d])")


def _money(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(_MONEY, text, draw)
    if not found:
        return None
    value = float(found[1].replace(",", ""))
    new = draw.choice([value * 10, value + 50, round(value * 1.5 + 1, 2), max(1, value // 2) if value > 3 else value + 3])
    return swap(text, found, f"£{new:,.0f}" if new == int(new) else f"£{new:,.2f}")


_UNIT = re.compile(r"\b(working days?|calendar days?|days?|weeks?|months?|years?|hours?|minutes?)\b(?<!\btoday)")
_UNITS = {
    "working day": ["day", "week", "month"], "calendar day": ["working day"], "day": ["working day", "week", "month", "hour"],
    "week": ["day", "month"], "month": ["week", "year", "day"], "year": ["month", "week"], "hour": ["day", "minute"], "minute": ["hour"],
}  # fmt: skip
_MEASURED = re.compile(
    rf"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)[ -](?P<unit>{_UNIT.pattern[2:]})"
)


def _unit(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(_MEASURED, text, draw)
    if not found:
        return None
    old = found["unit"]
    single = old.removesuffix("s")
    new = draw.choice(_UNITS[single])
    return swap(text, found, new + ("s" if old != single else ""), "unit")


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(rf"\b(?:(?P<day>\d{{1,2}}) )?(?P<month>{'|'.join(_MONTHS)})(?: (?P<year>(?:19|20)\d\d))?\b")


def _date(text: str, draw: random.Random, _: Pool) -> str | None:
    found = [match for match in _DATE.finditer(text) if match["day"] or match["year"]]
    if not found:
        return None
    match = draw.choice(found)
    part = draw.choice([name for name in ("day", "month", "year") if match[name]])
    if part == "month":
        new = draw.choice([month for month in _MONTHS if month != match["month"]])
    elif part == "day":
        new = str(draw.choice([day for day in range(1, 28) if day != int(match["day"])]))
    else:
        new = str(int(match["year"]) + draw.choice([-3, -2, -1, 1, 2, 3]))
    return swap(text, match, new, part)


_VERBS = re.compile(r"\b(is|are|was|were|will|does|do|has been|have been|can|should|must|may)\b(?! not\b|n't|n’t)")
_NOT = re.compile(
    r"\b(is|are|was|were|will|does|do|can|should|must|may|could|would) not\b ?|\b(is|are|was|were|do|does|should|would|could)n['’]t\b"
)


def _negation(text: str, draw: random.Random, _: Pool) -> str | None:
    denied = pick(_NOT, text, draw)
    if denied and draw.random() < 0.7:
        return swap(text, denied, f"{denied[1] or denied[2]} " if denied[1] else denied[2])
    if "cannot" in text and draw.random() < 0.7:
        return text.replace("cannot", "can", 1)
    if text.endswith("?"):
        return None
    found = pick(_VERBS, text, draw)
    if not found or (found.start() == 0):
        return None
    word = found[0]
    return swap(text, found, "cannot" if word == "can" else f"{word.split(' ')[0]} not{word[len(word.split(' ')[0]) :]}")


_DUTY = re.compile(
    r"\b(must not|must|should not|should|may not|may(?! \d)|cannot|can(?!not)|do not need to|do not have to|need to|have to)\b"
)
_DUTIES = {
    "must not": ["may", "should", "must"], "must": ["may", "should", "do not have to"], "should not": ["must", "can", "should"],
    "should": ["must", "may", "do not need to"], "may not": ["must", "may"], "may": ["must", "should", "must not"],
    "cannot": ["can", "must"], "can": ["must", "cannot", "should"], "do not need to": ["must", "need to"],
    "do not have to": ["must", "have to"], "need to": ["do not need to", "may", "can"], "have to": ["do not have to", "may", "can"],
}  # fmt: skip


def _obligation(text: str, draw: random.Random, _: Pool) -> str | None:
    found = [
        match
        for match in _DUTY.finditer(text)
        if not text[: match.start()].rstrip().endswith((" in", " by", " until", " since", "from"))
    ]
    if not found:
        return None
    match = draw.choice(found)
    return swap(text, match, draw.choice(_DUTIES[match[0].lower()]))


BODY = re.compile(
    r"\b(?:[A-Z][a-zA-Z’']+(?: (?:of|and|for|the|&) (?=[A-Z]| ?the [A-Z])|[ -](?=[A-Z])))*(?:[A-Z][a-z’']+) (?:Act|Office|Department|Agency|Council|Commission|Commissioner|Authority|Service|Court|"
    r"Tribunal|Board|Committee|Ministry|Executive|Regulations|Order|Credit|Allowance|Benefit|Pension|Scheme|Fund|Treasury|Inspectorate|Ombudsman)\b"
    r"|\b(?:HMRC|DWP|DVLA|ICO|HM Treasury|Ofsted|Ofcom|Defra|DEFRA|MHCLG|UKHSA|HSE|CMA|FCA|VOA|GDS|NHS|Companies House|Jobcentre Plus|Cabinet Office|Home Office|UK Visas and Immigration|Student Finance England)\b"
)


def _name(text: str, draw: random.Random, pool: Pool) -> str | None:
    found = pick(BODY, text, draw)
    if not found:
        return None
    last = found[0].split()[-1]
    alike = [body for body in pool.bodies if body.split()[-1] == last and body not in text]
    alike = [body for body in alike if len(set(body.split()) - {"The", "HM"} ^ set(found[0].split()) - {"The", "HM"}) > 1]
    others = [body for body in pool.bodies if body not in text and not set(body.split()) & set(found[0].split())]
    choice = alike if alike and draw.random() < 0.5 else others
    return swap(text, found, draw.choice(choice)) if choice else None


_NATION = re.compile(r"\b(England and Wales|England|Wales|Scotland|Northern Ireland|Great Britain)\b")
_NATIONS = ["England", "Wales", "Scotland", "Northern Ireland"]


def _nation(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(_NATION, text, draw)
    if not found:
        return None
    new = [nation for nation in _NATIONS if nation not in text]
    return swap(text, found, draw.choice(new)) if new else None


_TRAILING = re.compile(
    r",? (?:only (?:if|when|where)|if|unless|except (?:that|for|where|when|if|in)|except|provided that|as long as|subject to) [^.;:]{12,}(?=[.]?$)"
)
_LEADING = re.compile(r"^(?:If|Unless|Provided(?: that)?|As long as|Only if|Except (?:where|when|if)) [^.;:,]{8,}, (?=\w)")


_UNFINISHED = re.compile(r"\b(?:and|or|is|are|be|was|only|not|the|to|of|but|that|either)[.]?$|[,(–-][.]?$")


def _condition_dropped(text: str, _: random.Random, __: Pool) -> str | None:
    if re.search(
        r"\b(?:ask|see|check|know|decide|consider|even|as|out|what|sure|tell us|whether) if\b|\bif (?:any|so|necessary|appropriate|applicable)\b",
        text,
    ):
        return None
    for form in (_TRAILING, _LEADING):
        if found := form.search(text):
            rest = text[: found.start()] + text[found.end() :]
            if len(rest.split()) >= 5 and not _UNFINISHED.search(rest) and rest.count("(") == rest.count(")"):
                return rest[0].upper() + rest[1:]
    return None


def _condition_turned(text: str, _: random.Random, __: Pool) -> str | None:
    for old, new in (
        ("only if ", "even if "),
        ("unless ", "if "),
        ("Unless ", "If "),
        (" except ", " including "),
        (" if ", " unless "),
        ("If ", "Unless "),
    ):
        found = re.search(rf"(?<![a-z]){old}", text)
        if found and not re.search(
            r"\b(?:ask|see|check|know|decide|consider|even|as|out|what|only) $", text[: found.start() + 1]
        ):
            if re.match(r"(?:if|If) (?:any|necessary|possible|appropriate|applicable|so)\b", text[found.start() :].lstrip()):
                continue
            return text[: found.start()] + new + text[found.end() :]
    return None


_COMPARED = [
    ("at least", "at most"), ("more than", "less than"), ("less than", "more than"), ("up to", "at least"), ("no more than", "no less than"),
    ("not more than", "not less than"), ("or more", "or less"), ("or over", "or under"), ("over", "under"), ("under", "over"),
    ("above", "below"), ("below", "above"), ("higher", "lower"), ("lower", "higher"), ("greater than", "less than"), ("fewer than", "more than"),
    ("minimum", "maximum"), ("maximum", "minimum"), ("longer than", "shorter than"), ("exceeds", "is below"), ("increase", "decrease"), ("reduce", "increase"),
]  # fmt: skip


def _comparison(text: str, draw: random.Random, _: Pool) -> str | None:
    found = []
    for old, new in _COMPARED:
        for match in re.finditer(rf"\b{old}\b", text):
            if old in {"over", "under", "above", "below"} and not re.match(
                r" (?:the age of |age )?[£\d]", text[match.end() :]
            ):
                continue
            if old in {"more than", "less than"} and text[: match.start()].rstrip().lower().endswith(("no", "not")):
                continue
            if old == "under" and re.match(r" (?:section|regulation|article)", text[match.end() :]):
                continue
            found.append((match, new))
    if not found:
        return None
    match, new = draw.choice(found)
    return swap(text, match, new)


def _order(text: str, draw: random.Random, _: Pool) -> str | None:
    pairs = {"before": "after", "after": "before", "until": "from", "prior to": "following", "following": "prior to"}
    found = pick(
        re.compile(
            r"\b(before|(?<!look )(?<!looking )(?<!looked )after|until|prior to|(?<=the )following(?= (?:day|month|week|year))?(?!:))\b"
        ),
        text,
        draw,
    )
    if not found or found[0] == "following":
        return None
    return swap(text, found, pairs[found[0]])


_ACTORS = "you|your employer|the employer|the employee|employees?|the applicant|the landlord|the tenant|the council|the local authority|the department|the minister|ministers|the public authority|the tribunal|the court|the trader|the customer|HMRC|DWP|the taxpayer|the supplier|the buyer|the contractor|the business|the partnership|the company|the Commissioner|the patient|the parent|parents"
_ROLES = re.compile(
    rf"\b(?P<a>{_ACTORS})(?P<verb> (?:must|should|can|may|will|has to|have to|needs? to)(?: not| also)? (?:tell|give|pay|send|ask|inform|notify|provide|offer|contact|write to|consult|supply|charge|let|allow|help|support|show) (?:[a-z]+ ){{0,2}}?)(?P<b>{_ACTORS})\b",
    re.IGNORECASE,
)


def _roles(text: str, _: random.Random, __: Pool) -> str | None:
    found = _ROLES.search(text)
    if not found or found["a"].lower() == found["b"].lower():
        return None
    a, b = found["a"], found["b"]
    new_a, new_b = (b[0].upper() + b[1:] if a[0].isupper() else b), (a if a.isupper() else a[0].lower() + a[1:])
    return text[: found.start()] + new_a + found["verb"] + new_b + text[found.end() :]


_DOER = re.compile(
    rf"(?:^|(?<=[.;,] ))(?P<a>{_ACTORS})(?= (?:must|should|may|can|will|has to|have to)(?! (?:not )?(?:be|have)\b))",
    re.IGNORECASE,
)
_OTHERS = (
    "the landlord", "the tenant", "the council", "the minister", "the tribunal", "the court", "the trader", "the supplier",
    "the contractor", "the taxpayer", "the patient", "the ombudsman", "the auditor", "the inspector", "the registrar",
)  # fmt: skip


def _doer(text: str, draw: random.Random, _: Pool) -> str | None:
    """Somebody else does it. "You" is left alone: whom it means depends on the page."""
    found = [match for match in _DOER.finditer(text) if match["a"].lower() != "you"]
    others = [actor for actor in _OTHERS if actor.split()[-1] not in text.lower()]
    if not found or not others:
        return None
    return swap(text, draw.choice(found), draw.choice(others), "a")


_LIMIT = re.compile(
    r" (?:worth|valued at|costing|earning|aged|exceeding) (?:(?:more|less|fewer) than|over|under|at least|up to)? ?£?\d[\d,.]*"
    r"(?: (?:years?|months?))?(?: (?:to|or|and) \d[\d,.]*(?: (?:years?|months?))?)?(?: old)?(?: (?:or|and) (?:over|more|under|above))?"
    r"(?=[ .,])"
)
_MUST_FOLLOW = re.compile(r"\b(?:is|are|was|were|be|those|someone|or|and|you[’']re)$", re.IGNORECASE)


def _limit_dropped(text: str, draw: random.Random, _: Pool) -> str | None:
    found = pick(_LIMIT, text, draw)
    if not found or not found.start() or _MUST_FOLLOW.search(text[: found.start()]):
        return None
    return text[: found.start()] + text[found.end() :]


_OPPOSITES = [
    ("included", "excluded"), ("includes", "excludes"), ("include", "exclude"), ("taxable", "exempt from tax"), ("allowed", "prohibited"),
    ("public", "private"), ("temporary", "permanent"), ("accept", "reject"), ("accepted", "rejected"), ("internal", "external"),
    ("full-time", "part-time"), ("lawful", "unlawful"), ("eligible", "ineligible"), ("always", "never"), ("all", "none of the"), ("start", "end"),
    ("first", "last"), ("approved", "refused"), ("income", "expenditure"), ("allow", "prevent"), ("encourage", "discourage"), ("free", "chargeable"),
    ("mandatory", "optional"), ("directly", "indirectly"), ("employed", "self-employed"), ("buyer", "seller"), ("landlord", "tenant"), ("employer", "employee"),
]  # fmt: skip


def _opposite(text: str, draw: random.Random, _: Pool) -> str | None:
    found = [
        (match, new) for old, new in _OPPOSITES for match in re.finditer(rf"\b{old}\b", text) if new.split()[0] not in text
    ]
    if not found:
        return None
    match, new = draw.choice(found)
    return swap(text, match, new)


_DOUBTS = [
    ("may be able to", "can"), ("might be able to", "can"), ("may be eligible", "are eligible"), ("may be entitled", "are entitled"),
    ("might", "will"), ("usually ", ""), ("normally ", ""), ("in most cases", "in all cases"),
]  # fmt: skip


def _doubt_dropped(text: str, draw: random.Random, _: Pool) -> str | None:
    found = [(match, new) for old, new in _DOUBTS for match in re.finditer(rf"\b{old}", text)]
    if not found:
        return None
    match, new = draw.choice(found)
    return swap(text, match, new)


_TAIL = re.compile(
    r" (?:where|with|without|during|when|within|for each|on|before|after|under|from|until) [^,;:.()]{6,60}[.]$"
)


def _tail_dropped(text: str, _: random.Random, __: Pool) -> str | None:
    found = _TAIL.search(text)
    if not found or len(text[: found.start()].split()) < 5 or _UNFINISHED.search(text[: found.start()]):
        return None
    return f"{text[: found.start()]}."


CORRUPTIONS: dict[str, Rule] = dict(
    zip(
        KINDS,
        (
            _number,
            _money,
            _unit,
            _date,
            _negation,
            _obligation,
            _name,
            _nation,
            _condition_dropped,
            _condition_turned,
            _comparison,
            _order,
            _roles,
            _opposite,
            _doer,
            _limit_dropped,
            _doubt_dropped,
            _tail_dropped,
        ),
        strict=True,
    )
)

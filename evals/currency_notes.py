"""Invented notes of every standing, current to withdrawn, with the notice that is due beside an answer from each.

The permits are of no real office, so that nobody takes one for guidance. Knows nothing of who is asked.
"""

from __future__ import annotations

import datetime as dt

from assistant.answer import Notice, Status
from evals.cases import Brought, Case, CaseSet

_TRADES = {
    "current": ("beekeeping", "kite flying", "bell ringing"),
    "old": ("hedge laying", "stone carving", "eel fishing"),
    "undated": ("peat cutting", "maypole dancing", "cider making"),
    "withdrawn": ("falcon training", "thatch burning", "barge towing"),
    "superseded": ("sheep dipping", "glass blowing", "rope walking"),
    "other nation": ("coracle racing", "slate splitting", "choir singing"),
    "conflict": ("lamp lighting", "clock winding", "well digging"),
}
_DUE: dict[str, tuple[Notice, ...]] = {
    "current": (),
    "old": (Notice.OLD,),
    "undated": (Notice.UNDATED,),
    "withdrawn": (Notice.WITHDRAWN,),
    "superseded": (Notice.SUPERSEDED,),
    "other nation": (Notice.OTHER_NATION,),
    "conflict": (Notice.CONFLICT,),
}
_OFFICE = "Office of Invented Permits"
_YEARS_OLD = 9


def currency_set(*, today: dt.date | None = None) -> CaseSet:
    """The notes and three questions about each."""
    today = today or dt.date.today()
    files: dict[str, str] = {}
    cases: list[Case] = []
    for standing, trades in _TRADES.items():
        for number, trade in enumerate(trades):
            name = f"{standing}-{trade}".replace(" ", "-")
            url = f"https://www.gov.uk/guidance/{name}"
            years, fee, days = 3 + number, 40 + 5 * number, 21 + 7 * number
            files[f"{name}.md"] = _note(trade, url, standing, today, years=years, fee=fee, days=days)
            if standing == "conflict":
                other = f"{url}-charges"
                files[f"{name}-charges.md"] = _note(
                    trade, other, "current", today, years=years + 2, fee=fee + 25, days=days + 14, title="Charges and dates"
                )
            place = " in England" if standing == "other nation" else ""
            asked = {
                f"How long does a {trade} permit last{place}?": f"A {trade} permit lasts {years} years.",
                f"What is the fee for a {trade} permit{place}?": f"The fee for a {trade} permit is £{fee}.",
                f"How many days before it starts must I apply for a {trade} permit{place}?": (
                    f"You must apply for a {trade} permit at least {days} days before it starts."
                ),
            }
            for place_in_note, (question, evidence) in enumerate(asked.items()):
                cases.append(
                    Case(
                        id=f"{name}-{place_in_note}",
                        set="currency",
                        kind=standing,
                        question=question,
                        expected_status=Status.ANSWERED,
                        url=url,
                        documents=(f"{name}.md",),
                        evidence=(evidence,),
                        notices=_DUE[standing],
                    )
                )
    return CaseSet("currency", tuple(cases), Brought(files))


def _note(
    trade: str, url: str, standing: str, today: dt.date, *, years: int, fee: int, days: int, title: str = "Permits"
) -> str:
    facts = {"title": f"{title} for {trade}", "url": url, "organisation": _OFFICE, "document_type": "guidance"}
    if standing != "undated":
        facts["updated"] = str(
            today.replace(year=today.year - _YEARS_OLD, day=1) if standing == "old" else today.replace(day=1)
        )
    if standing == "withdrawn":
        facts["withdrawn"] = "true"
    if standing == "superseded":
        facts["superseded_by"] = f"Licences for {trade}"
    if standing == "other nation":
        facts["extent"] = "Wales"
    front = "".join(f'{name}: "{value}"\n' for name, value in facts.items())
    body = (
        f"A {trade} permit lasts {years} years.\n\n## Fee\n\nThe fee for a {trade} permit is £{fee}.\n\n## When to apply\n\n"
        f"You must apply for a {trade} permit at least {days} days before it starts."
    )
    return f"---\n{front}---\n\n{body}\n"

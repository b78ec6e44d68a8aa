"""A dozen invented notes, small enough to know by heart: lists, tables, exceptions, old, withdrawn and repeated guidance."""

from __future__ import annotations

_BOARD, _FOG = "Board of Lights", "Fog Office"


def _note(title: str, body: str, organisation: str = _BOARD, kind: str = "guidance", **facts: str) -> str:
    given = {"title": title, "organisation": organisation, "document_type": kind, **facts}
    front = "".join(f'{key}: "{value}"\n' for key, value in given.items())
    return f"---\n{front}---\n\n{body}\n"


_PAGE = "https://www.gov.uk/guidance"

NOTES = {
    "leave.md": _note(
        "Leave for lighthouse keepers",
        """\
Lighthouse keepers have 31 days of paid leave in each leave year.

## How to apply {#how-to-apply}

Apply to the harbour master at least 14 days before the leave starts. The harbour master must reply in writing within 5 days.

## What to tell the harbour master {#what-to-tell}

You must tell the harbour master:

- the first and last day of the leave
- who will keep the light
- how you can be reached in a storm

## Carrying leave over {#carrying-over}

You can carry over 6 days of leave into the next leave year.

However, a keeper on an island can carry over 12 days.""",
        url=f"{_PAGE}/lighthouse-leave",
        updated="2026-03-02",
    ),
    "leave-scotland.md": _note(
        "Leave for lighthouse keepers in Scotland",
        "In Scotland, lighthouse keepers have 35 days of paid leave in each leave year.",
        url=f"{_PAGE}/lighthouse-leave-scotland",
        updated="2026-03-02",
        extent="Scotland",
    ),
    "fog/signals.md": _note(
        "Fog signals: charges and records",
        """\
Sound the fog signal when visibility falls below 2 nautical miles.

## Charges {#charges}

| Vessel | Charge |
| --- | --- |
| Fishing boat | £12 |
| Ferry | £140 |

## Records {#records}

Keep the fog log for 7 years. Destroy it after that, unless an inquiry has asked for it.""",
        _FOG,
        "detailed_guide",
        url=f"{_PAGE}/fog-signals",
        updated="2015-06-01",
    ),
    "fog/bells.md": _note(
        "Ringing the bell",
        "Ring the bell twice at dawn. Ring it four times when a ship is aground.",
        _FOG,
        "detailed_guide",
        url=f"{_PAGE}/bells",
    ),
    "oil/buying.md": _note(
        "Buying lamp oil",
        """\
Buy lamp oil from a supplier on the approved list. Get 3 quotes if the order is worth more than £5,000.

## Storing oil {#storing}

Store lamp oil in a locked shed, away from the signal room. Check the shed for leaks every week.""",
        url=f"{_PAGE}/lamp-oil",
        updated="2026-01-20",
    ),
    "oil/buying-2019.md": _note(
        "Buying lamp oil (2019 rules)",
        "Get 2 quotes for lamp oil if the order is worth more than £1,000.",
        url=f"{_PAGE}/lamp-oil-2019",
        updated="2019-01-20",
        superseded_by="Buying lamp oil",
    ),
    "oil/whale.md": _note(
        "Whale oil",
        "Whale oil may be burnt in the lamp on the Queen's birthday.",
        url=f"{_PAGE}/whale-oil",
        updated="2011-05-05",
        withdrawn="true",
        notice="Whale oil may no longer be used.",
    ),
    "uniform.md": _note(
        "Uniform",
        "Wear the oilskin coat on watch. The Board replaces a torn coat free of charge within 10 working days.",
        url=f"{_PAGE}/uniform",
        updated="2026-02-01",
    ),
    "uniform-copy.md": _note(
        "Uniform for assistant keepers",
        "Wear the oilskin coat on watch. The Board replaces a torn coat free of charge within 10 working days.",
        url=f"{_PAGE}/uniform-assistants",
        updated="2026-02-01",
    ),
    "manual.md": _note(
        "Lighthouse Manual LHM42125: mirrors",
        "Polish the mirrors with chalk and a soft cloth every morning before the lamp is trimmed.",
        kind="manual_section",
        url=f"{_PAGE}/lhm42125",
        updated="2025-09-09",
    ),
    "pay.md": _note(
        "Night watch pay",
        "A keeper who stands watch between 10pm and 6am is paid a night allowance of £18 for each watch.",
        "Treasury of Lights; Board of Lights",
        url=f"{_PAGE}/night-watch-pay",
        updated="2026-04-01",
    ),
    "visitors.md": _note(
        "Visitors to the lighthouse",
        "Visitors may climb the tower between 2pm and 4pm. Children under 8 must hold the hand of an adult.",
        updated="2026-04-02",
    ),
}

"""Reports of any kind in Word, in the look of exported answers: what can be put into one, and how one is begun.

Knows nothing of what is reported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.exports.word_report import WordReport


@dataclass(frozen=True, slots=True)
class Series:
    """One set of bars.

    Attributes:
        name: What the bars show.
        values: One for each label of the chart.
        low: Lower ends of their intervals; empty for none.
        high: Upper ends.
        colour: Six hexadecimal digits; series must also differ in lightness, for those who see no colours.
    """

    name: str
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    colour: str = "1D70B8"


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of horizontal bars.

    Attributes:
        title: Above it.
        alternative: Says in words what it shows, for those who do not see it.
        labels: One a bar, from the top.
        series: Several are stacked.
        number_format: Of Excel, such as "0%".
    """

    title: str
    alternative: str
    labels: Sequence[str]
    series: Sequence[Series]
    number_format: str = "0%"


def word_report(title: str, *, foot: str, made_at: dt.datetime, marking: str = "") -> WordReport:
    """Begin a report.

    Args:
        title: Of the document.
        foot: At the foot of each page.
        made_at: The date in its properties.
        marking: Protective marking at the head and foot of each page; "" for none.
    """
    from assistant.exports.word_report import WordReport

    return WordReport(title, foot=foot, made_at=made_at, marking=marking)

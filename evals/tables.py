"""Reads tables as spreadsheet programs save them: in UTF-8 or as Excel's "CSV", parted by commas, semicolons or tabs.

Knows nothing of what the columns mean.
"""

from __future__ import annotations

import csv
import io


def decoded(data: bytes) -> str:
    """The text of a table; what is not UTF-8 is taken for the Windows code page that Excel saves as "CSV"."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def rows_of(text: str) -> list[list[str]]:
    """The cells of each row; where the computer's language has decimal commas, spreadsheet programs part by semicolons."""
    heading = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=heading.count)))

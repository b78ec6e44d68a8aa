"""Reads tables as spreadsheet programs save them: in UTF-8, or as Excel's "CSV" or "Unicode Text".

Cells may be parted by commas, semicolons or tabs. Knows nothing of what the columns mean.
"""

from __future__ import annotations

import codecs
import csv
import io

from assistant.errors import InputError

_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""How Excel's “Unicode Text” begins."""


def decoded(data: bytes) -> str:
    """The text of a table; what is not Unicode is taken for the Windows code page that Excel saves as "CSV".

    Raises:
        InputError: It is no text in any of these.
    """
    wide = next((name for mark, name in _WIDE.items() if data.startswith(mark)), "")
    if b"\0" in data and not wide:
        raise InputError("This table is neither UTF-8 nor what Excel saves as “CSV”: save it as “CSV UTF-8”.")
    try:
        if wide:
            return data.decode(wide)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if wide:
            raise InputError("This table begins as UTF-16 and goes on otherwise: save it as “CSV UTF-8”.") from None
        return data.decode("cp1252", "replace")


def rows_of(text: str) -> list[list[str]]:
    """The cells of each row; where the computer's language has decimal commas, spreadsheet programs part by semicolons."""
    heading = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=heading.count)))

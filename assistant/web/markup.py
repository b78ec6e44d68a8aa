"""Small pieces of markup that every part of the page uses. Everything given to them passes through `escape`.

Pure functions. Knows nothing of answers beyond one claim or source.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.answer import Claim, Source
from assistant.answer.links import file_name
from assistant.answer.notices import OWN_NOTE
from assistant.web.words import OWN_SUMMARY, YOUR_DOCUMENT

OWN_TAG = f' <span class="b-tag">{OWN_SUMMARY}</span>'


def origin_tag(sources: Sequence[Source], *, is_named: bool = False) -> str:
    """The marks of sources that are not the publisher's own text.

    Args:
        sources: What a claim rests on.
        is_named: The reader brought several documents, so that each mark says which it is.
    """
    tags = OWN_TAG if any(is_own(source) for source in sources) else ""
    names = dict.fromkeys(file_name(source.url) if is_named else "" for source in sources if source.uploaded)
    words = (f"{YOUR_DOCUMENT}: {name}" if name else YOUR_DOCUMENT for name in names)
    return tags + "".join(f' <span class="b-tag b-tag-yours">{escape(one)}</span>' for one in words)


def is_own(source: Source) -> bool:
    """True for a note of Bernard's own: its words, and its headings, are not those of the page it links to."""
    return source.document_type == OWN_NOTE


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def lines(text: str) -> str:
    """Text with its line ends kept."""
    return "<br>".join(escape(line.strip()) for line in text.splitlines() if line.strip())


def reasons_of(claim: Claim) -> str:
    """Why a claim is not fully supported."""
    return "".join(f'<span class="b-reason">{escape(reason)}</span>' for reason in claim.reasons)


def link(address: str, words: str) -> str:
    """A link out of the page; `address` has been through `links`."""
    return (
        f'<a class="b-link" href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(words)} '
        '<span class="b-new-tab">(opens in a new tab)</span></a>'
    )


def see(numbers: Sequence[int], turn: int | str) -> str:
    """Links to sources by number."""
    return "".join(
        f'<a class="b-cite" href="#t{turn}-source-{number}"><span class="b-hidden">See source </span>{number}</a>'
        for number in numbers
    )

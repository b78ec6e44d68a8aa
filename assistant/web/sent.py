"""What a request carries, read no further than it may be long. Knows nothing of what is in it."""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.requests import Request

MOST_BYTES = 256 * 1024
"""The longest question and its conversation are some tens of kilobytes."""

_MOST_FIELDS = 200

Form = dict[str, list[str]]


class TooLong(ValueError):
    """A request carries more than it may."""


async def body_of(request: Request, *, most: int = MOST_BYTES) -> bytes:
    """The body of a request, whatever length it says it has.

    Raises:
        TooLong: It has more than `most` bytes.
        ClientDisconnect: Whoever sent it has gone.
    """
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > most:
            raise TooLong(f"A request may have {most:,} bytes.")
    return bytes(held)


async def form_of(request: Request) -> Form:
    """The fields of a form; letters that are none in UTF-8 become question marks.

    Raises:
        TooLong: It has too many bytes or fields.
        ClientDisconnect: Whoever sent it has gone.
    """
    text = (await body_of(request)).decode("utf-8", "replace")
    try:
        return parse_qs(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise TooLong(f"A form may have {_MOST_FIELDS} fields.") from None


def one(form: Form, name: str) -> str:
    """The first value of a field, "" when there is none."""
    return next(iter(form.get(name, ())), "")

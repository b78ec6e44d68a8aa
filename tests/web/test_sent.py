from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from starlette.requests import Request

from assistant.web.sent import TooLong, body_of, form_of, one


def request_of(parts: Sequence[bytes]) -> tuple[Request, list[bytes]]:
    """A request that arrives in parts, and those that have not been taken yet."""
    left = list(parts)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    return Request({"type": "http", "method": "POST", "headers": []}, receive), left


def test_a_body_comes_whole() -> None:
    request, _ = request_of([b"ab", b"", b"c"])
    assert asyncio.run(body_of(request, most=3)) == b"abc"


def test_one_that_is_too_long_is_read_no_further() -> None:
    request, left = request_of([b"abc"] * 10)
    with pytest.raises(TooLong, match="may have 5 bytes"):
        asyncio.run(body_of(request, most=5))
    assert len(left) == 8


def test_a_form_has_its_values_in_order_and_keeps_empty_ones() -> None:
    request, _ = request_of([b"a=1&a=2&b=&c=%C2%A3+x"])
    form = asyncio.run(form_of(request))
    assert form == {"a": ["1", "2"], "b": [""], "c": ["£ x"]}
    assert (one(form, "a"), one(form, "b"), one(form, "none")) == ("1", "", "")


def test_a_form_with_too_many_fields_is_refused() -> None:
    request, _ = request_of([b"&".join(b"a=1" for _ in range(201))])
    with pytest.raises(TooLong, match="200 fields"):
        asyncio.run(form_of(request))


@pytest.mark.parametrize("sent", [b"a=\xff\xfe", b"a=%ff%fe"])
def test_letters_that_are_none_become_marks(sent: bytes) -> None:
    request, _ = request_of([sent])
    assert asyncio.run(form_of(request)) == {"a": ["\ufffd\ufffd"]}

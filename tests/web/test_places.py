from __future__ import annotations

import asyncio

import pytest

from assistant.web.places import Full, Places


async def hold(places: Places, until: asyncio.Event, held: list[int]) -> None:
    async with places.taken():
        held.append(1)
        await until.wait()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_so_many_at_once_so_many_wait_and_the_next_is_sent_away() -> None:
    async def run() -> None:
        places, until = Places(at_once=2, waiting=1), asyncio.Event()
        held: list[int] = []
        tasks = [asyncio.create_task(hold(places, until, held)) for _ in range(3)]
        await settle()
        assert (len(held), places.waiting, places.is_full) == (2, 1, True)
        with pytest.raises(Full):
            await hold(places, until, held)
        until.set()
        await asyncio.gather(*tasks)
        assert (len(held), places.waiting, places.is_full) == (3, 0, False)

    asyncio.run(run())


def test_who_goes_while_waiting_leaves_no_gap() -> None:
    async def run() -> None:
        places, until = Places(at_once=1, waiting=5), asyncio.Event()
        held: list[int] = []
        first = asyncio.create_task(hold(places, until, held))
        await settle()
        second = asyncio.create_task(hold(places, until, held))
        await settle()
        second.cancel()
        await settle()
        assert places.waiting == 0
        until.set()
        await first
        await asyncio.wait_for(hold(places, until, held), 1)
        assert len(held) == 2

    asyncio.run(run())


def test_an_error_gives_the_place_back() -> None:
    async def run() -> None:
        places = Places(at_once=1, waiting=0)
        with pytest.raises(ValueError, match="broke"):
            async with places.taken():
                raise ValueError("broke")
        assert not places.is_full

    asyncio.run(run())

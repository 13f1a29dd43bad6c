"""Work in flight: bounded, watched by nobody, and ended when it must be."""

from __future__ import annotations

import asyncio

from bot.flight import Flight


async def test_room_is_taken_by_what_flies_and_given_back_when_it_ends() -> None:
    flight, gate = Flight(2), asyncio.Event()
    assert (flight.room, flight.busy) == (2, False)
    flight.launch(wait_for(gate))
    assert (flight.room, flight.busy) == (1, True)
    gate.set()
    await flight.landed()
    assert (flight.room, flight.busy) == (2, False)


async def test_the_next_to_end_is_waited_for_and_not_the_others() -> None:
    flight, early, late = Flight(2), asyncio.Event(), asyncio.Event()
    flight.launch(wait_for(early))
    flight.launch(wait_for(late))
    early.set()
    await flight.next_done()
    assert flight.room == 1
    late.set()
    await flight.landed()


async def test_nothing_in_flight_keeps_nobody_waiting() -> None:
    flight = Flight(1)
    await flight.next_done()
    await flight.landed()
    await flight.break_off()
    assert flight.room == 1


async def test_what_is_broken_off_ends_with_its_own_farewell() -> None:
    flight, started, said = Flight(1), asyncio.Event(), []

    async def work() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            said.append("farewell")

    flight.launch(work())
    await started.wait()
    await flight.break_off()
    assert said == ["farewell"]
    assert flight.room == 1


async def test_one_that_fails_gives_its_room_back() -> None:
    flight = Flight(1)

    async def fail() -> None:
        raise ZeroDivisionError

    flight.launch(fail())
    await flight.break_off()
    assert flight.room == 1


async def wait_for(gate: asyncio.Event) -> None:
    await gate.wait()

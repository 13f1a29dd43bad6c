"""Threads of one's own: bounded, and waited for by nobody who has given up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.feeds.threads import Threads


async def test_work_gives_its_result_and_its_error() -> None:
    threads = Threads(1)
    assert await threads.run(int, "12", base=8) == 10
    with pytest.raises(ValueError, match="martian"):
        await threads.run(int, "martian")


async def test_no_more_run_at_once_than_there_is_room_for() -> None:
    threads, gate, running, most = Threads(2), threading.Event(), [], []

    def work() -> None:
        running.append(1)
        most.append(len(running))
        gate.wait(10)
        running.pop()

    tasks = [asyncio.ensure_future(threads.run(work)) for _ in range(6)]
    await threads_have_started(most, 2)
    gate.set()
    await asyncio.gather(*tasks)
    assert len(most) == 6
    assert max(most) == 2


async def test_who_gives_up_leaves_the_place_taken_until_the_thread_has_ended() -> None:
    threads, gate, started = Threads(1), threading.Event(), []

    def work() -> None:
        started.append(1)
        gate.wait(10)

    given_up = asyncio.ensure_future(threads.run(work))
    await threads_have_started(started, 1)
    given_up.cancel()
    later = asyncio.ensure_future(threads.run(str, "done"))
    await asyncio.wait([given_up])
    assert not later.done()
    gate.set()
    assert await later == "done"


def test_a_thread_that_outlives_its_loop_harms_nobody() -> None:
    gate, ended, started = threading.Event(), threading.Event(), []

    def work() -> None:
        started.append(1)
        gate.wait(10)
        ended.set()

    async def give_up() -> None:
        waiting = asyncio.ensure_future(Threads(1).run(work))
        await threads_have_started(started, 1)
        waiting.cancel()

    asyncio.run(give_up())
    gate.set()
    assert ended.wait(10)


async def threads_have_started(marks: list[int], number: int) -> None:
    async with asyncio.timeout(10):
        while len(marks) < number:
            await asyncio.to_thread(marks.__len__)  # a turn of the loop, and of other threads

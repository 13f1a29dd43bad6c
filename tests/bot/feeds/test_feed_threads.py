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
    threads, gate, started = Threads(2), threading.Event(), threading.Semaphore(0)
    running, most = list[int](), list[int]()

    def work() -> None:
        running.append(1)
        most.append(len(running))
        started.release()
        gate.wait(10)
        running.pop()

    tasks = [asyncio.ensure_future(threads.run(work)) for _ in range(6)]
    for _ in range(2):
        assert await asyncio.to_thread(started.acquire, timeout=10)
    gate.set()
    await asyncio.gather(*tasks)
    assert len(most) == 6
    assert max(most) == 2


async def test_who_gives_up_leaves_the_place_taken_until_the_thread_has_ended() -> None:
    threads, gate, started = Threads(1), threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        gate.wait(10)

    given_up = asyncio.ensure_future(threads.run(work))
    assert await asyncio.to_thread(started.wait, 10)
    given_up.cancel()
    later = asyncio.ensure_future(threads.run(str, "done"))
    await asyncio.wait([given_up])
    assert not later.done()
    gate.set()
    assert await later == "done"


def test_a_thread_that_outlives_its_loop_harms_nobody() -> None:
    gate, ended, started = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        gate.wait(10)
        ended.set()

    async def give_up() -> None:
        waiting = asyncio.ensure_future(Threads(1).run(work))
        assert await asyncio.to_thread(started.wait, 10)
        waiting.cancel()

    asyncio.run(give_up())
    gate.set()
    assert ended.wait(10)

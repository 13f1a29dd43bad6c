"""Threads of one's own for work that may hang or take long, beside the pool that the storage calls share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Threads:
    """Runs blocking work, at most `limit` pieces at once, each in a thread that nobody waits for at the end.

    A `ThreadPoolExecutor` would keep the program from ending until a name server has answered.
    """

    def __init__(self, limit: int) -> None:
        self._room = asyncio.Semaphore(limit)

    async def run(self, work: Callable[..., T], *args: object, **named: object) -> T:
        """What `work` returns or raises. Whoever gives up waiting leaves the thread to end by itself, in its place."""
        await self._room.acquire()
        outcome = _Outcome[T](self._room)
        Thread(target=outcome.bring, args=(work, args, named), daemon=True).start()
        return await outcome.future


class _Outcome(Generic[T]):
    """Carries one result from its thread to the loop."""

    def __init__(self, room: asyncio.Semaphore) -> None:
        self._room = room
        self._loop = asyncio.get_running_loop()
        self.future: asyncio.Future[T] = self._loop.create_future()

    def bring(self, work: Callable[..., T], args: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Do the work, in the thread."""
        try:
            result = work(*args, **named)
        except Exception as error:
            self._tell(self.future.set_exception, error)
        else:
            self._tell(self.future.set_result, result)

    def _tell(self, settle: Callable[[Any], None], what: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop may be gone by now
            self._loop.call_soon_threadsafe(self._settle, settle, what)

    def _settle(self, settle: Callable[[Any], None], what: object) -> None:
        self._room.release()
        if not self.future.done():
            settle(what)

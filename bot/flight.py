"""Work in flight: a bounded set of tasks that nobody waits for one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field


@dataclass(slots=True)
class Flight:
    """At most `limit` tasks at once. The tasks deal with their own errors; one that raises is a fault of ours."""

    limit: int
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def room(self) -> int:
        """How many more may start."""
        return self.limit - len(self._tasks)

    @property
    def busy(self) -> bool:
        """Whether anything flies."""
        return bool(self._tasks)

    def launch(self, work: Coroutine[None, None, None]) -> None:
        """Start without waiting."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def next_done(self) -> None:
        """Wait until something ends, or not at all when nothing flies."""
        if self._tasks:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def landed(self) -> None:
        """Wait until everything has ended."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def break_off(self) -> None:
        """Cancel what flies, and wait for it to end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

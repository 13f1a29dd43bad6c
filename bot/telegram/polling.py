"""Asking Telegram for updates, for ever: an own loop, for python-telegram-bot's ends at one 401 and hides timeouts."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import NoReturn

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter

from bot.clock import Clock
from bot.telegram.outcomes import describe, pause_of
from rules.errors import BorderwatchError

log = structlog.get_logger(__name__)

AT_ONCE = 32
"""Updates asked for at a time, and so handled beside each other at most."""


class TelegramRefusalError(BorderwatchError):
    """Telegram will not serve this bot, and only its operator can change that."""


class WrongTokenError(TelegramRefusalError):
    """Telegram does not know the token."""


class TokenInUseError(TelegramRefusalError):
    """Another process asks for the updates of the same bot."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and how often to try again.

    `poll` is the long poll, `slack` what its answer may be late; failures are followed by `first`, then doubled up
    to `longest`. `refusals` and `conflicts` in a row end the bot. `handling` bounds the work on one chat's updates,
    `step` each step of shutting down.
    """

    poll: float = 30
    slack: float = 15
    first: float = 1
    longest: float = 30
    refusals: int = 6
    conflicts: int = 30
    handling: float = 30
    step: float = 3

    def after(self, failures: int) -> float:
        """The pause after so many failures in a row."""
        return float(min(self.longest, self.first * 2 ** min(failures - 1, 20)))


@dataclass(slots=True)
class Polling:
    """One long poll after another. Updates of one chat are handled in order, chats beside each other.

    Updates are confirmed only after they were handled; `last_poll` is when Telegram last answered well.
    """

    bot: Bot
    clock: Clock
    handle: Callable[[Update], Awaitable[None]]
    kinds: Sequence[str]
    patience: Patience = field(default_factory=Patience)
    last_poll: datetime | None = None
    _offset: int = 0
    _failures: int = 0
    _row: tuple[str, int] = ("", 0)
    _seen: deque[int] = field(default_factory=lambda: deque(maxlen=1000))
    _working: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> NoReturn:
        """Poll until cancelled. Raises WrongTokenError or TokenInUseError after many refusals in a row."""
        while True:
            started = monotonic()
            try:
                updates = await self._poll()
            except Exception as error:  # whatever it is, the next poll may succeed: never alive and deaf
                await self._wait_after(error)
                continue
            self._recovered()
            fresh = [update for update in updates if update.update_id not in self._seen]
            self._offset = max([self._offset, *(update.update_id + 1 for update in updates)])
            await self._work(fresh)
            if not fresh and monotonic() - started < min(0.5, self.patience.poll):
                await asyncio.sleep(self.patience.first)  # a server that does not hold polls is not to be hammered

    async def finish(self) -> None:
        """After `run` was cancelled: let running handlers end, then tell Telegram what was handled."""
        unfinished: set[asyncio.Task[None]] = set()
        if self._working:
            _, unfinished = await asyncio.wait(self._working, timeout=self.patience.step)
        for task in unfinished:
            task.cancel()
        if self._offset and not unfinished:
            await self.bot.get_updates(offset=self._offset, timeout=0, allowed_updates=self.kinds)

    async def _poll(self) -> tuple[Update, ...]:
        async with asyncio.timeout(self.patience.poll + self.patience.slack):
            return await self.bot.get_updates(
                offset=self._offset or None,
                limit=AT_ONCE,
                timeout=timedelta(seconds=self.patience.poll),
                allowed_updates=self.kinds,
            )

    def _recovered(self) -> None:
        if self._failures:
            log.info("polling Telegram works again", failures=self._failures)
        self._failures = 0
        self._row = ("", 0)
        self.last_poll = self.clock.now()

    async def _wait_after(self, error: Exception) -> None:
        self._failures += 1
        pause = self.patience.after(self._failures)
        in_a_row = self._in_a_row(type(error).__name__)
        match error:
            case InvalidToken() if in_a_row >= self.patience.refusals:
                raise WrongTokenError("Telegram has stopped accepting the bot's token: was it revoked?") from None
            case Conflict() if in_a_row >= self.patience.conflicts:
                raise TokenInUseError(
                    "Another process keeps asking for this bot's updates. Stop it, or give one of them another token."
                ) from None
            case Conflict():
                log.warning("another process asks for this bot's updates with the same token", next_try=pause)
            case RetryAfter():
                pause = pause_of(error).total_seconds()
                log.warning("Telegram asks to poll later", next_try=pause)
            case _:
                log.warning("polling Telegram failed", why=describe(error), next_try=pause, failures=self._failures)
        await asyncio.sleep(pause)

    def _in_a_row(self, kind: str) -> int:
        """How many failures of this kind stand at the end of the row."""
        before, count = self._row
        self._row = (kind, count + 1 if kind == before else 1)
        return self._row[1]

    async def _work(self, updates: Sequence[Update]) -> None:
        for _, of_one_chat in groupby(sorted(updates, key=_chat_of), key=_chat_of):
            task = asyncio.create_task(self._handle_in_order(list(of_one_chat)))
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        if self._working:
            await asyncio.wait(self._working)

    async def _handle_in_order(self, updates: Sequence[Update]) -> None:
        for update in updates:
            self._seen.append(update.update_id)
            try:
                async with asyncio.timeout(self.patience.handling):
                    await self.handle(update)
            except Exception as error:  # an error within a handler is reported there; this is a timeout, or worse
                log.error("update given up", update=update.update_id, why=describe(error))


def _chat_of(update: Update) -> int:
    """The chat that an update belongs to; sorting by it keeps the order within."""
    return update.effective_chat.id if update.effective_chat else 0

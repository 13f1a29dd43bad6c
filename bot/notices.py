"""Notices to those who run the bot: told by Telegram, once to each, when something is wrong and when it is mended."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.flight import Flight
from storage import notices
from storage.database import Database, DatabaseError
from storage.notices import Notice
from storage.outbox import GaveUp, Retry, Sent

LEASE = timedelta(seconds=90)
"""How long a claimed notice is ours; a sender that dies gives it back by dying. Longer than one send may take."""
FAULT_PAUSE = timedelta(minutes=1)
AT_ONCE = 4
"""Notices in flight at once: there are few owners, and alerts come first."""
MENDED = "mended"
"""What a matter that is over is known by."""

log = structlog.get_logger(__name__)


class Teller(Protocol):
    """Sends a plain text to a person."""

    async def tell(self, user: int, text: str) -> Sent | Retry | GaveUp:
        """Send the text. Never raises for what a network or a person can do."""
        ...


@dataclass(slots=True)
class Notices:
    """Tells `owners` (Telegram user ids) of a matter what they do not know yet. A level, kept in the database.

    `tell` and `mend` only write down what is owed, and raise DatabaseError where that fails; the ticks send it.
    """

    database: Database
    owners: tuple[int, ...]
    teller: Teller
    clock: Clock
    flight: Flight = field(default_factory=lambda: Flight(AT_ONCE))

    def tell(self, key: str, text: str, about: str = "") -> bool:
        """Owe every owner `text` of the matter `key`, unless that is what they know; says whether anybody is owed it.

        `about` is what tells one text from another where their words do not (a hash); empty: the words do.
        """
        about = about or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
        return notices.tell(self.database, key, text, about, self.owners, self.clock.now())

    def mend(self, key: str, text: str) -> bool:
        """The matter `key` is over: owe `text` to those who were told of it; says whether there was one."""
        return notices.mend(self.database, key, text, MENDED, self.clock.now())

    async def tick(self) -> int:
        """Start sending what is due, without waiting for it; returns how many were begun.

        A database that fails is asked again at the next tick.
        """
        try:
            claimed = await asyncio.to_thread(self._claim, self.flight.room) if self.flight.room else []
        except DatabaseError as error:
            log.warning("no notice claimed, the next tick asks again", why=str(error))
            return 0
        for notice in claimed:
            self.flight.launch(self._deliver(notice))
        return len(claimed)

    async def drain(self) -> None:
        """Send until nothing is due any more."""
        while await self.tick() or self.flight.busy:
            await self.flight.landed()

    def _claim(self, room: int) -> list[Notice]:
        return notices.claim_notices(self.database, self.owners, self.clock.now(), room, LEASE)

    async def _deliver(self, notice: Notice) -> None:
        outcome = await self._send(notice)
        _report(notice, outcome)
        try:
            await asyncio.to_thread(self._settle, notice, outcome)
        except DatabaseError as error:
            log.warning("never noted, a notice may be repeated", owner=notice.reader, why=str(error))

    async def _send(self, notice: Notice) -> Sent | Retry | GaveUp:
        try:
            return await self.teller.tell(notice.reader, notice.text)
        except Exception as error:  # a fault of ours on one notice: it is tried again, at growing pauses
            log.exception("telling failed", owner=notice.reader, matter=notice.key)
            return Retry(FAULT_PAUSE, f"internal error: {type(error).__name__}")

    def _settle(self, notice: Notice, outcome: Sent | Retry | GaveUp) -> None:
        with self.database.write() as session:
            notices.settle_notice(session, notice, outcome, self.clock.now())


def _report(notice: Notice, outcome: Sent | Retry | GaveUp) -> None:
    match outcome:
        case GaveUp(why, chat_gone=True):
            log.error(f"owner {notice.reader} must press Start once in the bot's chat, to be told", why=why)
        case GaveUp(why):
            log.error("an owner could not be told", owner=notice.reader, matter=notice.key, why=why)
        case Retry(why=why):
            log.warning("a notice is put off", owner=notice.reader, matter=notice.key, why=why)

"""From the outbox to the chats: claim, send or edit, settle."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from bot.clock import Clock
from bot.flight import Flight
from bot.sinks import Sink
from storage import outbox
from storage.database import Database, DatabaseError
from storage.outbox import Alert, GaveUp, Outcome, Retry

LEASE = timedelta(seconds=90)
"""How long a claimed alert is ours; a sender that dies gives it back by dying. Longer than any one send may take."""
FAULT_PAUSE = timedelta(minutes=1)
SETTLE_PAUSES = (0.5, 1, 2, 4, 8, 16, 32)
"""Seconds between two tries at noting an outcome; in all well over what a lease has left after a send."""
RELEASE_SECONDS = 2
"""What giving back a lease may take while the process ends."""
AT_ONCE = 16
"""Alerts in flight at once; measured: python-telegram-bot sends 800 a second so, far more than Telegram takes."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Delivery:
    """Sends what is wanted and not yet sent, through the sink of each address. A slow chat keeps no other waiting."""

    database: Database
    sinks: Mapping[str, Sink]
    clock: Clock
    flight: Flight = field(default_factory=lambda: Flight(AT_ONCE))
    settle_pauses: Iterable[float] = SETTLE_PAUSES

    async def tick(self) -> int:
        """Start sending everything that is due; what must wait stays in the outbox. Returns how many were begun.

        A database that fails is asked again at the next tick.
        """
        try:
            return await self._begin()
        except DatabaseError as error:
            log.warning("nothing claimed, the next tick asks again", why=str(error))
            return 0

    async def drain(self) -> None:
        """Send until nothing is due any more and everything that was begun is settled."""
        while await self._begin():
            await self.flight.landed()

    async def _begin(self) -> int:
        begun = 0
        while claimed := await asyncio.to_thread(self._claim, self.flight.room):
            begun += len(claimed)
            for alert in claimed:
                self.flight.launch(self._deliver(alert))
            if not self.flight.room:
                await self.flight.next_done()
        return begun

    def _claim(self, room: int) -> list[Alert]:
        with self.database.write() as session:
            return outbox.claim_due(session, self.clock.now(), room, LEASE, sinks=tuple(self.sinks))

    async def _deliver(self, alert: Alert) -> None:
        lease_ends = self.clock.now() + LEASE
        try:
            outcome = await self._send(alert)
        except asyncio.CancelledError:
            await self._give_back(alert)
            raise
        if isinstance(outcome, Retry | GaveUp):
            what = "alert put off" if isinstance(outcome, Retry) else "alert given up"
            _log(alert).warning(what, why=outcome.why)
        pauses = iter(self.settle_pauses)
        while not await self._noted(alert, outcome):
            pause = next(pauses, None)
            if pause is None or self.clock.now() + timedelta(seconds=pause) >= lease_ends:
                _log(alert).error("never noted, what was sent may be repeated")
                return
            await asyncio.sleep(pause)

    async def _send(self, alert: Alert) -> Outcome:
        try:
            return await self.sinks[alert.address.sink].send(alert)
        except Exception as error:
            # A fault of ours on one event: the others go on, and this one is tried again, at growing pauses.
            _log(alert).exception("sending failed")
            return Retry(FAULT_PAUSE, f"internal error: {type(error).__name__}")

    async def _noted(self, alert: Alert, outcome: Outcome) -> bool:
        try:
            await asyncio.to_thread(self._settle, alert, outcome)
        except DatabaseError as error:
            _log(alert).warning("outcome not noted", why=str(error))
            return False
        except Exception:
            _log(alert).exception("noting an outcome failed")
            return False
        return True

    def _settle(self, alert: Alert, outcome: Outcome) -> None:
        with self.database.write() as session:
            outbox.settle(session, alert, outcome, self.clock.now())

    async def _give_back(self, alert: Alert) -> None:
        """End the lease of a send that was broken off, so that whoever comes next need not wait for its end."""
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await asyncio.shield(asyncio.to_thread(self._release, alert))
        except (DatabaseError, TimeoutError) as error:
            _log(alert).warning("lease not given back", why=str(error))

    def _release(self, alert: Alert) -> None:
        with self.database.write() as session:
            outbox.release_alert(session, alert.id)


def _log(alert: Alert) -> FilteringBoundLogger:
    about: FilteringBoundLogger = log.bind(chat=alert.address.chat, event_id=alert.event.id)
    return about

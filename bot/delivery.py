"""From the outbox to the chats: claim, send or edit, settle."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.flight import Flight
from bot.sinks import Sink
from storage import outbox
from storage.database import Database
from storage.outbox import Alert, GaveUp, Outcome, Retry, Sent

LEASE = timedelta(seconds=90)
"""How long a claimed alert is ours; a sender that dies gives it back by dying. Longer than any one send may take."""
FAULT_PAUSE = timedelta(minutes=1)
AT_ONCE = 16
"""Alerts in flight at once; python-telegram-bot sends 800 a second so (docs/architecture.md)."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Delivery:
    """Sends what is wanted and not yet sent, through the sink of each address. A slow chat keeps no other waiting."""

    database: Database
    sinks: Mapping[str, Sink]
    clock: Clock
    flight: Flight = field(default_factory=lambda: Flight(AT_ONCE))
    delivered: int = 0

    async def tick(self) -> int:
        """Start sending everything that is due; what must wait stays in the outbox. Returns how many were begun."""
        begun = 0
        while claimed := await asyncio.to_thread(self._claim, self.flight.room):
            begun += len(claimed)
            for alert in claimed:
                self.flight.launch(self._deliver(alert))
            if not self.flight.room:
                await self.flight.next_done()
        return begun

    async def drain(self) -> None:
        """Send until nothing is due any more and everything that was begun is settled."""
        while await self.tick():
            await self.flight.landed()

    def _claim(self, room: int) -> list[Alert]:
        with self.database.write() as session:
            return outbox.claim_due(session, self.clock.now(), room, LEASE, sinks=tuple(self.sinks))

    async def _deliver(self, alert: Alert) -> None:
        outcome: Outcome
        try:
            outcome = await self.sinks[alert.address.sink].send(alert)
        except Exception as error:
            # A fault of ours on one event: the others go on, and this one is tried again, at growing pauses.
            log.exception("sending failed", chat=alert.address.chat, event=alert.event.id)
            outcome = Retry(FAULT_PAUSE, f"internal error: {type(error).__name__}")
        await asyncio.to_thread(self._settle, alert, outcome)
        self.delivered += isinstance(outcome, Sent)
        if isinstance(outcome, Retry | GaveUp):
            what = "alert put off" if isinstance(outcome, Retry) else "alert given up"
            log.warning(what, chat=alert.address.chat, event=alert.event.id, why=outcome.why)

    def _settle(self, alert: Alert, outcome: Outcome) -> None:
        with self.database.write() as session:
            outbox.settle(session, alert, outcome, self.clock.now())

"""What every sink is: something that shows an alert in a chat and says how that went."""

from __future__ import annotations

from typing import Protocol

from storage.outbox import Alert, Outcome


class Sink(Protocol):
    """Shows alerts: Telegram, or the console."""

    async def send(self, alert: Alert) -> Outcome:
        """Send the alert, or edit the message that stands. Never raises for what a network or a chat can do."""
        ...

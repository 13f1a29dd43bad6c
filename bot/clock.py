"""The clock: time is passed in, so that a month can be replayed in a second."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time that is in force."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class ReplayClock:
    """A clock that stands still until it is moved; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment that the replay has reached."""
        return self._now

    def advance(self, to: datetime) -> None:
        """Move on to `to`; an earlier moment leaves the clock where it is."""
        self._now = max(self._now, to)

"""The outbox: alerts whose wanted revision is ahead of the sent one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storage.events import Event


@dataclass(frozen=True, slots=True)
class Address:
    """Where an alert goes. `sink` is `telegram` or `console`; `thread` is a forum topic, 0 for none."""

    sink: str
    chat: int
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """One event told to one chat.

    `event` is the event at the wanted revision; `message` the id of the message that stands in the chat, or None
    when nothing was sent yet; `sent` the revision it shows (0 for none). `query` is the subscription that asked.
    """

    id: int
    address: Address
    event: Event
    message: int | None
    sent: int
    query: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The chat shows the wanted revision, in this message."""

    message: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Not delivered, or not known to be: try again after the pause. `chat_wide`: the whole chat must wait."""

    after: timedelta
    why: str
    chat_wide: bool = False


@dataclass(frozen=True, slots=True)
class GaveUp:
    """It can never be delivered. `chat_gone`: the chat takes nothing any more and is paused."""

    why: str
    chat_gone: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another id now: store it, and send there as a new message."""

    chat: int


Outcome = Sent | Retry | GaveUp | Moved

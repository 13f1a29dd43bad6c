"""The desk: what the commands ask of the rest of the house. Telegram talks to it, and never to a database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.outbox import Address

EVERYTHING = ""
"""The query that every event satisfies; in a chat it is written `all`."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved query of one chat (and topic). `meaning` says in words what it asks for."""

    query: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The subscription stands. `fresh` is False when it stood before."""

    subscription: Subscription
    fresh: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The query cannot be subscribed to. `pointer` is the query with a caret below the fault, or empty."""

    reason: str
    pointer: str = ""


class Desk(Protocol):
    """Subscriptions and chats. Each method is done when it returns, and doing it twice does no harm."""

    async def subscribe(self, address: Address, title: str, query: str) -> Subscribed | Refused:
        """Save `query` for the chat called `title`; a chat that was paused is served again."""
        ...

    async def unsubscribe(self, address: Address, queries: tuple[str, ...]) -> int:
        """End these subscriptions; says how many there were."""
        ...

    async def subscriptions(self, address: Address) -> tuple[Subscription, ...]:
        """What the chat (and topic) has subscribed to, oldest first."""
        ...

    async def pause(self, chat: int, why: str) -> None:
        """The chat takes nothing any more: keep its subscriptions, send nothing."""
        ...

    async def resume(self, chat: int) -> None:
        """The chat takes messages again."""
        ...

    async def move(self, old: int, new: int) -> None:
        """The chat has another id now; its subscriptions go with it."""
        ...

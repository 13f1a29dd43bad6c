"""The desk that Telegram's commands talk to: subscriptions and chats, kept in the database."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.telegram.desk import Refused, Subscribed, Subscription
from rules.indicators import INDICATORS
from storage import chats
from storage.chats import Address
from storage.database import Database
from storage.query import QueryError, parse_query


@dataclass(slots=True)
class StorageDesk:
    """A desk over the database; each method is one short transaction in a thread of its own.

    `indicators` are those that a subscription may name; they change with the rules.
    """

    database: Database
    clock: Clock
    indicators: frozenset[str] = frozenset(INDICATORS)

    async def subscribe(self, address: Address, title: str, query: str) -> Subscribed | Refused:
        """Save `query` for the chat called `title`; a chat that was paused is served again."""
        return await asyncio.to_thread(self._subscribe, address, title, query)

    async def unsubscribe(self, address: Address, queries: tuple[str, ...]) -> int:
        """End these subscriptions; says how many there were."""
        return await asyncio.to_thread(self._unsubscribe, address, queries)

    async def subscriptions(self, address: Address) -> tuple[Subscription, ...]:
        """What the chat (and topic) has subscribed to, oldest first."""
        return await asyncio.to_thread(self._standing, address)

    async def pause(self, chat: int, why: str) -> None:
        """The chat takes nothing any more: keep its subscriptions, send nothing."""

        def pause() -> None:
            with self.database.write() as session:
                chats.pause_chat(session, Address("telegram", chat), why, self.clock.now())

        await asyncio.to_thread(pause)

    async def resume(self, chat: int) -> None:
        """The chat takes messages again."""

        def resume() -> None:
            with self.database.write() as session:
                chats.revive_chat(session, Address("telegram", chat))

        await asyncio.to_thread(resume)

    async def move(self, old: int, new: int) -> None:
        """The chat has another id now; its subscriptions go with it."""

        def move() -> None:
            with self.database.write() as session:
                chats.move_chat(session, Address("telegram", old), new)

        await asyncio.to_thread(move)

    def _subscribe(self, address: Address, title: str, query: str) -> Subscribed | Refused:
        with self.database.write() as session:
            before = {each.id for each in chats.subscriptions_of(session, address)}
            try:
                saved = chats.subscribe(
                    session, address, query, title=title, now=self.clock.now(), indicators=self.indicators
                )
            except QueryError as error:
                return Refused(*refusal(error))
            return Subscribed(Subscription(saved.query, meaning(saved.query)), saved.id not in before)

    def _unsubscribe(self, address: Address, queries: tuple[str, ...]) -> int:
        with self.database.write() as session:
            return sum(chats.unsubscribe(session, address, query) for query in queries)

    def _standing(self, address: Address) -> tuple[Subscription, ...]:
        with self.database.read() as session:
            found = chats.subscriptions_of(session, address)
        return tuple(Subscription(each.query, meaning(each.query)) for each in found)


def refusal(error: QueryError) -> tuple[str, str]:
    """The reason in a sentence, and the query with a caret under the word."""
    lines = str(error).splitlines()
    pointer = "\n".join(line[2:] for line in lines if line.startswith("  "))
    return ". ".join(line for line in lines if not line.startswith("  ")), pointer


def meaning(saved: str) -> str:
    """A saved query in words; it may name an indicator whose rule is gone."""
    query = parse_query(saved, indicators=None)
    parts = [f"{' or '.join(group)}" for group in query.indicators]
    parts += [f"level {query.level} or above"] if query.level else []
    parts += [f"in {' or '.join(group)}" for group in query.places]
    parts += [f"once {query.sources} owners report it"] if query.sources > 1 else []
    parts += [f"with the words “{text}”" for text in query.texts]
    return ", ".join(parts) or "everything on the list of indicators"

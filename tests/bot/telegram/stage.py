"""The Telegram side of the bot against a local Bot API server, with a desk that remembers in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from telegram import Bot
from telegram.error import TelegramError

from bot.clock import ReplayClock
from bot.messages import Message
from bot.telegram.application import Timeouts, build_application
from bot.telegram.desk import EVERYTHING, Refused, Subscribed, Subscription
from bot.telegram.polling import Patience
from bot.telegram.service import TelegramService
from storage.events import Event
from storage.outbox import Address, Alert
from tests.botapi import TOKEN, BotApi

NOON = datetime(2021, 12, 4, 12, tzinfo=UTC)
CALM = Timeouts(pool=5, connect=5, write=5, read=5)
HASTY = Timeouts(pool=5, connect=5, write=5, read=0.5)
SWIFT = Patience(poll=1, slack=0.5, first=0.01, longest=0.02, refusals=4, conflicts=4, handling=5, step=2)


@dataclass(slots=True)
class MemoryDesk:
    """A desk without a database. A query that holds `?` is refused; `trouble` is raised at every question."""

    chats: dict[Address, list[str]] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    paused: dict[int, str] = field(default_factory=dict)
    moves: list[tuple[int, int]] = field(default_factory=list)
    trouble: Exception | None = None

    async def subscribe(self, address: Address, title: str, query: str) -> Subscribed | Refused:
        if self.trouble:
            raise self.trouble
        if "?" in query:
            return Refused("a question mark means nothing here", f"{query}\n{' ' * query.index('?')}^")
        standing = self.chats.setdefault(address, [])
        fresh = query not in standing
        if fresh:
            standing.append(query)
        self.titles[address.chat] = title
        self.paused.pop(address.chat, None)
        return Subscribed(_subscription(query), fresh)

    async def unsubscribe(self, address: Address, queries: tuple[str, ...]) -> int:
        standing = self.chats.get(address, [])
        self.chats[address] = [query for query in standing if query not in queries]
        return len(standing) - len(self.chats[address])

    async def subscriptions(self, address: Address) -> tuple[Subscription, ...]:
        return tuple(map(_subscription, self.chats.get(address, [])))

    async def pause(self, chat: int, why: str) -> None:
        self.paused[chat] = why

    async def resume(self, chat: int) -> None:
        self.paused.pop(chat, None)

    async def move(self, old: int, new: int) -> None:
        self.moves.append((old, new))


def _subscription(query: str) -> Subscription:
    return Subscription(query, "everything" if query == EVERYTHING else f"events that satisfy {query}")


def alert_for(chat: int, *, title: str = "Ten captives", message: int | None = None, thread: int = 0) -> Alert:
    """An alert of one event to one chat."""
    event = Event(
        id=1,
        revision=2,
        indicator="pow-release",
        indicators=("pow-release",),
        title=title,
        level="high",
        state="single",
        phase="",
        first_seen=NOON,
        last_seen=NOON,
        happened=None,
        place=None,
        facts={},
        sources=(),
        rule="pow-release@1",
        clauses=(),
    )
    return Alert(1, Address("telegram", chat, thread), event, message, 0 if message is None else 1, "")


def title_only(alert: Alert) -> Message:
    """The smallest message: what an alert looks like is not this folder's matter."""
    return Message(alert.event.title, bold=((0, 3),))


@asynccontextmanager
async def bot_for(url: str, token: str = TOKEN, timeouts: Timeouts = CALM) -> AsyncIterator[Bot]:
    """A bot that can send, whether the server answers its greeting or not."""
    application = build_application(token, url, MemoryDesk(), timeouts)
    bot: Bot = application.bot
    with suppress(TelegramError):
        await bot.initialize()
    try:
        yield bot
    finally:
        await bot.shutdown()


@asynccontextmanager
async def listening(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock, patience: Patience = SWIFT
) -> AsyncIterator[TelegramService]:
    """A running service."""
    service = TelegramService(build_application(api.token, api.url, desk, CALM), clock, patience)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()

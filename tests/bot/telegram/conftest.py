"""Fixtures of the Telegram tests; see `stage` for what they are made of."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.clock import ReplayClock
from bot.telegram.service import TelegramService
from bot.telegram.sink import TelegramSink
from tests.bot.telegram.stage import NOON, MemoryDesk, bot_for, listening, title_only
from tests.botapi import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API server with one private chat, 7."""
    async with BotApi() as server:
        server.add_private(7)
        yield server


@pytest.fixture
def desk() -> MemoryDesk:
    """An empty desk."""
    return MemoryDesk()


@pytest.fixture
def clock() -> ReplayClock:
    """A clock that stands at noon."""
    return ReplayClock(NOON)


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    """A bot that can send."""
    async with bot_for(api.url) as ready:
        yield ready


@pytest.fixture
def sink(bot: Bot) -> TelegramSink:
    """A sink whose messages are an alert's title."""
    return TelegramSink(bot, title_only)


@pytest.fixture
async def service(api: BotApi, desk: MemoryDesk, clock: ReplayClock) -> AsyncIterator[TelegramService]:
    """A service that listens to the server and has heard from it."""
    async with listening(api, desk, clock) as running:
        await api.until(lambda: api.called("getUpdates"))
        yield running

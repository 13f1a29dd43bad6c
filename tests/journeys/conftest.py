"""A town for every journey."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import ReplayClock
from tests.botapi import BotApi
from tests.builders import NOON
from tests.feedserver import feed_server
from tests.journeys.town import CHAT, OUTLETS, Town, settings_for


@pytest.fixture
async def town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    """Three quiet outlets and one chat without subscriptions, on both databases."""
    async with feed_server() as feeds, BotApi() as api:
        settings = settings_for(tmp_path, feeds, api, database_url)
        made = Town(settings, feeds, api, api.add_private(CHAT), ReplayClock(NOON))
        for name, _, _ in OUTLETS:
            made.serve(name)
        yield made

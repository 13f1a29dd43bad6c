"""The bot as it is run: a process of its own, killed and stopped as machines do it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import put_together
from bot.clock import SystemClock
from storage import articles, chats
from storage.chats import Address
from storage.database import open_database
from tests.botapi import TOKEN, BotApi
from tests.botapi_faults import Hold
from tests.feedserver import FeedServer, Reply, feed_server
from tests.journeys.town import CHAT, HANDED_OVER, rss, settings_for

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds in which a process must have got somewhere; a deadline, not a pause."""


class Place:
    """A folder to run in, with a feed server, a Bot API server and a chat that is subscribed to everything."""

    def __init__(self, folder: Path, feeds: FeedServer, api: BotApi) -> None:
        self.folder, self.feeds, self.api = folder, feeds, api
        self.chat = api.add_private(CHAT)
        self.settings = settings_for(folder, feeds, api, str(folder / "bot.db"))
        for name in ("ararat", "kura", "volga"):
            feeds.serve(f"/{name}.xml", rss())
        database = open_database(self.settings.database)
        database.upgrade()
        with database.write() as session:
            chats.subscribe(session, Address("telegram", CHAT), "", title="Desk", now=datetime.now(UTC))
        database.close()

    async def publish(self, title: str = HANDED_OVER) -> None:
        """Let an outlet hold a fresh entry that is due; all feeds are polled before, so it is no backlog."""
        async with put_together(self.settings, SystemClock()) as bot:
            await bot.once()
        body = rss(title).replace(b"16 Nov 2021 12:05:00", f"{datetime.now(UTC):%d %b %Y %H:%M:%S}".encode())
        self.feeds.serve("/ararat.xml", Reply(body))
        database = open_database(self.settings.database)
        with database.write() as session:
            session.connection().exec_driver_sql("UPDATE feeds SET next_due = '2021-01-01 00:00:00'")
        database.close()

    @asynccontextmanager
    async def running(self, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """`borderwatch run`, ended at the latest with the block."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BORDERWATCH_DATA_DIR": str(self.folder / "data"),
            "BORDERWATCH_DATABASE_URL": self.settings.database,
            "BORDERWATCH_FEEDS": str(self.settings.feeds),
            "BORDERWATCH_TELEGRAM_TOKEN": TOKEN,
            "BORDERWATCH_TELEGRAM_BASE_URL": self.api.url,
            "BORDERWATCH_ALLOW_PRIVATE": "127.0.0.0/8",
        }
        with (self.folder / "log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", *options, cwd=self.folder, env=environment, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    def log(self) -> str:
        """What the processes have said."""
        return (self.folder / "log").read_text(encoding="utf-8")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with feed_server() as feeds, BotApi() as api:
        yield Place(tmp_path, feeds, api)


async def listening(place: Place) -> None:
    """Wait until the bot asks Telegram for updates: it is up."""
    await place.api.until(lambda: place.api.called("getUpdates"), within=PATIENCE)


async def ended(process: asyncio.subprocess.Process) -> int:
    async with asyncio.timeout(PATIENCE):
        return await process.wait()


async def test_killed_while_it_sends_it_sends_after_the_restart_and_loses_nothing(place: Place) -> None:
    await place.publish()
    place.api.fail("sendMessage", Hold(processed=False))
    async with place.running() as process:
        await place.api.until(lambda: place.api.called("sendMessage"), within=PATIENCE)
        process.kill()
        await process.wait()
    assert place.chat.texts() == []
    async with place.running():
        await place.api.until(lambda: place.chat.texts(), within=PATIENCE)
    (text,) = place.chat.texts()
    assert HANDED_OVER in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_ends_cleanly_within_seconds(place: Place, number: signal.Signals) -> None:
    async with place.running() as process:
        await listening(place)
        asked = datetime.now(UTC)
        process.send_signal(number)
        assert await ended(process) == 0
    assert datetime.now(UTC) - asked < timedelta(seconds=10)
    assert "Traceback" not in place.log()
    assert not (place.folder / "data" / "heartbeat.json").exists()


async def test_told_to_stop_in_the_middle_of_a_send_it_still_ends_within_seconds(place: Place) -> None:
    await place.publish()
    place.api.fail("sendMessage", Hold(processed=False))
    async with place.running() as process:
        await place.api.until(lambda: place.api.called("sendMessage"), within=PATIENCE)
        asked = datetime.now(UTC)
        process.terminate()
        assert await ended(process) == 0
    assert datetime.now(UTC) - asked < timedelta(seconds=15)


async def test_one_pass_polls_everything_delivers_and_ends(place: Place) -> None:
    await place.publish()
    async with place.running("--once") as process:
        assert await ended(process) == 0
    (text,) = place.chat.texts()
    assert HANDED_OVER in text


async def test_a_second_bot_on_one_file_says_so_and_does_not_start(place: Place) -> None:
    async with place.running():
        await listening(place)
        async with place.running() as second:
            assert await ended(second) == 1
    assert "another bot is running" in place.log()


async def test_a_wrong_token_ends_the_bot_with_a_sentence(place: Place) -> None:
    place.api.token = "7654321:AAE_another-token_that-only_tests-know"
    async with place.running() as process:
        assert await ended(process) == 1
    assert "BORDERWATCH_TELEGRAM_TOKEN" in place.log()
    assert "Traceback" not in place.log()


async def test_the_token_never_stands_in_the_log(place: Place) -> None:
    await place.publish()
    place.api.fail("sendMessage", Hold(processed=False))
    async with place.running() as process:
        await place.api.until(lambda: place.api.called("sendMessage"), within=PATIENCE)
        process.terminate()
        await ended(process)
    assert place.log()
    assert TOKEN not in place.log()
    assert TOKEN.partition(":")[2] not in place.log()


async def test_what_was_stored_is_there_after_the_bot_has_gone(place: Place) -> None:
    await place.publish()
    async with place.running() as process:
        await place.api.until(lambda: place.chat.texts(), within=PATIENCE)
        process.terminate()
        await ended(process)
    database = open_database(place.settings.database)
    (record,) = articles.list_articles(database)
    database.close()
    assert record.article.title == HANDED_OVER
    assert record.event is not None


async def test_told_to_stop_while_it_polls_once_it_ends_cleanly(place: Place) -> None:
    place.feeds.serve("/ararat.xml", Reply(rss(HANDED_OVER), drip=0.5))
    async with place.running("--once") as process:
        await place.feeds.until(lambda: place.feeds.requests("/ararat.xml"))
        process.terminate()
        assert await ended(process) == 0
    assert "Traceback" not in place.log()

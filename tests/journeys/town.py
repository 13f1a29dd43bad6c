"""The whole bot between a feed server and a Bot API server, all on real sockets, in a time of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from xml.sax.saxutils import escape

from pydantic import SecretStr

from bot.app import Bot, put_together
from bot.clock import ReplayClock
from bot.settings import Settings
from storage import chats
from storage.chats import Address
from storage.database import open_database
from tests.botapi import TOKEN, BotApi, Chat
from tests.builders import NOON
from tests.feedserver import FeedServer

CHAT = 5_000_000_001
"""A chat's number beyond 32 bits, as Telegram gives them out."""

HANDED_OVER = "Azerbaijan hands over ten Armenian servicemen"
ALSO_HANDED_OVER = "Ten captive Armenian soldiers return to Yerevan from Azerbaijan"
OUTLETS = (("ararat", "Ararat News", "am"), ("kura", "Kura Wire", "az"), ("volga", "Volga Agency", "ru"))


def rss(*titles: str, minute: int = 5) -> bytes:
    """A feed of English entries, a minute apart, the first at NOON and `minute` minutes."""
    items = []
    for index, title in enumerate(titles):
        slug = "".join(char if char.isalnum() else "-" for char in title.lower())
        date = format_datetime(NOON + timedelta(minutes=minute + index))
        link = f"https://news.example/{slug}"
        items.append(f"<item><title>{escape(title)}</title><link>{link}</link><pubDate>{date}</pubDate></item>")
    head = "<title>News</title><link>https://news.example/</link><language>en</language>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


@dataclass(slots=True)
class Town:
    """Where the bot lives: three outlets to be polled, one chat to be told, and a clock that the test moves."""

    settings: Settings
    feeds: FeedServer
    api: BotApi
    chat: Chat
    clock: ReplayClock

    def serve(self, outlet: str, *titles: str, minute: int = 5) -> None:
        """Let an outlet's feed hold these entries."""
        self.feeds.serve(f"/{outlet}.xml", rss(*titles, minute=minute))

    def subscribe(self, query: str = "", *, thread: int = 0) -> None:
        """Subscribe the chat, as its user would."""
        with closing(open_database(self.settings.database)) as database:
            database.upgrade()
            with database.write() as session:
                chats.subscribe(session, Address("telegram", CHAT, thread), query, title="Desk", now=self.clock.now())

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """The bot as the composition root makes it."""
        async with put_together(self.settings, self.clock) as bot:
            yield bot

    async def pass_once(self, bot: Bot, after: timedelta = timedelta(minutes=10)) -> None:
        """Let time pass, then poll what is due and deliver what is due."""
        self.clock.advance(self.clock.now() + after)
        await bot.once()

    def sends(self) -> int:
        """How many new messages the bot has asked Telegram to send."""
        return len(self.api.called("sendMessage"))


def settings_for(folder: Path, feeds: FeedServer, api: BotApi, database_url: str) -> Settings:
    """The settings of a bot in this town."""
    rows = [f"{outlet},{owner_of(outlet)},{side},en,{feeds.url}/{name}.xml" for name, outlet, side in OUTLETS]
    catalogue = folder / "catalogue.csv"
    catalogue.write_text("\n".join(["outlet,owner,side,language,feed_url", *rows]) + "\n", encoding="utf-8")
    return Settings(
        data_dir=folder / "data",
        database_url=database_url,
        feeds=catalogue,
        telegram_token=SecretStr(TOKEN),
        telegram_base_url=api.url,
        allow_private=(ip_network("127.0.0.0/8"),),
    )


def owner_of(outlet: str) -> str:
    """Each outlet of the town has an owner of its own."""
    return f"{outlet} Ltd"

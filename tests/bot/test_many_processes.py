"""Several bots on one PostgreSQL, each taking in feeds and delivering: together they do what one would, once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from sqlalchemy import select
from structlog.testing import capture_logs

from bot.clock import ReplayClock
from bot.delivery import Delivery
from bot.pipeline import Pipeline
from bot.rulebooks import load_books
from rules.article import Article, Source
from rules.rulebook import Rulebook
from storage.articles import list_articles
from storage.chats import Address, all_subscriptions
from storage.database import Database, open_database
from storage.outbox import Alert, Outcome, Sent
from storage.search import list_events
from storage.tables import ALERTS
from tests.storage.builders import NOW, subscribed

TITLES = (
    "Azerbaijan hands over ten Armenian servicemen",
    "Aliyev and Pashinyan to meet in Brussels",
    "Azerbaijani troops advance near Sev Lake, Defence Ministry says",
)
BOTS, BATCHES, OUTLETS, CHATS = 4, 15, 9, 8
STRIDES = (1, 8, 2, 7, 4)


def entries(batch: int, bot: int) -> list[Article]:
    """What six of the outlets write at this time; every bot sees the same entries, in an order of its own."""
    return [
        Article(
            f"https://o{outlet}.example/{batch}",
            TITLES[(batch + outlet) % len(TITLES)],
            "",
            "en",
            NOW,
            Source(f"o{outlet}", f"o{outlet}", ("am", "az", "ru")[outlet % 3]),
            keys=(f"url:{outlet}/{batch}",),
        )
        for outlet in ((batch + bot + STRIDES[bot] * step) % OUTLETS for step in range(6))
    ]


class Receiver:
    """A sink that takes a moment, and keeps what it was given."""

    def __init__(self) -> None:
        self.got: list[Alert] = []

    async def send(self, alert: Alert) -> Outcome:
        self.got.append(alert)
        await asyncio.sleep(0.002)
        return Sent(alert.message or 1)


def run_bot(number: int, url: str, book: Rulebook) -> list[Alert]:
    """One bot with connections of its own; gives what it has sent."""
    receiver = Receiver()

    async def work(database: Database) -> None:
        pipeline = Pipeline(database, book, all_subscriptions)
        delivery = Delivery(database, {"telegram": receiver}, ReplayClock(NOW))
        for batch in range(BATCHES):
            reading = asyncio.create_task(
                asyncio.to_thread(pipeline.ingest, entries(batch, number), feed=None, now=NOW, backlog=False)
            )
            while not reading.done():
                await delivery.tick()
            await reading
        await delivery.drain()

    with closing(open_database(url)) as database:
        asyncio.run(work(database))
    return receiver.got


def test_every_event_is_told_to_every_chat_once_and_nothing_is_lost(make_postgres: Callable[[], str]) -> None:
    url, book = make_postgres(), load_books([])
    with closing(open_database(url)) as database:
        database.upgrade()
        with database.write() as session:
            for chat in range(1, CHATS + 1):
                subscribed(session, Address("telegram", chat))
        with capture_logs() as logs, ThreadPoolExecutor(BOTS) as pool:
            sent = [alert for got in pool.map(lambda number: run_bot(number, url, book), range(BOTS)) for alert in got]
        sent += run_bot(BOTS, url, book)
        with database.read() as session:
            events = list_events(session)
            behind = session.scalars(select(ALERTS.c.id).where(ALERTS.c.wanted > ALERTS.c.sent)).all()
        stored = [record.article.url for record in list_articles(database)]
    assert {entry["event"] for entry in logs} <= {"a batch is taken in once more"}
    assert len(stored) == len(set(stored))
    assert len(stored) == BATCHES * OUTLETS
    assert behind == []
    first = Counter((alert.address.chat, alert.event.id) for alert in sent if alert.message is None)
    assert first == Counter({(chat, event.id): 1 for chat in range(1, CHATS + 1) for event in events})

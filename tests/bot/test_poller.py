"""Polling over real sockets: what is due is asked, what is new is kept, and a feed harms only itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.clock import ReplayClock
from bot.feeds.fetch import make_client
from bot.feeds.schedule import INTERVAL
from bot.pipeline import Pipeline
from bot.poller import AT_ONCE, LEASE, Poller
from bot.rulebooks import load_books
from rules.rulebook import Rulebook
from storage import feeds
from storage.articles import list_articles
from storage.chats import Subscription, all_subscriptions
from storage.database import Database, DatabaseError
from storage.feeds import Feed, NewFeed, list_feeds
from tests.builders import NOON
from tests.feedserver import Asked, FeedServer, Reply, conditional, feed_server
from tests.storage.builders import claimed, subscribed

HANDED_OVER = "Azerbaijan hands over ten Armenian servicemen"
LATER = 2 * INTERVAL


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_books([])


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


@pytest.fixture
async def poller(database: Database, book: Rulebook) -> AsyncIterator[Poller]:
    """A poller at NOON, with one subscriber and no feeds yet."""
    with database.write() as session:
        subscribed(session)
    pipeline = Pipeline(database, book, all_subscriptions)
    async with make_client(user_agent="t", allow_private=[ip_network("127.0.0.0/8")]) as client:
        made = Poller(database, client, pipeline, ReplayClock(NOON), lambda: 0.5)
        yield made
        await made.flight.break_off()


def item(title: str, date: datetime | None = None) -> str:
    dated = f"<pubDate>{format_datetime(date)}</pubDate>" if date else ""
    link = "https://news.example/" + title.lower().replace(" ", "-")
    return f"<item><title>{title}</title><link>{link}</link>{dated}</item>"


def rss(*items: str) -> bytes:
    head = "<title>News</title><link>https://news.example/</link><language>en</language>"
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


def watch(poller: Poller, *urls: str) -> None:
    """Let the catalogue hold these feeds."""
    with poller.database.write() as session:
        listed = [NewFeed(url, outlet=f"Outlet {number}", owner=f"Owner {number}") for number, url in enumerate(urls)]
        feeds.sync_feeds(session, listed, poller.clock.now())


async def sweep(poller: Poller, after: timedelta = timedelta(0)) -> None:
    """Let time pass, then poll what is due."""
    move_on(poller, after)
    await poller.sweep()


def move_on(poller: Poller, after: timedelta) -> None:
    assert isinstance(poller.clock, ReplayClock)
    poller.clock.advance(poller.clock.now() + after)


def known(poller: Poller) -> list[Feed]:
    """The feeds in the order watched."""
    with poller.database.read() as session:
        return sorted(list_feeds(session), key=lambda feed: feed.id)


def titles(poller: Poller) -> list[str]:
    return [record.article.title for record in list_articles(poller.database)]


def told(poller: Poller) -> list[str]:
    """What subscribers are to be told now."""
    return [alert.event.title for alert in claimed(poller.database, poller.clock.now())]


@contextmanager
def writes(database: Database) -> Iterator[list[str]]:
    """What is written meanwhile, by table."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        words = statement.split()
        if words[0] in ("INSERT", "UPDATE", "DELETE"):
            seen.append(" ".join(words[: 2 if words[0] == "UPDATE" else 3]))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


class TestNews:
    async def test_the_first_fetch_is_backlog_and_what_comes_later_is_told(
        self, poller: Poller, server: FeedServer
    ) -> None:
        old = item("Ten captive Armenian soldiers return to Yerevan from Azerbaijan", NOON)
        watch(poller, server.serve("/feed", rss(old)))
        await sweep(poller)
        assert len(titles(poller)) == 1
        assert told(poller) == []
        summit = "Azerbaijan and Armenia leaders Aliyev and Pashinyan to meet in Brussels"
        server.serve("/feed", rss(item(summit, NOON + INTERVAL), old))
        await sweep(poller, LATER)
        assert told(poller) == [summit]

    async def test_news_without_a_date_is_told_beside_a_pinned_old_entry(
        self, poller: Poller, server: FeedServer
    ) -> None:
        pinned = item("Our rules", NOON - timedelta(days=5))
        watch(poller, server.serve("/feed", rss(pinned)))
        await sweep(poller)
        server.serve("/feed", rss(item(HANDED_OVER), pinned))
        await sweep(poller, LATER)
        assert told(poller) == [HANDED_OVER]

    async def test_a_feed_that_comes_back_after_days_floods_nobody(self, poller: Poller, server: FeedServer) -> None:
        watch(poller, server.serve("/feed", rss()))
        await sweep(poller)
        server.serve("/feed", rss(item(HANDED_OVER, NOON + timedelta(hours=1))))
        await sweep(poller, timedelta(days=2))
        assert titles(poller) == [HANDED_OVER]
        assert told(poller) == []

    async def test_the_last_new_entry_is_noted_when_there_is_one(self, poller: Poller, server: FeedServer) -> None:
        watch(poller, server.serve("/feed", rss(item(HANDED_OVER))))
        await sweep(poller)
        server.serve("/feed", rss(item(HANDED_OVER)) + b"<!-- another body -->")
        await sweep(poller, LATER)
        (feed,) = known(poller)
        assert (feed.last_new_entry, feed.last_success) == (NOON, NOON + LATER)


class TestValidators:
    async def test_they_commit_with_the_entries_or_not_at_all(self, poller: Poller, server: FeedServer) -> None:
        """The failure comes after the articles were written: nothing of the poll may stay."""
        watch(poller, server.serve("/feed", conditional(rss(item(HANDED_OVER)), etag='"1"')))
        poller.pipeline.audience = failing_once(ZeroDivisionError("a fault"))
        await sweep(poller)
        (feed,) = known(poller)
        assert (feed.etag, feed.body_hash, feed.first_polled, titles(poller)) == ("", "", None, [])
        assert feed.error == "internal error: ZeroDivisionError: a fault"
        await sweep(poller, LATER)
        (feed,) = known(poller)
        assert (feed.etag, feed.error, titles(poller)) == ('"1"', "", [HANDED_OVER])
        assert all("if-none-match" not in asked.headers for asked in server.asked)

    async def test_an_unchanged_feed_costs_the_claim_and_one_update(self, poller: Poller, server: FeedServer) -> None:
        body = rss(item(HANDED_OVER))
        watch(poller, server.serve("/304", conditional(body)), server.serve("/same", body))
        await sweep(poller)
        for feed in ("/304", "/same"):
            watch(poller, server.url + feed)
            move_on(poller, LATER)
            with writes(poller.database) as seen:
                await poller.sweep()
            assert seen == ["UPDATE feeds"] * 2, feed
        assert [len(server.requests(path)) for path in ("/304", "/same")] == [2, 2]
        assert all(feed.last_success and feed.last_success > NOON for feed in known(poller))

    @pytest.mark.parametrize(("chance", "sent"), [(0.5, True), (0.0, False)])
    async def test_they_are_sent_but_for_a_poll_now_and_then(
        self, poller: Poller, server: FeedServer, chance: float, sent: bool
    ) -> None:
        watch(poller, server.serve("/feed", conditional(rss(), etag='"1"')))
        await sweep(poller)
        poller.chance = lambda: chance
        await sweep(poller, LATER)
        assert ("if-none-match" in server.asked[1].headers) is sent


class TestMoving:
    @pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (307, False)])
    async def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(
        self, poller: Poller, server: FeedServer, status: int, moves: bool
    ) -> None:
        watch(poller, server.serve("/old", Reply(status=status, headers={"location": "/new"})))
        server.serve("/new", rss(item(HANDED_OVER)))
        await sweep(poller)
        await sweep(poller, LATER)
        assert len(server.requests("/old")) == (1 if moves else 2)
        assert len(server.requests("/new")) == 2
        assert titles(poller) == [HANDED_OVER]


class TestFailing:
    async def test_a_feed_that_fails_is_told_of_and_slowed_and_the_one_beside_it_is_not(
        self, poller: Poller, server: FeedServer
    ) -> None:
        watch(poller, server.url + "/nowhere", server.serve("/good", rss(item(HANDED_OVER))))
        for _ in range(6):
            await sweep(poller, LATER)
        bad, good = known(poller)
        assert bad.error.startswith("the server answers 404")
        assert len(server.requests("/nowhere")) < len(server.requests("/good")) == 6
        assert (good.failures, good.error, titles(poller)) == (0, "", [HANDED_OVER])

    async def test_a_server_that_names_a_time_is_left_alone_until_then(
        self, poller: Poller, server: FeedServer
    ) -> None:
        watch(poller, server.serve("/feed", Reply(status=429, headers={"retry-after": "3600"})))
        await sweep(poller)
        await sweep(poller, timedelta(minutes=59))
        assert len(server.asked) == 1
        await sweep(poller, timedelta(minutes=10))
        assert len(server.asked) == 2

    async def test_an_outage_of_our_own_network_slows_nobody(self, poller: Poller) -> None:
        """One feed is slowed already, for its server's own fault, when all hosts are cut off at once."""
        async with AsyncExitStack() as stack:
            hosts = [await stack.enter_async_context(feed_server(f"127.0.0.{number}")) for number in range(2, 7)]
            watch(poller, hosts[0].url + "/nowhere", *(host.serve("/feed", rss()) for host in hosts[1:]))
            for _ in range(5):
                await sweep(poller, LATER)
        for _ in range(5):
            await sweep(poller, LATER)
        _, *cut_off = known(poller)
        assert all(feed.error == "no connection: Connection refused" for feed in cut_off)
        assert all(feed.failures <= 1 for feed in cut_off)
        assert all(feed.next_due <= poller.clock.now() + 1.1 * INTERVAL for feed in cut_off)

    async def test_a_few_dead_hosts_among_good_ones_are_slowed(self, poller: Poller, server: FeedServer) -> None:
        dead = [f"http://127.0.0.{number}:1/feed" for number in range(2, 6)]
        watch(poller, *dead, server.serve("/good", rss()))
        for _ in range(12):
            await sweep(poller, LATER)
        assert all(feed.failures > 2 for feed in known(poller)[:-1])

    async def test_trouble_with_the_database_is_not_the_feeds_fault(self, poller: Poller, server: FeedServer) -> None:
        watch(poller, server.serve("/feed", rss(item(HANDED_OVER))))
        poller.pipeline.audience = failing_once(DatabaseError("the disk is full"))
        await sweep(poller)
        assert [(feed.failures, feed.error) for feed in known(poller)] == [(0, "")]
        await sweep(poller, LEASE)
        assert titles(poller) == [HANDED_OVER]


class TestHosts:
    async def test_a_host_that_hangs_holds_one_place_however_many_feeds_it_has(
        self, poller: Poller, server: FeedServer
    ) -> None:
        async with hanging() as (host, connected):
            watch(poller, *(f"{host}/{number}" for number in range(3 * AT_ONCE)), server.serve("/good", rss()))
            await poller.tick()
            await server.until(lambda: server.requests("/good"))
            assert poller.flight.room >= AT_ONCE - 2
            assert connected.qsize() <= 1

    async def test_the_feeds_of_a_host_are_asked_one_after_the_other_each_once(
        self, poller: Poller, server: FeedServer
    ) -> None:
        """When one is asked, the one before is done with, its entries stored."""
        stored_before = []

        def answer(asked: Asked) -> Reply:
            stored_before.append(len(titles(poller)))
            return Reply(rss(item(f"News of {asked.path}")))

        watch(poller, *(server.serve(f"/{number}", answer) for number in range(2 * AT_ONCE)))
        await sweep(poller)
        assert stored_before == list(range(2 * AT_ONCE))

    async def test_a_feed_whose_turn_comes_after_its_lease_is_claimed_again_and_asked_once(
        self, poller: Poller, server: FeedServer
    ) -> None:
        def take_long(asked: Asked) -> Reply:
            move_on(poller, LEASE)
            return Reply(rss())

        watch(poller, server.serve("/long", take_long), server.serve("/next", rss()))
        await sweep(poller)
        assert len(server.requests("/next")) == 1

    async def test_what_is_broken_off_is_due_again_at_once(self, poller: Poller) -> None:
        async with hanging() as (host, connected), asyncio.timeout(10):
            watch(poller, *(f"{host}/{number}" for number in range(3)))
            await poller.tick()
            await connected.get()
            await poller.flight.break_off()
        with poller.database.write() as session:
            assert len(feeds.due_feeds(session, NOON, 10, LEASE)) == 3
        assert all(feed.failures == 0 for feed in known(poller))


def failing_once(error: Exception) -> Callable[[Session], Sequence[Subscription]]:
    """An audience that cannot be asked the first time."""
    left = [error]

    def ask(session: Session) -> Sequence[Subscription]:
        if left:
            raise left.pop()
        return all_subscriptions(session)

    return ask


@asynccontextmanager
async def hanging() -> AsyncIterator[tuple[str, asyncio.Queue[object]]]:
    """A host beside that of the feed server which takes connections, each told of in the queue, and never answers."""
    connected: asyncio.Queue[object] = asyncio.Queue()
    end = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.put_nowait(writer)
        await end.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.9", 0)
    try:
        yield f"http://127.0.0.9:{server.sockets[0].getsockname()[1]}", connected
    finally:
        end.set()
        server.close()

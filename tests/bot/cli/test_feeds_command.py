"""`feeds list` and `feeds check`, typed against a real feed server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import feeds
from storage.database import Database
from storage.feeds import NewFeed
from tests.bot.cli.conftest import Ask
from tests.commandline import Answer, typed
from tests.feedserver import FeedServer, Reply, feed_server
from tests.storage.builders import NOW

RSS = b"""<rss version="2.0"><channel><title>Kura Wire</title><link>https://kura.example/</link>
<language>en</language>
<item><title>Ten servicemen came home</title><link>https://kura.example/1</link>
<pubDate>Sat, 04 Dec 2021 15:10:00 GMT</pubDate></item>
<item><title>Our rules of conduct</title><link>https://kura.example/2</link></item></channel></rss>"""
LOOPBACK = {"ALLOW_PRIVATE": "127.0.0.0/8"}


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


async def check(folder: Path, *words: str, allowed: bool = True) -> Answer:
    """`borderwatch feeds check WORDS`, as a process beside the feed server."""
    return await asyncio.to_thread(
        typed, "feeds", "check", *words, folder=folder, settings=LOOPBACK if allowed else None
    )


class TestCheck:
    async def test_a_good_feed_is_told_with_its_entries_and_languages(self, folder: Path, server: FeedServer) -> None:
        url = server.serve("/feed", RSS)
        answer = await check(folder, url)
        assert (answer.status, answer.err) == (0, "")
        assert answer.out == f"good  {url}\n      2 entries, the newest of 2021-12-04 15:10 UTC, in en\n"

    async def test_one_that_fails_beside_it_is_told_as_well_and_the_status_says_so(
        self, folder: Path, server: FeedServer
    ) -> None:
        good, bad = server.serve("/feed", RSS), server.url + "/nowhere"
        answer = await check(folder, bad, good)
        assert answer.status == 1
        assert answer.out.splitlines()[:3] == [
            f"BAD   {bad}",
            "      the server answers 404 Not Found",
            f"good  {good}",
        ]
        assert answer.err == "1 of 2 feeds cannot be read.\n"

    @pytest.mark.parametrize("location", ["http://10.0.0.1/feed", "http://[bad", "\x01", "file:///etc/passwd"])
    async def test_a_redirect_to_where_no_feed_lives_is_a_reason(
        self, folder: Path, server: FeedServer, location: str
    ) -> None:
        url = server.serve("/bad", Reply(status=302, headers={"location": location}))
        answer = await check(folder, url)
        assert answer.status == 1
        assert answer.out.startswith(f"BAD   {url}\n      ")
        assert answer.err == "1 of 1 feeds cannot be read.\n"

    async def test_a_hostile_redirect_hides_no_other_feed_and_moves_no_cursor(
        self, folder: Path, server: FeedServer
    ) -> None:
        hostile = server.serve("/bad", Reply(status=301, headers={"location": "http://127.0.0.1\x1b]0;X\x07/"}))
        circle = server.serve("/circle", Reply(status=302, headers={"location": "/circle\x9b31m"}))
        server.serve("/circle%C2%9B31m", Reply(status=302, headers={"location": "/circle"}))
        answer = await check(folder, hostile, circle, server.serve("/feed", RSS))
        assert answer.status == 1
        assert answer.out.count("BAD ") == 2
        assert "2 entries" in answer.out
        assert answer.err == "2 of 3 feeds cannot be read.\n"
        assert all(char.isprintable() or char == "\n" for char in answer.out)

    async def test_a_feed_that_moved_for_good_is_told_with_its_new_address(
        self, folder: Path, server: FeedServer
    ) -> None:
        old = server.serve("/old", Reply(status=301, headers={"location": "/new"}))
        server.serve("/new", RSS)
        answer = await check(folder, old)
        assert answer.status == 0
        assert f"moved for good to {server.url}/new" in answer.out

    async def test_a_feed_that_is_read_in_part_is_good_with_a_complaint(self, folder: Path, server: FeedServer) -> None:
        answer = await check(folder, server.serve("/feed", RSS.replace(b"came home", b"came & went")))
        assert answer.status == 0
        assert "read in part: not well-formed XML" in answer.out

    async def test_a_private_address_is_refused_with_the_setting_that_lifts_it(
        self, folder: Path, server: FeedServer
    ) -> None:
        answer = await check(folder, server.serve("/feed", RSS), allowed=False)
        assert answer.status == 1
        assert "127.0.0.1, which is no public address" in answer.out
        assert "BORDERWATCH_ALLOW_PRIVATE" in answer.out
        assert server.asked == []

    async def test_without_an_address_all_that_are_polled_are_checked(self, folder: Path, server: FeedServer) -> None:
        server.serve("/on", RSS)
        catalogue = folder / "mine.csv"
        catalogue.write_text(f"feed_url,active\n{server.url}/on,yes\n{server.url}/off,no\n", encoding="utf-8")
        answer = await check(folder, "--feeds", str(catalogue))
        assert answer.status == 0
        assert [asked.path for asked in server.asked] == ["/on"]

    async def test_an_empty_catalogue_has_nothing_to_check(self, folder: Path) -> None:
        (folder / "empty.csv").write_text("feed_url\n", encoding="utf-8")
        answer = await check(folder, "--feeds", "empty.csv")
        assert (answer.status, answer.out) == (0, "")
        assert answer.err == "The catalogue has no feed that is polled.\n"

    async def test_what_the_bot_knows_of_it_stands_beside_it(
        self, folder: Path, log: Database, server: FeedServer
    ) -> None:
        url = server.serve("/feed", RSS)
        with log.write() as session:
            feeds.sync_feeds(session, [NewFeed(url, "Kura Wire", "Kura Media", "az")], NOW)
            (feed,) = feeds.due_feeds(session, NOW, 1, timedelta(minutes=1))
            feeds.record_failure(session, feed.id, now=NOW, next_due=NOW, error="no connection")
        answer = await check(folder, url)
        assert "the bot's last success never, last new entry never, last error: no connection" in answer.out

    async def test_a_check_makes_no_database(self, folder: Path, server: FeedServer) -> None:
        answer = await check(folder, server.serve("/feed", RSS))
        assert answer.status == 0
        assert files_in(folder) == []


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
def polled(log: Database) -> Database:
    """A database with a feed that goes well, one that fails, and one that is switched off."""
    listed = [
        NewFeed("https://kura.example/rss", "Kura Wire", "Kura Media", "az", language="az"),
        NewFeed("https://volga.example/rss", "Volga \x1b[31mAgency", "Volga", "ru", language="ru"),
        NewFeed("https://masis.example/rss", "Masis Online", "Masis", "am", active=False, note="probably gone"),
    ]
    with log.write() as session:
        feeds.sync_feeds(session, listed, NOW)
        good, bad = sorted(feeds.due_feeds(session, NOW, 3, timedelta(minutes=1)), key=lambda feed: feed.outlet)
        feeds.record_success(
            session, good.id, now=NOW, next_due=NOW, etag="", last_modified="", body_hash="", new_entries=1
        )
        feeds.record_failure(session, bad.id, now=NOW, next_due=NOW, error="the server answers 404 Not Found")
    return log


class TestList:
    def test_the_feeds_that_are_polled_are_listed_with_how_they_fare(self, ask: Ask, polled: Database) -> None:
        answer = ask("feeds", "list")
        assert answer.status == 0
        _, kura, volga = answer.out.splitlines()
        assert kura.split() == [
            *("Kura", "Wire", "az", "az", "2021-12-04", "15:10", "2021-12-04", "15:10", "good"),
            "https://kura.example/rss",
        ]
        assert "Volga \N{REPLACEMENT CHARACTER}[31mAgency" in volga
        assert "never" in volga
        assert "the server answers 404 Not Found" in volga
        assert answer.err == "2 feeds are polled, 1 of them failing; 1 are switched off.\n"

    def test_failing_shows_those_alone(self, ask: Ask, polled: Database) -> None:
        answer = ask("feeds", "list", "--failing")
        assert "volga.example" in answer.out
        assert "kura.example" not in answer.out

    def test_all_shows_also_what_is_switched_off_and_why(self, ask: Ask, polled: Database) -> None:
        answer = ask("feeds", "list", "--all")
        assert len(answer.out.splitlines()) == 4
        assert "probably gone" in answer.out

    def test_a_database_without_feeds_lists_nothing(self, ask: Ask, log: Database) -> None:
        answer = ask("feeds", "list")
        assert (answer.status, answer.out) == (0, "")
        assert answer.err == "0 feeds are polled, 0 of them failing; 0 are switched off.\n"

    def test_without_a_database_it_says_what_makes_one(self, folder: Path) -> None:
        answer = typed("feeds", "list", folder=folder)
        assert (answer.status, answer.out) == (1, "")
        assert "There is no database at" in answer.err
        assert "borderwatch run" in answer.err
        assert files_in(folder) == []

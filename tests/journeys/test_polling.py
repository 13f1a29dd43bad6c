"""What polling does with servers that move, stay the same, hang together, or cannot be reached at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import Bot
from storage.feeds import Feed, list_feeds
from tests.feedserver import FeedServer, Reply, conditional
from tests.journeys.town import HANDED_OVER, Town, rss, settings_for


def feeds_of(bot: Bot) -> dict[str, Feed]:
    with bot.poller.database.read() as session:
        return {feed.outlet: feed for feed in list_feeds(session)}


async def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(town: Town) -> None:
    there = town.feeds.serve("/there.xml", rss(HANDED_OVER))
    town.feeds.serve("/ararat.xml", Reply(status=301, headers={"location": there}))
    async with town.bot() as bot:
        for _ in range(3):
            await town.pass_once(bot)
        assert feeds_of(bot)["Ararat News"].url == there
    assert len(town.feeds.requests("/ararat.xml")) == 1
    assert len(town.feeds.requests("/there.xml")) == 3


async def test_a_feed_that_is_elsewhere_for_now_goes_on_being_asked_where_it_lives(town: Town) -> None:
    there = town.feeds.serve("/there.xml", rss(HANDED_OVER))
    town.feeds.serve("/ararat.xml", Reply(status=302, headers={"location": there}))
    async with town.bot() as bot:
        for _ in range(2):
            await town.pass_once(bot)
    assert len(town.feeds.requests("/ararat.xml")) == 2


async def test_what_is_unchanged_is_a_success_and_keeps_its_validators(town: Town) -> None:
    town.feeds.serve("/ararat.xml", conditional(rss(HANDED_OVER), etag='"seven"'))
    async with town.bot() as bot:
        await town.pass_once(bot)
        before = feeds_of(bot)["Ararat News"]
        await town.pass_once(bot)
        after = feeds_of(bot)["Ararat News"]
    assert after.last_success == town.clock.now()
    assert (after.etag, after.last_new_entry) == ('"seven"', before.last_new_entry)


async def test_an_outage_of_our_own_network_slows_no_feed(town: Town, tmp_path: Path) -> None:
    nowhere = FeedServer()
    nowhere.url = "http://127.0.0.1:9"
    lost = replace(town, settings=settings_for(tmp_path, nowhere, town.api, town.settings.database))
    async with lost.bot() as bot:
        for _ in range(4):
            await lost.pass_once(bot)
        found = feeds_of(bot).values()
        assert all(feed.error for feed in found)
        assert max(feed.failures for feed in found) <= 2
        assert max(feed.next_due for feed in found) < lost.clock.now() + timedelta(minutes=12)


async def test_a_feed_that_keeps_failing_is_asked_less_often(town: Town) -> None:
    town.feeds.serve("/ararat.xml", Reply(b"gone", 500))
    async with town.bot() as bot:
        for _ in range(6):
            await town.pass_once(bot, after=timedelta(minutes=6))
        feed = feeds_of(bot)["Ararat News"]
    assert len(town.feeds.requests("/ararat.xml")) < len(town.feeds.requests("/kura.xml"))
    assert feed.failures == len(town.feeds.requests("/ararat.xml"))
    assert "500" in feed.error

"""Whole paths: feed server, bot, database, Bot API server, all over sockets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.articles import list_articles
from storage.database import open_database
from storage.feeds import list_feeds
from tests.botapi_faults import Reset, flood
from tests.feedserver import Reply, conditional
from tests.journeys.town import ALSO_HANDED_OVER, CHAT, HANDED_OVER, Town, rss


def stored_titles(town: Town) -> list[str]:
    database = open_database(town.settings.database)
    titles = [record.article.title for record in list_articles(database)]
    database.close()
    return titles


async def test_a_new_item_alerts_once(town: Town) -> None:
    town.subscribe()
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        await town.pass_once(bot)
    (text,) = town.chat.texts()
    assert HANDED_OVER in text
    assert "Ararat News (am, English)" in text


async def test_the_same_item_again_does_not_alert(town: Town) -> None:
    town.subscribe()
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        town.serve("ararat", "Weather stays fair", HANDED_OVER, minute=4)
        await town.pass_once(bot)
    assert town.sends() == 1
    assert not town.api.called("editMessageText")


async def test_what_a_feed_holds_at_its_first_fetch_is_kept_but_floods_nobody(town: Town) -> None:
    town.subscribe()
    town.serve("ararat", HANDED_OVER)
    async with town.bot() as bot:
        await town.pass_once(bot)
    assert stored_titles(town) == [HANDED_OVER]
    assert town.sends() == 0


async def test_a_feed_that_comes_back_with_old_entries_floods_nobody(town: Town) -> None:
    town.subscribe()
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot, after=timedelta(hours=30))
    assert stored_titles(town) == [HANDED_OVER]
    assert town.sends() == 0


async def test_the_other_side_s_report_edits_the_message_instead_of_repeating_it(town: Town) -> None:
    town.subscribe()
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        town.serve("kura", ALSO_HANDED_OVER, minute=15)
        await town.pass_once(bot)
    (text,) = town.chat.texts()
    assert town.sends() == 1
    assert "Ararat News" in text
    assert "Kura Wire" in text
    assert "both sides tell of it, 2 owners" in text


async def test_an_unchanged_feed_is_answered_with_304_and_asked_with_its_validators(town: Town) -> None:
    town.feeds.serve("/ararat.xml", conditional(rss(HANDED_OVER), etag='"seven"'))
    async with town.bot() as bot:
        for _ in range(3):
            await town.pass_once(bot)
    first, *later = town.feeds.requests("/ararat.xml")
    assert "if-none-match" not in first.headers
    assert len(later) == 2
    assert any(asked.headers.get("if-none-match") == '"seven"' for asked in later)
    assert stored_titles(town) == [HANDED_OVER]


@pytest.mark.parametrize(
    "broken",
    [
        Reply(b"<html><body>Checking your browser</body></html>", headers={"content-type": "text/html"}),
        Reply(b"gone", status=500),
        Reply(b"<rss><channel>", cut=True, length=1000),
        Reply(status=302, headers={"location": "http://10.0.0.1/feed.xml"}),
    ],
    ids=["a challenge page", "a server error", "a torn answer", "a redirect into a private network"],
)
async def test_a_broken_feed_harms_no_other_and_says_what_is_wrong(town: Town, broken: Reply) -> None:
    town.subscribe()
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.feeds.serve("/ararat.xml", broken)
        town.serve("kura", HANDED_OVER)
        await town.pass_once(bot)
        with bot.poller.database.read() as session:
            errors = {feed.outlet: feed.error for feed in list_feeds(session)}
    assert town.sends() == 1
    assert errors["Ararat News"]
    assert not errors["Kura Wire"]


async def test_a_restart_between_store_and_send_sends_it(town: Town) -> None:
    town.subscribe()
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        town.clock.advance(town.clock.now() + timedelta(minutes=10))
        await bot.poller.sweep()
    assert town.sends() == 0
    async with town.bot() as bot:
        await bot.delivery.drain()
    assert town.sends() == 1


async def test_a_429_waits_as_long_as_it_says_and_then_sends_once(town: Town) -> None:
    town.subscribe()
    town.api.fail("sendMessage", flood(30))
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        assert town.chat.texts() == []
        await town.pass_once(bot, after=timedelta(seconds=20))
        assert town.sends() == 1
        await town.pass_once(bot, after=timedelta(seconds=15))
    assert len(town.chat.texts()) == 1


async def test_a_connection_that_breaks_before_telegram_took_the_message_is_tried_again(town: Town) -> None:
    town.subscribe()
    town.api.fail("sendMessage", Reset(processed=False))
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        await town.pass_once(bot)
    assert len(town.chat.texts()) == 1


async def test_a_chat_gets_only_what_its_query_asks_for(town: Town) -> None:
    town.subscribe("indicator:summit")
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
    assert town.sends() == 0


async def test_an_alert_comes_when_the_event_first_satisfies_the_query(town: Town) -> None:
    town.subscribe("sources:2")
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        assert town.sends() == 0
        town.serve("volga", ALSO_HANDED_OVER, minute=15)
        await town.pass_once(bot)
    assert town.sends() == 1


async def test_without_any_subscriber_the_console_is_one(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    async with town.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
    assert HANDED_OVER in capsys.readouterr().out
    assert town.sends() == 0


async def test_a_person_subscribes_is_alerted_and_unsubscribes(town: Town) -> None:
    async with town.bot() as bot:
        assert bot.telegram is not None
        await bot.telegram.start()
        town.api.write(CHAT, "/subscribe level:high")
        await town.api.until(lambda: any("Subscribed" in text for text in town.chat.texts()))
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
        assert any(HANDED_OVER in text for text in town.chat.texts())
        town.api.write(CHAT, "/unsubscribe all")
        await town.api.until(lambda: any("Unsubscribed" in text for text in town.chat.texts()))
        town.serve("ararat", "Azerbaijan and Armenia leaders Aliyev and Pashinyan to meet in Brussels", minute=25)
        await town.pass_once(bot)
    assert not any("Brussels" in text for text in town.chat.texts())

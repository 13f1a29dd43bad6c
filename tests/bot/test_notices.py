"""Notices reach those who run the bot, over a real socket, once, whatever Telegram answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.clock import ReplayClock
from bot.notices import LEASE, Notices
from bot.telegram.sink import TelegramSink
from storage.database import Database, open_database
from tests.bot.telegram.stage import bot_for
from tests.botapi import BotApi
from tests.botapi_faults import BAD_GATEWAY, Fault, Hold, Instead, Reset, flood, refusal
from tests.builders import NOON

ANI, VAHE = 5_000_000_001, 7


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API server on which both owners have pressed Start."""
    async with BotApi() as server:
        server.add_private(ANI, "Ani")
        server.add_private(VAHE, "Vahe")
        yield server


@pytest.fixture
def clock() -> ReplayClock:
    return ReplayClock(NOON)


@pytest.fixture
async def notices(database: Database, api: BotApi, clock: ReplayClock) -> AsyncIterator[Notices]:
    async with bot_for(api.url) as bot:
        yield Notices(database, (ANI, VAHE), TelegramSink(bot), clock)


async def later(notices: Notices, clock: ReplayClock, pause: timedelta = timedelta(minutes=2)) -> None:
    """Let time pass, and send what is due by then."""
    clock.advance(clock.now() + pause)
    await notices.drain()


async def test_every_owner_gets_one_message(notices: Notices, api: BotApi, clock: ReplayClock) -> None:
    notices.tell("rules", "Broken.")
    await notices.drain()
    notices.tell("rules", "Broken.")
    await later(notices, clock)
    assert [api.chats[owner].texts() for owner in (ANI, VAHE)] == [["Broken."], ["Broken."]]
    assert len(api.called("sendMessage")) == 2


async def test_a_text_that_is_too_long_is_cut(notices: Notices, api: BotApi) -> None:
    notices.tell("rules", "long " * 2000)
    await notices.drain()
    (shown,) = api.chats[ANI].texts()
    assert len(shown) <= 4096
    assert shown.endswith("…")


async def test_an_owner_who_blocks_the_bot_is_named_in_the_log_and_keeps_no_other_waiting(
    notices: Notices, api: BotApi, clock: ReplayClock
) -> None:
    api.chats[ANI].blocked()
    notices.tell("rules", "Broken.")
    with capture_logs() as logs:
        await notices.drain()
        await later(notices, clock)
    assert api.chats[VAHE].texts() == ["Broken."]
    assert len(api.called("sendMessage", ANI)) == 1
    assert [entry["event"] for entry in logs] == [f"owner {ANI} must press Start once in the bot's chat, to be told"]


async def test_an_owner_who_has_never_spoken_to_the_bot_is_named_in_the_log(notices: Notices, api: BotApi) -> None:
    del api.chats[VAHE]
    notices.tell("rules", "Broken.")
    with capture_logs() as logs:
        await notices.drain()
    assert f"owner {VAHE} must press Start once" in logs[0]["event"]


async def test_an_owner_who_presses_start_after_all_hears_of_it_when_it_is_told_again(
    notices: Notices, api: BotApi, clock: ReplayClock
) -> None:
    api.chats[ANI].blocked()
    notices.tell("rules", "Broken.")
    await notices.drain()
    api.chats[ANI].refuses = None
    notices.tell("rules", "Broken.")
    await later(notices, clock)
    assert [api.chats[owner].texts() for owner in (ANI, VAHE)] == [["Broken."], ["Broken."]]


@pytest.mark.parametrize("answer", [flood(30), BAD_GATEWAY, Reset(processed=False)], ids=["429", "502", "no answer"])
async def test_what_does_not_arrive_is_sent_later(
    notices: Notices, api: BotApi, clock: ReplayClock, answer: Fault
) -> None:
    api.fail("sendMessage", answer, chat=ANI)
    notices.tell("rules", "Broken.")
    await notices.drain()
    assert [api.chats[owner].texts() for owner in (ANI, VAHE)] == [[], ["Broken."]]
    await later(notices, clock)
    assert [api.chats[owner].texts() for owner in (ANI, VAHE)] == [["Broken."], ["Broken."]]


async def test_a_refusal_for_good_is_logged_and_not_repeated(notices: Notices, api: BotApi, clock: ReplayClock) -> None:
    api.fail("sendMessage", refusal(400, "Bad Request: something new"), chat=ANI)
    notices.tell("rules", "Broken.")
    with capture_logs() as logs:
        await notices.drain()
        await later(notices, clock)
    assert [entry["event"] for entry in logs] == ["an owner could not be told"]
    assert len(api.called("sendMessage", ANI)) == 1


async def test_a_group_in_the_place_of_an_owner_that_has_moved_is_given_up(notices: Notices, api: BotApi) -> None:
    api.chats[ANI].migrated(-1001)
    notices.tell("rules", "Broken.")
    with capture_logs() as logs:
        await notices.drain()
    assert "is a group, now -1001" in logs[0]["why"]


async def test_an_answer_that_nobody_understands_may_repeat_the_message_and_never_loses_it(
    notices: Notices, api: BotApi, clock: ReplayClock
) -> None:
    api.fail("sendMessage", Instead(b"<html>"), chat=ANI)
    notices.tell("rules", "Broken.")
    await notices.drain()
    await later(notices, clock)
    assert api.chats[ANI].texts() == ["Broken."] * 2


async def test_broken_off_between_sending_and_noting_it_may_repeat_the_message(
    notices: Notices, api: BotApi, clock: ReplayClock
) -> None:
    api.fail("sendMessage", Hold(processed=True), chat=ANI)
    notices.tell("rules", "Broken.")
    await notices.tick()
    await api.until(lambda: api.chats[ANI].texts())
    await notices.flight.break_off()
    await later(notices, clock, LEASE - timedelta(seconds=1))
    assert api.chats[ANI].texts() == ["Broken."]
    await later(notices, clock, timedelta(seconds=1))
    assert api.chats[ANI].texts() == ["Broken."] * 2


async def test_two_bots_on_one_database_tell_each_owner_once(notices: Notices, api: BotApi) -> None:
    second = Notices(notices.database, notices.owners, notices.teller, notices.clock)
    await asyncio.gather(
        *(asyncio.to_thread(each.tell, "rules", "Broken.") for each in (notices, second)),
    )
    await asyncio.gather(notices.drain(), second.drain())
    assert [api.chats[owner].texts() for owner in (ANI, VAHE)] == [["Broken."], ["Broken."]]


async def test_a_slow_owner_keeps_no_other_waiting(notices: Notices, api: BotApi) -> None:
    patient = Hold(processed=False)
    api.fail("sendMessage", patient, chat=ANI)
    notices.tell("rules", "Broken.")
    await notices.tick()
    await api.until(lambda: api.chats[VAHE].texts())
    assert api.chats[ANI].texts() == []
    patient.until.set()
    await notices.flight.landed()
    assert api.chats[ANI].texts() == ["Broken."]


async def test_it_is_told_that_a_matter_is_over_and_that_it_is_back(notices: Notices, api: BotApi) -> None:
    for broken in (True, False, False, True):
        if broken:
            notices.tell("rules", "Broken.")
        else:
            notices.mend("rules", f"Mended: {len(api.calls)} calls ago.")
        await notices.drain()
    assert [text.split(":")[0] for text in api.chats[ANI].texts()] == ["Broken.", "Mended", "Broken."]


@pytest.fixture
def own(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database whose tables a test may change."""
    (tmp_path / "own.db").write_bytes(sqlite_template.read_bytes())
    database = open_database(str(tmp_path / "own.db"))
    yield database
    database.close()


async def test_a_database_that_fails_is_asked_again_at_the_next_tick(
    own: Database, api: BotApi, clock: ReplayClock
) -> None:
    async with bot_for(api.url) as bot:
        notices = Notices(own, (ANI,), TelegramSink(bot), clock)
        notices.tell("rules", "Broken.")
        with own.engine.begin() as connection:
            connection.execute(text("ALTER TABLE notices RENAME TO elsewhere"))
        with capture_logs() as logs:
            assert await notices.tick() == 0
        assert logs[0]["event"] == "no notice claimed, the next tick asks again"
        with own.engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO notices"))
        await notices.drain()
    assert api.chats[ANI].texts() == ["Broken."]

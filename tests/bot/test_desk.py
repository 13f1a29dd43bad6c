"""The desk over real databases: what Telegram's commands ask for is kept."""

from __future__ import annotations

import pytest

from bot.clock import ReplayClock
from bot.desk import StorageDesk
from bot.telegram.commands import chosen
from bot.telegram.desk import EVERYTHING, Refused, Subscribed, Subscription
from rules.indicators import INDICATORS
from storage.chats import Address, all_subscriptions
from storage.database import Database
from storage.outbox import want
from tests.storage.builders import NOW, claimed, stored_event

PERSON = Address("telegram", 5_000_000_001)
GROUP = Address("telegram", -1001234567890)
TOPIC = Address("telegram", -1001234567890, 17)


@pytest.fixture
def desk(database: Database) -> StorageDesk:
    return StorageDesk(database, ReplayClock(NOW), frozenset({*INDICATORS, "water-shortage"}))


async def queries(desk: StorageDesk, address: Address) -> list[str]:
    return [each.query for each in await desk.subscriptions(address)]


def happen(database: Database) -> None:
    """Let something happen that every subscription of these tests asks for."""
    with database.write() as session:
        want(session, stored_event(session), all_subscriptions(session), now=NOW)


async def test_a_subscription_is_saved_in_its_canonical_form_and_said_in_words(desk: StorageDesk) -> None:
    saved = await desk.subscribe(PERSON, "Nune", 'sources:2 LEVEL:high place:"Sev Lake" indicator:pow-release exchange')
    query = 'indicator:pow-release level:high place:"Sev Lake" sources:2 exchange'
    meaning = "pow-release, level high or above, in Sev Lake, once 2 owners report it, with the words “exchange”"
    assert saved == Subscribed(Subscription(query, meaning), fresh=True)
    assert await desk.subscriptions(PERSON) == (Subscription(query, meaning),)


async def test_everything_can_be_asked_for(desk: StorageDesk) -> None:
    saved = await desk.subscribe(PERSON, "Nune", EVERYTHING)
    assert saved == Subscribed(Subscription("", "everything on the list of indicators"), fresh=True)


async def test_the_same_question_again_stood_already(desk: StorageDesk) -> None:
    await desk.subscribe(PERSON, "Nune", "level:high")
    again = await desk.subscribe(PERSON, "Nune", "LEVEL:HIGH")
    assert isinstance(again, Subscribed)
    assert not again.fresh
    assert await queries(desk, PERSON) == ["level:high"]


async def test_a_query_that_cannot_be_read_is_refused_with_a_pointer_at_the_word(desk: StorageDesk) -> None:
    refused = await desk.subscribe(PERSON, "Nune", "sources:2 level:hihg")
    assert isinstance(refused, Refused)
    assert 'there is no level "hihg"' in refused.reason
    line, caret = refused.pointer.splitlines()
    assert line == "sources:2 level:hihg"
    assert line[caret.index("^") :].startswith("hihg")
    assert await queries(desk, PERSON) == []


async def test_a_time_range_belongs_to_asking_and_is_refused(desk: StorageDesk) -> None:
    refused = await desk.subscribe(PERSON, "Nune", "since:7d")
    assert isinstance(refused, Refused)
    assert "belongs to asking" in refused.reason


async def test_an_indicator_of_ones_own_rules_may_be_named_and_an_unknown_one_not(
    desk: StorageDesk, database: Database
) -> None:
    assert isinstance(await desk.subscribe(PERSON, "Nune", "indicator:water-shortage"), Subscribed)
    assert isinstance(await desk.subscribe(PERSON, "Nune", "indicator:of-nobody"), Refused)
    without_the_rule = StorageDesk(database, ReplayClock(NOW))
    assert await queries(without_the_rule, PERSON) == ["indicator:water-shortage"]
    assert await without_the_rule.unsubscribe(PERSON, ("indicator:water-shortage",)) == 1


async def test_a_subscription_ends_by_its_number_or_its_query_and_no_other_with_it(desk: StorageDesk) -> None:
    for query in ("2", "level:high", "summit"):
        await desk.subscribe(PERSON, "Nune", query)
    await desk.subscribe(TOPIC, "Room", "summit")
    standing = await desk.subscriptions(PERSON)
    assert await end(desk, chosen("2", standing)) == 1
    assert await queries(desk, PERSON) == ["2", "summit"]
    assert await end(desk, chosen("SUMMIT", standing)) == 1
    assert await end(desk, chosen("1", standing)) == 1
    assert await queries(desk, PERSON) == []
    assert await queries(desk, TOPIC) == ["summit"]


async def end(desk: StorageDesk, ended: tuple[Subscription, ...]) -> int:
    """End what /unsubscribe has chosen, as the command does."""
    return await desk.unsubscribe(PERSON, tuple(one.query for one in ended))


async def test_a_paused_chat_is_told_nothing_in_any_topic_until_it_is_resumed(
    desk: StorageDesk, database: Database
) -> None:
    await desk.subscribe(TOPIC, "Room", EVERYTHING)
    await desk.pause(GROUP.chat, "the bot is kicked there")
    happen(database)
    assert claimed(database) == []
    await desk.resume(GROUP.chat)
    happen(database)
    assert [alert.address for alert in claimed(database)] == [TOPIC]


async def test_a_paused_chat_that_subscribes_is_served_again(desk: StorageDesk, database: Database) -> None:
    await desk.subscribe(PERSON, "Nune", EVERYTHING)
    await desk.pause(PERSON.chat, "the bot is kicked there")
    await desk.subscribe(PERSON, "Nune", "level:high")
    happen(database)
    assert [alert.address for alert in claimed(database)] == [PERSON]


async def test_subscriptions_follow_a_group_that_became_a_supergroup(desk: StorageDesk) -> None:
    old = Address("telegram", -4000)
    await desk.subscribe(old, "Room", "level:high")
    await desk.move(old.chat, GROUP.chat)
    await desk.move(old.chat, GROUP.chat)
    assert (await queries(desk, old), await queries(desk, GROUP)) == ([], ["level:high"])


async def test_what_is_done_to_a_chat_that_nobody_knows_does_no_harm(desk: StorageDesk) -> None:
    await desk.pause(99, "blocked")
    await desk.resume(99)
    await desk.move(99, 100)
    assert await desk.unsubscribe(Address("telegram", 99), ("level:high",)) == 0

"""Chats, their topics, and what they have subscribed to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.chats import (
    Address,
    all_subscriptions,
    find_chat,
    move_chat,
    pause_chat,
    revive_chat,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from storage.database import Database
from storage.events import revise_event
from storage.outbox import Sent, pending, settle, want
from storage.query import QueryError
from tests.storage.builders import GROUP, NOW, claimed, stored_event, subscribed

TOPIC = replace(GROUP, thread=17)


def test_the_same_question_is_kept_once_however_it_is_spelt(database: Database) -> None:
    with database.write() as session:
        first = subscribed(session, GROUP, 'level:high place:"Sev Lake" indicator:pow-release')
        again = subscribed(session, GROUP, "INDICATOR:pow-release  place:“sev LAKE” level:HIGH")
        other = subscribed(session, GROUP, "level:high")
        topic = subscribed(session, TOPIC, "level:high")
    assert again == first
    assert first.query == 'indicator:pow-release level:high place:"Sev Lake"'
    with database.read() as session:
        assert subscriptions_of(session, GROUP) == [first, other]
        assert all_subscriptions(session) == [first, other, topic]


def test_a_query_that_cannot_be_understood_subscribes_nobody(database: Database) -> None:
    with pytest.raises(QueryError), database.write() as session:
        subscribe(session, GROUP, "level:hihg", title="a chat", now=NOW)
    with database.read() as session:
        assert find_chat(session, GROUP) is None


def test_a_subscription_ends_by_its_query_its_number_or_with_all_others(database: Database) -> None:
    with database.write() as session:
        for query in ("level:high", "summit", "level:low", "exchange"):
            subscribed(session, GROUP, query)
        kept = subscribed(session, TOPIC, "level:high")
        assert unsubscribe(session, GROUP, "LEVEL:high") == 1
        assert unsubscribe(session, GROUP, 2) == 1
        assert [found.query for found in subscriptions_of(session, GROUP)] == ["summit", "exchange"]
        assert unsubscribe(session, GROUP, "2") == 1
        assert unsubscribe(session, GROUP, 9) == 0
        assert unsubscribe(session, GROUP, "level:high") == 0
        assert unsubscribe(session, GROUP) == 1
        assert all_subscriptions(session) == [kept]


def test_with_its_last_subscription_an_address_is_told_nothing_new(database: Database) -> None:
    with database.write() as session:
        told, event = subscribed(session), stored_event(session)
        want(session, event, [told], now=NOW)
        unsubscribe(session, GROUP)
    assert claimed(database) == []


def test_a_paused_chat_and_its_topics_are_asked_for_nothing(database: Database) -> None:
    with database.write() as session:
        subscribed(session, GROUP)
        subscribed(session, TOPIC)
        kept = subscribed(session, Address("telegram", 5))
        pause_chat(session, TOPIC, "the bot was removed", NOW)
    with database.read() as session:
        assert all_subscriptions(session) == [kept]
        chat = find_chat(session, GROUP)
    assert chat is not None
    assert (chat.active, chat.why, chat.paused_at) == (False, "the bot was removed", NOW)


def test_a_chat_that_comes_back_is_not_flooded_with_what_it_missed(database: Database) -> None:
    with database.write() as session:
        told, missed, event = subscribed(session), stored_event(session), stored_event(session)
        want(session, event, [told], now=NOW)
    [alert] = claimed(database)
    with database.write() as session:
        settle(session, alert, Sent(7), NOW)
        pause_chat(session, GROUP, "blocked", NOW)
        want(session, missed, [told], now=NOW)
        grown = revise_event(session, event, article=None, why="grew", now=NOW)
        want(session, grown, [], now=NOW)
        assert pending(session) == 0
        revive_chat(session, GROUP)
    due = claimed(database)
    assert [(found.event, found.message) for found in due] == [(grown, 7)]


def test_subscribing_again_revives_the_chat(database: Database) -> None:
    with database.write() as session:
        subscribed(session)
        pause_chat(session, GROUP, "blocked", NOW)
        again = subscribed(session)
        assert all_subscriptions(session) == [again]


def test_subscriptions_and_alerts_follow_a_chat_to_its_new_number(database: Database) -> None:
    with database.write() as session:
        topic, event = subscribed(session, TOPIC), stored_event(session)
        want(session, event, [topic], now=NOW)
    [alert] = claimed(database)
    with database.write() as session:
        settle(session, alert, Sent(7), NOW)
        move_chat(session, GROUP, -100999)
        grown = revise_event(session, event, article=None, why="grew", now=NOW)
        want(session, grown, all_subscriptions(session), now=NOW)
    moved = replace(TOPIC, chat=-100999)
    [alert] = claimed(database)
    assert (alert.address, alert.message, alert.event) == (moved, None, grown)
    with database.read() as session:
        assert find_chat(session, GROUP) is None
        assert [found.address for found in all_subscriptions(session)] == [moved]


def test_a_chat_that_is_already_there_under_its_new_number_takes_over_the_rest(database: Database) -> None:
    new = Address("telegram", -100999)
    with database.write() as session:
        subscribed(session, GROUP, "level:high")
        subscribed(session, GROUP, "summit")
        subscribed(session, new, "level:high")
        event, other = stored_event(session), stored_event(session)
        want(session, event, all_subscriptions(session), now=NOW)
        want(session, other, subscriptions_of(session, GROUP), now=NOW)
        move_chat(session, GROUP, new.chat)
        assert [found.query for found in subscriptions_of(session, new)] == ["summit", "level:high"]
        assert pending(session) == 2
        move_chat(session, GROUP, new.chat)

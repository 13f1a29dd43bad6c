"""Chats, their topics, and what they have subscribed to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.chats import (
    Address,
    all_subscriptions,
    move_chat,
    pause_chat,
    revive_chat,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from storage.database import Database
from storage.events import revise_event
from storage.outbox import GaveUp, Outcome, Sent, settle, want
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
        assert all_subscriptions(session) == []


def test_a_subscription_ends_by_its_query_its_number_or_with_all_others(database: Database) -> None:
    with database.write() as session:
        for query in ("level:high", "summit", "level:low", "exchange"):
            subscribed(session, GROUP, query)
        kept = subscribed(session, TOPIC, "level:high")
        assert unsubscribe(session, GROUP, "LEVEL:high") == 1
        assert unsubscribe(session, GROUP, 2) == 1
        assert [found.query for found in subscriptions_of(session, GROUP)] == ["summit", "exchange"]
        assert unsubscribe(session, GROUP, 2) == 1
        assert unsubscribe(session, GROUP, 9) == 0
        assert unsubscribe(session, GROUP, "level:high") == 0
        assert unsubscribe(session, GROUP) == 1
        assert all_subscriptions(session) == [kept]


def test_a_query_that_is_a_number_is_no_place_in_the_list(database: Database) -> None:
    with database.write() as session:
        two, high = subscribed(session, GROUP, "2"), subscribed(session, GROUP, "level:high")
        assert unsubscribe(session, GROUP, "7") == 0
        assert unsubscribe(session, GROUP, two.query) == 1
        assert subscriptions_of(session, GROUP) == [high]


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
    assert claimed(database) == []
    with database.write() as session:
        revive_chat(session, GROUP)
    due = claimed(database)
    assert [(found.event, found.message) for found in due] == [(grown, 7)]


def test_a_message_whose_edit_met_a_block_is_brought_up_to_date_when_the_chat_comes_back(database: Database) -> None:
    with database.write() as session:
        told, event = subscribed(session), stored_event(session)
        want(session, event, [told], now=NOW)
    settled(database, Sent(7))
    with database.write() as session:
        grown = revise_event(session, event, article=None, why="grew", now=NOW)
        want(session, grown, [told], now=NOW)
    settled(database, GaveUp("blocked", chat_gone=True))
    with database.write() as session:
        revive_chat(session, GROUP)
    assert [(found.event, found.message) for found in claimed(database)] == [(grown, 7)]


def settled(database: Database, outcome: Outcome) -> None:
    [alert] = claimed(database)
    with database.write() as session:
        settle(session, alert, outcome, NOW)


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
    for told in (event, other):
        [alert] = claimed(database)
        assert (alert.address, alert.event) == (new, told)
        with database.write() as session:
            move_chat(session, GROUP, new.chat)
            settle(session, alert, Sent(7), NOW)

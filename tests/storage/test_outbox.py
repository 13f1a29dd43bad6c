"""The outbox: what is wanted is told, once, in order, and by nobody twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import text

from storage.chats import Address, all_subscriptions
from storage.database import Database, open_database
from storage.events import Event, revise_event
from storage.outbox import GaveUp, Moved, Outcome, Retry, Sent, claim_due, release_alert, settle, want
from tests.storage.builders import EVENT, GROUP, MINUTE, NOW, SOURCE, claimed, stored_event, subscribed

TOPIC = replace(GROUP, thread=17)
PERSON = Address("telegram", 5_000_000_001)
SECOND = timedelta(seconds=1)
LATER = NOW + MINUTE * 99


def wanted(database: Database, event: Event = EVENT) -> Event:
    """Store an event and have it told wherever it is asked for."""
    with database.write() as session:
        event = stored_event(session, event)
        want(session, event, all_subscriptions(session), now=NOW)
    return event


def revised(database: Database, event: Event) -> Event:
    """Store a new state of an event and have it told."""
    with database.write() as session:
        event = revise_event(session, event, article=None, why="grew", now=NOW)
        want(session, event, all_subscriptions(session), now=NOW)
    return event


def subscribe_all(database: Database, *addresses: Address, query: str = "") -> None:
    with database.write() as session:
        for address in addresses:
            subscribed(session, address, query)


def settle_all(database: Database, outcome: Outcome) -> None:
    """Give every alert that is due the same outcome."""
    for alert in claimed(database):
        with database.write() as session:
            settle(session, alert, outcome, NOW)


def test_an_event_is_told_once_to_every_address_whose_query_it_satisfies(database: Database) -> None:
    with database.write() as session:
        subscribed(session, GROUP, "indicator:summit")
        subscribed(session, GROUP, "level:medium")
        subscribed(session, GROUP, "level:high")
        subscribed(session, TOPIC, "servicemen")
        subscribed(session, PERSON, "level:critical")
        event = stored_event(session)
        moved = want(session, event, all_subscriptions(session), now=NOW)
    assert moved == 2
    alerts = claimed(database)
    assert {(alert.address, alert.query) for alert in alerts} == {(GROUP, "level:medium"), (TOPIC, "servicemen")}
    assert all((alert.event, alert.message, alert.sent) == (event, None, 0) for alert in alerts)


def test_an_alert_fires_at_the_first_revision_that_satisfies_the_query(database: Database) -> None:
    subscribe_all(database, GROUP, query="sources:2")
    event = wanted(database)
    assert claimed(database) == []
    grown = revised(database, replace(event, sources=(SOURCE, replace(SOURCE, owner="Ararat Press"))))
    assert [alert.event for alert in claimed(database)] == [grown]


def test_what_was_told_is_kept_up_to_date_though_the_query_no_longer_holds(database: Database) -> None:
    subscribe_all(database, GROUP, query="level:high")
    event = wanted(database)
    settle_all(database, Sent(7))
    lowered = revised(database, replace(event, level="low"))
    [alert] = claimed(database)
    assert (alert.event, alert.message, alert.sent) == (lowered, 7, 1)


def test_changes_that_come_faster_than_they_are_told_become_one(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = revised(database, replace(wanted(database), title="eleven"))
    event = revised(database, replace(event, title="twelve"))
    [alert] = claimed(database)
    assert alert.event == event
    settle_all(database, Sent(7))
    with database.write() as session:
        settle(session, alert, Sent(7), NOW)
    assert claimed(database, LATER) == []


def test_a_change_during_the_sending_is_told_afterwards(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = wanted(database)
    [alert] = claimed(database)
    grown = revised(database, replace(event, title="eleven"))
    with database.write() as session:
        settle(session, alert, Sent(7), NOW)
    [again] = claimed(database)
    assert (again.event, again.message, again.sent) == (grown, 7, 1)


def test_wanting_the_same_revision_twice_moves_nothing(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = wanted(database)
    with database.write() as session:
        assert want(session, event, all_subscriptions(session), now=NOW) == 0


def test_a_claimed_alert_comes_back_when_the_claimer_has_died(database: Database) -> None:
    subscribe_all(database, GROUP)
    wanted(database)
    [first] = claimed(database)
    assert claimed(database, NOW + 59 * SECOND) == []
    assert claimed(database, NOW + 60 * SECOND) == [first]


def test_an_alert_whose_sending_was_broken_off_is_due_again_at_once(database: Database) -> None:
    subscribe_all(database, GROUP)
    wanted(database)
    [alert] = claimed(database)
    with database.write() as session:
        release_alert(session, alert.id)
    assert claimed(database) == [alert]


def test_one_address_has_one_alert_under_way_and_gets_them_in_order(database: Database) -> None:
    subscribe_all(database, GROUP, TOPIC)
    first, second = wanted(database), wanted(database)
    due = claimed(database)
    assert [(alert.address, alert.event) for alert in due] == [(GROUP, first), (TOPIC, first)]
    assert claimed(database) == []
    for alert in due:
        with database.write() as session:
            settle(session, alert, Sent(7), NOW)
    assert [(alert.address, alert.event) for alert in claimed(database)] == [(GROUP, second), (TOPIC, second)]


def test_the_longest_waiting_come_first(database: Database) -> None:
    people = [Address("telegram", number) for number in (3, 1, 2)]
    for person in people:
        with database.write() as session:
            subscription = subscribed(session, person)
            want(session, stored_event(session), [subscription], now=NOW - SECOND * person.chat)
    with database.write() as session:
        due = claim_due(session, NOW, 2, MINUTE)
    assert [alert.address.chat for alert in due] == [3, 2]


def test_two_senders_never_get_the_same_alert_nor_the_same_address(database: Database) -> None:
    addresses = [Address("telegram", number, thread) for number in range(10) for thread in (0, 1)]
    subscribe_all(database, *addresses)
    wanted(database)
    wanted(database)
    start, got = threading.Barrier(4), []

    def send() -> None:
        start.wait()
        for _ in range(6):
            with database.write() as session:
                got.extend(claim_due(session, NOW, 3, MINUTE))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    got += claimed(database)
    assert sorted((alert.address.chat, alert.address.thread) for alert in got) == [
        (a.chat, a.thread) for a in addresses
    ]


def test_a_claim_waits_for_nobody_who_revises_an_event(make_postgres: Callable[[], str]) -> None:
    database = open_database(make_postgres())
    database.upgrade()
    subscribe_all(database, GROUP, PERSON)
    event = wanted(database)
    with database.write() as session:
        other = stored_event(session)
        want(session, other, [subscribed(session, TOPIC)], now=NOW)
    with database.write() as revising:
        want(revising, revise_event(revising, event, article=None, why="grew", now=NOW), [], now=NOW)
        with database.write() as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert [alert.event for alert in claim_due(session, NOW, 10, MINUTE)] == [other]
    assert {alert.address for alert in claimed(database)} == {GROUP, PERSON}
    database.close()


def test_a_retry_waits_and_holds_up_nobody_else(database: Database) -> None:
    subscribe_all(database, GROUP, PERSON)
    wanted(database)
    for alert in claimed(database):
        outcome = Retry(5 * SECOND, "bad gateway") if alert.address == GROUP else Sent(7)
        with database.write() as session:
            settle(session, alert, outcome, NOW)
    other = wanted(database)
    assert [(alert.address, alert.event) for alert in claimed(database)] == [(GROUP, other), (PERSON, other)]


def test_pauses_after_faults_double_up_to_a_minute(database: Database) -> None:
    subscribe_all(database, GROUP)
    wanted(database)
    now, pauses = NOW, list[int]()
    while len(pauses) < 7:
        [alert] = claimed(database, now)
        with database.write() as session:
            settle(session, alert, Retry(5 * SECOND, "bad gateway"), now)
        failed = now
        while not claimable(database, now):
            now += 5 * SECOND
        pauses.append((now - failed).seconds)
    assert pauses == [5, 10, 20, 40, 60, 60, 60]


def claimable(database: Database, at: datetime) -> bool:
    """Whether something could be claimed at this moment."""
    with database.write() as session:
        due = claim_due(session, at, 1, MINUTE)
        session.rollback()
    return bool(due)


def test_waiting_as_telegram_asks_is_no_failure_of_the_alert(database: Database) -> None:
    subscribe_all(database, GROUP)
    wanted(database)
    settle_all(database, Retry(5 * MINUTE, "too many requests", chat_wide=True))
    assert claimed(database, NOW + 5 * MINUTE - SECOND) == []
    [alert] = claimed(database, NOW + 5 * MINUTE)
    assert alert.attempts == 0


def test_a_chat_that_must_wait_waits_in_all_its_topics_and_alone(database: Database) -> None:
    subscribe_all(database, GROUP, TOPIC, PERSON)
    wanted(database)
    for alert in claimed(database):
        outcome = Retry(5 * SECOND, "too many requests", chat_wide=True) if alert.address == GROUP else Sent(7)
        with database.write() as session:
            settle(session, alert, outcome, NOW)
    wanted(database)
    assert {alert.address for alert in claimed(database, NOW + 4 * SECOND)} == {PERSON}
    settle_all(database, Sent(9))
    assert {alert.address for alert in claimed(database, NOW + 5 * SECOND)} == {GROUP, TOPIC}


def test_an_alert_that_was_given_up_is_not_tried_again_for_the_same_revision(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = wanted(database)
    settle_all(database, GaveUp("the text cannot be parsed"))
    assert claimed(database, LATER) == []
    grown = revised(database, replace(event, title="eleven"))
    [alert] = claimed(database)
    assert (alert.event, alert.message) == (grown, None)


def test_an_edit_that_was_refused_is_tried_again_at_the_next_revision(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = wanted(database)
    settle_all(database, Sent(7))
    grown = revised(database, replace(event, title="eleven"))
    settle_all(database, GaveUp("the entities cannot be parsed"))
    assert claimed(database, LATER) == []
    confirmed = revised(database, replace(grown, state="confirmed"))
    [alert] = claimed(database)
    assert (alert.event, alert.message, alert.sent, alert.attempts) == (confirmed, 7, 1, 0)


def test_what_grew_while_its_sending_was_refused_is_tried_again(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = wanted(database)
    [alert] = claimed(database)
    grown = revised(database, replace(event, title="eleven"))
    with database.write() as session:
        settle(session, alert, GaveUp("the entities cannot be parsed"), NOW)
    assert [again.event for again in claimed(database)] == [grown]


def test_a_chat_that_is_gone_is_paused_and_gets_nothing(database: Database) -> None:
    subscribe_all(database, GROUP, PERSON)
    first = wanted(database)
    second = wanted(database)
    for alert in claimed(database):
        outcome = GaveUp("the bot was blocked", chat_gone=True) if alert.address == GROUP else Sent(7)
        with database.write() as session:
            settle(session, alert, outcome, NOW)
    assert [(alert.address, alert.event) for alert in claimed(database)] == [(PERSON, second)]
    assert first != second
    with database.read() as session:
        assert [found.address for found in all_subscriptions(session)] == [PERSON]


def test_an_alert_follows_its_chat_and_is_due_at_once(database: Database) -> None:
    subscribe_all(database, GROUP)
    event = wanted(database)
    settle_all(database, Moved(-100999))
    [alert] = claimed(database)
    assert (alert.address, alert.event, alert.message) == (Address("telegram", -100999), event, None)


def test_a_process_claims_only_for_the_sinks_that_it_serves(database: Database) -> None:
    console = Address("console", 0)
    subscribe_all(database, GROUP, console)
    wanted(database)
    with database.write() as session:
        served = claim_due(session, NOW, 10, MINUTE, sinks=["console"])
        assert claim_due(session, NOW, 10, MINUTE, sinks=["console"]) == []
    assert [alert.address for alert in served] == [console]
    assert [alert.address for alert in claimed(database)] == [GROUP]


def test_what_is_wanted_stands_and_falls_with_the_event(database: Database) -> None:
    subscribe_all(database, GROUP)
    try:
        with database.write() as session:
            want(session, stored_event(session), all_subscriptions(session), now=NOW)
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert claimed(database, LATER) == []

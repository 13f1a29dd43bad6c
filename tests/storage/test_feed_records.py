"""The feeds of the catalogue, and what is known of their polls."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timezone

import pytest
from sqlalchemy.orm import Session

from storage import feeds
from storage.database import Database
from storage.feeds import Feed, NewFeed
from tests.storage.builders import HOUR, MINUTE, NOW

KURA = NewFeed("https://kura.example/rss", "Kura Wire", "Kura Media", side="az", kind="agency", language="az")
ARARAT = NewFeed("https://ararat.example/feed", "Ararat News", "Ararat Press", side="am")


def synced(session: Session, *listed: NewFeed) -> dict[str, Feed]:
    feeds.sync_feeds(session, listed, NOW)
    return {feed.outlet: feed for feed in feeds.list_feeds(session)}


def stored(session: Session, feed: NewFeed) -> Feed:
    return next(found for found in feeds.list_feeds(session) if found.url == feed.url)


def polled(session: Session, feed: Feed) -> None:
    feeds.record_success(
        session,
        feed.id,
        now=NOW,
        next_due=NOW + HOUR,
        etag='"v1"',
        last_modified="Sat, 04 Dec 2021 15:00:00 GMT",
        body_hash="b1",
        new_entries=3,
    )


def test_a_new_feed_is_due_at_once_and_nothing_is_known_of_it(database: Database) -> None:
    with database.write() as session:
        feed = synced(session, KURA)["Kura Wire"]
    assert (feed.url, feed.owner, feed.side, feed.kind, feed.language) == (KURA.url, "Kura Media", "az", "agency", "az")
    assert (feed.active, feed.next_due, feed.interval) == (True, NOW, KURA.interval)
    assert (feed.etag, feed.first_polled, feed.last_success, feed.failures, feed.error) == ("", None, None, 0, "")


def test_the_catalogue_changes_what_it_says_and_leaves_the_polls_alone(database: Database) -> None:
    with database.write() as session:
        polled(session, synced(session, KURA)["Kura Wire"])
        changed = replace(KURA, outlet="Kura Daily", active=False, note="moved to a paywall")
        feed = synced(session, changed)["Kura Daily"]
    assert (feed.active, feed.note) == (False, "moved to a paywall")
    assert (feed.etag, feed.body_hash, feed.last_success, feed.next_due) == ('"v1"', "b1", NOW, NOW + HOUR)


def test_a_feed_that_is_no_longer_listed_is_switched_off_and_comes_back_when_it_is(database: Database) -> None:
    with database.write() as session:
        synced(session, KURA, ARARAT)
        gone = synced(session, ARARAT)["Kura Wire"]
        back = synced(session, KURA, ARARAT)["Kura Wire"]
    assert (gone.active, gone.note) == (False, "no longer in the catalogue")
    assert (back.id, back.active, back.note) == (gone.id, True, "")


def test_a_catalogue_that_names_a_feed_twice_has_it_once(database: Database) -> None:
    with database.write() as session:
        assert len(synced(session, KURA, replace(KURA, outlet="Kura again"))) == 1


def test_due_feeds_come_longest_due_first_and_only_once_within_the_lease(database: Database) -> None:
    with database.write() as session:
        known = synced(session, KURA, ARARAT, replace(KURA, url="https://off.example/", active=False))
        feeds.record_unchanged(session, known["Ararat News"].id, now=NOW, next_due=NOW - MINUTE)
    with database.write() as session:
        claimed = feeds.due_feeds(session, NOW, 10, MINUTE)
        again = feeds.due_feeds(session, NOW, 10, MINUTE)
        later = feeds.due_feeds(session, NOW + MINUTE, 1, MINUTE)
    assert [feed.url for feed in claimed] == [ARARAT.url, KURA.url]
    assert again == []
    assert [feed.url for feed in later] == [ARARAT.url]


def test_two_pollers_never_get_the_same_feed(database: Database) -> None:
    with database.write() as session:
        feeds.sync_feeds(session, [replace(KURA, url=f"https://f{n}.example/") for n in range(40)], NOW)
    start, claimed = threading.Barrier(4), list[int]()

    def poll() -> None:
        start.wait()
        for _ in range(5):
            with database.write() as session:
                claimed.extend(feed.id for feed in feeds.due_feeds(session, NOW, 4, MINUTE))

    threads = [threading.Thread(target=poll) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 40


def test_a_feed_whose_poll_was_broken_off_is_due_again_at_once(database: Database) -> None:
    with database.write() as session:
        synced(session, KURA, ARARAT)
        claimed = feeds.due_feeds(session, NOW, 10, HOUR)
        feeds.release_feed(session, claimed[0].id)
        again = feeds.due_feeds(session, NOW, 10, HOUR)
    assert again == claimed[:1]


def test_a_success_keeps_the_validators_and_ends_the_lease(database: Database) -> None:
    with database.write() as session:
        feed = synced(session, KURA)["Kura Wire"]
        feeds.record_failure(session, feed.id, now=NOW, next_due=NOW, error="timed out after 30 s")
        feeds.due_feeds(session, NOW, 1, HOUR)
        polled(session, feed)
        seen = stored(session, KURA)
        due = feeds.due_feeds(session, NOW + HOUR, 1, MINUTE)
    assert (seen.etag, seen.last_modified, seen.body_hash) == ('"v1"', "Sat, 04 Dec 2021 15:00:00 GMT", "b1")
    assert (seen.first_polled, seen.last_success, seen.last_new_entry) == (NOW, NOW, NOW)
    assert (seen.failures, seen.error) == (0, "")
    assert [found.id for found in due] == [feed.id]


def test_nothing_new_is_a_success_that_keeps_the_validators(database: Database) -> None:
    with database.write() as session:
        feed = synced(session, KURA)["Kura Wire"]
        polled(session, feed)
        feeds.record_unchanged(session, feed.id, now=NOW + HOUR, next_due=NOW + 2 * HOUR)
        seen = stored(session, KURA)
    assert (seen.etag, seen.first_polled, seen.last_new_entry) == ('"v1"', NOW, NOW)
    assert (seen.last_success, seen.next_due) == (NOW + HOUR, NOW + 2 * HOUR)


def test_the_first_poll_is_remembered_in_utc_whatever_zone_the_caller_lives_in(database: Database) -> None:
    with database.write() as session:
        feed = synced(session, KURA)["Kura Wire"]
        there = NOW.astimezone(timezone(4 * HOUR))
        feeds.record_unchanged(session, feed.id, now=there, next_due=there + HOUR)
        seen = stored(session, KURA)
    assert (seen.first_polled, seen.last_success, seen.next_due) == (NOW, NOW, NOW + HOUR)


def test_failures_are_counted_and_harm_only_their_own_feed(database: Database) -> None:
    with database.write() as session:
        known = synced(session, KURA, ARARAT)
        polled(session, known["Kura Wire"])
        for _ in range(3):
            feeds.record_failure(session, known["Kura Wire"].id, now=NOW, next_due=NOW + HOUR, error="404")
        kura, ararat = stored(session, KURA), stored(session, ARARAT)
    assert (kura.failures, kura.error, kura.etag, kura.last_success) == (3, "404", '"v1"', NOW)
    assert ararat == known["Ararat News"]


def test_a_feed_that_moved_is_still_the_one_that_the_catalogue_lists(database: Database) -> None:
    with database.write() as session:
        feed = synced(session, KURA)["Kura Wire"]
        assert feeds.move_feed(session, feed.id, "https://kura.example/new")
        listed_as_before = synced(session, KURA)
        listed_anew = synced(session, replace(KURA, url="https://kura.example/new"))
    assert [(found.id, found.url) for found in listed_as_before.values()] == [(feed.id, "https://kura.example/new")]
    assert [(found.id, found.active) for found in listed_anew.values()] == [(feed.id, True)]


@pytest.mark.parametrize("url", [ARARAT.url, "https://kura.example/" + "x" * 3000])
def test_a_feed_does_not_move_onto_another_or_out_of_bounds(database: Database, url: str) -> None:
    with database.write() as session:
        known = synced(session, KURA, ARARAT)
        assert not feeds.move_feed(session, known["Kura Wire"].id, url)
        assert synced(session, KURA, ARARAT) == known

"""The one transaction: articles, matches, events, wanted alerts and validators commit together or not at all."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.app import console_alone, open_console
from bot.clock import ReplayClock
from bot.pipeline import Pipeline
from bot.rulebooks import load_books
from rules.rulebook import Rulebook
from storage import feeds, outbox
from storage.articles import list_articles
from storage.database import Database
from storage.feeds import NewFeed
from storage.search import list_events
from tests.builders import KURA, NOON, article

RELEASE = "Azerbaijan hands over ten Armenian servicemen"
LATER = NOON + timedelta(minutes=5)


class KilledError(Exception):
    """The process dies here."""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_books([])


@pytest.fixture
def pipeline(database: Database, book: Rulebook) -> Pipeline:
    open_console(database, ReplayClock(NOON))
    return Pipeline(database, book, console_alone)


def wanted(pipeline: Pipeline) -> list[str]:
    """The titles of what is wanted and not yet sent."""
    with pipeline.database.write() as session:
        due = outbox.claim_due(session, LATER, 10, timedelta(0))
    return [alert.event.title for alert in due]


def test_what_is_new_is_stored_matched_grouped_and_wanted(pipeline: Pipeline) -> None:
    pipeline.ingest([article(RELEASE), article("Rain expected")], feed=None, now=NOON, backlog=False)
    assert [record.event for record in list_articles(pipeline.database)] == [1, None]
    assert wanted(pipeline) == [RELEASE]


def test_killed_in_the_middle_nothing_is_kept_and_the_next_time_everything_is(pipeline: Pipeline) -> None:
    with pipeline.database.write() as session:
        feeds.sync_feeds(session, [NewFeed("https://a.example/feed", "A", "A")], NOON)
        (feed,) = feeds.list_feeds(session)

    def remember(session: Session, new: int) -> None:
        feeds.record_success(
            session, feed.id, now=NOON, next_due=LATER, etag='"7"', last_modified="", body_hash="x", new_entries=new
        )

    def remember_and_die(session: Session, new: int) -> None:
        remember(session, new)
        raise KilledError

    entries = [article(RELEASE)]
    with suppress(KilledError):
        pipeline.ingest(entries, feed=feed.id, now=NOON, backlog=False, alongside=remember_and_die)
    with pipeline.database.read() as session:
        assert list_events(session) == []
        assert feeds.list_feeds(session)[0].etag == ""
    assert list(list_articles(pipeline.database)) == []
    pipeline.ingest(entries, feed=feed.id, now=NOON, backlog=False, alongside=remember)
    with pipeline.database.read() as session:
        assert feeds.list_feeds(session)[0].etag == '"7"'
    assert wanted(pipeline) == [RELEASE]


def test_known_entries_are_passed_over_also_from_another_feed(pipeline: Pipeline) -> None:
    for _ in range(2):
        pipeline.ingest([article(RELEASE)], feed=None, now=NOON, backlog=False)
    (record,) = list_articles(pipeline.database)
    assert record.article.title == RELEASE


@pytest.mark.parametrize(
    ("backlog", "age"), [(True, timedelta(0)), (False, timedelta(hours=25))], ids=["a first fetch", "older than a day"]
)
def test_backlog_is_kept_and_matched_but_wanted_by_nobody(pipeline: Pipeline, backlog: bool, age: timedelta) -> None:
    pipeline.ingest([article(RELEASE)], feed=None, now=NOON + age, backlog=backlog)
    (record,) = list_articles(pipeline.database)
    assert record.event is not None
    assert record.backlog
    assert wanted(pipeline) == []


def test_fresh_news_of_an_event_that_began_in_the_backlog_is_told(pipeline: Pipeline) -> None:
    pipeline.ingest([article(RELEASE)], feed=None, now=NOON, backlog=True)
    more = article("Azerbaijan returns ten Armenian servicemen", source=KURA, after=timedelta(minutes=3))
    pipeline.ingest([more], feed=None, now=LATER, backlog=False)
    assert len(wanted(pipeline)) == 1

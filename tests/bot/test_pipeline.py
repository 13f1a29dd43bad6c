"""One transaction from new articles to wanted alerts: all of it stands, or nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.pipeline import STALE, TRIES, Pipeline
from bot.rulebooks import load_books
from rules.article import Article
from rules.rule import Rule
from rules.rulebook import Rulebook
from storage.articles import list_articles
from storage.chats import all_subscriptions
from storage.database import BusyError, Database
from storage.events import StaleEventError
from storage.search import list_events
from tests.builders import ARARAT, KURA, NOON, article
from tests.storage.builders import claimed, subscribed

FREED = article("Azerbaijan hands over ten Armenian servicemen")
FREED_TOO = article("Ten captive Armenian soldiers return to Yerevan from Azerbaijan", source=KURA)
SUMMIT = article("Azerbaijan and Armenia leaders Aliyev and Pashinyan to meet in Brussels")
WEATHER = article("Weather stays fair")
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_books([])


@pytest.fixture
def pipeline(database: Database, book: Rulebook) -> Pipeline:
    with database.write() as session:
        subscribed(session)
    return Pipeline(database, book, all_subscriptions)


def ingest(pipeline: Pipeline, *entries: Article, backlog: bool = False, after: timedelta = HOUR) -> None:
    pipeline.ingest(entries, feed=None, now=NOON + after, backlog=backlog)


def stored(database: Database) -> list[str]:
    return [record.article.title for record in list_articles(database)]


def events(database: Database) -> list[tuple[str, int]]:
    """The indicator and the number of sources of each event."""
    with database.read() as session:
        return [(event.indicator, len(event.sources)) for event in list_events(session)]


def test_a_new_entry_that_shows_an_indicator_opens_an_event_and_is_told(pipeline: Pipeline) -> None:
    ingest(pipeline, FREED, WEATHER)
    assert sorted(stored(pipeline.database)) == [FREED.title, WEATHER.title]
    assert events(pipeline.database) == [("pow-release", 1)]
    (alert,) = claimed(pipeline.database, NOON + HOUR)
    assert (alert.event.title, alert.message) == (FREED.title, None)


def test_the_same_entry_again_changes_nothing(pipeline: Pipeline) -> None:
    ingest(pipeline, FREED)
    claimed(pipeline.database, NOON + HOUR)
    ingest(pipeline, replace(FREED, title="Corrected title"), FREED)
    assert stored(pipeline.database) == [FREED.title]
    assert events(pipeline.database) == [("pow-release", 1)]


def test_the_other_sides_report_joins_the_event_whatever_the_order_in_the_feed(pipeline: Pipeline) -> None:
    ingest(pipeline, replace(FREED_TOO, published=NOON + HOUR / 2), FREED)
    assert events(pipeline.database) == [("pow-release", 2)]
    (alert,) = claimed(pipeline.database, NOON + HOUR)
    assert [source.outlet for source in alert.event.sources] == [ARARAT.outlet, KURA.outlet]


def test_what_was_there_before_we_looked_is_kept_and_told_to_nobody(pipeline: Pipeline) -> None:
    ingest(pipeline, FREED, backlog=True)
    assert events(pipeline.database) == [("pow-release", 1)]
    assert [record.backlog for record in list_articles(pipeline.database)] == [True]
    assert claimed(pipeline.database, NOON + HOUR) == []


@pytest.mark.parametrize(("age", "told"), [(STALE, 1), (STALE + timedelta(seconds=1), 0)])
def test_an_entry_older_than_a_day_is_kept_and_told_to_nobody(pipeline: Pipeline, age: timedelta, told: int) -> None:
    ingest(pipeline, FREED, after=age)
    assert events(pipeline.database) == [("pow-release", 1)]
    assert len(claimed(pipeline.database, NOON + age)) == told


def test_fresh_news_of_an_event_that_began_in_the_backlog_is_told(pipeline: Pipeline) -> None:
    ingest(pipeline, FREED, backlog=True)
    ingest(pipeline, replace(FREED_TOO, published=NOON + HOUR / 2))
    assert len(claimed(pipeline.database, NOON + HOUR)) == 1


def test_a_failure_at_the_end_leaves_nothing_behind(pipeline: Pipeline) -> None:
    def fail(session: Session, new: int) -> None:
        assert new == 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pipeline.ingest([FREED, WEATHER], feed=None, now=NOON + HOUR, backlog=False, alongside=fail)
    assert stored(pipeline.database) == []
    assert events(pipeline.database) == []
    assert claimed(pipeline.database, NOON + HOUR) == []


@pytest.mark.parametrize("error", [StaleEventError("revised meanwhile"), BusyError("a deadlock")])
def test_a_batch_that_others_were_in_the_way_of_is_taken_in_again_as_a_whole(
    pipeline: Pipeline, error: Exception
) -> None:
    left = [error] * (TRIES - 1)

    def stumble(session: Session, new: int) -> None:
        assert new == 1
        if left:
            raise left.pop()

    pipeline.ingest([FREED], feed=None, now=NOON + HOUR, backlog=False, alongside=stumble)
    assert events(pipeline.database) == [("pow-release", 1)]
    assert len(claimed(pipeline.database, NOON + HOUR)) == 1


def test_a_batch_is_given_up_when_others_stay_in_the_way(pipeline: Pipeline) -> None:
    tried = []

    def stumble(session: Session, new: int) -> None:
        tried.append(new)
        raise BusyError("a deadlock")

    with pytest.raises(BusyError):
        pipeline.ingest([FREED], feed=None, now=NOON + HOUR, backlog=False, alongside=stumble)
    assert len(tried) == TRIES
    assert stored(pipeline.database) == []


class Stumbling(Rulebook):
    """A rulebook with a fault: it fails on whatever looks like a release."""

    def candidates(self, seen: frozenset[int]) -> list[Rule]:
        found = Rulebook.candidates(self, seen)
        if any(rule.id == "pow-release" for rule in found):
            raise ZeroDivisionError
        return found


def test_an_entry_that_cannot_be_matched_is_kept_and_named_and_harms_none_beside_it(
    pipeline: Pipeline, book: Rulebook
) -> None:
    pipeline.book = Stumbling(**{field.name: getattr(book, field.name) for field in fields(Rulebook)})
    with capture_logs() as said:
        ingest(pipeline, FREED, SUMMIT)
    assert sorted(stored(pipeline.database)) == sorted([FREED.title, SUMMIT.title])
    assert events(pipeline.database) == [("summit", 1)]
    assert [entry["url"] for entry in said if entry["log_level"] == "error"] == [FREED.url]


def test_nobody_subscribed_and_the_event_stands_all_the_same(database: Database, book: Rulebook) -> None:
    ingest(Pipeline(database, book, lambda session: []), FREED)
    assert events(database) == [("pow-release", 1)]
    assert claimed(database, NOON + HOUR) == []

"""Values that two databases would treat differently, and must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError, StatementError

from storage.articles import add_article, list_articles
from storage.chats import Address, all_subscriptions
from storage.columns import storable
from storage.database import Database, open_database
from storage.events import Phase
from tests.storage.builders import ARTICLE, EVENT, NOW, stored_event, subscribed

BAKU = timezone(timedelta(hours=4))


def test_a_time_of_any_zone_comes_back_in_utc(database: Database) -> None:
    published = datetime(2021, 12, 4, 19, 10, 0, 123456, tzinfo=BAKU)
    with database.write() as session:
        add_article(session, replace(ARTICLE, published=published), feed=None, fetched=NOW, backlog=False)
    [found] = list_articles(database)
    assert found.article.published == published
    assert found.article.published.tzinfo is UTC


def test_a_time_comes_back_in_utc_whatever_zone_the_server_speaks(database: Database, database_url: str) -> None:
    with database.write() as session:
        add_article(session, ARTICLE, feed=None, fetched=NOW, backlog=False)
    if database.dialect == "postgresql":
        database_url += "&options=-c%20timezone%3DAsia/Yerevan"
    elsewhere = open_database(database_url)
    [found] = list_articles(elsewhere)
    elsewhere.close()
    assert (found.fetched, found.fetched.tzinfo) == (NOW, UTC)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="a time without a zone cannot be stored"), database.write() as session:
        add_article(session, ARTICLE, feed=None, fetched=naive, backlog=False)


def test_telegrams_numbers_fit(database: Database) -> None:
    largest = Address("telegram", -(2**52), 2**52)
    with database.write() as session:
        subscribed(session, largest)
    with database.read() as session:
        assert [found.address for found in all_subscriptions(session)] == [largest]


def test_text_that_no_database_can_hold_is_stored_with_a_mark_in_its_place(database: Database) -> None:
    hostile = replace(ARTICLE, title="a\x00b \ud800 😀 ՛ və", url="https://kura.example/\x00")
    with database.write() as session:
        add_article(session, hostile, feed=None, fetched=NOW, backlog=False)
    [found] = list_articles(database)
    assert found.article.title == "a�b � 😀 ՛ və"


@given(st.text(st.characters(), max_size=20))
def test_storable_text_is_valid_and_valid_text_is_untouched(text: str) -> None:
    kept = storable(text)
    assert "\x00" not in kept
    assert kept.encode().decode() == kept
    assert storable(kept) == kept
    assert len(kept) <= len(text)
    if text.isprintable():
        assert kept == text


def test_a_word_outside_a_closed_set_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        stored_event(session, replace(EVENT, phase=cast("Phase", "perhaps")))

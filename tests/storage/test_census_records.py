"""The figures that a run closes with, and the one bot on a SQLite file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.articles import add_article, add_matches
from storage.census import Census, take_census
from storage.chats import all_subscriptions
from storage.database import Database, DatabaseError
from storage.leases import claim_database
from storage.outbox import want
from tests.storage.builders import ARTICLE, MATCH, NOW, claimed, stored_article, stored_event, subscribed


def test_the_census_counts_each_article_once(database: Database) -> None:
    with database.write() as session:
        add_matches(session, stored_article(session, 1), [MATCH, replace(MATCH, rule="summit")])
        add_matches(session, stored_article(session, 2), [replace(MATCH, stance="recap")])
        unread = replace(ARTICLE, language="", keys=("old",))
        add_article(session, unread, feed=None, fetched=NOW, backlog=True)
        stored_event(session)
    with database.read() as session:
        census = take_census(session)
    assert census == Census(articles=3, outlets=1, languages=1, news=1, guarded=1, backlog=1, events=1)


def test_whoever_starts_alone_sends_at_once_what_a_killed_bot_had_claimed(database: Database) -> None:
    with database.write() as session:
        subscribed(session)
        want(session, stored_event(session), all_subscriptions(session), now=NOW)
    before = claimed(database)
    with claim_database(database):
        again = claimed(database)
    assert again == (before if database.dialect == "sqlite" else [])


def test_a_sqlite_file_serves_one_bot_and_postgresql_any_number(database: Database) -> None:
    with claim_database(database):
        if database.dialect == "sqlite":
            with pytest.raises(DatabaseError, match="another bot is running"), claim_database(database):
                pass
        else:
            with claim_database(database):
                assert claimed(database) == []

"""Articles, what they are recognised by, and what the rules found."""

from __future__ import annotations

from dataclasses import replace

from storage.articles import add_article, add_matches, known_keys, list_articles
from storage.database import Database
from storage.events import add_event
from tests.storage.builders import ARTICLE, EVENT, MATCH, MINUTE, NOW, stored_article


def test_an_article_comes_back_as_it_was_stored(database: Database) -> None:
    with database.write() as session:
        added = add_article(session, ARTICLE, feed=None, fetched=NOW + MINUTE, backlog=True)
        assert added is not None
        add_matches(session, added, [MATCH, replace(MATCH, rule="summit", stance="none", facts=replace(MATCH.facts))])
        event = add_event(session, EVENT, article=added, why="opened", now=NOW)
    [found] = list_articles(database)
    assert (found.id, found.article) == (added, replace(ARTICLE, keys=tuple(sorted(ARTICLE.keys))))
    assert (found.matches[0], found.matches[1].rule) == (MATCH, "summit")
    assert (found.event, found.backlog, found.fetched) == (event.id, True, NOW + MINUTE)


def test_an_article_is_known_by_any_of_its_keys(database: Database) -> None:
    with database.write() as session:
        stored_article(session)
        assert known_keys(session, ["guid:1", "guid:2", "https://kura.example/1"]) == {
            "guid:1",
            "https://kura.example/1",
        }
        same_address = replace(ARTICLE, keys=("guid:changed", "https://kura.example/1"))
        assert add_article(session, same_address, feed=None, fetched=NOW, backlog=False) is None
        assert known_keys(session, ["guid:changed"]) == set()
    assert len(list(list_articles(database))) == 1


def test_thousands_of_keys_are_asked_at_once(database: Database) -> None:
    with database.write() as session:
        stored_article(session)
        assert known_keys(session, (f"guid:{number}" for number in range(3000))) == {"guid:1"}


def test_a_key_longer_than_an_index_takes_is_recognised_all_the_same(database: Database) -> None:
    endless = replace(ARTICLE, keys=("guid:" + "ж" * 100_000,), url="https://kura.example/?" + "z" * 100_000)
    with database.write() as session:
        assert add_article(session, endless, feed=None, fetched=NOW, backlog=False)
        assert known_keys(session, endless.keys) == set(endless.keys)
        assert add_article(session, endless, feed=None, fetched=NOW, backlog=False) is None
    assert [found.article.url for found in list_articles(database)] == [endless.url]


def test_articles_come_in_the_order_published_however_many(database: Database) -> None:
    with database.write() as session:
        for number in range(1203):
            published = NOW - MINUTE * (number // 3)
            article = replace(ARTICLE, published=published, keys=(f"guid:{number}",))
            add_article(session, article, feed=None, fetched=NOW, backlog=False)
    listed = [(found.article.published, found.id) for found in list_articles(database)]
    first = [(found.article.published, found.id) for found in list_articles(database, limit=501)]
    assert len(listed) == len(set(listed)) == 1203
    assert listed == sorted(listed)
    assert first == listed[:501]


def test_while_articles_are_listed_no_transaction_stands_open(database: Database) -> None:
    with database.write() as session:
        stored_article(session)
    listing = list_articles(database)
    next(listing)
    assert "Current Checked out connections: 0" in database.engine.pool.status()

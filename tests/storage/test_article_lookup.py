"""A stored article is found by its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from rules.article import Article, Source
from storage.articles import add_article
from storage.database import Database
from storage.lookup import article_at

WHEN = datetime(2021, 12, 4, 15, 10, tzinfo=UTC)
ARTICLE = Article(
    "https://kura.example/1", "Ten freed", "At noon.", "en", WHEN, Source("Kura Wire", "Kura", "az"), keys=("a",)
)


def test_an_article_is_found_as_it_was_stored(database: Database) -> None:
    with database.write() as session:
        add_article(session, ARTICLE, feed=None, fetched=WHEN, backlog=False)
    with database.read() as session:
        assert article_at(session, ARTICLE.url) == replace(ARTICLE, keys=())


def test_of_two_at_one_address_the_newer_is_meant(database: Database) -> None:
    with database.write() as session:
        add_article(session, ARTICLE, feed=None, fetched=WHEN, backlog=False)
        later = replace(ARTICLE, title="Twelve freed", keys=("b",))
        add_article(session, later, feed=None, fetched=WHEN, backlog=False)
    with database.read() as session:
        found = article_at(session, ARTICLE.url)
    assert found
    assert found.title == "Twelve freed"


def test_an_address_that_nobody_has_stored_is_none(database: Database) -> None:
    with database.read() as session:
        assert article_at(session, "https://kura.example/nowhere") is None

"""The stored articles read as a corpus: all of them, in the order published, a page at a time."""

from __future__ import annotations

from dataclasses import replace

from storage.articles import add_article
from storage.corpus import CorpusArticle, CorpusSize, measure_corpus, read_corpus
from storage.database import Database
from tests.storage.builders import ARTICLE, HOUR, NOW


def store(database: Database, *hours: int, backlog: bool = False) -> None:
    """Articles published so many hours after NOW, in this order of coming in."""
    with database.write() as session:
        for hour in hours:
            keys = (f"guid:{hour}",)
            article = replace(ARTICLE, title=f"hour {hour}", published=NOW + hour * HOUR, keys=keys)
            assert add_article(session, article, feed=None, fetched=NOW, backlog=backlog)


def titles(pages: list[list[CorpusArticle]]) -> list[list[str]]:
    return [[each.article.title for each in page] for page in pages]


def test_articles_come_in_the_order_published_whatever_the_page(database: Database) -> None:
    store(database, 3, 1, 2)
    assert titles(list(read_corpus(database, page=2))) == [["hour 1", "hour 2"], ["hour 3"]]
    assert titles(list(read_corpus(database, page=3))) == [["hour 1", "hour 2", "hour 3"]]


def test_articles_of_one_moment_are_each_read_once(database: Database) -> None:
    with database.write() as session:
        for number in range(5):
            add_article(session, replace(ARTICLE, keys=(str(number),)), feed=None, fetched=NOW, backlog=False)
    read = [each.id for page in read_corpus(database, page=2) for each in page]
    assert read == sorted(set(read))
    assert len(read) == 5


def test_what_was_published_at_since_counts_and_what_was_before_does_not(database: Database) -> None:
    store(database, 1, 2, 3)
    assert titles(list(read_corpus(database, NOW + 2 * HOUR))) == [["hour 2", "hour 3"]]
    with database.read() as session:
        assert measure_corpus(session, NOW + 2 * HOUR).articles == 2


def test_an_article_is_as_it_was_stored_but_for_its_keys(database: Database) -> None:
    with database.write() as session:
        number = add_article(session, ARTICLE, feed=None, fetched=NOW, backlog=True)
    ((read,),) = read_corpus(database)
    assert read == CorpusArticle(number or 0, replace(ARTICLE, keys=()), backlog=True)


def test_the_size_names_outlets_backlog_and_the_time_that_is_spanned(database: Database) -> None:
    store(database, 1, 5)
    store(database, 3, backlog=True)
    with database.read() as session:
        assert measure_corpus(session) == CorpusSize(3, 1, 1, NOW + HOUR, NOW + 5 * HOUR)


def test_an_empty_database_has_no_page_and_no_time(database: Database) -> None:
    assert list(read_corpus(database)) == []
    with database.read() as session:
        assert measure_corpus(session) == CorpusSize(0, 0, 0, None, None)

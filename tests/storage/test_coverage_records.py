"""Where each rule has found something, and where nothing was ever found."""

from __future__ import annotations

from dataclasses import replace

from rules.article import Source
from rules.match import Stance
from storage.articles import add_article, add_matches
from storage.coverage import Hits, SilentOutlet, count_hits, published_after, silent_outlets
from storage.database import Database
from tests.storage.builders import ARTICLE, HOUR, MATCH, NOW

KURA = ARTICLE.source
VOLGA = Source("Volga", "Volga", "ru")


def store(
    database: Database,
    hour: int,
    *stances: Stance,
    source: Source = KURA,
    rule: str = "pow-release",
    language: str = "en",
) -> None:
    """An article published so many hours after NOW, with a match of each stance."""
    told = replace(ARTICLE, published=NOW + hour * HOUR, source=source, language=language, keys=(f"{source}{hour}",))
    with database.write() as session:
        number = add_article(session, told, feed=None, fetched=NOW, backlog=False)
        add_matches(session, number or 0, [replace(MATCH, rule=rule, stance=stance) for stance in stances])


def hits(database: Database) -> list[Hits]:
    with database.read() as session:
        return count_hits(session)


def silent(database: Database) -> list[SilentOutlet]:
    with database.read() as session:
        return silent_outlets(session)


def test_hits_are_articles_with_news_by_rule_language_and_outlet(database: Database) -> None:
    store(database, 1, "report")
    store(database, 5, "claim")
    store(database, 3, "report", source=VOLGA, language="ru")
    store(database, 4, "report", rule="summit")
    assert hits(database) == [
        Hits("pow-release", "en", "az", "Kura Wire", 2, NOW + 5 * HOUR),
        Hits("pow-release", "ru", "ru", "Volga", 1, NOW + 3 * HOUR),
        Hits("summit", "en", "az", "Kura Wire", 1, NOW + 4 * HOUR),
    ]


def test_what_a_guard_keeps_silent_is_no_hit(database: Database) -> None:
    store(database, 1, "denial")
    store(database, 2, "recap")
    assert hits(database) == []
    assert silent(database) == [SilentOutlet("Kura Wire", "az", 2, NOW + 2 * HOUR)]


def test_silent_outlets_come_with_the_most_articles_first(database: Database) -> None:
    for hour in range(2):
        store(database, hour, source=replace(VOLGA, outlet="Two"))
    store(database, 1, source=replace(VOLGA, outlet="One"))
    store(database, 1, "report")
    assert [(each.outlet, each.articles) for each in silent(database)] == [("Two", 2), ("One", 1)]


def test_an_empty_database_has_neither(database: Database) -> None:
    assert (hits(database), silent(database)) == ([], [])


def test_the_newest_articles_are_those_published_from_a_moment_on(database: Database) -> None:
    for hour in range(3):
        store(database, hour)
    with database.read() as session:
        assert published_after(session, 2) == NOW + HOUR
        assert published_after(session, 4) is None

"""What a rule said when it made a match is kept, each text once, and can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from rules.rulebook import Rulebook, load_rulebook
from storage.articles import add_matches
from storage.database import Database
from storage.rulebooks import find_versions, keep_versions, list_text, list_versions
from storage.tables import LIST_TEXTS
from tests.storage.builders import HOUR, MATCH, NOW, stored_article

RULE = """\
id: {id}
title: Fair weather
status: experimental
level: {level}
meaning: For tests.
uses: [skies]
terms:
  sun: {{en: [sun]}}
clauses:
  fair: {{any: [sun, skies]}}
condition: fair
examples:
  match:
    - {{en: The sun}}
"""
SKIES = "title: Skies\nterms: {blue: {en: [blue sky]}}  # небо\n"

Book = Callable[..., Rulebook]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """The rules of a folder with these ids and this level, and the list that they use."""
    folder = tmp_path / "rules"
    (folder / "lists").mkdir(parents=True)

    def load(*ids: str, level: str = "low", skies: str = SKIES) -> Rulebook:
        (folder / "lists" / "skies.yaml").write_text(skies, encoding="utf-8")
        for name in ids:
            (folder / f"{name}.yaml").write_text(RULE.format(id=name, level=level), encoding="utf-8")
        return load_rulebook(folder)

    return load


def texts(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(LIST_TEXTS)) or 0


def test_a_version_is_kept_with_the_texts_it_is_made_of(database: Database, book: Book) -> None:
    loaded = book("fair")
    assert keep_versions(database, loaded, NOW) == 1
    with database.read() as session:
        (found,) = find_versions(session, loaded.rules["fair"].version)
        assert list_text(session, found.lists["skies"]) == SKIES
    assert (found.rule, found.title, found.level, found.status) == ("fair", "Fair weather", "low", "experimental")
    assert (found.file, found.text, found.since) == ("fair.yaml", RULE.format(id="fair", level="low"), NOW)


def test_a_list_that_many_rules_use_is_kept_once(database: Database, book: Book) -> None:
    assert keep_versions(database, book("fair", "fairer", "fairest"), NOW) == 3
    assert texts(database) == 1


def test_nothing_is_written_when_nothing_has_changed(database: Database, book: Book) -> None:
    keep_versions(database, book("fair"), NOW)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))
    assert keep_versions(database, book("fair"), NOW + HOUR) == 0
    assert [each for each in said if not each.startswith(("SELECT", "BEGIN", "ROLLBACK"))] == []


@pytest.mark.parametrize("change", [{"level": "high"}, {"skies": SKIES.replace("blue sky", "azure")}])
def test_a_change_of_the_rule_or_of_its_list_is_a_version_of_its_own(
    database: Database, book: Book, change: dict[str, str]
) -> None:
    keep_versions(database, book("fair"), NOW)
    assert keep_versions(database, book("fair", **change), NOW + HOUR) == 1
    with database.read() as session:
        assert [each.since for each in list_versions(session, "fair")] == [NOW, NOW + HOUR]


def test_a_changed_comment_is_no_other_version(database: Database, book: Book) -> None:
    keep_versions(database, book("fair"), NOW)
    assert keep_versions(database, book("fair", skies=SKIES.replace("небо", "երկինք")), NOW) == 0


def test_a_version_that_comes_back_keeps_the_time_when_it_first_was(database: Database, book: Book) -> None:
    keep_versions(database, book("fair"), NOW)
    keep_versions(database, book("fair", level="high"), NOW + HOUR)
    assert keep_versions(database, book("fair"), NOW + 2 * HOUR) == 0
    with database.read() as session:
        assert [(each.level, each.since) for each in list_versions(session)] == [("low", NOW), ("high", NOW + HOUR)]


def test_versions_tell_how_many_matches_each_made(database: Database, book: Book) -> None:
    loaded = book("fair", "fairer")
    keep_versions(database, loaded, NOW)
    made = replace(MATCH, rule="fair", version=loaded.rules["fair"].version)
    with database.write() as session:
        for number in (1, 2):
            add_matches(session, stored_article(session, number), [made])
    with database.read() as session:
        assert [(each.rule, each.matches) for each in list_versions(session)] == [("fair", 2), ("fairer", 0)]


def test_a_match_from_before_versions_were_kept_is_told_of_all_the_same(database: Database) -> None:
    with database.write() as session:
        add_matches(session, stored_article(session), [MATCH])
    with database.read() as session:
        (found,) = list_versions(session)
    assert (found.rule, found.version, found.since, found.matches) == ("pow-release", "3f2a", None, 1)


def test_what_was_never_kept_is_not_found(database: Database) -> None:
    with database.read() as session:
        assert list_versions(session) == []
        assert find_versions(session, "3f2a") == []
        assert list_text(session, "0" * 64) == ""


def test_the_shipped_rules_and_the_gazetteer_are_kept_whole(database: Database) -> None:
    from rules.rulebook import library

    shipped = load_rulebook(library())
    keep_versions(database, shipped, NOW)
    with database.read() as session:
        (found,) = find_versions(session, shipped.rules["summit"].version)
        assert found.text == (library() / "summit.yaml").read_text("utf-8")
        places = list_text(session, found.lists["places"])
    assert places.encode() == (library() / "lists" / "places.csv").read_bytes()

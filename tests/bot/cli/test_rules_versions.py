"""`rules versions`: which versions there were, what they said, and what changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rules.rulebook import Rulebook, load_rulebook
from storage.articles import add_matches
from storage.database import Database
from storage.rulebooks import keep_versions
from tests.bot.cli.conftest import Ask
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
SKIES = "title: Skies\nterms: {{blue: {{en: [{sky}]}}}}\n"


def load_fair(folder: Path, *, level: str = "low", sky: str = "blue sky", name: str = "fair") -> Rulebook:
    """The rule, as a folder of its own holds it."""
    (folder / "rules" / "lists").mkdir(parents=True, exist_ok=True)
    (folder / "rules" / "lists" / "skies.yaml").write_text(SKIES.format(sky=sky), encoding="utf-8")
    (folder / "rules" / f"{name}.yaml").write_text(RULE.format(id=name, level=level), encoding="utf-8")
    return load_rulebook(folder / "rules")


@pytest.fixture
def two(log: Database, folder: Path) -> tuple[str, str]:
    """Two versions of one rule: its level has changed, and its list. The first made a match."""
    old = load_fair(folder)
    keep_versions(log, old, NOW)
    with log.write() as session:
        made = replace(MATCH, rule="fair", version=old.rules["fair"].version)
        add_matches(session, stored_article(session), [made])
    new = load_fair(folder, level="high", sky="azure")
    keep_versions(log, new, NOW + HOUR)
    return old.rules["fair"].version, new.rules["fair"].version


def test_versions_are_a_table_oldest_first_with_their_matches(ask: Ask, two: tuple[str, str]) -> None:
    answer = ask("rules", "versions")
    assert (answer.status, answer.err) == (0, "")
    _, first, second = answer.out.splitlines()
    assert first.split() == ["fair", two[0], "2021-12-04", "15:10", "experimental", "low", "1"]
    assert second.split() == ["fair", two[1], "2021-12-04", "16:10", "experimental", "high", "0"]


def test_one_rule_s_versions_are_asked_for_by_its_id(ask: Ask, two: tuple[str, str], log: Database) -> None:
    with log.write() as session:
        add_matches(session, stored_article(session, 2), [MATCH])
    assert [line.split()[0] for line in ask("rules", "versions", "fair").out.splitlines()] == ["rule", "fair", "fair"]
    (_, only) = ask("rules", "versions", "pow-release").out.splitlines()
    assert only.split() == ["pow-release", "3f2a", "not", "kept", "-", "-", "1"]


def test_a_text_is_shown_as_it_stood(ask: Ask, two: tuple[str, str]) -> None:
    answer = ask("rules", "versions", "--show", two[0])
    assert (answer.status, answer.out) == (0, RULE.format(id="fair", level="low"))
    assert f"fair@{two[0]}, in force since 2021-12-04 15:10 UTC" in answer.err
    assert "the lists it used, each shown with --list: skies" in answer.err


def test_a_version_may_be_named_as_events_name_it(ask: Ask, two: tuple[str, str]) -> None:
    assert ask("rules", "versions", "--show", f"fair@{two[1]}").out == RULE.format(id="fair", level="high")


def test_a_list_is_shown_as_it_stood(ask: Ask, two: tuple[str, str]) -> None:
    answer = ask("rules", "versions", "--show", two[0], "--list", "skies")
    assert (answer.status, answer.out) == (0, SKIES.format(sky="blue sky"))
    assert "The list skies of fair@" in answer.err


def test_what_changed_is_shown_of_the_rule_and_of_its_lists(ask: Ask, two: tuple[str, str]) -> None:
    answer = ask("rules", "versions", "fair", "--diff", *two)
    lines = answer.out.splitlines()
    assert answer.status == 0
    assert f"--- fair.yaml {two[0]} (2021-12-04 15:10 UTC)" in lines
    assert f"+++ fair.yaml {two[1]} (2021-12-04 16:10 UTC)" in lines
    assert {"-level: low", "+level: high"} <= set(lines)
    assert f"--- list skies {two[0]} (2021-12-04 15:10 UTC)" in lines
    assert {"-terms: {blue: {en: [blue sky]}}", "+terms: {blue: {en: [azure]}}"} <= set(lines)


def test_versions_that_say_the_same_are_told_to(ask: Ask, two: tuple[str, str]) -> None:
    answer = ask("rules", "versions", "--diff", two[0], two[0])
    assert (answer.status, answer.out) == (0, "")
    assert "say the same" in answer.err


def test_where_no_version_is_kept_it_says_what_keeps_them(ask: Ask, log: Database) -> None:
    answer = ask("rules", "versions")
    assert (answer.status, answer.out) == (0, "")
    assert "No versions yet" in answer.err


def test_without_a_database_it_says_so(ask: Ask) -> None:
    answer = ask("rules", "versions", "--db", "nowhere.db")
    assert answer.status == 1
    assert "no database at nowhere.db" in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fiar",), "No version of a rule 'fiar' is kept. Did you mean fair?"),
        (("--show", "zzzz"), "There is no version 'zzzz'. Known are: "),
        (("--show", "fiar@zzzz"), "There is no version 'zzzz' of fiar. `borderwatch rules versions` lists them."),
        (("fair", "--diff", "zzzz", "yyyy"), "There is no version 'zzzz' of fair. Known are: "),
        (("--show", "3f2a"), "3f2a made its matches before versions were kept: its text is not known."),
    ],
)
def test_what_is_not_known_is_told_with_what_was_probably_meant(
    ask: Ask, two: tuple[str, str], log: Database, words: tuple[str, ...], said: str
) -> None:
    with log.write() as session:
        add_matches(session, stored_article(session, 2), [MATCH])
    answer = ask("rules", "versions", *words)
    assert (answer.status, answer.out) == (1, "")
    assert said in answer.err


def test_a_list_that_was_not_used_is_told_with_what_was_probably_meant(ask: Ask, two: tuple[str, str]) -> None:
    answer = ask("rules", "versions", "--show", two[0], "--list", "skis")
    assert answer.status == 1
    assert "fair used no list 'skis'" in answer.err
    assert "Did you mean skies?" in answer.err


def test_two_questions_at_once_are_refused(ask: Ask, two: tuple[str, str]) -> None:
    assert ask("rules", "versions", "--show", two[0], "--diff", *two).status == 2
    assert ask("rules", "versions", "--list", "skies").status == 2
    assert ask("rules", "versions", "--diff", two[0]).status == 2

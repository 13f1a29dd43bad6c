"""`rules coverage`, as an analyst types it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.article import Source
from storage.articles import add_article, add_matches
from storage.database import Database
from tests.bot.cli.conftest import Ask
from tests.storage.builders import ARTICLE, MATCH


def store(log: Database, title: str, *rules: str, days_ago: float = 1, outlet: str = "Kura Wire") -> None:
    published = datetime.now(UTC) - timedelta(days=days_ago)
    source = Source(outlet, outlet, "az")
    told = replace(ARTICLE, title=title, summary="", published=published, source=source, keys=(title,))
    with log.write() as session:
        number = add_article(session, told, feed=None, fetched=published, backlog=False)
        add_matches(session, number or 0, [replace(MATCH, rule=rule) for rule in rules])


def row(out: str, indicator: str) -> list[str]:
    """The cells of an indicator's first row, which is English."""
    return next(line for line in out.splitlines() if line.startswith(indicator)).split()


def test_without_a_database_it_shows_what_the_rules_offer_and_says_so(ask: Ask) -> None:
    answer = ask("rules", "coverage")
    assert answer.status == 0
    assert "There is no database" in answer.err
    assert "only what the rules offer is shown" in answer.err
    assert row(answer.out, "pow-release")[1] == "English"
    assert "hits" not in answer.out
    told = json.loads(ask("rules", "coverage", "--format", "json").out)
    assert told["stored"] is None
    assert {each["language"] for each in told["rules"]} == {"en", "ru", "hy", "az", "tr"}
    assert all(each["terms"] and each["articles"] == 0 for each in told["rules"])


def test_an_empty_database_is_told_so(ask: Ask, log: Database) -> None:
    answer = ask("rules", "coverage")
    assert answer.status == 0
    assert "There are no stored articles yet" in answer.out
    assert row(answer.out, "pow-release")[-2:] == ["0", "never"]


def test_hits_are_counted_by_side_and_the_last_is_dated(ask: Ask, log: Database) -> None:
    store(log, "Freed", "pow-release", days_ago=3)
    store(log, "Freed too", "pow-release", days_ago=2)
    last = datetime.now(UTC) - timedelta(days=2)
    assert row(ask("rules", "coverage").out, "pow-release")[-3:] == ["2", f"{last:%Y-%m-%d}", "2"]
    assert "Kura Wire" not in ask("rules", "coverage").out
    assert "Kura Wire" in ask("rules", "coverage", "--outlets").out


def test_silent_rules_and_outlets_are_named(ask: Ask, log: Database) -> None:
    store(log, "Old news", "summit", days_ago=120)
    store(log, "Freed", "pow-release")
    store(log, "Rain", outlet="Dry Post")
    answer = ask("rules", "coverage")
    assert "summit (last " in answer.out
    assert "border-incursion (never)" in answer.out
    assert "pow-release (" not in answer.out
    assert "Outlets that never gave a hit, 1 of 2: Dry Post (1 article, az)." in answer.out
    assert "summit (last " not in ask("rules", "coverage", "--silent", "200d").out


def test_the_time_that_is_stored_is_told_when_it_is_shorter_than_asked(ask: Ask, log: Database) -> None:
    store(log, "Rain")
    assert "but the stored articles begin on" in ask("rules", "coverage").out


def test_words_of_missed_articles_are_shown_with_what_was_lacking(ask: Ask, log: Database) -> None:
    for number in range(6):
        store(log, f"Rain on day {number}")
    answer = ask("rules", "coverage")
    assert "nothing is known to be missed" in answer.out
    for number in range(6):
        store(log, f"Azerbaijan zurückgegeben captives of Armenia, day {number}")
    answer = ask("rules", "coverage")
    assert "Words that stand where a rule lacked one name only" in answer.out
    assert "zurückgegeben" in answer.out
    told = json.loads(ask("rules", "coverage", "--format", "json").out)
    (word,) = [each for each in told["missed"]["words"] if each["word"] == "zurückgegeben"]
    assert (word["rule"], word["language"], word["articles"]) == ("pow-release", "en", 6)


def test_json_is_one_object_with_outlets(ask: Ask, log: Database) -> None:
    store(log, "Freed", "pow-release")
    told = json.loads(ask("rules", "coverage", "--format", "json").out)
    assert told["stored"]["articles"] == 1
    (found,) = [each for each in told["rules"] if each["articles"]]
    assert (found["rule"], found["language"]) == ("pow-release", "en")
    assert [(each["outlet"], each["side"], each["articles"]) for each in found["outlets"]] == [("Kura Wire", "az", 1)]
    assert {each["rule"] for each in told["silent"]} >= {"summit"}


def test_a_rule_that_is_gone_is_named(ask: Ask, log: Database) -> None:
    store(log, "Freed", "border-war")
    assert "rules that are there no more: border-war" in ask("rules", "coverage").out


def test_a_time_that_is_none_is_wrong_usage(ask: Ask) -> None:
    answer = ask("rules", "coverage", "--silent", "long")
    assert answer.status == 2
    assert "--silent" in answer.err


def test_broken_rules_are_shown_with_their_faults(ask: Ask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "summit.yaml").write_text("id: [", "utf-8")
    monkeypatch.setenv("BORDERWATCH_RULES", str(folder / "mine"))
    answer = ask("rules", "coverage")
    assert answer.status == 1
    assert "summit.yaml:1" in answer.err

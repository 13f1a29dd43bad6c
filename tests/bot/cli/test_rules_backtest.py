"""`rules backtest`, as an analyst types it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rules.article import Article
from rules.rulebook import library
from storage.articles import add_article
from storage.database import Database
from tests.bot.cli.conftest import Ask
from tests.storage.builders import ARTICLE

RULE = """
id: bridge
title: A bridge
status: experimental
level: medium
meaning: For tests.
terms: {words: {en: [bridge]}}
clauses: {words: {any: [words]}}
condition: words
examples: {match: [{en: A bridge}]}
"""


@pytest.fixture
def mine(folder: Path) -> Path:
    """A folder with one rule of its own."""
    (folder / "mine").mkdir()
    (folder / "mine" / "bridge.yaml").write_text(RULE, "utf-8")
    return folder / "mine"


def store(log: Database, *titles: str, days_ago: float = 1) -> None:
    published = datetime.now(UTC) - timedelta(days=days_ago)
    with log.write() as session:
        for title in titles:
            told: Article = replace(ARTICLE, title=title, summary="", published=published, keys=(title,))
            add_article(session, told, feed=None, fetched=published, backlog=False)


def test_it_shows_gained_articles_events_and_alerts(ask: Ask, log: Database, mine: Path) -> None:
    store(log, "A bridge opens", "Rain")
    answer = ask("rules", "backtest", "mine")
    assert answer.status == 0
    assert "bridge (added): 1 gained, 0 lost" in answer.out
    assert "A bridge opens" in answer.out
    assert "events: 1 gained, 0 lost, 0 as before" in answer.out
    assert "0.00 before, 1.00 after" in answer.out
    assert "English" in answer.out


def test_the_newest_are_listed_and_all_when_asked_for(ask: Ask, log: Database, mine: Path) -> None:
    for number in range(22):
        store(log, f"Bridge {number:02}", days_ago=22 - number)
    answer = ask("rules", "backtest", "mine")
    assert "... and 12 more" in answer.out
    assert answer.out.index("Bridge 21") < answer.out.index("Bridge 20")
    assert "Bridge 05" not in answer.out.split("events:")[0]
    assert "Bridge 05" in ask("rules", "backtest", "mine", "--all").out.split("events:")[0]


def test_since_leaves_out_what_is_older(ask: Ask, log: Database, mine: Path) -> None:
    store(log, "An old bridge", days_ago=200)
    store(log, "A new bridge")
    assert "1 gained" in ask("rules", "backtest", "mine").out
    assert "1 gained" in ask("rules", "backtest", "mine", "--since", "12d").out
    assert "2 gained" in ask("rules", "backtest", "mine", "--since", "all").out
    assert "2 gained" in ask("rules", "backtest", "mine", "--since", "2020-01-01").out


def test_json_is_one_object_that_holds_all(ask: Ask, log: Database, mine: Path) -> None:
    store(log, *(f"Bridge {number}" for number in range(15)))
    answer = ask("rules", "backtest", "mine", "--format", "json")
    told = json.loads(answer.out)
    (rule,) = told["rules"]
    assert (rule["rule"], rule["what"], len(rule["gained"])) == ("bridge", "added", 15)
    assert rule["gained"][0].keys() >= {"article", "url", "title", "outlet", "published", "language", "before", "after"}
    assert told["decided_otherwise"] is True
    assert told["alerts"]["before"]["events"] == 0
    assert told["languages"] == [{"language": "en", "gained": 15, "lost": 0, "heard": 0, "silenced": 0}]


def test_without_a_path_the_settings_folders_are_compared_with_the_library(
    ask: Ask, log: Database, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(log, "A bridge opens")
    assert ask("rules", "backtest").status == 2
    assert "Name the files" in ask("rules", "backtest").err
    monkeypatch.setenv("BORDERWATCH_RULES", str(mine))
    assert "bridge (added): 1 gained" in ask("rules", "backtest").out
    assert "bridge (added): 1 gained" in ask("rules", "backtest", "mine/bridge.yaml").out


def test_a_file_that_changes_nothing_is_told_so(ask: Ask, log: Database, folder: Path) -> None:
    store(log, "A bridge opens")
    (folder / "empty").mkdir()
    answer = ask("rules", "backtest", "empty")
    assert answer.status == 0
    assert "no article would be decided otherwise" in answer.out
    told = json.loads(ask("rules", "backtest", "empty", "--format", "json").out)
    assert (told["rules"], told["decided_otherwise"]) == ([], False)


def test_a_rule_that_no_article_meets_is_told_so(ask: Ask, log: Database, mine: Path) -> None:
    store(log, "Rain")
    assert ask("rules", "backtest", "mine").out == "bridge (added): no article would be decided otherwise.\n"


def test_an_escalation_rule_is_named_as_not_tried(ask: Ask, log: Database, folder: Path) -> None:
    store(log, "A bridge opens")
    (folder / "mine").mkdir()
    text = (library() / "escalation-incursions.yaml").read_text("utf-8")
    (folder / "mine" / "escalation-incursions.yaml").write_text(text.replace("level: critical", "level: high"), "utf-8")
    answer = ask("rules", "backtest", "mine")
    assert answer.status == 0
    assert answer.err == "Escalation rules are not tried here: escalation-incursions.\n"
    assert "no article would be decided otherwise" in answer.out


def test_a_broken_file_is_shown_with_its_faults(ask: Ask, log: Database, mine: Path) -> None:
    store(log, "A bridge opens")
    (mine / "bridge.yaml").write_text(RULE.replace("level: medium", "level: middling"), "utf-8")
    answer = ask("rules", "backtest", "mine")
    assert answer.status == 1
    assert "mine/bridge.yaml:5:" in answer.err
    assert "middling" in answer.err
    assert ask("rules", "backtest", "nowhere").status == 1


def test_without_a_database_it_says_so(ask: Ask, mine: Path) -> None:
    answer = ask("rules", "backtest", "mine")
    assert answer.status == 1
    assert "There is no database" in answer.err


def test_an_empty_database_and_one_without_articles_since_are_a_sentence_each(
    ask: Ask, log: Database, mine: Path
) -> None:
    for since in ("all", "90d"):
        assert "no stored articles yet" in ask("rules", "backtest", "mine", "--since", since).err
    store(log, "A bridge opens", days_ago=200)
    answer = ask("rules", "backtest", "mine")
    assert (answer.status, answer.out) == (1, "")
    assert "No stored article was published since 90d, the newest is of 20" in answer.err


@pytest.mark.parametrize("written", ["soon", "", "90", "90d level:high", "2021-11-01,2021-11-02", "-5d", "9999w9"])
def test_a_time_that_is_none_is_wrong_usage(ask: Ask, log: Database, mine: Path, written: str) -> None:
    answer = ask("rules", "backtest", "mine", f"--since={written}")
    assert answer.status == 2
    assert "is not a time; write for instance 90d" in answer.err


def test_a_title_cannot_steer_the_terminal(ask: Ask, log: Database, mine: Path) -> None:
    store(log, "A bridge \x1b[2Jopens")
    answer = ask("rules", "backtest", "mine")
    assert "\x1b[2J" not in answer.out
    assert "1 gained" in answer.out

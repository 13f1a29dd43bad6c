"""`rules test`: only what differs is shown, and nothing passes that was not tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.conftest import Ask

ROAD = """
id: road-closed
title: The road is closed
status: {status}
level: low
meaning: For tests.
terms: {{road: {{en: [road]}}, closed: {{en: [clos*]}}, snow: {{en: [snow]}}}}
clauses: {{closed: {{near: [road, closed], within: 4 words}}, snow: {{any: [snow]}}}}
condition: closed and not snow
examples: {examples}
"""
GOOD = "{match: [{en: The road is closed}], no match: [{en: The road is closed by snow, why: snow}]}"
BAD = "{match: [{en: Closed after a day of talks is the road}], no match: [{en: The road is closed, why: snow}]}"


@pytest.fixture
def mine(folder: Path) -> Path:
    (folder / "mine").mkdir()
    return folder / "mine"


def write(mine: Path, examples: str = GOOD, status: str = "test") -> None:
    (mine / "road-closed.yaml").write_text(ROAD.format(examples=examples, status=status), "utf-8")


def test_when_all_is_as_written_the_figures_say_how_much_was_tried(ask: Ask, mine: Path) -> None:
    write(mine)
    answer = ask("rules", "test", "mine")
    assert (answer.status, answer.err) == (0, "")
    assert "rules hold. In mine: 2 examples of 1 rule." in answer.out


def test_what_differs_is_shown_with_what_decided_and_the_nearest_miss(ask: Ask, mine: Path) -> None:
    write(mine, BAD)
    answer = ask("rules", "test", "mine", "--rule", "road-closed")
    assert answer.status == 1
    assert answer.out.splitlines() == [
        "mine/road-closed.yaml:10: road-closed: Closed after a day of talks is the road",
        "    expected: a match, report or claim",
        "    came:     no match",
        "    decided:  closed does not hold",
        "    nearest:  closed: road .. closed: distance 8, allowed 4; “Closed”, “road”",
        "",
        "mine/road-closed.yaml:10: road-closed: The road is closed",
        "    expected: no match",
        "    came:     a match, report",
        "    decided:  closed holds by “road” (road), “closed” (closed); no guard fires",
        "    nearest:  snow: no word of snow",
        "",
    ]
    assert answer.err == "2 of 2 examples of 1 rule came out otherwise than they say: road-closed.\n"


def test_every_example_is_a_line_when_asked(ask: Ask, mine: Path) -> None:
    write(mine)
    answer = ask("rules", "test", "mine", "--rule", "road-closed", "-v")
    assert answer.out.splitlines() == [
        "ok       road-closed.yaml:10: road-closed: [en] The road is closed: a match, report",
        "ok       road-closed.yaml:10: road-closed: [en] The road is closed by snow: no match",
        "2 examples of 1 rule hold.",
    ]


def test_one_rule_of_the_library_may_be_tried(ask: Ask) -> None:
    answer = ask("rules", "test", "--rule", "pow-release")
    assert answer.status == 0
    assert answer.out.endswith("examples of 1 rule hold.\n")


def test_an_escalation_rule_may_be_tried_alone(ask: Ask) -> None:
    answer = ask("rules", "test", "--rule", "escalation-incursions", "-v")
    assert answer.status == 0
    assert "pow-release" not in answer.out
    assert "of 1 rule hold" in answer.out


def test_an_unknown_rule_is_told_with_the_one_that_was_meant(ask: Ask) -> None:
    answer = ask("rules", "test", "--rule", "pow-relase")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == "There is no rule 'pow-relase'. Did you mean pow-release?\n"


def test_a_folder_without_rules_does_not_pass(ask: Ask, mine: Path) -> None:
    (mine / "notes.txt").write_text("x", "utf-8")
    answer = ask("rules", "test", "mine")
    assert (answer.status, answer.out) == (1, "")
    assert "No rule stands in mine, so nothing of it was tried." in answer.err


def test_a_folder_of_lists_alone_is_tried_by_the_librarys_examples(ask: Ask, mine: Path) -> None:
    (mine / "lists").mkdir()
    (mine / "lists" / "roads.yaml").write_text("{title: Roads, terms: {roads: {en: [road]}}}", "utf-8")
    answer = ask("rules", "test", "mine")
    assert answer.status == 0
    assert "None of them stands in mine." in answer.out


def test_a_rule_without_examples_is_refused(ask: Ask, mine: Path) -> None:
    write(mine, "{match: []}")
    answer = ask("rules", "test", "mine")
    assert answer.status == 1
    assert "needs an example" in answer.err


def test_a_stable_rule_without_an_example_that_it_must_not_match_is_refused(ask: Ask, mine: Path) -> None:
    write(mine, "{match: [{en: The road is closed}]}", status="stable")
    answer = ask("rules", "test", "mine")
    assert answer.status == 1
    assert "a stable rule needs an example under 'no match'" in answer.err

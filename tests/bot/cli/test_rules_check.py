"""`rules check`: faults first, then warnings, then one line that counts them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Ask

RULE = """
id: road-closed
title: The road is closed
status: experimental
level: low
meaning: The road is closed.
terms:
  road: {{en: [{terms}]}}
clauses: {{road: {{any: [road]}}}}
condition: road
examples:
  match: [{{en: The road is closed}}]
  no match: [{{en: The shop is closed}}]
"""


@pytest.fixture
def mine(folder: Path) -> Path:
    (folder / "mine").mkdir()
    return folder / "mine"


def write(folder: Path, terms: str, name: str = "road-closed.yaml") -> None:
    (folder / name).write_text(RULE.format(terms=terms), "utf-8")


def test_without_a_finding_one_line_counts_the_rules(ask: Ask, mine: Path) -> None:
    write(mine, "road~, highway~")
    answer = ask("rules", "check", "mine")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("4 rules, no faults, no warnings: border-incursion, pow-release, road-closed, summit")


def test_warnings_are_told_with_the_line_and_do_not_fail(ask: Ask, mine: Path) -> None:
    write(mine, "road, road~")
    answer = ask("rules", "check", "mine")
    assert (answer.status, answer.err) == (0, "")
    told = answer.out.splitlines()
    assert told[0].endswith(
        "mine/road-closed.yaml:8:15: warning: road does nothing here: road~ takes all that it takes [shadowed-term]"
    )
    assert told[1].strip() == "road: {en: [road, road~]}"
    assert told[2].index("^") == told[1].index("[road,") + 1
    assert told[-1].startswith("4 rules, no faults, 1 warning: ")


def test_strict_lets_warnings_fail(ask: Ask, mine: Path) -> None:
    write(mine, "road, road~")
    answer = ask("rules", "check", "--strict", "mine")
    assert (answer.status, answer.err) == (1, "")
    assert "1 warning" in answer.out
    write(mine, "road~")
    assert ask("rules", "check", "--strict", "mine").status == 0


def test_faults_stand_before_warnings_and_fail(ask: Ask, mine: Path) -> None:
    write(mine, "road, road~", "a.yaml")
    (mine / "b.yaml").write_text("id: b", "utf-8")
    answer = ask("rules", "check", "mine")
    assert (answer.status, answer.err) == (1, "")  # what was found is the answer: it can be kept in a file
    assert answer.out.index("b.yaml:1:1") < answer.out.index("a.yaml:8:15: warning")
    assert re.search(r"^4 rules, 1 fault in 1 file, 1 warning: ", answer.out, re.MULTILINE)


def test_a_file_with_faults_has_no_warnings_yet(ask: Ask, mine: Path) -> None:
    write(mine, "road, road~, 'ro~ad'")
    assert "no warnings" in ask("rules", "check", "mine").out


def test_the_library_is_not_what_is_asked_about_beside_own_rules(ask: Ask, mine: Path) -> None:
    write(mine, "road~")
    assert "rules/library" not in ask("rules", "check", "mine").out


def test_a_single_file_is_looked_at_alone(ask: Ask, mine: Path) -> None:
    write(mine, "road, road~")
    (mine / "other.yaml").write_text(RULE.format(terms="go").replace("road-closed", "other"), "utf-8")
    answer = ask("rules", "check", "mine/road-closed.yaml")
    assert "4 rules, no faults, 1 warning" in answer.out


def test_json_holds_faults_and_warnings_on_stdout_and_the_count_is_words(ask: Ask, mine: Path) -> None:
    write(mine, "road, road~", "a.yaml")
    (mine / "b.yaml").write_text("id: b", "utf-8")
    answer = ask("rules", "check", "--format", "json", "mine")
    assert answer.status == 1
    assert [(each["code"], each["severity"], each["line"]) for each in json.loads(answer.out)] == [
        ("missing-key", "error", 1),
        ("shadowed-term", "warning", 8),
    ]
    assert answer.err.startswith("4 rules, 1 fault in 1 file, 1 warning: ")


def test_json_of_nothing_wrong_is_an_empty_array(ask: Ask, mine: Path) -> None:
    write(mine, "road~")
    answer = ask("rules", "check", "--format", "json", "mine")
    assert (answer.status, json.loads(answer.out)) == (0, [])


def test_annotations_name_the_file_as_it_was_given(ask: Ask, mine: Path) -> None:
    (mine / "b.yaml").write_text("id: b\nlevel:high\n", "utf-8")
    answer = ask("rules", "check", "--format", "github", "mine")
    assert answer.status == 1
    assert re.search(
        r"^::error file=\S*mine/b.yaml,line=2,col=6,title=space::a space is missing", answer.out, re.MULTILINE
    )


def test_what_the_reader_warns_of_is_told_beside_the_lints(ask: Ask, mine: Path) -> None:
    write(mine, "road~]}\n  idle: {en: [x")
    assert "no clause and no fact uses the terms idle [unused-group]" in ask("rules", "check", "mine").out


def test_escalations_are_named_behind_the_rules(ask: Ask, mine: Path) -> None:
    assert ask("rules", "new", "more-incursions", "--escalation", "--in", "mine").status == 0
    answer = ask("rules", "check", "mine")
    assert answer.status == 0
    assert re.search(r"summit; escalations: .*more-incursions", answer.out)

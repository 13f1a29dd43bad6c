"""Examples in rule files: what comes out otherwise is told, with what decided."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.__main__ import main
from rules.rulebook import Rulebook
from rules.tools.examples import run_examples

MakeBook = Callable[..., Rulebook]

RULE = {
    "terms": "{c: {en: [captive~]}, f: {en: [freed]}, b: {en: [bodies]}}",
    "clauses": "{freed: {near: [c, f], within: sentence}, bodies: {any: [b]}}",
    "condition": "freed and not bodies",
    "extract": "{count: {number near: c, within: 4 words}}",
}
GUARDS = """
title: x
guards: [{name: denial, stance: denial, where: sentence, terms: {en: [denies]}},
         {name: claim, stance: claim, where: sentence, terms: {en: [says]}}]
"""


@pytest.fixture
def differences(book: MakeBook) -> Callable[[str], list[tuple[str, str]]]:
    """What is expected and what came, for the examples (as written in a rule file) that differ."""

    def run(examples: str) -> list[tuple[str, str]]:
        rules = book({"guards": GUARDS}, **(RULE | {"examples": examples}))
        return [(failure.expected, failure.came) for failure in run_examples(rules)]

    return run


Differences = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    "examples",
    [
        "{match: [{en: 12 captives freed, facts: {count: 12, places: []}, stance: report}]}",
        "{match: [{en: He says captives were freed, stance: claim}]}",
        "{match: [{en: Captives, lead: They were captives and were freed.}]}",
        "{match: [{en: Captives freed}], no match: [{en: Captives freed with bodies, why: bodies}]}",
        "{match: [{en: Captives freed}], no match: [{en: Captives at home, why: freed}]}",
        "{match: [{en: Captives freed}], no match: [{en: Baku denies that captives were freed, why: denial}]}",
        "{match: [{en: Captives freed}], no match: [{en: Baku denies that captives were freed, stance: denial}]}",
    ],
)
def test_examples_that_come_out_as_written_are_silent(differences: Differences, examples: str) -> None:
    assert differences(examples) == []


@pytest.mark.parametrize(
    ("examples", "expected", "came"),
    [
        ("{match: [{en: Nothing}]}", "a match, report or claim", "no match"),
        ("{match: [{en: He says captives were freed, stance: report}]}", "report", "claim, by the guard claim"),
        ("{match: [{en: He denies captives were freed}]}", "report or claim", "denial, by the guard denial"),
        ("{match: [{en: Two captives freed, facts: {count: 2}}]}", "count: 2", "count: none"),
        ("{match: [{en: Captives freed, facts: {places: [Goris]}}]}", "places: Goris", "places: none"),
        ("{match: [{en: Captives freed}], no match: [{en: Captives freed}]}", "no match", "a match, report"),
        (
            "{match: [{en: Captives freed}], no match: [{en: Nothing, why: bodies}]}",
            "decided by bodies",
            "no match even without it",
        ),
        (
            "{match: [{en: Captives freed}], no match: [{en: He denies captives were freed, why: claim}]}",
            "decided by claim",
            "decided by the guard denial",
        ),
        ("{match: [{en: Captives freed}], no match: [{en: Nothing, stance: denial}]}", "denial", "no match"),
    ],
)
def test_what_differs_is_told(differences: Differences, examples: str, expected: str, came: str) -> None:
    assert differences(examples) == [(expected, came)]


def test_an_example_may_be_told_by_a_source_of_a_side(book: MakeBook) -> None:
    rule = RULE | {"clauses": "{freed: {near: [c, f], within: sentence}, us: {any: [source.am, b]}}"}
    examples = "{match: [{en: Captives freed, side: am}], no match: [{en: Captives freed, why: us}]}"
    rules = book({"guards": GUARDS}, **(rule | {"condition": "freed and us", "examples": examples}))
    assert run_examples(rules) == []


def test_a_difference_names_the_rule_the_line_and_what_decided(book: MakeBook) -> None:
    (failure,) = run_examples(book({"guards": GUARDS}, **RULE))
    assert "a-rule.yaml:" in str(failure)
    assert "did not hold: freed, bodies" in str(failure)


def test_the_checker_prints_faults_and_differences_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yaml").write_text("id: bad\nlevle: high\n", "utf-8")
    assert main([str(tmp_path)]) == 1
    assert "Did you mean level?" in capsys.readouterr().err

"""Examples in rule files: what comes out otherwise is told, with what decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.rulebook import Rulebook
from rules.tools.examples import ExampleFailure, run_examples, try_examples

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


def failure(book: MakeBook, examples: str, **parts: str) -> ExampleFailure:
    (found,) = run_examples(book({"guards": GUARDS}, **(RULE | parts | {"examples": examples})))
    return found


def test_a_difference_names_the_file_the_line_and_the_text(book: MakeBook) -> None:
    told = str(failure(book, "{match: [{en: Nothing, lead: At all}]}")).splitlines()
    assert told[0].endswith("a-rule.yaml:13: a-rule: Nothing | At all")
    assert [line.partition(":")[0].strip() for line in told[1:]] == ["expected", "came", "decided", "nearest"]


def test_two_differences_of_one_example_are_one_failure(book: MakeBook) -> None:
    found = failure(book, "{match: [{en: He denies 2 captives were freed, facts: {count: 3}}]}")
    assert found.expected == "report or claim; count: 3"
    assert found.came == "denial, by the guard denial; count: 2"


@pytest.mark.parametrize(
    ("example", "decided", "nearest"),
    [
        (
            "match: [{en: Captives are well}]",
            "freed does not hold",
            ["freed: no word of f"],
        ),
        (
            "match: [{en: Captives, lead: They were freed.}]",
            "freed does not hold",
            ["freed: c .. f: not in one sentence; title: “Captives” (c); sentence 1 of the text: “freed” (f)"],
        ),
        (
            "match: [{en: Captives freed with bodies}]",
            "bodies holds, and must not",
            ["bodies: holds, and must not, by “bodies” (b)"],
        ),
        (
            "match: [{en: He denies captives were freed}]",
            "freed holds by “captives” (c), “freed” (f); the guard denial: “denies” in the title",
            [],
        ),
        (
            "match: [{en: Captives freed}], no match: [{en: Captives freed, why: bodies}]",
            "freed holds by “Captives” (c), “freed” (f); no guard fires",
            ["bodies: no word of b"],
        ),
        (
            "match: [{en: Captives freed}], no match: [{en: Captives freed}]",
            "freed holds by “Captives” (c), “freed” (f); no guard fires",
            ["bodies: no word of b"],
        ),
        (
            "match: [{en: 34 years on captives freed, facts: {count: 34}}]",
            "freed holds by “captives” (c), “freed” (f); no guard fires",
            ["“34” is passed over: “years” stands beside it"],
        ),
    ],
)
def test_what_decided_and_the_nearest_miss_are_told_in_words(
    book: MakeBook, example: str, decided: str, nearest: list[str]
) -> None:
    numbers = "{title: x, traps: {after: {en: [years]}}}"
    rules = book({"guards": GUARDS, "numbers": numbers}, **(RULE | {"examples": f"{{{example}}}"}))
    (found,) = run_examples(rules)
    assert (found.decided, list(found.nearest)) == (decided, nearest)


def test_a_guard_that_was_lifted_or_silenced_is_told_when_it_was_expected(book: MakeBook) -> None:
    examples = "{match: [{en: Captives freed}], no match: [{en: He denies captives were freed, why: denial}]}"
    found = failure(book, examples, lifts="denial")
    assert found.nearest == ("guard denial: “denies” in the title is lifted by the rule",)


def test_a_deprecated_rule_is_told_as_what_decided(book: MakeBook) -> None:
    found = failure(book, "{match: [{en: Captives freed}]}", status="deprecated")
    assert found.decided == "the rule is deprecated, which matches nothing"


def test_each_example_is_told_with_what_came(book: MakeBook) -> None:
    examples = "{match: [{en: Captives freed}], no match: [{en: Nothing}]}"
    rules = book({"guards": GUARDS}, **(RULE | {"examples": examples}))
    assert [(tried.example.title, tried.came, tried.failure) for tried in try_examples(rules)] == [
        ("Captives freed", "a match, report", None),
        ("Nothing", "no match", None),
    ]
    assert list(try_examples(rules, ["another"])) == []

"""Examples of escalations, run in virtual time: what comes out otherwise is told, with what kept it from firing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.rulebook import Rulebook, library, load_rulebook
from rules.tools.timeline import run_timelines
from tests.commandline import typed

HEAD = """
id: escalation
title: It escalates
status: {status}
level: high
meaning: For tests.
correlation: {correlation}
examples: {examples}
"""
COUNT = "{type: event_count, rules: [arms, csto], group by: [province], timespan: 7d, at least: 3, states: [reported]}"
IN_ORDER = "{type: temporal_ordered, rules: [summit, arms], timespan: 36h}"
RATE = "{type: event_rate, rules: [arms], timespan: 7d, baseline: 28d, times: 3, at least: 2}"
SHIPPED = ("escalation-incursions", "captives-and-summits", "escalation-border-rate")

MakeBook = Callable[..., Rulebook]
Differences = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture
def book(tmp_path: Path) -> MakeBook:
    def make(correlation: str, examples: str, status: str = "test") -> Rulebook:
        text = HEAD.format(correlation=correlation, examples=examples, status=status)
        (tmp_path / "escalation.yaml").write_text(text, "utf-8")
        return load_rulebook(tmp_path)

    return make


@pytest.fixture
def differences(book: MakeBook) -> Differences:
    """What was expected, what came and what decided, for the examples that differ."""

    def run(correlation: str, examples: str, status: str = "test") -> list[tuple[str, str, str]]:
        failures = run_timelines(book(correlation, examples, status))
        return [(each.expected, each.came, "; ".join((each.decided, *each.nearest))) for each in failures]

    return run


def told(moments: str, state: str = "reported", province: str = "Syunik") -> str:
    return f"{{arms: [{moments}], state: {state}, province: {province}}}"


def fires(events: str, at: str = "") -> str:
    return f"{{match: [{{events: [{events}]{f', fires: {at}' if at else ''}}}]}}"


def silent(fires: str, events: str, why: str = "") -> str:
    reason = f", why: {why}" if why else ""
    return f"{{match: [{{events: [{fires}]}}], no match: [{{events: [{events}]{reason}}}]}}"


THREE = told("2021-11-14, 2021-11-15, 2021-11-16 09:30")
TWO = told("2021-11-14, 2021-11-15")
FIRES = {COUNT: THREE, IN_ORDER: "{summit: 2021-11-14}, {arms: 2021-11-15 12:00}", RATE: TWO}
WHYS = {
    COUNT: ("timespan", "at least", "group by", "states"),
    IN_ORDER: ("timespan", "rules", "order"),
    RATE: ("timespan", "at least", "times"),
}


@pytest.mark.parametrize(
    ("correlation", "events", "why"),
    [
        (COUNT, told("2021-11-14, 2021-11-15, 2021-11-25"), "timespan"),
        (COUNT, TWO, "at least"),
        (COUNT, f"{TWO}, {told('2021-11-16', province='Tavush')}", "group by"),
        (COUNT, f"{TWO}, {told('2021-11-16', state='single')}", "states"),
        (IN_ORDER, "{arms: 2021-11-14}, {summit: 2021-11-15}", "order"),
        (IN_ORDER, "{summit: 2021-11-14}, {arms: 2021-11-16}", "timespan"),
        (IN_ORDER, "{summit: [2021-11-14, 2021-11-15]}", "rules"),
        (RATE, "{arms: 2021-11-14}", "at least"),
        (RATE, "{arms: [2021-11-14, 2021-11-22]}", "timespan"),
    ],
)
def test_why_names_the_key_without_which_it_would_fire(
    differences: Differences, correlation: str, events: str, why: str
) -> None:
    for named in WHYS[correlation]:
        found = differences(correlation, silent(FIRES[correlation], events, named))
        wrong = [] if named == why else [(f"decided by {named}", f"decided by {why}")]
        assert [(expected, came) for expected, came, _ in found] == wrong


def test_a_rate_that_is_usual_is_silent_for_its_times(differences: Differences) -> None:
    usual = "{arms: [2021-10-01, 2021-10-09, 2021-10-17, 2021-10-25, 2021-11-02, 2021-11-04]}"
    assert differences(RATE, silent(TWO, usual, "times")) == []
    ((expected, came, _),) = differences(RATE, silent(TWO, usual, "at least"))
    assert (expected, came) == ("decided by at least", "decided by timespan, or times")


def test_two_keys_may_keep_it_from_firing_together(differences: Differences) -> None:
    events = f"{TWO}, {told('2021-12-16', province='Tavush')}"
    (found,) = differences(COUNT, silent(THREE, events, "timespan"))
    assert found[:2] == ("decided by timespan", "decided by timespan and group by")
    assert differences(COUNT, silent(THREE, events)) == []


def test_an_example_that_should_fire_and_does_not_is_told_with_its_nearest_miss(differences: Differences) -> None:
    assert differences(COUNT, fires(told("2021-11-01, 2021-11-14, 2021-11-15 09:30"))) == [
        (
            "it fires",
            "it does not fire",
            "kept from firing by timespan; 2021-11-15 09:30, Syunik: 2 events within 7d, at least 3 wanted",
        )
    ]


@pytest.mark.parametrize(
    ("correlation", "events", "decided"),
    [
        (IN_ORDER, "{arms: 2021-11-14}, {summit: 2021-11-15}", "arms, then summit, not in order, within 36h"),
        (IN_ORDER, "{summit: 2021-11-14}, {arms: 2021-11-16}", "summit, without arms, within 36h"),
        (RATE, "{arms: 2021-11-14}", "1 event within 7d, at least 2 wanted; 0 events in the 28d before"),
        (
            RATE.replace("at least: 2", "at least: 3"),
            "{arms: [2021-10-18, 2021-10-26, 2021-10-28, 2021-11-05, 2021-11-07, 2021-11-14, 2021-11-15, 2021-11-16]}",
            "3 events within 7d, at least 3 wanted; 5 events in the 28d before: 2.4 times the usual, 3 times wanted",
        ),
        (COUNT, told("2021-11-14", state="single"), "none of the events counts"),
    ],
)
def test_the_nearest_miss_is_told_in_the_words_of_its_kind(
    differences: Differences, correlation: str, events: str, decided: str
) -> None:
    ((_, _, found),) = differences(correlation, fires(events))
    assert decided in found


def test_an_example_that_fires_at_another_moment_is_told(differences: Differences) -> None:
    events = told("2021-11-14, 2021-11-15, 2021-11-16 09:30, 2021-11-17")
    assert differences(COUNT, fires(events, "2021-11-17")) == [
        (
            "it fires at 2021-11-17 00:00",
            "it fires at 2021-11-16 09:30",
            "3 events (arms), 2021-11-14 00:00 to 2021-11-16 09:30, Syunik",
        )
    ]


def test_all_moments_at_which_it_fires_are_wanted(differences: Differences) -> None:
    events = told("2021-11-14, 2021-11-15, 2021-11-16 09:30, 2021-12-14, 2021-12-15, 2021-12-16")
    assert differences(COUNT, fires(events, "[2021-11-16 09:30, 2021-12-16]")) == []
    ((expected, came, _),) = differences(COUNT, fires(events, "2021-12-16"))
    assert (expected, came) == ("it fires at 2021-12-16 00:00", "it fires at 2021-11-16 09:30, 2021-12-16 00:00")


def test_an_example_that_should_be_silent_and_fires_is_told(differences: Differences) -> None:
    ((expected, came, decided),) = differences(COUNT, silent(THREE, THREE, "timespan"))
    assert (expected, came) == ("it does not fire", "it fires at 2021-11-16 09:30")
    assert "3 events (arms)" in decided


def test_a_deprecated_rule_is_not_run(differences: Differences) -> None:
    assert differences(COUNT, fires(TWO), status="deprecated") == []


def test_a_difference_reads_with_file_line_and_what_happened(book: MakeBook, tmp_path: Path) -> None:
    (failure,) = run_timelines(book(COUNT, fires(TWO)))
    assert str(failure).splitlines() == [
        f"{tmp_path / 'escalation.yaml'}:8: escalation: 2 events (arms), 2021-11-14 00:00 to 2021-11-15 00:00",
        "    expected: it fires",
        "    came:     it does not fire",
        "    decided:  kept from firing by at least",
        "    nearest:  2021-11-15 00:00, Syunik: 2 events within 7d, at least 3 wanted",
    ]


def test_rules_test_runs_the_examples_of_escalations_too(book: MakeBook, tmp_path: Path) -> None:
    book(COUNT, fires(TWO))
    answer = typed("rules", "test", str(tmp_path / "escalation.yaml"), folder=tmp_path)
    assert answer.status == 1
    assert "kept from firing by at least" in answer.out


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(library())


def test_every_example_of_the_shipped_escalations_comes_out_as_written(shipped: Rulebook) -> None:
    assert set(SHIPPED) <= shipped.correlations.keys()
    assert [str(failure) for failure in run_timelines(shipped)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_escalation_cites_the_report_and_says_what_it_takes_by_mistake(shipped: Rulebook, name: str) -> None:
    rule = shipped.correlations[name]
    assert rule.status == "experimental"
    assert len(rule.meaning) > 60
    assert rule.falsepositives
    assert rule.references
    assert all(4 <= len(reference.quote.split()) <= 30 for reference in rule.references)
    assert {example.matches for example in rule.examples} == {True, False}
    assert all(example.why for example in rule.examples if not example.matches)

"""Conditions: what they mean, and where a mistake in one is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.condition import ConditionError, gate, holds, mentioned, needs, parse_condition, passes, supporting

NAMES = ("a", "b", "c-one", "c-two")


@pytest.mark.parametrize(
    ("text", "held", "expected"),
    [
        ("a", "a", True),
        ("a and b", "a", False),
        ("a or b", "b", True),
        ("a and not b", "a", True),
        ("not a and b", "b", True),
        ("a or b and c-one", "a", True),
        ("(a or b) and c-one", "a", False),
        ("not (a or b)", "c-one", True),
        ("1 of them", "c-two", True),
        ("2 of them", "c-two", False),
        ("all of them", "a b c-one c-two", True),
        ("1 of c*", "c-two", True),
        ("1 of c*", "a b", False),
        ("all of c-* and not a", "c-one c-two", True),
    ],
)
def test_a_condition_reads_as_it_is_written(text: str, held: str, expected: bool) -> None:
    assert holds(parse_condition(text, NAMES), held.split().__contains__) == expected


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a and x", 6),
        ("a b", 2),
        ("a and", 5),
        ("(a or b", 0),
        ("a)", 1),
        ("and a", 0),
        ("1 of x*", 5),
        ("9 of them", 0),
        ("0 of them", 0),
        ("not", 3),
        ("a AND b", 2),
    ],
)
def test_a_mistake_is_shown_at_its_word(text: str, offset: int) -> None:
    with pytest.raises(ConditionError) as raised:
        parse_condition(text, NAMES)
    assert raised.value.offset == offset


@given(st.lists(st.sampled_from(["a", "b", "and", "or", "not", "(", ")", "1", "all", "of", "them", "c*", "x", "²"])))
def test_any_words_are_a_condition_or_a_mistake_inside_the_text(words: list[str]) -> None:
    text = " ".join(words)
    used, offset = set(), 0
    try:
        used = {name for name, _ in mentioned(parse_condition(text, NAMES))}
    except ConditionError as error:
        offset = error.offset
    assert used <= set(NAMES)
    assert 0 <= offset <= len(text)


def test_a_condition_nested_without_end_is_a_mistake() -> None:
    with pytest.raises(ConditionError, match="too deep"):
        parse_condition("(" * 500 + "a" + ")" * 500, NAMES)


def test_only_what_holds_and_is_wanted_supports() -> None:
    condition = parse_condition("(a or b) and not c-one", NAMES)
    assert list(supporting(condition, "b".__contains__)) == ["b"]
    assert list(mentioned(condition)) == [("a", True), ("b", True), ("c-one", False)]


TEXTS = st.sampled_from(["a and b", "a or b", "not a", "2 of them", "a and (b or c-one)", "not (a and b) or c-two"])


@given(st.sets(st.sampled_from(NAMES)), TEXTS)
def test_a_condition_that_holds_has_seen_what_opens_its_gate(held: set[str], text: str) -> None:
    condition = parse_condition(text, NAMES)
    asked = gate(condition, lambda name: frozenset({NAMES.index(name)}))
    seen = frozenset(NAMES.index(name) for name in held)
    closed = not passes(asked, seen) or any(need.isdisjoint(seen) for need in needs(asked, set()))
    assert not (closed and holds(condition, held.__contains__))

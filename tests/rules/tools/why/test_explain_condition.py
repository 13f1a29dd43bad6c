"""What a condition lacks, in the words of its rule file, and its shortest way to a match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.condition import AtLeast, Clause, Condition, Not, holds, parse_condition
from rules.tools.why.condition import lacks, nearest, written
from rules.tools.why.phrases import lack_in_words

NAMES = ["a", "b", "c", "freed-x", "freed-y", "freed-z"]


def lacking(text: str, *held: str) -> list[str]:
    return [lack_in_words(each) for each in lacks(parse_condition(text, NAMES), held.__contains__, NAMES)]


@pytest.mark.parametrize(
    ("text", "held", "told"),
    [
        ("a", ["a"], []),
        ("a", [], ["a does not hold"]),
        ("a and b and not c", ["c"], ["a does not hold", "b does not hold", "c holds, and must not"]),
        ("a or b", [], ["one of these would have to hold: a; b"]),
        ("a or (b and c)", ["b"], ["one of these would have to hold: a; b and c"]),
        ("1 of freed-*", [], ["no freed-* holds"]),
        ("2 of freed-*", ["freed-x"], ["one of these would have to hold: freed-y; freed-z"]),
        ("not (a or b)", ["a", "b"], ["a, b hold, and must not"]),
        ("1 of freed-* and (a or not b)", ["b"], ["no freed-* holds", "one of these would have to hold: a; not b"]),
    ],
)
def test_what_fails_is_told(text: str, held: list[str], told: list[str]) -> None:
    assert lacking(text, *held) == told


@pytest.mark.parametrize(
    "text",
    ["a", "not a", "a and b", "a or b and not c", "1 of freed-*", "all of freed-*", "not (a or b) and 2 of freed-*"],
)
def test_a_condition_is_written_as_it_reads(text: str) -> None:
    condition = parse_condition(text, NAMES)
    assert parse_condition(written(condition, NAMES), NAMES) == condition


def test_the_shortest_way_takes_the_clauses_that_lack_least() -> None:
    condition = parse_condition("(a or b) and not c", NAMES)
    miss = nearest(condition, {"c"}.__contains__, {"a": 2, "b": 1}.__getitem__)
    assert miss == (2, 2, ("b", "c"))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(NAMES).map(Clause),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).flatmap(
            lambda parts: st.integers(1, len(parts)).map(lambda count: AtLeast(count, tuple(parts)))
        ),
    ),
    max_leaves=8,
)


@given(CONDITIONS, st.sets(st.sampled_from(NAMES)))
def test_a_condition_lacks_something_when_and_only_when_it_fails(condition: Condition, held: set[str]) -> None:
    fails = not holds(condition, held.__contains__)
    assert bool(list(lacks(condition, held.__contains__, NAMES))) == fails
    assert bool(nearest(condition, held.__contains__, lambda name: 1).names) == fails

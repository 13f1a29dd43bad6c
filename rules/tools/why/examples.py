"""What decided an example that came out otherwise, and what it was short of, in words."""

from __future__ import annotations

from collections.abc import Iterator

from rules.match import Match
from rules.rule import Example
from rules.tools.why.explain import ClauseTrace, RuleTrace
from rules.tools.why.phrases import (
    guard_in_words,
    lack_in_words,
    number_in_words,
    reason_in_words,
    shown,
    silenced_in_words,
)


def decided(trace: RuleTrace) -> str:
    """By which clauses and which guard the rule matched, or what its condition lacked."""
    if trace.match:
        return "; ".join((*_held(trace, trace.match), _guard(trace)))
    if not trace.lacks:
        return f"the rule is {trace.rule.status}, which matches nothing"
    return "; ".join(map(lack_in_words, trace.lacks))


def misses(trace: RuleTrace, example: Example) -> tuple[str, ...]:
    """The nearest miss, a line each: the clauses on the shortest way to what the example expects, and why they fail."""
    by_name = {clause.name: clause for clause in trace.clauses}
    names = list(trace.nearest) if example.matches else _barring(trace, example.why)
    clauses = (f"{name}: {state_in_words(by_name[name])}" for name in dict.fromkeys(names))
    return (*clauses, *_quiet(trace, example), *_numbers(trace, example))


def state_in_words(clause: ClauseTrace) -> str:
    """Whether a clause holds, and by which words, or why not."""
    if not clause.holds:
        return "; ".join(map(reason_in_words, clause.reasons))
    must_not = ", and must not" if clause.wanted is False else ""
    return f"holds{must_not}, by {shown(clause.words) or 'the source of the article'}"


def _barring(trace: RuleTrace, why: str) -> list[str]:
    """The clauses that could have kept the rule from matching: the one that the example names, or all of them."""
    if why:
        return [clause.name for clause in trace.clauses if clause.name == why]
    return [clause.name for clause in trace.clauses if clause.wanted is False and not clause.holds]


def _held(trace: RuleTrace, match: Match) -> Iterator[str]:
    for clause in trace.clauses:
        if clause.name in match.clauses:
            yield f"{clause.name} holds by {shown(clause.words) or 'the source of the article'}"


def _guard(trace: RuleTrace) -> str:
    return f"the guard {guard_in_words(trace.guards.deciding)}" if trace.guards.deciding else "no guard fires"


def _quiet(trace: RuleTrace, example: Example) -> Iterator[str]:
    """The guards that would have given what the example expects, had nothing silenced them or the rule not lifted."""
    for guard in trace.guards.quiet:
        if guard.name == example.why or guard.stance == example.stance:
            yield f"guard {silenced_in_words(guard)}"
    for guard in trace.guards.lifted:
        if guard.name == example.why or guard.stance == example.stance:
            yield f"guard {guard_in_words(guard)} is lifted by the rule"


def _numbers(trace: RuleTrace, example: Example) -> Iterator[str]:
    """The numbers that were passed over, when a figure is other than the example expects."""
    facts = trace.match.facts.numbers if trace.match else {}
    expected = {name: value for name, value in example.facts.items() if isinstance(value, int)}
    if trace.match and any(facts.get(name) != value for name, value in expected.items()):
        yield from (number_in_words(number, trace.rule) for number in trace.numbers if not number.taken)

"""The examples of the rules: what each must and must not match, run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from rules.article import Article, Source
from rules.condition import mentioned
from rules.match import NEWS, Match
from rules.matching import decide, match_article
from rules.rule import Example, Rule
from rules.rulebook import Rulebook

_WHEN = datetime(2021, 12, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that came out otherwise; `decided` names the clauses and the guard that decided."""

    rule: str
    file: str
    line: int
    text: str
    expected: str
    came: str
    decided: str

    def __str__(self) -> str:
        """`file:line: rule`, the text, what was expected, what came, and why."""
        return "\n    ".join(
            (
                f"{self.file}:{self.line}: {self.rule}: {self.text}",
                f"expected: {self.expected}",
                f"came:     {self.came}",
                f"decided:  {self.decided}",
            )
        )


def run_examples(book: Rulebook) -> list[ExampleFailure]:
    """All examples of all rules of `book` that come out otherwise than their rule says."""
    return [failure for rule in book.rules.values() for failure in _failures(rule, book)]


def _failures(rule: Rule, book: Rulebook) -> Iterator[ExampleFailure]:
    for example in rule.examples:
        article = Article("", example.title, example.lead, example.language, _WHEN, Source("", "", example.side))
        match = next((match for match in match_article(article, book) if match.rule == rule.id), None)
        decision = decide(article, rule, book)
        held = [name for name, value in decision.clauses.items() if value]
        missing = [name for name, value in decision.clauses.items() if not value]
        decided = f"held: {', '.join(held) or '-'}; did not hold: {', '.join(missing) or '-'}"
        decided += f"; guard: {decision.guard}" if decision.guard else ""
        differences = _missed(example, match) if example.matches else _false_alarm(example, match, rule, set(held))
        for expected, came in differences:
            yield ExampleFailure(rule.id, example.file, example.line, example.title, expected, came, decided)


def _missed(example: Example, match: Match | None) -> Iterator[tuple[str, str]]:
    stance = example.stance or "report or claim"
    if match is None:
        yield f"a match, {stance}", "no match"
        return
    if not (match.stance == example.stance if example.stance else match.stance in NEWS):
        yield stance, f"{match.stance}, by the guard {match.guard}" if match.guard else match.stance
    came = dict(_told(match))
    for name, value in example.facts.items():
        if came.get(name) != value:
            yield f"{name}: {_shown(value)}", f"{name}: {_shown(came.get(name))}"


def _false_alarm(example: Example, match: Match | None, rule: Rule, held: set[str]) -> Iterator[tuple[str, str]]:
    if example.stance and (match is None or match.stance != example.stance):
        yield example.stance, match.stance if match else "no match"
    elif match is not None and match.stance in NEWS:
        yield "no match", f"a match, {match.stance}"
    elif example.why and example.why not in _deciding(match, rule, held):
        yield (
            f"decided by {example.why}",
            f"decided by the guard {match.guard}" if match else "no match even without it",
        )


def _deciding(match: Match | None, rule: Rule, held: set[str]) -> set[str]:
    """The guard that set the stance; without a match, the clauses that hold and should not, or the other way round."""
    if match is not None:
        return {match.guard}
    return {name for name, wanted in mentioned(rule.condition) if wanted != (name in held)}


def _told(match: Match) -> Iterator[tuple[str, int | tuple[str, ...]]]:
    yield from match.facts.numbers.items()
    yield from match.facts.actors.items()
    yield "places", tuple(place.name for place in match.facts.places)


def _shown(value: int | tuple[str, ...] | None) -> str:
    if value is None or value == ():
        return "none"
    return ", ".join(value) if isinstance(value, tuple) else str(value)

"""The examples of the rules: what each must and must not match, run."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from rules.article import Article, Source
from rules.condition import mentioned
from rules.match import NEWS, Match
from rules.matching import decide, match_article
from rules.rule import Example, Rule
from rules.rulebook import Rulebook
from rules.tools.why.examples import decided, misses
from rules.tools.why.explain import explain

_WHEN = datetime(2021, 12, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that came out otherwise; `decided` says by what, `nearest` what the expected answer was short of."""

    rule: str
    file: str
    line: int
    text: str
    expected: str
    came: str
    decided: str
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        """`file:line: rule`, the text, what was expected, what came, what decided, and the nearest miss."""
        return "\n    ".join(
            (
                f"{self.file}:{self.line}: {self.rule}: {self.text}",
                f"expected: {self.expected}",
                f"came:     {self.came}",
                f"decided:  {self.decided}",
                *(f"nearest:  {line}" for line in self.nearest),
            )
        )


@dataclass(frozen=True, slots=True)
class Tried:
    """An example that was run: what came, and how it differs from what its rule says, if it does."""

    rule: str
    example: Example
    came: str
    failure: ExampleFailure | None


def run_examples(book: Rulebook) -> list[ExampleFailure]:
    """All examples of all rules of `book` that come out otherwise than their rule says."""
    return [tried.failure for tried in try_examples(book) if tried.failure]


def try_examples(book: Rulebook, rules: Collection[str] = ()) -> Iterator[Tried]:
    """Run the examples of the rules of these ids, or of all, in the order of the files."""
    for rule in book.rules.values():
        if not rules or rule.id in rules:
            yield from (_tried(rule, example, book) for example in rule.examples)


def _tried(rule: Rule, example: Example, book: Rulebook) -> Tried:
    article = Article("", example.title, example.lead, example.language, _WHEN, Source("", "", example.side))
    match = next((match for match in match_article(article, book) if match.rule == rule.id), None)
    if example.matches:
        differences = list(_missed(example, match))
    else:
        held = {name for name, holds in decide(article, rule, book).clauses.items() if holds}
        differences = list(_false_alarm(example, match, rule, held))
    came = f"a match, {match.stance}" if match else "no match"
    return Tried(rule.id, example, came, _failure(rule, example, article, differences, book) if differences else None)


def _failure(
    rule: Rule, example: Example, article: Article, differences: list[tuple[str, str]], book: Rulebook
) -> ExampleFailure:
    (trace,) = explain(article, book, [rule]).rules
    expected, came = ("; ".join(texts) for texts in zip(*differences, strict=True))
    text = " | ".join(filter(None, (example.title, example.lead)))
    return ExampleFailure(
        rule.id, example.file, example.line, text, expected, came, decided(trace), misses(trace, example)
    )


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

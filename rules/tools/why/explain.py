"""Why each rule matches an article or does not, clause by clause.

Nothing is decided here: what holds is asked of the code that matches, and what is in the way is found by asking it
again with one thing loosened. So an explanation cannot disagree with the bot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rules.article import Article
from rules.condition import mentioned
from rules.match import Match
from rules.matching import Holding, match_article
from rules.rule import Rule
from rules.rulebook import Rulebook
from rules.tools.why.condition import Lack, lacks, nearest
from rules.tools.why.guards import GuardTraces, trace_guards
from rules.tools.why.loosened import Loosened
from rules.tools.why.numbers import Number, numbers
from rules.tools.why.reasons import MISPLACED, Reason, reasons, usable
from rules.tools.why.words import Word, of_refs

_NO_WORD = 2


@dataclass(frozen=True, slots=True)
class ClauseTrace:
    """One clause on the article: whether it holds, and by which words, or why not.

    `wanted` is False where the condition wants that it does not hold, None where it is named both ways. A clause
    that holds without words holds by the article's source.
    """

    name: str
    kind: Literal["any", "all", "near"]
    holds: bool
    wanted: bool | None
    words: tuple[Word, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule on the article. `match` is what matching found, None where the rule does not match.

    `lacks` are the parts of the condition that fail, `nearest` the clauses that would have to change on the shortest
    way to a match, and `missing` how much these lack: 2 for a group of which no word is there, 1 for words that stand
    badly or must not be there. `touched`: some clause that the condition wants has words in the text. `guards` and
    `numbers` are told of a match alone.
    """

    rule: Rule
    match: Match | None
    clauses: tuple[ClauseTrace, ...]
    lacks: tuple[Lack, ...]
    nearest: tuple[str, ...]
    missing: int
    touched: bool
    guards: GuardTraces
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """An article and what the rules make of it: those that match first, strongest first, then by nearness."""

    article: Article
    rules: tuple[RuleTrace, ...]

    @property
    def matching(self) -> tuple[RuleTrace, ...]:
        """The rules that match."""
        return tuple(trace for trace in self.rules if trace.match)


def explain(article: Article, book: Rulebook, rules: Iterable[Rule]) -> Explanation:
    """What each of `rules` makes of the article, and why."""
    matches = match_article(article, book)
    order = {match.rule: at for at, match in enumerate(matches)}
    by_rule = {match.rule: match for match in matches}
    read = Loosened(article, book.vocabulary)
    traces = [_trace(rule, by_rule.get(rule.id), read, book) for rule in rules]
    return Explanation(article, tuple(sorted(traces, key=lambda trace: _nearness(trace, order))))


def _nearness(trace: RuleTrace, order: Mapping[str, int]) -> tuple[int, bool, int, int, str]:
    rule = trace.rule.id
    return order.get(rule, len(order)), not trace.touched, len(trace.nearest), trace.missing, rule


def _trace(rule: Rule, match: Match | None, read: Loosened, book: Rulebook) -> RuleTrace:
    holding = Holding(read.strict, rule)
    clauses = {name: _clause(rule, name, holding, read) for name in rule.clauses}
    miss = nearest(rule.condition, holding.holds, lambda name: _lacking(clauses[name]))
    return RuleTrace(
        rule,
        match,
        tuple(clauses.values()),
        tuple(lacks(rule.condition, holding.holds, rule.clauses)),
        miss.names,
        miss.groups,
        any(clause.words for clause in clauses.values() if clause.wanted is not False),
        trace_guards(read.strict, rule, match, holding, book) if match else GuardTraces(),
        numbers(read.strict, book.numbers, match.facts.numbers) if match and rule.extract else (),
    )


def _clause(rule: Rule, name: str, holding: Holding, read: Loosened) -> ClauseTrace:
    clause, hits, scan = rule.clauses[name], holding.hits(name), read.strict
    ways = {wanted for each, wanted in mentioned(rule.condition) if each == name}
    wanted = ways.pop() if len(ways) == 1 else None
    if hits is not None:
        return ClauseTrace(name, clause.kind, True, wanted, tuple(of_refs(scan, clause.refs, hits)), ())
    beside = holding.beside(name) if clause.has_weak else frozenset[int]()
    found = (usable(clause, ref, scan, beside) or frozenset() for ref in clause.refs)
    partial = tuple(of_refs(scan, clause.refs, frozenset(hit for each in found for hit in each)))
    return ClauseTrace(name, clause.kind, False, wanted, partial, reasons(clause, read, beside))


def _lacking(clause: ClauseTrace) -> int:
    """How much a clause that fails lacks: a group of which no word is there weighs more than words that stand badly."""
    weights = [_NO_WORD if reason.kind in ("absent", "source") else 1 for reason in clause.reasons]
    if clause.kind == "any":
        return min(weights)
    if any(reason.kind in MISPLACED for reason in clause.reasons):
        return len(weights)
    lost = {reason.groups: weight for reason, weight in zip(clause.reasons, weights, strict=True)}
    return sum(weight * len(groups) for groups, weight in lost.items())

"""Which guard set the stance of a match, by which words, and which ones were kept quiet before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.match import Match, Stance
from rules.matching import Holding, fires, words_of_news
from rules.rule import Guard, Rule
from rules.rulebook import Rulebook
from rules.scan import Hit, Scan
from rules.tools.why.loosened import Alone
from rules.tools.why.words import Word, words


@dataclass(frozen=True, slots=True)
class GuardTrace:
    """A guard that has what it looks for. `silenced` are the words of its `unless` that keep it quiet.

    A guard without words saw a question mark; one that is quiet without words is so by the article's source.
    """

    name: str
    stance: Stance
    words: tuple[Word, ...]
    silenced: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardTraces:
    """The guard that decided, None when none did; those before it that `unless` kept quiet, or the rule lifts."""

    deciding: GuardTrace | None = None
    quiet: tuple[GuardTrace, ...] = ()
    lifted: tuple[GuardTrace, ...] = ()


def trace_guards(scan: Scan, rule: Rule, match: Match, holding: Holding, book: Rulebook) -> GuardTraces:
    """The guards that had a say in the stance of `match`, up to the one that set it."""
    news = words_of_news(rule, {name: holding.hits(name) or frozenset() for name in match.clauses})
    quiet: list[GuardTrace] = []
    lifted: list[GuardTrace] = []
    for guard in book.guards:
        if not fires(scan, replace(guard, unless=()), news):
            continue
        sets_stance, trace = fires(scan, guard, news), _trace(scan, guard, news)
        if guard.name in rule.lifts:
            lifted += [trace] if sets_stance else []
        elif sets_stance:
            return GuardTraces(trace, tuple(quiet), tuple(lifted))
        else:
            quiet.append(replace(trace, silenced=words(scan, scan.hits(guard.unless), f"unless of {guard.name}")))
    return GuardTraces(None, tuple(quiet), tuple(lifted))


def _trace(scan: Scan, guard: Guard, news: frozenset[Hit]) -> GuardTrace:
    """The guard with those of its words that would make it fire each alone."""
    bare = replace(guard, unless=(), stance="none")
    told = [hit for hit in scan.hits(guard.terms) if fires(Alone(scan, guard.terms, hit), bare, news)]
    return GuardTrace(guard.name, guard.stance, words(scan, told, guard.name))

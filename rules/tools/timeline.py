"""The examples of the escalation rules, run in virtual time: what happened is told, and the rule fires or does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import combinations

from rules.correlation import (
    Correlation,
    CorrelationRule,
    Firing,
    Happening,
    Timeline,
    Window,
    evaluate,
    events,
    windows,
)
from rules.reading.timelines import whys
from rules.rulebook import Rulebook
from rules.tools.examples import ExampleFailure

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def run_timelines(book: Rulebook) -> list[ExampleFailure]:
    """All examples of all escalation rules of `book` that come out otherwise than their rule says."""
    rules = [rule for rule in book.correlations.values() if rule.status != "deprecated"]
    return [failure for rule in rules for example in rule.examples for failure in _failures(rule, example)]


def _deciding(rule: CorrelationRule, happenings: Iterable[Happening]) -> list[str]:
    """The keys that keep a rule from firing: each without which it would fire; else the fewest together.

    `at least` and `rules` decide when even without all the others too little has happened.
    """
    told = list(happenings)
    enough = {"rules", "at least"}
    keys = [key for key in whys(rule.correlation) if key not in enough]
    for size in range(1, len(keys) + 1):
        found = [" and ".join(some) for some in combinations(keys, size) if _fires_without(rule, some, told)]
        if found:
            return found
    return [key for key in whys(rule.correlation) if key in enough]


def _failures(rule: CorrelationRule, example: Timeline) -> Iterator[ExampleFailure]:
    firings = _run(rule, example.happenings)
    keys = [] if firings else _deciding(rule, example.happenings)
    wanted = _fires_at(example.fires) if example.matches else "it does not fire"
    came = _fires_at(firing.at for firing in firings) if firings else "it does not fire"
    if example.matches and not example.fires:
        differs = not firings
    elif example.matches:
        differs = example.fires != tuple(sorted({firing.at for firing in firings}))
    elif firings or not example.why or example.why in keys:
        differs = bool(firings)
    else:
        differs, wanted, came = True, f"decided by {example.why}", f"decided by {_listed(keys)}"
    if differs:
        decided = "; ".join(f"{_told(each.happenings)}{_in(each.group)}" for each in firings)
        nearest = () if firings else tuple(_nearest(rule.correlation, example))
        yield ExampleFailure(
            rule.id, example.file, example.line, _told(example.happenings), wanted, came,
            decided or f"kept from firing by {_listed(keys)}", nearest,
        )  # fmt: skip


def _run(rule: CorrelationRule, happenings: Iterable[Happening]) -> list[Firing]:
    told = list(happenings)
    return evaluate(rule, told, max(each.at for each in told)) if told else []


def _fires_without(rule: CorrelationRule, keys: Iterable[str], happenings: Iterable[Happening]) -> bool:
    return bool(_run(replace(rule, correlation=reduce(_without, keys, rule.correlation)), happenings))


def _without(correlation: Correlation, key: str) -> Correlation:
    """The correlation as if `key` asked for nothing."""
    if key == "timespan":
        return replace(correlation, timespan=timedelta.max, baseline=timedelta(0))
    if key == "order":
        return replace(correlation, kind="temporal")
    if key == "times":
        return replace(correlation, times=correlation.times * 0)
    if key == "group by":
        return replace(correlation, group_by=())
    return replace(correlation, states=())


def _nearest(correlation: Correlation, example: Timeline) -> Iterator[str]:
    """The fullest window, and how near it comes to what the rule wants."""
    found = list(windows(correlation, example.happenings))
    if found:
        best = max(found, key=lambda window: _score(correlation, window))
        yield f"{_shown(best.at)}{_in(best.group)}: {_standing(correlation, best)}"
    else:
        yield "none of the events counts"


def _score(correlation: Correlation, window: Window) -> tuple[int, int]:
    if correlation.kind.startswith("temporal"):
        return len({each.rule for each in window.inside}), 0
    return events(window.inside), -events(window.before)


def _standing(correlation: Correlation, window: Window) -> str:
    """How near a window comes to what the rule wants."""
    within = f"within {_span(correlation.timespan)}"
    if correlation.kind.startswith("temporal"):
        happened = [each.rule for each in window.inside]
        missing = [rule for rule in correlation.rules if rule not in happened]
        without = f", without {', '.join(missing)}" if missing else ", not in order"
        return f"{', then '.join(dict.fromkeys(happened))}{without}, {within}"
    found = f"{_count(events(window.inside))} {within}, at least {correlation.at_least} wanted"
    if correlation.kind == "event_count":
        return found
    before = events(window.before)
    usual = before * (correlation.timespan / correlation.baseline)
    times = f"{events(window.inside) / usual:.1f} times" if usual else "more than"
    past = f"{_count(before)} in the {_span(correlation.baseline)} before"
    return f"{found}; {past}: {times} the usual, {float(correlation.times):g} times wanted"


def _told(happenings: Iterable[Happening]) -> str:
    """How many events of which rules, and when: `3 events (border-incursion), 2021-11-14 08:00 to 2021-11-16 12:00`."""
    ordered = sorted(happenings, key=lambda each: each.at)
    if not ordered:
        return "no events"
    rules = ", ".join(dict.fromkeys(each.rule for each in ordered))
    until = f" to {_shown(ordered[-1].at)}" if ordered[-1].at > ordered[0].at else ""
    return f"{_count(events(ordered))} ({rules}), {_shown(ordered[0].at)}{until}"


def _count(number: int) -> str:
    return f"{number} event{'s' * (number != 1)}"


def _in(group: tuple[str, ...]) -> str:
    return f", {', '.join(group)}" if group else ""


def _fires_at(moments: Iterable[datetime]) -> str:
    listed = ", ".join(dict.fromkeys(_shown(at) for at in moments))
    return f"it fires at {listed}" if listed else "it fires"


def _listed(keys: list[str]) -> str:
    return ", or ".join(keys)


def _shown(at: datetime) -> str:
    """A moment as the examples write it."""
    return f"{at:%Y-%m-%d %H:%M}"


def _span(length: timedelta) -> str:
    """A span of time as the files write it, in days where they are whole."""
    return f"{length // _HOUR}h" if length % _DAY else f"{length // _DAY}d"

"""Escalation rules: when events, taken together, are news of their own. Pure; no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby, product
from typing import Literal, get_args

from rules.rule import Reference

Kind = Literal["event_count", "temporal", "temporal_ordered", "event_rate"]
"""Sigma's types of correlation, and one of ours: `event_rate`, more than the group's own past lets expect."""

KINDS: tuple[Kind, ...] = get_args(Kind)
GROUPINGS = ("province", "place", "country")
"""What events can be told apart by. An event names no culprit, so no side is among them."""
STATES = ("single", "reported", "confirmed", "denied")
"""How well an event is attested, as the event log has it."""

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Correlation:
    """What must come together, in one group: events with the same values of `group_by` (none: all events).

    `event_count`: `at_least` events within `timespan`. `temporal`: an event of each of `rules` within `timespan`;
    `temporal_ordered`: in the order of `rules`. `event_rate`: `at_least` events within `timespan`, and `times` as many
    as the `baseline` before it lets expect in such a span. Empty `states`: an event counts however it is attested.
    """

    kind: Kind
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    timespan: timedelta
    at_least: int = 0
    baseline: timedelta = timedelta(0)
    times: Fraction = Fraction(0)
    states: tuple[str, ...] = ()

    @property
    def reach(self) -> timedelta:
        """How long before a moment events still have a say in it."""
        return self.timespan + self.baseline


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, as one indicator: an event that shows two of them is two happenings with one `id`.

    `at` is when it became known. Of the same rule and id the highest `revision` counts. `province`, `place` and
    `country` are the gazetteer's, empty where unknown; a place on a boundary has both provinces: `Syunik/Lachin`.
    """

    rule: str
    id: str
    at: datetime
    revision: int = 0
    province: str = ""
    place: str = ""
    country: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """An escalation: it fired at the moment `at`, for what had happened by then within the timespan.

    `until` is the last moment at which an event of its group joined it; `group` are the values of `group_by`.
    """

    correlation: str
    group: tuple[str, ...]
    at: datetime
    until: datetime
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """An example: what happened, and at which moments the rule must fire (empty: at any; see `matches`).

    `why`, on an example that must not fire, is the key of the rule that keeps it from firing.
    """

    matches: bool
    happenings: tuple[Happening, ...]
    fires: tuple[datetime, ...]
    why: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class CorrelationRule:
    """One escalation rule. A firing stays open for `open_for` after its last event; what comes by then joins it.

    `version` is a hash over what the file says; `file` its name. A deprecated rule never fires.
    """

    id: str
    title: str
    level: str
    status: str
    meaning: str
    references: tuple[Reference, ...]
    falsepositives: tuple[str, ...]
    correlation: Correlation
    open_for: timedelta
    examples: tuple[Timeline, ...]
    version: str
    file: str


@dataclass(frozen=True, slots=True)
class Window:
    """A group as it stands `at` a moment of an event.

    `inside` are the events within the timespan, both ends included: of two events exactly seven days apart, 7d holds
    both. `before` are those of the baseline that ends where the timespan begins, that end left out.
    """

    group: tuple[str, ...]
    at: datetime
    inside: tuple[Happening, ...]
    before: tuple[Happening, ...]


def evaluate(
    rule: CorrelationRule, happenings: Iterable[Happening], now: datetime, since: datetime | None = None
) -> list[Firing]:
    """All firings by `now`, in order of time; ask again with more, later or revised events whenever some come.

    The order in which events come does not matter. `since` is when the record begins: a rate is judged only where
    the record covers its whole baseline, for nothing known is not nothing happened. None: it always reaches back.

    A memory may be shorter than the record: with events from a moment S on, what fires from S + `reach` on is right,
    but for firings that were open before, which then seem to begin later.
    """
    if rule.status == "deprecated":
        return []
    by_now = [happening for happening in _newest(happenings) if happening.at <= now]
    firings: list[Firing] = []
    for group, found in groupby(windows(rule.correlation, by_now), key=lambda window: window.group):
        firings += _firings(rule, group, found, since)
    return sorted(firings, key=lambda firing: (firing.at, firing.group))


def windows(correlation: Correlation, happenings: Iterable[Happening]) -> Iterator[Window]:
    """The window at each moment at which something counts, group by group, in order of time.

    What happens at one moment is seen together.
    """
    groups: dict[tuple[str, ...], list[Happening]] = {}
    for happening in happenings:
        if happening.rule in correlation.rules and (not correlation.states or happening.state in correlation.states):
            for group in _groups(happening, correlation.group_by):
                groups.setdefault(group, []).append(happening)
    for group in sorted(groups):
        yield from _course(correlation, group, groups[group])


def _course(correlation: Correlation, group: tuple[str, ...], found: list[Happening]) -> Iterator[Window]:
    ordered = sorted(found, key=lambda each: (each.at, correlation.rules.index(each.rule), each.id))
    first = inside = end = 0
    for at, together in groupby(ordered, key=lambda each: each.at):
        end += sum(1 for _ in together)
        while at - ordered[first].at > correlation.reach:
            first += 1
        while at - ordered[inside].at > correlation.timespan:
            inside += 1
        yield Window(group, at, tuple(ordered[inside:end]), tuple(ordered[first:inside]))


def holds(correlation: Correlation, window: Window) -> bool:
    """Whether all that the rule wants has come together in this window."""
    if correlation.kind == "temporal":
        return {each.rule for each in window.inside} >= set(correlation.rules)
    if correlation.kind == "temporal_ordered":
        return _in_order(correlation.rules, window)
    count, usual = events(window.inside), events(window.before) * correlation.times
    enough = count >= correlation.at_least
    if correlation.kind == "event_count":
        return enough
    span, baseline = correlation.timespan // _MICROSECOND, correlation.baseline // _MICROSECOND
    return enough and count * baseline >= usual * span


def events(happenings: Iterable[Happening]) -> int:
    """How many events these are; one that shows two indicators is one event."""
    return len({happening.id for happening in happenings})


def _in_order(rules: tuple[str, ...], window: Window) -> bool:
    """Whether the rules follow one another, the last one now. At one moment they count as in order."""
    wanted = 0
    for happening in window.inside:
        wanted += wanted < len(rules) - 1 and happening.rule == rules[wanted]
    return wanted == len(rules) - 1 and any(
        happening.rule == rules[-1] and happening.at == window.at for happening in window.inside
    )


def _firings(
    rule: CorrelationRule, group: tuple[str, ...], found: Iterable[Window], since: datetime | None
) -> Iterator[Firing]:
    """An event joins the firing that is open; where none is, all that is wanted must have come together."""
    current: Firing | None = None
    for window in found:
        if current and window.at - current.until <= rule.open_for:
            current = replace(current, until=window.at)
        elif _covered(rule.correlation, window.at, since) and holds(rule.correlation, window):
            if current:
                yield current
            current = Firing(rule.id, group, window.at, window.at, window.inside)
    if current:
        yield current


def _covered(correlation: Correlation, at: datetime, since: datetime | None) -> bool:
    return since is None or not correlation.baseline or at - since >= correlation.reach


def _newest(happenings: Iterable[Happening]) -> Iterator[Happening]:
    """Each event once for each indicator, in its newest revision."""
    newest: dict[tuple[str, str], Happening] = {}
    for happening in happenings:
        key = happening.rule, happening.id
        newest[key] = max(newest.get(key, happening), happening, key=_age)
    return iter(newest.values())


def _age(happening: Happening) -> tuple[int | datetime | str, ...]:
    """The revision; the rest decides between two that should not both be there, always in the same way."""
    return (
        happening.revision, happening.at, happening.province, happening.place, happening.country, happening.state,
    )  # fmt: skip


def _groups(happening: Happening, group_by: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The groups it belongs to: none where it lacks what events are grouped by, two on a boundary of provinces."""
    values = {
        "province": [part for part in happening.province.split("/") if part],
        "place": [happening.place] if happening.place else [],
        "country": [happening.country] if happening.country else [],
    }
    return product(*(dict.fromkeys(values[key]) for key in group_by))

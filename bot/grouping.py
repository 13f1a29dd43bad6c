"""Which event does an article speak of? A pure decision, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from rules.article import Article
from rules.match import NEWS, Match
from rules.places import Place
from rules.rule import EventRule
from storage.events import Event

NEAR_KM = 15.0
"""Two places closer than this are one scene: measured on made pairs of reports, see docs/architecture.md."""
SAME_DAY_KM = 40.0
"""On one day: each side names the villages on its own side of one stretch of the line."""
SAME_DAY = timedelta(hours=24)
CAPITALS = frozenset({"Baku", "Yerevan", "Stepanakert", "Moscow", "Ankara", "Tbilisi"})
"""Where ministries speak."""
AREAS = frozenset({"province", "country"})
"""Precisions of a place whose point stands for a whole area."""


@dataclass(frozen=True, slots=True)
class Join:
    """The article speaks of this open event."""

    event: Event
    match: Match
    why: str


@dataclass(frozen=True, slots=True)
class Open:
    """Nobody has told of this yet."""

    match: Match
    why: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The article opens no event and joins none."""

    why: str


Decision = Join | Open | Nothing


def group(
    article: Article, matches: Sequence[Match], open_events: Sequence[Event], rules: Mapping[str, EventRule]
) -> Decision:
    """Decide what becomes of an article's matches: all of them go to one event, the strongest deciding.

    `matches` come strongest first, `open_events` newest first; `rules` say by indicator how articles become
    events. An event's key names no culprit: indicator, place, figures and time decide.
    """
    news = [match for match in matches if match.stance in NEWS]
    denials = [match for match in matches if match.stance == "denial"]
    if not news and not denials:
        return Nothing(f"stance {matches[0].stance}: {matches[0].guard}" if matches else "no rule matched")
    for match in news or denials:
        for event in open_events:
            if why := _same(article, match, event, rules[match.rule]):
                return Join(event, match, why)
    if not news:
        return Nothing("a denial of nothing that is known")
    return Open(news[0], _nearest_miss(news[0], open_events))


def _same(article: Article, match: Match, event: Event, rule: EventRule) -> str:
    """Why `match` speaks of `event`, or nothing."""
    if match.rule not in event.indicators or not _in_window(article, event, rule.open_for):
        return ""
    gap = _gap(article, event)
    figures = _figures(match, event, rule.differ_by or "count")
    if rule.differ_by and figures == "differ":
        return ""
    if rule.differ_by and figures == "agree" and gap <= SAME_DAY:
        return f"same indicator, same figure ({match.facts.numbers[rule.differ_by]}), same day"
    place = _shared_place(_spoken_of(match), event, SAME_DAY_KM if gap <= SAME_DAY else NEAR_KM)
    if place:
        return f"same indicator, {place}"
    if place is None:
        return ""
    if figures == "agree":
        return f"same indicator, same figure ({match.facts.numbers[rule.differ_by or 'count']})"
    if gap <= rule.alike_for:
        return "same indicator, close in time, nothing that speaks against it"
    return ""


def _spoken_of(match: Match) -> Sequence[Place]:
    """Where it is said to have happened. Denials are voiced in capitals, and those are not what they speak of."""
    if match.stance in NEWS:
        return match.facts.places
    return [place for place in match.facts.places if place.name not in CAPITALS]


def _in_window(article: Article, event: Event, window: timedelta) -> bool:
    return event.first_seen - window <= article.published <= event.last_seen + window


def _gap(article: Article, event: Event) -> timedelta:
    """How far the article lies outside the span of the event's own articles."""
    return max(event.first_seen - article.published, article.published - event.last_seen, timedelta(0))


def _figures(match: Match, event: Event, name: str) -> str:
    """`agree`, `differ`, or `unknown` when one of the two does not give the figure."""
    ours, theirs = match.facts.numbers.get(name), event.facts.get(name)
    if ours is None or theirs is None:
        return "unknown"
    return "agree" if ours == theirs else "differ"


def _shared_place(places: Sequence[Place], event: Event, near: float) -> str | None:
    """What the two have in common on the map; None when both name places and none of them meet.

    An area (a province, the border itself) reaches as far as the gazetteer says that its point may be off.
    """
    if not places or event.place is None:
        return ""
    known = event.facts.get("places", ())
    for place in places:
        if isinstance(known, tuple) and place.name in known:
            return f"same place ({place.name})"
    for place in places:
        reach = near + sum(each.uncertainty_km for each in (place, event.place) if each.precision in AREAS)
        if distance_km(place, event.place) <= reach:
            return f"{place.name} is near {event.place.name}"
    return None


def distance_km(one: Place, other: Place) -> float:
    """Great-circle distance in kilometres (haversine, mean Earth radius 6,371 km)."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, radians(other.lon - one.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2
    return 2 * 6371.0 * asin(sqrt(chord))


def _nearest_miss(match: Match, open_events: Sequence[Event]) -> str:
    same = [event for event in open_events if match.rule in event.indicators]
    if not same:
        return "first report of this indicator within its window"
    return f"not event {same[0].id} ({same[0].title}): another place, figure or day"

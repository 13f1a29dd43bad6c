"""Which event does an article speak of? A pure decision, with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from rules.article import Article
from rules.match import NEWS, Match
from rules.places import Place
from storage.events import Event

NEAR_KM = 15.0
"""Two places closer than this are one scene: measured on made pairs of reports, see docs/architecture.md."""
SAME_DAY = timedelta(hours=24)
"""Without a place or a figure in common, only reports this close in time are taken for one event."""
COUNTED = frozenset({"pow-release", "pow-held"})
"""Indicators whose figure tells events apart: ten freed and two freed are two releases."""


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
    article: Article, matches: Sequence[Match], open_events: Sequence[Event], open_for: Mapping[str, timedelta]
) -> Decision:
    """Decide what becomes of an article's matches: all of them go to one event, the strongest deciding.

    `matches` come strongest first, `open_events` newest first; `open_for` says by rule how long an event stays open
    after its last article. An event's key names no culprit: indicator, place, figures and time decide.
    """
    news = [match for match in matches if match.stance in NEWS]
    denials = [match for match in matches if match.stance == "denial"]
    if not news and not denials:
        return Nothing(f"stance {matches[0].stance}: {matches[0].guard}" if matches else "no rule matched")
    for match in news or denials:
        for event in open_events:
            if why := _same(article, match, event, open_for[match.rule]):
                return Join(event, match, why)
    if not news:
        return Nothing("a denial of nothing that is known")
    return Open(news[0], _nearest_miss(news[0], open_events))


def _same(article: Article, match: Match, event: Event, window: timedelta) -> str:
    """Why `match` speaks of `event`, or nothing."""
    if match.rule not in event.indicators or not _in_window(article, event, window):
        return ""
    figures = _figures(match, event)
    if figures == "differ" and match.rule in COUNTED:
        return ""
    place = _shared_place(match.facts.places, event)
    if place:
        return f"same indicator, {place}"
    if match.facts.places and event.place and place is None:
        return ""
    if figures == "agree":
        return f"same indicator, same figure ({match.facts.numbers['count']})"
    if _gap(article, event) <= SAME_DAY:
        return "same indicator, same day, nothing that speaks against it"
    return ""


def _in_window(article: Article, event: Event, window: timedelta) -> bool:
    return event.first_seen - window <= article.published <= event.last_seen + window


def _gap(article: Article, event: Event) -> timedelta:
    """How far the article lies outside the span of the event's own articles."""
    return max(event.first_seen - article.published, article.published - event.last_seen, timedelta(0))


def _figures(match: Match, event: Event) -> str:
    """`agree`, `differ`, or `unknown` when either side gives no count."""
    ours, theirs = match.facts.numbers.get("count"), event.facts.get("count")
    if ours is None or theirs is None:
        return "unknown"
    return "agree" if ours == theirs else "differ"


def _shared_place(places: Sequence[Place], event: Event) -> str | None:
    """What the two have in common on the map; None when both name places and none of them meet."""
    if not places or event.place is None:
        return ""
    known = event.facts.get("places", ())
    for place in places:
        if isinstance(known, tuple) and place.name in known:
            return f"same place ({place.name})"
    for place in places:
        if (
            place.province
            and place.province == event.place.province
            and "province"
            in (
                place.precision,
                event.place.precision,
            )
        ):
            return f"same province ({place.province})"
        if distance_km(place, event.place) <= NEAR_KM:
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

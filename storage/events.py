"""Events and their revisions: what happened, as known at each moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from rules.match import Stance
from rules.places import Place
from storage.database import insert
from storage.tables import EVENT_ARTICLES, EVENT_INDICATORS, EVENT_REVISIONS, EVENTS
from storage.words import padded

LEVELS = ("informational", "low", "medium", "high", "critical")
"""Sigma's levels, lowest first."""

COUNTRIES = {
    "AE": "United Arab Emirates",
    "AM": "Armenia",
    "AT": "Austria",
    "AZ": "Azerbaijan",
    "BE": "Belgium",
    "BY": "Belarus",
    "CH": "Switzerland",
    "CZ": "Czechia",
    "DE": "Germany",
    "ES": "Spain",
    "FR": "France",
    "GE": "Georgia",
    "IR": "Iran",
    "KG": "Kyrgyzstan",
    "KZ": "Kazakhstan",
    "MD": "Moldova",
    "NL": "Netherlands",
    "RU": "Russia",
    "SE": "Sweden",
    "TJ": "Tajikistan",
    "TM": "Turkmenistan",
    "TR": "Turkey",
    "US": "United States",
    "UZ": "Uzbekistan",
}
"""English names of the gazetteer's countries (ISO 3166-1)."""

State = Literal["single", "reported", "confirmed", "denied"]
"""`single`: one owner. `reported`: two or more. `confirmed`: an am and an az source report it. `denied`: rebutted."""

Phase = Literal["planned", "held", "cancelled", "announced", "done", ""]
"""How far it has come: meetings are planned, held or cancelled, releases announced or done; else empty."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """One article of an event, as the event's readers need it.

    `quote` is the sentence that matched, `bold` the (start, end) of the matched words in it; `why` says why the
    article joined. `stance` is what the article does: a denial is a source too. `facts` and `place` are what this
    article alone says; the event's are put together from them.
    """

    article: int
    url: str
    title: str
    outlet: str
    owner: str
    side: str
    language: str
    published: datetime
    stance: Stance
    quote: str
    bold: tuple[tuple[int, int], ...]
    why: str
    facts: Mapping[str, int | str | tuple[str, ...]] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in the world, in the state of one revision.

    `id` is 0 until it is stored. `indicator` is the primary one and stands first in `indicators`.
    `facts` holds JSON values by name (`count`, `by`, `places`: canonical names). `rule` is "id@version" of the
    rule that opened it, `label` that rule's title, `clauses` what held there. Times are aware and in UTC; `happened` is
    when the text says so.
    """

    id: int
    revision: int
    indicator: str
    indicators: tuple[str, ...]
    title: str
    level: str
    state: State
    phase: Phase
    first_seen: datetime
    last_seen: datetime
    happened: datetime | None
    place: Place | None
    facts: Mapping[str, int | str | tuple[str, ...]]
    sources: tuple[EventSource, ...]
    rule: str
    clauses: tuple[str, ...]
    label: str = ""

    @property
    def owners(self) -> int:
        """How many owners report it; denials do not count."""
        return len({source.owner for source in self.sources if source.stance != "denial"})


@dataclass(frozen=True, slots=True)
class Revision:
    """The state of an event after a change: which article made it (None: none did), why, and when."""

    event: Event
    article: int | None
    why: str
    at: datetime


class StaleEventError(Exception):
    """Somebody else has revised the event meanwhile: read it again and decide again."""


_EVENT = TypeAdapter(Event)

NEWEST = select(EVENT_REVISIONS.c.state).join_from(
    EVENTS,
    EVENT_REVISIONS,
    and_(EVENT_REVISIONS.c.event_id == EVENTS.c.id, EVENT_REVISIONS.c.revision == EVENTS.c.revision),
)
"""The state of each event at its newest revision, for `read_event`."""


def add_event(session: Session, event: Event, *, article: int | None, why: str, now: datetime) -> Event:
    """Store a new event; gives it back with its number and revision 1."""
    event = replace(event, revision=1)
    new = insert(session, EVENTS).values(_columns(event)).returning(EVENTS.c.id)
    event = replace(event, id=session.execute(new).scalar_one())
    _append(session, event, article, why, now)
    return event


def revise_event(session: Session, event: Event, *, article: int | None, why: str, now: datetime) -> Event:
    """Store a new state of an event; gives it back with the next revision. Earlier ones stay as they are.

    `event.revision` is the one that the change was decided on: `StaleEventError` when it is not the newest.
    """
    based_on, event = event.revision, replace(event, revision=event.revision + 1)
    change = update(EVENTS).where(EVENTS.c.id == event.id, EVENTS.c.revision == based_on).values(_columns(event))
    if session.execute(change.returning(EVENTS.c.id)).first() is None:
        raise StaleEventError(f"event {event.id} is not at revision {based_on} any more")
    _append(session, event, article, why, now)
    return event


def open_events(session: Session, indicators: Iterable[str], since: datetime) -> list[Event]:
    """Events that show any of `indicators` and were last spoken of at `since` or later, newest first."""
    wanted = NEWEST.where(EVENTS.c.last_seen >= since, showing(indicators))
    return _events(session, wanted.order_by(EVENTS.c.last_seen.desc(), EVENTS.c.id.desc()))


def get_event(session: Session, event_id: int) -> Event | None:
    """The event at its newest revision; None when there is none of that number."""
    return next(iter(_events(session, NEWEST.where(EVENTS.c.id == event_id))), None)


def revisions(session: Session, event_id: int) -> list[Revision]:
    """What was known when: every state of the event, oldest first; empty when there is no such event."""
    rows = select(EVENT_REVISIONS).where(EVENT_REVISIONS.c.event_id == event_id).order_by(EVENT_REVISIONS.c.revision)
    return [Revision(read_event(row.state), row.article_id, row.why, row.at) for row in session.execute(rows)]


def showing(indicators: Iterable[str]) -> ColumnElement[bool]:
    """The condition that an event shows any of `indicators`; asked event by event, so that a time range goes first."""
    shown = EVENT_INDICATORS.c
    return exists().where(shown.event_id == EVENTS.c.id, shown.indicator.in_(sorted(set(indicators))))


def read_event(state: str) -> Event:
    """An event from the JSON of one revision."""
    return _EVENT.validate_json(state)


def places_of(event: Event) -> str:
    """The names that `place:` finds an event by, folded: its place, province and country, and those of its facts."""
    place = event.place
    names = [place.name, place.province, place.country, COUNTRIES.get(place.country, "")] if place else []
    told = event.facts.get("places", ())
    names += told if isinstance(told, tuple) else [str(told)]
    return padded((name, "en") for name in names)


def words_of(event: Event) -> str:
    """The texts that words and phrases are looked for in, folded: its title, and each source's title and quote."""
    texts = [(event.title, "")]
    for source in event.sources:
        texts += [(source.title, source.language), (source.quote, source.language)]
    return padded(texts)


def _events(session: Session, query: Select[Any]) -> list[Event]:
    return [read_event(state) for state in session.scalars(query)]


def _columns(event: Event) -> dict[str, Any]:
    names = ("revision", "indicator", "title", "level", "state", "phase", "first_seen", "last_seen", "happened")
    found_by: dict[str, Any] = {"level_rank": LEVELS.index(event.level), "owners": event.owners}
    found_by |= {"places": places_of(event), "words": words_of(event)}
    return {name: getattr(event, name) for name in names} | found_by


def _append(session: Session, event: Event, article: int | None, why: str, now: datetime) -> None:
    """Write the revision itself, and what hangs on it."""
    change = {"event_id": event.id, "revision": event.revision, "article_id": article, "why": why, "at": now}
    state = _EVENT.dump_json(event).decode()
    session.execute(insert(session, EVENT_REVISIONS).values(change | {"state": state}))
    session.execute(delete(EVENT_INDICATORS).where(EVENT_INDICATORS.c.event_id == event.id))
    rows = [{"event_id": event.id, "indicator": indicator} for indicator in {event.indicator, *event.indicators}]
    session.execute(insert(session, EVENT_INDICATORS), rows)
    if article is not None:
        session.execute(insert(session, EVENT_ARTICLES).values(change).on_conflict_do_nothing())

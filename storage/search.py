"""Asking the event log: which events satisfy a query."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.events import NEWEST, Event, read_event
from storage.query import EventQuery
from storage.tables import EVENT_INDICATORS, EVENTS


def list_events(session: Session, query: EventQuery | None = None, *, limit: int | None = None) -> list[Event]:
    """The events that satisfy `query` (all, without one), by the time they were first seen."""
    wanted = NEWEST.where(*(query.where() if query else ()))
    states = session.scalars(wanted.order_by(EVENTS.c.first_seen, EVENTS.c.id).limit(limit))
    return [read_event(state) for state in states]


def indicators_shown(session: Session) -> frozenset[str]:
    """Every indicator that some event shows; those of rules that are gone are among them."""
    return frozenset(session.scalars(select(EVENT_INDICATORS.c.indicator).distinct()))

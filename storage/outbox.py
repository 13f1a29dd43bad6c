"""The outbox: alerts whose wanted revision is ahead of the sent one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from storage.chats import Address as Address
from storage.chats import Subscription, is_chat, move_chat, pause_chat, reopen
from storage.columns import moment
from storage.database import insert, pages
from storage.events import Event, read_event
from storage.query import EventQuery, findable, parse_query
from storage.querytext import QueryError
from storage.tables import ALERTS, CHATS, EVENT_REVISIONS, SUBSCRIPTIONS


@dataclass(frozen=True, slots=True)
class Alert:
    """One event told to one chat.

    `event` is the event at the wanted revision; `message` the id of the message that stands in the chat, or None
    when nothing was sent yet; `sent` the revision it shows (0 for none). `query` is the subscription that asked,
    `attempts` how often sending has failed since it last went well.
    """

    id: int
    address: Address
    event: Event
    message: int | None
    sent: int
    query: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """The chat shows the wanted revision, in this message."""

    message: int


@dataclass(frozen=True, slots=True)
class Retry:
    """Not delivered, or not known to be: try again after the pause. `chat_wide`: the whole chat must wait."""

    after: timedelta
    why: str
    chat_wide: bool = False


@dataclass(frozen=True, slots=True)
class GaveUp:
    """It can never be delivered. `chat_gone`: the chat takes nothing any more and is paused."""

    why: str
    chat_gone: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another id now: store it, and send there as a new message."""

    chat: int


LONGEST_PAUSE = timedelta(seconds=60)
"""Up to here pauses grow between two tries at one alert: after an outage nothing waits longer."""

Outcome = Sent | Retry | GaveUp | Moved

_BEHIND = and_(ALERTS.c.wanted > ALERTS.c.sent, ALERTS.c.state == "open")


def want(session: Session, event: Event, subscriptions: Sequence[Subscription], *, now: datetime) -> int:
    """Have `event` told, at its revision, wherever it is asked for; gives how many alerts that moved.

    `subscriptions` are those of `all_subscriptions`; the first of an address that the event satisfies is the one that
    asked. Where the event was wanted before it is kept up to date, whether or not a query still holds; an edit that
    was refused is tried again.
    """
    seen = findable(event)
    asking = [found for found in subscriptions if (query := _parsed(found.query)) is not None and query.holds(seen)]
    moved = {*_open(session, event, asking, now)}
    outrun = and_(ALERTS.c.event_id == event.id, ALERTS.c.wanted < event.revision)
    reopen(session, outrun)
    settled = ALERTS.c.wanted == ALERTS.c.sent
    since = {name: case((settled, moment(now)), else_=ALERTS.c[name]) for name in ("wanted_at", "retry_at")}
    behind = update(ALERTS).where(outrun).values(wanted=event.revision, **since)
    moved.update(session.scalars(behind.returning(ALERTS.c.id)))
    return len(moved)


def claim_due(
    session: Session, now: datetime, limit: int, lease: timedelta, *, sinks: Collection[str] | None = None
) -> list[Alert]:
    """Claim at most `limit` alerts that are due, longest waiting first; nobody else gets them before the lease is over.

    Of one address only one alert is under way at a time, which keeps their order. `sinks` are those that the caller
    serves; None: all. It waits for nobody's lock, so it is part of no deadlock: an alert that is being revised
    is left for the next time.
    """
    chats = _lock_chats(session, now, limit, sinks)
    if not chats:
        return []
    place = func.row_number().over(
        partition_by=(ALERTS.c.chat_id, ALERTS.c.thread), order_by=(ALERTS.c.wanted_at, ALERTS.c.id)
    )
    waiting = select(ALERTS.c.id, ALERTS.c.wanted_at, place.label("place"))
    first = waiting.where(_due(now), ALERTS.c.chat_id.in_(chats)).subquery()
    chosen = select(first.c.id).where(first.c.place == 1).order_by(first.c.wanted_at, first.c.id).limit(limit)
    free = select(ALERTS.c.id).where(ALERTS.c.id.in_(session.scalars(chosen).all()), _BEHIND)
    ids = session.scalars(free.order_by(ALERTS.c.id).with_for_update(key_share=True, skip_locked=True)).all()
    session.execute(update(ALERTS).where(ALERTS.c.id.in_(ids)).values(leased_until=now + lease))
    return _alerts(session, ids)


def settle(session: Session, alert: Alert, outcome: Outcome, now: datetime) -> None:
    """Note how telling an alert went.

    A chat is always locked before its alerts, here as in `claim_due`, so that two processes never wait for each other.
    """
    match outcome:
        case Sent(message):
            shows = case((ALERTS.c.sent > alert.event.revision, ALERTS.c.sent), else_=alert.event.revision)
            _set(session, alert, {"message": message, "sent": shows, "sent_at": now, "attempts": 0, "reason": ""})
        case Retry(after, why, chat_wide=True):
            _make_wait(session, alert.address, now + after)
            _set(session, alert, {"retry_at": now + after, "reason": why})
        case Retry(after, why):
            # A fault that lasts is met with pauses that double.
            pause = min(after * 2 ** min(alert.attempts, 20), max(after, LONGEST_PAUSE))
            _set(session, alert, {"retry_at": now + pause, "attempts": alert.attempts + 1, "reason": why})
        case GaveUp(why, chat_gone):
            if chat_gone:
                pause_chat(session, alert.address, why, now)
            outrun = ALERTS.c.wanted > alert.event.revision
            _set(session, alert, {"state": case((outrun, ALERTS.c.state), else_="gave-up"), "reason": why})
        case Moved(chat):
            move_chat(session, alert.address, chat)
            _set(session, alert, {"retry_at": now})


def release_alert(session: Session, alert_id: int) -> None:
    """Give back a claimed alert whose sending was broken off; it is due as it was."""
    session.execute(update(ALERTS).where(ALERTS.c.id == alert_id).values(leased_until=None))


@lru_cache(maxsize=4096)
def _parsed(query: str) -> EventQuery | None:
    # A saved query was understood once. Should it not be any more, the others must still be served.
    try:
        return parse_query(query, indicators=None)
    except QueryError:
        return None


def _open(session: Session, event: Event, asking: Sequence[Subscription], now: datetime) -> list[int]:
    """Insert the alerts that are new; those that were never told and had been laid aside get another chance."""
    fresh = {"sent": 0, "attempts": 0, "state": "open", "reason": ""}
    every = fresh | {"event_id": event.id, "wanted": event.revision, "wanted_at": now, "retry_at": now}
    places = _places(session, asking)
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for found in asking:
        if found.id in places:
            chat_id, thread = places[found.id]
            rows.setdefault((chat_id, thread), every | {"chat_id": chat_id, "thread": thread, "query": found.query})
    if not rows:
        return []
    new = insert(session, ALERTS)
    again = {name: new.excluded[name] for name in (*fresh, "query", "wanted", "wanted_at", "retry_at")}
    laid_aside = and_(ALERTS.c.sent == 0, ALERTS.c.state != "open", ALERTS.c.wanted < event.revision)
    new = new.on_conflict_do_update(index_elements=["event_id", "chat_id", "thread"], set_=again, where=laid_aside)
    return list(session.scalars(new.returning(ALERTS.c.id), list(rows.values())))


def _places(session: Session, asking: Sequence[Subscription]) -> dict[int, tuple[int, int]]:
    """The row of the chat, and the topic, that each subscription belongs to by now."""
    query = select(SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.chat_id, SUBSCRIPTIONS.c.thread)
    places: dict[int, tuple[int, int]] = {}
    for page in pages([found.id for found in asking]):
        for row in session.execute(query.where(SUBSCRIPTIONS.c.id.in_(page))):
            places[row.id] = row.chat_id, row.thread
    return places


def _lock_chats(session: Session, now: datetime, limit: int, sinks: Collection[str] | None) -> Sequence[int]:
    """Lock the chats that something is due for.

    The lock is on the chat, not the alert: of one address two claimers must not take two alerts. What is due is asked
    again once the lock is held, because the one who held it before has claimed something.
    """
    oldest = select(ALERTS.c.chat_id, func.min(ALERTS.c.wanted_at).label("since")).where(_due(now))
    due = oldest.group_by(ALERTS.c.chat_id).subquery()
    free = or_(CHATS.c.wait_until.is_(None), CHATS.c.wait_until <= now)
    chats = select(CHATS.c.id).join_from(CHATS, due, due.c.chat_id == CHATS.c.id)
    chats = chats.where(CHATS.c.active, free, _served(sinks)).order_by(due.c.since, CHATS.c.id).limit(limit)
    return session.scalars(chats.with_for_update(of=CHATS, key_share=True, skip_locked=True)).all()


def _alerts(session: Session, ids: Sequence[int]) -> list[Alert]:
    rows = (
        select(ALERTS, CHATS.c.sink, CHATS.c.chat, EVENT_REVISIONS.c.state.label("event"))
        .join_from(ALERTS, CHATS, ALERTS.c.chat_id == CHATS.c.id)
        .join(
            EVENT_REVISIONS,
            and_(EVENT_REVISIONS.c.event_id == ALERTS.c.event_id, EVENT_REVISIONS.c.revision == ALERTS.c.wanted),
        )
        .where(ALERTS.c.id.in_(ids))
        .order_by(ALERTS.c.wanted_at, ALERTS.c.id)
    )
    return [
        Alert(
            id=row.id,
            address=Address(row.sink, row.chat, row.thread),
            event=read_event(row.event),
            message=row.message,
            sent=row.sent,
            query=row.query,
            attempts=row.attempts,
        )
        for row in session.execute(rows)
    ]


def _due(now: datetime) -> ColumnElement[bool]:
    other = ALERTS.alias()
    same_address = and_(other.c.chat_id == ALERTS.c.chat_id, other.c.thread == ALERTS.c.thread)
    under_way = exists().where(same_address, other.c.leased_until > now)
    return and_(_BEHIND, ALERTS.c.retry_at <= now, ~under_way)


def _served(sinks: Collection[str] | None) -> ColumnElement[bool]:
    return CHATS.c.id.is_not(None) if sinks is None else CHATS.c.sink.in_(sorted(sinks))


def _set(session: Session, alert: Alert, values: dict[str, Any]) -> None:
    session.execute(update(ALERTS).where(ALERTS.c.id == alert.id).values(values | {"leased_until": None}))


def _make_wait(session: Session, address: Address, until: datetime) -> None:
    longer = or_(CHATS.c.wait_until.is_(None), CHATS.c.wait_until < until)
    session.execute(update(CHATS).where(is_chat(address), longer).values(wait_until=until))

"""Chats and what they have subscribed to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, select, update
from sqlalchemy.orm import Session

from rules.indicators import INDICATORS
from storage.database import insert
from storage.query import parse_query
from storage.tables import ALERTS, CHATS, SUBSCRIPTIONS


@dataclass(frozen=True, slots=True)
class Address:
    """Where an alert goes. `sink` is `telegram` or `console`; `thread` is a forum topic, 0 for none."""

    sink: str
    chat: int
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved query of an address, in its canonical form."""

    id: int
    address: Address
    query: str
    created: datetime


_COLUMNS = (SUBSCRIPTIONS.c.id, CHATS.c.sink, CHATS.c.chat, SUBSCRIPTIONS.c.thread)
_SUBSCRIPTIONS = select(*_COLUMNS, SUBSCRIPTIONS.c.query, SUBSCRIPTIONS.c.created).join_from(
    SUBSCRIPTIONS, CHATS, SUBSCRIPTIONS.c.chat_id == CHATS.c.id
)


def subscribe(
    session: Session,
    address: Address,
    query: str,
    *,
    title: str,
    now: datetime,
    indicators: Collection[str] = INDICATORS,
) -> Subscription:
    """Save a query for an address, and revive the chat; the same question again gives the first subscription back.

    `indicators` are those that may be named. Raises `QueryError` when the query cannot be understood.
    """
    asked = parse_query(query, for_subscription=True, indicators=indicators)
    chat = {"sink": address.sink, "chat": address.chat, "title": title, "active": True, "why": "", "created": now}
    seen = insert(session, CHATS).values(chat)
    seen = seen.on_conflict_do_update(index_elements=["sink", "chat"], set_={"title": title})
    chat_id = session.scalar(seen.returning(CHATS.c.id))
    revive_chat(session, address)
    row = {"chat_id": chat_id, "thread": address.thread, "query": str(asked), "key": asked.key, "created": now}
    session.execute(insert(session, SUBSCRIPTIONS).values(row).on_conflict_do_nothing())
    return _subscriptions(session, _SUBSCRIPTIONS.where(_is(address), SUBSCRIPTIONS.c.key == asked.key))[0]


def unsubscribe(session: Session, address: Address, query: str | int | None = None) -> int:
    """End one subscription of an address, or all; gives how many. A text is a query, a number a place (from 1).

    With the last one go the alerts that were not told yet; those that stand in the chat go on being corrected.
    """
    standing = subscriptions_of(session, address)
    if query is None:
        ended = standing
    elif isinstance(query, int):
        ended = [found for number, found in enumerate(standing, 1) if number == query]
    else:
        key = parse_query(query, indicators=None).key
        ended = [found for found in standing if parse_query(found.query, indicators=None).key == key]
    session.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id.in_([found.id for found in ended])))
    if ended and len(ended) == len(standing):
        chat = select(CHATS.c.id).where(is_chat(address))
        untold = and_(ALERTS.c.thread == address.thread, ALERTS.c.sent == 0, ALERTS.c.state == "open")
        dropped = update(ALERTS).where(ALERTS.c.chat_id == chat.scalar_subquery(), untold)
        session.execute(dropped.values(state="dropped", reason="unsubscribed"))
    return len(ended)


def subscriptions_of(session: Session, address: Address) -> list[Subscription]:
    """The subscriptions of an address, oldest first."""
    return _subscriptions(session, _SUBSCRIPTIONS.where(_is(address)))


def all_subscriptions(session: Session) -> list[Subscription]:
    """The subscriptions of all chats that are not paused, oldest first."""
    return _subscriptions(session, _SUBSCRIPTIONS.where(CHATS.c.active))


def pause_chat(session: Session, address: Address, why: str, now: datetime) -> None:
    """Tell this chat, in all its topics, nothing more: the bot was blocked, or thrown out."""
    paused = update(CHATS).where(is_chat(address), CHATS.c.active)
    session.execute(paused.values(active=False, why=why, paused_at=now))


def revive_chat(session: Session, address: Address) -> None:
    """Tell a paused chat again; what it missed meanwhile is not told, what stands in it is brought up to date."""
    chat_id = session.scalar(select(CHATS.c.id).where(is_chat(address), CHATS.c.active.is_(False)))
    if chat_id is None:
        return
    session.execute(update(CHATS).where(CHATS.c.id == chat_id).values(active=True, why="", paused_at=None))
    missed = and_(ALERTS.c.chat_id == chat_id, ALERTS.c.sent == 0, ALERTS.c.state == "open")
    session.execute(update(ALERTS).where(missed).values(state="dropped", reason="the chat was paused"))
    reopen(session, ALERTS.c.chat_id == chat_id)


def reopen(session: Session, which: ColumnElement[bool]) -> None:
    """Have the messages whose edit was given up edited again, as far as they are `which`."""
    given_up = and_(ALERTS.c.sent > 0, ALERTS.c.state == "gave-up", which)
    session.execute(update(ALERTS).where(given_up).values(state="open", attempts=0, reason=""))


def move_chat(session: Session, old: Address, new: int) -> None:
    """The chat has another number now: subscriptions and alerts follow.

    Messages of the old chat cannot be edited from the new one, so the next revision is told as a new message.
    """
    from_id = session.scalar(select(CHATS.c.id).where(is_chat(old)).with_for_update())
    to_id = session.scalar(select(CHATS.c.id).where(is_chat(Address(old.sink, new))).with_for_update())
    if from_id is None or from_id == to_id:
        return
    session.execute(update(ALERTS).where(ALERTS.c.chat_id == from_id).values(message=None))
    if to_id is None:
        session.execute(update(CHATS).where(CHATS.c.id == from_id).values(chat=new))
        return
    for table, same in ((SUBSCRIPTIONS, ("thread", "key")), (ALERTS, ("thread", "event_id"))):
        there = table.alias()
        twin = select(there.c.id).where(there.c.chat_id == to_id, *(there.c[name] == table.c[name] for name in same))
        session.execute(update(table).where(table.c.chat_id == from_id, ~twin.exists()).values(chat_id=to_id))
    session.execute(delete(CHATS).where(CHATS.c.id == from_id))


def is_chat(address: Address) -> ColumnElement[bool]:
    """The condition that a row of `CHATS` is the chat of this address."""
    return and_(CHATS.c.sink == address.sink, CHATS.c.chat == address.chat)


def _is(address: Address) -> ColumnElement[bool]:
    return and_(is_chat(address), SUBSCRIPTIONS.c.thread == address.thread)


def _subscriptions(session: Session, query: Select[Any]) -> list[Subscription]:
    return [_subscription(row) for row in session.execute(query.order_by(SUBSCRIPTIONS.c.id))]


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(row.id, Address(row.sink, row.chat, row.thread), row.query, row.created)

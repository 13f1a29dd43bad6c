"""Feeds: which there are, which are due, and how the last poll of each went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from storage.columns import moment
from storage.database import insert
from storage.tables import FEEDS

INTERVAL = 300
"""Seconds between two polls of a feed, until somebody says otherwise."""

LONGEST_URL = 2000
"""Bytes of an address that a permanent redirect may lead to; an index of PostgreSQL takes no more than 2,704."""

UNLISTED = "no longer in the catalogue"


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed as the catalogue lists it. `note` says why a feed is switched off; `interval` is in seconds."""

    url: str
    outlet: str
    owner: str
    side: str = ""
    kind: str = ""
    language: str = ""
    active: bool = True
    note: str = ""
    interval: int = INTERVAL


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and what is known of its polls. Texts that nobody gave (`etag`, `error` ...) are empty.

    `failures` counts those since the last success, `interval` is in seconds.
    """

    id: int
    url: str
    outlet: str
    owner: str
    side: str
    kind: str
    language: str
    active: bool
    note: str
    etag: str
    last_modified: str
    body_hash: str
    first_polled: datetime | None
    last_success: datetime | None
    last_new_entry: datetime | None
    next_due: datetime
    failures: int
    error: str
    interval: int


_FIELDS = [FEEDS.c[name] for name in Feed.__dataclass_fields__]


def sync_feeds(session: Session, feeds: Sequence[NewFeed], now: datetime) -> None:
    """Bring the feeds in line with the catalogue.

    New ones are due at once; of known ones only what the catalogue says changes; those that it lists no longer are
    switched off. A feed that has moved is still known under the address that the catalogue gives.
    """
    known: dict[str, int] = {}
    for row in session.execute(select(FEEDS.c.id, FEEDS.c.url, FEEDS.c.listed_url)):
        known.setdefault(row.url, row.id)
        known[row.listed_url] = row.id
    listed = {feed.url: feed for feed in feeds}
    if new := [_first_row(feed, now) for url, feed in listed.items() if url not in known]:
        session.execute(insert(session, FEEDS).on_conflict_do_nothing(), new)
    for url, feed in listed.items():
        if url in known:
            session.execute(update(FEEDS).where(FEEDS.c.id == known[url]).values(listed_url=url, **_listing(feed)))
    gone = sorted(set(known.values()) - {known[url] for url in listed if url in known})
    for id_ in gone:
        session.execute(update(FEEDS).where(FEEDS.c.id == id_, FEEDS.c.active).values(active=False, note=UNLISTED))


def due_feeds(session: Session, now: datetime, limit: int, lease: timedelta) -> list[Feed]:
    """Claim at most `limit` feeds that are due, longest due first; nobody else gets them before the lease is over."""
    free = or_(FEEDS.c.leased_until.is_(None), FEEDS.c.leased_until <= now)
    due = select(FEEDS.c.id).where(FEEDS.c.active, FEEDS.c.next_due <= now, free)
    due = due.order_by(FEEDS.c.next_due, FEEDS.c.id).limit(limit).with_for_update(skip_locked=True)
    ids = session.scalars(due).all()
    if not ids:
        return []
    claim = update(FEEDS).where(FEEDS.c.id.in_(ids)).values(leased_until=now + lease).returning(*_FIELDS)
    return sorted((Feed(*row) for row in session.execute(claim)), key=lambda feed: (feed.next_due, feed.id))


def release_feed(session: Session, feed_id: int) -> None:
    """Give back a claimed feed whose poll was broken off; it is due as it was."""
    session.execute(update(FEEDS).where(FEEDS.c.id == feed_id).values(leased_until=None))


def record_success(
    session: Session,
    feed_id: int,
    *,
    now: datetime,
    next_due: datetime,
    etag: str,
    last_modified: str,
    body_hash: str,
    new_entries: int,
) -> None:
    """A body came: keep its validators, which must commit together with its entries."""
    values: dict[str, Any] = {"etag": etag, "last_modified": last_modified, "body_hash": body_hash}
    if new_entries:
        values["last_new_entry"] = now
    _record(session, feed_id, now, next_due, values)


def record_unchanged(session: Session, feed_id: int, *, now: datetime, next_due: datetime) -> None:
    """Nothing new: a 304, or the same body again."""
    _record(session, feed_id, now, next_due, {})


def record_failure(
    session: Session, feed_id: int, *, now: datetime, next_due: datetime, error: str, counted: bool = True
) -> None:
    """The poll failed; `error` says how, in words for a person. Validators stay as they were.

    `counted` is False when the fault was not the feed's.
    """
    values = {"failures": FEEDS.c.failures + int(counted), "error": error, "next_due": next_due, "leased_until": None}
    session.execute(update(FEEDS).where(FEEDS.c.id == feed_id).values(values))


def move_feed(session: Session, feed_id: int, url: str) -> bool:
    """Follow a permanent redirect. False, and nothing changes, when another feed lives there or `url` is too long."""
    taken = select(FEEDS.c.id).where(or_(FEEDS.c.url == url, FEEDS.c.listed_url == url), FEEDS.c.id != feed_id)
    if len(url.encode()) > LONGEST_URL or session.scalar(taken) is not None:
        return False
    session.execute(update(FEEDS).where(FEEDS.c.id == feed_id).values(url=url))
    return True


def list_feeds(session: Session) -> list[Feed]:
    """All feeds, also those that are switched off, by outlet."""
    return [Feed(*row) for row in session.execute(select(*_FIELDS).order_by(FEEDS.c.outlet, FEEDS.c.id))]


def _record(session: Session, feed_id: int, now: datetime, next_due: datetime, values: dict[str, Any]) -> None:
    first = func.coalesce(FEEDS.c.first_polled, moment(now))
    done = {"first_polled": first, "last_success": now, "next_due": next_due, "leased_until": None}
    session.execute(update(FEEDS).where(FEEDS.c.id == feed_id).values(values | done | {"failures": 0, "error": ""}))


def _listing(feed: NewFeed) -> dict[str, Any]:
    names = ("outlet", "owner", "side", "kind", "language", "active", "note")
    return {name: getattr(feed, name) for name in names}


def _first_row(feed: NewFeed, now: datetime) -> dict[str, Any]:
    texts = dict.fromkeys(("etag", "last_modified", "body_hash", "error"), "")
    row = _listing(feed) | texts | {"url": feed.url, "listed_url": feed.url, "interval": feed.interval}
    return row | {"next_due": now, "failures": 0}

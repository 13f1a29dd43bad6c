"""Polls the feeds that are due: fetch, parse, and hand the entries to the pipeline."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.feeds.errors import FeedError, StatusError, UnreachableError
from bot.feeds.fetch import Body, Client, FetchRequest, NotModified, fetch_feed
from bot.feeds.parse import parse_feed
from bot.feeds.schedule import looks_local, next_due, wants_full
from bot.flight import Flight
from bot.pipeline import Pipeline
from rules.article import Source
from storage import feeds
from storage.database import Database
from storage.feeds import Feed

AT_ONCE = 8
"""Feeds in flight: httpx slows down with many requests on one client (docs/architecture.md)."""
LEASE = timedelta(minutes=5)
"""A claimed feed is given to nobody else for so long; a poller that dies gives it back so."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Poller:
    """Fetches due feeds and ingests what is new in them. A feed can harm only itself.

    `chance` gives a number in [0, 1): it spreads the polls, and now and then has one leave the validators out.
    """

    database: Database
    client: Client
    pipeline: Pipeline
    clock: Clock
    chance: Callable[[], float]
    flight: Flight = field(default_factory=lambda: Flight(AT_ONCE))
    _reached: dict[int, bool] = field(default_factory=dict)
    _hosts: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def tick(self) -> int:
        """Start polling what is due, as far as there is room, without waiting for it; returns how many feeds."""
        room = self.flight.room
        due = await asyncio.to_thread(self._claim, room) if room else []
        for feed in due:
            self.flight.launch(self._poll(feed))
        return len(due)

    async def sweep(self) -> int:
        """One pass over everything that is due; returns how many feeds were polled."""
        polled = 0
        while count := await self.tick():
            polled += count
            await self.flight.next_done()
        await self.flight.landed()
        return polled

    def _claim(self, room: int) -> list[Feed]:
        with self.database.write() as session:
            return feeds.due_feeds(session, self.clock.now(), room, LEASE)

    async def _poll(self, feed: Feed) -> None:
        """Poll one feed, one at a time on each host."""
        async with self._hosts[urlsplit(feed.url).hostname or ""]:
            try:
                answer = await fetch_feed(self.client, self._request(feed))
                if isinstance(answer, NotModified) or answer.digest == feed.body_hash:
                    await asyncio.to_thread(self._unchanged, feed, answer)
                else:
                    await asyncio.to_thread(self._take, feed, answer)
                self._reached[feed.id] = True
            except FeedError as error:
                self._reached[feed.id] = not isinstance(error, UnreachableError)
                retry_after = error.retry_after if isinstance(error, StatusError) else None
                await asyncio.to_thread(self._failed, feed, str(error), retry_after)
            except Exception as error:
                # A fault of ours on one feed's input: the others go on, and this one is told of and tried again.
                log.exception("poll failed", feed=feed.url)
                await asyncio.to_thread(self._failed, feed, f"internal error: {type(error).__name__}: {error}", None)

    def _request(self, feed: Feed) -> FetchRequest:
        return FetchRequest(
            feed.url, self.clock.now(), feed.etag, feed.last_modified, unconditional=wants_full(self.chance())
        )

    def _take(self, feed: Feed, body: Body) -> None:
        """Parse a document and ingest its entries; the validators commit with them."""
        now = self.clock.now()
        parsed = parse_feed(
            body.content,
            url=body.url,
            fetched=now,
            source=Source(feed.outlet, feed.owner, feed.side),
            language=feed.language,
            content_type=body.content_type,
        )

        def remember(session: Session, new: int) -> None:
            feeds.record_success(
                session,
                feed.id,
                now=now,
                next_due=self._next(feed, hint=body.fresh_for),
                etag=body.etag,
                last_modified=body.last_modified,
                body_hash=body.digest,
                new_entries=new,
            )
            if body.moved_to:
                feeds.move_feed(session, feed.id, body.moved_to)

        backlog = feed.first_polled is None
        self.pipeline.ingest(parsed.entries, feed=feed.id, now=now, backlog=backlog, alongside=remember)
        if parsed.complaint:
            log.info("feed read in part", feed=feed.url, why=parsed.complaint)

    def _unchanged(self, feed: Feed, answer: Body | NotModified) -> None:
        with self.database.write() as session:
            due = self._next(feed, hint=answer.fresh_for)
            feeds.record_unchanged(session, feed.id, now=self.clock.now(), next_due=due)
            if answer.moved_to:
                feeds.move_feed(session, feed.id, answer.moved_to)

    def _failed(self, feed: Feed, why: str, retry_after: timedelta | None) -> None:
        # When no feed at all can be reached the fault is our own network's, and no feed is slowed for it.
        counted = not looks_local(list(self._reached.values()))
        failures = feed.failures + counted
        log.warning("feed failed", feed=feed.url, why=why, failures=failures)
        due = self._next(feed, failures=failures, retry_after=retry_after)
        with self.database.write() as session:
            feeds.record_failure(session, feed.id, now=self.clock.now(), next_due=due, error=why, counted=counted)

    def _next(
        self,
        feed: Feed,
        *,
        failures: int = 0,
        retry_after: timedelta | None = None,
        hint: timedelta | None = None,
    ) -> datetime:
        return next_due(
            self.clock.now(),
            interval=timedelta(seconds=feed.interval),
            failures=failures,
            retry_after=retry_after,
            hint=hint,
            jitter=self.chance(),
        )

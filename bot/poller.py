"""Polls the feeds that are due: fetch, parse, and hand the entries to the pipeline."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.feeds.errors import FeedError, RefusedError, StatusError, UnreachableError
from bot.feeds.fetch import Body, Client, FetchRequest, NotModified, fetch_feed
from bot.feeds.parse import ParsedFeed, parse_feed
from bot.feeds.schedule import next_due, wants_full
from bot.feeds.threads import Threads
from bot.feeds.urls import host_of
from bot.flight import Flight
from bot.pipeline import Pipeline
from rules.article import Source
from storage import feeds
from storage.database import Database, DatabaseError
from storage.feeds import Feed

AT_ONCE = 8
"""Hosts in flight. Measured: httpx with 50 requests in flight costs three times the CPU a request of 10."""
PARSERS = 2
"""Documents parsed at once, in threads of their own: one that takes long must not keep the outbox from its database."""
LEASE = timedelta(minutes=5)
"""A claimed feed is given to nobody else for so long; a poller that dies gives it back so. A poll takes half a
minute at most, so one whose turn on its host comes later than this is left to be claimed again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A feed that is ours until a moment."""

    feed: Feed
    until: datetime


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
    _reached: int = 0
    _tried: dict[int, int] = field(default_factory=dict)
    _hosts: dict[str, deque[_Claim]] = field(default_factory=dict)
    _parsers: Threads = field(default_factory=lambda: Threads(PARSERS))

    async def tick(self) -> int:
        """Start polling what is due, as far as there is room, without waiting for it; returns how many feeds."""
        started = 0
        while (room := self.flight.room) and (claims := await asyncio.to_thread(self._claim, room)):
            for claim in claims:
                self._line_up(claim)
            started += len(claims)
        return started

    async def sweep(self) -> None:
        """One pass over everything that is due."""
        while await self.tick() or self.flight.busy:
            await self.flight.next_done()

    def _claim(self, room: int) -> list[_Claim]:
        now = self.clock.now()
        with self.database.write() as session:
            return [_Claim(feed, now + LEASE) for feed in feeds.due_feeds(session, now, room, LEASE)]

    def _give_back(self, claims: Iterable[_Claim]) -> None:
        with self.database.write() as session:
            for claim in claims:
                feeds.release_feed(session, claim.feed.id)

    def _line_up(self, claim: _Claim) -> None:
        """Put a feed behind the others of its host: however many there are, they take one place in flight."""
        host = host_of(claim.feed.url)
        if host in self._hosts:
            self._hosts[host].append(claim)
        else:
            self._hosts[host] = deque([claim])
            self.flight.launch(self._poll_host(host))

    async def _poll_host(self, host: str) -> None:
        """Poll the feeds of one host, one after the other."""
        line = self._hosts[host]
        try:
            while line:
                await self._poll(line[0])
                line.popleft()
        except asyncio.CancelledError:
            await asyncio.shield(asyncio.to_thread(self._give_back, list(line)))
            raise
        finally:
            del self._hosts[host]

    async def _poll(self, claim: _Claim) -> None:
        """Poll one feed, if it is still ours."""
        if self.clock.now() >= claim.until:
            return
        try:
            await self._read(claim.feed)
        except DatabaseError as error:
            # Not the feed's fault: nothing is noted, and it is due again when its lease is over.
            log.error("a poll could not be noted", feed=claim.feed.url, why=str(error))

    async def _read(self, feed: Feed) -> None:
        """Fetch a feed and note what came of it."""
        try:
            answer = await fetch_feed(self.client, self._request(feed))
            if isinstance(answer, NotModified) or answer.digest == feed.body_hash:
                await asyncio.to_thread(self._unchanged, feed, answer)
            else:
                now = self.clock.now()
                parsed = await self._parsers.run(self._parse, feed, answer, now)
                await asyncio.to_thread(self._take, feed, answer, parsed, now)
            self._reached += 1
        except UnreachableError as error:
            await asyncio.to_thread(self._failed, feed, str(error), counted=not self._is_cut_off(feed))
        except FeedError as error:
            self._reached += not isinstance(error, RefusedError)
            retry_after = error.retry_after if isinstance(error, StatusError) else None
            await asyncio.to_thread(self._failed, feed, str(error), retry_after=retry_after)
        except DatabaseError:
            raise
        except Exception as error:
            # A fault of ours on one feed's input: the others go on, and this one is told of and tried again.
            log.exception("poll failed", feed=feed.url)
            await asyncio.to_thread(self._failed, feed, f"internal error: {type(error).__name__}: {error}")

    def _is_cut_off(self, feed: Feed) -> bool:
        """Whether nobody at all was reached since this feed was tried last: the fault is our own network's then."""
        before, self._tried[feed.id] = self._tried.get(feed.id), self._reached
        return before == self._reached

    def _request(self, feed: Feed) -> FetchRequest:
        return FetchRequest(
            feed.url, self.clock.now(), feed.etag, feed.last_modified, unconditional=wants_full(self.chance())
        )

    def _parse(self, feed: Feed, body: Body, now: datetime) -> ParsedFeed:
        return parse_feed(
            body.content,
            url=body.url,
            fetched=now,
            source=Source(feed.outlet, feed.owner, feed.side),
            language=feed.language,
            undated="fetched",
            content_type=body.content_type,
        )

    def _take(self, feed: Feed, body: Body, parsed: ParsedFeed, now: datetime) -> None:
        """Ingest the entries of a document; the validators commit with them."""

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

    def _failed(self, feed: Feed, why: str, *, retry_after: timedelta | None = None, counted: bool = True) -> None:
        """Note that a poll failed; it slows the feed if it is `counted`."""
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

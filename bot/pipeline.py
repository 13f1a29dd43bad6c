"""From new articles to wanted alerts, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.grouping import Join, Nothing, Open, group
from bot.growth import grow, open_event
from rules.article import Article
from rules.match import NEWS, Match
from rules.matching import match_article
from rules.rulebook import Rulebook
from storage import articles, events, outbox
from storage.chats import Subscription
from storage.database import BusyError, Database, serialise
from storage.events import Event, StaleEventError

log = structlog.get_logger(__name__)

STALE = timedelta(hours=24)
"""Older entries are stored and matched but alert nobody: a feed that comes back must not flood the chats."""

TRIES = 5
"""How often a batch is taken in when other processes are in its way."""

Audience = Callable[[Session], Sequence[Subscription]]
"""Asks who is to be told, inside the transaction."""


@dataclass(slots=True)
class Pipeline:
    """Owns the one transaction: articles, matches, event revisions and wanted alerts commit together, or not at all.

    `book` may be swapped while the bot runs; a batch sees one book from beginning to end.
    """

    database: Database
    book: Rulebook
    audience: Audience

    def ingest(
        self,
        entries: Sequence[Article],
        *,
        feed: int | None,
        now: datetime,
        backlog: bool,
        alongside: Callable[[Session, int], None] | None = None,
    ) -> None:
        """Take in the entries of one fetch; what is known already is passed over.

        `backlog`: all of it was there before we looked, so nobody is alerted. `alongside` runs in the same
        transaction with the number of new articles (the feed's validators belong there).
        """
        for _ in range(TRIES - 1):
            try:
                self._ingest(entries, feed, now, backlog, alongside)
                return
            except (StaleEventError, BusyError) as error:
                # Another process revised the same event, or PostgreSQL chose us to end a deadlock. Nothing was kept.
                log.info("a batch is taken in once more", why=str(error))
        self._ingest(entries, feed, now, backlog, alongside)

    def _ingest(
        self,
        entries: Sequence[Article],
        feed: int | None,
        now: datetime,
        backlog: bool,
        alongside: Callable[[Session, int], None] | None,
    ) -> None:
        book = self.book
        fresh = [(entry, matched(entry, book)) for entry in self._unknown(entries)]
        new = 0
        with self.database.write() as session:
            serialise(session, {match.rule for _, matches in fresh for match in matches})
            batch = _Batch(session, book, self.audience(session), now)
            for entry, matches in sorted(fresh, key=lambda pair: pair[0].published):
                quiet = backlog or now - entry.published > STALE
                new += batch.take(entry, matches, feed=feed, quiet=quiet)
            if alongside:
                alongside(session, new)

    def _unknown(self, entries: Sequence[Article]) -> list[Article]:
        """Those whose keys nobody has stored; asked before matching, since most entries of a fetch are known."""
        with self.database.read() as session:
            known = articles.known_keys(session, (key for entry in entries for key in entry.keys))
        return [entry for entry in entries if known.isdisjoint(entry.keys)]


def matched(entry: Article, book: Rulebook) -> list[Match]:
    """What the rules find in one entry; nothing when they fail on it, for it must not keep back those beside it."""
    try:
        return match_article(entry, book)
    except Exception:
        log.exception("an entry could not be matched", url=entry.url)
        return []


@dataclass(frozen=True, slots=True)
class _Batch:
    """One transaction's worth of writing."""

    session: Session
    book: Rulebook
    audience: Sequence[Subscription]
    now: datetime

    def take(self, entry: Article, matches: Sequence[Match], *, feed: int | None, quiet: bool) -> bool:
        """Store one article and what follows from it; False when it is known."""
        article = articles.add_article(self.session, entry, feed=feed, fetched=self.now, backlog=quiet)
        if article is None:
            return False
        if matches:
            articles.add_matches(self.session, article, matches)
            event = self._place(article, entry, matches)
            if event is not None and not quiet:
                outbox.want(self.session, event, self.audience, now=self.now)
        return True

    def _place(self, article: int, entry: Article, matches: Sequence[Match]) -> Event | None:
        """Join or open an event; gives the event as it stands now."""
        rules = {match.rule: self.book.rules[match.rule].event for match in matches}
        since = entry.published - max(rule.open_for for rule in rules.values())
        open_now = events.open_events(self.session, rules, since)
        decision = group(entry, matches, open_now, rules)
        news = [match for match in matches if match.stance in NEWS]
        match decision:
            case Join(event, primary, why):
                grown = grow(event, article, entry, news, primary, why)
                return events.revise_event(self.session, grown, article=article, why=why, now=self.now)
            case Open(primary, why):
                begun = open_event(article, entry, news, primary, self.book.rules[primary.rule].title)
                return events.add_event(self.session, begun, article=article, why=why, now=self.now)
            case Nothing():
                return None

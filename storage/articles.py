"""Articles: those that were read, what they are recognised by, and what the rules found in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, select, tuple_
from sqlalchemy.orm import Session

from rules.article import Article, Source
from rules.match import Facts, Match, Span
from storage.database import PAGE, Database, insert, pages
from storage.tables import ARTICLE_KEYS, ARTICLES, EVENT_ARTICLES, MATCHES

LONGEST_KEY = 500
"""Bytes of a key that are stored as they are; a longer one is stored as its hash."""

_CLAUSES = TypeAdapter(tuple[str, ...])
_SPANS = TypeAdapter(tuple[Span, ...])
_FACTS = TypeAdapter(Facts)


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """A stored article with what came of it. `event` is the event that it belongs to, or None.

    `backlog`: it was there before we looked, or came late, and alerted nobody. `fetched` is when it was first seen.
    """

    id: int
    article: Article
    matches: tuple[Match, ...]
    event: int | None
    backlog: bool
    fetched: datetime


def known_keys(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of `keys` that some stored article has."""
    by_stored = {stored_key(key): key for key in keys}
    found: set[str] = set()
    for page in pages(list(by_stored)):
        rows = session.scalars(select(ARTICLE_KEYS.c.key).where(ARTICLE_KEYS.c.key.in_(page)))
        found.update(by_stored[key] for key in rows)
    return found


def add_article(
    session: Session, article: Article, *, feed: int | None, fetched: datetime, backlog: bool
) -> int | None:
    """Store an article under its keys and give its number; None, and nothing stays, when a key is known already."""
    values = {name: getattr(article, name) for name in ("url", "title", "summary", "language", "published", "dated")}
    source = {name: getattr(article.source, name) for name in ("outlet", "owner", "side")}
    statement = insert(session, ARTICLES).returning(ARTICLES.c.id)
    row = values | source | {"feed_id": feed, "fetched": fetched, "backlog": backlog}
    article_id: int = session.execute(statement.values(row)).scalar_one()
    # In one order for everybody: two writers that insert the same keys crosswise would wait for each other.
    keys = sorted({stored_key(key) for key in article.keys})
    if keys:
        new = insert(session, ARTICLE_KEYS).values([{"key": key, "article_id": article_id} for key in keys])
        written = session.scalars(new.on_conflict_do_nothing().returning(ARTICLE_KEYS.c.key)).all()
        if len(written) < len(keys):
            session.execute(delete(ARTICLES).where(ARTICLES.c.id == article_id))
            return None
    return article_id


def add_matches(session: Session, article_id: int, matches: Sequence[Match]) -> None:
    """Store what the rules found in an article."""
    if not matches:
        return
    names = ("rule", "version", "level", "stance", "guard", "in_title")
    rows = [
        {name: getattr(match, name) for name in names}
        | {
            "article_id": article_id,
            "clauses": _CLAUSES.dump_json(match.clauses).decode(),
            "spans": _SPANS.dump_json(match.spans).decode(),
            "facts": _FACTS.dump_json(match.facts).decode(),
        }
        for match in matches
    ]
    session.execute(insert(session, MATCHES), rows)


def list_articles(database: Database, *, limit: int | None = None) -> Iterator[ArticleRecord]:
    """Articles in the order published, a page at a time. No transaction stands open while the caller uses one."""
    place = tuple_(ARTICLES.c.published, ARTICLES.c.id)
    query = select(ARTICLES).order_by(ARTICLES.c.published, ARTICLES.c.id)
    page, left = query, limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        with database.read() as session:
            rows = session.execute(page.limit(size)).all()
            records = _records(session, rows)
        yield from records
        if len(rows) < size:
            return
        page = query.where(place > (rows[-1].published, rows[-1].id))
        left = None if left is None else left - len(rows)


def stored_key(key: str) -> str:
    """The form in which a key is stored: a hostile one may be longer than an index takes."""
    raw = key.encode("utf-8", "surrogatepass")
    return key if len(raw) <= LONGEST_KEY else f"sha256:{sha256(raw).hexdigest()}"


def _records(session: Session, rows: Sequence[Row[Any]]) -> list[ArticleRecord]:
    ids = [row.id for row in rows]
    keys: defaultdict[int, list[str]] = defaultdict(list)
    for key in session.execute(select(ARTICLE_KEYS).where(ARTICLE_KEYS.c.article_id.in_(ids))):
        keys[key.article_id].append(key.key)
    matches: defaultdict[int, list[Match]] = defaultdict(list)
    for match in session.execute(select(MATCHES).where(MATCHES.c.article_id.in_(ids)).order_by(MATCHES.c.id)):
        matches[match.article_id].append(_match(match))
    joined = select(EVENT_ARTICLES.c.article_id, EVENT_ARTICLES.c.event_id)
    joined = joined.where(EVENT_ARTICLES.c.article_id.in_(ids)).order_by(EVENT_ARTICLES.c.event_id.desc())
    events = {row.article_id: row.event_id for row in session.execute(joined)}
    return [
        ArticleRecord(
            row.id,
            _article(row, tuple(sorted(keys[row.id]))),
            tuple(matches[row.id]),
            events.get(row.id),
            row.backlog,
            row.fetched,
        )
        for row in rows
    ]


def _article(row: Row[Any], keys: tuple[str, ...]) -> Article:
    source = Source(row.outlet, row.owner, row.side)
    return Article(row.url, row.title, row.summary, row.language, row.published, source, row.dated, keys)


def _match(row: Row[Any]) -> Match:
    return Match(
        rule=row.rule,
        version=row.version,
        level=row.level,
        stance=row.stance,
        clauses=_CLAUSES.validate_json(row.clauses),
        spans=_SPANS.validate_json(row.spans),
        facts=_FACTS.validate_json(row.facts),
        in_title=row.in_title,
        guard=row.guard,
    )

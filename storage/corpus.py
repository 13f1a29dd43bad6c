"""The stored articles as a corpus: read once from end to end, in the order published, to try rules on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, distinct, func, select, true, tuple_
from sqlalchemy.orm import Session

from rules.article import Article, Source
from storage.database import PAGE, Database
from storage.tables import ARTICLES

_COLUMNS = tuple(
    ARTICLES.c[name]
    for name in (
        "id", "url", "title", "summary", "language", "published", "dated", "outlet", "owner", "side", "backlog"
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CorpusArticle:
    """A stored article as it was read, without its keys. `backlog`: it alerted nobody, whatever it says."""

    id: int
    article: Article
    backlog: bool


@dataclass(frozen=True, slots=True)
class CorpusSize:
    """How much there is; `first` and `last` are when the oldest and the newest article were published."""

    articles: int
    outlets: int
    backlog: int
    first: datetime | None
    last: datetime | None


def measure_corpus(session: Session, since: datetime | None = None) -> CorpusSize:
    """Count the articles published at `since` or later (None: all)."""
    published, backlog = ARTICLES.c.published, func.count().filter(ARTICLES.c.backlog)
    counted = select(func.count(), func.count(distinct(ARTICLES.c.outlet)), backlog)
    row = session.execute(counted.add_columns(func.min(published), func.max(published)).where(_since(since))).one()
    return CorpusSize(*row)


def read_corpus(
    database: Database, since: datetime | None = None, *, page: int = PAGE
) -> Iterator[list[CorpusArticle]]:
    """The articles published at `since` or later (None: all), oldest first, `page` at a time.

    No transaction stands open while the caller uses a page.
    """
    place = tuple_(ARTICLES.c.published, ARTICLES.c.id)
    query = select(*_COLUMNS).where(_since(since)).order_by(ARTICLES.c.published, ARTICLES.c.id).limit(page)
    following = query
    while True:
        with database.read() as session:
            rows = session.execute(following).all()
        if rows:
            yield [_article(row) for row in rows]
        if len(rows) < page:
            return
        following = query.where(place > (rows[-1].published, rows[-1].id))


def _since(since: datetime | None) -> ColumnElement[bool]:
    return true() if since is None else ARTICLES.c.published >= since


def _article(row: Row[Any]) -> CorpusArticle:
    source = Source(row.outlet, row.owner, row.side)
    article = Article(row.url, row.title, row.summary, row.language, row.published, source, row.dated)
    return CorpusArticle(row.id, article, row.backlog)

"""One stored article, by its address."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.article import Article, Source
from storage.tables import ARTICLES


def article_at(session: Session, url: str) -> Article | None:
    """The article of that address, the newest when an outlet has used it twice; None when there is none."""
    newest = select(ARTICLES).where(ARTICLES.c.url == url).order_by(ARTICLES.c.id.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    if row is None:
        return None
    source = Source(row.outlet, row.owner, row.side)
    return Article(row.url, row.title, row.summary, row.language, row.published, source, row.dated)

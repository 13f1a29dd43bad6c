"""Where each rule has found something, and where nothing was ever found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import distinct, exists, func, select
from sqlalchemy.orm import Session

from rules.match import NEWS
from storage.tables import ARTICLES, MATCHES


@dataclass(frozen=True, slots=True)
class Hits:
    """Articles of one outlet and language in which a rule found news, as was decided when they came in.

    `last` is when the newest of them was published.
    """

    rule: str
    language: str
    side: str
    outlet: str
    articles: int
    last: datetime


@dataclass(frozen=True, slots=True)
class SilentOutlet:
    """An outlet in which no rule ever found news, with its articles; `last` is when the newest was published."""

    outlet: str
    side: str
    articles: int
    last: datetime


def count_hits(session: Session) -> list[Hits]:
    """Every rule, language and outlet with a hit; rules that are gone are among them."""
    columns = (MATCHES.c.rule, ARTICLES.c.language, ARTICLES.c.side, ARTICLES.c.outlet)
    found = select(*columns, func.count(distinct(ARTICLES.c.id)), func.max(ARTICLES.c.published))
    found = found.join_from(MATCHES, ARTICLES, MATCHES.c.article_id == ARTICLES.c.id)
    found = found.where(MATCHES.c.stance.in_(sorted(NEWS))).group_by(*columns).order_by(*columns)
    return [Hits(*row) for row in session.execute(found)]


def silent_outlets(session: Session) -> list[SilentOutlet]:
    """The outlets without a hit of any rule, those with the most articles first."""
    news = MATCHES.c.stance.in_(sorted(NEWS))
    told = exists().where(MATCHES.c.article_id == ARTICLES.c.id, news)
    speaking = select(ARTICLES.c.outlet).where(told).distinct()
    articles = func.count()
    columns = (ARTICLES.c.outlet, func.max(ARTICLES.c.side), articles, func.max(ARTICLES.c.published))
    silent = select(*columns).where(ARTICLES.c.outlet.not_in(speaking)).group_by(ARTICLES.c.outlet)
    return [SilentOutlet(*row) for row in session.execute(silent.order_by(articles.desc(), ARTICLES.c.outlet))]


def published_after(session: Session, newest: int) -> datetime | None:
    """The moment from which the `newest` articles were published; None when there are not so many."""
    moments = select(ARTICLES.c.published).order_by(ARTICLES.c.published.desc(), ARTICLES.c.id.desc())
    return session.scalar(moments.offset(newest - 1).limit(1))

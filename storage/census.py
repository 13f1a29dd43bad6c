"""How much there is: the figures that a run closes with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from rules.match import NEWS
from storage.tables import ARTICLES, EVENTS, MATCHES


@dataclass(frozen=True, slots=True)
class Census:
    """Counts over the whole database.

    `news` are articles that report something on the list, `guarded` those in which a rule matched but a guard says
    that they do not, `backlog` those that alerted nobody because they were there before or came late.
    """

    articles: int
    outlets: int
    languages: int
    news: int
    guarded: int
    backlog: int
    events: int


def take_census(session: Session) -> Census:
    """Count."""
    seen = select(
        func.count(),
        func.count(distinct(ARTICLES.c.outlet)),
        func.count(distinct(case((ARTICLES.c.language != "", ARTICLES.c.language)))),
        func.count(case((ARTICLES.c.backlog, 1))),
    )
    articles, outlets, languages, backlog = session.execute(seen).one()
    reporting = case((MATCHES.c.stance.in_(sorted(NEWS)), MATCHES.c.article_id))
    shown = select(func.count(distinct(MATCHES.c.article_id)), func.count(distinct(reporting)))
    matched, news = session.execute(shown).one()
    events = session.scalar(select(func.count()).select_from(EVENTS)) or 0
    return Census(articles, outlets, languages, news, matched - news, backlog, events)

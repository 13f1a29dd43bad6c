"""Things to store, with every field filled; a test changes the ones it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from rules.article import Article, Source
from rules.match import Facts, Match, Span
from rules.places import Place
from storage.articles import add_article
from storage.chats import Address, Subscription, subscribe
from storage.database import Database
from storage.events import Event, EventSource, add_event
from storage.outbox import Alert, claim_due

NOW = datetime(2021, 12, 4, 15, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
GROUP = Address("telegram", -1001234567890)
"""Telegram numbers its supergroups so: far beyond 32 bits."""

YEREVAN = Place("am-yerevan", "Yerevan", "AM", "Yerevan City", 40.18, 44.51, "exact", 5.0)

ARTICLE = Article(
    url="https://kura.example/freed",
    title="Ten servicemen handed over",
    summary="Baku says it has handed over ten servicemen.",
    language="en",
    published=NOW,
    source=Source("Kura Wire", "Kura Media", "az"),
    keys=("guid:1", "https://kura.example/freed"),
)

MATCH = Match(
    rule="pow-release",
    version="3f2a",
    level="high",
    stance="report",
    clauses=("handover", "region"),
    spans=(Span("title", 4, 14, "servicem*"), Span("summary", 17, 28, "hand~ over")),
    facts=Facts({"count": 10}, {"by": ("Azerbaijan",)}, (YEREVAN,)),
    in_title=True,
    guard="claim",
)

SOURCE = EventSource(
    article=1,
    url=ARTICLE.url,
    title=ARTICLE.title,
    outlet="Kura Wire",
    owner="Kura Media",
    side="az",
    language="en",
    published=NOW,
    stance="report",
    quote=ARTICLE.summary,
    bold=((17, 28),),
    why="opened the event",
)

EVENT = Event(
    id=0,
    revision=0,
    indicator="pow-release",
    indicators=("pow-release", "pow-held"),
    title="Ten servicemen handed over",
    level="high",
    state="single",
    phase="done",
    first_seen=NOW,
    last_seen=NOW,
    happened=None,
    place=YEREVAN,
    facts={"count": 10, "by": "Azerbaijan", "places": ("Yerevan", "Sev Lake")},
    sources=(SOURCE,),
    rule="pow-release@3f2a",
    clauses=("handover", "region"),
    label="Captives released",
)


def stored_article(session: Session, number: int = 1) -> int:
    """Store an article of its own address and keys; gives its number."""
    url = f"https://kura.example/{number}"
    article = replace(ARTICLE, url=url, keys=(f"guid:{number}", url))
    added = add_article(session, article, feed=None, fetched=NOW, backlog=False)
    assert added is not None
    return added


def stored_event(session: Session, event: Event = EVENT) -> Event:
    """Store an event that no article stands behind."""
    return add_event(session, event, article=None, why="opened", now=NOW)


def subscribed(session: Session, address: Address = GROUP, query: str = "") -> Subscription:
    """Subscribe an address; the empty query asks for everything."""
    return subscribe(session, address, query, title="a chat", now=NOW)


def claimed(database: Database, at: datetime = NOW) -> list[Alert]:
    """Claim whatever is due, for a minute, in a transaction of its own."""
    with database.write() as session:
        return claim_due(session, at, 100, MINUTE)

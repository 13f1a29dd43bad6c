"""The tables. Each is declared here once; the functions beside speak to them through the `Table` objects below.

Numbers that come from outside (Telegram's ids) need 64 bits, moments are `UtcDateTime`, closed sets of words are
text with a CHECK. JSON is kept as text: it is read whole, by the program, and must be the same on both databases.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BigId, PlainText, UtcDateTime

DATED = ("stated", "feed", "fetched")
STANCES = ("report", "claim", "denial", "question", "hypothetical", "anniversary", "recap", "opinion", "none")
LEVELS = ("informational", "low", "medium", "high", "critical")
STATES = ("single", "reported", "confirmed", "denied")
PHASES = ("planned", "held", "cancelled", "announced", "done", "")
ALERT_STATES = ("open", "gave-up", "dropped")
NOTICE_STATES = ("open", "gave-up")
RULE_STATUSES = ("experimental", "test", "stable", "deprecated")
WAITING = "wanted > sent AND state = 'open'"
UNTOLD = "wanted <> told AND state = 'open'"
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that `column` holds one of `words`."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Row(SQLModel):
    """What the tables share."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class FeedRow(Row, table=True):
    """One URL that is polled. `listed_url` is the catalogue's; `url` where permanent redirects have led."""

    __tablename__ = "feeds"
    __table_args__ = (Index("ix_feeds_due", "next_due", sqlite_where=text("active"), postgresql_where=text("active")),)

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    listed_url: str = Field(sa_type=PlainText, unique=True)
    url: str = Field(sa_type=PlainText, unique=True)
    outlet: str = Field(sa_type=PlainText)
    owner: str = Field(sa_type=PlainText)
    side: str = Field(sa_type=PlainText)
    kind: str = Field(sa_type=PlainText)
    language: str = Field(sa_type=PlainText)
    active: bool
    note: str = Field(sa_type=PlainText)
    etag: str = Field(sa_type=PlainText)
    last_modified: str = Field(sa_type=PlainText)
    body_hash: str = Field(sa_type=PlainText)
    first_polled: datetime | None = Field(sa_type=UtcDateTime)
    last_success: datetime | None = Field(sa_type=UtcDateTime)
    last_new_entry: datetime | None = Field(sa_type=UtcDateTime)
    next_due: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(sa_type=UtcDateTime)
    failures: int
    error: str = Field(sa_type=PlainText)
    interval: int


class ArticleRow(Row, table=True):
    """One entry of a feed, as it was first seen."""

    __tablename__ = "articles"
    __table_args__ = (
        one_of("dated", DATED),
        Index("ix_articles_published_id", "published", "id"),
        # A hash index: an address may be longer than a page of a B-tree takes.
        Index("ix_articles_url", "url", postgresql_using="hash"),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    feed_id: int | None = Field(sa_type=BigId, sa_column_args=[ForeignKey("feeds.id", ondelete="SET NULL")])
    url: str = Field(sa_type=PlainText)
    title: str = Field(sa_type=PlainText)
    summary: str = Field(sa_type=PlainText)
    language: str = Field(sa_type=PlainText)
    published: datetime = Field(sa_type=UtcDateTime)
    dated: str = Field(sa_type=PlainText)
    outlet: str = Field(sa_type=PlainText)
    owner: str = Field(sa_type=PlainText)
    side: str = Field(sa_type=PlainText)
    fetched: datetime = Field(sa_type=UtcDateTime)
    backlog: bool


class ArticleKeyRow(Row, table=True):
    """What an entry is recognised by; an entry is known when any of its keys is here."""

    __tablename__ = "article_keys"

    key: str = Field(sa_type=PlainText, primary_key=True)
    article_id: int = Field(sa_type=BigId, index=True, sa_column_args=[ForeignKey("articles.id", ondelete="CASCADE")])


class MatchRow(Row, table=True):
    """One rule on one article, with the reasons as JSON."""

    __tablename__ = "matches"
    __table_args__ = (one_of("stance", STANCES), one_of("level", LEVELS))

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    article_id: int = Field(sa_type=BigId, index=True, sa_column_args=[ForeignKey("articles.id", ondelete="CASCADE")])
    rule: str = Field(sa_type=PlainText, index=True)
    version: str = Field(sa_type=PlainText)
    level: str = Field(sa_type=PlainText)
    stance: str = Field(sa_type=PlainText)
    guard: str = Field(sa_type=PlainText)
    in_title: bool
    clauses: str = Field(sa_type=PlainText)
    spans: str = Field(sa_type=PlainText)
    facts: str = Field(sa_type=PlainText)


class EventRow(Row, table=True):
    """What an event is found by, at its newest revision; its whole state lies in `event_revisions`."""

    __tablename__ = "events"
    __table_args__ = (
        one_of("level", LEVELS),
        one_of("state", STATES),
        one_of("phase", PHASES),
        Index("ix_events_first_seen_id", "first_seen", "id"),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    revision: int
    indicator: str = Field(sa_type=PlainText)
    title: str = Field(sa_type=PlainText)
    level: str = Field(sa_type=PlainText)
    level_rank: int
    state: str = Field(sa_type=PlainText)
    phase: str = Field(sa_type=PlainText)
    owners: int
    first_seen: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime, index=True)
    happened: datetime | None = Field(sa_type=UtcDateTime)
    places: str = Field(sa_type=PlainText)
    words: str = Field(sa_type=PlainText)


class EventIndicatorRow(Row, table=True):
    """An indicator that an event shows, the primary one among them."""

    __tablename__ = "event_indicators"

    indicator: str = Field(sa_type=PlainText, primary_key=True)
    event_id: int = Field(
        sa_type=BigId, primary_key=True, index=True, sa_column_args=[ForeignKey("events.id", ondelete="CASCADE")]
    )


class EventRevisionRow(Row, table=True):
    """The whole state of an event after a change, as JSON. Append-only: triggers refuse to change or remove one."""

    __tablename__ = "event_revisions"

    event_id: int = Field(sa_type=BigId, primary_key=True, sa_column_args=[ForeignKey("events.id")])
    revision: int = Field(primary_key=True)
    article_id: int | None = Field(sa_type=BigId, sa_column_args=[ForeignKey("articles.id")])
    why: str = Field(sa_type=PlainText)
    at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(sa_type=PlainText)


class EventArticleRow(Row, table=True):
    """An article that speaks of an event, and why it was taken to."""

    __tablename__ = "event_articles"

    event_id: int = Field(sa_type=BigId, primary_key=True, sa_column_args=[ForeignKey("events.id", ondelete="CASCADE")])
    article_id: int = Field(
        sa_type=BigId, primary_key=True, index=True, sa_column_args=[ForeignKey("articles.id", ondelete="CASCADE")]
    )
    revision: int
    why: str = Field(sa_type=PlainText)
    at: datetime = Field(sa_type=UtcDateTime)


class ChatRow(Row, table=True):
    """A chat of a sink, without its topics. `chat` is the sink's own number, a Telegram id for instance."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("sink", "chat"),)

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    sink: str = Field(sa_type=PlainText)
    chat: int = Field(sa_type=BigId)
    title: str = Field(sa_type=PlainText)
    active: bool
    why: str = Field(sa_type=PlainText)
    paused_at: datetime | None = Field(sa_type=UtcDateTime)
    wait_until: datetime | None = Field(sa_type=UtcDateTime)
    created: datetime = Field(sa_type=UtcDateTime)


class SubscriptionRow(Row, table=True):
    """A saved query of a chat or one of its topics. `key` is the folded query: the same question is kept once."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("chat_id", "thread", "key"),)

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    chat_id: int = Field(sa_type=BigId, sa_column_args=[ForeignKey("chats.id", ondelete="CASCADE")])
    thread: int = Field(sa_type=BigId)
    query: str = Field(sa_type=PlainText)
    key: str = Field(sa_type=PlainText)
    created: datetime = Field(sa_type=UtcDateTime)


class AlertRow(Row, table=True):
    """One event told to one address. It waits while `wanted` is ahead of `sent`; `wanted_at` says since when."""

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("event_id", "chat_id", "thread"),
        one_of("state", ALERT_STATES),
        Index("ix_alerts_address", "chat_id", "thread"),
        Index("ix_alerts_waiting", "wanted_at", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    )

    id: int | None = Field(default=None, sa_type=BigId, primary_key=True)
    chat_id: int = Field(sa_type=BigId, sa_column_args=[ForeignKey("chats.id", ondelete="CASCADE")])
    thread: int = Field(sa_type=BigId)
    event_id: int = Field(sa_type=BigId, sa_column_args=[ForeignKey("events.id", ondelete="CASCADE")])
    query: str = Field(sa_type=PlainText)
    message: int | None = Field(sa_type=BigId)
    wanted: int
    sent: int
    wanted_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(sa_type=UtcDateTime)
    retry_at: datetime = Field(sa_type=UtcDateTime)
    leased_until: datetime | None = Field(sa_type=UtcDateTime)
    attempts: int
    state: str = Field(sa_type=PlainText)
    reason: str = Field(sa_type=PlainText)


class NoticeRow(Row, table=True):
    """What an owner should know about one matter. It waits while `wanted` is not what was `told`, from `due` on.

    Both are short hashes of what is told, empty for nothing; `reader` is a Telegram user id.
    """

    __tablename__ = "notices"
    __table_args__ = (
        one_of("state", NOTICE_STATES),
        Index("ix_notices_waiting", "due", sqlite_where=text(UNTOLD), postgresql_where=text(UNTOLD)),
    )

    key: str = Field(sa_type=PlainText, primary_key=True)
    reader: int = Field(sa_type=BigId, primary_key=True)
    text: str = Field(sa_type=PlainText)
    wanted: str = Field(sa_type=PlainText)
    told: str = Field(sa_type=PlainText)
    wanted_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(sa_type=UtcDateTime)
    due: datetime = Field(sa_type=UtcDateTime)
    attempts: int
    state: str = Field(sa_type=PlainText)
    reason: str = Field(sa_type=PlainText)


class RuleVersionRow(Row, table=True):
    """A version of a rule, as it stood when it first came into force. `lists`: list name -> digest, as JSON."""

    __tablename__ = "rule_versions"
    __table_args__ = (one_of("level", LEVELS), one_of("status", RULE_STATUSES))

    rule: str = Field(sa_type=PlainText, primary_key=True)
    version: str = Field(sa_type=PlainText, primary_key=True)
    title: str = Field(sa_type=PlainText)
    level: str = Field(sa_type=PlainText)
    status: str = Field(sa_type=PlainText)
    file: str = Field(sa_type=PlainText)
    text: str = Field(sa_type=PlainText)
    lists: str = Field(sa_type=PlainText)
    since: datetime = Field(sa_type=UtcDateTime)


class ListTextRow(Row, table=True):
    """The text of a shared list or of the gazetteer that some version of a rule used, by its digest."""

    __tablename__ = "list_texts"

    digest: str = Field(sa_type=PlainText, primary_key=True)
    text: str = Field(sa_type=PlainText)


def _table(name: str) -> Table:
    return Row.metadata.tables[name]


FEEDS = _table("feeds")
ARTICLES = _table("articles")
ARTICLE_KEYS = _table("article_keys")
MATCHES = _table("matches")
EVENTS = _table("events")
EVENT_INDICATORS = _table("event_indicators")
EVENT_REVISIONS = _table("event_revisions")
EVENT_ARTICLES = _table("event_articles")
CHATS = _table("chats")
SUBSCRIPTIONS = _table("subscriptions")
ALERTS = _table("alerts")
NOTICES = _table("notices")
RULE_VERSIONS = _table("rule_versions")
LIST_TEXTS = _table("list_texts")

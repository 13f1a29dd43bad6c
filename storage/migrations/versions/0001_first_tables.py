"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_feeds()
    create_articles()
    create_article_keys()
    create_matches()
    create_events()
    create_event_indicators()
    create_event_revisions()
    create_event_articles()
    create_chats()
    create_subscriptions()
    create_alerts()
    keep_revisions()


def downgrade() -> None:
    for table in (
        "alerts",
        "subscriptions",
        "chats",
        "event_articles",
        "event_revisions",
        "event_indicators",
        "events",
        "matches",
        "article_keys",
        "articles",
        "feeds",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_event_revisions")


def create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", ID, nullable=False),
        sa.Column("listed_url", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("first_polled", AT, nullable=True),
        sa.Column("last_success", AT, nullable=True),
        sa.Column("last_new_entry", AT, nullable=True),
        sa.Column("next_due", AT, nullable=False),
        sa.Column("leased_until", AT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("listed_url", name=op.f("uq_feeds_listed_url")),
        sa.UniqueConstraint("url", name=op.f("uq_feeds_url")),
    )
    op.create_index(
        "ix_feeds_due",
        "feeds",
        ["next_due"],
        unique=False,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", ID, nullable=False),
        sa.Column("feed_id", ID, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published", AT, nullable=False),
        sa.Column("dated", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("fetched", AT, nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.CheckConstraint("dated IN ('stated', 'feed', 'fetched')", name=op.f("ck_articles_dated")),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_articles_feed_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_published_id", "articles", ["published", "id"], unique=False)
    op.create_index("ix_articles_url", "articles", ["url"], unique=False, postgresql_using="hash")


def create_article_keys() -> None:
    op.create_table(
        "article_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_keys_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article_keys")),
    )
    op.create_index(op.f("ix_article_keys_article_id"), "article_keys", ["article_id"], unique=False)


def create_matches() -> None:
    op.create_table(
        "matches",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("guard", sa.Text(), nullable=False),
        sa.Column("in_title", sa.Boolean(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "level IN ('informational', 'low', 'medium', 'high', 'critical')", name=op.f("ck_matches_level")
        ),
        sa.CheckConstraint(
            "stance IN ('report', 'claim', 'denial', 'question', 'hypothetical', 'anniversary', "
            "'recap', 'opinion', 'none')",
            name=op.f("ck_matches_stance"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_matches_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
    )
    op.create_index(op.f("ix_matches_article_id"), "matches", ["article_id"], unique=False)
    op.create_index(op.f("ix_matches_rule"), "matches", ["rule"], unique=False)


def create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("level_rank", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("owners", sa.Integer(), nullable=False),
        sa.Column("first_seen", AT, nullable=False),
        sa.Column("last_seen", AT, nullable=False),
        sa.Column("happened", AT, nullable=True),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "level IN ('informational', 'low', 'medium', 'high', 'critical')", name=op.f("ck_events_level")
        ),
        sa.CheckConstraint(
            "phase IN ('planned', 'held', 'cancelled', 'announced', 'done', '')", name=op.f("ck_events_phase")
        ),
        sa.CheckConstraint("state IN ('single', 'reported', 'confirmed', 'denied')", name=op.f("ck_events_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_first_seen_id", "events", ["first_seen", "id"], unique=False)
    op.create_index(op.f("ix_events_last_seen"), "events", ["last_seen"], unique=False)


def create_event_indicators() -> None:
    op.create_table(
        "event_indicators",
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_indicators_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("indicator", "event_id", name=op.f("pk_event_indicators")),
    )
    op.create_index(op.f("ix_event_indicators_event_id"), "event_indicators", ["event_id"], unique=False)


def create_event_revisions() -> None:
    op.create_table(
        "event_revisions",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_event_revisions_article_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_revisions_event_id")),
        sa.PrimaryKeyConstraint("event_id", "revision", name=op.f("pk_event_revisions")),
    )


def create_event_articles() -> None:
    op.create_table(
        "event_articles",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_event_articles_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_articles_event_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "article_id", name=op.f("pk_event_articles")),
    )
    op.create_index(op.f("ix_event_articles_article_id"), "event_articles", ["article_id"], unique=False)


def create_chats() -> None:
    op.create_table(
        "chats",
        sa.Column("id", ID, nullable=False),
        sa.Column("sink", sa.Text(), nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("paused_at", AT, nullable=True),
        sa.Column("wait_until", AT, nullable=True),
        sa.Column("created", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("sink", "chat", name=op.f("uq_chats_sink_chat")),
    )


def create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created", AT, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_subscriptions_chat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("chat_id", "thread", "key", name=op.f("uq_subscriptions_chat_id_thread_key")),
    )


def create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("thread", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("message", ID, nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("wanted_at", AT, nullable=False),
        sa.Column("sent_at", AT, nullable=True),
        sa.Column("retry_at", AT, nullable=False),
        sa.Column("leased_until", AT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'gave-up', 'dropped')", name=op.f("ck_alerts_state")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_alerts_chat_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_alerts_event_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("event_id", "chat_id", "thread", name=op.f("uq_alerts_event_id_chat_id_thread")),
    )
    op.create_index("ix_alerts_address", "alerts", ["chat_id", "thread"], unique=False)
    op.create_index(
        "ix_alerts_waiting",
        "alerts",
        ["wanted_at"],
        unique=False,
        sqlite_where=sa.text("wanted > sent AND state = 'open'"),
        postgresql_where=sa.text("wanted > sent AND state = 'open'"),
    )


def keep_revisions() -> None:
    """Let the databases themselves refuse to change or remove a revision."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION keep_event_revisions() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a revision is never changed or removed'; END $$"
        )
        op.execute(
            "CREATE TRIGGER keep_event_revisions BEFORE UPDATE OR DELETE ON event_revisions "
            "FOR EACH ROW EXECUTE FUNCTION keep_event_revisions()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER keep_event_revisions_{change.lower()} BEFORE {change} ON event_revisions "
            "BEGIN SELECT RAISE(ABORT, 'a revision is never changed or removed'); END"
        )

"""The versions of rules as they stood, and what an owner should know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_rule_versions()
    create_list_texts()
    create_notices()


def downgrade() -> None:
    for table in ("notices", "list_texts", "rule_versions"):
        op.drop_table(table)


def create_rule_versions() -> None:
    op.create_table(
        "rule_versions",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lists", sa.Text(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.CheckConstraint(
            "level IN ('informational', 'low', 'medium', 'high', 'critical')", name=op.f("ck_rule_versions_level")
        ),
        sa.CheckConstraint(
            "status IN ('experimental', 'test', 'stable', 'deprecated')", name=op.f("ck_rule_versions_status")
        ),
        sa.PrimaryKeyConstraint("rule", "version", name=op.f("pk_rule_versions")),
    )


def create_list_texts() -> None:
    op.create_table(
        "list_texts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_list_texts")),
    )


def create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reader", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("wanted_at", AT, nullable=False),
        sa.Column("settled_at", AT, nullable=True),
        sa.Column("due", AT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'gave-up')", name=op.f("ck_notices_state")),
        sa.PrimaryKeyConstraint("key", "reader", name=op.f("pk_notices")),
    )
    op.create_index(
        "ix_notices_waiting",
        "notices",
        ["due"],
        unique=False,
        sqlite_where=sa.text("wanted <> told AND state = 'open'"),
        postgresql_where=sa.text("wanted <> told AND state = 'open'"),
    )

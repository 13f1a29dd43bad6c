"""Alembic's entry: run the migrations on the connection that `storage.migrating` hands in."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.columns import PlainText, UtcDateTime
from storage.tables import Row


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """How a drafted migration writes our own types: as what they are in the database, which never changes."""
    if kind == "type" and isinstance(item, PlainText):
        return "sa.Text()"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

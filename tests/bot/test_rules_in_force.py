"""Rules come into force whatever the database says; what it could not take down is made up for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app import console_alone, on_console
from bot.clock import ReplayClock
from bot.console import Transcript
from bot.desk import StorageDesk
from bot.pipeline import Pipeline
from bot.rulebooks import RuleShelf
from bot.rules_in_force import Rules
from storage.database import Database, open_database
from storage.rulebooks import list_versions
from tests.builders import NOON


@pytest.fixture
def own(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database whose tables a test may change."""
    (tmp_path / "own.db").write_bytes(sqlite_template.read_bytes())
    database = open_database(str(tmp_path / "own.db"))
    yield database
    database.close()


def rename(database: Database, table: str, to: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {to}"))


async def test_rules_are_in_force_though_the_database_fails_and_are_written_down_later(
    own: Database, tmp_path: Path
) -> None:
    shelf, clock = RuleShelf.open([], tmp_path / "kept"), ReplayClock(NOON)
    pipeline = Pipeline(own, shelf.book, console_alone)
    rules = Rules(shelf, pipeline, StorageDesk(own, clock), clock)
    rename(own, "rule_versions", "elsewhere")
    with capture_logs() as logs:
        await asyncio.to_thread(rules.apply)
    assert "could not be written down, the next look tries again" in logs[0]["event"]
    assert "summit" in rules.desk.indicators
    rename(own, "elsewhere", "rule_versions")
    await rules.look()
    with own.read() as session:
        assert "summit" in {each.rule for each in list_versions(session)}
    assert not rules.unwritten


def test_a_replay_and_the_demo_keep_the_versions_of_their_rules(database: Database, tmp_path: Path) -> None:
    book = RuleShelf.open([], tmp_path / "kept").book
    on_console(database, book, Transcript(), ReplayClock(NOON))
    with database.read() as session:
        kept = {(each.rule, each.version): each.since for each in list_versions(session)}
    assert {(rule.id, rule.version) for rule in book.rules.values()} <= kept.keys()
    assert set(kept.values()) == {NOON}

"""The tables: one tree of migrations, the same result on both databases, and a way back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from rules.article import Dated
from rules.match import Stance
from storage import events, tables
from storage.database import Database, DatabaseError, newest_revision, open_database
from storage.migrating import config_for, downgrade, draft


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    database = open_database(empty_database_url)
    yield database
    database.close()


def checks(connection: Connection) -> dict[str, list[str]]:
    looked = inspect(connection)
    return {
        table: sorted(str(check["name"]) for check in looked.get_check_constraints(table))
        for table in tables.Row.metadata.tables
    }


def test_the_migrated_tables_are_those_that_the_program_declares(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, tables.Row.metadata) == []


def test_the_migrated_checks_are_those_that_the_program_declares(database: Database, empty: Database) -> None:
    with empty.engine.begin() as connection:
        tables.Row.metadata.create_all(connection)
        declared = checks(connection)
    with database.engine.connect() as connection:
        assert checks(connection) == declared
    assert declared["events"] == ["ck_events_level", "ck_events_phase", "ck_events_state"]


def test_the_words_that_columns_admit_are_those_of_the_types() -> None:
    assert get_args(Dated) == tables.DATED
    assert get_args(Stance) == tables.STANCES
    assert get_args(events.State) == tables.STATES
    assert get_args(events.Phase) == tables.PHASES
    assert events.LEVELS == tables.LEVELS


def test_the_way_back_leaves_nothing(empty: Database) -> None:
    empty.upgrade()
    downgrade(empty.engine, "base")
    with empty.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        if empty.dialect == "postgresql":
            assert connection.scalar(text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'keep_event%'")) == 0
    empty.upgrade()
    assert empty.revision() == newest_revision()


def test_an_empty_database_gets_its_tables_and_a_second_upgrade_changes_nothing(empty: Database) -> None:
    assert empty.revision() == ""
    empty.upgrade()
    empty.upgrade()
    assert empty.revision() == newest_revision()


def test_processes_that_start_at_once_share_one_upgrade(empty_database_url: str) -> None:
    databases = [open_database(empty_database_url) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(Database.upgrade, databases))
    assert {database.revision() for database in databases} == {newest_revision()}
    for database in databases:
        database.close()


def test_tables_of_a_newer_program_are_left_alone(empty: Database) -> None:
    empty.upgrade()
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError, match=r"made by a newer borderwatch .* update the program"):
        empty.upgrade()


def test_the_newest_migration_is_found_without_alembic(database: Database) -> None:
    with database.engine.connect() as connection:
        script = ScriptDirectory.from_config(config_for(connection))
    assert script.get_heads() == [newest_revision()]


def test_a_database_that_is_up_to_date_never_loads_alembic(database: Database, database_url: str) -> None:
    program = (
        "import sys, storage.outbox, storage.articles, storage.feeds\n"
        "from storage.database import open_database\n"
        "open_database(sys.argv[1]).upgrade()\n"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, database_url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_next_migration_is_drafted_from_what_has_changed(empty: Database, tmp_path: Path) -> None:
    empty.upgrade()
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE chats DROP COLUMN wait_until"))
    drafted = draft(empty.engine, "Let chats wait", tmp_path)
    assert drafted.name == f"{int(newest_revision()) + 1:04}_let_chats_wait.py"
    assert "sa.Column('wait_until', sa.DateTime(timezone=True), nullable=True)" in drafted.read_text()
    assert f"down_revision = {newest_revision()!r}" in drafted.read_text()

"""Running the migrations: one tree for SQLite and PostgreSQL, driven from here, without an alembic.ini."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, select
from sqlalchemy.engine import Connection

from storage.database import VERSIONS, newest_revision

MIGRATIONS = VERSIONS.parent
LOCK = 0x626F72646572
"""The advisory lock that lets one process at a time migrate on PostgreSQL ("border")."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the migrations up to `to`, all in one transaction; a second process waits and finds the work done."""
    _migrate(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str) -> None:
    """Undo the migrations after `to`; `base` removes everything."""
    _migrate(engine, lambda config: command.downgrade(config, to))


def draft(engine: Engine, what: str, folder: Path = VERSIONS) -> Path:
    """Write the next migration from the difference between the tables and the program's; read it before it is run."""
    number = f"{int(newest_revision()) + 1:04}"
    with engine.connect() as connection:
        config = config_for(connection)
        config.set_main_option("version_locations", "\n".join({str(VERSIONS), str(folder)}).replace("%", "%%"))
        config.set_main_option("path_separator", "newline")
        command.revision(config, what, autogenerate=True, rev_id=number, version_path=str(folder))
    return next(folder.glob(f"{number}_*.py"))


def config_for(connection: Connection) -> Config:
    """What Alembic needs to know: where the migrations lie, and the connection to run them on."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine, run: Callable[[Config], None]) -> None:
    with engine.execution_options(begin="BEGIN IMMEDIATE").connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # Rebuilding a table drops it, and that must not cascade; the switch works only outside a transaction.
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
                run(config_for(connection))
        finally:
            if sqlite:
                _pragma(connection, "foreign_keys=ON")


def _pragma(connection: Connection, pragma: str) -> None:
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA {pragma}")

"""Leases: what one process has claimed and nobody else may take meanwhile."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import update

from storage.database import Database, DatabaseError
from storage.tables import ALERTS, FEEDS


@contextmanager
def claim_database(database: Database) -> Iterator[None]:
    """Be the one bot on a SQLite file; a second one gets a `DatabaseError`. PostgreSQL serves any number.

    Being alone, whoever starts can give back at once what a bot that was killed had claimed: its alerts are sent now
    and not when their leases are over.
    """
    if database.dialect != "sqlite":
        yield
        return
    with _lock_file(database) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DatabaseError(
                f"another bot is running on {database.name}: a SQLite file serves one; stop it, or use PostgreSQL"
            ) from None
        with database.write() as session:
            for table in (ALERTS, FEEDS):
                session.execute(update(table).where(table.c.leased_until.is_not(None)).values(leased_until=None))
        yield


def _lock_file(database: Database) -> TextIO:
    path = Path(f"{database.name}.lock")
    try:
        return path.open("w", encoding="utf-8")
    except OSError as error:
        raise DatabaseError(
            f"{path} cannot be written ({error.strerror or error}): a bot keeps this file beside its database; "
            "let it write there, or give the database another path"
        ) from error

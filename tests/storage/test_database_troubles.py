"""What a database can fail at, and somebody else's database."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from storage.database import BusyError, Database, DatabaseError, open_database
from storage.leases import claim_database


def test_somebody_elses_database_is_refused_and_stays_as_it_was(empty_database_url: str) -> None:
    foreign = open_foreign(empty_database_url)
    file = Path(foreign.name)
    before = file.read_bytes() if foreign.dialect == "sqlite" else b""
    assert not foreign.is_ours()
    with pytest.raises(DatabaseError, match=r"in use by another program .* give another path"):
        foreign.upgrade()
    with foreign.read() as session:
        assert session.scalars(text("SELECT url FROM feeds")).all() == ["https://kura.example/"]
    assert inspect(foreign.engine).get_table_names() == ["feeds"]
    foreign.close()
    if foreign.dialect == "sqlite":
        assert file.read_bytes() == before


def open_foreign(url: str) -> Database:
    """A database of another program, which keeps feeds too."""
    engine = create_engine(make_url(url).set(drivername="sqlite" if "sqlite" in url else "postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE feeds (url TEXT)"))
        connection.execute(text("INSERT INTO feeds VALUES ('https://kura.example/')"))
    engine.dispose()
    return open_database(url)


def test_an_empty_database_and_one_with_our_tables_are_ours(empty_database_url: str) -> None:
    database = open_database(empty_database_url)
    assert database.is_ours()
    database.upgrade()
    assert database.is_ours()
    database.close()


def test_a_lock_that_cannot_be_kept_beside_the_database_is_explained(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "a.db"))
    (tmp_path / "a.db.lock").mkdir()
    said = r"a\.db\.lock cannot be written \(Is a directory\).* let it write there"
    with pytest.raises(DatabaseError, match=said), claim_database(database):
        pass
    database.close()


def test_a_connection_lost_in_mid_session_is_explained_and_the_next_session_has_another(
    make_postgres: Callable[[], str],
) -> None:
    url = make_postgres()
    database = open_database(url)
    with pytest.raises(DatabaseError, match=r"cannot be reached: .*; check that the server runs") as caught:
        lose_connection(database, url)
    assert not isinstance(caught.value, BusyError)
    with database.write() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def lose_connection(database: Database, url: str) -> None:
    with database.write() as session:
        ours = session.scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [ours])
        session.execute(text("SELECT 1"))


def test_a_file_that_another_program_keeps_locked_is_busy(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "a.db"))
    with database.read() as session:
        session.execute(text("PRAGMA busy_timeout=10"))
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError, match="another program has been writing to it for too long"), database.write():
            pass
        with pytest.raises(BusyError, match="another program has been writing to it for too long"):
            database.upgrade()
    database.close()


def test_the_one_that_a_deadlock_is_ended_by_is_told_that_it_may_try_again(make_postgres: Callable[[], str]) -> None:
    database, start, ended = open_database(make_postgres()), threading.Barrier(2), list[str]()

    def lock(*keys: int) -> None:
        try:
            with database.write() as session:
                for key in keys:
                    session.execute(text(f"SELECT pg_advisory_xact_lock({key})"))
                    if key == keys[0]:
                        start.wait()
            ended.append("well")
        except BusyError as error:
            ended.append(str(error))

    threads = [threading.Thread(target=lock, args=keys) for keys in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert "another process was in the way, try again" in min(ended)
    assert max(ended) == "well"

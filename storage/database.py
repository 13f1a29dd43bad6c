"""The database: open it, bring its tables up to date, read and write in transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, Table, create_engine, event, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from rules.errors import BorderwatchError

T = TypeVar("T")

BUSY_SECONDS = 30
"""How long a writer waits for another one on SQLite. Transactions take milliseconds, so this is never a queue."""

PAGE = 500
"""Rows or values handled at a time: a long list takes no more memory, and a statement takes only so many values."""

VERSIONS = Path(__file__).parent / "migrations" / "versions"

OWN = "event_revisions"
"""The table that a database of ours is known by; nobody else's is likely to have one of that name."""


class DatabaseError(BorderwatchError):
    """The database cannot be used; the message says which, why, and what to do."""


class BusyError(DatabaseError):
    """Another process was in the way, and nothing was kept: the same may go well at once."""


class Database:
    """An open database. Sessions are synchronous: call from a thread where an event loop runs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # On SQLite a transaction that reads first and writes later can fail half-way: a writer locks at its start.
        self._writing = engine.execution_options(begin="BEGIN IMMEDIATE")

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @property
    def name(self) -> str:
        """The address as it may be shown: the password is hidden."""
        return shown(self.engine.url)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only looks; what it changes is rolled back. Raises `DatabaseError` like `write`."""
        with self._session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end and rolls back on an error. On SQLite it is the only writer at once.

        What the database fails at on the way is a `DatabaseError`, and a `BusyError` where another process is why.
        """
        with self._session(self._writing) as session:
            yield session
            session.commit()

    def revision(self) -> str:
        """The number of the newest migration that has run here; empty before the first."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return ""
            return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""

    def is_ours(self) -> bool:
        """Whether it is empty, or holds our tables and not somebody else's."""
        with self.engine.connect() as connection:
            tables = set(inspect(connection).get_table_names())
        return OWN in tables or tables <= {"alembic_version"}

    def upgrade(self) -> None:
        """Bring the tables up to date, quick when they are.

        Raises `DatabaseError` when they are newer than this program, or somebody else's: then nothing is changed.
        """
        if not self.is_ours():
            raise DatabaseError(
                f"{self.name} is in use by another program (it holds tables that are not borderwatch's): "
                "give another path, or an empty database"
            )
        revision, newest = self.revision(), newest_revision()
        if revision == newest:
            return
        if revision > newest:
            raise DatabaseError(
                f"{self.name} was made by a newer borderwatch (its tables are at {revision}, this program knows "
                f"{newest}): update the program, or use another database"
            )
        # Alembic takes a fifth of a second to import, and is needed once in a database's life.
        from storage.migrating import upgrade

        with self._explained():
            upgrade(self.engine)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()

    @contextmanager
    def _session(self, engine: Engine) -> Iterator[Session]:
        with self._explained(), Session(engine, expire_on_commit=False) as session:
            session.connection()
            yield session

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, InterfaceError) as error:
            kind = BusyError if is_busy(error) else DatabaseError
            raise kind(explain(self.engine.url, error)) from error


def open_database(url: str) -> Database:
    """Open `sqlite:///path`, a bare path, or `postgresql://...`; raises `DatabaseError` in words for a person.

    A missing folder is made, a missing SQLite file as well. The tables are not touched: see `Database.upgrade`.
    """
    address = parse_address(url)
    if address.get_backend_name() == "sqlite":
        make_folder(address)
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except DBAPIError as error:
        engine.dispose()
        raise DatabaseError(explain(address, error)) from error
    return Database(engine)


def parse_address(url: str) -> URL:
    """What `url` points to, with the driver that is used for it."""
    if "://" not in url:
        if not url.strip():
            raise DatabaseError("the database's address is empty: give a file, or postgresql://user@host/name")
        return URL.create("sqlite", database=str(Path(url).expanduser()))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseError("the database's address cannot be read: write it as postgresql://user@host/name") from error
    match address.drivername:
        case "sqlite" if address.database and address.database != ":memory:":
            return address
        case "sqlite":
            raise DatabaseError(f"{url} keeps nothing: give a file, e.g. sqlite:///borderwatch.db")
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return address.set(drivername="postgresql+psycopg")
        case other:
            raise DatabaseError(f"{other}:// is not a database that is known here: use sqlite:/// or postgresql://")


def make_folder(address: URL) -> None:
    """Make the folder that a SQLite file is to lie in."""
    folder = Path(address.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        problem = f"the folder {folder} cannot be made ({error.strerror or error})"
        raise DatabaseError(f"{shown(address)} cannot be opened: {problem}") from error


def shown(address: URL) -> str:
    """The address as it may be printed: a file's path, or the server's address without its password."""
    if address.get_backend_name() == "sqlite":
        return address.database or ""
    return address.set(drivername="postgresql").render_as_string(hide_password=True)


def explain(address: URL, error: DBAPIError) -> str:
    """Why the database could not be used, and what to do about it."""
    said = " ".join(str(error.orig).split())
    if address.get_backend_name() != "sqlite":
        if is_busy(error):
            return f"{shown(address)} is busy: {said}; another process was in the way, try again"
        return f"{shown(address)} cannot be reached: {said}; check that the server runs and the address is right"
    advice = {
        sqlite3.SQLITE_BUSY: "another program has been writing to it for too long: end that one, or try again",
        sqlite3.SQLITE_CANTOPEN: "check that the path names a file, not a folder, and that you may write there",
        sqlite3.SQLITE_NOTADB: "the file is something else: give another path",
        sqlite3.SQLITE_READONLY: "you may not write there: change its permissions, or give another path",
    }.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF, "check the disk and the path")
    return f"{shown(address)} cannot be used: {said}; {advice}"


def is_busy(error: DBAPIError) -> bool:
    """Whether another process is the reason: a lock held for too long, or a deadlock that was ended."""
    if (state := getattr(error.orig, "sqlstate", None)) is not None:
        return state in ("40001", "40P01", "55P03")
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def newest_revision() -> str:
    """The number of the newest migration that this program carries; the files are called NNNN_what.py."""
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


def serialise(session: Session, names: Iterable[str]) -> None:
    """Let one transaction at a time pass under each of `names`, until it ends.

    PostgreSQL: advisory locks, taken in one order by everybody, so that two callers never wait for each other.
    SQLite: nothing to do, a write session is alone from its start.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    digests = {blake2b(name.encode(), digest_size=8).digest() for name in names}
    for key in sorted(int.from_bytes(digest, "big", signed=True) for digest in digests):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def pages(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """`values` in runs of at most `PAGE`."""
    for start in range(0, len(values), PAGE):
        yield values[start : start + PAGE]


def insert(session: Session, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT for the session's database that knows ON CONFLICT."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # The driver would begin transactions at a moment of its own: None leaves that to `_begin_sqlite`.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    # The journal's mode is written into the file, and somebody else's file is only looked at.
    ours = connection.execute("SELECT count(*) = 0 OR max(name = ?) FROM sqlite_master", (OWN,))
    if ours.fetchone() == (1,):
        connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

"""What all tests share: a fresh, migrated database on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy.engine import make_url

from storage.database import Database, open_database
from storage.tables import Row
from tests.postgres import GIVEN, NoPostgresError, installations, postgres

_numbers = itertools.count(1)

# A busy machine is slow now and then, and that is no fault of what is tested.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server; it starts when the first test asks for it and ends with the last."""
    try:
        with postgres(os.environ.get(GIVEN), installations()) as address:
            yield address
    except NoPostgresError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="session")
def make_postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its address."""
    made = []

    def make() -> str:
        name = f"borderwatch_test_{os.getpid()}_{next(_numbers)}"
        run(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        made.append(name)
        return make_url(postgres_server).set(database=name).render_as_string(hide_password=False)

    def run(statement: sql.Composed) -> None:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(statement)

    yield make
    for name in made:
        run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_database(make_postgres: Callable[[], str]) -> str:
    """The address of a migrated database that the tests share; each finds it empty, none may change its tables."""
    url = make_postgres()
    migrate(url)
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests get copies of."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    migrate(str(file))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables; the test runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    make: Callable[[], str] = request.getfixturevalue("make_postgres")
    return make()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated database without rows; the test runs on both."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_database")
    with psycopg.connect(url) as connection:
        connection.execute("SET lock_timeout = '10s'")
        tables = sql.SQL(", ").join(map(sql.Identifier, Row.metadata.tables))
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(tables))
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database without rows, open; the test runs on both."""
    database = open_database(database_url)
    yield database
    database.close()


def migrate(url: str) -> None:
    """Give the database at `url` its tables, and leave no connection behind."""
    database = open_database(url)
    database.upgrade()
    database.close()

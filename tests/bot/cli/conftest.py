"""Commands, run within the tests' own process, in an empty folder and with nothing set."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PREFIX
from storage.database import Database, open_database
from tests.commandline import Answer

Ask = Callable[..., Answer]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which commands are typed."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def ask() -> Ask:
    """Type a command; gives its exit status, its data and its words. A traceback fails the test."""

    def run(*words: str) -> Answer:
        result = CliRunner().invoke(app, list(words))
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def log(sqlite_template: Path, folder: Path) -> Iterator[Database]:
    """The event log of the settings, with tables and no rows."""
    (folder / "data").mkdir()
    path = folder / "data" / "borderwatch.db"
    shutil.copy(sqlite_template, path)
    database = open_database(str(path))
    yield database
    database.close()

"""What every command promises: help with an example, exit statuses, data apart from words, and no traceback."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bot.cli import app
from storage.database import Database
from tests.bot.cli.conftest import Ask


def commands() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every command as it is typed, with what stands below its help."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), typer.main.get_command(app))]
    while waiting:
        words, found = waiting.pop()
        if isinstance(found, TyperGroup):
            waiting += [((*words, name), each) for name, each in found.commands.items()]
        elif isinstance(found, TyperCommand):
            yield words, found.epilog or ""


EVERY = sorted(commands())


def test_all_commands_are_there() -> None:
    names = {words[0] for words, _ in EVERY}
    assert names == {"demo", "run", "replay", "events", "event", "articles", "health", "rules", "feeds", "db"}


@pytest.mark.parametrize(("words", "epilog"), EVERY, ids=lambda each: " ".join(each) if isinstance(each, tuple) else "")
def test_help_shows_an_example_of_the_very_command(words: tuple[str, ...], epilog: str, ask: Ask) -> None:
    answer = ask(*words, "--help")
    assert answer.status == 0
    assert re.search(rf"Example: (BORDERWATCH_\S+ )?borderwatch {' '.join(words)}\b", epilog)
    assert "Example: " in answer.out


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("events", "--nonsense"),
        ("event",),
        ("event", "seven"),
        ("event", "0"),
        ("event", "99999999999999999999"),
        ("events", "--limit", "0"),
        ("events", "--limit", "99999999999999999999"),
        ("events", "indicator:nonsense"),
        ("replay",),
        ("replay", "no-such-folder"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2_and_says_so_on_stderr(words: tuple[str, ...], ask: Ask, log: Database) -> None:
    answer = ask(*words)
    assert answer.status == 2
    assert not answer.out
    assert answer.err


def test_a_wrong_setting_exits_with_2_and_is_named(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_OWNERS", "nobody")
    answer = ask("events")
    assert answer.status == 2
    assert "BORDERWATCH_OWNERS" in answer.err


def test_where_there_is_no_database_the_answer_is_a_sentence_and_none_is_made(ask: Ask, folder: Path) -> None:
    for words in (("events",), ("event", "1"), ("articles",), ("events", "--db", "other.db")):
        answer = ask(*words)
        assert answer.status == 1
        assert "There is no database" in answer.err
    assert not list(folder.iterdir())


def test_an_event_that_is_not_there_is_said_to_be_missing(ask: Ask, log: Database) -> None:
    answer = ask("event", "9223372036854775807")
    assert (answer.status, answer.out) == (1, "")
    assert "There is no event 9223372036854775807" in answer.err


def test_an_empty_log_is_no_error(ask: Ask, log: Database) -> None:
    assert (ask("events").status, ask("articles").status) == (0, 0)
    assert "No events yet." in ask("events").err
    assert "No articles yet." in ask("articles").err


def test_asking_changes_nothing_in_somebody_elses_database(ask: Ask, folder: Path) -> None:
    path = folder / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    for words in (("events",), ("event", "1"), ("articles",)):
        answer = ask(*words, "--db", str(path))
        assert (answer.status, answer.out) == (1, "")
        assert "other.db" in answer.err
    assert path.read_bytes() == before


def test_asking_makes_no_database_of_an_empty_file(ask: Ask, folder: Path) -> None:
    path = folder / "empty.db"
    path.touch()
    answer = ask("events", "--db", str(path))
    assert answer.status == 1
    assert "empty.db" in answer.err
    assert not path.read_bytes()


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(ask: Ask, folder: Path) -> None:
    path = folder / "notes.txt"
    path.write_text("Notes on a border. " * 100, encoding="utf-8")
    before = path.read_bytes()
    for words in (("events",), ("articles",), ("db", "upgrade")):
        answer = ask(*words, "--db", str(path))
        assert answer.status == 1
        assert "notes.txt" in answer.err
    assert path.read_bytes() == before


def test_a_folder_in_the_place_of_the_database_is_named(ask: Ask, folder: Path) -> None:
    for words in (("events",), ("event", "1"), ("articles",), ("db", "upgrade")):
        answer = ask(*words, "--db", str(folder))
        assert answer.status == 1
        assert str(folder) in answer.err


def test_a_data_folder_that_is_a_file_is_named(ask: Ask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "taken").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("BORDERWATCH_DATA_DIR", "taken")
    for words in (("events",), ("db", "upgrade"), ("health",)):
        answer = ask(*words)
        assert answer.status == 1
        assert "taken" in answer.err


def test_an_env_file_that_is_not_utf_8_is_named(ask: Ask, folder: Path) -> None:
    (folder / ".env").write_bytes("BORDERWATCH_RULES=правила".encode("cp1251"))
    answer = ask("events")
    assert answer.status in (1, 2)
    assert ".env" in answer.err
    assert "UTF-8" in answer.err


def test_a_damaged_database_is_a_sentence(ask: Ask, log: Database, folder: Path) -> None:
    log.close()
    path = folder / "data" / "borderwatch.db"
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
    answer = ask("events")
    assert answer.status == 1
    assert answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("words", [("rules", "check"), ("rules", "test")], ids=" ".join)
def test_a_rules_folder_that_is_missing_or_broken_is_a_sentence(words: tuple[str, ...], ask: Ask, folder: Path) -> None:
    assert ask(*words, str(folder / "missing")).status == 1
    broken = folder / "rules"
    broken.mkdir()
    (broken / "mine.yaml").write_text("id: mine: yours", encoding="utf-8")
    answer = ask(*words, str(broken))
    # To `check`, what is wrong is the answer; it keeps `test` from giving one.
    told, quiet = (answer.out, answer.err) if words == ("rules", "check") else (answer.err, answer.out)
    assert (answer.status, quiet) == (1, "")
    assert "mine.yaml:1" in told


def test_the_shipped_rules_are_said_to_be_without_faults_on_stdout(ask: Ask) -> None:
    answer = ask("rules", "check")
    assert (answer.status, answer.err) == (0, "")
    assert "no faults" in answer.out


def test_the_tables_are_brought_up_to_date_and_that_is_said(ask: Ask) -> None:
    answer = ask("db", "upgrade", "--db", "new.db")
    assert (answer.status, answer.err) == (0, "")
    assert "new.db" in answer.out
    assert ask("events", "--db", "new.db").status == 0


def test_the_version_is_told(ask: Ask) -> None:
    assert re.fullmatch(r"borderwatch .+\n", ask("--version").out)


def test_without_a_bot_health_says_what_is_missing(ask: Ask) -> None:
    answer = ask("health")
    assert (answer.status, answer.out) == (1, "")
    assert "no bot" in answer.err

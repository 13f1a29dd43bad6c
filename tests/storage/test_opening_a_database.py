"""Opening a database, and the promises of its transactions."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.articles import add_article, known_keys
from storage.database import Database, DatabaseError, open_database, serialise
from storage.events import add_event, open_events
from tests.storage.builders import ARTICLE, EVENT, NOW, stored_article, stored_event


def test_a_bare_path_is_a_sqlite_file_and_its_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "borderwatch.db"
    database = open_database(str(file))
    database.upgrade()
    database.close()
    assert file.exists()
    assert database.name == str(file)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "give a file, or postgresql://user@host/name"),
        ("mysql://host/name", "mysql:// is not a database that is known here: use sqlite:/// or postgresql://"),
        ("sqlite://", "sqlite:// keeps nothing: give a file"),
        ("sqlite:///:memory:", "keeps nothing: give a file"),
        ("postgresql://host:port/name", "write it as postgresql://user@host/name"),
    ],
)
def test_an_address_that_cannot_be_meant_is_explained(url: str, says: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(url)
    assert says in str(caught.value)


def test_a_path_that_cannot_be_a_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("shopping list, long enough to be read as a header " * 10)
    for path, says in [
        (tmp_path, "names a file, not a folder"),
        (tmp_path / "notes.txt", "the file is something else: give another path"),
        (tmp_path / "notes.txt" / "x.db", "cannot be made"),
    ]:
        with pytest.raises(DatabaseError) as caught:
            open_database(str(path))
        assert says in str(caught.value)
        assert str(path) in str(caught.value)


def test_a_server_that_does_not_answer_is_explained_without_its_password() -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database("postgresql://watch:secret@127.0.0.1:1/news")
    assert "postgresql://watch:***@127.0.0.1:1/news cannot be reached" in str(caught.value)
    assert "check that the server runs" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_sqlite_is_set_up_for_one_writer_and_many_readers(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "a.db"))
    with database.read() as session:
        settings = [
            session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        ]
    database.close()
    assert settings == ["wal", 1, 1, 30_000]


def test_what_is_written_is_there_and_what_fails_half_way_leaves_nothing(database: Database) -> None:
    with database.write() as session:
        stored_article(session, 1)
    with pytest.raises(ZeroDivisionError):
        fail_half_way(database)
    with database.read() as session:
        assert known_keys(session, ["guid:1", "guid:2"]) == {"guid:1"}
        assert open_events(session, EVENT.indicators, NOW) == []


def fail_half_way(database: Database) -> None:
    with database.write() as session:
        article = stored_article(session, 2)
        add_event(session, EVENT, article=article, why="opened", now=NOW)
        raise ZeroDivisionError


def test_a_process_killed_before_its_commit_leaves_nothing_and_blocks_nobody(
    database: Database, database_url: str
) -> None:
    program = (
        "import signal, sys\n"
        "from storage.database import open_database\n"
        "from tests.storage.builders import stored_article, stored_event\n"
        "with open_database(sys.argv[1]).write() as session:\n"
        "    stored_article(session), stored_event(session)\n"
        "    print('written', flush=True)\n"
        "    signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", program, database_url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        writer.kill()
    with database.write() as session:
        assert open_events(session, EVENT.indicators, NOW) == []
        assert stored_article(session) > 0


def test_a_reader_changes_nothing(database: Database) -> None:
    with database.read() as session:
        stored_article(session)
    with database.read() as session:
        assert known_keys(session, ["guid:1"]) == set()


def test_a_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.write() as writing:
        stored_article(writing)
        with database.read() as reading:
            assert known_keys(reading, ["guid:1"]) == set()


def test_two_writers_that_would_open_the_same_event_come_one_after_the_other(database: Database) -> None:
    start = threading.Barrier(4)

    def report() -> None:
        start.wait()
        with database.write() as session:
            serialise(session, EVENT.indicators)
            if not open_events(session, EVENT.indicators, NOW):
                stored_event(session)

    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert len(open_events(session, EVENT.indicators, NOW)) == 1


def test_writers_that_name_the_same_things_in_another_order_do_not_block_each_other(database: Database) -> None:
    names = [f"indicator-{number}" for number in range(20)]
    start, done = threading.Barrier(2), []

    def pass_through(order: list[str]) -> None:
        start.wait()
        for _ in range(10):
            with database.write() as session:
                serialise(session, order)
        done.append(True)

    threads = [threading.Thread(target=pass_through, args=(order,)) for order in (names, names[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True]


def test_of_two_writers_with_the_same_entry_one_stores_it(database: Database) -> None:
    start, added = threading.Barrier(2), []

    def store() -> None:
        start.wait()
        with database.write() as session:
            added.append(add_article(session, ARTICLE, feed=None, fetched=NOW, backlog=False))

    threads = [threading.Thread(target=store) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found is None for found in added) == [False, True]

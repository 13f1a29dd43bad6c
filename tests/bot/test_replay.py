"""Reading recordings, and living through them to the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import on_console
from bot.clock import ReplayClock
from bot.console import Transcript
from bot.replay import FEED_FILES, Recordings, feed_files, live_through, read_recordings
from bot.rulebooks import load_books
from rules.article import Source
from rules.rulebook import Rulebook
from storage.database import Database, open_database
from storage.leases import claim_database
from storage.outbox import Alert, Sent
from tests.builders import NOON

NOW = datetime(2022, 2, 1, tzinfo=UTC)
HANDED_OVER = "Azerbaijan hands over ten Armenian servicemen"


class Killed(BaseException):
    """The machine went away between claiming an alert and sending it."""


class Doomed(Transcript):
    async def send(self, alert: Alert) -> Sent:
        raise Killed


def rss(*items: tuple[str, datetime | None]) -> str:
    dated = (
        f"<item><title>{title}</title><link>https://kura.example/{number}</link>"
        + (f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if moment else "")
        + "</item>"
        for number, (title, moment) in enumerate(items)
    )
    head = "<rss version='2.0'><channel><title>Kura</title><link>https://kura.example/</link>"
    return f"{head}{''.join(dated)}</channel></rss>"


def read(*paths: Path) -> Recordings:
    return read_recordings(paths, lambda host: Source(host, host), NOW)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_books([])


@pytest.fixture
def replayed(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    path = tmp_path / "replay.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = open_database(str(path))
    yield database
    database.close()


def test_a_folder_stands_for_the_feed_files_in_it_and_a_named_file_is_always_read(tmp_path: Path) -> None:
    deep = tmp_path / "2021" / "12"
    deep.mkdir(parents=True)
    for suffix in FEED_FILES:
        (deep / f"feed{suffix}").touch()
    named = tmp_path / "notes.txt"
    named.touch()
    assert {path.suffix for path in feed_files([tmp_path])} == FEED_FILES
    assert list(feed_files([named])) == [named]


def test_entries_stand_in_the_order_of_their_time_across_files(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    (tmp_path / "a.xml").write_text(rss(("Third", NOON + 2 * hour), ("First", NOON)), encoding="utf-8")
    (tmp_path / "b.xml").write_text(rss(("Second", NOON + hour)), encoding="utf-8")
    assert [entry.title for entry in read(tmp_path).entries] == ["First", "Second", "Third"]


def test_an_entry_without_a_date_takes_the_newest_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(rss(("Dated", NOON), ("Undated", None)), encoding="utf-8")
    assert {entry.published for entry in read(tmp_path).entries} == {NOON}


def test_a_file_without_any_date_ends_with_the_recording_and_not_today(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(rss(("Dated", NOON)), encoding="utf-8")
    (tmp_path / "b.xml").write_text(rss(("Undated", None)), encoding="utf-8")
    assert {entry.published for entry in read(tmp_path).entries} == {NOON}


def test_a_broken_file_is_named_and_harms_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<html>Are you human?</html>", encoding="utf-8")
    (tmp_path / "b.xml").write_text(rss(("Good", NOON)), encoding="utf-8")
    found = read(tmp_path, tmp_path / "gone.xml")
    assert [entry.title for entry in found.entries] == ["Good"]
    assert found.files == 3
    assert [complaint.partition(": ")[0] for complaint in found.complaints] == [
        str(tmp_path / "a.xml"),
        str(tmp_path / "gone.xml"),
    ]


async def test_what_a_killed_replay_did_not_show_the_next_one_shows(
    replayed: Database, book: Rulebook, tmp_path: Path
) -> None:
    (tmp_path / "a.xml").write_text(rss((HANDED_OVER, NOON)), encoding="utf-8")
    entries = read(tmp_path).entries
    assert await shown(replayed, book, Transcript(), entries[:0]) == []
    with pytest.raises(BaseException, match="") as error:
        await shown(replayed, book, Doomed(), entries)
    assert isinstance(error.value, Killed)
    assert await shown(replayed, book, Transcript(), entries) == [HANDED_OVER]
    assert await shown(replayed, book, Transcript(), entries) == []


async def shown(database: Database, book: Rulebook, transcript: Transcript, entries: Recordings | tuple) -> list[str]:
    clock = ReplayClock(NOON)
    with claim_database(database):
        pipeline, delivery = on_console(database, book, transcript, clock)
        await live_through(pipeline, delivery, clock, entries, NOW)
    return [alert.event.title for alert, _ in transcript.messages.values()]

"""Reading recordings, and living through them to the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import on_console
from bot.clock import ReplayClock
from bot.console import Transcript
from bot.replay import FEED_FILES, Recordings, feed_files, live_through, read_recordings
from bot.rulebooks import load_books
from rules.article import Article, Source
from rules.rulebook import Rulebook
from storage.database import Database, open_database
from tests.builders import NOON
from tests.storage.builders import claimed

NOW = datetime(2022, 2, 1, tzinfo=UTC)
HANDED_OVER = "Azerbaijan hands over ten Armenian servicemen"


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


async def test_what_a_killed_replay_had_claimed_the_next_one_shows_once(
    replayed: Database, book: Rulebook, tmp_path: Path
) -> None:
    (tmp_path / "a.xml").write_text(rss((HANDED_OVER, NOON)), encoding="utf-8")
    entries = read(tmp_path).entries
    pipeline, _ = on_console(replayed, book, Transcript(), ReplayClock(NOON))
    pipeline.ingest(entries, feed=None, now=NOON, backlog=False)
    assert len(claimed(replayed, NOON)) == 1
    assert await shown(replayed, book, entries) == [HANDED_OVER]
    assert await shown(replayed, book, entries) == []


async def test_a_replay_passes_every_moment_of_its_entries_in_their_order(
    replayed: Database, book: Rulebook, tmp_path: Path
) -> None:
    day = timedelta(days=1)
    items = [("Rain in the north", NOON + 40 * day), (HANDED_OVER, NOON), ("A concert is held", NOON + 20 * day)]
    (tmp_path / "a.xml").write_text(rss(*items), encoding="utf-8")
    reached: list[str] = []
    assert await shown(replayed, book, read(tmp_path).entries, reached.append) == [HANDED_OVER]
    assert reached == ["16 Nov 2021", "06 Dec 2021", "26 Dec 2021"]


async def shown(
    database: Database,
    book: Rulebook,
    entries: Sequence[Article],
    progress: Callable[[str], None] = lambda moment: None,
) -> list[str]:
    """The titles of what a replay of these entries shows."""
    transcript, clock = Transcript(), ReplayClock(NOON)
    pipeline, delivery = on_console(database, book, transcript, clock)
    await live_through(pipeline, delivery, clock, entries, NOW, progress)
    return [alert.event.title for alert, _ in transcript.messages.values()]

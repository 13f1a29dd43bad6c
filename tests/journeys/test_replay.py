"""Recordings through the command: in order, in slices, with what is broken among them, and apart from all else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.database import open_database
from storage.leases import claim_database
from tests.builders import NOON
from tests.commandline import Answer, typed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTLETS = ("ararat", "kura", "volga")
NEWS = (
    ("ararat", "Azerbaijan hands over ten Armenian servicemen", NOON),
    ("kura", "Azerbaijan returns ten Armenian servicemen", NOON + HOUR),
    ("volga", "Pashinyan and Aliyev meet in Sochi", NOON + 10 * DAY),
    ("ararat", "Pashinyan and Aliyev hold talks in Sochi", NOON + 10 * DAY + HOUR),
    ("volga", "Football: a match is played in Sochi", NOON + 11 * DAY),
    ("kura", "Ten Armenian servicemen handed over to Armenia", NOON + 2 * HOUR),
)
Item = tuple[str, str, datetime | None]


def record(folder: Path, items: Sequence[Item]) -> Path:
    """Feed files as somebody recorded them, an outlet a file."""
    folder.mkdir(exist_ok=True)
    for outlet in OUTLETS:
        entries = "".join(
            f"<item><title>{title}</title><link>https://{outlet}.example/{title.replace(' ', '-')}</link>"
            + (f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if moment else "")
            + "</item>"
            for speaker, title, moment in reversed(items)
            if speaker == outlet
        )
        head = f"<rss version='2.0'><channel><title>{outlet}</title><link>https://{outlet}.example/</link>"
        (folder / f"{outlet}.xml").write_text(f"{head}{entries}</channel></rss>", encoding="utf-8")
    return folder


def replay(folder: Path, *words: str, **settings: str) -> Answer:
    answer = typed("replay", *words, folder=folder, settings=settings)
    assert "Traceback" not in answer.err
    return answer


def asked(folder: Path, what: str, db: str = "replay.db") -> list[dict[str, Any]]:
    answer = typed(what, "--format", "jsonl", "--db", db, folder=folder)
    assert answer.status == 0
    return [json.loads(line) for line in answer.out.splitlines()]


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return record(tmp_path / "recordings", NEWS)


def test_entries_come_in_at_their_own_time_and_each_event_is_shown_once(tmp_path: Path, recordings: Path) -> None:
    answer = replay(tmp_path, "recordings")
    assert (answer.status, answer.err) == (0, "")
    handed, met = asked(tmp_path, "events")
    assert [handed["indicator"], met["indicator"]] == ["pow-release", "summit"]
    assert datetime.fromisoformat(handed["first_seen"]) == NOON
    assert len(handed["sources"]) == 3
    assert [answer.out.count(f"\nEvent {event['id']}\n") for event in (handed, met)] == [1, 1]
    times = [each["published"] for each in asked(tmp_path, "articles")]
    assert times == sorted(times)
    assert len(times) == len(NEWS)


def test_growing_slices_give_the_same_events_as_all_at_once(tmp_path: Path, recordings: Path) -> None:
    replay(tmp_path, "recordings", "--db", "whole.db", "--quiet")
    in_time = sorted(NEWS, key=lambda item: item[2])
    told: list[str] = []
    for number in range(2, len(NEWS) + 1, 2):
        record(tmp_path / "slice", in_time[:number])
        answer = replay(tmp_path, "slice", "--db", "sliced.db")
        assert answer.status == 0
        told.append(answer.out)
    assert asked(tmp_path, "events", "sliced.db") == asked(tmp_path, "events", "whole.db")
    assert len(asked(tmp_path, "articles", "sliced.db")) == len(NEWS)
    assert [out.count("\nEvent 1\n") for out in told] == [1, 1, 0]
    again = replay(tmp_path, "slice", "--db", "sliced.db")
    assert "Sent     0 alerts" in again.out


def test_an_entry_without_a_date_takes_the_newest_of_its_file(tmp_path: Path) -> None:
    record(tmp_path / "recordings", [*NEWS, ("kura", "Rain in Baku", None)])
    replay(tmp_path, "recordings", "--quiet")
    (undated,) = [each for each in asked(tmp_path, "articles") if each["title"] == "Rain in Baku"]
    assert datetime.fromisoformat(undated["published"]) == NOON + 2 * HOUR


def test_quiet_shows_no_alert_and_still_says_what_came_of_it(tmp_path: Path, recordings: Path) -> None:
    answer = replay(tmp_path, "recordings", "--quiet")
    assert answer.status == 0
    assert "HIGH" not in answer.out
    assert answer.out.startswith(f"Read     {len(NEWS)} articles of 3 outlets")
    assert "Grouped  2 events" in answer.out


def test_a_broken_file_is_named_and_the_good_ones_are_replayed(tmp_path: Path, recordings: Path) -> None:
    (recordings / "broken.xml").write_text("<html>Are you human? \x1b[2J</html>", encoding="utf-8")
    answer = replay(tmp_path, "recordings", "--quiet")
    assert answer.status == 0
    assert "broken.xml" in answer.err
    assert "\x1b" not in answer.err
    assert len(asked(tmp_path, "events")) == 2


def test_where_there_is_nothing_to_replay_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = replay(tmp_path, "empty")
    assert (answer.status, answer.out) == (1, "")
    assert "nothing to replay" in answer.err
    assert not (tmp_path / "replay.db").exists()
    missing = replay(tmp_path, "missing")
    assert (missing.status, missing.out) == (2, "")
    assert "missing" in missing.err


def test_neither_telegram_nor_the_environments_database_is_touched(tmp_path: Path, recordings: Path) -> None:
    settings = {
        "TELEGRAM_TOKEN": "7654321:AAE_a-token_that-only_tests-know",
        "TELEGRAM_BASE_URL": "http://127.0.0.1:9",
        "DATABASE_URL": "environment.db",
        "DATA_DIR": "kept-away",
        "OWNERS": "nobody",
    }
    answer = replay(tmp_path, "recordings", **settings)
    assert (answer.status, answer.err) == (0, "")
    assert {path.name for path in tmp_path.iterdir()} == {"recordings", "replay.db", "replay.db.lock"}
    for words in (("--db", "environment.db"), ("--db", f"sqlite:///{tmp_path}/environment.db")):
        refused = replay(tmp_path, "recordings", *words, **settings)
        assert (refused.status, refused.out) == (2, "")
        assert "environment" in refused.err
    assert not (tmp_path / "environment.db").exists()


def test_a_database_that_a_bot_or_another_replay_works_on_is_left_to_it(tmp_path: Path, recordings: Path) -> None:
    database = open_database(str(tmp_path / "replay.db"))
    database.upgrade()
    with claim_database(database):
        answer = replay(tmp_path, "recordings")
    database.close()
    assert (answer.status, answer.out) == (1, "")
    assert "replay.db" in answer.err
    assert asked(tmp_path, "articles") == []


def test_a_database_that_cannot_be_made_is_a_sentence(tmp_path: Path, recordings: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    for db in ("recordings", "taken", "taken/deeper.db", "/dev/null/deeper.db"):
        answer = replay(tmp_path, "recordings", "--db", db)
        assert (answer.status, answer.out) == (1, "")
        assert db in answer.err
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "a file"


def test_what_it_names_to_go_on_with_holds_also_where_nothing_happened(tmp_path: Path) -> None:
    record(tmp_path / "recordings", [("volga", "Rain in Moscow", NOON)])
    answer = replay(tmp_path, "recordings")
    assert answer.status == 0
    assert "borderwatch events --db replay.db" in answer.out
    assert "borderwatch event " not in answer.out


def test_the_catalogue_that_is_set_names_the_outlets(tmp_path: Path, recordings: Path) -> None:
    catalogue = tmp_path / "mine.csv"
    catalogue.write_text("outlet,owner,side,feed_url\nArarat Daily,Ararat Ltd,am,https://ararat.example/feed\n")
    replay(tmp_path, str(recordings), "--db", "named.db", FEEDS=str(catalogue))
    told = typed("articles", "--format", "jsonl", "--db", "named.db", folder=tmp_path).out
    assert {json.loads(line)["outlet"] for line in told.splitlines()} == {
        "Ararat Daily",
        "kura.example",
        "volga.example",
    }

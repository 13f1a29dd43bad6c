"""`borderwatch feeds`: which feeds there are, how they fare, and what they answer now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from storage import feeds
from storage.database import open_database
from storage.feeds import NewFeed
from tests.builders import NOON
from tests.commandline import Answer, typed
from tests.feedserver import FeedServer, Reply, feed_server
from tests.journeys.town import rss


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A feed server on a loop of its own: the command is another process, and is waited for."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    context = feed_server()
    served = asyncio.run_coroutine_threadsafe(context.__aenter__(), loop).result()
    yield served
    asyncio.run_coroutine_threadsafe(context.__aexit__(None, None, None), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def check(folder: Path, *words: str) -> Answer:
    answer = typed("feeds", "check", *words, folder=folder, settings={"ALLOW_PRIVATE": "127.0.0.0/8"})
    assert "Traceback" not in answer.err
    return answer


def keep(folder: Path) -> None:
    """A database in which one feed does well, one fails, and one is switched off."""
    with closing(open_database(str(folder / "bot.db"))) as database:
        database.upgrade()
        with database.write() as session:
            listed = [
                NewFeed("https://a.example/feed", "Ararat News", "Ararat Ltd", "am", language="hy"),
                NewFeed("https://k.example/feed", "Kura Wire", "Kura Wire", "az", language="az"),
                NewFeed("https://o.example/feed", "Old Post", "Old Post", active=False, note="last attested years ago"),
            ]
            feeds.sync_feeds(session, listed, NOON)
            good, bad, _ = feeds.list_feeds(session)
            later = NOON + timedelta(minutes=5)
            texts = dict.fromkeys(("etag", "last_modified", "body_hash"), "")
            feeds.record_success(session, good.id, now=NOON, next_due=later, new_entries=1, **texts)
            feeds.record_failure(session, bad.id, now=NOON, next_due=later, error="the server answers 404 Not Found")


def test_a_good_feed_is_told_of_with_its_entries_and_a_bad_one_beside_it_with_its_reason(
    server: FeedServer, tmp_path: Path
) -> None:
    good = server.serve("/good.xml", rss("Ten captives return", "Rain expected"))
    answer = check(tmp_path, good, f"{server.url}/none.xml")
    assert answer.status == 1
    assert "good" in answer.out
    assert "2 entries, the newest of 2021-11-16 12:06 UTC, in en" in answer.out
    assert "404" in answer.out
    assert answer.err.strip().endswith("1 of 2 feeds cannot be read.")


def test_when_all_answer_it_exits_with_0(server: FeedServer, tmp_path: Path) -> None:
    assert check(tmp_path, server.serve("/good.xml", rss("Rain"))).status == 0


def test_a_feed_that_has_moved_for_good_says_where(server: FeedServer, tmp_path: Path) -> None:
    there = server.serve("/there.xml", rss("Rain"))
    moved = server.serve("/here.xml", Reply(status=301, headers={"location": there}))
    assert f"moved for good to {there}" in check(tmp_path, moved).out


@pytest.mark.parametrize("location", ["http://10.0.0.1/feed", "http://[bad", "\x00", "file:///etc/passwd"])
def test_a_hostile_redirect_is_a_reason_and_hides_no_other_feed(
    server: FeedServer, tmp_path: Path, location: str
) -> None:
    hostile = server.serve("/hostile.xml", Reply(status=302, headers={"location": location}))
    answer = check(tmp_path, hostile, server.serve("/good.xml", rss("Rain")))
    assert answer.status == 1
    assert "BAD" in answer.out
    assert "good" in answer.out


def test_a_private_address_is_refused_unless_it_is_allowed(server: FeedServer, tmp_path: Path) -> None:
    answer = typed("feeds", "check", server.serve("/good.xml", rss("Rain")), folder=tmp_path)
    assert answer.status == 1
    assert "BORDERWATCH_ALLOW_PRIVATE" in answer.out


def test_a_check_stores_nothing(server: FeedServer, tmp_path: Path) -> None:
    check(tmp_path, server.serve("/good.xml", rss("Rain")))
    assert list(tmp_path.iterdir()) == []


def test_the_list_shows_last_success_last_new_entry_and_error(tmp_path: Path) -> None:
    keep(tmp_path)
    answer = typed("feeds", "list", "--db", "bot.db", folder=tmp_path)
    (ararat,) = [line for line in answer.out.splitlines() if line.startswith("Ararat News")]
    assert ararat.count("2021-11-16 12:00") == 2
    assert "404 Not Found" in answer.out
    assert "Old Post" not in answer.out
    assert "2 feeds are polled, 1 of them failing; 1 are switched off." in answer.err


def test_the_list_may_be_of_the_failing_ones_or_of_all(tmp_path: Path) -> None:
    keep(tmp_path)
    failing = typed("feeds", "list", "--failing", "--db", "bot.db", folder=tmp_path).out
    assert "Kura Wire" in failing
    assert "Ararat News" not in failing
    assert "last attested years ago" in typed("feeds", "list", "--all", "--db", "bot.db", folder=tmp_path).out


def test_without_a_database_the_list_says_what_makes_one(tmp_path: Path) -> None:
    answer = typed("feeds", "list", folder=tmp_path)
    assert answer.status == 1
    assert "There is no database" in answer.err

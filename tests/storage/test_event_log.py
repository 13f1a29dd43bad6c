"""Events and their revisions: what happened, and what was known when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.articles import list_articles
from storage.database import Database
from storage.events import StaleEventError, add_event, get_event, open_events, revise_event, revisions
from storage.search import list_events
from tests.storage.builders import EVENT, HOUR, MINUTE, NOW, SOURCE, stored_article, stored_event

DENIAL = replace(SOURCE, outlet="Ararat News", owner="Ararat Press", side="am", stance="denial", why="rebuts it")


def test_a_new_event_gets_a_number_and_its_first_revision(database: Database) -> None:
    with database.write() as session:
        event = add_event(session, EVENT, article=stored_article(session), why="opened", now=NOW)
    assert (event.id > 0, event.revision) == (True, 1)
    with database.read() as session:
        assert get_event(session, event.id) == event
        assert get_event(session, event.id + 1) is None


def test_every_state_of_an_event_stays_readable(database: Database) -> None:
    with database.write() as session:
        first = add_event(session, EVENT, article=stored_article(session, 1), why="opened", now=NOW)
        denied = replace(first, state="denied", sources=(SOURCE, DENIAL), last_seen=NOW + HOUR)
        joined = stored_article(session, 2)
        second = revise_event(session, denied, article=joined, why="same place and count", now=NOW + HOUR)
        third = revise_event(session, replace(second, title="Nobody was freed"), article=None, why="title", now=NOW)
    with database.read() as session:
        log = revisions(session, first.id)
    assert [revision.event for revision in log] == [first, second, third]
    assert [revision.event.revision for revision in log] == [1, 2, 3]
    assert [(revision.article, revision.why, revision.at) for revision in log][1:] == [
        (joined, "same place and count", NOW + HOUR),
        (None, "title", NOW),
    ]
    assert [found.event for found in list_articles(database) if found.id == joined] == [first.id]


def test_a_change_decided_on_an_old_state_is_refused(database: Database) -> None:
    with database.write() as session:
        first = stored_event(session)
        revise_event(session, replace(first, title="ten"), article=None, why="one", now=NOW)
    with pytest.raises(StaleEventError, match="not at revision 1 any more"), database.write() as session:
        revise_event(session, replace(first, title="twelve"), article=None, why="other", now=NOW)
    with database.read() as session:
        assert [revision.event.title for revision in revisions(session, first.id)] == [EVENT.title, "ten"]


@pytest.mark.parametrize("change", ["UPDATE event_revisions SET why = 'another'", "DELETE FROM event_revisions"])
def test_the_database_itself_refuses_to_change_a_revision(database: Database, change: str) -> None:
    with database.write() as session:
        event = stored_event(session)
    with pytest.raises(DBAPIError, match="a revision is never changed or removed"), database.write() as session:
        session.execute(text(change))
    with database.read() as session:
        assert [revision.why for revision in revisions(session, event.id)] == ["opened"]


def test_open_events_are_those_lately_spoken_of_under_any_of_the_indicators(database: Database) -> None:
    with database.write() as session:
        release = stored_event(session)
        summit = stored_event(session, replace(EVENT, indicator="summit", indicators=("summit",), last_seen=NOW + HOUR))
        stored_event(session, replace(EVENT, last_seen=NOW - MINUTE))
    with database.read() as session:
        assert open_events(session, ["pow-held"], NOW) == [release]
        assert open_events(session, ["summit", "pow-release", "pow-held"], NOW) == [summit, release]
        assert open_events(session, ["arms"], NOW) == []
        assert open_events(session, [], NOW) == []


def test_an_event_that_takes_on_an_indicator_is_found_under_it(database: Database) -> None:
    with database.write() as session:
        first = stored_event(session, replace(EVENT, indicators=("pow-release",)))
        grown = replace(first, indicators=("pow-release", "summit"))
        second = revise_event(session, grown, article=None, why="joined", now=NOW)
    with database.read() as session:
        assert open_events(session, ["summit"], NOW) == [second]


def test_events_are_listed_by_the_time_they_were_first_seen(database: Database) -> None:
    with database.write() as session:
        later = stored_event(session, replace(EVENT, first_seen=NOW + HOUR))
        earlier = stored_event(session)
    with database.read() as session:
        assert list_events(session) == [earlier, later]
        assert list_events(session, limit=1) == [earlier]

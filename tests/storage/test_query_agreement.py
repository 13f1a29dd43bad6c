"""A query asked of the database and of an event in hand gives the same answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.places import Place
from storage.database import Database
from storage.events import LEVELS, Event, add_event
from storage.query import EventQuery
from storage.search import list_events
from storage.words import needle
from tests.storage.builders import EVENT, HOUR, NOW, SOURCE

WORDS = [
    "Baku",
    "BAKI",
    "Bakı",
    "ırəvan",
    "İRƏVAN",
    "Երևան",
    "ԵՐԵՒԱՆ",
    "Ёлка",
    "ЕЛКА",
    "Türkiye'nin",
    "100%",
    "a_b",
    "x/y",
]
LANGUAGES = ["", "en", "ru", "hy", "az", "tr"]
INDICATORS = ["summit", "arms", "csto"]

texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=4).map(" ".join)
owners = st.sampled_from(["A", "B", "C"])
sources = st.builds(
    lambda title, quote, language, owner, stance: replace(
        SOURCE, title=title, quote=quote, language=language, owner=owner, stance=stance
    ),
    texts,
    texts,
    st.sampled_from(LANGUAGES),
    owners,
    st.sampled_from(["report", "denial"]),
)
places = st.builds(
    lambda name, province, country: Place("id", name, country, province, 40.0, 45.0, "exact"),
    texts,
    texts,
    st.sampled_from(["AM", "RU", "XX"]),
)
moments = st.integers(-2, 2).map(lambda hours: NOW + hours * HOUR)
events = st.builds(
    lambda indicators, level, title, place, told, sources, first_seen: replace(
        EVENT,
        indicator=indicators[0],
        indicators=tuple(indicators),
        level=level,
        title=title,
        place=place,
        facts={"places": tuple(told)},
        sources=tuple(sources),
        first_seen=first_seen,
    ),
    st.lists(st.sampled_from(INDICATORS), min_size=1, max_size=2, unique=True),
    st.sampled_from(LEVELS),
    texts,
    st.none() | places,
    st.lists(texts, max_size=2),
    st.lists(sources, max_size=3),
    moments,
)
asked = (st.sampled_from(WORDS) | texts | st.sampled_from(WORDS).map(lambda word: word[:2] + "*")).filter(needle)
queries = st.builds(
    EventQuery,
    indicators=st.lists(st.lists(st.sampled_from(INDICATORS), min_size=1, max_size=2).map(tuple), max_size=2).map(
        tuple
    ),
    level=st.sampled_from(["", "", *LEVELS]),
    places=st.lists(st.lists(asked | st.just("Armenia"), min_size=1, max_size=2).map(tuple), max_size=1).map(tuple),
    sources=st.integers(0, 3),
    since=st.none() | moments,
    until=st.none() | moments.map(lambda moment: moment + timedelta(seconds=1)),
    texts=st.lists(asked, max_size=2).map(tuple),
)


class RollBackError(Exception):
    """Leaves the database as it was for the next example."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(events, min_size=1, max_size=4), st.lists(queries, min_size=1, max_size=8))
def test_database_and_predicate_agree(database: Database, events: list[Event], queries: list[EventQuery]) -> None:
    try:
        with database.write() as session:
            stored = [add_event(session, event, article=None, why="", now=NOW) for event in events]
            for query in queries:
                found = list_events(session, query)
                held = [event for event in stored if query.matches(event)]
                assert found == sorted(held, key=lambda event: (event.first_seen, event.id))
            raise RollBackError
    except RollBackError:
        pass

"""The JSON that others build on, field by field as docs/querying.md says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.shapes import article_json, event_json
from rules.match import Facts, Match, Stance
from storage.articles import ArticleRecord
from storage.events import Event
from tests.builders import NOON, SEV_LAKE, SYUNIK
from tests.storage.builders import ARTICLE, EVENT, MATCH, SOURCE, YEREVAN

ARTICLE_FIELDS = [
    "url",
    "title",
    "published",
    "language",
    "outlet",
    "indicators",
    "stance",
    "event",
    "facts",
    "matches",
]
EVENT_FIELDS = [
    "id",
    "indicator",
    "indicators",
    "title",
    "level",
    "state",
    "phase",
    "first_seen",
    "last_seen",
    "happened",
    "place",
    "province",
    "country",
    "lat",
    "lon",
    "precision",
    "facts",
    "sources",
    "articles",
]


def record(*matches: Match, event: int | None = None) -> ArticleRecord:
    return ArticleRecord(1, ARTICLE, matches, event, backlog=False, fetched=NOON)


def shown(found: ArticleRecord | Event) -> dict[str, object]:
    """The object as a reader of the line gets it."""
    line = json.dumps(article_json(found) if isinstance(found, ArticleRecord) else event_json(found))
    read: dict[str, object] = json.loads(line)
    return read


def test_an_article_has_exactly_the_fields_of_the_interface() -> None:
    assert list(shown(record(MATCH, event=3))) == ARTICLE_FIELDS
    assert list(shown(record())) == ARTICLE_FIELDS


def test_an_article_is_told_as_the_feed_gave_it_with_times_in_utc() -> None:
    told = shown(record(MATCH, event=3))
    assert (told["url"], told["title"], told["language"]) == (ARTICLE.url, ARTICLE.title, "en")
    assert (told["outlet"], told["event"]) == ("Kura Wire", 3)
    assert datetime.fromisoformat(str(told["published"])) == ARTICLE.published
    assert str(told["published"]).endswith("+00:00")


def test_an_article_without_a_match_shows_nothing_and_has_no_stance() -> None:
    told = shown(record())
    assert (told["indicators"], told["stance"], told["event"]) == ([], "none", None)
    assert (told["facts"], told["matches"]) == ({}, [])


@pytest.mark.parametrize("stance", ["report", "claim"])
def test_the_indicators_are_those_whose_news_it_reports_strongest_first(stance: Stance) -> None:
    told = shown(record(replace(MATCH, stance=stance), replace(MATCH, rule="summit", stance=stance)))
    assert told["indicators"] == ["pow-release", "summit"]
    assert told["stance"] == stance


@pytest.mark.parametrize("stance", ["denial", "question", "hypothetical", "anniversary", "recap", "opinion", "none"])
def test_what_only_sounds_like_it_leaves_the_indicators_empty(stance: Stance) -> None:
    told = shown(record(replace(MATCH, stance=stance), event=3))
    assert told["indicators"] == []
    assert (told["stance"], told["event"]) == (stance, 3)
    assert told["matches"]


def test_an_articles_facts_are_figures_actors_and_places_by_their_english_names() -> None:
    second = replace(MATCH, rule="summit", facts=Facts({"count": 99, "killed": 6}, {}, (SEV_LAKE, YEREVAN)))
    facts = shown(record(MATCH, second))["facts"]
    assert facts == {"count": 10, "by": ["Azerbaijan"], "killed": 6, "places": ["Yerevan", "Sev Lake"]}


def test_a_match_tells_rule_version_and_where_its_words_stand() -> None:
    told = shown(record(MATCH))["matches"]
    assert told == [
        {
            "rule": "pow-release",
            "version": "3f2a",
            "stance": "report",
            "guard": "claim",
            "clauses": ["handover", "region"],
            "spans": [
                {"part": "title", "start": 4, "end": 14, "term": "servicem*"},
                {"part": "summary", "start": 17, "end": 28, "term": "hand~ over"},
            ],
        }
    ]


def test_an_event_has_exactly_the_fields_of_the_interface() -> None:
    assert list(shown(EVENT)) == EVENT_FIELDS
    assert list(shown(replace(EVENT, place=None, phase="", sources=()))) == EVENT_FIELDS


def test_an_event_is_told_with_its_indicators_state_and_times() -> None:
    told = shown(replace(EVENT, id=7, happened=datetime(2021, 12, 4, tzinfo=UTC)))
    assert (told["id"], told["indicator"], told["indicators"]) == (7, "pow-release", ["pow-release", "pow-held"])
    assert (told["title"], told["level"], told["state"], told["phase"]) == (EVENT.title, "high", "single", "done")
    assert told["first_seen"] == told["last_seen"] == "2021-12-04T15:10:00+00:00"
    assert told["happened"] == "2021-12-04T00:00:00+00:00"
    assert told["facts"] == {"count": 10, "by": "Azerbaijan", "places": ["Yerevan", "Sev Lake"]}


def test_an_events_place_is_spread_over_its_fields_and_null_without_one() -> None:
    names = ("place", "province", "country", "lat", "lon", "precision")
    told = shown(replace(EVENT, place=SEV_LAKE))
    assert [told[name] for name in names] == ["Sev Lake", "Syunik", "AM", 39.60, 46.23, "near"]
    assert shown(replace(EVENT, place=replace(SYUNIK, province="")))["province"] is None
    told = shown(replace(EVENT, place=None, phase=""))
    assert [told[name] for name in (*names, "phase", "happened")] == [None] * 8


def test_an_events_sources_say_who_speaks_and_what_the_article_does() -> None:
    told = shown(replace(EVENT, sources=(SOURCE, replace(SOURCE, article=2, stance="denial"))))
    assert told["articles"] == [1, 2]
    sources = told["sources"]
    assert isinstance(sources, list)
    assert [source["stance"] for source in sources] == ["report", "denial"]
    assert sources[0] == {
        "outlet": "Kura Wire",
        "owner": "Kura Media",
        "side": "az",
        "language": "en",
        "stance": "report",
        "published": "2021-12-04T15:10:00+00:00",
        "url": ARTICLE.url,
        "title": ARTICLE.title,
    }

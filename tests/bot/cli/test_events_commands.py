"""`events`, `event` and `articles`: the event log, asked on the command line."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import rules
from bot.cli.events import as_typed
from storage.articles import add_article, add_matches
from storage.database import Database
from storage.events import Event, add_event, revise_event
from tests.bot.cli.conftest import Ask
from tests.bot.test_shapes import ARTICLE_FIELDS, EVENT_FIELDS
from tests.storage.builders import ARTICLE, EVENT, HOUR, MATCH, NOW, SOURCE

HOSTILE = "A :bomb: [red]found[/red] \x1b[2J\u202e at the lake"


def store(log: Database, event: Event = EVENT) -> Event:
    """Store an event with its one article."""
    with log.write() as session:
        source = event.sources[0]
        number = len(event.title) + event.first_seen.hour
        told = replace(ARTICLE, title=source.title, url=f"https://kura.example/{number}", keys=(f"guid:{number}",))
        article = add_article(session, told, feed=None, fetched=NOW, backlog=False)
        assert article is not None
        add_matches(session, article, [MATCH])
        placed = replace(event, sources=(replace(source, article=article),))
        return add_event(session, placed, article=article, why="first report", now=NOW)


def test_events_are_a_table_for_people_oldest_first(ask: Ask, log: Database) -> None:
    store(log)
    store(log, replace(EVENT, title="An earlier one", first_seen=NOW - 5 * HOUR))
    answer = ask("events")
    assert (answer.status, answer.err) == (0, "")
    heading, first, second = answer.out.splitlines()
    assert heading.split()[0] == "id"
    assert "2021-12-04 10:10" in first
    assert "An earlier one" in first
    assert "2021-12-04 15:10" in second
    assert "Yerevan, Yerevan City, Armenia" in second


def test_events_are_an_object_a_line_for_programs(ask: Ask, log: Database) -> None:
    stored = store(log)
    answer = ask("events", "--format", "jsonl")
    (line,) = answer.out.splitlines()
    told = json.loads(line)
    assert list(told) == EVENT_FIELDS
    assert (told["id"], told["title"], told["articles"]) == (stored.id, stored.title, [stored.sources[0].article])


def test_a_query_chooses_and_one_that_nothing_answers_is_no_error(ask: Ask, log: Database) -> None:
    store(log)
    assert "Ten servicemen" in ask("events", "indicator:pow-release", "level:high").out
    answer = ask("events", "level:critical")
    assert (answer.status, answer.out) == (0, "")
    assert "No event answers that query." in answer.err


def test_a_query_with_a_fault_is_shown_with_a_caret(ask: Ask, log: Database) -> None:
    answer = ask("events", "indicator:pow-relaese")
    assert (answer.status, answer.out) == (2, "")
    assert "^^^" in answer.err
    assert "did you mean pow-release?" in answer.err


def test_an_indicator_of_ones_own_rules_may_be_asked_for_before_it_has_an_event(
    ask: Ask, log: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Path(rules.__file__).parent / "library"
    (folder / "mine").mkdir()
    shipped = (library / "summit.yaml").read_text(encoding="utf-8")
    (folder / "mine" / "lake-level.yaml").write_text(shipped.replace("id: summit", "id: lake-level"), encoding="utf-8")
    assert ask("events", "indicator:lake-level").status == 2
    monkeypatch.setenv("BORDERWATCH_RULES", "mine")
    answer = ask("events", "indicator:lake-level")
    assert (answer.status, answer.out) == (0, "")
    assert "No event answers" in answer.err
    shutil.rmtree(folder / "mine")
    assert ask("events", "indicator:pow-release").status == 0


def test_a_limit_leaves_the_newest_oldest_first(ask: Ask, log: Database) -> None:
    for number in range(3):
        store(log, replace(EVENT, title=f"Number {number}", first_seen=NOW + number * HOUR))
    _, first, second = ask("events", "--limit", "2").out.splitlines()
    assert ("Number 1" in first, "Number 2" in second) == (True, True)
    assert len(ask("events", "--limit", "1000000000").out.splitlines()) == 4


def test_one_event_is_shown_as_the_alert_and_revision_by_revision(ask: Ask, log: Database) -> None:
    stored = store(log)
    denial = replace(SOURCE, article=stored.sources[0].article, outlet="Ararat News", stance="denial")
    with log.write() as session:
        grown = replace(stored, state="denied", sources=(*stored.sources, denial), title="Servicemen handed over")
        revise_event(session, grown, article=None, why="corrected", now=NOW)
    answer = ask("event", str(stored.id))
    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith("HIGH · Captives released\nServicemen handed over\n")
    assert "denied by Ararat News" in answer.out
    first, second = answer.out.index("revision 1 · Sat 4 Dec 2021, 19:10 Yerevan"), answer.out.index("revision 2")
    assert first < answer.out.index("Kura Wire: Ten servicemen handed over\n  first report;") < second
    assert answer.out.index("by hand\n  corrected;") > second


@pytest.mark.parametrize("words", [("events",), ("event", "1"), ("articles",)], ids=" ".join)
def test_hostile_text_is_shown_and_not_obeyed(words: tuple[str, ...], ask: Ask, log: Database) -> None:
    hostile = replace(SOURCE, title=HOSTILE, outlet=HOSTILE, quote=HOSTILE)
    store(log, replace(EVENT, title=HOSTILE, label=HOSTILE, sources=(hostile,)))
    out = " ".join(ask(*words).out.split())
    assert "A :bomb: [red]found[/red]" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize("words", [("events",), ("articles",)], ids=" ".join)
def test_a_title_without_end_does_not_fill_the_screen(words: tuple[str, ...], ask: Ask, log: Database) -> None:
    store(log, replace(EVENT, title="long " * 5_000, sources=(replace(SOURCE, title="long " * 5_000),)))
    assert len(ask(*words).out) < 5_000


def test_articles_are_listed_with_what_they_show(ask: Ask, log: Database) -> None:
    stored = store(log)
    (line,) = ask("articles", "--format", "jsonl").out.splitlines()
    told = json.loads(line)
    assert list(told) == ARTICLE_FIELDS
    assert (told["event"], told["indicators"], told["stance"]) == (stored.id, ["pow-release"], "report")
    heading, row = ask("articles").out.splitlines()
    assert heading.split()[0] == "published"
    assert row.split()[:2] == ["2021-12-04", "15:10"]
    assert "Ten servicemen handed over" in row


@pytest.mark.parametrize(
    ("words", "query"),
    [
        (["indicator:pow-release", "sources:2"], "indicator:pow-release sources:2"),
        (["place:Sev Lake"], 'place:"Sev Lake"'),
        (["ten captives", "level:high"], '"ten captives" level:high'),
        (["place:Syunik level:high"], 'place:"Syunik level:high"'),
        (["level:high place:Syunik"], "level:high place:Syunik"),
        ([], ""),
    ],
)
def test_the_quotation_marks_that_the_shell_took_are_put_back(words: list[str], query: str) -> None:
    assert as_typed(words) == query

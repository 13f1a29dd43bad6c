"""A backtest: what changed rules would have done, decided as the bot decides, without writing anything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import active_children
from pathlib import Path

import pytest

from bot.backtest.deciding import Books, Sides, changes, find, find_all, read_books, sides_of
from bot.backtest.events import EventLog, compare_events
from bot.backtest.report import Backtest, Comparison
from bot.backtest.working import MANY, WorkerError, by_workers, decided, versions_of
from bot.pipeline import Pipeline, matched
from bot.rulebooks import load_books
from rules.article import Article, Source
from rules.rulebook import RuleErrors, library, load_rulebook
from storage.articles import list_articles
from storage.corpus import CorpusArticle, CorpusSize
from storage.database import Database
from storage.events import Event
from storage.search import list_events
from tests.builders import ARARAT, KURA, MASIS, NOON, VOLGA, article, match

LABELLED = Path(__file__).parents[1] / "labelled" / "look.jsonl"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULE = """
id: {id}
title: {id}
status: experimental
level: medium
meaning: For tests.
terms:
  words: {{en: [{words}], not: {{en: [never]}}}}
clauses:
  words: {{any: [words]}}
condition: words
event: {{{event}}}
examples:
  match: [{{en: never run}}]
"""


def rule(folder: Path, words: str, *, name: str = "bridge", event: str = "open for: 72h") -> Path:
    """Write a rule that wants one of these words; gives its folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(RULE.format(id=name, words=words, event=event), "utf-8")
    return folder


def books(before: Path, after: Path) -> Books:
    """Rulebooks of these folders alone."""
    both = load_rulebook(before), load_rulebook(after)
    return Books(*both, changes(*both))


def over_library(before: Path, after: Path) -> Books:
    """The library with these folders laid over, with its guards."""
    return read_books(Sides((before,), (after,)))


def stored(*articles: Article, backlog: bool = False) -> list[CorpusArticle]:
    return [CorpusArticle(number, each, backlog) for number, each in enumerate(articles, 1)]


def backtest(both: Books, corpus: Sequence[CorpusArticle]) -> Backtest:
    """The whole way, in one page."""
    times = [each.article.published for each in corpus]
    size = CorpusSize(len(corpus), 1, sum(each.backlog for each in corpus), min(times), max(times))
    comparison = Comparison(both, size)
    comparison.take(corpus, find_all((each.article for each in corpus), both))
    return comparison.result()


BRIDGE = article("A bridge opens")
TUNNEL = article("A tunnel opens", after=DAY)
TOWER = article("A tower opens", after=2 * DAY)


def test_a_changed_rule_gains_and_loses_articles(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "bridge, tower"), rule(tmp_path / "b", "bridge, tunnel"))
    (changed,) = backtest(both, stored(BRIDGE, TUNNEL, TOWER)).rules
    assert (changed.rule, changed.what) == ("bridge", "changed")
    assert [each.title for each in changed.gained] == [TUNNEL.title]
    assert [each.title for each in changed.lost] == [TOWER.title]


def test_rules_that_came_and_went_are_told_as_such(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "bridge"), rule(tmp_path / "b", "tunnel", name="tunnel"))
    assert both.changed == {"bridge": "removed", "tunnel": "added"}
    removed, added = backtest(both, stored(BRIDGE, TUNNEL)).rules
    assert ([each.title for each in removed.lost], removed.gained) == ([BRIDGE.title], [])
    assert ([each.title for each in added.gained], added.lost) == ([TUNNEL.title], [])


def test_a_shared_list_changes_the_rules_that_use_it_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    path = tmp_path / "lists" / "captives.yaml"
    parts = ", ".join(f"{part}: {{en: [x]}}" for part in load_rulebook(library()).lists["captives"])
    path.write_text(f"title: x\nterms: {{{parts}}}")
    both = read_books(Sides((), (path,)))
    assert "pow-release" in both.changed
    assert set(both.changed.values()) == {"changed"}
    assert "summit" not in both.changed


def test_an_article_that_a_guard_silences_is_told_apart_from_a_lost_one(tmp_path: Path) -> None:
    question = article("Is the bridge closed for good?")
    lifting = rule(tmp_path / "b", "bridge") / "bridge.yaml"
    lifting.write_text(lifting.read_text("utf-8").replace("terms:", "lifts: [question]\nterms:", 1), "utf-8")
    strict = rule(tmp_path / "a", "bridge")
    (heard,) = backtest(over_library(strict, tmp_path / "b"), stored(question)).rules
    assert [(each.before, each.after) for each in heard.heard] == [("question", "report")]
    assert (heard.gained, heard.lost, heard.silenced) == ([], [], [])
    (silenced,) = backtest(over_library(tmp_path / "b", strict), stored(question)).rules
    assert [(each.before, each.after) for each in silenced.silenced] == [("report", "question")]


def test_what_is_silent_before_and_after_is_counted_apart(tmp_path: Path) -> None:
    both = over_library(rule(tmp_path / "a", "tunnel"), rule(tmp_path / "b", "bridge"))
    (changed,) = backtest(both, stored(article("Is the bridge closed for good?"))).rules
    assert len(changed.aside) == 1
    assert changed.gained == []


def test_the_rules_before_find_what_they_would_have_found_alone(tmp_path: Path) -> None:
    both = over_library(rule(tmp_path / "a", "Baku, servicemen"), rule(tmp_path / "b", "Yerevan"))
    added = over_library(tmp_path / "a", rule(rule(tmp_path / "c", "Baku, servicemen"), "Armenia", name="more"))
    for each in (both, added):
        for told in labelled():
            assert find(told, each) == (matched(told, each.before), matched(told, each.after))


def test_events_are_those_that_the_bot_makes(database: Database) -> None:
    book = load_books([])
    pipeline = Pipeline(database, book, lambda _: ())
    for told in labelled():
        pipeline.ingest([told], feed=None, now=told.published, backlog=False)
    log = EventLog(book.rules)
    for record in list_articles(database):
        log.take(CorpusArticle(record.id, record.article, record.backlog), matched(record.article, book))
    with database.read() as session:
        made = list_events(session)
    assert len(made) > 10
    ours = {tuple(each.articles): said(each.event) for each in log.made.values()}
    assert ours == {tuple(source.article for source in event.sources): said(event) for event in made}


def said(event: Event) -> tuple[object, ...]:
    names = ("indicators", "title", "level", "state", "first_seen", "last_seen", "facts", "place")
    return tuple(getattr(event, name) for name in names)


def test_an_event_that_only_other_articles_make_is_gained_and_the_former_lost(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "bridge"), rule(tmp_path / "b", "tunnel"))
    events = backtest(both, stored(BRIDGE, TUNNEL)).events
    assert [event.title for event in events.gained] == [TUNNEL.title]
    assert [event.title for event in events.lost] == [BRIDGE.title]


def test_an_event_that_takes_one_article_more_stays_one_event(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "bridge"), rule(tmp_path / "b", "bridge, tunnel"))
    soon = replace(TUNNEL, published=NOON + HOUR)
    events = backtest(both, stored(BRIDGE, soon)).events
    assert (events.gained, events.lost, events.regrouped, events.same) == ((), (), (), 0)
    assert len(events.retold) == 1


def test_an_event_that_falls_apart_is_told_as_such(tmp_path: Path) -> None:
    again = article("The bridge opens at last", after=30 * HOUR)
    long, short = "alike for: 48h", "alike for: 1h"
    both = books(rule(tmp_path / "a", "bridge", event=long), rule(tmp_path / "b", "bridge", event=short))
    found = backtest(both, stored(BRIDGE, again))
    (shift,) = found.events.regrouped
    assert (len(shift.before), len(shift.after)) == (1, 2)
    assert found.decided_otherwise
    assert (found.before.events, found.after.events) == (1, 2)


def test_alerts_a_day_count_the_days_that_the_articles_span(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "bridge"), rule(tmp_path / "b", "bridge, tower, dam"))
    late = article("A dam opens", after=10 * DAY)
    found = backtest(both, stored(BRIDGE, TOWER, late))
    assert found.days == 10
    assert (found.before.a_day, found.after.a_day) == (0.1, 0.3)
    assert (found.after.most, found.before.on) == (1, NOON.date())


def test_backlog_makes_events_and_alerts_nobody(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "tunnel"), rule(tmp_path / "b", "bridge"))
    found = backtest(both, stored(BRIDGE, backlog=True))
    assert (len(found.events.gained), found.after.events) == (1, 0)


def test_an_event_of_thousands_of_articles_says_what_all_of_them_say() -> None:
    book = load_books([])
    voices = (ARARAT, KURA, MASIS, VOLGA)
    log = EventLog(book.rules)
    for number in range(3_000):
        told = article(f"Report {number}", source=voices[number % 4], after=number * timedelta(minutes=1))
        log.take(CorpusArticle(number, told, False), [match(count=10)])
    (made,) = log.made.values()
    assert len(made.articles) == 3_000
    assert {source.outlet for source in made.event.sources} == {"Ararat News", "Kura Wire", "Volga Agency"}
    assert made.event.state == "confirmed"
    assert made.event.last_seen == NOON + 2_999 * timedelta(minutes=1)


def test_articles_of_each_language_are_counted(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "tower"), rule(tmp_path / "b", "bridge"))
    (english,) = backtest(both, stored(BRIDGE, TOWER)).languages
    assert (english.language, english.gained, english.lost) == ("en", 1, 1)


def test_nothing_is_decided_otherwise_by_a_change_that_no_article_meets(tmp_path: Path) -> None:
    both = books(rule(tmp_path / "a", "bridge"), rule(tmp_path / "b", "bridge, aqueduct"))
    found = backtest(both, stored(BRIDGE, TUNNEL))
    assert both.changed == {"bridge": "changed"}
    assert not found.decided_otherwise
    assert found.events.same == 1


def test_workers_answer_as_one_process_does_and_in_the_same_order(tmp_path: Path) -> None:
    sides = Sides((rule(tmp_path / "a", "bridge"),), (rule(tmp_path / "b", "bridge, tunnel"),))
    both = read_books(sides)
    pages = [stored(BRIDGE, TUNNEL), stored(TOWER), stored(TUNNEL, TOWER)]
    alone = list(decided(pages, len(pages), both, sides))
    assert list(decided(pages, MANY, both, sides)) == alone


def test_who_stops_early_leaves_no_worker_behind(tmp_path: Path) -> None:
    sides = Sides((), (rule(tmp_path / "b", "bridge"),))
    answers = by_workers([stored(BRIDGE)] * 20, 2, sides, versions_of(read_books(sides)))
    page, found = next(answers)
    assert (len(page), len(found)) == (1, 1)
    answers.close()
    assert active_children() == []


def test_rules_that_change_under_the_workers_are_told_and_not_mixed(tmp_path: Path) -> None:
    sides = Sides((), (rule(tmp_path / "b", "bridge"),))
    versions = versions_of(read_books(sides))
    for changed in ("bridge, tunnel", "["):
        rule(tmp_path / "b", changed)
        with pytest.raises(WorkerError, match="try again"):
            list(by_workers([stored(BRIDGE)], 2, sides, versions))


def test_a_fault_in_the_change_is_raised_and_one_in_force_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "bridge.yaml").write_text("id: [", "utf-8")
    good = rule(tmp_path / "good", "bridge")
    with pytest.raises(RuleErrors):
        over_library(good, broken)
    assert over_library(broken, good).changed == {"bridge": "added"}


def test_a_path_in_the_settings_folder_is_compared_with_the_rules_without_it(tmp_path: Path) -> None:
    folder = rule(rule(tmp_path / "mine", "bridge"), "tunnel", name="tunnel")
    bridge, tunnel = folder / "bridge.yaml", folder / "tunnel.yaml"
    assert sides_of((folder,), (bridge,)) == Sides((tunnel,), (folder, bridge))
    assert sides_of((folder,), (folder,)) == Sides((), (folder, folder))
    other = tmp_path / "other.yaml"
    assert sides_of((folder,), (other,)) == Sides((folder,), (folder, other))
    assert read_books(sides_of((folder,), (bridge,))).changed == {"bridge": "added"}


def test_events_without_a_change_are_all_the_same() -> None:
    book = load_books([])
    logs = EventLog(book.rules), EventLog(book.rules)
    for log in logs:
        log.take(CorpusArticle(1, article(), False), [match()])
    assert compare_events(*logs).same == 1


def labelled() -> list[Article]:
    """The news that rule writers read, in the order published."""
    found = []
    for row in map(json.loads, LABELLED.read_text("utf-8").splitlines()):
        published = datetime.fromisoformat(row["published"]).astimezone(UTC)
        source = Source(row["source"], row["source"], row.get("side", ""))
        url = f"https://{row['source']}/{row['id']}"
        found.append(Article(url, row["title"], row["summary"], row["lang"], published, source, keys=(url,)))
    return sorted(found, key=lambda each: each.published)

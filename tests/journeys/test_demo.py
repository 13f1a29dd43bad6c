"""The demo as a stranger sees it: run once, for real, and read."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commandline import Answer, typed

TOKEN = "7654321:AAE_a-token_that-only_tests-know"
HAPPENINGS = {
    ("border-incursion", "2021-11-16"),  # the fighting
    ("summit", "2021-11-19"),  # the meeting in Brussels is announced
    ("summit", "2021-11-23"),  # the meeting in Sochi of 26 November
    ("pow-release", "2021-11-26"),  # two go home
    ("pow-release", "2021-12-04"),  # ten go home
    ("summit", "2021-12-14"),  # the meeting in Brussels
    ("pow-release", "2021-12-19"),  # ten more go home
}
"""What the material tells of: the indicator, and the day (UTC) of the first report."""


@dataclass(frozen=True)
class Played:
    """One demo, and the folder that it left behind."""

    folder: Path
    answer: Answer

    def ask(self, *words: str) -> list[dict[str, Any]]:
        """The objects that a command prints on the demo's database."""
        answer = typed(*words, "--format", "jsonl", "--db", "data/demo.db", folder=self.folder)
        assert (answer.status, answer.err) == (0, "")
        return [json.loads(line) for line in answer.out.splitlines()]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Run with everything set wrongly that may be set: the demo leaves it alone."""
    folder = tmp_path_factory.mktemp("demo")
    settings = {
        "OWNERS": "nobody",
        "ALLOW_PRIVATE": "everything",
        "RULES": "missing",
        "FEEDS": "missing.csv",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": "http://127.0.0.1:9",
        "DATABASE_URL": "elsewhere.db",
    }
    return Played(folder, typed("demo", folder=folder, settings=settings))


@pytest.fixture(scope="module")
def events(played: Played) -> list[dict[str, Any]]:
    return played.ask("events")


@pytest.fixture(scope="module")
def alerted(played: Played, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events that were told, in the order in which they stand in the chat."""
    by_id = {event["id"]: event for event in events}
    return [by_id[int(number)] for number in re.findall(r"^Event (\d+)$", played.answer.out, re.MULTILINE)]


def test_it_ends_by_itself_and_well(played: Played) -> None:
    assert (played.answer.status, played.answer.err) == (0, "")


def test_its_first_line_says_that_the_news_was_written_for_it(played: Played) -> None:
    assert "written for it" in played.answer.out.splitlines()[0]


def test_every_happening_is_alerted_once_and_nothing_else(alerted: list[dict[str, Any]]) -> None:
    told = [(event["indicator"], event["first_seen"][:10]) for event in alerted]
    assert sorted(told) == sorted(HAPPENINGS)


def test_every_alert_explains_itself(played: Played, alerted: list[dict[str, Any]]) -> None:
    alerts = re.split(r"^Event \d+$", played.answer.out.partition("\n\n")[2], flags=re.MULTILINE)[:-1]
    assert len(alerts) == len(alerted)
    for text in alerts:
        assert re.search(r"^(HIGH|MEDIUM|LOW|CRITICAL) · ", text, re.MULTILINE)
        assert re.search(r"^State: (reported by|claimed by|both sides tell of it,) \d", text, re.MULTILINE)
        assert re.search(r"^Sources: \S", text, re.MULTILINE)
        assert re.search(r"^Why: rule \S", text, re.MULTILINE)
        assert len(text) < 4096


def test_what_both_sides_report_is_called_so(alerted: list[dict[str, Any]]) -> None:
    happened = [event for event in alerted if (event["indicator"], event["first_seen"][:10]) in HAPPENINGS]
    assert {event["state"] for event in happened} == {"confirmed"}
    assert all({source["side"] for source in event["sources"]} >= {"am", "az"} for event in happened)


def test_what_lay_there_before_the_start_alerts_nobody(
    events: list[dict[str, Any]], alerted: list[dict[str, Any]]
) -> None:
    silent = [event for event in events if event not in alerted]
    assert all(event["first_seen"] < "2021-11-12" for event in silent)


def test_the_figures_at_the_end_add_up_with_the_database(played: Played, events: list[dict[str, Any]]) -> None:
    articles, out = played.ask("articles"), played.answer.out
    news = [each for each in articles if each["indicators"]]
    guarded = [each for each in articles if each["matches"] and not each["indicators"]]
    early = [each for each in articles if each["published"] < "2021-11-12"]
    outlets, languages = ({each[name] for each in articles} for name in ("outlet", "language"))
    read = f"Read     {len(articles)} articles of {len(outlets)} outlets in {len(languages)} languages"
    assert read in out
    assert f"Matched  {len(news)} report something on the list; {len(guarded)} only sound like it" in out
    assert f"Grouped  {len(events)} events; {len(early)} articles were there before the start" in out
    assert f"Sent     {len(re.findall(r'^Event ', out, re.MULTILINE))} alerts, edited " in out


def test_edits_are_counted_as_they_are_shown(played: Played) -> None:
    shown = [
        1 if times == "once" else int(times.split()[0]) for times in re.findall(r"\(edited (.*?)\)", played.answer.out)
    ]
    assert f"edited {sum(shown)} times" in played.answer.out


def test_every_command_that_it_names_works_on_what_it_leaves_behind(played: Played) -> None:
    named = re.findall(r"^  borderwatch (.*?)  ", played.answer.out.partition("Try next:")[2], re.MULTILINE)
    assert len(named) == 5
    for words in named:
        answer = typed(*shlex.split(words), folder=played.folder)
        assert (answer.status, answer.err) == (0, "")
        assert answer.out


def test_it_touches_neither_telegram_nor_the_environments_database(played: Played) -> None:
    assert not (played.folder / "elsewhere.db").exists()
    assert not (played.folder / "data" / "borderwatch.db").exists()
    assert TOKEN not in played.answer.out + played.answer.err
    assert {path.name for path in (played.folder / "data").iterdir()} <= {"demo.db", "demo.db.lock"}


def test_it_refuses_the_environments_database_and_leaves_it_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for address in ("data/demo.db", "sqlite:///data/demo.db", str(tmp_path / "data" / ".." / "data" / "demo.db")):
        (tmp_path / "data" / "demo.db").write_bytes(b"precious")
        answer = typed("demo", folder=tmp_path, settings={"DATABASE_URL": address})
        assert (answer.status, answer.out) == (2, "")
        assert "demo.db" in answer.err
        assert (tmp_path / "data" / "demo.db").read_bytes() == b"precious"
    (tmp_path / ".env").write_text("BORDERWATCH_DATABASE_URL=new.db", encoding="utf-8")
    assert typed("demo", "--db", "new.db", folder=tmp_path).status == 2
    assert not (tmp_path / "new.db").exists()


def test_it_writes_over_nobodys_file(tmp_path: Path) -> None:
    (tmp_path / "month.db").write_bytes(b"precious")
    answer = typed("demo", "--db", "month.db", folder=tmp_path)
    assert (answer.status, answer.out) == (2, "")
    assert (tmp_path / "month.db").read_bytes() == b"precious"


@pytest.mark.parametrize("data_dir", ["taken", "taken/deeper", "/dev/null/data"])
def test_a_data_folder_that_cannot_be_made_is_a_sentence(data_dir: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    answer = typed("demo", folder=tmp_path, settings={"DATA_DIR": data_dir})
    assert (answer.status, answer.out) == (1, "")
    assert data_dir in answer.err
    assert "Traceback" not in answer.err

"""Rule files of a running bot: a saved file is live, a broken one keeps its last good version."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from bot.rulebooks import RuleShelf

RULE = """\
id: fair-weather
title: {title}
status: experimental
level: low
meaning: For tests.
uses: [skies]
terms:
  sun: {{en: [sun, sunny]}}
clauses:
  fair: {{any: [sun, {sky}]}}
condition: fair
examples:
  match:
    - {{en: A sunny day}}
"""
SKIES = "title: Skies\nterms: {blue: {en: [blue sky]}}\n"
_times = count(1_000_000_000, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "lists").mkdir(parents=True)
    write(tmp_path / "mine" / "lists" / "skies.yaml", SKIES)
    write(tmp_path / "mine" / "fair-weather.yaml", rule("Fair"))
    return tmp_path / "mine"


@pytest.fixture
def shelf(folder: Path, tmp_path: Path) -> RuleShelf:
    return RuleShelf.open([folder], tmp_path / "kept")


def rule(title: str, sky: str = "skies.blue") -> str:
    return RULE.format(title=title, sky=sky)


def write(path: Path, text: str) -> None:
    """Save a file at a time of its own, as editors do."""
    path.write_text(text, encoding="utf-8")
    moment = next(_times)
    os.utime(path, (moment, moment))


def title(shelf: RuleShelf) -> str:
    return shelf.book.rules["fair-weather"].title


def test_the_library_and_the_folders_are_in_force(shelf: RuleShelf) -> None:
    assert {"fair-weather", "pow-release"} <= shelf.book.rules.keys()
    assert shelf.faults is None


def test_nothing_is_read_while_nothing_is_saved(shelf: RuleShelf) -> None:
    before = shelf.book
    assert not shelf.look()
    assert shelf.book is before


def test_a_saved_file_is_live_at_the_next_look(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "fair-weather.yaml", rule("Fairer"))
    assert shelf.look()
    assert title(shelf) == "Fairer"


def test_a_broken_file_keeps_its_last_good_version_and_the_others_change(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "fair-weather.yaml", rule("Fairer").replace("level: low", "level: lwo"))
    write(folder / "second.yaml", rule("Second").replace("fair-weather", "second"))
    assert shelf.look()
    assert title(shelf) == "Fair"
    assert shelf.book.rules["second"].title == "Second"
    assert shelf.faults is not None
    assert "fair-weather.yaml:4:8" in str(shelf.faults)


def test_the_last_good_version_outlives_a_restart(shelf: RuleShelf, folder: Path, tmp_path: Path) -> None:
    write(folder / "fair-weather.yaml", "id: [")
    again = RuleShelf.open([folder], tmp_path / "kept")
    assert title(again) == "Fair"
    assert again.faults is not None


def test_a_mended_file_is_live_again(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "fair-weather.yaml", "id: [")
    shelf.look()
    write(folder / "fair-weather.yaml", rule("Mended"))
    assert shelf.look()
    assert title(shelf) == "Mended"
    assert shelf.faults is None


def test_a_list_that_would_cost_a_rule_changes_nothing_until_it_is_mended(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "lists" / "skies.yaml", SKIES.replace("blue:", "grey:"))
    write(folder / "second.yaml", rule("Second", sky="skies.grey").replace("fair-weather", "second"))
    assert shelf.look()
    assert title(shelf) == "Fair"
    assert "second" not in shelf.book.rules
    assert "skies has no part" in str(shelf.faults)


def test_a_rule_is_taken_away_by_deleting_its_file(shelf: RuleShelf, folder: Path) -> None:
    (folder / "fair-weather.yaml").unlink()
    assert shelf.look()
    assert "fair-weather" not in shelf.book.rules


def test_one_s_own_version_of_a_shipped_rule_is_replaced_by_the_shipped_one_when_deleted(
    shelf: RuleShelf, folder: Path
) -> None:
    shipped = shelf.book.rules["summit"].title
    write(folder / "summit.yaml", rule("My summit").replace("fair-weather", "summit"))
    shelf.look()
    assert shelf.book.rules["summit"].title == "My summit"
    write(folder / "summit.yaml", "id: [")
    shelf.look()
    assert shelf.book.rules["summit"].title == "My summit"
    (folder / "summit.yaml").unlink()
    shelf.look()
    assert shelf.book.rules["summit"].title == shipped

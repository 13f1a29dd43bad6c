"""Rule files of a running bot: a saved file is live, a broken one keeps its last good version."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from bot.rulebooks import RuleShelf
from bot.rulefaults import about

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
    assert shelf.frozen


def test_a_list_that_would_cost_a_rule_is_what_is_named_and_not_the_rule(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "lists" / "skies.yaml", SKIES.replace("blue:", "grey:"))
    shelf.look()
    assert shelf.faults is not None
    (fault,) = shelf.faults.errors
    assert (fault.file, fault.code) == (str(folder / "lists" / "skies.yaml"), "costs-rule")
    assert fault.reason == (
        "as it stands now, it would cost the rule fair-weather: the list skies has no part 'blue', "
        "but line 10 of fair-weather.yaml needs it: fair: {any: [sun, skies.blue]}"
    )
    assert "Put back what is missing" in fault.fix
    assert "all rules stay as they were" in shelf.message()
    assert "In force instead" not in shelf.message()


def test_a_list_that_is_gone_is_named_with_every_rule_that_it_would_cost(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "second.yaml", rule("Second").replace("fair-weather", "second"))
    shelf.look()
    (folder / "lists" / "skies.yaml").unlink()
    shelf.look()
    assert {"fair-weather", "second"} <= shelf.book.rules.keys()
    assert shelf.faults is not None
    assert [fault.file for fault in shelf.faults.errors] == [str(folder / "lists" / "skies.yaml")] * 2
    first, second = (fault.reason for fault in shelf.faults.errors)
    assert "would cost the rule fair-weather: there is no list 'skies'" in first
    assert "would cost the rule second" in second


def test_a_fault_of_the_rule_itself_is_told_beside_that_of_the_list(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "lists" / "skies.yaml", SKIES.replace("blue:", "grey:"))
    write(folder / "fair-weather.yaml", rule("Fairer").replace("level: low", "level: lwo"))
    shelf.look()
    assert title(shelf) == "Fair"
    assert "fair-weather.yaml:4:8: 'lwo' is no level" in str(shelf.faults)
    assert "would cost the rule fair-weather, which needs it as it was" in str(shelf.faults)


def test_a_list_that_would_cost_a_rule_changes_nothing_after_a_restart_either(
    shelf: RuleShelf, folder: Path, tmp_path: Path
) -> None:
    write(folder / "lists" / "skies.yaml", SKIES.replace("blue:", "grey:"))
    again = RuleShelf.open([folder], tmp_path / "kept")
    assert title(again) == "Fair"
    assert again.frozen
    write(folder / "lists" / "skies.yaml", SKIES)
    assert again.look()
    assert (again.frozen, again.faults, again.message()) == (False, None, "")


def test_a_rule_that_takes_another_id_is_not_lost(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "fair-weather.yaml", rule("Fine").replace("fair-weather", "fine-weather"))
    write(folder / "second.yaml", "id: [")
    shelf.look()
    assert shelf.book.rules["fine-weather"].title == "Fine"
    assert "fair-weather" not in shelf.book.rules


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


def test_a_single_file_is_watched_as_a_folder_is(folder: Path, tmp_path: Path) -> None:
    one = folder / "fair-weather.yaml"
    write(one, rule("Fair", sky="sun").replace("uses: [skies]\n", ""))
    shelf = RuleShelf.open([one], tmp_path / "kept")
    write(one, rule("Fairer", sky="sun").replace("uses: [skies]\n", ""))
    assert shelf.look()
    assert title(shelf) == "Fairer"
    write(one, "id: [")
    assert shelf.look()
    assert title(shelf) == "Fairer"
    again = RuleShelf.open([one], tmp_path / "kept")
    assert title(again) == "Fairer"
    assert f"{one}:" in again.message()
    assert "fair-weather.yaml: its last good version" in again.message()


def test_a_single_list_is_watched_as_well(shelf: RuleShelf, folder: Path, tmp_path: Path) -> None:
    places = [folder / "lists" / "skies.yaml", folder / "fair-weather.yaml"]
    again = RuleShelf.open(places, tmp_path / "kept")
    assert title(again) == "Fair"
    write(places[0], "title: [")
    again.look()
    assert title(again) == "Fair"
    assert "lists/skies.yaml: its last good version" in again.message()


def test_a_folder_that_is_gone_takes_no_rule_away(shelf: RuleShelf, folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "elsewhere")
    again = RuleShelf.open([folder], tmp_path / "kept")
    assert title(again) == "Fair"
    assert "there is no such folder or file of rules" in again.message()
    assert "the last good version of its files" in again.message()
    (tmp_path / "elsewhere").rename(folder)
    assert again.look()
    assert again.faults is None


def test_rules_that_cannot_be_kept_are_in_force_all_the_same(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be", encoding="utf-8")
    assert title(RuleShelf.open([folder], tmp_path / "kept")) == "Fair"


def test_an_owner_reads_which_files_are_broken_and_what_is_in_force_instead(shelf: RuleShelf, folder: Path) -> None:
    write(folder / "fair-weather.yaml", rule("Fairer").replace("level: low", "level: lwo"))
    write(folder / "new.yaml", "id: [")
    write(folder / "summit.yaml", "title: x")
    write(folder / "lists" / "clouds.yaml", "title: Clouds\nterm: {}")
    shelf.look()
    message = shelf.message()
    assert f"{folder}/fair-weather.yaml:4:8: 'lwo' is no level. Did you mean low?" in message
    assert "fair-weather.yaml: its last good version" in message
    assert "new.yaml: nothing, for it has no good version" in message
    assert "summit.yaml: the version that is shipped" in message
    assert "lists/clouds.yaml: what is good of it" in message
    assert "borderwatch rules check tells all." in message


def test_however_many_faults_there_are_a_message_is_short(shelf: RuleShelf, folder: Path) -> None:
    for number in range(30):
        write(folder / f"{'long' * 50}-{number}.yaml", "\n".join(f"key{each}: {'x' * 500}" for each in range(90)))
    shelf.look()
    message = shelf.message()
    assert len(message) <= 4096
    assert "faults in 30 rule files, which are not in force." in message
    assert "... and 25 more files" in message


def test_the_same_faults_are_known_again_where_lines_have_moved(shelf: RuleShelf, folder: Path) -> None:
    wrong = rule("Fairer").replace("level: low", "level: lwo")
    known = set()
    for text in (wrong, f"# a line more\n{wrong}", wrong.replace("lwo", "hgih")):
        write(folder / "fair-weather.yaml", text)
        shelf.look()
        assert shelf.faults is not None
        known.add(about(shelf.faults))
    assert len(known) == 2

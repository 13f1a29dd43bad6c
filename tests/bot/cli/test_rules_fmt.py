"""`rules fmt`, typed: what it writes, what it leaves alone, and what it says of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Ask

GOOD = "title: Roads\n\nterms:\n  road:\n    en: [road~, highway~]\n"
UNTIDY = "terms:\n    road: {en:   ['road~',highway~]}   # where one drives\n\n\n\ntitle:   Roads\n"
TIDY = "title: Roads\n\nterms:\n  road: {en: [road~, highway~]}  # where one drives\n"
BROKEN = "title: [Roads\nterms:\n"


@pytest.fixture
def rules(folder: Path) -> Path:
    """A folder of rule files with a list that is untidy and one that is as it should be."""
    lists = folder / "mine" / "lists"
    lists.mkdir(parents=True)
    (lists / "roads.yaml").write_text(UNTIDY, "utf-8")
    (lists / "good.yaml").write_text(GOOD, "utf-8")
    return folder / "mine"


def test_it_writes_what_changes_and_says_how_many(ask: Ask, rules: Path) -> None:
    answer = ask("rules", "fmt", "mine")
    assert (answer.status, answer.out) == (0, "mine/lists/roads.yaml\n")
    assert answer.err == "1 file formatted, 1 as it was\n"
    assert (rules / "lists/roads.yaml").read_text("utf-8") == TIDY
    assert (rules / "lists/good.yaml").read_text("utf-8") == GOOD


def test_a_second_time_changes_nothing(ask: Ask, rules: Path) -> None:
    ask("rules", "fmt", "mine")
    before = (rules / "lists/roads.yaml").stat().st_ino
    answer = ask("rules", "fmt", "mine")
    assert (answer.status, answer.out, answer.err) == (0, "", "no files formatted, 2 as they were\n")
    assert (rules / "lists/roads.yaml").stat().st_ino == before


def test_check_names_what_would_change_and_writes_nothing(ask: Ask, rules: Path) -> None:
    answer = ask("rules", "fmt", "--check", "mine")
    assert (answer.status, answer.out) == (1, "mine/lists/roads.yaml\n")
    assert answer.err == "1 file would be formatted, 1 as it was\n"
    assert (rules / "lists/roads.yaml").read_text("utf-8") == UNTIDY


def test_check_is_content_when_nothing_would_change(ask: Ask, rules: Path) -> None:
    (rules / "lists/roads.yaml").unlink()
    answer = ask("rules", "fmt", "--check", "mine")
    assert (answer.status, answer.out, answer.err) == (0, "", "no files would be formatted, 1 as it was\n")


@pytest.mark.parametrize(("words", "status"), [(["--diff"], 0), (["--diff", "--check"], 1)])
def test_diff_shows_the_lines_and_writes_nothing(ask: Ask, rules: Path, words: list[str], status: int) -> None:
    answer = ask("rules", "fmt", "mine", *words)
    assert answer.status == status
    lines = answer.out.splitlines()
    assert lines[0] == "--- mine/lists/roads.yaml"
    assert lines[1] == "+++ mine/lists/roads.yaml (formatted)"
    assert "-title:   Roads" in lines
    assert "+title: Roads" in lines
    assert (rules / "lists/roads.yaml").read_text("utf-8") == UNTIDY


def test_a_diff_says_what_its_lines_cannot_show(ask: Ask, folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    answer = ask("rules", "fmt", "--diff", "a.yaml")
    assert answer.out == "# a.yaml was saved with a byte order mark and with the line ends of Windows\n"
    (folder / "a.yaml").write_text(GOOD.rstrip("\n"), "utf-8")
    assert ask("rules", "fmt", "--diff", "a.yaml").out == "# a.yaml had no line end after its last line\n"


def test_windows_line_ends_and_byte_order_marks_are_not_written(ask: Ask, folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert ask("rules", "fmt", "a.yaml").status == 0
    assert (folder / "a.yaml").read_bytes() == GOOD.encode()


def test_a_broken_file_is_left_alone_and_told_and_the_others_are_written(ask: Ask, rules: Path) -> None:
    (rules / "broken.yaml").write_text(BROKEN, "utf-8")
    answer = ask("rules", "fmt", "mine")
    assert (answer.status, answer.out) == (1, "mine/lists/roads.yaml\n")
    assert "mine/broken.yaml:1:8:" in answer.err
    assert answer.err.endswith("1 file formatted, 1 as it was, 1 left alone: see above\n")
    assert (rules / "broken.yaml").read_text("utf-8") == BROKEN
    assert (rules / "lists/roads.yaml").read_text("utf-8") == TIDY


def test_the_gazetteer_and_other_files_are_left_alone(ask: Ask, rules: Path) -> None:
    (rules / "lists/places.csv").write_text("name , x\n", "utf-8")
    (rules / "notes.txt").write_text("a\r\n", "utf-8")
    (rules / ".hidden.yaml").write_text(UNTIDY, "utf-8")
    assert ask("rules", "fmt", "mine").out == "mine/lists/roads.yaml\n"
    assert (rules / ".hidden.yaml").read_text("utf-8") == UNTIDY


def test_a_file_keeps_its_rights_and_nothing_is_left_beside_it(ask: Ask, rules: Path) -> None:
    path = rules / "lists/roads.yaml"
    path.chmod(0o640)
    ask("rules", "fmt", "mine")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(each.name for each in path.parent.iterdir()) == ["good.yaml", "roads.yaml"]


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(ask: Ask, rules: Path, folder: Path) -> None:
    link = folder / "link.yaml"
    link.symlink_to(rules / "lists/roads.yaml")
    assert ask("rules", "fmt", "link.yaml").out == "link.yaml\n"
    assert link.is_symlink()
    assert (rules / "lists/roads.yaml").read_text("utf-8") == TIDY


def test_a_file_that_is_given_twice_is_formatted_once(ask: Ask, rules: Path) -> None:
    answer = ask("rules", "fmt", "mine", "mine/lists/roads.yaml", "mine/../mine")
    assert (answer.out, answer.err) == ("mine/lists/roads.yaml\n", "1 file formatted, 1 as it was\n")
    assert rules.is_dir()


def test_without_a_path_it_takes_the_folders_of_the_settings(
    ask: Ask, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORDERWATCH_RULES", str(rules))
    assert ask("rules", "fmt").out == f"{rules}/lists/roads.yaml\n"


def test_without_any_path_it_asks_for_one(ask: Ask) -> None:
    answer = ask("rules", "fmt")
    assert (answer.status, answer.out) == (2, "")
    assert "Give a file or a folder" in answer.err


@pytest.mark.parametrize(
    ("path", "words"), [("nowhere", "nowhere is not there"), ("notes.txt", "notes.txt is no rule file")]
)
def test_a_path_that_is_no_rule_file_is_wrong_usage(ask: Ask, folder: Path, path: str, words: str) -> None:
    (folder / "notes.txt").write_text("a\n", "utf-8")
    answer = ask("rules", "fmt", path)
    assert answer.status == 2
    assert words in answer.err


def test_nothing_is_written_when_one_of_the_paths_is_wrong(ask: Ask, rules: Path) -> None:
    assert ask("rules", "fmt", "mine", "nowhere").status == 2
    assert (rules / "lists/roads.yaml").read_text("utf-8") == UNTIDY


def test_an_empty_folder_is_told(ask: Ask, folder: Path) -> None:
    (folder / "empty").mkdir()
    answer = ask("rules", "fmt", "empty")
    assert answer.status == 1
    assert "there is nothing to format" in answer.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to anything")
def test_a_file_that_may_not_be_written_to_stays_and_is_told(ask: Ask, rules: Path) -> None:
    (rules / "lists/roads.yaml").chmod(0o444)
    answer = ask("rules", "fmt", "mine")
    assert answer.status == 1
    assert "mine/lists/roads.yaml may not be written to and stays as it is" in answer.err
    assert (rules / "lists/roads.yaml").read_text("utf-8") == UNTIDY


def test_what_cannot_be_read_is_told_without_a_traceback(ask: Ask, rules: Path) -> None:
    (rules / "loop.yaml").symlink_to(rules / "loop.yaml")
    (rules / "nul.yaml").write_bytes(b"\0\0\0\0")
    (rules / "empty.yaml").write_bytes(b"")
    answer = ask("rules", "fmt", "mine")
    assert answer.status == 1
    assert answer.err.endswith("left alone: see above\n")

"""`rules new`: a file that works at once, and never in the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.rulebook import library, load_rulebook
from rules.tools.examples import run_examples
from rules.tools.lints import lint
from rules.tools.skeleton import proposed, skeleton
from rules.tools.timeline import run_timelines
from tests.commandline import typed

TITLES = [
    "The road: closed or opened",
    'Said "no"',
    "- dash",
    "# hash",
    "Դուռ",
    "no",
    "{brace}",
    "a" * 200,
    "two\nlines",
]


def test_a_new_rule_passes_check_and_test_as_it_stands(tmp_path: Path) -> None:
    made = typed("rules", "new", "road-closed", "--title", "The road is closed", folder=tmp_path)
    assert (made.status, made.out.strip()) == (0, "my-rules/road-closed.yaml")
    checked = typed("rules", "check", "--strict", "my-rules", folder=tmp_path)
    assert checked.status == 0, checked.err
    tried = typed("rules", "test", "my-rules", folder=tmp_path)
    assert tried.status == 0, tried.out


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("kind", ["rule", "escalation"])
def test_a_skeleton_loads_with_any_title_and_without_a_warning(tmp_path: Path, kind: str, title: str) -> None:
    text = skeleton("rule" if kind == "rule" else "escalation", "my-own", title, file="x", command="borderwatch")
    (tmp_path / "my-own.yaml").write_text(text, "utf-8")
    book = load_rulebook(library(), tmp_path)
    made = book.rules.get("my-own") or book.correlations["my-own"]
    assert made.title == " ".join(title.split())
    assert [*run_examples(book), *run_timelines(book)] == []
    assert lint(book, [tmp_path / "my-own.yaml"]) == []


def test_a_new_list_loads(tmp_path: Path) -> None:
    made = typed("rules", "new", "organs", "--list", "--in", "mine", folder=tmp_path)
    assert made.out.strip() == "mine/lists/organs.yaml"
    assert "organs" in load_rulebook(library(), tmp_path / "mine").lists


def test_it_goes_into_the_folder_of_the_settings(tmp_path: Path) -> None:
    made = typed("rules", "new", "road-closed", folder=tmp_path, settings={"RULES": "watched"})
    assert made.out.strip() == "watched/road-closed.yaml"


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "my-rules").mkdir()
    (tmp_path / "my-rules" / "mine.yaml").write_text("precious")
    refused = typed("rules", "new", "mine", folder=tmp_path)
    assert refused.status == 1
    assert "stays as it is" in refused.err
    assert (tmp_path / "my-rules" / "mine.yaml").read_text() == "precious"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Road Closed",), "Try road-closed."),
        (("Դուռ",), "small letters"),
        (("summit",), "--copy begins from it"),
        (("nothing", "--copy"), "no nothing.yaml to copy"),
        (("x", "--list", "--escalation"), "no escalation"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    refused = typed("rules", "new", *words, folder=tmp_path)
    assert refused.status == 2
    assert said in refused.err
    assert not (tmp_path / "my-rules").exists()


def test_a_shipped_rule_can_be_begun_from(tmp_path: Path) -> None:
    made = typed("rules", "new", "summit", "--copy", folder=tmp_path)
    assert made.status == 0
    assert (tmp_path / "my-rules" / "summit.yaml").read_bytes() == (library() / "summit.yaml").read_bytes()


@pytest.mark.parametrize(
    ("word", "meant"), [("Road Closed", "road-closed"), ("a_b", "a-b"), ("2nd road", "nd-road"), ("--", ""), ("Դ", "")]
)
def test_a_name_is_proposed(word: str, meant: str) -> None:
    assert proposed(word) == meant

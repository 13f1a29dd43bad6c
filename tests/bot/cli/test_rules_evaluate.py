"""`rules evaluate`: figures for whoever writes rules, errors to learn from, and neither from a set that is blind."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Ask

RELEASE, FALSE, FAIR = "Azerbaijan frees two Armenian soldiers", "Nine captives return to Armenia", "A fair in Lyon"
ITEMS = [
    {"id": "one", "title": RELEASE, "lang": "en", "labels": ["pow-release"], "kind": "report"},
    {"id": "two", "title": FALSE, "lang": "en", "labels": [], "kind": "report"},
    {"id": "three", "title": FAIR, "lang": "en", "labels": ["pow-release", "arms"], "kind": "update"},
    {"id": "four", "title": FAIR, "lang": "ru", "labels": [], "kind": "negative"},
]

Write = Callable[..., str]


@pytest.fixture
def write(folder: Path) -> Write:
    """Write items, an object a line, and give the file's name."""

    def to_file(*items: object, name: str = "labelled.jsonl") -> str:
        (folder / name).write_text("".join(f"{json.dumps(item)}\n" for item in items), "utf-8")
        return name

    return to_file


def test_each_indicator_language_and_kind_has_its_line(ask: Ask, write: Write) -> None:
    answer = ask("rules", "evaluate", write(*ITEMS))
    assert (answer.status, answer.err) == (0, "")
    rows = [line.split() for line in answer.out.splitlines()]
    assert answer.out.startswith("4 items; 1 rule measured.")
    assert ["pow-release", "1", "1", "1", "0.50", "0.09-0.91", "0.50", "0.09-0.91", "0.50"] in rows
    assert ["ru", "0", "0", "0", "-", "-", "-"] in rows
    assert ["update", "(1)", "0", "0", "1", "-", "0.00", "0.00-0.79", "0.00"] in rows
    assert ["mean", "(macro)", "0.50", "0.50", "0.50"] in rows


def test_what_is_left_out_is_said(ask: Ask, write: Write) -> None:
    answer = ask("rules", "evaluate", write(*ITEMS))
    assert "Left out, for there is no rule: arms (1)." in answer.out
    left_out = next(line for line in answer.out.splitlines() if line.startswith("Left out, for no item"))
    assert "border-incursion" in left_out
    assert "pow-release" not in left_out


def test_errors_are_shown_with_what_decided(ask: Ask, write: Write) -> None:
    answer = ask("rules", "evaluate", write(*ITEMS))
    assert f"three (en, pow-release): {FAIR}\n    lacks " in answer.out
    assert f"two (en, pow-release): {FALSE}\n    held: " in answer.out
    assert "terms: captive~" in answer.out


@pytest.mark.parametrize("form", ["text", "json"])
def test_without_errors_only_figures_are_shown(ask: Ask, write: Write, form: str) -> None:
    news = write({"title": "Armenia and Azerbaijan exchange captives", "lang": "en"}, name="news.jsonl")
    answer = ask("rules", "evaluate", write(*ITEMS), "--unlabelled", news, "--errors", "0", "--format", form)
    assert answer.status == 0
    told = (RELEASE, FALSE, FAIR, "exchange", "captive~", "three")
    assert [word for word in told if word in answer.out + answer.err] == []


def test_no_more_errors_are_shown_than_asked_for(ask: Ask, write: Write) -> None:
    items = [{"id": f"item {number}", "title": FAIR, "lang": "en", "labels": ["summit"]} for number in range(30)]
    answer = ask("rules", "evaluate", write(*items), "--errors", "2")
    assert answer.out.count(FAIR) == 2
    assert "... and 28 more; --errors all shows them." in answer.out
    assert ask("rules", "evaluate", write(*items), "--errors", "all").out.count(FAIR) == 30


def test_only_the_rules_asked_for_are_measured(ask: Ask, write: Write) -> None:
    answer = ask("rules", "evaluate", write(*ITEMS), "--rule", "summit")
    assert "Left out, for no item is labelled so: summit.\nSo nothing could be measured." in answer.out


def test_alerts_of_ordinary_news_are_counted_for_every_ten_thousand(ask: Ask, write: Write, folder: Path) -> None:
    write({"title": RELEASE, "lang": "en"}, *[{"title": FAIR, "lang": "en"}] * 3, name="plain")
    (folder / "news.jsonl.gz").write_bytes(gzip.compress((folder / "plain").read_bytes()))
    answer = ask("rules", "evaluate", write(*ITEMS), "--unlabelled", "news.jsonl.gz")
    assert "Unlabelled: 1 of 4 items alert, 2500.0 in 10,000" in answer.out
    assert "  pow-release: 1, 2500.0 in 10,000" in answer.out
    assert f"(en, pow-release): {RELEASE}" in answer.out


def test_json_holds_the_same(ask: Ask, write: Write) -> None:
    found = json.loads(ask("rules", "evaluate", write(*ITEMS), "--format", "json").out)
    assert (
        found["indicators"]["pow-release"] | {"right": 1, "false": 1, "missed": 1, "f1": 0.5}
        == (found["indicators"]["pow-release"])
    )
    assert found["labels_without_rule"] == {"arms": 1}
    assert [each["item"] for each in found["missed"] + found["false"]] == ["three", "two"]
    assert found["kinds"]["negative"]["items"] == 1


def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_measured(ask: Ask, write: Write, folder: Path) -> None:
    name = write(*ITEMS)
    with (folder / name).open("ab") as file:
        file.write(b'\n{"title": "secret"}\n\xff\n')
    answer = ask("rules", "evaluate", name)
    assert answer.status == 1
    assert answer.out.startswith("4 items;")
    assert answer.err.splitlines() == [
        "labelled.jsonl:6: the item has neither labels nor a rule with a verdict",
        "labelled.jsonl:7: the line is not in UTF-8",
        "2 lines were left out of the figures.",
    ]


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_is_said_to_be_one(ask: Ask, folder: Path, content: bytes) -> None:
    (folder / "empty.jsonl").write_bytes(content)
    answer = ask("rules", "evaluate", "empty.jsonl")
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "empty.jsonl holds no item that can be measured.\n"


def test_a_file_that_is_not_there_or_damaged_is_said_to_be(ask: Ask, folder: Path) -> None:
    assert "nowhere.jsonl: No such file" in ask("rules", "evaluate", "nowhere.jsonl").err
    (folder / "half.gz").write_bytes(gzip.compress(b'{"title": "x", "labels": []}\n' * 99)[:-20])
    answer = ask("rules", "evaluate", "half.gz")
    assert answer.status == 1
    assert "half.gz is damaged" in answer.err


def test_a_line_without_end_is_passed_over(ask: Ask, write: Write, folder: Path) -> None:
    name = write(*ITEMS)
    with (folder / name).open("ab") as file:
        file.write(b"x" * 3_000_000 + b"\n" + json.dumps(ITEMS[0]).encode())
    answer = ask("rules", "evaluate", name)
    assert "labelled.jsonl:5: the line has more than 1,000,000 bytes" in answer.err
    assert answer.out.startswith("5 items;")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rule", "pow-relase"), "Did you mean pow-release?"),
        (("--errors", "many"), "--errors: 'many' is no number"),
        (("--errors", "-1"), "--errors: '-1' is no number"),
    ],
)
def test_what_is_typed_wrongly_is_said(ask: Ask, write: Write, words: tuple[str, str], said: str) -> None:
    answer = ask("rules", "evaluate", write(*ITEMS), *words)
    assert answer.status == 2
    assert said in answer.err


def test_a_title_does_not_command_the_terminal(ask: Ask, write: Write) -> None:
    answer = ask("rules", "evaluate", write({"title": "\x1b[2J\ud800 fair", "lang": "\x1b", "labels": ["summit"]}))
    assert answer.status == 0
    assert "\x1b" not in answer.out
    assert "fair" in answer.out

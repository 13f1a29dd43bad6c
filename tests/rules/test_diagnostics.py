"""How a fault is shown: the caret under its place in any script, and nothing that a terminal would obey."""

from __future__ import annotations

import pytest

from rules.diagnostics import RuleError, did_you_mean, meant, visible, width


def _caret(source: str, column: int) -> tuple[str, int]:
    """What stands above the caret, and how many columns of a terminal are before it."""
    shown, caret = RuleError("x.yaml", 1, column, "term", source, "wrong").excerpt()
    return shown[4:], len(caret) - 5


@pytest.mark.parametrize(
    ("source", "column", "before"),
    [
        ("level: hihg", 8, 7),
        ("\tlevel: hihg", 9, 4 + 7),
        ("hy: [գերի, ռազմ*ագերի]", 16, 15),
        ("ru: [пле\u0301н*ный]", 11, 9),
        ("title: 道路：x", 10, 11),
        ("title: \u00a0x", 9, 7 + 6),
        ("a: \u202ex", 5, 3 + 6),
    ],
)
def test_the_caret_stands_under_the_place(source: str, column: int, before: int) -> None:
    assert _caret(source, column)[1] == before


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    shown, before = _caret("x" * 5000 + "HERE" + "y" * 5000, 5001)
    assert shown[before:].startswith("HERE")
    assert len(shown) <= 160


def test_nothing_that_a_terminal_obeys_or_hides_is_shown_as_it_is() -> None:
    fault = RuleError("a\x1b[31m.yaml", 1, 1, "x", "t: \u202e\x1b[2J\u200b\ud800", "is \x07", "do \u2066")
    assert all(line.isprintable() for line in str(fault).splitlines())
    assert "\\u202e" in str(fault)
    assert len(str(fault).splitlines()) == 4


def test_letters_marks_and_wide_signs_have_their_width() -> None:
    assert [width(text) for text in ("abc", "գերի", "е\u0301", "道", visible("\t"))] == [3, 4, 1, 2, 4]


def test_a_warning_says_that_it_is_one() -> None:
    assert str(RuleError("x.yaml", 2, 3, "unused-list", "", "not used", "", "warning")) == (
        "x.yaml:2:3: warning: not used [unused-list]"
    )


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("levle", ["level", "title"], "level"),
        ("info", ["informational", "low"], "informational"),
        ("warning", ["informational", "medium", "high"], "medium"),
        ("severity", ["level", "status"], "level"),
        ("description", ["meaning", "title"], "meaning"),
        ("arm", ["en", "ru", "hy", "az", "tr"], "hy"),
        ("aze", ["en", "ru", "hy", "az", "tr"], "az"),
        ("Armenia", ["am", "az", "ka"], "am"),
        ("no_match", ["match", "no match"], "no match"),
        ("open-for", ["open for", "alike for"], "open for"),
        ("draft", ["experimental", "test", "stable"], "experimental"),
        ("zebra", ["level", "title"], ""),
    ],
)
def test_what_was_meant_is_guessed_from_usual_confusions_and_from_the_spelling(
    word: str, known: list[str], expected: str
) -> None:
    assert meant(word, known) == expected


def test_where_nothing_can_be_guessed_a_short_list_is_shown_and_a_long_one_not() -> None:
    assert did_you_mean("zebra", ["b", "a"]) == "Known are: a, b."
    assert did_you_mean("zebra", map(str, range(100))) == ""

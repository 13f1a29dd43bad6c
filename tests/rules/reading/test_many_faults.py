"""All faults of a file in one run, whatever the first of them is; and files that are no rule files at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rules.diagnostics import RuleError
from rules.reading.document import Document
from rules.reading.layout import flaws_of
from rules.rulebook import RuleErrors, library, load_rulebook

Told = Callable[[], list[RuleError]]

MANY = {
    "title: The Goris–Kapan road is": "title: The road: is",
    "status: stable": "status: Stabel",
    "level: medium": "level:medium",
    "uses: [people, things]": "uses [people, things]",
    "lifts: [question]": "lifts: question",
    "[road, highway]": "[road, highway",
    '"cut~ off"]': '"cut~ off]',
    "within: 8 words}\n  region": "within: 8 words\n  region",
    "shut and region and not": "shut AND regoin and not",
    "open for: 48h": "open_for: 2w",
    "side: am": "side: armenia",
    "why: weather": "why: wether",
    "    - {ru: Дорога": "    -{ru: Дорога",
}


def _change(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text("utf-8")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, "utf-8")


def test_fifteen_faults_of_one_file_are_told_at_once_each_on_its_line(rule: Path, told: Told) -> None:
    _change(rule, MANY)
    assert [(error.line, error.code) for error in told()] == [
        (2, "colon"),
        (3, "unknown-status"),
        (4, "space"),
        (12, "colon"),
        (13, "type"),
        (17, "bracket"),
        (21, "quote"),
        (29, "bracket"),
        (32, "condition"),
        (32, "condition"),
        (38, "unknown-key"),
        (38, "duration"),
        (45, "unknown-side"),
        (47, "unknown-why"),
        (48, "dash"),
    ]


def test_a_file_indented_with_tabs_throughout_gets_one_message(rule: Path, told: Told) -> None:
    rule.write_text(rule.read_text("utf-8").replace("  ", "\t"), "utf-8")
    (fault,) = told()
    assert (fault.code, fault.line) == ("tab", 6)
    assert "28 further lines" in fault.reason


def test_other_faults_of_a_file_with_tabs_are_told_where_they_stand(rule: Path, told: Told) -> None:
    _change(rule, {"    ru: [перекр*": "\t\truu: [перекр*"})
    tab, key = told()
    assert (tab.code, tab.line, tab.column) == ("tab", 22, 1)
    assert (key.code, key.source[key.column - 1 :][:3]) == ("unknown-key", "ruu")


def test_what_cannot_be_understood_hides_no_fault_above_or_below_it(rule: Path, told: Told) -> None:
    _change(
        rule, {"level: medium": "level: medum", "why: weather": "why: wether", "lifts: [question]": "? [a, b]: [c]: d"}
    )
    codes = [error.code for error in told()]
    assert codes[0] == "unknown-level"
    assert codes[-1] == "unknown-why"


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        (b"", "empty", "holds nothing"),
        (b"# a note\n\n# another\n", "empty", "nothing but comments"),
        (b"PK\x03\x04\x14", "encoding", "Word or Excel"),
        (b"%PDF-1.7", "encoding", "PDF"),
        (b"{\\rtf1 x}", "encoding", "RTF"),
        (b"title: Caf\xe9", "encoding", "not UTF-8"),
        ("title: Дорога закрыта".encode("cp1251"), "encoding", "Windows-1251"),
        (b"hello, a note", "type", "keys with values"),
        (b"- a\n- b\n", "type", "keys with values"),
        (b"a: " + b"x" * 1_000_001, "unreadable", "more than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_rule_file_is_told_once(rule: Path, told: Told, written: bytes, code: str, said: str) -> None:
    rule.write_bytes(written)
    (fault,) = told()
    assert fault.code == code
    assert said in fault.reason


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_saved_in_another_unicode_is_named_and_its_other_faults_are_told(
    rule: Path, told: Told, encoding: str
) -> None:
    text = rule.read_text("utf-8").replace("level: medium", "level: medum")
    rule.write_bytes(text.encode(encoding))
    saved, level = told()
    assert (saved.code, level.code, level.line) == ("encoding", "unknown-level", 4)
    assert "UTF-8" in saved.fix


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_are_no_fault(rule: Path, told: Told, ends: str, mark: str) -> None:
    rule.write_bytes((mark + rule.read_text("utf-8")).replace("\n", ends).encode())
    assert told() == []


def test_one_id_in_two_files_names_both_with_their_lines(rule: Path, told: Told) -> None:
    (rule.parent / "another.yaml").write_text("# a copy\n" + rule.read_text("utf-8"), "utf-8")
    (fault,) = told()
    assert (Path(fault.file).name, fault.line) == ("another.yaml", 2)
    assert f"{rule}:1" in fault.reason


def test_a_rule_among_the_lists_and_a_list_among_the_rules_are_told(folder: Path, rule: Path, told: Told) -> None:
    shutil.copy(rule, folder / "lists" / "a-rule.yaml")
    shutil.copy(folder / "lists" / "people.yaml", folder / "people.yaml")
    assert {(Path(each.file).name, each.code) for each in told()} == {
        ("a-rule.yaml", "not-a-list"),
        ("people.yaml", "not-a-rule"),
    }


@pytest.mark.parametrize("name", ["new.yml", "new.yaml.txt", "new.YAML", "new.json", "places.csv"])
def test_a_file_that_is_not_read_because_of_its_name_is_told(folder: Path, told: Told, name: str) -> None:
    (folder / name).write_text("id: x", "utf-8")
    assert [(Path(each.file).name, each.code) for each in told()] == [(name, "suffix")]


@pytest.mark.parametrize("name", [".hidden.yaml", "rule.yaml~", "rule.yaml.swp", "README.md", "._road-closed.yaml"])
def test_files_of_editors_and_notes_are_left_alone(folder: Path, told: Told, name: str) -> None:
    (folder / name).write_text("id: [", "utf-8")
    assert told() == []


def test_two_versions_left_by_a_merge_are_one_fault(rule: Path, told: Told) -> None:
    _change(rule, {"level: medium\n": "<<<<<<< HEAD\nlevel: medium\n=======\nlevel: high\n>>>>>>> theirs\n"})
    assert [(error.line, error.code) for error in told()] == [(4, "merge")]


def test_a_missing_list_is_told_where_it_is_used(folder: Path, told: Told) -> None:
    (folder / "lists" / "things.yaml").unlink()
    assert {(Path(each.file).name, each.code) for each in told()} == {
        ("guards.yaml", "unknown-ref"),
        ("road-closed.yaml", "unknown-list"),
    }


def test_a_broken_list_is_told_alone(folder: Path, told: Told) -> None:
    _change(folder / "lists" / "guards.yaml", {"name: denial": "nmae: denial", "stance: question": "stance: questoin"})
    assert {Path(each.file).name for each in told()} == {"guards.yaml"}


def test_a_group_or_a_list_that_nothing_uses_is_a_warning_and_the_rule_is_in_force(rule: Path, folder: Path) -> None:
    _change(rule, {"  weather:\n    en": "  idle: {en: [x]}\n  weather:\n    en"})
    book = load_rulebook(folder)
    assert list(book.rules) == ["road-closed"]
    assert [(each.code, each.severity) for each in book.warnings] == [("unused-group", "warning")]


def test_a_clause_that_the_condition_forgets_keeps_the_rule_out_of_force(rule: Path, folder: Path) -> None:
    _change(rule, {" and not weather": ""})
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(folder)
    assert [each.code for each in raised.value.errors] == ["unused-clause"]
    assert raised.value.partial.rules == {}


def test_the_warnings_of_a_broken_file_are_told_with_its_faults(rule: Path, told: Told) -> None:
    _change(rule, {"level: medium": "level: medum", "block*, ": "block*\n      shut~, "})
    assert [(each.code, each.severity) for each in told()] == [("unknown-level", "error"), ("line-break", "warning")]


def test_nothing_is_wrong_with_the_layout_of_good_files() -> None:
    good = [*library().rglob("*.yaml"), *(Path(__file__).parent / "good").rglob("*.yaml")]
    for path in good:
        mending = flaws_of(path.read_text("utf-8").splitlines())
        assert (mending.flaws, mending.lines) == ([], mending.original)


@pytest.mark.parametrize(
    "legal",
    [
        "a:\n- b\n- c\n",
        "a:\n  b\n  c\n",
        "a: b # c: d\n",
        '"a: b": c\n',
        "a: {b: 'it''s', \"c\": d}\n",
        "a: [b,\n  c,\n]\n",
        "- - a\n  - b\n- c: d\n  e: f\n",
        "a: >-\n  b: c\n  - d: [\ne: f\n",
        "a: http://b.example/c\nb: 12:30\n",
        "%YAML 1.2\n---\na: b\n...\n",
        "a: 'b\n  c'\nd: \"e\\\n  f\"\n",
    ],
)
def test_what_yaml_allows_is_not_called_a_flaw(legal: str) -> None:
    assert Document("x.yaml", legal.encode()).errors == []
    assert flaws_of(legal.splitlines()).flaws == []


def test_a_block_text_in_a_list_is_no_key_without_its_colon_when_the_file_has_another_fault() -> None:
    text = "falsepositives:\n  - >-\n    snow that\n    closes it\nuses: [places\n"
    assert [(error.code, error.line) for error in Document("a.yaml", text.encode()).errors] == [("bracket", 5)]

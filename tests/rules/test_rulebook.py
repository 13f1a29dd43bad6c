"""Rule files: every fault of every file at once, each with its place, and what is good beside it stays good."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from rules.article import Article
from rules.diagnostics import RuleError
from rules.matching import match_article
from rules.rulebook import RuleErrors, library, load_rulebook

MakeArticle = Callable[..., Article]

GOOD = """
id: captives-freed
title: Captives freed
status: stable
level: high
meaning: Captives go home.
references:
  - {report: Chapter one, quote: a passage}
falsepositives: [bodies]
uses: [words]
lifts: [denial]
terms:
  freed: {en: [freed, "hand~ over"], ru: ["плен*"], not: {ru: [пленар*]}}
clauses:
  freed: {near: [freed, words.captives], within: sentence}
  lead: {any: [words], in: lead}
condition: freed and not lead
extract:
  count: {number near: words, within: 6 words}
  by: {actor near: freed, within: 8 words}
event: {open for: 48h}
examples:
  match:
    - {en: Captives freed, stance: report}
  no match:
    - {en: Captives freed, lead: Captives again, why: lead}
"""
WORDS = """
title: Words
terms:
  captives: {en: [captive~]}
guards:
  - {name: denial, stance: denial, where: sentence, terms: {en: [deny~]}}
"""


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def faults(folder: Path, *more: Path) -> tuple[RuleError, ...]:
    try:
        load_rulebook(folder, *more)
    except RuleErrors as errors:
        return errors.errors
    return ()


def faults_of(tmp_path: Path, before: str, after: str) -> list[RuleError]:
    assert before in GOOD or before in WORDS
    changed = {"rule.yaml": GOOD.replace(before, after), "lists/words.yaml": WORDS.replace(before, after)}
    return list(faults(write(tmp_path, changed)))


def test_a_good_file_becomes_a_rule(tmp_path: Path) -> None:
    book = load_rulebook(write(tmp_path, {"rule.yaml": GOOD, "lists/words.yaml": WORDS}))
    rule = book.rules["captives-freed"]
    assert (rule.title, rule.level, rule.event.open_for) == ("Captives freed", "high", timedelta(hours=48))
    assert rule.references[0].quote == "a passage"
    assert [guard.name for guard in book.guards] == ["denial"]
    assert len(rule.version) == 8


@pytest.mark.parametrize(
    ("before", "after", "code", "pointed", "fix"),
    [
        ("level: high", "levle: high", "unknown-key", "levle", "Did you mean level?"),
        ("level: high", "level: hihg", "unknown-level", "hihg", "Did you mean high?"),
        ("status: stable", "status: stabel", "unknown-status", "stabel", "Did you mean stable?"),
        ("stance: report}", "stance: rapport}", "unknown-stance", "rapport", "Did you mean report?"),
        ("level: high", "level: high\nlevel: low", "duplicate-key", "level: low", "Keep one of the two."),
        (", ru: [", ", rus: [", "unknown-key", "rus: [", "Did you mean ru?"),
        ("uses: [words]", "uses: [word]", "unknown-list", "word]", "Did you mean words?"),
        ("words.captives]", "words.captivs]", "unknown-ref", "words.captivs", "Did you mean words.captives?"),
        ("[freed, words.captives]", "[freedd, words.captives]", "unknown-ref", "freedd", "Did you mean freed?"),
        ("freed and not lead", "freed and not leed", "condition", "leed", "Did you mean lead?"),
        ("freed and not lead", "freed and (not lead", "condition", "(not lead", ""),
        ("freed and not lead", '"freed and not leed"', "condition", "leed", "Did you mean lead?"),
        ("freed and not lead", "freed", "unused-clause", "lead: {any", ""),
        ("lifts: [denial]", "lifts: [deniel]", "unknown-guard", "deniel", "Did you mean denial?"),
        ("why: lead", "why: leed", "unknown-why", "leed", "Did you mean lead?"),
        ("within: sentence", "within: a sentence", "within", "a sentence", "Write sentence."),
        (", within: sentence", "", "within", "{near", ""),
        ("open for: 48h", "open for: long", "duration", "long", "Write e.g. 72h or 7d."),
        ("open for: 48h", "alike for: 0h", "duration", "0h", "Write e.g. 72h or 7d."),
        ("open for: 48h", "differ by: cuont", "unknown-figure", "cuont", "Did you mean count?"),
        ("open for: 48h", "countries: [Armenia]", "country", "Armenia", "Write AM."),
        ("- {en: Captives freed, stance", "- {en: Captives, freed, stance", "unknown-key", "freed", '"quotes"'),
        ("- {en: Captives freed, stance", "- {en: x, ru: y, stance", "example", "{en: x", ""),
        ('[freed, "hand', '[fre*ed, "hand', "term", "*ed", "Write fre*"),
        ('[freed, "hand', '[freed, freed, "hand', "duplicate-term", 'freed, "hand', "Keep one of the two."),
        ('[freed, "hand', '[a*, "hand', "term", "a*", ""),
        ('[freed, "hand', '[*freed, "hand', "alias", "*freed", "with the * at its end: freed*."),
        ("title: Captives freed", "title: &x Captives", "anchor", "&x", ""),
        ("title: Captives freed", "title: !!python/name:os.system x", "tag", "!!python", ""),
        ("title: Captives freed", "title: [Captives]", "type", "[Captives]", ""),
        ("title: Captives freed", "title:", "empty", "", ""),
        ("meaning: Captives go home.\n", "", "missing-key", "id:", ""),
        ("condition: freed", "condition:\n\tfreed", "tab", "\tfreed", "Indent with spaces"),
        ("title: Captives freed", "title: Captives: freed", "colon", ": freed", 'Write "Captives: freed".'),
        ("id: captives-freed", "id: Captives Freed", "name", "Captives Freed", ""),
        ("  lead: {any", "  not: {any", "name", "not: {any", ""),
        ("extract:\n", "extract:\n  places: {number near: words, within: 6 words}\n", "extract", "{number", ""),
        ("where: sentence", "where: sentense", "unknown-where", "sentense", "Did you mean sentence?"),
        ("where: sentence", "where: [title, sentense]", "unknown-where", "sentense", "Did you mean sentence?"),
        ("where: sentence", "where: [title, anywhere]", "where", "[title", "Write where: anywhere."),
        ("where: sentence", "where: []", "empty", "[]", "title, sentence, anywhere"),
        ("terms: {en: [deny~]}", "unless: [words.x], terms: {en: [deny~]}", "unknown-ref", "words.x", ""),
        ("[freed, words.captives]", "[[freed, words.captivs], words]", "unknown-ref", "words.captivs", "captives?"),
        ("{any: [words]", "{any: [words], without: [freed]", "without", "[freed]", "`and not` it"),
        ("within: sentence", "within: sentence, without: [fred]", "unknown-ref", "fred", "Did you mean freed?"),
        ("within: sentence", "within: sentence, without: [source.am]", "source", "source.am", ""),
        ("[freed, words.captives]", "[[freed], words.captives]", "union", "[freed]", "Leave them out."),
        ("[freed, words.captives]", "[[freed, words.captives]]", "clause", "[[freed", "are one: any of them"),
        ("[freed, words.captives]", "[[freed, [words]], words]", "type", "[words]", ""),
        ("[freed, words.captives]", "[freed, source.am]", "source", "source.am", "{any: [source.am]}"),
        ("[freed, words.captives]", "[freed, [words, source.am]]", "source", "source.am", "{any: [source.am]}"),
        ("number near: words", "number near: source.am", "source", "source.am", ""),
        ("{any: [words]", "{any: [words, source.arm]", "unknown-ref", "source.arm", "Did you mean source.am?"),
        ("{any: [words]", "{any: [words, source]", "unknown-ref", "source]", "source.either-side"),
        ("uses: [words]", "uses: [words, source]", "unknown-list", "source]", "known without"),
        ("stance: report}", "side: armenia}", "unknown-side", "armenia", "Did you mean am?"),
        ("{actor near: freed", "{actors near: freed", "unknown-key", "actors near", "Did you mean actor near?"),
        ("{actor near: freed, within: 8 words}", "{actors of: freed}", "extract", "freed}", "actors.leaders"),
        ("{actor near: freed, within: 8 words}", "{actors of: freed, within: 8 words}", "within", "{actors", ""),
        ("{actor near: freed, within: 8 words}", "{actor near: freed}", "within", "{actor", ""),
    ],
)
def test_a_fault_is_shown_with_place_and_likely_fix(
    tmp_path: Path, before: str, after: str, code: str, pointed: str, fix: str
) -> None:
    found = [error for error in faults_of(tmp_path, before, after) if error.code == code]
    assert len(found) == 1
    assert found[0].source[found[0].column - 1 :].startswith(pointed)
    assert fix in found[0].fix


def test_an_error_reads_as_file_line_caret_reason_and_fix(tmp_path: Path) -> None:
    (found,) = faults_of(tmp_path, "level: high", "level: hihg")
    assert str(found) == (
        f"{tmp_path / 'rule.yaml'}:5:8: 'hihg' is no level [unknown-level]\n"
        "    level: hihg\n"
        "           ^\n"
        "    Did you mean high?"
    )


def test_a_stable_rule_without_a_negative_example_is_refused(tmp_path: Path) -> None:
    negative = GOOD[GOOD.index("  no match") :]
    assert [error.code for error in faults_of(tmp_path, negative, "")] == ["no-negative"]


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "one.yaml": GOOD.replace("high", "hihg").replace("stable", "stabel"),
        "two.yaml": "id: [",
        "three.yaml": b"title: \xff",
        "four.yaml": "",
        "five.yaml": "title: bell \x07",
        "lists/words.yaml": WORDS,
    }
    codes = [(Path(error.file).name, error.code) for error in faults(write(tmp_path, files))]
    assert codes == [
        ("five.yaml", "control-character"),
        ("four.yaml", "empty"),
        ("one.yaml", "unknown-status"),
        ("one.yaml", "unknown-level"),
        ("three.yaml", "encoding"),
        ("two.yaml", "bracket"),
    ]


def test_good_files_stay_good_beside_broken_ones(tmp_path: Path, article: MakeArticle) -> None:
    write(tmp_path, {"good.yaml": GOOD, "bad.yaml": "id: x\nlevel: low", "lists/words.yaml": WORDS})
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(tmp_path)
    assert list(raised.value.partial.rules) == ["captives-freed"]
    assert match_article(article("Captives freed"), raised.value.partial)


def test_a_broken_list_is_told_once_and_not_by_each_rule_that_uses_it(tmp_path: Path) -> None:
    found = faults(write(tmp_path, {"good.yaml": GOOD, "lists/words.yaml": "title: [", "lists/more.yaml": WORDS}))
    assert [Path(error.file).name for error in found] == ["words.yaml"]


def test_one_id_in_two_files_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": GOOD, "b.yaml": GOOD, "lists/words.yaml": WORDS})
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(tmp_path)
    assert [(Path(error.file).name, error.code) for error in raised.value.errors] == [("b.yaml", "duplicate-id")]
    assert raised.value.partial.rules["captives-freed"].file.endswith("a.yaml")


def test_a_file_of_the_same_name_replaces_the_one_beneath_and_others_add(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"rule.yaml": GOOD, "lists/words.yaml": WORDS})
    mine = {"rule.yaml": GOOD.replace("level: high", "level: low"), "new.yaml": GOOD.replace("captives-freed", "other")}
    book = load_rulebook(one, write(tmp_path / "two", mine))
    assert {rule.id: rule.level for rule in book.rules.values()} == {"captives-freed": "low", "other": "high"}


def test_a_broken_replacement_lets_the_file_beneath_stand(tmp_path: Path) -> None:
    one = write(tmp_path / "one", {"rule.yaml": GOOD, "lists/words.yaml": WORDS})
    two = write(tmp_path / "two", {"rule.yaml": "id: [", "lists/words.yaml": "terms: 1"})
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(one, two)
    assert raised.value.partial.rules["captives-freed"].level == "high"
    assert {Path(error.file).parts[-2] for error in raised.value.errors} == {"two", "lists"}
    three = write(tmp_path / "three", {"rule.yaml": "id: ]"})
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(one, two, three)
    assert raised.value.partial.rules["captives-freed"].level == "high"


def test_large_deep_and_strange_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"big.yaml": "a: " + "x" * 1_000_001, "deep.yaml": "a: " + "[" * 50 + "]" * 50, "old.yml": "id: x"})
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    codes = {Path(error.file).name: error.code for error in faults(tmp_path)}
    assert codes == {
        "big.yaml": "unreadable",
        "deep.yaml": "nesting",
        "folder.yaml": "unreadable",
        "old.yml": "suffix",
        "pipe.yaml": "unreadable",
    }


def test_a_file_of_nothing_but_faults_is_told_in_bounds(tmp_path: Path) -> None:
    found = faults(write(tmp_path, {"rule.yaml": "".join(f"key{number}: x\n" for number in range(5000))}))
    assert len(found) == 101
    assert "too-many" in {error.code for error in found}


@pytest.mark.parametrize("name", ["places", "source"])
def test_a_list_cannot_take_the_name_of_what_is_built_in(tmp_path: Path, name: str) -> None:
    (fault,) = faults(write(tmp_path, {f"lists/{name}.yaml": "title: x\nterms: {x: {en: [word]}}"}))
    assert (fault.code, fault.fix) == ("name", "Call the list otherwise.")


def test_a_missing_folder_is_an_error_and_not_an_empty_rulebook(tmp_path: Path) -> None:
    assert [error.code for error in faults(tmp_path / "nowhere")] == ["folder"]


def test_words_of_yaml_stay_words(tmp_path: Path, article: MakeArticle) -> None:
    changed = GOOD.replace('[freed, "', '[no, on, 010, null, "')
    book = load_rulebook(write(tmp_path, {"rule.yaml": changed, "lists/words.yaml": WORDS}))
    for word in ("no", "on", "010", "null"):
        assert match_article(article(f"captives {word}"), book)


def test_the_version_follows_the_rule_and_its_lists_but_not_the_layout(tmp_path: Path) -> None:
    def version(rule: str, words: str) -> str:
        return (
            load_rulebook(write(tmp_path, {"rule.yaml": rule, "lists/words.yaml": words}))
            .rules["captives-freed"]
            .version
        )

    first = version(GOOD, WORDS)
    assert version("# a comment\n" + GOOD, WORDS.replace("[captive~]", "[ captive~ ]")) == first
    assert version(GOOD.replace("Captives go home", "They go home"), WORDS) != first
    assert version(GOOD, WORDS.replace("captive~", "hostage~")) != first


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("id,type", "iid,type", "column"),
        ("39.5", "north", "place"),
        ("39.5", "139.5", "place"),
        ("direct", "perhaps", "place"),
        ("near", "roughly", "place"),
    ],
)
def test_faults_of_the_gazetteer_are_told(tmp_path: Path, before: str, after: str, code: str) -> None:
    head = (
        "id,type,precision,match,country,admin,name_en,name_hy,name_az,name_ru,name_tr,alt_names,lat,lon,uncertainty_km"
    )
    csv = f"{head}\nsev,lake,near,direct,AM,Syunik,Sev Lake,,,,,,39.5,46.2,3\n"
    found = faults(write(tmp_path, {"lists/places.csv": csv.replace(before, after)}))
    assert [error.code for error in found] == [code]


def test_the_library_is_found_beside_the_program() -> None:
    assert (library() / "lists").is_dir()


def test_a_copy_of_the_library_loads_from_anywhere(tmp_path: Path) -> None:
    shutil.copytree(library(), tmp_path / "copy")
    assert load_rulebook(tmp_path / "copy").vocabulary.gazetteer


def test_a_broken_list_hides_no_fault_of_a_rule_that_does_not_need_it(tmp_path: Path) -> None:
    rule = GOOD.replace("lifts: [denial]", "lifts: [deniel]").replace("why: lead", "why: leed")
    lists = {"lists/words.yaml": WORDS, "lists/other.yaml": "id: x\ntitle: y\n"}
    found = faults(write(tmp_path, {"rule.yaml": rule, **lists}))
    assert {error.code for error in found} == {"unknown-key", "unknown-guard", "unknown-why"}

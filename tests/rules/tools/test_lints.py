"""What `rules check` warns of: each lint on a rule of a few lines, and what it must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rules.diagnostics import RuleError
from rules.rulebook import Rulebook, RuleErrors, library, load_rulebook
from rules.tools.lints import lint

MakeBook = Callable[..., Rulebook]
ONE = "{a: {any: [one]}}"
CLEAN = """
  match: [{en: Ten captives are home}]
  no match: [{en: Ten lorries are home}]
"""
GUARD = """
title: Guards
guards:
  - name: sport
    stance: none
    where: anywhere
    terms: {en: [football~], any: [FIFA]}
"""


@pytest.fixture
def warned(book: MakeBook) -> Callable[..., list[RuleError]]:
    """The warnings about a rule, of one clause over the group `one` if nothing else is said."""

    def run(terms: str, lists: dict[str, str] | None = None, **parts: str) -> list[RuleError]:
        usual = {"clauses": ONE, "condition": "a", "examples": CLEAN}
        return lint(book(lists, terms=terms, **(usual | parts)))

    return run


Warned = Callable[..., list[RuleError]]


def codes(found: list[RuleError]) -> list[str]:
    return [warning.code for warning in found]


def test_a_plain_rule_has_no_warnings(warned: Warned) -> None:
    assert warned("{one: {en: [captive~, detained soldier~, POW]}}") == []


def test_a_warning_shows_the_place_the_line_and_what_to_do(warned: Warned) -> None:
    [found] = warned("{one: {en: [captive, captive~]}}")
    assert found.severity == "warning"
    assert found.source[found.column - 1 :].startswith("captive, captive~")
    shown = str(found)
    assert "a-rule.yaml:9:20: warning: captive does nothing here: captive~ takes all that it takes" in shown
    assert found.fix in shown


@pytest.mark.parametrize(
    ("terms", "useless"),
    [
        ("{en: [captive, captive~]}", ["captive"]),
        ("{en: ['captiv*', captive~, captives]}", ["captive~", "captives"]),
        ("{en: [handed over, hand~ over]}", ["handed over"]),
        ("{ru: ['Украин*', 'украинск*']}", ["украинск*"]),
        ("{ru: ['украин*', 'Украин*']}", ["Украин*"]),
        ("{en: [captive], weak: {en: [captive]}}", ["captive"]),
        ("{en: [captive, soldier], not: {en: [captive~]}}", ["captive"]),
        ("{en: [captive, captive soldier]}", []),
        ("{en: [captive], not: {en: [captive audience]}}", []),
        ("{en: [captive~], az: [captive]}", []),
        ("{en: [captive, {term: captive~, from: 2020-01-01}]}", []),
        ("{en: [captive~], not: {en: [captive]}}", []),
    ],
)
def test_a_term_that_another_takes_over(terms: str, useless: list[str], warned: Warned) -> None:
    found = [warning for warning in warned(f"{{one: {terms}}}") if warning.code == "shadowed-term"]
    assert [warning.reason.split(" does nothing")[0].split(" is never met")[0] for warning in found] == useless


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("{en: [go]}", ["short-term"]),
        ("{en: [x]}", ["short-term"]),
        ("{az: ['sə*']}", ["short-term"]),
        ("{en: [US]}", ["everyday-word"]),
        ("{en: [WHO]}", ["everyday-word"]),
        ("{en: [EU, NATO, km]}", []),
        ("{ru: [США]}", []),
    ],
)
def test_terms_that_are_too_short(terms: str, expected: list[str], warned: Warned) -> None:
    found = [code for code in codes(warned(f"{{one: {terms}}}")) if code in ("short-term", "everyday-word")]
    assert found == expected


def test_letters_that_look_alike_are_pointed_at(warned: Warned) -> None:
    [found] = [each for each in warned("{one: {ru: [пленный, 'плeнник']}}") if each.code == "mixed-letters"]
    assert "its e is Latin, the others are Cyrillic" in found.reason
    assert found.source[found.column - 1] == "e"


def test_a_mark_that_nobody_sees_is_pointed_at(warned: Warned) -> None:
    [found] = [each for each in warned("{one: {hy: [գե\u200bրի]}}") if each.code == "invisible-mark"]
    assert "zero width space" in found.reason
    assert found.source[found.column - 1] == "\u200b"
    assert "\u200b" not in str(found)


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ("{ru: [captive]}", True),
        ("{hy: [geri]}", True),
        ("{ru: [ОБСЕ, HAMAS]}", False),
        ("{any: [пленный]}", False),
        ("{tr: [şehit, savaş]}", False),
        ("{az: [əsir, Ağdam]}", False),
    ],
)
def test_a_latin_word_among_russian_and_armenian_ones(terms: str, wrong: bool, warned: Warned) -> None:
    assert ("script" in codes(warned(f"{{one: {terms}}}"))) is wrong


class TestFreePrefixes:
    def test_the_words_that_nobody_meant_are_named(self, warned: Warned) -> None:
        [found] = [each for each in warned("{one: {hy: ['սահման*']}}") if each.code == "free-prefix"]
        assert "սահմանադրություն" in found.reason

    @pytest.mark.parametrize("terms", ["{ru: ['плен*']}", "{tr: ['sınır*']}", "{tr: ['esir*']}", "{en: ['conven*']}"])
    def test_those_that_were_found_to_be_dangerous(self, terms: str, warned: Warned) -> None:
        assert "free-prefix" in codes(warned(f"{{one: {terms}}}"))

    @pytest.mark.parametrize("terms", ["{ru: ['вторж*']}", "{en: ['repatriat*']}", "{en: ['Azerbaijan*']}"])
    def test_verbs_and_names_are_left_alone(self, terms: str, warned: Warned) -> None:
        assert "free-prefix" not in codes(warned(f"{{one: {terms}}}"))

    def test_what_stands_under_not_was_thought_of(self, warned: Warned) -> None:
        terms = "{one: {en: ['conven*'], not: {en: ['convenien*', 'convention*']}}}"
        assert "free-prefix" not in codes(warned(terms))

    def test_what_stands_beside_it_is_welcome(self, warned: Warned) -> None:
        found = codes(warned("{one: {en: ['conven*', convenient, convenience, conventional, convention~]}}"))
        assert "free-prefix" not in found


class TestGuards:
    def test_a_term_of_a_rule_that_a_guard_silences(self, warned: Warned) -> None:
        [found] = warned("{one: {en: [captive~, footballs]}}", {"guards": GUARD})
        assert (found.code, found.source[found.column - 1 :][:9]) == ("term-in-guard", "footballs")
        assert "the guard sport (football~), which silences a-rule" in found.reason

    def test_a_guard_for_any_language_counts(self, warned: Warned) -> None:
        assert codes(warned("{one: {en: [captive~, FIFA]}}", {"guards": GUARD})) == ["term-in-guard"]

    def test_a_guard_that_the_rule_lifts_does_not(self, warned: Warned) -> None:
        assert warned("{one: {en: [footballs]}}", {"guards": GUARD}, lifts="sport") == []

    def test_a_guard_that_lets_news_pass_does_not(self, warned: Warned) -> None:
        guard = GUARD.replace("stance: none", "stance: claim")
        assert warned("{one: {en: [footballs]}}", {"guards": guard}) == []

    def test_what_the_rule_keeps_out_may_stand_in_a_guard(self, warned: Warned) -> None:
        terms = "{one: {en: [captive~]}, two: {en: [football~]}}"
        clauses = "{a: {any: [one]}, b: {any: [two]}}"
        assert warned(terms, {"guards": GUARD}, clauses=clauses, condition="a and not b") == []


class TestLanguages:
    CLAUSES = "{a: {near: [one, two], within: sentence}}"

    def test_a_rule_that_can_never_fire_in_a_language(self, warned: Warned) -> None:
        found = warned("{one: {en: [captive~], az: [əsir~]}, two: {en: [freed]}}", clauses=self.CLAUSES)
        assert codes(found) == ["language-missing"]
        assert "never fire in Azerbaijani: two has no Azerbaijani terms, one has" in found[0].reason

    def test_a_language_that_no_group_has_is_not_missed(self, warned: Warned) -> None:
        assert warned("{one: {en: [captive~]}, two: {en: [freed]}}", clauses=self.CLAUSES) == []

    def test_another_group_that_stands_in_for_it_is_enough(self, warned: Warned) -> None:
        clauses = "{a: {near: [one, [two, three]], within: sentence}}"
        terms = "{one: {en: [captive~], az: [əsir~]}, two: {en: [freed]}, three: {az: [azad]}}"
        assert "language-missing" not in codes(warned(terms, clauses=clauses))

    def test_what_is_kept_out_in_one_language_and_let_in_in_another(self, warned: Warned) -> None:
        terms = "{one: {en: [captive~], az: [əsir~]}, two: {en: [film~]}}"
        clauses = "{a: {any: [one]}, film: {any: [two]}}"
        found = warned(
            terms,
            clauses=clauses,
            condition="a and not film",
            examples="""
  match: [{en: Captives}, {az: Əsirlər}]
  no match: [{en: A film about captives}]
""",
        )
        assert codes(found) == ["language-missing"]
        assert "film keeps nothing out in az" in found[0].reason

    def test_a_list_without_the_language_is_named(self, warned: Warned) -> None:
        lists = {"things": "title: T\nterms: {thing: {en: [freed]}}"}
        clauses = "{a: {near: [one, things.thing], within: sentence}}"
        terms = "{one: {en: [captive~], tr: [esir~]}}"
        found = warned(terms, lists, clauses=clauses, uses="things")
        assert "things.thing has no Turkish terms" in found[0].reason


class TestExamples:
    def test_none_that_says_what_the_rule_must_not_take(self, warned: Warned) -> None:
        assert codes(warned("{one: {en: [captive~]}}", examples="{match: [{en: Captives}]}")) == ["no-negative"]

    def test_none_in_a_language_that_the_rule_speaks(self, warned: Warned) -> None:
        [found] = warned("{one: {en: [captive~], az: [əsir~], tr: [esir~]}}")
        assert (found.code, "az, tr" in found.reason) == ("no-example", True)

    def test_one_that_stands_twice(self, warned: Warned) -> None:
        twice = "{match: [{en: Captives}, {en: Captives}], no match: [{en: Lorries}]}"
        assert codes(warned("{one: {en: [captive~]}}", examples=twice)) == ["same-example"]

    def test_one_that_must_match_and_must_not(self, warned: Warned) -> None:
        [found] = warned("{one: {en: [captive~]}}", examples="{match: [{en: Captives}], no match: [{en: Captives}]}")
        assert "must match (line" in found.reason


class TestClauses:
    TWO = "{one: {en: [captive~]}, two: {en: [freed]}}"

    def test_without_that_bars_what_near_asks_for(self, warned: Warned) -> None:
        clauses = "{a: {near: [one, two], within: sentence, without: [two]}}"
        [found] = warned(self.TWO, clauses=clauses)
        assert (found.code, "without bars two" in found.reason) == ("dead-clause", True)

    def test_groups_that_share_no_language(self, warned: Warned) -> None:
        clauses = "{a: {any: [one]}, b: {near: [one, two], within: sentence}}"
        terms = "{one: {en: [captive~]}, two: {az: [azad]}}"
        assert "dead-clause" in codes(warned(terms, clauses=clauses, condition="a or b"))

    def test_two_clauses_that_say_the_same(self, warned: Warned) -> None:
        clauses = "{a: {any: [one]}, b: {any: [one]}}"
        terms = "{one: {en: [captive~]}}"
        assert codes(warned(terms, clauses=clauses, condition="a and b")) == ["same-clause"]

    def test_a_clause_that_changes_nothing(self, warned: Warned) -> None:
        clauses = "{a: {any: [one]}, b: {any: [two]}}"
        [found] = warned(self.TWO, clauses=clauses, condition="a or (a and not b)")
        assert "b never changes what comes out" in found.reason

    def test_a_condition_that_can_never_hold(self, warned: Warned) -> None:
        [found] = warned("{one: {en: [captive~]}}", condition="a and not a")
        assert (found.code, "can never hold" in found.reason) == ("dead-condition", True)

    def test_more_words_than_a_sentence_has(self, warned: Warned) -> None:
        clauses = "{a: {near: [one, two], within: 60 words}}"
        assert codes(warned(self.TWO, clauses=clauses)) == ["wide"]

    @pytest.mark.parametrize(
        ("condition", "expected"),
        [("a", ["never-by-title"]), ("a and b", ["never-by-title"]), ("a or b", []), ("b and not a", [])],
    )
    def test_a_rule_that_no_title_alone_can_satisfy(self, condition: str, expected: list[str], warned: Warned) -> None:
        clauses = "{a: {any: [one], in: lead}, b: {any: [two]}}"
        if condition == "a":
            clauses = "{a: {near: [one, two], within: sentence, in: [lead, body]}}"
        assert codes(warned(self.TWO, clauses=clauses, condition=condition)) == expected


def test_only_the_files_that_are_asked_for_are_looked_at(book: MakeBook, tmp_path: Path) -> None:
    things = "title: T\nterms: {thing: {en: [freed, 'free*']}}"
    made = book(
        {"things": things},
        terms="{one: {en: [go]}}",
        clauses="{a: {any: [one, things]}}",
        condition="a",
        uses="things",
        examples=CLEAN,
    )
    assert codes(lint(made, [tmp_path / "a-rule.yaml"])) == ["short-term"]
    assert {warning.code for warning in lint(made, [tmp_path / "lists" / "things.yaml"])} >= {"shadowed-term"}
    assert lint(made, []) == []


def test_files_with_faults_are_left_alone(write_rule: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    broken = "title: T\nactors: [{en: [x]}, text]\nguards: {name: 1}\nterms: [a]\ntraps: {before: [x], after: {en: x}}"
    (tmp_path / "lists" / "broken.yaml").write_text(broken, "utf-8")
    folder = write_rule(terms="{one: {en: [go]}}", clauses="{a: {any: [nothing]}}", condition="a")
    with pytest.raises(RuleErrors) as faults:
        load_rulebook(folder)
    assert lint(faults.value.partial, []) == []


def test_the_shipped_rules_have_no_warnings_of_rules_and_clauses() -> None:
    found = lint(load_rulebook(library()))
    assert {warning.code for warning in found} <= {"shadowed-term", "free-prefix", "short-term"}

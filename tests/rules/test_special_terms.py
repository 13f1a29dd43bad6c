"""Terms that count only sometimes: weak ones, dated ones, regular expressions, and those of one part of the article."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import expressions
from rules.article import LANGUAGES, Article
from rules.expressions import Expression, Expressions
from rules.match import Match
from rules.matching import match_article
from rules.rulebook import Rulebook, RuleErrors, load_rulebook
from rules.text import WORD

MakeArticle = Callable[..., Article]
MakeBook = Callable[..., Rulebook]
WriteRule = Callable[..., Path]
FILLER = "Nothing of note was said at the briefing on that day in the town. "


def one(article: Article, book: Rulebook) -> Match | None:
    return next(iter(match_article(article, book)), None)


# --- weak terms -----------------------------------------------------------------------------------------------------

WEAK = {
    "terms": "{crossed: {en: [cross~], weak: {en: [move~]}}, border: {en: [border], weak: {en: [line]}}}",
    "clauses": "{crossing: {any: [crossed]}, border: {any: [border]}}",
    "condition": "crossing",
}


@pytest.mark.parametrize(
    ("title", "condition", "matches"),
    [
        ("Troops cross at night", "crossing", True),
        ("Troops move at night", "crossing", False),
        ("Troops move to the border", "crossing and border", True),
        ("Troops move along the line", "crossing and border", False),  # two weak ones do not hold each other up
        ("Troops cross the line", "crossing and border", True),
        ("Troops move to the border", "crossing", False),  # the other clause must be of the condition
        ("Troops move to the border", "crossing and not border", False),
        ("Troops cross", "crossing or border", True),
    ],
)
def test_a_weak_term_counts_only_beside_another_clause(
    book: MakeBook, article: MakeArticle, title: str, condition: str, matches: bool
) -> None:
    clauses = WEAK["clauses"] if "border" in condition else "{crossing: {any: [crossed]}}"
    terms = WEAK["terms"] if "border" in condition else "{crossed: {en: [cross~], weak: {en: [move~]}}}"
    rules = book(terms=terms, clauses=clauses, condition=condition)
    assert (one(article(title), rules) is not None) == matches


def test_beside_means_in_the_same_sentence(book: MakeBook, article: MakeArticle) -> None:
    rules = book(**WEAK | {"condition": "crossing and border"})
    assert one(article("Troops move to the border"), rules)
    assert not one(article("Troops move", "The border is quiet."), rules)


def test_a_weak_word_is_shown_like_any_other(book: MakeBook, article: MakeArticle) -> None:
    match = one(article("Troops move to the border"), book(**WEAK | {"condition": "crossing and border"}))
    assert match
    assert [span.term for span in match.spans] == ["move~", "border"]
    assert match.in_title


def test_exclusions_take_weak_words_away_too(book: MakeBook, article: MakeArticle) -> None:
    terms = "{crossed: {en: [cross~], weak: {en: [move~]}, not: {en: [move~ on]}}, border: {en: [border]}}"
    rules = book(**WEAK | {"terms": terms, "condition": "crossing and border"})
    assert not one(article("Time to move on from the border"), rules)


def test_weak_terms_of_a_shared_list_are_weak_wherever_it_is_used(book: MakeBook, article: MakeArticle) -> None:
    rules = book(
        {"moves": "{title: x, terms: {crossed: {en: [cross~], weak: {en: [move~]}}}}"},
        uses="moves",
        terms="{border: {en: [border]}}",
        clauses="{crossing: {any: [moves]}, border: {any: [border]}}",
        condition="crossing and border",
    )
    assert one(article("Troops move to the border"), rules)
    assert not one(article("Troops move"), rules)


# --- dated aliases ---------------------------------------------------------------------------------------------------

ACTORS = """
title: Actors
actors:
  - name: Ruben Vardanyan
    side: ka
    en: [Vardanyan, {term: state minister, from: 2022-11-04, until: 2023-02-23}]
"""


@pytest.mark.parametrize(
    ("day", "matches"), [("2022-11-03", False), ("2022-11-04", True), ("2023-02-23", True), ("2023-02-24", False)]
)
def test_an_alias_holds_on_its_days_only(book: MakeBook, article: MakeArticle, day: str, matches: bool) -> None:
    rules = book({"actors": ACTORS}, uses="actors", terms="{}", clauses="{who: {any: [actors]}}", condition="who")
    when = datetime.fromisoformat(day).replace(hour=23, tzinfo=UTC)
    told = replace(article("The State Minister speaks"), published=when)
    assert (one(told, rules) is not None) == matches
    assert one(replace(told, title="Vardanyan speaks"), rules)


# --- title, lead and body --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "title", "lead", "body"),
    [
        ("", True, True, False),
        (", in: title", True, False, False),
        (", in: lead", False, True, False),
        (", in: body", False, False, True),
        (", in: [title, body]", True, False, True),
        (", in: [title, lead, body]", True, True, True),
    ],
)
def test_a_clause_looks_where_it_says(
    book: MakeBook, article: MakeArticle, where: str, title: bool, lead: bool, body: bool
) -> None:
    rules = book(terms="{freed: {en: [freed]}}", clauses="{freed: {any: [freed]" + where + "}}", condition="freed")
    assert (one(article("Captives freed"), rules) is not None) == title
    assert (one(article("News", "Captives freed today."), rules) is not None) == lead
    assert (one(article("News", FILLER * 10 + "Captives freed today."), rules) is not None) == body


def test_what_stands_deep_in_a_long_text_silences_nothing(book: MakeBook, article: MakeArticle) -> None:
    guards = "{title: x, guards: [{name: sport, stance: none, where: anywhere, terms: {en: [football]}}]}"
    parts = {"terms": "{freed: {en: [freed]}}", "clauses": "{freed: {any: [freed]}}", "condition": "freed"}
    rules = book({"guards": guards}, **parts)
    for lead, stance in (("A football club said so.", "none"), (FILLER * 10 + "Football: page 7.", "report")):
        match = one(article("Captives freed", lead), rules)
        assert match
        assert match.stance == stance


# --- regular expressions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "language", "title", "shown"),
    [
        (r"(brigade|regiment) no\. ?\d+", "en", "The Brigade No. 102 moved", "Brigade No. 102"),
        (r"границ\pL*", "ru", "На ГРАНИЦЕ тихо", "ГРАНИЦЕ"),
        (r"границ", "ru", "На границе тихо", None),  # whole words only
        (r"алиев", "ru", "Валиева каталась", None),
        (r"п[оа]ши?нян", "ru", "Выступил Пoшинян", "Пoшинян"),  # a Latin o, levelled
        (r"№ ?\d+", "ru", "Пост № 3 открыт", "3"),
        (r"moved\. the", "en", "It moved. The end", None),  # never across the end of a sentence
        (r"եվ \pL+", "hy", "Հայաստան և Ադրբեջան", "և Ադրբեջան"),
    ],
)
def test_an_expression_takes_whole_words_of_the_levelled_text(
    book: MakeBook, article: MakeArticle, pattern: str, language: str, title: str, shown: str | None
) -> None:
    terms = f"{{unit: {{regex: {{{language}: ['{pattern}']}}}}}}"
    rules = book(terms=terms, clauses="{unit: {any: [unit]}}", condition="unit")
    match = one(article("x", title, language), rules)
    assert (match is not None) == (shown is not None)
    if match:
        (span,) = match.spans
        assert title[span.start : span.end] == shown


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"\bborder\b", "\\b knows the letters of English only"),
        (r"a\w+", "\\w knows"),
        ("(border", "missing )"),
        ("(?=border)", "perl operator"),
        (r"(a)\1", "escape"),
        ("(a{500}){500}", "repetition"),
        ("(border)?", "takes nothing"),
        ("ёлка", "stands in no text"),
    ],
)
def test_an_expression_that_cannot_work_is_refused_with_words(write_rule: WriteRule, pattern: str, said: str) -> None:
    terms = f"{{unit: {{regex: {{ru: ['{pattern}']}}}}}}"
    folder = write_rule(terms=terms, clauses="{unit: {any: [unit]}}", condition="unit")
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(folder)
    (fault,) = raised.value.errors
    assert fault.code == "regex"
    assert said in fault.reason


def test_an_expression_made_to_run_away_does_not(book: MakeBook, article: MakeArticle) -> None:
    rules = book(terms="{x: {regex: {en: ['(a+)+b', '(a|aa)+c']}}}", clauses="{x: {any: [x]}}", condition="x")
    began = time.process_time()
    match_article(article("a" * 300, "a" * 4_000 + " " + "a " * 2_000), rules)
    assert time.process_time() - began < 5


@settings(deadline=None)
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_an_expression_for_any_word_takes_each_word_of_any_text(text: str, language: str) -> None:
    known = Expressions()
    known.add(Expression(language, r"[\pL\pM\pN']+"), 1)
    cuts = [cut.span() for cut in WORD.finditer(text)]
    found = expressions.find(known.of(language), text, cuts, language)
    assert all(0 <= piece.first <= piece.last < len(cuts) for piece in found)
    assert not found or found[-1].last < len(cuts)


# --- a guard that looks right before the news ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "stance"),
    [
        ("Baku did not release captives", "denial"),
        ("Baku has not yet really released captives", "denial"),
        ("It was not Moscow but Baku that released captives", "report"),
        ("Captives released, not exchanged", "report"),
        ("No deal. Captives released", "report"),
        ("Captives not yet home", "report"),  # the term holds the word itself
    ],
)
def test_a_guard_can_look_right_before_the_words_of_the_news(
    book: MakeBook, article: MakeArticle, title: str, stance: str
) -> None:
    guards = "{title: x, guards: [{name: negation, stance: denial, where: before, terms: {en: [not, no]}}]}"
    parts = {
        "terms": "{freed: {en: [release~, not yet home]}, captives: {en: [captive~]}}",
        "clauses": "{freed: {near: [captives, freed], within: sentence}}",
    }
    match = one(article(title), book({"guards": guards}, **parts, condition="freed"))
    assert match
    assert match.stance == stance

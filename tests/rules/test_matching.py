"""Matching: when a rule fires, where, how strongly, and in which stance."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.article import LANGUAGES, Article
from rules.match import Match
from rules.matching import match_article, quote
from rules.rulebook import Rulebook
from rules.text import fold

MakeArticle = Callable[..., Article]
MakeBook = Callable[..., Rulebook]

TERMS = (
    "{freed: {en: [freed, hand~ over, release~]}, captives: {en: [captive~, POWs], ru: [пленн~]}, "
    "bodies: {en: [body, bodies]}}"
)
CLAUSES = (
    "{freed: {near: [captives, freed], within: sentence}, bodies: {near: [bodies, freed], within: 4 words}, "
    "any: {any: [captives, bodies]}}"
)
CONDITION = "freed and any and not bodies"
GUARDS = """
title: Guards
guards:
  - {name: denial, stance: denial, where: sentence, unless: [frees.yes], terms: {en: [deny~, "no truth"]}}
  - {name: question, stance: question, where: title, terms: {en: [whether]}}
  - {name: anniversary, stance: anniversary, where: anywhere, terms: {en: [anniversary]}}
  - {name: claim, stance: claim, where: sentence, terms: {en: [says, "according to"]}}
"""
FREES = "{title: x, terms: {yes: {en: [confirm~]}}}"
ACTORS = """
title: Actors
actors:
  - {name: Armenia, side: am, groups: [states], en: [Armenia, Armenian], az: [Ermənistan~]}
  - {name: Azerbaijan, side: az, groups: [states], en: [Azerbaijan, Baku, Defence Ministry]}
  - {name: Armenian Defence Ministry, side: am, en: [Armenian Defence Ministry, Armenia Defence Ministry]}
  - {name: Russia, side: ru, groups: [states], en: [Russia, Moscow]}
"""


@pytest.fixture
def match(book: MakeBook, article: MakeArticle) -> Callable[..., Match | None]:
    """What the rule on captives makes of a title and a lead; `rule` changes parts of the rule."""

    def ask(title: str, lead: str = "", language: str = "en", **rule: str) -> Match | None:
        parts = {"terms": TERMS, "clauses": CLAUSES, "condition": CONDITION} | rule
        rules = book({"guards": GUARDS, "frees": FREES, "actors": ACTORS}, **parts)
        return next(iter(match_article(article(title, lead, language), rules)), None)

    return ask


Ask = Callable[..., Match | None]


def stance(found: Match | None) -> str:
    return found.stance if found else "no match"


def words(found: Match | None, title: str, lead: str = "") -> list[str]:
    texts = {"title": title, "summary": lead}
    return [texts[span.part][span.start : span.end] for span in found.spans] if found else []


def test_a_match_says_which_clauses_held_and_which_words(match: Ask) -> None:
    title = "Baku hands over two captives"
    found = match(title)
    assert found is not None
    assert found.clauses == ("freed", "any")
    assert words(found, title) == ["hands over", "captives"]
    assert [span.term for span in found.spans] == ["hand~ over", "captive~"]


def test_near_in_a_sentence_does_not_reach_into_the_next(match: Ask) -> None:
    assert match("News", "The captives are well. Prices were freed.") is None
    assert match("News", "The captives were, at long last and after many talks of both sides, freed.")


def test_the_title_is_a_sentence_of_its_own(match: Ask) -> None:
    assert match("The captives", "were freed") is None


def test_a_union_in_near_is_one_term_of_any_of_its_names(match: Ask) -> None:
    clauses = "{c: {near: [[captives, bodies], freed], within: sentence}}"
    rule = {"clauses": clauses, "condition": "c"}
    assert words(match("The body was handed over", **rule), "The body was handed over") == ["body", "handed over"]
    assert match("Captives were freed", **rule)
    assert match("The body of a captive", **rule) is None


@pytest.mark.parametrize("within", ["sentence", "2 words"])
def test_without_bars_the_sentence_and_no_other(match: Ask, within: str) -> None:
    clauses = f"{{c: {{near: [captives, freed], within: {within}, without: [bodies]}}}}"
    rule = {"clauses": clauses, "condition": "c"}
    assert match("Captives freed", "The body came later.", **rule)
    assert match("Captives freed, and then a long way off a body", **rule) is None
    assert match("A body", "Captives freed.", **rule)
    assert match("Captives freed with a body", "Captives freed.", **rule)


@pytest.mark.parametrize("kind", ["any", "all"])
def test_a_union_stands_in_any_and_all_as_well(match: Ask, kind: str) -> None:
    clauses = f"{{freed: {{any: [freed]}}, c: {{{kind}: [[captives, bodies]]}}}}"
    rule = {"clauses": clauses, "condition": "c and freed"}
    assert match("A body, freed", **rule)
    assert match("Freed", **rule) is None


SOURCE = {
    "uses": "actors",
    "terms": "{freed: {en: [freed]}}",
    "clauses": "{freed: {any: [freed]}, region: {any: [actors.either-side, source.either-side]}}",
    "condition": "freed and region",
}


@pytest.mark.parametrize(("side", "fires"), [("am", True), ("az", True), ("ka", True), ("ru", False), ("", False)])
def test_the_side_of_the_source_stands_in_for_a_name(
    book: MakeBook, article: MakeArticle, side: str, fires: bool
) -> None:
    rules = book({"actors": ACTORS}, **SOURCE)
    assert bool(match_article(article("Ten men freed", side=side), rules)) == fires
    assert match_article(article("Ten men freed by Baku", side=side), rules)


def test_the_side_of_the_source_adds_no_words_and_counts_as_the_title(book: MakeBook, article: MakeArticle) -> None:
    (found,) = match_article(article("Ten men freed", side="am"), book({"actors": ACTORS}, **SOURCE))
    assert [span.term for span in found.spans] == ["freed"]
    assert found.clauses == ("freed", "region")
    assert found.in_title


def test_a_rule_that_asks_for_nothing_but_a_source_is_still_asked(book: MakeBook, article: MakeArticle) -> None:
    clauses = "{am: {all: [source.am]}, az: {any: [source.az]}}"
    rules = book(terms="{}", clauses=clauses, condition="am or az")
    (found,) = match_article(article("Nothing to see", side="am"), rules)
    assert (found.clauses, found.spans) == (("am",), ())
    assert quote(article("Nothing to see"), found).text == "Nothing to see"
    assert match_article(article("Nothing to see", side="tr"), rules) == []


def test_all_may_ask_for_a_word_and_a_source(book: MakeBook, article: MakeArticle) -> None:
    rules = book(terms="{freed: {en: [freed]}}", clauses="{c: {all: [freed, source.am]}}", condition="c")
    assert match_article(article("Ten freed", side="am"), rules)
    assert match_article(article("Ten freed", side="az"), rules) == []
    assert match_article(article("Ten held", side="am"), rules) == []


def test_a_guard_may_look_at_title_and_sentence(book: MakeBook, article: MakeArticle) -> None:
    guard = "{name: denial, stance: denial, where: [title, sentence], terms: {en: [denies]}}"
    rules = book({"guards": f"{{title: x, guards: [{guard}]}}"}, terms=TERMS, clauses=CLAUSES, condition=CONDITION)

    def told(title: str, lead: str) -> str:
        return match_article(article(title, lead), rules)[0].stance

    assert told("Baku denies it", "Captives were freed.") == "denial"
    assert told("News", "Baku denies that captives were freed.") == "denial"
    assert told("News", "Captives were freed. Baku denies a shooting.") == "report"


def test_a_clause_under_not_keeps_the_rule_silent(match: Ask) -> None:
    assert match("Captives of war: two bodies freed") is None


def test_near_counts_words_between_the_nearest_ends(match: Ask) -> None:
    clauses = "{near: {near: [captives, freed], within: 3 words}, bodies: {any: [bodies]}}"
    near = {"clauses": clauses, "condition": "near or bodies"}
    assert match("Captives who were freed", **near)
    assert match("Captives who were all freed", **near) is None
    assert match("Freed were all captives", **near)


def test_one_word_cannot_stand_near_itself(match: Ask) -> None:
    terms = "{one: {en: [exchange~]}, two: {en: [exchange~, swap]}}"
    clauses = "{near: {near: [one, two], within: sentence}}"
    assert match("An exchange", terms=terms, clauses=clauses, condition="near") is None
    assert match("An exchange, a swap", terms=terms, clauses=clauses, condition="near")


@pytest.mark.parametrize(("where", "title", "lead"), [("title", True, False), ("lead", False, True)])
def test_a_clause_may_be_bound_to_title_or_lead(match: Ask, where: str, title: bool, lead: bool) -> None:
    rule = {"terms": "{c: {en: [captives]}}", "clauses": f"{{c: {{any: [c], in: {where}}}}}", "condition": "c"}
    assert (match("Captives", "Nothing", **rule) is not None) == title
    assert (match("Nothing", "Captives", **rule) is not None) == lead


def test_the_title_alone_is_the_stronger_match(match: Ask) -> None:
    strong, weak = match("Captives freed"), match("Good news", "Captives were freed.")
    assert strong is not None
    assert weak is not None
    assert strong.in_title
    assert not weak.in_title


def test_exclusions_take_a_word_away(match: Ask) -> None:
    terms = "{c: {ru: ['плен*'], not: {ru: ['пленар*', 'плен~ иллюзий']}}}"
    rule = {"terms": terms, "clauses": "{c: {any: [c]}}", "condition": "c"}
    assert match("Плен длился год", language="ru", **rule)
    assert match("Пленарное заседание", language="ru", **rule) is None
    assert match("В плену иллюзий", language="ru", **rule) is None


def test_words_of_a_phrase_are_adjacent_and_no_comma_parts_them(match: Ask) -> None:
    rule = {"terms": "{c: {en: [goris kapan]}}", "clauses": "{c: {any: [c]}}", "condition": "c"}
    assert match("The Goris–Kapan road", **rule)
    assert match("Goris, Kapan", **rule) is None
    assert match("Goris and Kapan", **rule) is None


def test_terms_of_another_language_do_not_apply(match: Ask) -> None:
    rule = {"terms": "{c: {tr: [para]}}", "clauses": "{c: {any: [c]}}", "condition": "c"}
    assert match("Para military", language="en", **rule) is None
    assert match("Para", language="tr", **rule)


@pytest.mark.parametrize("language", ["", "uk", "fr"])
def test_an_unknown_language_is_read_with_all_terms_of_its_script(match: Ask, language: str) -> None:
    rule = {"clauses": "{c: {any: [captives, freed, bodies]}}", "condition": "c"}
    assert match("Пленных", language=language, **rule)
    assert match("POWs", language=language, **rule)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Captives freed", "report"),
        ("Baku says captives were freed", "claim"),
        ("Yerevan denies that captives were freed", "denial"),
        ("Captives freed, Yerevan confirms what it denied", "report"),
        ("Will captives be freed?", "question"),
        ("Unclear whether captives were freed, ministry says", "question"),
        ("Captives were freed: an anniversary", "anniversary"),
    ],
)
def test_the_first_guard_that_fires_sets_the_stance(match: Ask, title: str, expected: str) -> None:
    assert stance(match(title)) == expected


def test_a_guard_of_the_sentence_looks_only_at_sentences_that_matched(match: Ask) -> None:
    assert stance(match("Captives freed", "Yerevan denies something else.")) == "report"
    assert stance(match("Captives freed", "Today is an anniversary.")) == "anniversary"


def test_background_in_a_later_sentence_does_not_decide_the_stance(match: Ask) -> None:
    lead = "Moscow says it denies that other captives were released."
    assert stance(match("Captives freed", lead)) == "report"


def test_the_sentence_that_only_names_the_region_does_not_decide_the_stance(match: Ask) -> None:
    rule = {
        "uses": "actors",
        "clauses": CLAUSES.replace("any: {any: [captives, bodies]}", "any: {any: [actors.az]}"),
    }
    assert stance(match("Captives freed", "Baku denies other reports.", **rule)) == "report"


def test_a_rule_may_lift_a_guard(match: Ask) -> None:
    found = match("Will captives be freed?", lifts="question")
    assert stance(found) == "report"


def test_the_guard_is_named(match: Ask) -> None:
    found = match("Yerevan denies that captives were freed")
    assert found is not None
    assert found.guard == "denial"


def test_the_longest_alias_of_an_actor_wins(match: Ask) -> None:
    rule = {
        "uses": "actors",
        "terms": "{freed: {en: [freed]}}",
        "clauses": "{freed: {any: [freed]}, side: {any: [actors.either-side]}}",
        "condition": "freed and side",
        "extract": "{by: {actor near: freed, within: 5 words}}",
    }
    found = match("Captives freed, Armenian Defence Ministry announced", **rule)
    assert found is not None
    assert found.facts.actors == {"by": ("Armenian Defence Ministry",)}
    assert match("Russia freed them", **rule) is None


def test_parts_of_lists_are_sides_and_groups(match: Ask) -> None:
    rule = {"uses": "actors", "terms": "{}", "clauses": "{c: {any: [actors.states]}}", "condition": "c"}
    assert match("Moscow", **rule)
    assert match("Armenian Defence Ministry", **rule) is None


def test_the_nearest_actor_is_taken_and_the_title_goes_first(match: Ask) -> None:
    rule = {"uses": "actors", "extract": "{by: {actor near: freed, within: 8 words}}"}
    rule |= {"terms": "{freed: {en: [freed]}}", "clauses": "{c: {any: [freed, actors]}}", "condition": "c"}
    found = match("Baku freed Armenian men", "Russia freed others.", **rule)
    assert found is not None
    assert found.facts.actors == {"by": ("Azerbaijan",)}


def test_actors_of_a_part_are_told_in_the_order_of_the_text(match: Ask) -> None:
    rule = {"uses": "actors", "extract": "{who: {actors of: actors.states}}", "terms": "{met: {en: [met]}}"}
    rule |= {"clauses": "{c: {near: [actors.states, met], within: sentence}}", "condition": "c"}
    found = match("Baku and Moscow met, Azerbaijan says", "Armenia waits. Armenia and Russia met.", **rule)
    assert found is not None
    assert found.facts.actors == {"who": ("Azerbaijan", "Russia")}
    found = match("Talks", "Armenia and Russia met. Baku and Russia met in May.", **rule)
    assert found is not None
    assert found.facts.actors == {"who": ("Armenia", "Russia")}


def test_several_rules_come_strongest_first(
    book: MakeBook, write_rule: Callable[..., object], article: MakeArticle
) -> None:
    one = {"terms": "{c: {en: [captives]}}", "clauses": "{c: {any: [c]}}", "condition": "c"}
    write_rule(
        "lead.yaml", id="in-lead", terms="{f: {en: [freed]}}", clauses="{f: {any: [f], in: lead}}", condition="f"
    )
    write_rule("low.yaml", id="low-level", level="low", **one)
    two = {"clauses": "{c: {any: [c]}, d: {any: [c]}}", "condition": "c and d"}
    write_rule("two.yaml", id="two-clauses", level="low", **(one | two))
    rules = book(None, **one)
    found = match_article(article("Captives", "freed"), rules)
    assert [each.rule for each in found] == ["two-clauses", "a-rule", "low-level", "in-lead"]


def test_a_deprecated_rule_matches_nothing(book: MakeBook, article: MakeArticle) -> None:
    rule = {"terms": "{c: {en: [captives]}}", "clauses": "{c: {any: [c]}}", "condition": "c"}
    assert match_article(article("Captives"), book(None, **rule))
    assert match_article(article("Captives"), book(None, status="deprecated", **rule)) == []


def test_a_condition_that_asks_for_nothing_still_decides(match: Ask) -> None:
    rule = {"terms": "{c: {en: [captives]}}", "clauses": "{c: {any: [c]}}", "condition": "not c"}
    assert match("Nothing at all", **rule)
    assert match("Captives", **rule) is None


def test_the_quote_is_the_sentence_that_matched_with_its_words(match: Ask, article: MakeArticle) -> None:
    lead = "It was cold. Two captives  were freed at noon. More later."
    found = match("Good news", lead)
    assert found is not None
    told = quote(article("Good news", lead), found)
    assert told.text == "Two captives  were freed at noon."
    assert [told.text[start:end] for start, end in told.bold] == ["captives", "freed"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_text_matches_without_failing_and_spans_name_their_words(
    data: st.DataObject, book: MakeBook, article: MakeArticle
) -> None:
    clauses = "{c: {any: [captives, freed, bodies]}, n: {near: [captives, freed], within: 5 words}}"
    rules = book({"guards": GUARDS, "frees": FREES}, terms=TERMS, clauses=clauses, condition="c or n")
    piece = st.sampled_from(
        ["captives", "FREED", "hand\u00ads over", "пленных", "bodies", ". ", "! ", "\n", "?", "10", "Ժամը՞"]
    )
    text = st.lists(piece | st.text(max_size=5)).map(" ".join) | st.text()
    asked = article(data.draw(text), data.draw(text), data.draw(st.sampled_from([*LANGUAGES, "", "xx"])))
    for found in match_article(asked, rules):
        for span in found.spans:
            written = (asked.title if span.part == "title" else asked.summary)[span.start : span.end]
            assert fold(written, "en")[:3] in {fold(form, "en")[:3] for form in (span.term, "POWs", "bodies")}
        told = quote(asked, found)
        assert all(0 <= start < end <= len(told.text) for start, end in told.bold)

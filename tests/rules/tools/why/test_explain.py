"""Explanations: they say what matching decided, for every clause by which words, or what was in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.article import LANGUAGES, Article, Source
from rules.match import NEWS
from rules.matching import decide, match_article
from rules.rulebook import Rulebook, library, load_rulebook
from rules.terms import Validity
from rules.tools.why.explain import ClauseTrace, Explanation, RuleTrace, explain
from rules.tools.why.phrases import reason_in_words
from rules.tools.why.reasons import Reason

MakeArticle = Callable[..., Article]
MakeBook = Callable[..., Rulebook]
NOW = datetime(2021, 12, 4, tzinfo=UTC)
GUARDS = """
title: x
guards: [{name: sport, stance: none, where: anywhere, unless: [army], terms: {en: [football]}},
         {name: denial, stance: denial, where: sentence, terms: {en: [denies]}},
         {name: question, stance: question, where: title, terms: {en: [whether]}},
         {name: claim, stance: claim, where: [title, sentence], terms: {en: [says]}}]
"""
ARMY = "{title: x, terms: {army: {en: [army]}}}"
RULE = {
    "terms": "{captives: {en: [captive~]}, freed: {en: [freed, hand~ over]}, mud: {en: [mud]}}",
    "clauses": "{freed: {near: [captives, freed], within: 3 words, without: [mud]}}",
    "condition": "freed",
}


@cache
def shipped() -> Rulebook:
    return load_rulebook(library())


def traced(book: Rulebook, article: Article) -> RuleTrace:
    (trace,) = explain(article, book, book.rules.values()).rules
    return trace


def clause(book: Rulebook, article: Article, name: str = "freed") -> ClauseTrace:
    return next(each for each in traced(book, article).clauses if each.name == name)


def only_reason(book: Rulebook, article: Article, name: str = "freed") -> Reason:
    (reason,) = clause(book, article, name).reasons
    return reason


# --- it cannot disagree with matching -------------------------------------------------------------------------------


def agrees(explanation: Explanation, book: Rulebook) -> None:
    """Verdict, clauses, stance and guard are those of matching; whatever fails has a reason, whatever holds a cause."""
    article = explanation.article
    matches = {match.rule: match for match in match_article(article, book)}
    assert [trace.match for trace in explanation.matching] == list(matches.values())
    for trace in explanation.rules:
        decision, match = decide(article, trace.rule, book), matches.get(trace.rule.id)
        assert trace.match == match
        assert decision.condition == (match is not None)
        assert {each.name: each.holds for each in trace.clauses} == decision.clauses
        assert decision.guard == (trace.guards.deciding.name if trace.guards.deciding else "")
        assert bool(trace.lacks) == bool(trace.nearest) == (match is None)
        if match and trace.guards.deciding:
            assert trace.guards.deciding.stance == match.stance
            assert trace.guards.deciding.words or match.stance == "question"
        for each in trace.clauses:
            assert bool(each.reasons) != each.holds
            assert all(reason_in_words(reason) for reason in each.reasons)
            spoken = each.holds and not each.words
            assert not spoken or article.source.side, f"{each.name} holds without a word and without a source"
        check_spans(trace, article)


def check_spans(trace: RuleTrace, article: Article) -> None:
    for each in trace.clauses:
        reached = [word for reason in each.reasons for word in (*reason.words, *reason.by)]
        for word in (*each.words, *reached):
            text = article.title if word.part == "title" else article.summary
            assert text[word.start : word.end] == word.text != ""


def test_it_agrees_with_matching_on_every_example_of_the_library() -> None:
    book = shipped()
    for rule in book.rules.values():
        for each in rule.examples:
            article = Article("", each.title, each.lead, each.language, NOW, Source("", "", each.side))
            explanation = explain(article, book, book.rules.values())
            agrees(explanation, book)
            trace = next(trace for trace in explanation.rules if trace.rule is rule)
            assert (trace.match is not None and trace.match.stance in NEWS) == each.matches


PIECES = [
    word
    for rule in shipped().rules.values()
    for example in rule.examples[::3]
    for word in f"{example.title} {example.lead}".split()
]
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from([".", ",", "?", "։", "10", "- "])), max_size=25)


@settings(max_examples=60)
@given(
    st.builds(" ".join, TEXTS),
    st.builds(" ".join, TEXTS),
    st.sampled_from([*LANGUAGES, ""]),
    st.sampled_from(["", "az"]),
)
def test_it_agrees_with_matching_on_words_of_the_rules_in_any_order(
    title: str, lead: str, language: str, side: str
) -> None:
    article = Article("", title, lead, language, NOW, Source("", "", side))
    agrees(explain(article, shipped(), shipped().rules.values()), shipped())


@settings(max_examples=40)
@given(st.text(max_size=80), st.text(max_size=200), st.sampled_from([*LANGUAGES, "", "xx"]))
def test_it_agrees_with_matching_on_any_text(title: str, lead: str, language: str) -> None:
    article = Article("", title, lead, language, NOW, Source("", "", ""))
    agrees(explain(article, shipped(), shipped().rules.values()), shipped())


SPECIAL = """
id: special
title: Everything that a rule may hold
status: test
level: low
meaning: For tests.
terms:
  a: {en: [alpha~, old name, {term: dated, from: 2022-01-01}], weak: {en: [soft]}, not: {en: [alpha beta]}}
  b: {en: [beta], weak: {en: [mild~]}, regex: {en: ['ga+mma']}}
  c: {en: [delta, alpha]}
clauses:
  near: {near: [a, b], within: 3 words, without: [c]}
  both: {near: [a, c], within: sentence}
  all: {all: [a, b], in: [title]}
  body: {any: [c, source.az], in: [lead, body]}
condition: (1 of near, both, every) and not body or (every and both)
lifts: [claim]
examples: {match: [{en: never run}]}
""".replace("  all:", "  every:").replace("1 of near, both, every", "near or both or every")
WORDS = [
    "alpha",
    "beta",
    "gaamma",
    "delta",
    "soft",
    "mild",
    "dated",
    "old",
    "name",
    "so",
    ".",
    ",",
    "?",
    "denies",
    "says",
]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


@settings(max_examples=150)
@given(title=SENTENCES, lead=SENTENCES, side=st.sampled_from(["", "az", "am"]), late=st.booleans())
def test_it_agrees_with_matching_on_weak_dated_and_regular_terms(
    special: Rulebook, title: str, lead: str, side: str, late: bool
) -> None:
    when = datetime(2023, 1, 1, tzinfo=UTC) if late else NOW
    article = Article("", title, lead * 20 if late else lead, "en", when, Source("", "", side))
    agrees(explain(article, special, special.rules.values()), special)


@pytest.fixture(scope="module")
def special(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("special")
    (folder / "lists").mkdir()
    (folder / "special.yaml").write_text(SPECIAL, "utf-8")
    (folder / "lists" / "guards.yaml").write_text(GUARDS, "utf-8")
    (folder / "lists" / "army.yaml").write_text(ARMY, "utf-8")
    return load_rulebook(folder)


# --- what holds -----------------------------------------------------------------------------------------------------


def test_a_clause_that_holds_names_its_words_with_term_and_group(book: MakeBook, article: MakeArticle) -> None:
    words = clause(book(**RULE), article("Two captives were handed over")).words
    assert [(word.text, word.term, word.group, word.where) for word in words] == [
        ("captives", "captive~", "captives", "title"),
        ("handed over", "hand~ over", "freed", "title"),
    ]


def test_a_clause_that_holds_by_the_source_has_no_words(book: MakeBook, article: MakeArticle) -> None:
    rules = book(**(RULE | {"clauses": "{freed: {any: [captives, freed, mud, source.az]}}"}))
    assert clause(rules, article("Nothing", side="az")) == ClauseTrace("freed", "any", True, True, (), ())


def test_a_weak_word_that_counts_is_told_as_weak(book: MakeBook, article: MakeArticle) -> None:
    terms = "{crossed: {en: [cross~], weak: {en: [move~]}}, border: {en: [border]}}"
    rules = book(terms=terms, clauses="{crossing: {any: [crossed]}, at: {any: [border]}}", condition="crossing and at")
    (word,) = clause(rules, article("Troops move at the border"), "crossing").words
    assert (word.text, word.weak) == ("move", True)


def test_matching_rules_come_first_and_then_the_nearest(article: MakeArticle) -> None:
    rules = shipped().rules.values()
    explanation = explain(article("Azerbaijan hands over ten Armenian servicemen"), shipped(), rules)
    assert explanation.rules[0].rule.id == "pow-release"
    assert [trace.rule.id for trace in explanation.matching] == ["pow-release"]
    short = [len(trace.nearest) for trace in explanation.rules[1:] if trace.touched]
    assert short == sorted(short)


# --- why not --------------------------------------------------------------------------------------------------------


def test_a_group_without_a_word_in_the_text_is_named(book: MakeBook, article: MakeArticle) -> None:
    reason = only_reason(book(**RULE), article("Two captives are well"))
    assert reason_in_words(reason) == "no word of freed"


def test_words_that_are_too_far_apart_are_told_with_their_distance(book: MakeBook, article: MakeArticle) -> None:
    reason = only_reason(book(**RULE), article("Two captives whom nobody had asked about were freed"))
    assert (reason.kind, reason.distance, reason.allowed) == ("distance", 7, 3)
    assert reason_in_words(reason) == "captives .. freed: distance 7, allowed 3; “captives”, “freed”"


@given(st.integers(1, 30), st.integers(1, 12))
@settings(max_examples=25)
def test_the_distance_told_is_the_least_that_would_do(gap: int, allowed: int) -> None:
    clauses = shipped().rules["pow-release"].clauses
    near = clauses["freed-soldiers"]
    title = " ".join(["Soldiers", *["so"] * gap, "released by Azerbaijan"])
    article = Article("", title, "", "en", NOW, Source("", "", ""))
    trace = next(
        each
        for each in explain(article, shipped(), [shipped().rules["pow-release"]]).rules[0].clauses
        if each.name == "freed-soldiers"
    )
    distances = [reason.distance for reason in trace.reasons if reason.kind == "distance"]
    assert distances == ([gap + 1] if gap + 1 > near.within else [])


def test_words_in_different_sentences_are_told_with_where_they_stand(book: MakeBook, article: MakeArticle) -> None:
    reason = only_reason(book(**RULE), article("Two captives are home", "They were well. All were freed."))
    assert reason_in_words(reason) == (
        "captives .. freed: not in one sentence; title: “captives” (captives); sentence 2 of the text: “freed” (freed)"
    )


def test_a_sentence_that_is_barred_is_told_with_the_word_that_bars_it(book: MakeBook, article: MakeArticle) -> None:
    reason = only_reason(book(**RULE), article("Captives freed from mud"))
    assert reason_in_words(reason) == "captives .. freed: the sentence also holds “mud” (mud), which bars it"


def test_what_is_both_too_far_off_and_barred_is_told_as_both(book: MakeBook, article: MakeArticle) -> None:
    reasons = clause(book(**RULE), article("Captives who had been in the mud were freed")).reasons
    assert [reason.kind for reason in reasons] == ["distance", "barred"]


def test_one_word_that_would_have_to_stand_for_two_groups_is_told(book: MakeBook, article: MakeArticle) -> None:
    terms = "{captives: {en: [swap]}, freed: {en: [swap]}, mud: {en: [mud]}}"
    reason = only_reason(book(**(RULE | {"terms": terms})), article("A swap"))
    assert reason_in_words(reason) == "captives .. freed: “swap” cannot stand for both"


def test_a_word_that_an_exclusion_takes_away_is_told_with_the_exclusion(book: MakeBook, article: MakeArticle) -> None:
    terms = "{captives: {en: [prison*], not: {en: [prison cell~]}}, freed: {en: [freed]}, mud: {en: [mud]}}"
    reason = only_reason(book(**(RULE | {"terms": terms})), article("Prison cells freed"))
    assert reason_in_words(reason) == "“Prison” (captives) is taken away by the exclusion prison cell~"


def test_a_phrase_that_a_comma_parts_is_told(book: MakeBook, article: MakeArticle) -> None:
    reason = only_reason(book(**RULE), article("Captives on hand, over there"))
    assert reason_in_words(reason) == "a comma or colon parts the phrase “hand, over” (freed)"


def test_words_that_stand_where_the_clause_does_not_look_are_told(book: MakeBook, article: MakeArticle) -> None:
    rules = book(**(RULE | {"clauses": "{freed: {all: [captives, freed, mud], in: title}}"}))
    reasons = clause(rules, article("Captives freed", "Mud.")).reasons
    assert [reason_in_words(reason) for reason in reasons] == [
        "“Mud” (mud) stands in the lead, the clause looks at the title"
    ]


def test_a_weak_word_with_nothing_beside_it_is_told(book: MakeBook, article: MakeArticle) -> None:
    rules = book(
        terms="{crossed: {en: [cross~], weak: {en: [move~]}}}", clauses="{freed: {any: [crossed]}}", condition="freed"
    )
    reason = only_reason(rules, article("Troops move at night"))
    assert reason_in_words(reason) == "“move” (crossed) is weak (move~) and no other clause holds beside it"


def test_an_alias_of_another_time_is_told_with_its_days(book: MakeBook, article: MakeArticle) -> None:
    terms = "{captives: {en: [{term: inmate~, from: 2022-01-01}]}, freed: {en: [freed]}, mud: {en: [mud]}}"
    reason = only_reason(book(**(RULE | {"terms": terms})), article("Inmates freed"))
    assert reason.valid == Validity(date(2022, 1, 1), None)
    assert reason_in_words(reason) == "“Inmates” (captives) holds only from 2022-01-01"


def test_a_name_within_a_longer_name_is_told(book: MakeBook, article: MakeArticle) -> None:
    actors = """
title: x
actors: [{name: Armenia, side: am, groups: [states], en: [Armenia]},
         {name: Church of Armenia, side: am, groups: [churches], en: [Church of Armenia]}]
"""
    rules = book(
        {"actors": actors}, uses="actors", terms="{captives: {en: [captive~]}}",
        clauses="{freed: {all: [actors.states, captives]}}", condition="freed",
    )  # fmt: skip
    reason = only_reason(rules, article("Captives at the Church of Armenia"))
    assert reason_in_words(reason) == "“Armenia” (actors.states) is part of a longer name, “Church of Armenia”"


def test_a_place_that_counts_for_nothing_alone_is_told(article: MakeArticle) -> None:
    only = shipped().rules["border-incursion"]
    trace = explain(article("Troops take control of the road to Baku"), shipped(), [only]).rules[0]
    told = [
        reason_in_words(reason) for each in trace.clauses for reason in each.reasons if reason.kind == "common-name"
    ]
    assert "“Baku” alone is no place: the name means other things too (places.context)" in told


def test_a_source_of_another_side_is_told(book: MakeBook, article: MakeArticle) -> None:
    rules = book(**(RULE | {"clauses": "{freed: {all: [captives, freed, mud, source.am]}}"}))
    reason = only_reason(rules, article("Captives freed from mud", side="az"))
    assert reason_in_words(reason) == "the source is not on the side am"


# --- guards ---------------------------------------------------------------------------------------------------------


def test_the_guard_that_set_the_stance_is_told_with_its_words(book: MakeBook, article: MakeArticle) -> None:
    trace = traced(book({"guards": GUARDS, "army": ARMY}, **RULE), article("Baku denies that captives were freed"))
    assert trace.guards.deciding
    assert (trace.guards.deciding.name, [word.text for word in trace.guards.deciding.words]) == ("denial", ["denies"])


def test_a_guard_that_a_question_mark_set_has_no_words(book: MakeBook, article: MakeArticle) -> None:
    trace = traced(book({"guards": GUARDS, "army": ARMY}, **RULE), article("Captives freed?"))
    assert trace.guards.deciding
    assert (trace.guards.deciding.name, trace.guards.deciding.words) == ("question", ())


def test_a_guard_that_unless_silenced_is_told_with_what_silenced_it(book: MakeBook, article: MakeArticle) -> None:
    rules = book({"guards": GUARDS, "army": ARMY}, **RULE)
    trace = traced(rules, article("Captives freed, says the army", "They met at a football ground."))
    (quiet,) = trace.guards.quiet
    assert (quiet.name, [word.text for word in quiet.silenced]) == ("sport", ["army"])
    assert trace.guards.deciding
    assert trace.guards.deciding.name == "claim"


def test_a_guard_that_the_rule_lifts_is_told(book: MakeBook, article: MakeArticle) -> None:
    rules = book({"guards": GUARDS, "army": ARMY}, lifts="denial", **RULE)
    trace = traced(rules, article("Baku denies that captives were freed"))
    assert [guard.name for guard in trace.guards.lifted] == ["denial"]
    assert trace.guards.deciding is None


# --- numbers --------------------------------------------------------------------------------------------------------


def test_numbers_are_told_with_what_they_are_taken_for(article: MakeArticle) -> None:
    title = "Azerbaijan hands over ten Armenian servicemen aged 20 years on 3 December, 7% of all"
    trace = explain(article(title), shipped(), [shipped().rules["pow-release"]]).rules[0]
    told = [(number.text, number.use, number.taken) for number in trace.numbers]
    assert told == [("ten", "count", ("count",)), ("20", "trap", ()), ("3", "date", ()), ("7", "form", ())]


def test_a_rule_that_is_deprecated_matches_nothing_though_its_clauses_hold(
    book: MakeBook, article: MakeArticle
) -> None:
    trace = traced(book(**(RULE | {"status": "deprecated"})), article("Captives freed"))
    assert trace.match is None
    assert (trace.clauses[0].holds, trace.nearest, trace.lacks) == (True, (), ())

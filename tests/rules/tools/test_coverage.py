"""What the rules offer in each language, and the words of articles that they just missed."""

from __future__ import annotations

from rules.article import LANGUAGES
from rules.rulebook import Rulebook
from rules.scan import Scan
from rules.tools.coverage import Offer, offers
from rules.tools.coverage_words import FLOOR, MissedWords
from tests.rules.conftest import MakeArticle, MakeBook

CAPTIVES = """
title: Captives
terms:
  captives: {en: [captive~, POW], ru: [пленн~]}
  soldiers: {en: [soldier~], any: [SAS]}
"""
FREED = "{freed: {en: [freed, released], weak: {en: [home]}, not: {en: [freed slave~]}}, other: {en: [film]}}"
CLAUSES = "{handover: {near: [captives.captives, freed], within: sentence}, other: {any: [other]}}"
CONDITION = "handover and not other"


def release(book: MakeBook, **parts: str) -> Rulebook:
    usual = {"uses": "captives", "terms": FREED, "clauses": CLAUSES, "condition": CONDITION}
    return book({"captives": CAPTIVES}, **(usual | parts))


def of_language(found: list[Offer], language: str) -> Offer:
    (offer,) = [each for each in found if each.language == language]
    return offer


def words(found: MissedWords) -> list[str]:
    return [each.word for each in found.result()]


def test_terms_are_those_by_which_a_rule_can_be_found_weak_ones_with_them(book: MakeBook) -> None:
    found = offers(release(book))
    assert [offer.language for offer in found] == list(LANGUAGES)
    assert of_language(found, "en").terms == 5
    assert of_language(found, "ru").terms == 1
    assert of_language(found, "hy").terms == 0


def test_a_term_for_any_language_counts_in_each(book: MakeBook) -> None:
    found = offers(release(book, clauses=CLAUSES.replace("captives.captives", "captives")))
    assert [of_language(found, language).terms for language in ("en", "ru", "tr")] == [7, 2, 1]


def test_a_group_that_two_clauses_name_counts_once(book: MakeBook) -> None:
    twice = CLAUSES[:-1] + ", again: {any: [freed]}}"
    found = offers(release(book, clauses=twice, condition=f"{CONDITION} and again"))
    assert of_language(found, "en").terms == 5


def test_examples_are_counted_by_language_and_kind(book: MakeBook) -> None:
    examples = "{match: [{en: a}, {en: b}, {ru: c}], no match: [{en: d}]}"
    found = offers(release(book, examples=examples))
    english, russian = of_language(found, "en"), of_language(found, "ru")
    assert (english.matching, english.not_matching) == (2, 1)
    assert (russian.matching, russian.not_matching) == (1, 0)


def test_a_deprecated_rule_offers_nothing(book: MakeBook) -> None:
    assert offers(release(book, status="deprecated")) == []


def test_a_word_that_stands_where_one_name_is_lacking_is_found(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(FLOOR):
        found.take(article(f"Captives repatriated on day {number}"))
        found.take(article(f"Rain on day {number}"))
    (word,) = found.result()
    assert (word.language, word.word, word.articles) == ("en", "repatriated", FLOOR)
    assert (word.rule, word.lacking) == ("a-rule", "freed")
    assert word.times > 3


def test_below_the_floor_and_as_common_elsewhere_a_word_is_not_shown(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(FLOOR - 1):
        found.take(article(f"Captives repatriated on day {number}"))
    assert found.result() == []
    for number in range(50):
        found.take(article(f"Captives mentioned on day {number}"))
        found.take(article(f"Turtles mentioned on day {number}"))
    assert "mentioned" not in words(found)


def test_what_a_rule_takes_or_misses_by_more_counts_for_nothing(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(2 * FLOOR):
        found.take(article(f"Captives freed and repatriated on day {number}"))
        found.take(article(f"Film about captives repatriated on day {number}"))
        found.take(article(f"Refugees repatriated on day {number}"))
    assert found.articles("en") == 0
    assert found.result() == []


def test_only_the_sentence_beside_what_stands_there_is_looked_at(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(FLOOR):
        found.take(article(f"Captives repatriated on day {number}", f"Elsewhere glaciers melted on day {number}."))
    assert words(found) == ["repatriated"]


def test_a_title_or_a_sentence_that_comes_again_counts_once(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(2 * FLOOR):
        found.take(article("Captives repatriated"))
        found.take(article(f"Day {number}", "Read more of captives redistributed here."))
    assert found.result() == []


def test_common_words_and_names_are_left_out(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(FLOOR):
        found.take(article(f"The captives with those of the repatriated on day {number} 2021"))
    assert words(found) == ["repatriated"]


def test_an_article_in_another_language_is_passed_over(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(FLOOR):
        found.take(article(f"Captives repatriated on day {number}", language="fr"))
        found.take(article(f"Captives repatriated on day {number}", language=""))
    assert found.result() == []


def test_no_more_words_of_a_language_than_asked_for(book: MakeBook, article: MakeArticle) -> None:
    found = MissedWords(release(book))
    for number in range(FLOOR):
        found.take(article(f"Captives repatriated exfiltrated extradited on day {number}"))
    assert len(found.result()) == 3
    assert len(found.result(2)) == 2


def test_a_near_miss_names_the_clause_and_what_it_lacked(book: MakeBook, article: MakeArticle) -> None:
    made = release(book)
    scan = Scan(article("Nothing new", "Captives were seen. Nothing else."), made.vocabulary)
    (miss,) = MissedWords(made).near_misses(scan) or []
    assert (miss.rule.id, miss.lacking, miss.sentences) == ("a-rule", "freed", frozenset({1}))


def test_a_sentence_that_the_clause_bars_is_no_near_miss(book: MakeBook, article: MakeArticle) -> None:
    barred = "{handover: {near: [captives.captives, freed], within: sentence, without: [other]}}"
    made = release(book, clauses=barred, condition="handover")
    scan = Scan(article("Captives in a film"), made.vocabulary)
    assert MissedWords(made).near_misses(scan) == []

"""The benchmark compares like with like: all who take part find the same, and the same seed gives the same news."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.contestants import borderwatch, loop_over_re, re2_set
from benchmarks.matching import main
from benchmarks.newsroom import Newsroom, open_newsroom
from benchmarks.rulefiles import load, write_rules
from rules.article import LANGUAGES, Article
from rules.matching import match_article
from rules.rulebook import Rulebook
from rules.scan import Scan
from rules.text import WORD


@pytest.fixture(scope="module")
def room() -> Newsroom:
    return open_newsroom(7)


def seen(article: Article, book: Rulebook) -> set[int]:
    """The numbers of the rules of which borderwatch sees a term."""
    scan = Scan(article, book.vocabulary)
    scan.locate()
    refs = {name: (*rule.clauses["news"].refs, *rule.clauses["left-out"].refs) for name, rule in book.rules.items()}
    return {int(name.removeprefix("rule-")) for name, of in refs.items() if any(scan.hits(ref.groups) for ref in of)}


def test_all_find_terms_of_the_same_rules(room: Newsroom, tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules", room.words, 60)
    book, loop, whole = load(tmp_path / "rules"), loop_over_re(rules), re2_set(rules)
    texts = [*room.articles(100, 1), *(room.made_for(rule, at, 1) for at, rule in enumerate(rules))]
    found = [seen(text, book) for text in texts]
    assert found == [loop(text) for text in texts] == [whole(text) for text in texts]
    assert len([numbers for numbers in found if numbers]) > 80


def test_articles_made_for_a_rule_are_matched_by_it_with_facts(room: Newsroom, tmp_path: Path) -> None:
    rules = write_rules(tmp_path / "rules", room.words, 20, facts=True)
    book = load(tmp_path / "rules")
    found = [
        {match.rule: match for match in match_article(room.made_for(rule, at, 1), book)}
        for at, rule in enumerate(rules)
    ]
    matched = [of[f"rule-{at:04}"] for at, of in enumerate(found) if f"rule-{at:04}" in of]
    assert len(matched) >= 18
    assert all(match.facts.numbers == {"count": 5} and match.facts.places for match in matched)
    assert borderwatch(book)(room.made_for(rules[0], 0, 1))


def test_an_article_has_117_words_in_one_of_five_languages(room: Newsroom) -> None:
    texts = room.articles(10, 3)
    assert [text.language for text in texts[:5]] == list(LANGUAGES)
    lengths = [len(WORD.findall(f"{text.title} {text.summary}")) for text in texts]
    assert all(117 <= length < 140 for length in lengths)  # a place's name may have two words


def test_the_same_seed_gives_the_same_news(room: Newsroom) -> None:
    assert open_newsroom(7).articles(5, 2) == room.articles(5, 2) != room.articles(5, 3)


def test_the_table_names_all_who_took_part(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--rounds", "1", "--rules", "10"])
    told = capsys.readouterr().out
    assert all(word in told for word in ("google-re2", "Python", "borderwatch", "re2 Set", "re loop", "with facts"))

"""Words that often stand in articles that a rule just missed, and seldom elsewhere: candidates for terms.

An article is just missed when no rule holds, and one would if a single name of one clause stood there too: captives are
named, and a side, and nothing that says "released" in words that the rule knows. The words beside what does stand
there are counted, and compared with all other articles of that language.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import exp, log, sqrt

from rules.article import LANGUAGES, Article
from rules.clauses import ClauseRule
from rules.condition import holds, passes
from rules.matching import Holding
from rules.rule import Rule
from rules.rulebook import Rulebook
from rules.scan import Hit, Scan
from rules.text import fold_word
from rules.tools.lints.reach import can_hold, wanted
from rules.tools.why.reasons import usable
from rules.tools.words import common_words

FLOOR = 5
"""Articles, of different titles, in which a word must stand to be shown."""
TIMES = 3.0
"""A word is shown when it is so many times as frequent (by the odds) as in other articles."""
SHORTEST = 3
"""Letters of a word that says something."""
COMMONEST = 5.5
"""The Zipf frequency from which a word is left out, as saying nothing by itself: some 300 in a million words."""


@dataclass(frozen=True, slots=True)
class MissedWord:
    """A folded word that stands in `articles` just missed, with `times` the odds of other articles.

    `rule` and `lacking` say which rule it was that missed most of them, and what that rule did not find there.
    """

    language: str
    word: str
    articles: int
    times: float
    rule: str
    lacking: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule that lacked one name; `sentences` are those in which the other names of the clause stand."""

    rule: Rule
    lacking: str
    sentences: frozenset[int]


@dataclass(slots=True)
class _Language:
    """What was counted in one language. A title or a sentence that comes again, as boilerplate does, counts once."""

    titles: set[str] = field(default_factory=set)
    sentences: set[str] = field(default_factory=set)
    missed: int = 0
    others: int = 0
    in_missed: Counter[str] = field(default_factory=Counter)
    in_others: Counter[str] = field(default_factory=Counter)
    why: defaultdict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))


class MissedWords:
    """Takes articles, then gives the words."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._rules = [(rule, _clauses(rule)) for rule in book.rules.values() if rule.status != "deprecated"]
        self._counted = {language: _Language() for language in LANGUAGES}

    def take(self, article: Article) -> None:
        """Count the words of an article in one of the five languages; those that a rule takes are left out."""
        counted = self._counted.get(article.language)
        if counted is None or article.title in counted.titles:
            return
        counted.titles.add(article.title)
        scan = Scan(article, self._book.vocabulary)
        misses = self.near_misses(scan)
        if misses is None:
            return
        if not misses:
            counted.others += 1
            counted.in_others.update(set(_folded(scan, range(len(scan.words)))))
            return
        counted.missed += 1
        beside = {word: miss for miss in misses for word in _beside(scan, miss, counted.sentences)}
        counted.sentences.update(_text(scan, number) for miss in misses for number in miss.sentences)
        counted.in_missed.update(beside.keys())
        for word, miss in beside.items():
            counted.why[word][miss.rule.id, miss.lacking] += 1

    def near_misses(self, scan: Scan) -> list[NearMiss] | None:
        """The rules that lacked one name in an article; None when a rule takes it."""
        seen = scan.groups()
        candidates = self._book.candidates(seen)
        seen |= {group for row in seen if row < 0 for group in _of_place(scan, row)}
        close = [(rule, clauses) for rule, clauses in self._rules if _close(rule, clauses, seen)]
        if not candidates and not close:
            return []
        scan.locate()
        if any(holds(rule.condition, Holding(scan, rule).holds) for rule in candidates):
            return None
        return [miss for rule, clauses in close for miss in _near_misses(scan, rule, clauses)]

    def articles(self, language: str) -> int:
        """How many articles of a language were just missed."""
        return self._counted[language].missed

    def result(self, most: int = 10) -> list[MissedWord]:
        """At most `most` words of each language, the surest first."""
        return [word for language in LANGUAGES for word in self._top(language)[:most]]

    def _top(self, language: str) -> list[MissedWord]:
        """By the log-odds over their standard error, so that a word seen often goes before one that was luck."""
        counted, found = self._counted[language], []
        for word, articles in counted.in_missed.items():
            odds, error = _log_odds(articles, counted.missed, counted.in_others[word], counted.others)
            if articles >= FLOOR and odds >= log(TIMES) and not _says_nothing(word, language):
                ((rule, lacking), _), *_ = counted.why[word].most_common(1)
                found.append((odds / error, MissedWord(language, word, articles, exp(odds), rule, lacking)))
        return [word for _, word in sorted(found, key=lambda each: (-each[0], each[1].word))]


def _clauses(rule: Rule) -> list[ClauseRule]:
    """The clauses of which a single name can be lacking: the condition wants them, and they want several names."""
    clauses = {clause.name: clause for clause, _ in wanted(rule)}
    return [clause for clause in clauses.values() if clause.kind != "any" and len(clause.refs) > 1]


def _of_place(scan: Scan, row: int) -> tuple[int, ...]:
    """The groups that a row of the gazetteer shows; see `rules.scan.Vocabulary`."""
    return scan.vocabulary.of_place.of(scan.vocabulary.gazetteer[-row - 1])


def _close(rule: Rule, clauses: list[ClauseRule], seen: frozenset[int]) -> bool:
    """Whether the groups seen allow that the rule lacks one name; cheap, and says no to most articles."""
    short = [clause.name for clause in clauses if _lacks_one(clause, seen)]
    if not short:
        return False
    possible = {clause.name for clause in rule.clauses.values() if passes(clause.gate(), seen)}
    return any(can_hold(rule.condition, possible | {name}) for name in short)


def _lacks_one(clause: ClauseRule, seen: frozenset[int]) -> bool:
    return sum(seen.isdisjoint((*ref.groups, *ref.weak)) for ref in clause.refs) <= 1


def _near_misses(scan: Scan, rule: Rule, clauses: list[ClauseRule]) -> Iterator[NearMiss]:
    holding = Holding(scan, rule)
    for clause in clauses:
        if holding.holds(clause.name) or not _holds_with(rule, holding, clause.name):
            continue
        found = [(ref, usable(clause, ref, scan, frozenset())) for ref in clause.refs]
        lacking = [ref.name for ref, hits in found if hits is None]
        there = [frozenset(hit.sentence for hit in hits) for _, hits in found if hits]
        if len(lacking) == 1 and there:
            sentences = frozenset[int].intersection(*there) if clause.kind == "near" else frozenset[int]().union(*there)
            barred = {hit.sentence for ref in clause.without for hit in scan.hits(ref.groups)}
            if sentences - barred:
                yield NearMiss(rule, lacking[0], sentences - barred)


def _holds_with(rule: Rule, holding: Holding, name: str) -> bool:
    return holds(rule.condition, lambda other: other == name or holding.holds(other))


def _beside(scan: Scan, miss: NearMiss, old: set[str]) -> set[str]:
    """The words of the new sentences of a near miss that the rule does not know already, and that are no names."""
    hits: list[Hit] = [hit for _, ref in wanted(miss.rule) for hit in scan.hits((*ref.groups, *ref.weak))]
    hits += (hit for hit, _ in scan.meanings(scan.vocabulary.actors))
    ends = [(hit.first, hit.last) for hit in hits] + [(place.first, place.last) for place in scan.places]
    known = {at for first, last in ends for at in range(first, last + 1)}
    fresh = {number for number in miss.sentences if _text(scan, number) not in old}
    return set(_folded(scan, (at for at, number in enumerate(scan.sentence) if number in fresh and at not in known)))


def _text(scan: Scan, number: int) -> str:
    sentence = scan.sentences[number]
    return scan.text(scan.part(number))[sentence.start : sentence.end]


def _folded(scan: Scan, places: Iterable[int]) -> Iterator[str]:
    for at in places:
        word = fold_word(scan.words[at], scan.article.language)
        if len(word) >= SHORTEST and word.isalpha():
            yield word


def _says_nothing(word: str, language: str) -> bool:
    first = next(common_words(language).beginning(word), None)
    return first is not None and first.folded == word and first.zipf >= COMMONEST


def _log_odds(some: int, of: int, others: int, of_others: int) -> tuple[float, float]:
    """The log of the odds ratio and its standard error, a half added to each count (Haldane and Anscombe)."""
    a, b, c, d = some + 0.5, of - some + 0.5, others + 0.5, of_others - others + 0.5
    return log(a * d / (b * c)), sqrt(1 / a + 1 / b + 1 / c + 1 / d)

"""Matching: all rules against one article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.article import Article
from rules.condition import holds, mentioned, supporting
from rules.extract import facts
from rules.match import Match, Stance
from rules.rule import LEVELS, Guard, Rule
from rules.rulebook import Rulebook
from rules.scan import NEWS_PARTS, TITLE, Hit, Scan
from rules.text import sentence_of

BEFORE = 3
"""Words: how far before a word of the news a guard may stand that looks `before` it ("did not yet return")."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a rule came to its answer: which clauses held, whether the condition did, which guard set the stance."""

    clauses: Mapping[str, bool]
    condition: bool
    guard: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The sentence that matched, and the (start, end) of the matched words in it."""

    text: str
    bold: tuple[tuple[int, int], ...]


class Holding:
    """Which clauses of a rule hold in an article, and by which terms; each is looked at once."""

    def __init__(self, scan: Scan, rule: Rule, *, title_only: bool = False) -> None:
        self._scan, self._rule, self._title_only = scan, rule, title_only
        self._strong: dict[str, frozenset[Hit] | None] = {}
        self._known: dict[str, frozenset[Hit] | None] = {}

    def holds(self, name: str) -> bool:
        """Whether the clause of that name holds."""
        return self.hits(name) is not None

    def hits(self, name: str) -> frozenset[Hit] | None:
        """The terms by which the clause holds, its weak ones where another clause holds in their sentence too."""
        if name not in self._known:
            found, clause = self.strong(name), self._rule.clauses[name]
            if found is None and clause.has_weak:
                found = clause.hits(self._scan, title_only=self._title_only, beside=self.beside(name))
            self._known[name] = found
        return self._known[name]

    def strong(self, name: str) -> frozenset[Hit] | None:
        """The terms by which the clause holds without any weak one."""
        if name not in self._strong:
            self._strong[name] = self._rule.clauses[name].hits(self._scan, title_only=self._title_only)
        return self._strong[name]

    def beside(self, name: str) -> frozenset[int]:
        """The sentences where another clause, one that the condition wants, holds without weak terms."""
        others = {other for other, wanted in mentioned(self._rule.condition) if wanted and other != name}
        return frozenset(hit.sentence for other in others for hit in self.strong(other) or ())


def match_article(article: Article, book: Rulebook) -> list[Match]:
    """All rules that the article shows, guarded ones included, strongest first: title, clauses, level."""
    scan = Scan(article, book.vocabulary)
    rules = book.candidates(scan.groups())
    if not rules:
        return []
    scan.locate()
    matches = [match for rule in rules if (match := _match(scan, rule, book)) is not None]
    return sorted(matches, key=_strength)


def decide(article: Article, rule: Rule, book: Rulebook) -> Decision:
    """Why `rule` matches the article or does not."""
    scan = Scan(article, book.vocabulary)
    scan.locate()
    holding = Holding(scan, rule)
    held = {name: holding.holds(name) for name in rule.clauses}
    match = _match(scan, rule, book)
    return Decision(held, match is not None, match.guard if match else "")


def quote(article: Article, match: Match) -> Quote:
    """The sentence that holds the match's first words, of the lead when the title alone did not match."""
    part = "title" if match.in_title or all(span.part == "title" for span in match.spans) else "summary"
    spans = [span for span in match.spans if span.part == part]
    text = article.title if part == "title" else article.summary
    if not spans:
        return Quote(article.title, ())
    around = sentence_of(text, spans[0].start, spans[0].end)
    inside = sorted((span.start, span.end) for span in spans if around.start <= span.start and span.end <= around.end)
    bold: list[tuple[int, int]] = []
    for start, end in inside:
        if bold and start <= bold[-1][1] + around.start:
            bold[-1] = (bold[-1][0], max(bold[-1][1], end - around.start))
        else:
            bold.append((start - around.start, end - around.start))
    return Quote(text[around.start : around.end], tuple(bold))


def _strength(match: Match) -> tuple[bool, int, int, str]:
    return not match.in_title, -len(match.clauses), -LEVELS.index(match.level), match.rule


def _match(scan: Scan, rule: Rule, book: Rulebook) -> Match | None:
    hits = _support(scan, rule, title_only=False)
    if hits is None:
        return None
    spans = sorted({hit for each in hits.values() for hit in each})
    sentences = frozenset(hit.sentence for hit in spans)
    told = words_of_news(rule, hits)
    news = frozenset(hit.sentence for hit in told)
    guards = (guard for guard in book.guards if guard.name not in rule.lifts)
    guard = next((guard for guard in guards if fires(scan, guard, told)), None)
    stance: Stance = guard.stance if guard else "report"
    return Match(
        rule.id,
        rule.version,
        rule.level,
        stance,
        tuple(name for name in rule.clauses if name in hits),
        tuple(scan.span(hit) for hit in spans),
        facts(scan, rule, sentences, news, book.numbers),
        _support(scan, rule, title_only=True) is not None,
        guard.name if guard else "",
    )


def words_of_news(rule: Rule, hits: Mapping[str, frozenset[Hit]]) -> frozenset[Hit]:
    """The words that make the news, all of one sentence: in the title before the lead's first.

    A clause that only says which region is meant, or a later sentence of background, must not decide the stance.
    """
    near = [hit for name, found in hits.items() if rule.clauses[name].kind == "near" for hit in found]
    told = near or [hit for found in hits.values() for hit in found]
    first = min((hit.sentence for hit in told), default=TITLE)
    return frozenset(hit for hit in told if hit.sentence == first)


def _support(scan: Scan, rule: Rule, *, title_only: bool) -> dict[str, frozenset[Hit]] | None:
    """The terms of the clauses by which the condition holds, None when it does not."""
    holding = Holding(scan, rule, title_only=title_only)
    if not holds(rule.condition, holding.holds):
        return None
    return {name: holding.hits(name) or frozenset() for name in supporting(rule.condition, holding.holds)}


def fires(scan: Scan, guard: Guard, news: frozenset[Hit]) -> bool:
    """Whether a guard fires, given the words that make the `news`."""
    looked_at = {hit.sentence for hit in news} if "sentence" in guard.where else set()
    looked_at |= {TITLE} if "title" in guard.where else set()
    if "anywhere" in guard.where:
        looked_at |= {number for number, part in enumerate(scan.parts) if part in NEWS_PARTS}
    said = any(hit.sentence in looked_at for hit in scan.hits(guard.terms))
    said = said or ("before" in guard.where and _right_before(scan, guard, news))
    asked = guard.stance == "question" and any(scan.sentences[number].question for number in looked_at)
    return (said or asked) and not (scan.hits(guard.unless) or scan.spoken_by(guard.unless))


def _right_before(scan: Scan, guard: Guard, news: frozenset[Hit]) -> bool:
    """Whether a word of the guard stands right before one of the news; part of one ("have not left") it is no guard."""
    own = {at for word in news for at in range(word.first, word.last + 1)}
    return any(
        0 < word.first - hit.last <= BEFORE and all(scan.adjacent(at) for at in range(hit.last, word.first))
        for hit in scan.hits(guard.terms)
        if own.isdisjoint(range(hit.first, hit.last + 1))
        for word in news
    )

"""How good the rules are: what they find of labelled news, what they miss, and what they find beside it.

An item is found for an indicator when its rule matches with the stance of news, `report` or `claim`. Precision is the
share of what was found that is right, recall the share of what should be found that was, F1 their harmonic mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rules.article import Article
from rules.match import NEWS, Match
from rules.matching import Holding, match_article
from rules.rule import Rule
from rules.rulebook import Rulebook
from rules.scan import Scan
from rules.tools.labelled import Labelled
from rules.tools.scores import Means, Score
from rules.tools.why.condition import nearest


@dataclass(frozen=True, slots=True)
class Mistake:
    """An item that a rule missed, or found falsely.

    Of a miss, `lacking` are the clauses that would have to hold on the shortest way to a match, `barring` those that
    hold and should not; where it matched, `held` are the clauses, `stance` and `guard` what it was taken for, and
    `terms` stand there.
    """

    item: str
    rule: str
    language: str
    title: str
    missed: bool
    lacking: tuple[str, ...] = ()
    barring: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    stance: str = ""
    guard: str = ""
    terms: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """What a rule found in an unlabelled item."""

    rule: str
    language: str
    title: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorstTerm:
    """A term of a rule, and in how many false alerts, unlabelled items' alerts and right finds it stands."""

    rule: str
    term: str
    false: int
    unlabelled: int
    right: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures.

    `rules`, `languages`, `kinds` are without the doubtful items, which `doubtful` counts. `items_of` counts items by
    kind. `without_rule`: labels for which there is no rule, and on how many items. `without_labels`: rules of which no
    item speaks, which are left out everywhere.
    """

    items: int
    doubtful_items: int
    rules: Mapping[str, Score]
    languages: Mapping[str, Score]
    kinds: Mapping[str, Score]
    items_of: Mapping[str, int]
    doubtful: Score
    without_rule: Mapping[str, int]
    without_labels: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    unlabelled: int
    alerts: tuple[Alert, ...]
    alerted: int
    worst: tuple[WorstTerm, ...]

    @property
    def micro(self) -> Score:
        """All indicators counted together."""
        return sum(self.rules.values(), Score())

    @property
    def macro(self) -> Means | None:
        """The means over the indicators; None without any."""
        scores = list(self.rules.values())
        if not scores:
            return None
        shares = ([each.precision for each in scores], [each.recall for each in scores], [each.f1 for each in scores])
        return Means(*(sum(share or 0.0 for share in column) / len(scores) for column in shares))

    def per_10_000(self, alerts: int) -> float:
        """So many alerts of the unlabelled items, for every 10,000 of them."""
        return 10_000 * alerts / self.unlabelled if self.unlabelled else 0.0


@dataclass(slots=True)
class _Tally:
    """What is counted while items go by."""

    book: Rulebook
    rules: dict[str, Score]
    languages: dict[str, Score]
    kinds: dict[str, Score]
    doubtful: Score = field(default_factory=Score)
    mistakes: list[Mistake] = field(default_factory=list)
    false_terms: Counter[tuple[str, str]] = field(default_factory=Counter)
    right_terms: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, item: Labelled) -> None:
        """Match an item and count what came of it."""
        matches = {match.rule: match for match in match_article(item.article, self.book)}
        for name in self.rules:
            wanted = item.wants(name)
            match = matches.get(name)
            found = match is not None and match.stance in NEWS
            if wanted is None or not (wanted or found):
                continue
            self._count(item, name, Score(right=wanted and found, false=not wanted, missed=not found))
            if match and found and not item.doubtful:
                (self.right_terms if wanted else self.false_terms).update((name, term) for term in _terms(match))
            if not (wanted and found):
                self.mistakes.append(_mistake(item, self.book.rules[name], match, self.book))

    def _count(self, item: Labelled, rule: str, score: Score) -> None:
        if item.doubtful:
            self.doubtful += score
        else:
            self.rules[rule] += score
            self.languages[item.article.language] += score
            self.kinds[item.kind] += score


def evaluate(
    items: Sequence[Labelled], book: Rulebook, *, only: Collection[str] = (), unlabelled: Iterable[Article] = ()
) -> Evaluation:
    """Measure the rules of `book` (`only` some of them) on labelled items, and their alerts on unlabelled ones."""
    chosen = [name for name in book.rules if not only or name in only]
    spoken_of = {label for item in items for label in (*item.labels, item.verdict_of)}
    without_rule = Counter(label for item in items for label in {*item.labels, item.verdict_of} - {""})
    counted = [item for item in items if not item.doubtful]
    tally = _Tally(
        book,
        {name: Score() for name in sorted(chosen) if name in spoken_of},
        {language: Score() for language in sorted({item.article.language for item in counted})},
        {kind: Score() for kind in sorted({item.kind for item in counted})},
    )
    for item in items:
        tally.take(item)
    seen, alerted, alerts = _alerts(unlabelled, book, tally.rules.keys())
    return Evaluation(
        len(counted),
        len(items) - len(counted),
        tally.rules,
        tally.languages,
        tally.kinds,
        Counter(item.kind for item in counted),
        tally.doubtful,
        {label: count for label, count in sorted(without_rule.items()) if label not in book.rules},
        tuple(name for name in sorted(chosen) if name not in spoken_of),
        tuple(tally.mistakes),
        seen,
        tuple(alerts),
        alerted,
        tuple(_worst(tally, Counter((alert.rule, term) for alert in alerts for term in alert.terms))),
    )


def _terms(match: Match) -> tuple[str, ...]:
    return tuple(dict.fromkeys(span.term for span in match.spans))


def _mistake(item: Labelled, rule: Rule, match: Match | None, book: Rulebook) -> Mistake:
    article = item.article
    told = Mistake(item.id, rule.id, article.language, article.title, missed=True, doubtful=item.doubtful)
    if match is None:
        lacking, barring = _shortest_way(article, rule, book)
        return replace(told, lacking=lacking, barring=barring)
    missed = match.stance not in NEWS
    terms = _terms(match)
    return replace(told, missed=missed, held=match.clauses, stance=match.stance, guard=match.guard, terms=terms)


def _shortest_way(article: Article, rule: Rule, book: Rulebook) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clauses that would have to hold for a match, and those that would have to hold no longer."""
    scan = Scan(article, book.vocabulary)
    scan.locate()
    holding = Holding(scan, rule)

    def lacking(name: str) -> int:
        return sum(not scan.hits(ref.groups) for ref in rule.clauses[name].refs)

    names = nearest(rule.condition, holding.holds, lacking).names
    return tuple(n for n in names if not holding.holds(n)), tuple(n for n in names if holding.holds(n))


def _alerts(articles: Iterable[Article], book: Rulebook, rules: Collection[str]) -> tuple[int, int, list[Alert]]:
    """How many articles there were, how many of them alert, and all alerts."""
    seen = alerted = 0
    alerts: list[Alert] = []
    for article in articles:
        found = [each for each in match_article(article, book) if each.rule in rules and each.stance in NEWS]
        seen, alerted = seen + 1, alerted + bool(found)
        alerts += (Alert(each.rule, article.language, article.title, _terms(each)) for each in found)
    return seen, alerted, alerts


def _worst(tally: _Tally, unlabelled: Counter[tuple[str, str]]) -> Iterator[WorstTerm]:
    """The terms that stand in false or unlabelled alerts, in most of them first; of equals the less useful first."""
    false, right = tally.false_terms, tally.right_terms
    in_all = false + unlabelled
    for key in sorted(in_all, key=lambda key: (-in_all[key], right[key], key)):
        yield WorstTerm(*key, false[key], unlabelled[key], right[key])

"""What a change of rules comes to: collected article by article, then read at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.backtest.deciding import Books, Found, What
from bot.backtest.events import EventChanges, EventLog, compare_events
from rules.match import NEWS, Match
from storage.corpus import CorpusArticle, CorpusSize


@dataclass(frozen=True, slots=True)
class Change:
    """An article that a rule decides otherwise. `before` and `after` are the stances, empty without a match."""

    article: int
    url: str
    title: str
    outlet: str
    published: datetime
    language: str
    before: str
    after: str


@dataclass(slots=True)
class RuleChange:
    """What one rule does otherwise.

    `gained`: it was silent and reports now that did not match, `lost` the other way round. `heard` matched before but
    a guard kept them silent, `silenced` the other way round. `aside` alert neither before nor after: they match
    now, match no more, or for another reason. `reread` report as before, with other facts.
    """

    rule: str
    what: What
    gained: list[Change] = field(default_factory=list)
    lost: list[Change] = field(default_factory=list)
    heard: list[Change] = field(default_factory=list)
    silenced: list[Change] = field(default_factory=list)
    aside: list[Change] = field(default_factory=list)
    reread: list[Change] = field(default_factory=list)

    @property
    def decided_otherwise(self) -> bool:
        """Whether any article is."""
        return any((self.gained, self.lost, self.heard, self.silenced, self.aside, self.reread))

    def note(self, found: CorpusArticle, before: Match | None, after: Match | None) -> None:
        """Put an article where it belongs."""
        was, now = before.stance if before else "", after.stance if after else ""
        article = found.article
        change = Change(
            found.id,
            article.url,
            article.title,
            article.source.outlet,
            article.published,
            article.language,
            was,
            now,
        )
        if (was in NEWS) and (now in NEWS):
            if was != now or (before and after and before.facts != after.facts):
                self.reread.append(change)
        elif now in NEWS:
            (self.heard if was else self.gained).append(change)
        elif was in NEWS:
            (self.silenced if now else self.lost).append(change)
        elif was != now:
            self.aside.append(change)


@dataclass(frozen=True, slots=True)
class Alerts:
    """How many events would have alerted a chat that subscribes to everything, and the day with the most."""

    events: int
    a_day: float
    most: int
    on: date | None


@dataclass(frozen=True, slots=True)
class LanguageChange:
    """Articles of one language that at least one rule decides otherwise, each counted once a column."""

    language: str
    gained: int = 0
    lost: int = 0
    heard: int = 0
    silenced: int = 0


@dataclass(frozen=True, slots=True)
class Backtest:
    """The whole answer. `days` is the time that the articles span, at least one."""

    corpus: CorpusSize
    days: float
    rules: tuple[RuleChange, ...]
    languages: tuple[LanguageChange, ...]
    events: EventChanges
    before: Alerts
    after: Alerts

    @property
    def decided_otherwise(self) -> bool:
        """Whether any article is decided otherwise, or any event comes out otherwise."""
        events = self.events
        moved = events.gained or events.lost or events.regrouped or events.retold
        return bool(moved) or any(rule.decided_otherwise for rule in self.rules)


class Comparison:
    """Takes the articles in the order of publication, then gives the answer."""

    def __init__(self, books: Books, corpus: CorpusSize) -> None:
        self._corpus = corpus
        self._rules = {rule: RuleChange(rule, what) for rule, what in books.changed.items()}
        self._before, self._after = EventLog(books.before.rules), EventLog(books.after.rules)

    def take(self, page: Sequence[CorpusArticle], found: Iterable[Found]) -> None:
        """Take in what was found in a page of articles."""
        for each in found:
            article = page[each.place]
            self._before.take(article, each.before)
            self._after.take(article, each.after)
            before, after = ({match.rule: match for match in side} for side in (each.before, each.after))
            for rule, change in self._rules.items():
                if rule in before or rule in after:
                    change.note(article, before.get(rule), after.get(rule))

    def result(self) -> Backtest:
        """The answer."""
        days = _days(self._corpus)
        return Backtest(
            self._corpus,
            days,
            tuple(self._rules.values()),
            _languages(self._rules.values()),
            compare_events(self._before, self._after),
            _alerts(self._before, days),
            _alerts(self._after, days),
        )


def _days(corpus: CorpusSize) -> float:
    if corpus.first is None or corpus.last is None:
        return 1.0
    return max((corpus.last - corpus.first) / timedelta(days=1), 1.0)


def _alerts(log: EventLog, days: float) -> Alerts:
    told: Counter[date] = Counter(made.alerted.date() for made in log.made.values() if made.alerted)
    on, most = max(told.items(), key=lambda item: item[1], default=(None, 0))
    return Alerts(told.total(), told.total() / days, most, on)


def _languages(rules: Iterable[RuleChange]) -> tuple[LanguageChange, ...]:
    seen: dict[str, dict[str, set[int]]] = {}
    for rule in rules:
        for kind in ("gained", "lost", "heard", "silenced"):
            changes: list[Change] = getattr(rule, kind)
            for change in changes:
                seen.setdefault(change.language, {}).setdefault(kind, set()).add(change.article)
    counts = {language: {kind: len(each) for kind, each in kinds.items()} for language, kinds in sorted(seen.items())}
    return tuple(LanguageChange(language, **kinds) for language, kinds in counts.items())

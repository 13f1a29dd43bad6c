"""The events that a rulebook would have made, in memory: grouped as the bot does it, in the order of publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.grouping import Join, Nothing, Open, group
from bot.growth import grow, open_event
from rules.article import Article
from rules.match import NEWS, Match
from rules.rule import Rule
from storage.corpus import CorpusArticle
from storage.events import Event, EventSource


@dataclass(slots=True)
class Made:
    """An event that would have been made, the numbers of its articles, and when it would first have alerted."""

    event: Event
    articles: list[int]
    alerted: datetime | None = None


@dataclass(slots=True)
class EventLog:
    """The events of one rulebook. Articles must come in the order of publication."""

    rules: Mapping[str, Rule]
    made: dict[int, Made] = field(default_factory=dict)
    _open: list[int] = field(default_factory=list)

    def take(self, found: CorpusArticle, matches: Sequence[Match]) -> None:
        """Let an article join or open an event, by the decisions of `bot.pipeline`; a backlog article alerts nobody."""
        if not matches:
            return
        article = found.article
        rules = {match.rule: self.rules[match.rule].event for match in matches}
        since = article.published - max(rule.open_for for rule in rules.values())
        news = [match for match in matches if match.stance in NEWS]
        match group(article, matches, self._open_events(rules.keys(), since, article.published), rules):
            case Join(event, primary, why):
                made = self.made[event.id]
                made.event = _slim(event, grow(event, found.id, article, news, primary, why))
            case Open(primary, _):
                made = self._begin(found.id, article, news, primary)
            case Nothing():
                return
        made.articles.append(found.id)
        if made.alerted is None and not found.backlog:
            made.alerted = article.published

    def _begin(self, number: int, article: Article, news: Sequence[Match], primary: Match) -> Made:
        begun = open_event(number, article, news, primary, self.rules[primary.rule].title)
        event = replace(begun, id=len(self.made) + 1, revision=1)
        self._open.append(event.id)
        made = self.made[event.id] = Made(event, [])
        return made

    def _open_events(self, indicators: Set[str], since: datetime, now: datetime) -> list[Event]:
        """As `storage.events.open_events` gives them, newest first; what no rule can reach any more is let go."""
        longest = max((rule.event.open_for for rule in self.rules.values()), default=timedelta())
        self._open = [number for number in self._open if self.made[number].event.last_seen >= now - longest]
        events = (self.made[number].event for number in self._open)
        reachable = [each for each in events if each.last_seen >= since and not indicators.isdisjoint(each.indicators)]
        return sorted(reachable, key=lambda event: (event.last_seen, event.id), reverse=True)


@dataclass(frozen=True, slots=True)
class Shift:
    """Events before and after that share articles: one becomes two, three become one."""

    before: tuple[Event, ...]
    after: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class EventChanges:
    """What becomes of the events, oldest first.

    `gained` share no article with any event before, `lost` none with any after, `regrouped` are split or merged.
    Of those that stay one event, `same` say what they said, `retold` have other articles, or say something else.
    """

    gained: tuple[Event, ...]
    lost: tuple[Event, ...]
    regrouped: tuple[Shift, ...]
    retold: tuple[Shift, ...]
    same: int


def compare_events(before: EventLog, after: EventLog) -> EventChanges:
    """Follow the events through the articles that they share."""
    gained: list[Event] = []
    lost: list[Event] = []
    regrouped, retold, same = [], [], 0
    for olds, news in _shared(before, after):
        shift = Shift(_events(olds), _events(news))
        if not olds:
            gained += shift.after
        elif not news:
            lost += shift.before
        elif len(olds) > 1 or len(news) > 1:
            regrouped.append(shift)
        elif olds[0].articles != news[0].articles or _told(olds[0].event) != _told(news[0].event):
            retold.append(shift)
        else:
            same += 1
    return EventChanges(tuple(gained), tuple(lost), tuple(regrouped), tuple(retold), same)


def _shared(before: EventLog, after: EventLog) -> Iterator[tuple[list[Made], list[Made]]]:
    """Events before and after that hang together by their articles, in the order in which they begin."""
    nodes = [(side, made) for side, log in enumerate((before, after)) for made in log.made.values()]
    holders: dict[int, list[int]] = {}
    for at, (_, made) in enumerate(nodes):
        for article in made.articles:
            holders.setdefault(article, []).append(at)
    seen: set[int] = set()
    for start in sorted(range(len(nodes)), key=lambda at: nodes[at][1].event.first_seen):
        waiting, found = [start], list[int]()
        while waiting:
            if (at := waiting.pop()) not in seen:
                seen.add(at)
                found.append(at)
                waiting += (other for article in nodes[at][1].articles for other in holders[article])
        if found:
            olds, news = ([nodes[at][1] for at in sorted(found) if nodes[at][0] == side] for side in (0, 1))
            yield olds, news


def _events(made: Sequence[Made]) -> tuple[Event, ...]:
    return tuple(each.event for each in made)


def _told(event: Event) -> tuple[object, ...]:
    return event.indicators, event.level, event.state, event.title, event.place, event.facts


def _slim(event: Event, grown: Event) -> Event:
    """`grown`, without its newest source where that says nothing new: a rule that takes too much must not be slow.

    All that is put together from the sources is a fold over them in the order of publication. A source that leaves it
    as it was, and speaks with a voice that was heard, can be left out of it for good.
    """
    heard = {_voice(source) for source in event.sources}
    says_nothing_new = (event.facts, event.place) == (grown.facts, grown.place)
    return replace(grown, sources=event.sources) if says_nothing_new and _voice(grown.sources[-1]) in heard else grown


def _voice(source: EventSource) -> tuple[str, str, bool, bool]:
    return source.owner, source.side, source.stance in NEWS, source.language == "en"

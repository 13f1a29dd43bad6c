"""The query language: one string that a subscription, a search and an export all take.

    indicator:pow-release,pow-held place:"Sev Lake" level:high sources:2 exchange "ten captives"

Everything asked for must hold; values parted by commas are alternatives. `level:` means that level or above,
`sources:` at least so many owners. `since:`, `until:` and `on:` go by the time an event was first seen, in UTC; they
belong to asking, so a subscription refuses them. Words and "phrases" are whole words, `exchang*` leaves the end open.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NoReturn

from sqlalchemy import ColumnElement, or_

from rules.indicators import INDICATORS
from storage.events import LEVELS, Event, places_of, showing, words_of
from storage.querytext import Piece, Term, did_you_mean, quoted, split_query, tidy
from storage.querytext import QueryError as QueryError
from storage.tables import EVENTS
from storage.words import needle

TIME_KEYS = ("since", "until", "on")
KEYS = ("indicator", "level", "place", "sources", *TIME_KEYS)
EXAMPLES = {
    "indicator": "indicator:pow-release",
    "level": "level:high",
    "place": 'place:"Sev Lake"',
    "sources": "sources:2",
    "since": "since:2021-11-16",
    "until": "until:2021-11-30",
    "on": "on:2021-11-16",
}
MOST_SOURCES = 99
HOURS = {"h": 1, "d": 24, "w": 168}

_SPAN = re.compile(r"(\d{1,4})([hdw])")


@dataclass(frozen=True, slots=True)
class Findable:
    """What a query looks at in an event, folded once for any number of queries."""

    indicators: frozenset[str]
    rank: int
    owners: int
    first_seen: datetime
    places: str
    words: str


def findable(event: Event) -> Findable:
    """`event` as queries see it."""
    shown = frozenset((event.indicator, *event.indicators))
    rank = LEVELS.index(event.level)
    return Findable(shown, rank, event.owners, event.first_seen, places_of(event), words_of(event))


@dataclass(frozen=True, slots=True)
class EventQuery:
    """A parsed query; the one without conditions asks for everything.

    `indicators` and `places` hold groups of alternatives, all groups must hold. `level` is empty for any, `sources`
    0 for any. `since` is inclusive, `until` exclusive. `texts` are words and phrases as they were written.
    """

    indicators: tuple[tuple[str, ...], ...] = ()
    level: str = ""
    places: tuple[tuple[str, ...], ...] = ()
    sources: int = 0
    since: datetime | None = None
    until: datetime | None = None
    texts: tuple[str, ...] = ()

    def matches(self, event: Event) -> bool:
        """Whether the event satisfies the query, without a database."""
        return self.holds(findable(event))

    def holds(self, event: Findable) -> bool:
        """`matches`, for an event that is asked about many times."""
        return (
            all(not event.indicators.isdisjoint(group) for group in self.indicators)
            and (not self.level or event.rank >= LEVELS.index(self.level))
            and event.owners >= self.sources
            and (self.since is None or event.first_seen >= self.since)
            and (self.until is None or event.first_seen < self.until)
            and all(any(needle(place) in event.places for place in group) for group in self.places)
            and all(needle(text) in event.words for text in self.texts)
        )

    def where(self) -> list[ColumnElement[bool]]:
        """The same question as conditions on the table of events."""
        conditions = [showing(group) for group in self.indicators]
        if self.level:
            conditions.append(EVENTS.c.level_rank >= LEVELS.index(self.level))
        if self.sources:
            conditions.append(EVENTS.c.owners >= self.sources)
        if self.since is not None:
            conditions.append(EVENTS.c.first_seen >= self.since)
        if self.until is not None:
            conditions.append(EVENTS.c.first_seen < self.until)
        conditions += (or_(*(_holds(EVENTS.c.places, place) for place in group)) for group in self.places)
        conditions += (_holds(EVENTS.c.words, text) for text in self.texts)
        return conditions

    @property
    def key(self) -> str:
        """A hash that two spellings of the same question share."""
        places = sorted({tuple(sorted({needle(place) for place in group})) for group in self.places})
        indicators = sorted({tuple(sorted(set(group))) for group in self.indicators})
        texts = sorted({needle(text) for text in self.texts})
        asked = (indicators, self.level, places, self.sources, self.since, self.until, texts)
        return sha256(repr(asked).encode()).hexdigest()

    def __str__(self) -> str:
        """The query in its canonical form, which reads back as the same query."""
        parts = [f"indicator:{','.join(group)}" for group in self.indicators]
        parts += [f"level:{self.level}"] * bool(self.level)
        parts += [f"place:{','.join(map(quoted, group))}" for group in self.places]
        parts += [f"sources:{self.sources}"] * bool(self.sources)
        for key, moment in (("since", self.since), ("until", self.until)):
            parts += [f"{key}:{moment.replace(tzinfo=None).isoformat()}Z"] if moment else []
        return " ".join([*parts, *map(quoted, self.texts)])


def parse_query(
    text: str,
    *,
    for_subscription: bool = False,
    now: datetime | None = None,
    indicators: Collection[str] | None = INDICATORS,
) -> EventQuery:
    """Read a query; raises `QueryError` at the first word that cannot be understood.

    `now` gives `since:7d` its meaning. `indicators` are those that may be named; None takes any.
    """
    query = tidy(text)
    if text.strip() and not query:
        raise QueryError(query, 0, 0, "there is no word here to look for", "an empty query asks for everything")
    reading = _Reading(query, for_subscription, now, indicators)
    for term in split_query(query):
        reading.take(term)
    return reading.result()


@dataclass(slots=True)
class _Reading:
    """A query while its terms are being understood."""

    query: str
    for_subscription: bool
    now: datetime | None
    vocabulary: Collection[str] | None
    indicators: list[tuple[str, ...]] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    places: list[tuple[str, ...]] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    since: list[datetime] = field(default_factory=list)
    until: list[datetime] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def take(self, term: Term) -> None:
        """Add what one term asks for."""
        if term.negated:
            self.fail(term, "what stands behind a minus cannot be excluded yet", "leave it out")
        if term.key and term.key not in KEYS:
            self.fail(term, f'there is no key "{term.key}"', did_you_mean(term.key, KEYS))
        if term.key in TIME_KEYS and self.for_subscription:
            problem = f"{term.key}: belongs to asking; a subscription hears of what happens from now on"
            self.fail(term, problem, "leave it out")
        if not term.pieces:
            self.fail(term, f"{term.key}: needs a value right behind the colon", f"for instance {EXAMPLES[term.key]}")
        match term.key:
            case "":
                self.texts += (self.words(piece) for piece in term.pieces)
            case "indicator":
                self.indicators.append(tuple(dict.fromkeys(map(self.indicator, term.pieces))))
            case "place":
                self.places.append(tuple(dict.fromkeys(map(self.words, term.pieces))))
            case _:
                self.take_one(term.key, self.only(term))

    def take_one(self, key: str, piece: Piece) -> None:
        """Add what a key with a single value asks for."""
        match key:
            case "level":
                self.ranks.append(self.rank(piece))
            case "sources":
                self.sources.append(self.number(piece))
            case "since":
                self.since.append(self.moments(piece)[0])
            case "until":
                self.until.append(self.moments(piece)[1])
            case "on":
                start, end = self.moments(piece)
                if start == end:
                    self.fail(piece, f'"{piece.text}" is not a day', f"for instance {EXAMPLES['on']}")
                self.since.append(start)
                self.until.append(end)

    def result(self) -> EventQuery:
        """The query; of what was said twice, the stricter holds."""
        return EventQuery(
            indicators=tuple(dict.fromkeys(self.indicators)),
            level=LEVELS[max(self.ranks)] if self.ranks else "",
            places=tuple(dict.fromkeys(self.places)),
            sources=max(self.sources, default=0),
            since=max(self.since, default=None),
            until=min(self.until, default=None),
            texts=tuple(dict.fromkeys(self.texts)),
        )

    def indicator(self, piece: Piece) -> str:
        """The indicator that is named."""
        name = piece.text.casefold()
        if self.vocabulary is not None and name not in self.vocabulary:
            self.fail(piece, f'there is no indicator "{piece.text}"', did_you_mean(name, self.vocabulary))
        return name

    def words(self, piece: Piece) -> str:
        """A text that has at least one word to look for."""
        if not needle(piece.text):
            self.fail(piece, "there is no word here to look for", "write letters or digits")
        return piece.text

    def only(self, term: Term) -> Piece:
        """The single value of a key that takes no alternatives."""
        if len(term.pieces) > 1:
            self.fail(term, f"{term.key}: takes one value", f"for instance {EXAMPLES[term.key]}")
        return term.pieces[0]

    def rank(self, piece: Piece) -> int:
        """The rank of a level."""
        if (name := piece.text.casefold()) not in LEVELS:
            self.fail(piece, f'there is no level "{piece.text}"', did_you_mean(name, LEVELS))
        return LEVELS.index(name)

    def number(self, piece: Piece) -> int:
        """How many owners."""
        if not (piece.text.isascii() and piece.text.isdigit() and 1 <= int(piece.text) <= MOST_SOURCES):
            self.fail(piece, f"sources: takes a number from 1 to {MOST_SOURCES}", f"for instance {EXAMPLES['sources']}")
        return int(piece.text)

    def moments(self, piece: Piece) -> tuple[datetime, datetime]:
        """The first moment that a time stands for, and the first one after it; one and the same unless it is a day."""
        try:
            if (span := _SPAN.fullmatch(piece.text)) and self.now is not None:
                moment = self.now - timedelta(hours=int(span[1]) * HOURS[span[2]])
                return (moment := moment.astimezone(UTC).replace(microsecond=0)), moment
            moment = datetime.fromisoformat(piece.text).replace(microsecond=0)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment, moment + timedelta(days=1) if len(piece.text) <= len("2021-11-16") else moment
        except (ValueError, OverflowError):
            self.fail(piece, f'"{piece.text}" is not a time', f"for instance {EXAMPLES['since']}, or 7d, 12h, 2w")

    def fail(self, at: Piece | Term, problem: str, advice: str) -> NoReturn:
        """Raise the error that points at this part of the query."""
        raise QueryError(self.query, at.start, at.end, problem, advice)


def _holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.contains(needle(text), autoescape=True)

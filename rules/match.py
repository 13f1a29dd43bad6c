"""A match: one rule on one article, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rules.places import Place

Part = Literal["title", "summary"]
"""The part of an article that a span lies in."""

Stance = Literal["report", "claim", "denial", "question", "hypothetical", "anniversary", "recap", "opinion", "none"]
"""What the article does with the news: states it, states that a side says so, rebuts it, or only plays with it.

`none`: the words are there, but they speak of something else (another war, sport).
"""

NEWS: frozenset[Stance] = frozenset({"report", "claim"})
"""The stances that may open an event and alert somebody."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters that a term matched: `start` and `end` index the article's own title or summary."""

    part: Part
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What was extracted. `numbers` by name (`count`, `killed`), `actors` by role (`by`, `to`), and the places.

    Actors are the canonical English names of `lists/actors.yaml`; places stand in the order of the text.
    """

    numbers: Mapping[str, int] = field(default_factory=dict)
    actors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """One rule on one article.

    `rule` is the indicator's id, `version` a hash of the rule and of the lists it uses. `clauses` are the
    named clauses that held, `guard` the one that set the stance (empty when none did). `in_title` says that the
    title alone would have matched: the stronger kind.
    """

    rule: str
    version: str
    level: str
    stance: Stance
    clauses: tuple[str, ...]
    spans: tuple[Span, ...]
    facts: Facts
    in_title: bool
    guard: str = ""

"""A rule: when an article shows an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from rules.clauses import ClauseRule, Ref
from rules.condition import Condition
from rules.match import Stance

STATUSES = ("experimental", "test", "stable", "deprecated")
LEVELS = ("informational", "low", "medium", "high", "critical")
"""Sigma's statuses and levels, lowest first. A deprecated rule is read and checked but matches nothing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The passage that a rule watches for."""

    report: str
    quote: str


@dataclass(frozen=True, slots=True)
class Extract:
    """A fact to read.

    `number`, `actor`: the one nearest to a term of `ref`, at most `within` words off (0: in its sentence).
    `actors`: all of `ref` that the title and the sentence of the news name.
    """

    name: str
    kind: Literal["number", "actor", "actors"]
    ref: Ref
    within: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a rule must match, or must not; what is empty is not checked. `why` names what should decide.

    `side` is that of the source it is told by.
    """

    matches: bool
    language: str
    title: str
    lead: str
    facts: Mapping[str, int | tuple[str, ...]]
    stance: str
    why: str
    side: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class EventRule:
    """How articles of one indicator become events.

    An event stays open for `open_for` after its last article, and for `alike_for` to articles that share neither a
    place nor a figure with it. Where `differ_by` names a figure, another figure is another event. `countries`
    (ISO 3166-1) are where such a thing can happen; a place elsewhere is only spoken of. Empty: anywhere.
    """

    open_for: timedelta = timedelta(hours=72)
    alike_for: timedelta = timedelta(hours=24)
    differ_by: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guard:
    """What sets the stance of an article when one of its terms stands `where` it says, unless another term does.

    `where` holds title, sentence (the one that makes the news), before (right before a word of the news in it), or
    anywhere (title and lead).
    """

    name: str
    stance: Stance
    where: frozenset[str]
    terms: tuple[int, ...]
    unless: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One indicator: when an article shows it, what is read from it, how its articles become events.

    `version` is a hash over the rule and the lists it uses; `file` the name of its file.
    """

    id: str
    title: str
    level: str
    status: str
    meaning: str
    references: tuple[Reference, ...]
    falsepositives: tuple[str, ...]
    uses: tuple[str, ...]
    lifts: frozenset[str]
    clauses: Mapping[str, ClauseRule]
    condition: Condition
    condition_text: str
    extract: tuple[Extract, ...]
    event: EventRule
    examples: tuple[Example, ...]
    version: str
    file: str

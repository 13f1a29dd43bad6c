"""Events and their revisions: what happened, as known at each moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from rules.match import Stance
from rules.places import Place

LEVELS = ("informational", "low", "medium", "high", "critical")
"""Sigma's levels, lowest first."""

State = Literal["single", "reported", "confirmed", "denied"]
"""`single`: one owner. `reported`: two or more. `confirmed`: an am and an az source report it. `denied`: rebutted."""

Phase = Literal["planned", "held", "cancelled", "announced", "done", ""]
"""How far it has come: meetings are planned, held or cancelled, releases announced or done; else empty."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """One article of an event, as the event's readers need it.

    `quote` is the sentence that matched, `bold` the (start, end) of the matched words in it; `why` says why the
    article joined. `stance` is what the article does: a denial is a source too.
    """

    article: int
    url: str
    title: str
    outlet: str
    owner: str
    side: str
    language: str
    published: datetime
    stance: Stance
    quote: str
    bold: tuple[tuple[int, int], ...]
    why: str


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in the world, in the state of one revision.

    `id` is 0 until it is stored. `indicator` is the primary one and stands first in `indicators`.
    `facts` holds JSON values by name (`count`, `by`, `places`: canonical names). `rule` is "id@version" of the
    rule that opened it, `clauses` what held there. Times are aware and in UTC; `happened` is when the text says so.
    """

    id: int
    revision: int
    indicator: str
    indicators: tuple[str, ...]
    title: str
    level: str
    state: State
    phase: Phase
    first_seen: datetime
    last_seen: datetime
    happened: datetime | None
    place: Place | None
    facts: Mapping[str, int | str | tuple[str, ...]]
    sources: tuple[EventSource, ...]
    rule: str
    clauses: tuple[str, ...]

    @property
    def owners(self) -> int:
        """How many owners report it; denials do not count."""
        return len({source.owner for source in self.sources if source.stance != "denial"})

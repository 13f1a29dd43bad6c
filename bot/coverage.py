"""How far the rules reach: what they offer, what they found, and where they are silent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.tools.coverage import Offer
from storage.corpus import CorpusSize
from storage.coverage import Hits, SilentOutlet


@dataclass(frozen=True, slots=True)
class Reach:
    """What one rule offers in one language, and the outlets of that language in which it found something."""

    offer: Offer
    hits: tuple[Hits, ...]

    @property
    def articles(self) -> int:
        """How many articles it found."""
        return sum(each.articles for each in self.hits)

    @property
    def last(self) -> datetime | None:
        """When the newest of them was published."""
        return max((each.last for each in self.hits), default=None)

    def of_side(self, side: str) -> int:
        """How many of them are by sources of this side."""
        return sum(each.articles for each in self.hits if each.side == side)


@dataclass(frozen=True, slots=True)
class SilentRule:
    """A rule that found nothing since the time that was asked about; `last` is None when it never did."""

    rule: str
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole answer. `corpus` is None without a database.

    `since`: rules without a hit from then on are silent. It counts back from the newest stored article, so that a bot
    that was switched off does not make every rule silent. `gone` are hits of rules that are there no more.
    """

    reaches: tuple[Reach, ...]
    corpus: CorpusSize | None = None
    since: datetime | None = None
    silent: tuple[SilentRule, ...] = ()
    outlets: tuple[SilentOutlet, ...] = ()
    gone: tuple[str, ...] = ()


def cover(
    offers: Iterable[Offer],
    corpus: CorpusSize,
    hits: Sequence[Hits],
    outlets: Iterable[SilentOutlet],
    *,
    now: datetime,
    silent: timedelta,
) -> Coverage:
    """Put together what the rules offer and what was found with them."""
    offered = tuple(offers)
    reaches = tuple(Reach(offer, _of(offer.rule, hits, offer.language)) for offer in offered)
    rules = dict.fromkeys(offer.rule for offer in offered)
    since = min(now, corpus.last or now) - silent
    lasts = {rule: max((each.last for each in _of(rule, hits)), default=None) for rule in rules}
    quiet = (SilentRule(rule, last) for rule, last in lasts.items() if last is None or last < since)
    gone = tuple(sorted({each.rule for each in hits} - rules.keys()))
    return Coverage(reaches, corpus, since, tuple(quiet), tuple(outlets), gone)


def _of(rule: str, hits: Sequence[Hits], language: str | None = None) -> tuple[Hits, ...]:
    return tuple(each for each in hits if each.rule == rule and language in (None, each.language))

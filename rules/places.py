"""Places: the gazetteer that rules name and facts point to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.terms import Pattern, Phrase
from rules.text import tokens

_OBLAST = Pattern("stem", "област")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer, under its canonical English name.

    `lat` and `lon` are degrees (WGS 84); `uncertainty_km` says how far off they may be. `precision` is
    `exact` (a settlement, a post), `near` (a lake, a pass, a road), `province` or `country`.
    `province` and `country` come from the gazetteer's row, never from an outline on a map.
    """

    id: str
    name: str
    country: str
    province: str
    lat: float
    lon: float
    precision: str
    uncertainty_km: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the gazetteer: the place, its names by language, and what the names are worth.

    `context` names are too common to count alone. `rank` orders rows that share a name, the likelier one first.
    """

    place: Place
    names: tuple[tuple[str, str], ...]
    context: bool
    rank: tuple[bool, bool, int]

    @property
    def near(self) -> bool:
        """Whether it lies in Armenia or Azerbaijan, Karabakh included."""
        return self.place.country in ("AM", "AZ")

    def terms(self) -> Iterator[Phrase]:
        """Its names as terms: they decline by the rules for names, and Russian has provinces as adjectives too."""
        for language, name in self.names:
            words = tuple(Pattern("name", token.folded) for token in tokens(name, language) if token.folded)
            if words:
                yield Phrase(language, name, words)
            if language == "ru" and self.place.precision == "province" and len(words) == 1:
                adjective = Pattern("name", words[0].key.rstrip("аьяий") + "ский")
                yield Phrase(language, name, (adjective, _OBLAST))

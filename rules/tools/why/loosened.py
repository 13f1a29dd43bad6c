"""The article read again with one thing loosened, to find the words that this one thing took away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from rules.article import Article
from rules.scan import Hit, Scan, Vocabulary


class _Unparted(Scan):
    """Reads on over commas and colons, which else end a phrase."""

    def adjacent(self, before: int) -> bool:
        """Whether the next word stands in the same sentence."""
        return before + 1 < len(self.cuts) and self.same(before, before + 1)


class _Timeless(Scan):
    """Takes dated terms whatever the day."""

    def _holds(self, group: int, term: str) -> bool:
        return True


class Alone(Scan):
    """A reading as if `hit` were all that stands there of `groups`."""

    def __init__(self, scan: Scan, groups: tuple[int, ...], hit: Hit) -> None:
        self.__dict__.update(scan.__dict__)
        self._alone = {groups: (hit,)}

    def hits(self, groups: tuple[int, ...]) -> tuple[Hit, ...]:
        """Where the terms of `groups` stand."""
        return self._alone.get(groups) or super().hits(groups)


class Loosened:
    """The article as it is read (`strict`), and each way in which more would be found; read when first asked for."""

    def __init__(self, article: Article, vocabulary: Vocabulary) -> None:
        self.article, self.vocabulary = article, vocabulary

    @cached_property
    def strict(self) -> Scan:
        """As matching reads it."""
        return _located(Scan(self.article, self.vocabulary))

    @cached_property
    def unexcluded(self) -> Scan:
        """As if no group had exclusions."""
        return _located(Scan(self.article, replace(self.vocabulary, excluded={})))

    @cached_property
    def unparted(self) -> Scan:
        """As if no comma ended a phrase."""
        return _located(_Unparted(self.article, self.vocabulary))

    @cached_property
    def timeless(self) -> Scan:
        """As if dated terms held on every day."""
        return _located(_Timeless(self.article, self.vocabulary))

    @cached_property
    def nested(self) -> Scan:
        """As if an actor's name counted within a longer one."""
        return _located(Scan(self.article, replace(self.vocabulary, actors={})))

    def exclusions(self, hits: Iterable[Hit], groups: Iterable[int]) -> list[Hit]:
        """The exclusions of `groups` that stand over `hits`."""
        excluded = tuple(self.vocabulary.excluded[group] for group in groups if group in self.vocabulary.excluded)
        return over(self.strict.hits(excluded), hits)

    def longer_names(self, hits: Iterable[Hit]) -> list[Hit]:
        """The actors' names that stand over `hits`."""
        named = [hit for hit, _ in self.strict.meanings(self.vocabulary.actors)]
        return over(named, hits)


def over(found: Iterable[Hit], hits: Iterable[Hit]) -> list[Hit]:
    """Those of `found` that share a word with one of `hits`."""
    places = {at for hit in hits for at in range(hit.first, hit.last + 1)}
    return sorted({hit for hit in found if not places.isdisjoint(range(hit.first, hit.last + 1))})


def _located(scan: Scan) -> Scan:
    scan.locate()
    return scan

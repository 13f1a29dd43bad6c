"""Facts: how many, who, where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rules.match import Facts
from rules.numbers import NumberWords, Numeral, counts
from rules.places import Place
from rules.rule import Extract, Rule
from rules.scan import TITLE, Hit, PlaceHit, Scan

_IN = frozenset(("in", "near", "в", "во", "под"))
_WHERE = {"hy": re.compile("ում$"), "az": re.compile("d[əa](?:k[iı])?$"), "tr": re.compile("['’][dt][ea](?:ki)?$")}


class Near(NamedTuple):
    """How good a number or an actor is as a fact: the title's over the lead's, the nearer, the one before the term."""

    in_lead: bool
    distance: int
    behind: bool
    first: int


def facts(scan: Scan, rule: Rule, sentences: frozenset[int], words: NumberWords) -> Facts:
    """What `rule` reads from the title and from the `sentences` in which it matched."""
    read = sentences | {TITLE}
    numbers: dict[str, int] = {}
    named: dict[str, tuple[str, ...]] = {}
    numerals = counts(scan, words) if any(each.kind == "number" for each in rule.extract) else []
    for each in rule.extract:
        terms = [hit for hit in scan.hits(each.near.groups) if hit.sentence in read]
        if each.kind == "number" and (value := _number(scan, each, terms, numerals)) is not None:
            numbers[each.name] = value
        elif each.kind == "actor" and (name := _actor(scan, each, terms)):
            named[each.name] = (name,)
    return Facts(numbers, named, tuple(_places(scan, read, rule.event.countries)))


def _number(scan: Scan, wanted: Extract, terms: Sequence[Hit], numerals: list[Numeral]) -> int | None:
    found = [
        (near, each.value)
        for each in numerals
        for near in _near(each.first, each.last, scan.sentence[each.first], terms, wanted.within)
        if not each.bare_year or (near.distance == 1 and not near.behind)
    ]
    return min(found)[1] if found else None


def _actor(scan: Scan, wanted: Extract, terms: Sequence[Hit]) -> str:
    found = [
        (near, name)
        for hit, name in scan.meanings(scan.vocabulary.actors)
        for near in _near(hit.first, hit.last, hit.sentence, terms, wanted.within)
    ]
    return min(found)[1] if found else ""


def _near(first: int, last: int, sentence: int, terms: Sequence[Hit], within: int) -> Iterator[Near]:
    """How near the terms on both sides are, if not further off than `within` words (0: anywhere in the sentence)."""
    after = bisect_left(terms, (first,))
    for term in terms[max(0, after - 1) : after + 1]:
        distance = max(0, term.first - last, first - term.last)
        if term.sentence == sentence and (not within or distance <= within):
            yield Near(sentence != TITLE, distance, first > term.first, first)


def _places(scan: Scan, read: frozenset[int], countries: tuple[str, ...]) -> Iterable[Place]:
    """Each place once, in the order of the text; with `countries`, only those there.

    A name that is too common to count alone is a place where its province is named too, or when the title says that
    something is in it: capitals that stand for governments are seldom named so there.
    """
    hits = [hit for hit in scan.places if hit.sentence in read]
    hits = [hit for hit in hits if not countries or hit.entry.place.country in countries]
    named = {hit.entry.place.name for hit in hits if not hit.entry.context}
    return dict.fromkeys(
        hit.entry.place
        for hit in hits
        if not hit.entry.context
        or (hit.entry.place.province in named and _is_name(scan, hit.first))
        or _is_within(scan, hit)
    )


def _is_name(scan: Scan, at: int) -> bool:
    """A capital tells a name, but not at the beginning of a sentence."""
    return at > 0 and scan.same(at - 1, at) and scan.words[at][:1].isupper()


def _is_within(scan: Scan, hit: PlaceHit) -> bool:
    """In Tbilisi, в Тбилиси, Թբիլիսիում, Tbilisidə, Tiflis'te: a settlement in the words for where."""
    if hit.sentence != TITLE or hit.entry.place.precision != "exact" or not scan.words[hit.first][:1].isupper():
        return False
    before = scan.words[hit.first - 1].lower() if hit.first else ""
    ending = _WHERE.get(scan.article.language)
    return before in _IN or (ending is not None and ending.search(scan.words[hit.last]) is not None)

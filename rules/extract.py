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
from rules.text import fold_word

_IN, _TO = frozenset(("in", "near", "at", "в", "во", "под")), frozenset(("to", "for"))
_WHERE = {"hy": re.compile("ում$"), "az": re.compile("d[əa](?:k[iı])?$"), "tr": re.compile("['’][dt][ea](?:ki)?$")}
_WHITHER = {"az": re.compile("[aə]$"), "tr": re.compile("['’]y?[ae]$")}
_GOES = {
    "en": re.compile("return|arriv|fl(?:y|ew|own|ies)|com(?:e|ing)|came|goes|went|head|travel|brought|le(?:ave|ft)"),
    "hy": re.compile("վերադ|ժաման|մեկն|հասն?[աե]|տեղափոխ|այցել|բեր(?:վ|ել)|թռ[նչ]"),
    "az": re.compile("qay[ıi][dt]|gəl|gətiril|çatd|get|apar[ıi]l|uç|yola|en(?:ib|di)|səfər"),
    "tr": re.compile("dön|gel|getiril|ulaş|gi[dt]|götürül|uç|in(?:di|en)|nakl"),
}
_REACH = 4


class Near(NamedTuple):
    """How good a number or an actor is as a fact: the title's over the lead's, the nearer, the one before the term."""

    in_lead: bool
    distance: int
    behind: bool
    first: int


def facts(scan: Scan, rule: Rule, sentences: frozenset[int], news: frozenset[int], words: NumberWords) -> Facts:
    """What `rule` reads from the title and from the `sentences` in which it matched; `news` is the first of them."""
    read = sentences | {TITLE}
    numbers: dict[str, int] = {}
    named: dict[str, tuple[str, ...]] = {}
    numerals = counts(scan, words) if any(each.kind == "number" for each in rule.extract) else []
    for each in rule.extract:
        terms = [hit for hit in scan.hits(each.ref.groups) if hit.sentence in read]
        if each.kind == "number" and (value := _number(scan, each, terms, numerals)) is not None:
            numbers[each.name] = value
        elif each.kind == "actor" and (name := _actor(scan, each, terms)):
            named[each.name] = (name,)
        elif each.kind == "actors" and (names := _actors(scan, each, news | {TITLE})):
            named[each.name] = names
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


def _actors(scan: Scan, wanted: Extract, read: frozenset[int]) -> tuple[str, ...]:
    """Each actor of `wanted` once, in the order of the text."""
    of_group = {group: name for group, name in scan.vocabulary.actors.items() if group in wanted.ref.groups}
    named = sorted((hit.first, name) for hit, name in scan.meanings(of_group) if hit.sentence in read)
    return tuple(dict.fromkeys(name for _, name in named))


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
    something is in it or comes to it: capitals that stand for governments are seldom named so there.
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
    """In Tbilisi, в Тбилиси, Թբիլիսիում, Tbilisidə, Tiflis'te: a settlement in the words for where, or the goal."""
    if hit.sentence != TITLE or hit.entry.place.precision != "exact" or not scan.words[hit.first][:1].isupper():
        return False
    before = scan.words[hit.first - 1].lower() if hit.first else ""
    ending = _WHERE.get(scan.article.language)
    is_where = ending is not None and ending.search(scan.words[hit.last]) is not None
    return before in _IN or is_where or _is_goal(scan, hit, before)


def _is_goal(scan: Scan, hit: PlaceHit, before: str) -> bool:
    """Fly to Yerevan, տեղափոխվել Երևան, İrəvana qayıdıb, Erivan'a döndü: a verb of motion beside the words for whither.

    What is handed over "to Baku" goes to its government; who flies there, to the town.
    """
    language, word = scan.article.language, scan.words[hit.last]
    if language == "hy":
        names = (name.split()[-1] for of, name in hit.entry.names if of == "hy")
        whither = fold_word(word, "hy") in {fold_word(name, "hy") for name in names}
    else:
        whither = before in _TO or (language in _WHITHER and _WHITHER[language].search(word) is not None)
    if not whither or language not in _GOES:
        return False
    around = range(max(0, hit.first - _REACH), min(len(scan.words), hit.last + 1 + _REACH))
    near = (fold_word(scan.words[at], language) for at in around if scan.sentence[at] == TITLE)
    return any(_GOES[language].match(each) for each in near)

"""What a term takes: the forms that its notation stands for, and the common words among them, the mistakes as well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from operator import attrgetter

from rules.inflection import stem_forms
from rules.terms import Pattern, Phrase, parse_term
from rules.tools.strangers import strangers
from rules.tools.words import CommonWord, CommonWords

_MOST = 50_000
"""Forms that are counted; the Turkic tables allow some 40,000 endings, most of which no word takes at once."""
_PIECE = re.compile(
    r"\(\?=\[(?P<ahead>[^\]]*)\]\)|\(\?:(?P<either>[^()]*)\)(?P<may>\?)?|\[(?P<one>[^\]]*)\]|(?P<bare>[^()\[\]]+)"
)
_OF_ONE_KIND = 3


@dataclass(frozen=True, slots=True)
class WordForms:
    """What one word of a term takes.

    `forms`: the first of those that its notation stands for, in the folded spelling, those with the fewest endings
    first; a free prefix has none of its own. `count`: how many there are. `common`: all common words that it takes,
    the commonest first; `strangers`: those among them that look like other words than a prefix is meant for.
    """

    pattern: Pattern
    forms: tuple[str, ...]
    count: int
    common: tuple[CommonWord, ...]
    strangers: tuple[CommonWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Forms:
    """What a term takes, word by word."""

    term: Phrase
    words: tuple[WordForms, ...]


def covered(written: str, language: str, words: CommonWords, most: int = 30) -> Forms | str:
    """What `written` (`word`, `stem~`, `prefix*`, a phrase) takes in one language, or why it is no term.

    `most` is the number of forms that are spelt out for each word; they are counted to 50,000.
    """
    term = parse_term(written, language)
    if isinstance(term, str):
        return term
    return Forms(term, tuple(_of_word(pattern, language, words, most) for pattern in term.words))


def taken(pattern: Pattern, language: str, words: CommonWords) -> list[CommonWord]:
    """The common words that one word of a term takes, the commonest first."""
    if pattern.kind == "prefix":
        found: Iterable[CommonWord] = words.beginning(pattern.key)
    elif pattern.kind == "stem":
        found = _inflected(pattern.key, language, words)
    else:
        found = (word for word in words.beginning(pattern.key) if word.folded == pattern.key)
    return sorted(found, key=attrgetter("zipf"), reverse=True)


def families(found: Iterable[CommonWord], beginning: int) -> list[CommonWord]:
    """One word of each family, the first, so that five words tell of five; `beginning`: the letters that all share.

    Words are taken for forms of one word when they go on alike for three letters at least, or all but the last
    three of the shorter one.
    """
    shown: list[CommonWord] = []
    for word in found:
        if not any(_alike(word.folded, other.folded, beginning) for other in shown):
            shown.append(word)
    return shown


def _of_word(pattern: Pattern, language: str, words: CommonWords, most: int) -> WordForms:
    common = tuple(taken(pattern, language, words))
    if pattern.kind == "prefix":
        return WordForms(pattern, (), 0, common, strangers(pattern, language, common))
    forms = [pattern.key] if pattern.kind == "exact" else list(islice(_generated(pattern.key, language), _MOST))
    return WordForms(pattern, tuple(forms[:most]), len(forms), common)


def _inflected(stem: str, language: str, words: CommonWords) -> Iterator[CommonWord]:
    seen = set()
    for beginning, rest in stem_forms(stem, language):
        for word in words.beginning(beginning):
            if word not in seen and rest.fullmatch(word.folded, len(beginning)):
                seen.add(word)
                yield word


def _generated(stem: str, language: str) -> Iterator[str]:
    endings = [
        (beginning, ending) for beginning, rest in stem_forms(stem, language) for ending in _endings(rest.pattern)
    ]
    endings.sort(key=lambda each: (len(each[1][0]), len(each[1][1])))
    seen = set()
    for beginning, (_, ending) in endings:
        if (form := beginning + ending) not in seen:
            seen.add(form)
            yield form


def _endings(pattern: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text that one of the tables' patterns takes, with the slots that it fills.

    The tables are written with `(?:a|b)?`, `[ab]`, alternatives and one look ahead; this reads no more than that.
    """
    if "(" not in pattern:
        yield from (((each,) if each else (), each) for each in pattern.split("|"))
        return
    ahead, slots = "", []
    for piece in _PIECE.finditer(pattern):
        ahead = piece["ahead"] or ahead
        if piece["either"] is not None:
            slots.append([*[""] * bool(piece["may"]), *_each(piece["either"])])
    for chosen in product(*slots):
        ending = "".join(chosen)
        if not ahead or ending[:1] in set(ahead):
            yield tuple(filter(None, chosen)), ending


def _each(alternatives: str) -> Iterator[str]:
    for each in alternatives.split("|"):
        parts = [list(piece["one"] or ()) or [piece["bare"]] for piece in _PIECE.finditer(each)]
        yield from ("".join(chosen) for chosen in product(*parts))


def _alike(one: str, other: str, beginning: int) -> bool:
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return shared >= beginning + _OF_ONE_KIND or shared >= max(beginning + 1, min(len(one), len(other)) - 3)

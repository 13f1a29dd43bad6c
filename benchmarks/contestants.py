"""Three ways to find out which rules an article shows: borderwatch, a loop over `re`, and the Set of google-re2.

The two others answer less: which rules have a term in the text. Borderwatch goes on to phrases, distances, conditions
and guards. They are treated well: they fold a whole text at once, know its language, and look for the terms of that
language alone, with the table of endings once in a pattern.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import re2

from benchmarks.rulefiles import Invented
from rules.article import LANGUAGES, Article
from rules.inflection import stem_forms
from rules.matching import match_article
from rules.rulebook import Rulebook
from rules.terms import Pattern, Phrase, parse_term
from rules.text import WORD, fold

Contestant = Callable[[Article], object]
_WORD_OR_STOP = re.compile(rf"{WORD.pattern}|[.]")
MEMORY = 1 << 30
"""Bytes that google-re2 may use for one Set; with its usual 8 MB it gives up at a few hundred rules."""
IN_A_SET = 2_000
"""Rules to a Set; of 3,000 it does not compile the Azerbaijani patterns, whatever memory it may use."""


def borderwatch(book: Rulebook) -> Contestant:
    """What the bot does."""
    return lambda article: match_article(article, book)


def loop_over_re(rules: Sequence[Invented]) -> Callable[[Article], set[int]]:
    """One pattern of the standard library a rule, tried one after the other; the numbers of those found."""
    compiled = {
        language: [(number, re.compile(rf"\b(?:{terms})\b")) for number, terms in _patterns(rules, language)]
        for language in LANGUAGES
    }

    def find(article: Article) -> set[int]:
        text = folded(article)
        return {number for number, pattern in compiled[article.language] if pattern.search(text)}

    return find


def re2_set(rules: Sequence[Invented]) -> Callable[[Article], set[int]]:
    """All patterns of a language in one Set of google-re2, which reads the text once; the numbers of those found.

    Its `\\b` knows ASCII alone, so words are parted by one space each, which the patterns ask for. A Set that would be
    too large for it is two.
    """
    sets = {language: [_set(part) for part in _batched(list(_patterns(rules, language)))] for language in LANGUAGES}

    def find(article: Article) -> set[int]:
        text = folded(article)
        return {numbers[at] for patterns, numbers in sets[article.language] for at in patterns.Match(text) or ()}

    return find


def _batched(patterns: Sequence[tuple[int, str]]) -> list[Sequence[tuple[int, str]]]:
    """The patterns in parts that a Set can hold."""
    return [patterns[start : start + IN_A_SET] for start in range(0, len(patterns), IN_A_SET)]


def _set(patterns: Sequence[tuple[int, str]]) -> tuple[Any, list[int]]:
    options = re2.Options()
    options.max_mem = MEMORY
    made = re2.Set.SearchSet(options)
    for _, terms in patterns:
        made.Add(f" (?:{terms}) ")
    made.Compile()
    return made, [number for number, _ in patterns]


def folded(article: Article) -> str:
    """The words of title and lead as they are compared, and the full stops that end a phrase, each between spaces."""
    text = fold(f"{article.title} . {article.summary}", article.language)
    return f" {' '.join(_WORD_OR_STOP.findall(text))} "


def _patterns(rules: Sequence[Invented], language: str) -> Iterable[tuple[int, str]]:
    """For each rule that has terms in that language, the alternatives that its pattern takes."""
    for number, rule in enumerate(rules):
        terms = (parse_term(each, language) for each in rule.of(language))
        phrases = [term for term in terms if isinstance(term, Phrase)]
        if phrases:
            yield number, _either(phrases, language)


def _either(phrases: Sequence[Phrase], language: str) -> str:
    """One-word terms that take the same endings stand together, so that the table of endings is there once."""
    by_ending: defaultdict[str, list[str]] = defaultdict(list)
    written = []
    for phrase in phrases:
        if len(phrase.words) > 1:
            written.append(" ".join(_joined(_forms(word, language)) for word in phrase.words))
        for stem, ending in _forms(phrase.words[0], language) if len(phrase.words) == 1 else ():
            by_ending[ending].append(stem)
    return "|".join([*written, *(_of(stems, ending) for ending, stems in by_ending.items())])


def _forms(word: Pattern, language: str) -> list[tuple[str, str]]:
    """Stems, each with the pattern of what may follow."""
    if word.kind == "stem":
        return [(stem, rest.pattern) for stem, rest in stem_forms(word.key, language)]
    return [(word.key, "[^ ]*" if word.kind == "prefix" else "")]


def _joined(forms: Iterable[tuple[str, str]]) -> str:
    return f"(?:{'|'.join(_of([stem], ending) for stem, ending in forms)})"


def _of(stems: Sequence[str], ending: str) -> str:
    return f"(?:{'|'.join(stems)})(?:{ending})"

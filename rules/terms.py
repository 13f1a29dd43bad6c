"""Terms, and the one index in which all terms of all rules stand.

A word of a text is looked up once: among exact words, stems and prefixes. The answer is remembered by the word as
written, so that the cost follows the text and not the number of rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from rules.article import LANGUAGES
from rules.inflection import Stems, name_forms, stem_forms
from rules.text import fold_word, readings, tokens

ANY = "any"
_REMEMBERED = 16_384
_PART = re.compile(r"[^\s\-‐‑–—]+")

Kind = Literal["exact", "stem", "prefix", "name"]


class Pattern(NamedTuple):
    """One word of a term, folded: the word itself, a stem with endings, a free prefix, or a part of a place's name."""

    kind: Kind
    key: str


class Validity(NamedTuple):
    """The days (UTC, both included) from and until which a term means what it stands for; None: without end."""

    since: date | None
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether the term counts in a text of that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


class Phrase(NamedTuple):
    """A term: adjacent words in one language, how it was written, and when it holds if not always."""

    language: str
    written: str
    words: tuple[Pattern, ...]
    valid: Validity | None = None


def parse_term(written: str, language: str) -> Phrase | str:
    """The term that `written` (`word`, `stem~`, `prefix*`, `a b`) stands for, or why it is none."""
    words: list[Pattern] = []
    parts = _PART.findall(written)
    for part in parts:
        mark, bare = (part[-1], part[:-1]) if part[-1] in "~*" else ("", part)
        if "~" in bare or "*" in bare:
            return f"{part} carries ~ or * inside a word; they only stand at its end"
        folded = [token.folded for token in tokens(bare, "" if language == ANY else language) if token.folded]
        if not folded:
            return f"{part!r} holds no letter"
        words += [Pattern("exact", word) for word in folded[:-1]]
        if mark and len(folded[-1]) < 2 and len(parts) == 1:
            return f"{part} is too short for ~ or *: it would take any word"
        kind: Kind = "stem" if mark == "~" else "prefix" if mark == "*" else "exact"
        words.append(Pattern(kind, folded[-1]))
    return Phrase(language, written, tuple(words)) if words else "a term needs a word"


class Entry(NamedTuple):
    """What the index knows of one word of a text.

    `singles`: (group, term) of the one-word terms, `groups` their groups. `phrases`: (the patterns of the further
    words, group, term) of those that begin here, `seconds` the patterns of their second words. `patterns`: all that
    the word meets.
    """

    groups: frozenset[int]
    singles: tuple[tuple[int, str], ...]
    phrases: tuple[tuple[tuple[int, ...], int, str], ...]
    seconds: frozenset[int]
    patterns: frozenset[int]


@dataclass(slots=True)
class _Words:
    """The patterns of one language."""

    numbers: dict[Pattern, int] = field(default_factory=dict)
    exact: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, list[tuple[re.Pattern[str] | None, int]]] = field(default_factory=dict)
    shortest: int = 99
    longest: int = 0

    def follow(self, stems: Stems, number: int) -> None:
        for stem, rest in stems:
            self._add(stem, rest, number)

    def prefix(self, key: str, number: int) -> None:
        self._add(key, None, number)

    def _add(self, stem: str, rest: re.Pattern[str] | None, number: int) -> None:
        self.stems.setdefault(stem, []).append((rest, number))
        self.shortest, self.longest = min(self.shortest, len(stem)), max(self.longest, len(stem))

    def find(self, word: str) -> Iterable[int]:
        yield from self.exact.get(word, ())
        for length in range(self.shortest, min(self.longest, len(word)) + 1):
            for rest, number in self.stems.get(word[:length], ()):
                if rest is None or rest.fullmatch(word, length):
                    yield number


class TermIndex:
    """All terms, by language. Filled by `add`, then only read; what it remembers of words is bounded."""

    def __init__(self) -> None:
        self._words = {language: _Words() for language in LANGUAGES}
        self._singles: dict[int, list[tuple[int, str]]] = {}
        self._phrases: dict[int, list[tuple[tuple[int, ...], int, str]]] = {}
        self._patterns = 0
        self._remembered: dict[str, dict[str, Entry | None]] = {language: {} for language in (*LANGUAGES, "")}
        self._entries: dict[frozenset[int], Entry] = {}
        self._dated: dict[tuple[int, str], Validity] = {}

    @property
    def dated(self) -> Mapping[tuple[int, str], Validity]:
        """The terms that hold for a time only, by group and how they are written."""
        return self._dated

    def add(self, term: Phrase, group: int) -> None:
        """Let `term` show `group`; a term for any language is added to each."""
        if term.valid:
            self._dated[group, term.written] = term.valid
        for language in LANGUAGES if term.language == ANY else (term.language,):
            words = term.words
            if term.language == ANY:
                words = tuple(Pattern(word.kind, fold_word(word.key, language)) for word in words)
            first, *rest = [self._number(word, language, last=word is words[-1]) for word in words]
            if rest:
                self._phrases.setdefault(first, []).append((tuple(rest), group, term.written))
            else:
                self._singles.setdefault(first, []).append((group, term.written))

    def look_up(self, words: Sequence[str], language: str) -> list[Entry | None]:
        """What is known of each of `words`; an unknown `language` asks all of them, each word has one script only."""
        language = language if language in LANGUAGES else ""
        remembered = self._remembered[language]
        try:
            return [remembered[word] for word in words]
        except KeyError:
            return self._look_up_new(words, language)

    def _look_up_new(self, words: Sequence[str], language: str) -> list[Entry | None]:
        remembered = self._remembered[language]
        if len(remembered) > _REMEMBERED:
            remembered = self._remembered[language] = {}
        found = {word: remembered[word] if word in remembered else self._entry(word, language) for word in set(words)}
        remembered.update(found)
        return [found[word] for word in words]

    def _number(self, word: Pattern, language: str, *, last: bool) -> int:
        known, key = self._words[language], word
        if word.kind == "name" and (language == "en" or (not last and language != "ru")):
            key = Pattern("exact", word.key)
        if key in known.numbers:
            return known.numbers[key]
        number = known.numbers[key] = self._patterns
        self._patterns += 1
        if key.kind == "exact":
            known.exact.setdefault(key.key, []).append(number)
        elif key.kind == "prefix":
            known.prefix(key.key, number)
        else:
            forms = stem_forms(key.key, language) if key.kind == "stem" else name_forms(key.key, language, last=last)
            known.follow(forms, number)
        return number

    def _entry(self, word: str, language: str) -> Entry | None:
        asked = (language,) if language else LANGUAGES
        met = frozenset(
            number for each in asked for form in readings(word, each) for number in self._words[each].find(form)
        )
        if not met:
            return None
        if met not in self._entries:
            singles = tuple(dict.fromkeys(hit for number in sorted(met) for hit in self._singles.get(number, ())))
            phrases = tuple(hit for number in sorted(met) for hit in self._phrases.get(number, ()))
            groups = frozenset(group for group, _ in singles)
            seconds = frozenset(rest[0] for rest, _, _ in phrases)
            self._entries[met] = Entry(groups, singles, phrases, seconds, met)
        return self._entries[met]

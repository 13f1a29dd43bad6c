"""Terms, and the one index in which all terms of all rules stand.

A word of a text is looked up once: among exact words, stems and prefixes. The answer is remembered by the word as
written, so that the cost follows the text and not the number of rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from rules.article import LANGUAGES
from rules.inflection import Stems, name_forms, stem_forms
from rules.text import fold_word, fold_words, readings, tokens

ANY = "any"
_REMEMBERED = 16_384
"""Words of a language after which a new memory is begun; what is met again is taken over from the one before."""
_HEAD = 3
"""Letters by which stems are filed: most words of a text share them with no stem, and are told at one look."""
_LIKE_A_MARK = re.compile("[\u02dc\u223c\u2053\u301c\uff5e]")
_DASHES = tuple("-‐‑–—−")
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
    if alike := _LIKE_A_MARK.search(written):
        return f"{alike[0]} is no ~ but a sign that looks like it; type the one of the keyboard"
    if written[:1] in _DASHES:
        return f"{written} begins with a dash; what the group must not take stands under not, by language"
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

    `singles`: the one-word terms by group. `phrases`: (the patterns of the further words, group, term) of those that
    begin here, `seconds` the patterns of their second words. `patterns`: all that the word meets.
    """

    singles: dict[int, list[str]]
    phrases: tuple[tuple[tuple[int, ...], int, str], ...]
    seconds: frozenset[int]
    patterns: frozenset[int]

    @property
    def groups(self) -> Set[int]:
        """The groups that the word shows by itself."""
        return self.singles.keys()


@dataclass(slots=True)
class _Words:
    """The patterns of one language."""

    numbers: dict[Pattern, int] = field(default_factory=dict)
    exact: dict[str, list[int]] = field(default_factory=dict)
    stems: dict[str, list[tuple[re.Pattern[str] | None, int]]] = field(default_factory=dict)
    lengths: dict[str, set[int]] = field(default_factory=dict)
    """How long the stems are that begin with the same letters, `_HEAD` of them or fewer."""

    def follow(self, stems: Stems, number: int) -> None:
        for stem, rest in stems:
            self._add(stem, rest, number)

    def prefix(self, key: str, number: int) -> None:
        self._add(key, None, number)

    def _add(self, stem: str, rest: re.Pattern[str] | None, number: int) -> None:
        self.stems.setdefault(stem, []).append((rest, number))
        self.lengths.setdefault(stem[:_HEAD], set()).add(len(stem))

    def find(self, word: str) -> list[int]:
        """The numbers of the patterns that a folded word meets."""
        found = [*self.exact.get(word, ())]
        for head in range(1, _HEAD + 1):
            for length in self.lengths.get(word[:head], ()):
                for rest, number in self.stems.get(word[:length], ()):
                    if rest is None or rest.fullmatch(word, length):
                        found.append(number)
        return found


class TermIndex:
    """All terms, by language. Filled by `add`, then only read; what it remembers of words is bounded."""

    def __init__(self) -> None:
        self._words = {language: _Words() for language in LANGUAGES}
        self._singles: dict[int, list[tuple[int, str]]] = {}
        self._phrases: dict[int, list[tuple[tuple[int, ...], int, str]]] = {}
        self._patterns = 0
        self._remembered: dict[str, dict[str, Entry | None]] = {language: {} for language in (*LANGUAGES, "")}
        self._earlier: dict[str, dict[str, Entry | None]] = {language: {} for language in (*LANGUAGES, "")}
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
        if len(self._remembered[language]) > _REMEMBERED:
            self._earlier[language], self._remembered[language] = self._remembered[language], {}
        remembered, earlier = self._remembered[language], self._earlier[language]
        unknown = set(words).difference(remembered)
        if unknown:
            remembered.update({word: earlier[word] for word in unknown if word in earlier})
            remembered.update(self._entries_of(tuple(unknown.difference(earlier)), language))
        return [remembered[word] for word in words]

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

    def _entries_of(self, words: Sequence[str], language: str) -> dict[str, Entry | None]:
        """What the patterns of the language, or of all where it is not known, make of new words."""
        met: dict[str, set[int]] = {word: set() for word in words}
        for each in (language,) if language else LANGUAGES:
            find = self._words[each].find
            for word, folded in zip(words, fold_words(words, each), strict=True):
                for form in readings(word, each, folded):
                    met[word].update(find(form))
        return {word: self._entry(frozenset(numbers)) if numbers else None for word, numbers in met.items()}

    def _entry(self, met: frozenset[int]) -> Entry:
        if met not in self._entries:
            singles: dict[int, list[str]] = {}
            for group, term in dict.fromkeys(hit for number in sorted(met) for hit in self._singles.get(number, ())):
                singles.setdefault(group, []).append(term)
            phrases = tuple(hit for number in sorted(met) for hit in self._phrases.get(number, ()))
            seconds = frozenset(rest[0] for rest, _, _ in phrases)
            self._entries[met] = Entry(singles, phrases, seconds, met)
        return self._entries[met]

"""Invented news in five languages, in invented words; names of places are those of the library."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from benchmarks.rulefiles import Invented, library_lists
from benchmarks.words import Vocabulary, vocabulary
from rules.article import LANGUAGES, Article, Source
from rules.rulebook import load_rulebook

WORDS = 117
"""Words of an article: 9 in the title, the others in the lead."""
_TITLE, _SENTENCE = 9, 18

_WHEN = datetime(2021, 12, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The vocabularies of the five languages, and the articles that are written with them."""

    words: Mapping[str, Vocabulary]

    def articles(self, count: int, number: int) -> list[Article]:
        """So many articles of 117 words, the languages in turn; another `number`, other articles."""
        dice = random.Random(f"articles {number}")  # noqa: S311 - dice, not secrets
        return [self._article(LANGUAGES[at % len(LANGUAGES)], dice) for at in range(count)]

    def made_for(self, rule: Invented, at: int, number: int) -> Article:
        """An article whose title tells, in other words, that two of the rule's topic are where the rule looks."""
        dice = random.Random(f"made {at} {number}")  # noqa: S311
        language = LANGUAGES[at % len(LANGUAGES)]
        topic, verb = (terms[language][0].replace("~", "").replace("*", "") for terms in (rule.topic, rule.verbs))
        told = self._article(language, dice)
        return replace(told, title=f"{dice.choice(self.words[language].names)}: 5 {topic} {verb}")

    def _article(self, language: str, dice: random.Random) -> Article:
        words = self.words[language]
        title = " ".join(words.sentence(_TITLE, dice)).capitalize()
        lengths = [_SENTENCE] * ((WORDS - _TITLE) // _SENTENCE)
        lead = " ".join(" ".join(words.sentence(length, dice)).capitalize() + "." for length in lengths)
        return Article("https://news.example/1", title, lead, language, _WHEN, Source("News", "News"))


def open_newsroom(seed: int) -> Newsroom:
    """The newsroom that `seed` gives; its places are those of the library."""
    gazetteer = load_rulebook(*library_lists()).vocabulary.gazetteer
    named = [name for entry in gazetteer if entry.near and not entry.context for name in entry.names]
    names = {language: [name for of, name in named if of == language] for language in LANGUAGES}
    return Newsroom({language: vocabulary(language, names[language], seed) for language in LANGUAGES})

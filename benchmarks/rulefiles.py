"""Invented rules, built like the shipped ones: terms of their own, a shared list, a region, something left out.

A rule has 33 terms: 20 that say what it is about and 3 that it leaves out are its own, 10 are those of a list that
twenty rules share. Commoner words are listed more often, so that most of them stand in many rules.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.words import Vocabulary
from rules.article import LANGUAGES
from rules.rulebook import Rulebook, library, load_rulebook

TOPIC, VERBS, LEFT_OUT = 4, 2, 3
"""Terms of a topic and verbs of a list in each language; terms left out in all."""
RULES_TO_A_LIST = 20

_RULE = """\
id: rule-{number:04}
title: Rule {number}
status: test
level: medium
meaning: Invented, to be timed.
uses: [actors, places, list-{list:03}]
terms:
  topic: {topic}
  left-out: {left_out}
clauses:
  news: {{near: [topic, list-{list:03}.verbs], within: 8 words}}
  region: {{any: [places, actors.either-side]}}
  left-out: {{any: [left-out]}}
condition: news and region and not left-out
extract: {extract}
examples: {{match: [{{en: never run}}]}}
"""
_EXTRACT = "{count: {number near: topic, within: 6 words}, participants: {actors of: actors.either-side}}"

Terms = dict[str, list[str]]
"""Terms as they are written in a rule file, by language."""


@dataclass(frozen=True, slots=True)
class Invented:
    """The terms of a rule, those of its list among them."""

    topic: Terms
    verbs: Terms
    left_out: Terms

    def of(self, language: str) -> list[str]:
        """All terms of one language."""
        return [term for group in (self.topic, self.verbs, self.left_out) for term in group.get(language, ())]


def write_rules(folder: Path, words: Mapping[str, Vocabulary], count: int, *, facts: bool = False) -> list[Invented]:
    """Write `count` rules and their lists into `folder`. With `facts` each rule also reads a count and the actors."""
    dice = random.Random(f"rules {count}")  # noqa: S311 - dice, not secrets
    lists = [_terms(words, VERBS, dice) for _ in range(-(-count // RULES_TO_A_LIST))]
    (folder / "lists").mkdir(parents=True)
    for number, verbs in enumerate(lists):
        text = f"title: List {number}\nterms:\n  verbs: {_written(verbs)}\n"
        (folder / "lists" / f"list-{number:03}.yaml").write_text(text, "utf-8")
    rules = [_invented(words, lists[number // RULES_TO_A_LIST], dice) for number in range(count)]
    for number, rule in enumerate(rules):
        (folder / f"rule-{number:04}.yaml").write_text(_text(number, rule, facts=facts), "utf-8")
    return rules


def _invented(words: Mapping[str, Vocabulary], verbs: Terms, dice: random.Random) -> Invented:
    left_out = {language: [_term(words[language], dice)] for language in dice.sample(LANGUAGES, LEFT_OUT)}
    return Invented(_terms(words, TOPIC, dice), verbs, left_out)


def _text(number: int, rule: Invented, *, facts: bool) -> str:
    return _RULE.format(
        number=number,
        list=number // RULES_TO_A_LIST,
        topic=_written(rule.topic),
        left_out=_written(rule.left_out),
        extract=_EXTRACT if facts else "{}",
    )


def load(folder: Path) -> Rulebook:
    """The invented rules with the library's actors, places, numbers and guards, without its rules."""
    return load_rulebook(*library_lists(), folder)


def library_lists() -> list[Path]:
    """The files of the library's shared lists."""
    return [path for path in sorted((library() / "lists").iterdir()) if path.suffix in (".yaml", ".csv")]


def _terms(words: Mapping[str, Vocabulary], count: int, dice: random.Random) -> Terms:
    return {language: list(dict.fromkeys(_term(words[language], dice) for _ in range(count))) for language in LANGUAGES}


def _term(words: Vocabulary, dice: random.Random) -> str:
    """A stem as often as all others together: a prefix, a word as it is, a phrase of two."""
    stem, kind = words.topical(dice), dice.random()
    if kind < 0.5:
        return f"{stem}~"
    if kind < 0.7:
        return f"{stem}*"
    return words.form(stem, dice) if kind < 0.85 else f"{stem}~ {words.topical(dice)}~"


def _written(terms: Terms) -> str:
    return "{" + ", ".join(f"{language}: [{', '.join(listed)}]" for language, listed in terms.items()) + "}"

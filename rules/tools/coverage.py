"""What the rules offer in each language: terms by which each can be found, and examples that hold it to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from rules.article import LANGUAGES
from rules.reading.document import Document
from rules.rule import Rule
from rules.rulebook import Rulebook
from rules.terms import ANY
from rules.tools.lints.reach import Reach, wanted
from rules.tools.lints.written import Group, groups_of


@dataclass(frozen=True, slots=True)
class Offer:
    """What one rule has in one language.

    `terms` counts those of its own groups and of the lists that its condition wants, weak ones with them; not names of
    places, exclusions, regular expressions, nor what stands under a `not`. `matching` and `not_matching` are examples.
    """

    rule: str
    language: str
    terms: int
    matching: int
    not_matching: int


def offers(book: Rulebook) -> list[Offer]:
    """What each rule of `book` offers in each of the five languages, rule by rule."""
    reach = Reach.of(_groups(book))
    return [offer for rule in book.rules.values() if rule.status != "deprecated" for offer in _offers(rule, reach)]


def _offers(rule: Rule, reach: Reach) -> list[Offer]:
    groups = {(group.file, group.name): group for _, ref in wanted(rule) for group in reach.groups(rule, ref)}
    terms = sum((_terms(group) for group in groups.values()), Counter[str]())
    examples = Counter((example.language, example.matches) for example in rule.examples)
    return [
        Offer(rule.id, language, terms[language], examples[language, True], examples[language, False])
        for language in LANGUAGES
    ]


def _groups(book: Rulebook) -> dict[str, list[Group]]:
    texts = {str(source.path): source.data for name, source in book.sources.items() if name.endswith(".yaml")}
    return {path: groups_of(Document(path, data)) for path, data in texts.items()}


def _terms(group: Group) -> Counter[str]:
    """How many terms can show the group in each language; one for any language counts in all."""
    counted: Counter[str] = Counter()
    for each in group.terms:
        if each.role != "not":
            counted.update(LANGUAGES if each.term.language == ANY else (each.term.language,))
    return counted

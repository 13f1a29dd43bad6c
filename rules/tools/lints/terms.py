"""Terms that do nothing beside another, and terms so short that they take half the dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from rules.terms import ANY
from rules.tools.lints.covering import bucket, takes_all, welcomed
from rules.tools.lints.findings import Findings
from rules.tools.lints.written import Group, Written
from rules.tools.words import common_words

_COMPARED = 1_000
"""Terms of one group that begin alike and are compared with each other; each pair costs time."""
_EVERYDAY = 6.0
"""A word that stands in every other sentence: `us`, `who`."""


def term_lints(group: Group, found: Findings) -> None:
    """Look at the terms of one group beside each other, and at each alone."""
    for shadowed, by in _shadowed(group):
        if by.role == "not" and shadowed.role != "not":
            reason = f"{shadowed.node.text} is never met: {by.node.text} under not takes all that it takes"
        else:
            reason = f"{shadowed.node.text} does nothing here: {by.node.text} takes all that it takes"
        found.add(group.file, shadowed.node, "shadowed-term", reason, "Leave one of the two out.")
    for each in group.terms:
        if each.role != "not" and group.parts and len(each.term.words) == 1:
            _short(group, each, found)
            _acronym(group, each, found)


def _shadowed(group: Group) -> Iterator[tuple[Written, Written]]:
    """Each term that another of its language makes useless, with that one."""
    alike: dict[object, list[Written]] = {}
    for each in group.terms:
        if each.term.language != ANY:
            alike.setdefault(bucket(each.term), []).append(each)
    for terms in alike.values():
        for at, each in enumerate(terms if len(terms) <= _COMPARED else ()):
            by = next((other for i, other in enumerate(terms) if i != at and _over(other, each, earlier=i < at)), None)
            if by:
                yield each, by


def _over(other: Written, each: Written, *, earlier: bool) -> bool:
    """Whether `other` makes `each` useless: of two that take the same, the later one is."""
    stronger = {"": ("", "not"), "weak": ("weak", "", "not"), "not": ("not",)}
    if other.dated or other.role not in stronger[each.role] or not takes_all(other.term, each.term):
        return False
    if other.role == each.role and welcomed(each.term, other.term):
        return False
    return earlier or other.role != each.role or not takes_all(each.term, other.term)


def _short(group: Group, each: Written, found: Findings) -> None:
    word, language = each.term.words[0], each.term.language
    if language == ANY or each.node.text.isupper() or not word.key.isalpha():
        return
    length = len(word.key)
    if length < 2 or (word.kind != "exact" and length < 3):
        reason = f"{each.node.text} is too short to tell anything"
        found.add(group.file, each.node, "short-term", reason, "Write it with the word that it stands beside.")
    elif word.kind == "exact" and length == 2 and _everyday(word.key, language):
        reason = f"{each.node.text} is a word that stands in every other text"
        found.add(group.file, each.node, "short-term", reason, "Write it with the word that it stands beside.")


def _acronym(group: Group, each: Written, found: Findings) -> None:
    word, language = each.term.words[0], each.term.language
    if word.kind != "exact" or language == ANY or not each.node.text.isupper() or not 2 <= len(word.key) <= 4:
        return
    if _everyday(word.key, language):
        reason = f"{each.node.text} takes the word {each.node.text.lower()} as well, for case is levelled"
        found.add(group.file, each.node, "everyday-word", reason, "Write the name in full, or a word beside it.")


def _everyday(key: str, language: str) -> bool:
    return any(word.folded == key and word.zipf >= _EVERYDAY for word in common_words(language).beginning(key))

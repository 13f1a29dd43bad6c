"""Whether one term takes all that another takes."""

from __future__ import annotations

from rules.inflection import stem_forms
from rules.terms import Pattern, Phrase
from rules.tools.strangers import is_kin


def takes_all(one: Phrase, other: Phrase) -> bool:
    """Whether every text that `other` is met in meets `one` at the same words; both in the language of `other`."""
    return len(one.words) == len(other.words) and all(
        _word(mine, theirs, other.language) for mine, theirs in zip(one.words, other.words, strict=True)
    )


def welcomed(term: Phrase, prefix: Phrase) -> bool:
    """Whether a term stands beside a free prefix to say that a word which looks like a mistake is meant as well."""
    mine, theirs = term.words[0], prefix.words[0]
    if len(prefix.words) > 1 or theirs.kind != "prefix" or mine.kind == "prefix":
        return False
    return not is_kin(mine.key, theirs.key, prefix.language)


def bucket(term: Phrase) -> tuple[str, int, str]:
    """Terms that may take each other are alike in this: the language, how many words, the first letter."""
    return term.language, len(term.words), term.words[0].key[:1]


def _word(one: Pattern, other: Pattern, language: str) -> bool:
    if one == other:
        return True
    if one.kind == "prefix":
        if other.kind == "stem":
            return all(stem.startswith(one.key) for stem, _ in stem_forms(other.key, language))
        return other.key.startswith(one.key)
    if one.kind == "stem" and other.kind == "exact":
        return any(
            other.key.startswith(stem) and rest.fullmatch(other.key, len(stem)) is not None
            for stem, rest in stem_forms(one.key, language)
        )
    return False

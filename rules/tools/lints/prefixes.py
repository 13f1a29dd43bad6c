"""Free prefixes that take common words which their author most likely did not mean."""

from __future__ import annotations

from rules.terms import ANY, Pattern, Phrase
from rules.tools.forms import families, taken
from rules.tools.lints.covering import takes_all
from rules.tools.lints.findings import Findings
from rules.tools.lints.written import Group, Written
from rules.tools.strangers import share, strangers
from rules.tools.words import CommonWord, common_words

_SHOWN = 5
_SHARE = 0.12
"""Of what the prefix takes in ordinary text; measured on the shipped rules, where less is mostly a derived word."""
_SHORT, _SHARE_OF_SHORT = 3, 0.05
"""A prefix of so few letters is looked at more closely."""
_COMMON = {"hy": 2.6, "az": 2.8}
_KNOWN, _FREQUENT = 3.0, 4.5
"""The commonness (see `CommonWord.zipf`) of a word that counts, and of one that counts whatever its share is."""


def prefix_lints(group: Group, found: Findings) -> None:
    """Look at the free prefixes of one group; names, written with a capital, may begin as they like."""
    for each in group.terms:
        word = each.term.words[0]
        if len(each.term.words) > 1 or word.kind != "prefix" or each.role == "not" or each.term.language == ANY:
            continue
        if each.node.text[:1].isupper():
            continue
        others = _mistakes(group, each)
        if others:
            names = ", ".join(other.written for other in others[:_SHOWN])
            reason = f"{each.node.text} takes other common words as well: {names}"
            fix = "Put what is not meant under not, write what is welcome beside it, or write more of the word."
            found.add(group.file, each.node, "free-prefix", reason, fix)


def _mistakes(group: Group, each: Written) -> list[CommonWord]:
    """The words that look like a mistake, one of each family, the commonest first.

    A word that another term of the group takes, or one under `not`, has been thought of.
    """
    language, word = each.term.language, each.term.words[0]
    every = taken(word, language, common_words(language))
    known = [other for other in group.terms if other is not each and other.term.language in (language, ANY)]
    others = [one for one in strangers(word, language, every) if not _among(one, language, known)]
    least = _COMMON.get(language, _KNOWN)
    if not others or others[0].zipf < least:
        return []
    if share(others, every) < (_SHARE_OF_SHORT if len(word.key) <= _SHORT else _SHARE) and others[0].zipf < _FREQUENT:
        return []
    return families([one for one in others if one.zipf >= least], len(word.key))


def _among(word: CommonWord, language: str, terms: list[Written]) -> bool:
    one = Phrase(language, word.written, (Pattern("exact", word.folded),))
    return any(takes_all(each.term, one) for each in terms)

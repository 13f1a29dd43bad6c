"""Letters of the wrong script, and marks that nobody sees."""

from __future__ import annotations

import unicodedata
from collections import Counter

from rules.text import WORD
from rules.tools.lints.findings import LANGUAGE_NAMES, Findings
from rules.tools.lints.written import Group, Written

_SCRIPTS = {"en": "Latin", "az": "Latin", "tr": "Latin", "ru": "Cyrillic", "hy": "Armenian"}


def spelling_lints(group: Group, found: Findings) -> None:
    """Look at each term as it was typed."""
    for each in group.terms:
        if each.node.text.isascii() and _SCRIPTS.get(each.term.language, "Latin") == "Latin":
            continue
        _unseen(group, each, found)
        mixed = [_mixed(group, each, found, word.start(), word[0]) for word in WORD.finditer(each.node.text)]
        if not any(mixed):
            _latin(group, each, found)


def _unseen(group: Group, each: Written, found: Findings) -> None:
    for at, char in enumerate(each.node.text):
        if unicodedata.category(char) == "Cf":
            name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
            reason = f"an invisible mark ({name}) stands in {_plain(each.node.text)}"
            found.add(group.file, each.node, "invisible-mark", reason, "Type the term anew, without it.", at)
            return


def _mixed(group: Group, each: Written, found: Findings, start: int, word: str) -> bool:
    scripts = [(at, letter, _script(letter)) for at, letter in enumerate(word) if letter.isalpha()]
    counted = Counter(script for _, _, script in scripts)
    if len(counted) < 2:
        return False
    usual = _SCRIPTS.get(each.term.language) or counted.most_common(1)[0][0]
    if usual not in counted:
        usual = counted.most_common(1)[0][0]
    at, letter, script = next(one for one in scripts if one[2] != usual)
    reason = f"{_plain(word)} mixes letters that look alike: its {letter} is {script}, the others are {usual}"
    found.add(group.file, each.node, "mixed-letters", reason, f"Type the word anew in {usual} letters.", start + at)
    return True


def _latin(group: Group, each: Written, found: Findings) -> None:
    """A Latin word among Russian or Armenian ones may be meant; other scripts are faults that are found on reading."""
    if each.term.language not in ("ru", "hy") or each.node.text.upper() == each.node.text:
        return  # acronyms stand in texts of every language: HAMAS, OSCE
    if {_script(letter) for letter in each.node.text if letter.isalpha()} == {"Latin"}:
        language = LANGUAGE_NAMES[each.term.language]
        reason = f"{_plain(each.node.text)} is in Latin letters, but stands among the {language} terms"
        found.add(group.file, each.node, "script", reason, "Move it to its language, or to any.")


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0].capitalize()


def _plain(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char) != "Cf")

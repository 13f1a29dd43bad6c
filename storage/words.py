"""Folded words as one padded text, so that a database finds words and phrases in it by comparing characters.

`" ten captives | handed over "`: every word stands between spaces and texts are parted by a bar, which no word can
be. The predicate over one event and the SQL condition then ask the same question of the same string, on SQLite and
PostgreSQL alike; neither's own lower() or collation takes part.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rules.text import tokens


def padded(texts: Iterable[tuple[str, str]]) -> str:
    """The words of (text, language) pairs, in every form that a query may know them by.

    A query's language is not known, so a text is there under its own language and under none, and with the suffixes
    that stand behind an apostrophe (Armenia's, Ermənistan'a) and without them.
    """
    forms: dict[str, None] = {}
    for text, language in texts:
        for folded in (_words(text, language), _words(text, "")):
            forms[" ".join(folded)] = None
            forms[" ".join(filter(None, (word.partition("'")[0] for word in folded)))] = None
    forms.pop("", None)
    return f" {' | '.join(forms)} " if forms else ""


@lru_cache(maxsize=4096)
def needle(text: str) -> str:
    """What to look for in a padded text to find the words of `text` side by side; empty when it has none.

    A trailing `*` leaves the last word open: `exchang*` finds "exchange" and "exchanged".
    """
    folded = " ".join(_words(text, ""))
    if not folded:
        return ""
    return f" {folded}" if text.endswith("*") else f" {folded} "


def _words(text: str, language: str) -> list[str]:
    return [token.folded for token in tokens(text, language) if token.folded]

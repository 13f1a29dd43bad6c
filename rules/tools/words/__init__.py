"""Common words of the five languages, for the tools that tell what a term takes. A running bot never loads them.

Where the words come from, their licences, how they were made and how to mend them: README.md beside this file.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_AFTER_ALL = "\U0010ffff"


class CommonWord(NamedTuple):
    """A word as it is written in small letters, as it is compared (`rules.text.fold`), and how common it is.

    `zipf` is the logarithm (base 10) of its occurrences in a billion words: 7 for "the" and its like, 3 for a word
    that readers meet now and then. In Armenian and Azerbaijani it is estimated.
    """

    written: str
    folded: str
    zipf: float


@cache
def common_words(language: str) -> CommonWords:
    """The common words of one of the five languages, read when they are first asked for (some 20 ms) and kept."""
    packed = files(__name__).joinpath(f"{language}.txt.gz").read_bytes()
    return CommonWords(gzip.decompress(packed).decode("utf-8"))


class CommonWords:
    """A list of words, `word<tab>ten times its zipf` a line, the words folded; asked for those that begin alike."""

    def __init__(self, text: str) -> None:
        self._lines = sorted(text.splitlines())

    def __len__(self) -> int:
        """How many words there are."""
        return len(self._lines)

    def beginning(self, beginning: str) -> Iterator[CommonWord]:
        """The words whose folded form begins so, in the order of the alphabet."""
        first = bisect_left(self._lines, beginning)
        for line in self._lines[first : bisect_left(self._lines, beginning + _AFTER_ALL)]:
            folded, _, zipf = line.partition("\t")
            yield CommonWord(folded.replace("եվ", "և"), folded, int(zipf) / 10)

"""Regular expressions as terms, for what words cannot say: matched in linear time, between the edges of words.

The engine is RE2, which cannot be made to run away. Its `\\b` and `\\w` know ASCII only, so the edges are ours: an
expression takes whole words of the folded text, wherever it begins and ends.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import re2

from rules.article import LANGUAGES
from rules.text import fold

_EDGE = r"[^\pL\pM\pN]"
_ASCII_ONLY = re.compile(r"(?<!\\)(?:\\\\)*(\\[bBwW])")
_LETTER = re.compile(r"(?<!\\)[^\W\d_]")
_MEMORY = 1 << 20
"""Bytes that one compiled expression may take."""


class Expression(NamedTuple):
    """A regular expression as a term: in one language (or any), as written."""

    language: str
    written: str


class Fault(NamedTuple):
    """Why an expression cannot be used, and what to write instead; `offset` characters into it."""

    reason: str
    fix: str
    offset: int = 0


class Piece(NamedTuple):
    """The words `first` to `last` of a text, taken by an expression of `group`."""

    first: int
    last: int
    group: int
    written: str


def fault(written: str, language: str) -> Fault | None:
    """What is wrong with an expression, if anything."""
    if ascii_only := _ASCII_ONLY.search(written):
        mark = ascii_only[1]
        fix = "Leave it out: an expression always takes whole words." if mark in ("\\b", "\\B") else "Write \\pL."
        return Fault(f"{mark} knows the letters of English only", fix, ascii_only.start(1))
    for letter in _LETTER.finditer(written):
        folded = fold(letter[0], language)
        if folded != letter[0].lower():
            reason = f"{letter[0]} stands in no text, for texts are compared with their spelling levelled"
            return Fault(reason, f"Write {folded}.", letter.start())
    try:
        compiled = _compiled(written)
    except re2.error as error:
        said = error.args[0].decode("utf-8", "replace") if error.args else "not understood"
        what, _, piece = said.partition(": ")
        shown = said if piece in written else what
        return Fault(f"the expression cannot be used: {shown}", _advice(said))
    if compiled.search(" "):
        return Fault("the expression takes nothing at all as well", "Let it ask for a letter or a digit at least.")
    return None


Known = Sequence[tuple[Any, int, str]]
"""Compiled expressions, each with the group that it shows and how it was written."""


@dataclass(slots=True)
class Expressions:
    """All expressions of a rulebook, by language. Filled by `add`, then only read."""

    _known: dict[str, list[tuple[Any, int, str]]] = field(default_factory=dict)

    def add(self, expression: Expression, group: int) -> None:
        """Let an expression without a `fault` show `group`."""
        for language in LANGUAGES if expression.language not in LANGUAGES else (expression.language,):
            self._known.setdefault(language, []).append((_compiled(expression.written), group, expression.written))

    def of(self, language: str) -> Known:
        """The expressions that an article in `language` is looked through with; all when it is not known."""
        if language in LANGUAGES:
            return self._known.get(language, ())
        return [each for known in self._known.values() for each in known]


def find(
    known: Sequence[tuple[Any, int, str]], text: str, cuts: Sequence[tuple[int, int]], language: str
) -> list[Piece]:
    """Where the expressions stand in `text`, of which `cuts` are the words; numbered by the words."""
    folded, edges = _folded(text, cuts, language)
    starts, ends = [start for start, _ in edges], [end for _, end in edges]
    return [
        Piece(first, last, group, written)
        for expression, group, written in known
        for start, end in _spans(expression, folded)
        if (first := bisect_left(starts, start)) <= (last := bisect_right(ends, end) - 1)
    ]


def _spans(expression: Any, text: str) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - re2 is not typed
    at = 0
    while at < len(text) and (found := expression.search(text, at)):
        start, end = found.span(1)
        yield start, end
        at = max(end, at + 1)


def _folded(text: str, cuts: Sequence[tuple[int, int]], language: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with its words folded and everything between them as it stands, and where the words are in it."""
    pieces: list[str] = []
    edges: list[tuple[int, int]] = []
    length = before = 0
    for start, end in cuts:
        gap, word = text[before:start], fold(text[start:end], language)
        edges.append((length + len(gap), length + len(gap) + len(word)))
        pieces += (gap, word)
        length, before = edges[-1][1], end
    return "".join((*pieces, text[before:])), edges


def _compiled(written: str) -> Any:  # noqa: ANN401 - re2 is not typed
    return re2.compile(f"(?:^|{_EDGE})((?:{written}))(?:$|{_EDGE})", _options())


def _options() -> Any:  # noqa: ANN401 - re2 is not typed
    options = re2.Options()
    options.max_mem, options.log_errors, options.case_sensitive = _MEMORY, False, False
    return options


def _advice(said: str) -> str:
    if "perl operator" in said or "escape" in said:
        return "Looking ahead or back (?=..) and \\1 have no place here: they cannot run in bounded time."
    if "too large" in said or "repetition" in said:
        return "Make it smaller: fewer repetitions."
    if "missing )" in said or "missing ]" in said or "unexpected )" in said:
        return "Each bracket that is opened must be closed; a bracket as a letter is written \\( or \\)."
    return ""

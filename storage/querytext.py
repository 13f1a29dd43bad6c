"""The surface of the query language: a string becomes terms, a fault becomes a caret under the word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from rules.errors import BorderwatchError

LONGEST = 500
"""Characters of a query."""

QUOTES = '"“”„«»'
"""Whatever a telephone makes of a quotation mark, either end."""

_KEY = re.compile(r"(-?)([^\W\d_][\w-]*):")
_QUOTED = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)([{QUOTES}]?)")
_WORD = re.compile(rf"[^\s{QUOTES}]+")
_ALTERNATIVE = re.compile(rf"[^\s,{QUOTES}]+")
_NEEDS_NO_QUOTES = re.compile(rf"[^\s,:{QUOTES}-][^\s,:{QUOTES}]*")


class QueryError(BorderwatchError):
    """A query that cannot be understood; the message shows it with a caret under the word."""

    def __init__(self, query: str, start: int, end: int, problem: str, advice: str = "") -> None:
        caret = " " * start + "^" * max(1, end - start)
        super().__init__("\n".join(filter(None, (problem, f"  {query}", f"  {caret}", advice))))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, phrase or value as it was written, and where it stands in the query."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """`key:value,value`, or words without a key. `negated`: a minus stands before it."""

    key: str
    pieces: tuple[Piece, ...]
    negated: bool
    start: int
    end: int


def tidy(query: str) -> str:
    """The query on one line: whatever is not printable becomes a space, so that a caret stands where it should."""
    return "".join(char if char.isprintable() else " " for char in query).strip()


def split_query(query: str) -> list[Term]:
    """The terms of a tidy query, in its order."""
    if len(query) > LONGEST:
        raise QueryError(f"{query[:40]} ...", 0, 40, f"a query has at most {LONGEST} characters, this one {len(query)}")
    terms, at = [], 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        term = _term(query, at)
        terms.append(term)
        at = term.end
    return terms


def quoted(text: str) -> str:
    """`text` as it must be written to be read as one value."""
    return text if _NEEDS_NO_QUOTES.fullmatch(text) else f'"{text}"'


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Advice that names what was probably meant, else all that is known."""
    known = list(known)
    close = get_close_matches(word.casefold(), known, n=1)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(known)}"


def _term(query: str, start: int) -> Term:
    if key := _KEY.match(query, start):
        pieces, end = _pieces(query, key.end(), _ALTERNATIVE)
        return Term(key[2].casefold(), pieces, bool(key[1]), start, max(end, key.end()))
    negated = query[start] == "-" and start + 1 < len(query) and not query[start + 1].isspace()
    pieces, end = _pieces(query, start + negated, _WORD)
    return Term("", pieces, negated, start, end)


def _pieces(query: str, at: int, bare: re.Pattern[str]) -> tuple[tuple[Piece, ...], int]:
    pieces = []
    while at < len(query) and not query[at].isspace():
        if found := _QUOTED.match(query, at):
            if not found[2]:
                raise QueryError(query, at, len(query), "this quotation mark is not closed", 'write "words like this"')
            pieces.append(Piece(" ".join(found[1].split()), at, found.end()))
        elif found := bare.match(query, at):
            pieces.append(Piece(found[0], at, found.end()))
        at = found.end() if found else at + 1
    return tuple(pieces), at

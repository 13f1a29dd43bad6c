"""The numbers of an article, and why some of them count nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rules.match import Part
from rules.numbers import NumberWords, Numeral, counts
from rules.scan import Scan

Use = Literal["count", "date", "trap", "form"]
"""`count`: it may count something; `date`: it stands beside a month; `trap`: beside a word of the lists' traps;
`form`: it is written as a year, a time, a share, a sum of money, an ordinal, an age."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text and what it is taken for. `value` is None where its form tells that it counts nothing.

    `trap` is the word beside it; `taken` are the facts that it gave.
    """

    part: Part
    start: int
    end: int
    text: str
    value: int | None
    use: Use
    trap: str = ""
    taken: tuple[str, ...] = ()


def numbers(scan: Scan, words: NumberWords, facts: Mapping[str, int]) -> tuple[Number, ...]:
    """All numbers of the article, in the order of the text; `facts` are those that a rule took."""
    return tuple(sorted(_numbers(scan, words, facts), key=lambda each: (each.part == "summary", each.start)))


def _numbers(scan: Scan, words: NumberWords, facts: Mapping[str, int]) -> Iterator[Number]:
    counted = counts(scan, words)
    untrapped = counts(scan, replace(words, before=(), after=()))
    all_read = counts(scan, replace(words, before=(), after=(), months=()))
    for each in all_read:
        if each in counted:
            taken = tuple(name for name, value in facts.items() if value == each.value)
            yield _number(scan, each, "count", taken=taken)
        elif each in untrapped:
            yield _number(scan, each, "trap", trap=_trap(scan, words, each))
        else:
            yield _number(scan, each, "date")
    read = {at for each in all_read for at in range(each.first, each.last + 1)}
    for at, word in enumerate(scan.words):
        if at not in read and word[:1].isdecimal():
            part, (start, end) = scan.part(scan.sentence[at]), scan.cuts[at]
            yield Number(part, start, end, word, None, "form")


def _number(scan: Scan, each: Numeral, use: Use, *, trap: str = "", taken: tuple[str, ...] = ()) -> Number:
    part = scan.part(scan.sentence[each.first])
    start, end = scan.cuts[each.first][0], scan.cuts[each.last][1]
    return Number(part, start, end, scan.text(part)[start:end], each.value, use, trap, taken)


def _trap(scan: Scan, words: NumberWords, each: Numeral) -> str:
    """The word beside a number that says that it is no count."""
    after = (hit for hit in scan.hits(words.after) if hit.first == each.last + 1)
    before = (hit for hit in scan.hits(words.before) if hit.last == each.first - 1)
    return next((" ".join(scan.words[hit.first : hit.last + 1]) for hit in (*after, *before)), "")

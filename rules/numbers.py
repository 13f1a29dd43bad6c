"""Counts in a text: digits and number words, without the numbers that count nothing.

Years, dates, clock times, decimals, percentages, sums of money, ordinals and bases ("the 102nd") are known by their
form and by the months' names, as is an age between commas ("a herdsman, 54, is home"); other ages, prison terms, totals
to date by the trap words of the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rules.scan import Scan

_DIGITS = re.compile(r"(\d{1,9})(?:['’ʼ`´]\w{1,6})?")
_THOUSANDS = (",", ".", " ", "\u00a0", "\u202f", "\u2009", "'", "’")
_DASHES = "-‐‑–—"
_FORM_BEFORE = re.compile(r"(?:[$€£₽₺₼№#]|\b[Nn]o\.)\s?$")
_AGE_BEFORE, _AGE_AFTER = re.compile(r"[^\W\d_],\s?$"), re.compile(r",\s?[^\W\d_]")
_FORM_AFTER = re.compile(r"\s?[%$€£₽₺₼°]")
_ORDINAL_SUFFIXES = """
    st nd rd th
    я й е го му м х ю ая ый ой ое ом ого
    րդ ին
    ci cı cu cü nci ncı ncu ncü inci ıncı uncu üncü da də
"""
_ORDINAL = frozenset(_ORDINAL_SUFFIXES.split())
_AND = frozenset(("and", "to", "и", "по", "և", "եւ", "և", "və", "ve", "ile"))
_SCALES, _DOZEN = (100, 1_000, 1_000_000), 12


class Numeral(NamedTuple):
    """A number in the text: its first and last word and its value; `bare_year` when it could be a year."""

    first: int
    last: int
    value: int
    bare_year: bool


@dataclass(frozen=True, slots=True)
class NumberWords:
    """What is known of numbers: the value of each group of number words, and the groups of months and trap words."""

    values: Mapping[int, int]
    months: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


def counts(scan: Scan, words: NumberWords) -> list[Numeral]:
    """The numbers of an article that may count something, in the order of the text."""
    found = list(_numerals(scan, words))
    dates = _dates(scan, words, found)
    after = {hit.first for hit in scan.hits(words.after)}
    before = {hit.last for hit in scan.hits(words.before)}
    return [
        each
        for each in found
        if each not in dates
        and not (each.last + 1 in after and scan.same(each.last, each.last + 1))
        and not (each.first - 1 in before and scan.same(each.first - 1, each.first))
    ]


def _numerals(scan: Scan, words: NumberWords) -> Iterator[Numeral]:
    spoken: dict[int, tuple[int, int]] = {}
    for hit, meant in scan.meanings(words.values):
        spoken[hit.first] = max(spoken.get(hit.first, (0, 0)), (hit.last, meant))
    at = 0
    while at < len(scan.words):
        if _DIGITS.fullmatch(scan.words[at]):
            last, value, year = _digits(scan, at)
            if value is not None and last + 1 in spoken and spoken[last + 1][1] in _SCALES and scan.adjacent(last):
                value, last = value * spoken[last + 1][1], spoken[last + 1][0]
            if value is not None:
                yield Numeral(at, last, value, year)
        elif at in spoken:
            last, value = _spoken(scan, at, spoken)
            yield Numeral(at, last, value, False)
        else:
            last = at
        at = last + 1


def _digits(scan: Scan, at: int) -> tuple[int, int | None, bool]:
    """The last word of a number in digits, its value (None when it counts nothing), whether it may be a year."""
    digits, last, chained = _value(scan.words[at]), at, False
    grouped = len(digits) <= 3
    while (gap := _joint(scan, last)) is not None and (following := _value(scan.words[last + 1])):
        if grouped and gap in _THOUSANDS and len(following) == 3 and "'" not in scan.words[last]:
            digits += following
        elif gap in (".", ",", ":", "/"):
            chained = True
        else:
            break
        last += 1
    if chained or len(digits) > 9 or _formed(scan, at, last):
        return last, None, False
    suffix = _suffix(scan, last)
    if suffix in _ORDINAL:
        return last + 1, None, False
    year = last == at and len(digits) == 4 and 1900 <= int(digits) <= 2100
    return last + bool(suffix), int(digits), year


def _spoken(scan: Scan, at: int, spoken: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """The last word and the value of a number in words: twenty-one, on iki, iki yüz, две тысячи."""
    total, (last, current) = 0, spoken[at]
    while last + 1 in spoken and scan.adjacent(last):
        following, value = spoken[last + 1]
        if (value in _SCALES and value > current > 0) or (value == _DOZEN and 0 < current < 10):
            current *= value
        elif current >= 1_000 > value > 0:
            total, current = total + current, value
        elif 0 < value < 100 and (current % 100 == 0 or (current % 10 == 0 and value < 10)):
            current += value
        else:
            break
        last = following
    return last, total + current


def _dates(scan: Scan, words: NumberWords, found: list[Numeral]) -> set[Numeral]:
    """The days and years that stand beside a month's name."""
    ends, begins = {each.last: each for each in found}, {each.first: each for each in found}
    dates: set[Numeral] = set()
    for month in scan.hits(words.months):
        word = scan.words[month.first]
        if scan.article.language == "en" and word[:1].islower():
            continue
        day, step = _free(ends.get(month.first - 1), dates), -1
        if not _is_day(day) or day is None or not scan.same(day.last, month.first):
            day, step = begins.get(month.last + 1), 1
        while day is not None and _is_day(day) and scan.same(day.last, month.first) and day not in dates:
            dates.add(day)
            day = _chained(scan, day, step, ends if step < 0 else begins)
    return dates


def _free(day: Numeral | None, dates: set[Numeral]) -> Numeral | None:
    return None if day in dates else day


def _is_day(numeral: Numeral | None) -> bool:
    return numeral is not None and 1 <= numeral.value <= 31


def _chained(scan: Scan, day: Numeral, step: int, by_edge: Mapping[int, Numeral]) -> Numeral | None:
    """The further day of 14-15 December or 12 and 13 June."""
    beside = day.first - 1 if step < 0 else day.last + 1
    if beside in by_edge:
        gap = scan.gap(beside, day.first) if step < 0 else scan.gap(day.last, beside)
        return by_edge[beside] if gap.strip() and gap.strip() in _DASHES else None
    if 0 <= beside < len(scan.words) and scan.words[beside].lower() in _AND:
        return by_edge.get(beside + step)
    return None


def _value(word: str) -> str:
    digits = _DIGITS.fullmatch(word)
    return digits[1] if digits else ""


def _joint(scan: Scan, at: int) -> str | None:
    return scan.gap(at, at + 1) if at + 1 < len(scan.words) and scan.same(at, at + 1) else None


def _formed(scan: Scan, first: int, last: int) -> bool:
    """Money, percentages, numbered things, an age between commas, a Turkish ordinal's full stop."""
    text = scan.text(scan.part(scan.sentence[first]))
    start, end = scan.cuts[first][0], scan.cuts[last][1]
    if _FORM_BEFORE.search(text[max(0, start - 5) : start]) or _FORM_AFTER.match(text[end : end + 2]):
        return True
    if (
        end - start == 2
        and _AGE_BEFORE.search(text[max(0, start - 3) : start])
        and _AGE_AFTER.match(text[end : end + 3])
    ):
        return True
    return scan.article.language == "tr" and (_joint(scan, last) or "").startswith(". ")


def _suffix(scan: Scan, at: int) -> str:
    gap = _joint(scan, at)
    word = scan.words[at + 1].lower() if gap and gap in _DASHES else ""
    return word if len(word) <= 4 and not word.isdecimal() and word not in ("year", "день", "il", "yaş") else ""

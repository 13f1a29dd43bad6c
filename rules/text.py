"""One normaliser for five scripts: folding, words with exact offsets, sentences.

Words are cut from the original text and folded one by one, so that offsets need no map. What stands inside a word
without belonging to it (soft hyphens, zero-width characters, stress marks, Armenian ՛ ՜ ՞) is part of the cut and
gone from the fold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

APOSTROPHES = "'’‘ʼʻʹ`´′＇՚"
INNER_MARKS = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u0300-\u036f\u055b\u055c\u055e"
QUESTION_MARKS = "?؟\u037e՞"

WORD = re.compile(rf"[^\W_]+(?:(?:[{INNER_MARKS}]+|[{APOSTROPHES}](?=[^\W_]))[^\W_]*)*")
"""A word: letters and digits, marks inside it, apostrophes between letters. Hyphens and underscores part words."""

_DROPPED = re.compile(f"[{INNER_MARKS}]+")
_FORMAT = re.compile(f"[{INNER_MARKS.replace(chr(0x300) + '-' + chr(0x36F), '')}]+")
_SAME = dict.fromkeys(APOSTROPHES, "'") | {
    "ә": "ə", "Ә": "Ə", "Ǝ": "Ə", "ё": "е", "Ё": "Е", "ﬓ": "մն", "ﬔ": "մե", "ﬕ": "մի", "ﬖ": "վն", "ﬗ": "մխ"
}  # fmt: skip
_VARIANT = re.compile(f"[{''.join(_SAME)}]")
_LATIN, _CYRILLIC = "aceopxyijsABCEHKMOPTXYIJS", "асеорхуіјѕАВСЕНКМОРТХУІЈЅ"
_TO_CYRILLIC, _TO_LATIN = str.maketrans(_LATIN, _CYRILLIC), str.maketrans(_CYRILLIC, _LATIN)
_LATIN_LETTER, _CYRILLIC_LETTER = re.compile("[A-Za-zÀ-ɏə]"), re.compile("[Ѐ-ӿ]")
_ANY_WORD = re.compile(r"[^\W_]+")


class Token(NamedTuple):
    """A word of a text: `text[start:end]` as written, `folded` as it is compared."""

    start: int
    end: int
    folded: str


class Sentence(NamedTuple):
    """A sentence of a text, without the space around it; `question` when it carries a question mark of any script."""

    start: int
    end: int
    question: bool


def fold(text: str, language: str = "") -> str:
    """`text` as it is compared: case, spelling variants, look-alike letters and invisible marks levelled.

    In Azerbaijani and Turkish, I is a dotless ı and İ an i; a text that mixes in English capitals has two readings
    of an I, see `readings`.
    """
    if text.isascii():
        text = text.replace("`", "'")
        return (text.replace("I", "ı") if language in ("az", "tr") else text).lower()
    text = _DROPPED.sub("", unicodedata.normalize("NFC", _FORMAT.sub("", text)))
    text = _VARIANT.sub(lambda variant: _SAME[variant[0]], text).replace("İ", "i")
    text = text.replace("I", "ı") if language in ("az", "tr") else text
    if _LATIN_LETTER.search(text) and _CYRILLIC_LETTER.search(text):
        text = _ANY_WORD.sub(lambda word: _one_script(word[0], language), text)
    text = _DROPPED.sub("", text.lower()).replace("և", "եւ").replace("եւ", "եվ")
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=16_384)
def fold_word(word: str, language: str) -> str:
    """`fold` of one word, remembered."""
    return fold(word, language)


def fold_words(words: Sequence[str], language: str) -> list[str]:
    """`fold` of each of `words`, in one go: several times faster than one by one."""
    return fold(" ".join(words), language).split(" ") if words else []


def readings(word: str, language: str, folded: str = "") -> tuple[str, ...]:
    """Every folded form under which a word of a text may be known, the likeliest first: its fold, if known already.

    An apostrophe opens a suffix (Armenia's, Ermənistan'a), so the part before it is a reading; in Azerbaijani and
    Turkish a capital I is read as ı and, as English headlines and careless capitals have it, as i.
    """
    found = [folded or fold_word(word, language)]
    if language in ("az", "tr") and "I" in word:
        found.append(fold_word(word.replace("I", "i"), language))
    found += [form.partition("'")[0] for form in found if "'" in form]
    return tuple(found)


def tokens(text: str, language: str = "") -> list[Token]:
    """The words of `text` in order, with offsets into it."""
    return [Token(cut.start(), cut.end(), fold_word(cut[0], language)) for cut in WORD.finditer(text)]


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text` in order. `։` ends one in Armenian; a full stop after an abbreviation does not."""
    found, begin = [], 0
    for stop in _STOP.finditer(text):
        if _ends(text, stop):
            found.append(_trimmed(text, begin, stop.end()))
            begin = stop.end()
    found.append(_trimmed(text, begin, len(text)))
    return [sentence for sentence in found if sentence.start < sentence.end]


def sentence_of(text: str, start: int, end: int) -> Sentence:
    """The sentence that `text[start:end]` stands in; more than one, run together, when it crosses a border."""
    touched = [each for each in sentences(text) if each.start < end and start < each.end]
    if not touched:
        return Sentence(start, end, False)
    return Sentence(min(start, touched[0].start), max(end, touched[-1].end), any(each.question for each in touched))


_STOP = re.compile(r"[.!?…؟]+[\"'»”’)\]]*(?=\s)|։+[»”\"]*|[\r\n\u2028\u2029]+")
_LAST_WORD = re.compile(r"[^\W_]+\Z")
_ABBREVIATIONS = """
    mr mrs ms dr prof gen col lt maj capt sgt st no vs etc gov sen rep
    jan feb mar apr jun jul aug sep sept oct nov dec
    г гг ул им тыс млн млрд др стр см тов проф акад ген
    թ հ տ
    dos alb cən
"""
_ABBREVIATED = frozenset(_ABBREVIATIONS.split())


def _ends(text: str, stop: re.Match[str]) -> bool:
    mark = stop[0][0]
    if mark in "։\r\n\u2028\u2029":
        return True
    following = text[stop.end() : stop.end() + 40].lstrip("\"'«“„([—–- \t\u00a0")[:1]
    if following.islower():
        return False
    if mark != "." or stop[0].startswith(".."):
        return True
    last = _LAST_WORD.search(text[max(0, stop.start() - 40) : stop.start()])
    return not last or (len(last[0]) > 1 and last[0].lower() not in _ABBREVIATED) or last[0].isdecimal()


def _trimmed(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Sentence(start, max(start, end), any(mark in piece for mark in QUESTION_MARKS))


def _one_script(word: str, language: str) -> str:
    latin, cyrillic = len(_LATIN_LETTER.findall(word)), len(_CYRILLIC_LETTER.findall(word))
    if not latin or not cyrillic:
        return word
    russian = cyrillic > latin or (cyrillic == latin and language == "ru")
    return word.translate(_TO_CYRILLIC if russian else _TO_LATIN)

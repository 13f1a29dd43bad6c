"""Which words that a free prefix takes are most likely other words than its author had in mind.

A prefix is mostly the stem of a verb or of a family of words. What goes on by an ending of nouns, of verbs or of the
usual derived words is taken for its kin; the rest are strangers: `начал*` takes начальник, `conven*` convenient. It is
a guess by endings, without a dictionary, for the eye of the person who wrote the prefix. No native speaker has checked
the Armenian and Azerbaijani endings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from rules.inflection import stem_forms
from rules.terms import Pattern
from rules.tools.words import CommonWord


def strangers(pattern: Pattern, language: str, found: Sequence[CommonWord]) -> tuple[CommonWord, ...]:
    """Of the common words that a prefix takes, those that look like other words, in their order."""
    if pattern.kind != "prefix":
        return ()
    return tuple(word for word in found if not is_kin(word.folded, pattern.key, language))


def is_kin(word: str, prefix: str, language: str) -> bool:
    """Whether a folded word goes on after the prefix as its forms and the usual derived words do."""
    if any(word.startswith(stem) and rest.fullmatch(word, len(stem)) for stem, rest in _stems(prefix, language)):
        return True
    begin, endings = len(prefix), _endings(language)
    until = min(begin + _CUT_SHORT.get(language, 0), len(word))
    return any(endings.fullmatch(word, at) for at in range(begin, until + 1))


def share(some: Sequence[CommonWord], among: Sequence[CommonWord]) -> float:
    """How much of what is taken in ordinary text they are: 0.25 is every fourth word."""
    whole = sum(10**word.zipf for word in among)
    return sum(10**word.zipf for word in some) / whole if whole else 0.0


def _of(written: str) -> str:
    return "(?:" + "|".join(written.split()) + ")"


_CUT_SHORT = {"en": 1, "ru": 1}
"""Letters by which prefixes often stop short of the ending: освобо-д-или."""

_ADJECTIVE = _of("ый ая ое ые ого ому ым ом ой ую ою ых ыми ий яя ее ие его ему им ем ей юю их ими а о ы я")
_NOUN = _of("е я ю и ем ей ям ями ях й ии ий ию ией ия ием иям иями иях")
_HIGH, _LOW = "[ıiuü]", "[aəe]"
_TURKIC = (
    # at most six suffixes before the last: without a bound, a made-up word could cost seconds
    rf"(?:l{_LOW}|{_LOW}|[dt]{_HIGH}r|t|{_HIGH}?l|{_HIGH}?n|{_HIGH}?ş|{_HIGH}r|y?{_LOW}bil){{0,6}}"
    rf"(?:m{_LOW}|m{_HIGH})?(?:"
    rf"[dt]{_HIGH}\w{{0,6}}|m{_HIGH}ş\w{{0,6}}|y?{_HIGH}[bp]\w{{0,4}}|y?{_HIGH}?yor\w{{0,6}}|y?{_LOW}n\w{{0,8}}|"
    rf"y?{_LOW}c{_LOW}[kğ]\w{{0,6}}|y?{_HIGH}r\w{{0,6}}|z\w{{0,4}}|r\w{{0,4}}|m{_LOW}l{_HIGH}\w{{0,4}}|"
    rf"m{_LOW}[kğ]\w{{0,6}}|m{_LOW}\w{{0,7}}|s{_LOW}\w{{0,3}}|y?{_LOW}r{_LOW}[kq]|s{_HIGH}n\w{{0,3}}|"
    rf"{_HIGH}ş\w{{0,6}}|y?{_LOW}[kqlm]?|ğ\w{{0,6}}|k(?:[dt]{_LOW}\w{{0,2}}|l{_LOW}r\w{{0,5}})?|"
    rf"l{_HIGH}[kğq]\w{{0,8}}|c{_LOW}\w{{0,3}}|ki\w{{0,4}}|"
    rf"{_HIGH}z\w{{0,3}}|{_HIGH}?[cç]{_HIGH}\w{{0,7}}|{_HIGH}m\w{{0,6}})?"
)
_ENDINGS = {
    "en": r"(?:[aei]?(?:s|es|ed|d|ing|ings|er|ers|or|ors|ions?|it(?:y|ies)|[ai]tions?|ments?|als?|ally|ives?|able)|e|y|"
    r"ies|ied|ance|ees?|age|ly|ity|n|en|w|ew|aw|awn|awals?|ures?|ications?|ying|edly)?",
    "ru": rf"(?:[аеиуыояю]?(?:л|ла|ло|ли|в|вши|вш{_ADJECTIVE}|нн{_ADJECTIVE}?|н|на|но|ны|т[ьи]?|т{_ADJECTIVE}|ш|шь|м|"
    rf"мы|те|й|йте|[юуяа]?щ{_ADJECTIVE}|[еи]?м{_ADJECTIVE}|с[ья]|ни{_NOUN}?)|[еи]шь|[еи]т|[еи]м|[еи]те|[юуяа]т|у|ю|я|"
    rf"и|[ое]?в?ени{_NOUN}|ировани{_NOUN}|ы?ва[а-я]{{1,7}}|ну[а-я]{{1,6}}|"
    rf"[еск]?н?{_ADJECTIVE}|и?ческ{_ADJECTIVE}|[аи]?н?ск{_ADJECTIVE}|"
    rf"ец|ц[аеыу]м?и?|цев|[иыуа]сь|ост{_NOUN}|ость|остью|ств[а-я]{{1,3}}|и{_NOUN}|ист[а-я]{{0,4}})?(?:ся|сь)?",
    "hy": r"(?:վ|ե?ց|եցն|աց|ացն|եց?վ)?(?:ել|ալ|ում?|ում\w{0,5}|եց\w{0,4}|ած\w{0,5}|ող\w{0,5}|ման\w{0,4}|մա?մբ|"
    r"[եա]լու\w{0,3}|[եա]լով|ելիս|ելի\w{0,4}|իր|ի|[եա]մ|[եա]ս|են|[եա]նք|[եա]ք|ե|է|ա|ավ|ան|անք\w{0,4}|ար|այ\w{0,3}|"
    r"յալ\w{0,5}|վ\w{0,6}|յուն\w{0,5}|ություն\w{0,7}|ությա\w{0,6}|ական\w{0,7}|ային\w{0,5}|ե?[այ]ն\w{0,5}|"
    r"ց\w{0,6}|ի?ներ\w{0,5}|րեց\w{0,4}|մ|նք|ք|իկ\w{0,6}|իչ\w{0,5}|իստ\w{0,6}|իք\w{0,5}|"
    r"երեն\w{0,4}|ն[եա]\w{0,4}|րել\w{0,3}|լ\w{0,4}|մունք\w{0,5}|րե[ցք]\w{0,4})?[նըսդ]?",
    "az": _TURKIC,
    "tr": _TURKIC,
}


@cache
def _endings(language: str) -> re.Pattern[str]:
    return re.compile(_ENDINGS[language])


@lru_cache(maxsize=256)
def _stems(prefix: str, language: str) -> Sequence[tuple[str, re.Pattern[str]]]:
    return list(stem_forms(prefix, language))

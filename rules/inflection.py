"""Inflectional endings of the five languages: what `stem~` may be followed by.

Suffixing languages are tables of slots (plural, possessive, case, copula), the others lists; names of places decline
without a plural, Russian ones by their last letter. Verbs and derived words are not covered: they are written as
prefixes. No native speaker has checked the Armenian and Azerbaijani tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _one_of(endings: str) -> str:
    return "(?:" + "|".join(sorted(endings.split(), key=len, reverse=True)) + ")?"


_POSSESSIVE = "ım im um üm ın in un ün m n ımız imiz umuz ümüz mız miz muz müz ınız iniz unuz ünüz sı si su sü ı i u ü"
_GENITIVE = "nın nin nun nün ın in un ün nı ni nu nü yı yi yu yü ı i u ü"
_CASES = {
    "hy": _one_of("իս իդ ին ից ով ում ու ուն ի ան վա ց յի յից յով յում") + _one_of("ը ն ս դ"),
    "az": _one_of(f"{_GENITIVE} ya yə na nə a ə nda ndə da də ndan ndən dan dən la lə yla ylə nca ncə ca cə")
    + _one_of("kı ki ku kü dır dir dur dür dırlar dirlər"),
    "tr": _one_of(f"{_GENITIVE} ya ye na ne a e nda nde da de ta te ndan nden dan den tan ten yla yle la le nca nce")
    + _one_of("ki kiler dır dir dur dür tır tir"),
    "ru": _one_of(
        "а я ы и й е у ю о ой ей ею ою ом ем ов ев ам ям ами ями ах ях ь ью ий ия ию ие ии ием иях иям иями "
        "ый ая ое ые ого его ому ему ым им ых их ыми ими ую юю яя ее"
    ),
}
_BEFORE_CASE = {
    "hy": "(?:ներ|եր)?",
    "az": "(?:l[aə]r)?" + _one_of(_POSSESSIVE),
    "tr": "(?:l[ae]r)?" + _one_of(_POSSESSIVE),
}
_ENDINGS = {language: _BEFORE_CASE.get(language, "") + cases for language, cases in _CASES.items()}
_NAME_ENDINGS = {language: re.compile(_CASES[language]) for language in ("hy", "az", "tr")}
_ALL = {language: re.compile(pattern) for language, pattern in _ENDINGS.items()}
_AFTER_VOWEL_CHANGE = {language: re.compile(f"(?=[aəeıioöuü]){_ENDINGS[language]}") for language in ("az", "tr")}
_SOFTENED = {"az": {"k": "y", "q": "ğ"}, "tr": {"k": "ğ", "ç": "c", "p": "b", "t": "d"}}

_NOTHING = re.compile("")
_ENGLISH = {
    "plain": re.compile(_one_of("s es ed ing")),
    "e": re.compile(_one_of("s d")),
    "y": re.compile(_one_of("s ing")),
    "ing": re.compile("ing"),
    "ies": re.compile("ies|ied"),
    "doubled": re.compile("ed|ing"),
}
_NAMES_RU = {
    "а": re.compile("а|ы|и|е|у|ой|ою"),
    "я": re.compile("я|и|е|ю|ей|ею"),
    "ь": re.compile("ь|и|ью|я|ю|ем|е"),
    "й": re.compile("й|я|ю|ем|е"),
    "adjective": re.compile("ий|ый|ой|ого|ому|им|ым|ом|ая|ую|ое|ие|ые|их|ых"),
    "": re.compile(_one_of("а у е ом ем")),
}
_VOWELS_RU, _CONSONANTS_EN = "оеиуыэюё", "bcdfghjklmnpqrstvwxz"

Stems = Iterable[tuple[str, re.Pattern[str]]]
"""Stems with what may follow each: a word is a form when a stem begins it and the pattern matches all of the rest."""

MONTHS = {
    "en": "january february march april may june july august september october november december "
    "jan feb apr jun jul aug sep sept oct nov dec",
    "ru": "январ~ феврал~ март~ апрел~ мая май мае маю июн~ июл~ август~ сентябр~ октябр~ ноябр~ декабр~",
    "hy": "հունվար~ փետրվար~ մարտ~ ապրիլ~ մայիս~ հունիս~ հուլիս~ օգոստոս~ սեպտեմբեր~ հոկտեմբեր~ նոյեմբեր~ դեկտեմբեր~",
    "az": "yanvar~ fevral~ mart~ aprel~ may~ iyun~ iyul~ avqust~ sentyabr~ oktyabr~ noyabr~ dekabr~",
    "tr": "ocak~ şubat~ mart~ nisan~ mayıs~ haziran~ temmuz~ ağustos~ eylül~ ekim~ kasım~ aralık~",
}
"""The months' names, in the notation of terms."""


def stem_forms(stem: str, language: str) -> Stems:
    """What `stem~` stands for: the folded stem, and the changed stems that the language's rules give it."""
    if language == "en":
        yield from _english(stem)
        return
    yield stem, _ALL[language]
    if language in _SOFTENED and stem[-1] in _SOFTENED[language] and len(stem) > 3:
        yield stem[:-1] + _SOFTENED[language][stem[-1]], _AFTER_VOWEL_CHANGE[language]
    if language == "hy":
        yield from ((changed, _ALL["hy"]) for changed in _armenian(stem))


def name_forms(name: str, language: str, *, last: bool) -> Stems:
    """What a word of a place's name may become: it has no plural (Karabağlar is not Karabağ).

    Only Russian declines words before the `last` one.
    """
    if language == "ru":
        yield _russian_name(name)
    elif language == "en" or not last:
        yield name, _NOTHING
    else:
        yield name, _NAME_ENDINGS[language]
        if language == "hy":
            yield from ((changed, _NAME_ENDINGS["hy"]) for changed in _armenian(name))


def _english(stem: str) -> Stems:
    if stem.endswith("e"):
        yield stem, _ENGLISH["e"]
        yield stem[:-1], _ENGLISH["ing"]
    elif stem.endswith("y") and stem[-2:-1] in _CONSONANTS_EN:
        yield stem, _ENGLISH["y"]
        yield stem[:-1], _ENGLISH["ies"]
    else:
        yield stem, _ENGLISH["plain"]
        if re.search("[^aeiou][aeiou][bdgklmnprtv]$", stem):
            yield stem + stem[-1], _ENGLISH["doubled"]


def _armenian(stem: str) -> Iterable[str]:
    """Մեղրի, Մեղրու; Բաքու, Բաքվից; հանդիպում, հանդիպման; գերություն, գերության."""
    if stem.endswith("ություն"):
        yield stem[:-3] + "ան"
    elif stem.endswith("ում"):
        yield stem[:-3] + "ման"
    elif stem.endswith("ու"):
        yield stem[:-2] + "վ"
    elif stem.endswith("ի") and len(stem) > 2:
        yield stem[:-1] + "ու"


def _russian_name(name: str) -> tuple[str, re.Pattern[str]]:
    if name.endswith(("ский", "цкий", "ный", "ной")):
        return name[:-2], _NAMES_RU["adjective"]
    if name[-1] in "аяьй" and len(name) > 2:
        return name[:-1], _NAMES_RU[name[-1]]
    return name, _NOTHING if name[-1] in _VOWELS_RU else _NAMES_RU[""]

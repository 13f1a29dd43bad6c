"""The language of a short text: what is declared, unless its script or its letters say otherwise.

WordPress declares en-US until somebody changes it, so a declaration is believed only if it can be true.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SCRIPTS = {"ARMENIAN": "hy", "GEORGIAN": "ka", "GREEK": "el", "HEBREW": "he", "HANGUL": "ko"}
"""Scripts that one language uses, by the first word of their letters' Unicode names."""

CYRILLIC = frozenset({"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn", "tt", "ba", "ce", "os", "ab"})
ARABIC = frozenset({"ar", "fa", "ur", "ps", "ckb", "az"})
LATIN_CANDIDATES = ("en", "az", "tr", "de", "fr")
TURKIC = frozenset("ğşıçöü")
"""Letters that Azerbaijani and Turkish texts are full of, and English ones know from names only."""

CONTRADICTION = 0.04
"""Share of Turkic letters that no English text has: names alone stay below, Azerbaijani and Turkish have 10 %."""

SCHWA = 0.05
"""Share of ə from which on a text is Azerbaijani: there it is the commonest letter, 9 %."""

LATIN_WEIGHT = 0.5
ENOUGH = 40
"""Letters from which on the absence of a common letter says something."""


def language_of(title: str, summary: str, declared: str) -> str:
    """The ISO 639-1 code of the text's language, or "" when neither the text nor a declaration tells.

    `declared` is what the feed or the catalogue says, e.g. "en-US"; it may be empty or wrong.
    """
    code = declared.strip().lower().replace("_", "-").partition("-")[0]
    text = f"{title} {summary}".replace("İ", "i").lower()
    letters = Counter({char: number for char, number in Counter(text).items() if char.isalpha()})
    script = _script(letters)
    if script in SCRIPTS:
        return SCRIPTS[script]
    if script == "CYRILLIC":
        return _cyrillic(letters, code)
    if script == "ARABIC":
        return code if code in ARABIC else ("fa" if _share(letters, frozenset("پچژگ")) else "ar")
    if script == "LATIN":
        return _latin(f"{title} {summary}", letters, code)
    return code


def _script(letters: Counter[str]) -> str:
    """The script that most letters belong to; beside a fair part of another one, Latin letters are names."""
    counts: Counter[str] = Counter()
    for char, number in letters.items():
        counts["LATIN" if char < "ʰ" else unicodedata.name(char, "?").partition(" ")[0]] += number
    if not counts:
        return ""
    counts["LATIN"] = round(counts["LATIN"] * LATIN_WEIGHT)
    return counts.most_common(1)[0][0]


def _share(letters: Counter[str], telling: frozenset[str]) -> float:
    return sum(letters[char] for char in telling) / letters.total()


def _cyrillic(letters: Counter[str], code: str) -> str:
    """Russian, unless another language's letters are more than a name or a look-alike."""
    if _share(letters, frozenset("ў")) > 0.005:
        return "be"
    if _share(letters, frozenset("ңғқұһәөү")) > 0.02:
        return code if code in CYRILLIC - {"ru", "uk", "be", "bg", "sr", "mk"} else "kk"
    if _share(letters, frozenset("іїєґ")) > 0.02:
        return "uk"
    if _share(letters, frozenset("јљњћђџѓќ")) > 0.02:
        return code if code in ("sr", "mk") else "sr"
    return code if code in CYRILLIC and not (code == "uk" and _share(letters, frozenset("ыэъё"))) else "ru"


def _latin(text: str, letters: Counter[str], code: str) -> str:
    schwa = _share(letters, frozenset("ə"))
    if schwa > SCHWA or (schwa and code == "az"):
        return "az"
    turkic = _share(letters, TURKIC)
    possible = code in LATIN_CANDIDATES or (len(code) == 2 and code not in CYRILLIC | set(SCRIPTS.values()))
    if code in ("az", "tr"):
        possible = letters.total() < ENOUGH or (code == "tr" and turkic > CONTRADICTION and not schwa)
    elif code == "en":
        possible = turkic < CONTRADICTION
    if possible:
        return code
    return _identified(text, ("az", "tr") if turkic > 2 * CONTRADICTION else LATIN_CANDIDATES)


def _identified(text: str, candidates: tuple[str, ...]) -> str:
    """The most likely of the candidates by py3langid."""
    ranked = (str(code) for code, _ in _identifier().rank(text))
    return next((code for code in ranked if code in candidates), "")


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded when first needed: it brings numpy, 5 MB and half a second of start-up."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LATIN_CANDIDATES))
    return identifier

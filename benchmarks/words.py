"""Invented words of five languages, the same for the same seed.

They mean nothing. They are built from syllables of each language's alphabet, take real endings, and come as often as
words do in a language (Zipf's law): a few all the time, most of them once. Nothing is copied from a publication.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

STEMS = 20_000
"""Words of each language that carry a meaning, the commonest first."""
TOPICAL = slice(150, 4_150)
"""Those that terms are made of: an analyst lists neither the commonest words nor what hardly anybody writes."""
_SYLLABLES = {
    "en": ("b br c ch d dr f g gr h l m n p pl r s st t tr v w", "a e i o u ea ou", "n r s t l m"),
    "ru": ("б в г д ж з к л м н п пр р с ст т тр ф х ч ш", "а е и о у ы", "в л н р с т"),
    "hy": ("բ գ դ զ թ լ խ կ հ ձ ղ մ ն շ պ ջ ս վ տ ր ց փ", "ա ե ի ո", "ն ր լ ս մ"),
    "az": ("b c ç d f g h l m n p q r s ş t v y z", "a ə e ı i o ö u ü", "l m n r s ş z"),
    "tr": ("b c ç d f g h k l m n p r s ş t v y z", "a e ı i o ö u ü", "l m n r s ş z"),
}
"""How syllables begin, their vowels, and what closes a word."""
_ENDINGS = {
    "en": ("", "", "", "s", "ed", "ing"),
    "ru": ("", "а", "ы", "ов", "ами", "ой", "ого", "ом"),
    "hy": ("", "ը", "ի", "ներ", "ներին", "ից", "ում"),
    "az": ("", "lar", "ın", "da", "dan", "ların", "larda"),
    "tr": ("", "lar", "ın", "da", "dan", "ların", "larda"),
}
_SMALL = {
    "en": "the of to in and a that for on with said was by has from at as is",
    "ru": "в и на что с по не из за о от для был его как это к у",
    "hy": "և է են որ մեջ հետ մասին այս նաև ըստ իր էր համար մի որը թե",
    "az": "və ilə bu bir üçün da ki olub edib görə sonra isə həmin o",
    "tr": "ve bir bu ile için de da olan olarak göre sonra ise çok daha",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language: stems by how common they are, the small words, and names of places and actors."""

    language: str
    stems: Sequence[str]
    names: Sequence[str]
    _weights: Sequence[float] = field(repr=False)
    _topical: Sequence[float] = field(repr=False)

    def sentence(self, length: int, dice: random.Random) -> list[str]:
        """So many words: two in five are small words, one in twenty-five is a name."""
        stems = dice.choices(self.stems, cum_weights=self._weights, k=length)
        return [self._word(stem, dice) for stem in stems]

    def form(self, stem: str, dice: random.Random) -> str:
        """The stem with one of the language's endings."""
        return stem + dice.choice(_ENDINGS[self.language])

    def topical(self, dice: random.Random) -> str:
        """A stem that a term could be made of; the commoner, the likelier."""
        return dice.choices(self.stems[TOPICAL], cum_weights=self._topical, k=1)[0]

    def _word(self, stem: str, dice: random.Random) -> str:
        kind = dice.random()
        if kind < 0.4:
            return dice.choice(_SMALL[self.language].split())
        return dice.choice(self.names) if kind < 0.44 else self.form(stem, dice)


def vocabulary(language: str, names: Sequence[str], seed: int) -> Vocabulary:
    """The vocabulary of `language` that `seed` gives."""
    dice = random.Random(f"{language} {seed}")  # noqa: S311 - dice, not secrets
    stems: dict[str, None] = {}
    while len(stems) < STEMS:
        stems[_stem(language, dice)] = None
    weights = [1 / (rank + 3) for rank in range(STEMS)]
    common = tuple(accumulate(weights)), tuple(accumulate(weights[TOPICAL]))
    return Vocabulary(language, tuple(stems), tuple(names), *common)


def _stem(language: str, dice: random.Random) -> str:
    """Two to four syllables, the last one closed by a letter that no language softens before an ending."""
    onsets, vowels, closing = (letters.split() for letters in _SYLLABLES[language])
    syllables = [dice.choice(onsets) + dice.choice(vowels) for _ in range(dice.choice((2, 2, 3, 3, 4)))]
    return "".join(syllables) + dice.choice(closing)

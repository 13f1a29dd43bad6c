"""Precision, recall and F1, with how far they are to be trusted.

With few items a figure says little. The intervals are Wilson's (E. B. Wilson, "Probable inference, the law of
succession, and statistical inference", JASA 22, 1927).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.959964
"""The normal quantile of a two-sided interval at 95 %."""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of items found rightly, found falsely, and missed; the shares are None where there is nothing to share."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        """The counts of both."""
        return Score(self.right + other.right, self.false + other.false, self.missed + other.missed)

    @property
    def precision(self) -> float | None:
        """The share of what was found that is right."""
        return _share(self.right, self.right + self.false)

    @property
    def recall(self) -> float | None:
        """The share of what should be found that was."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.false + self.missed)

    @property
    def precision_interval(self) -> tuple[float, float]:
        """Between what the precision may lie."""
        return wilson(self.right, self.right + self.false)

    @property
    def recall_interval(self) -> tuple[float, float]:
        """Between what the recall may lie."""
        return wilson(self.right, self.right + self.missed)


@dataclass(frozen=True, slots=True)
class Means:
    """The means of the indicators' precision, recall and F1, each indicator with the same weight; no share counts 0."""

    precision: float
    recall: float
    f1: float


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Between what a share may lie of which `hits` in `of` were seen, at 95 %."""
    if not of:
        return 0.0, 1.0
    share, squared = hits / of, _Z * _Z / of
    middle = share + squared / 2
    around = _Z * sqrt(share * (1 - share) / of + squared / (4 * of))
    return max(0.0, (middle - around) / (1 + squared)), min(1.0, (middle + around) / (1 + squared))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

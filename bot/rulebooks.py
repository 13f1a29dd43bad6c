"""The rule files in force: the shipped library with the user's folders laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rules.rulebook import Rulebook, RuleErrors, library, load_rulebook


def load_books(folders: Sequence[Path]) -> Rulebook:
    """The library with `folders` laid over it, in their order. Raises RuleErrors with every fault of every file."""
    return load_rulebook(library(), *folders)


def best_books(folders: Sequence[Path]) -> tuple[Rulebook, RuleErrors | None]:
    """What is good of them, and the faults of the rest."""
    try:
        return load_books(folders), None
    except RuleErrors as errors:
        return errors.partial, errors

"""A good set of rule files, and the faults of it once something in it was changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rules.diagnostics import RuleError
from rules.rulebook import RuleErrors, load_rulebook

GOOD = Path(__file__).parent / "good"
RULE = "road-closed.yaml"

Told = Callable[[], list[RuleError]]


def told_of(folder: Path) -> list[RuleError]:
    """All errors and warnings about a folder; a broken file must not be in force."""
    try:
        return list(load_rulebook(folder).warnings)
    except RuleErrors as faults:
        return [*faults.errors, *faults.partial.warnings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good files."""
    shutil.copytree(GOOD, tmp_path / "rules")
    return tmp_path / "rules"


@pytest.fixture
def told(folder: Path) -> Told:
    """What is told of the copy as it is now."""
    return lambda: told_of(folder)


@pytest.fixture
def rule(folder: Path) -> Path:
    """The rule file of the copy."""
    return folder / RULE

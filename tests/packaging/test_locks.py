"""The locks: exact, hashed, free of any index, and agreeing with each other."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging.project import CHECKOUT

LOCKS = ("runtime", "dev", "build")


def text_of(lock: str) -> str:
    return (CHECKOUT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    """Each requirement line with its hashes, by the line without them."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n?", "", text_of(lock)))
    parts = (line.partition(" --hash=") for line in joined.splitlines() if line.strip())
    return {" ".join(requirement.split()): " ".join(hashes.split()) for requirement, _, hashes in parts}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_one_exact_version_with_hashes(lock: str) -> None:
    for requirement, hashes in pins(lock).items():
        assert re.fullmatch(r"[a-z0-9-]+==[^\s;*]+( ; .+)?", requirement)
        assert "sha256:" in hashes


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_index_so_that_any_mirror_serves(lock: str) -> None:
    assert not re.search(r"://|--index|--extra-index|--find-links|^-i ", text_of(lock), re.MULTILINE)


@pytest.mark.parametrize("smaller", ["runtime", "build"])
def test_the_development_lock_holds_the_others_at_the_same_versions(smaller: str) -> None:
    def versions(lock: str) -> set[tuple[str, str]]:
        return {(requirement.partition(" ;")[0], hashes) for requirement, hashes in pins(lock).items()}

    assert versions(smaller) <= versions("dev")


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {"runtime": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    for lock, requirements in asked.items():
        locked = [Requirement(pin) for pin in pins(lock)]
        for requirement in map(Requirement, requirements):
            found = [pin.specifier for pin in locked if pin.name == canonicalize_name(requirement.name)]
            assert found
            for specifier in found:
                assert requirement.specifier.contains(str(specifier).removeprefix("=="))

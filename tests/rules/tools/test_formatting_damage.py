"""`rules fmt` on files of the library whose looks were damaged: all of it is mended, and nothing is lost."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.reading.document import Document
from rules.rulebook import library
from rules.tools.formatting import formatted

LIBRARY = sorted(library().rglob("*.yaml"))
RULES = sorted(library().glob("*.yaml"))
SEEDS = st.integers(0, 10**6)
_BLOCK = re.compile(r"(?:^[\n#][^\n]*\n|^\n)*^[^\s#][^\n]*\n(?:^[ ][^\n]*\n|^\n(?=(?:\n)*[ ]))*", re.MULTILINE)
"""A key at the margin with all below it, and the comments and blank lines above it."""


def laid(text: str) -> str:
    got = formatted("a.yaml", text.encode())
    assert got.text is not None, got.faults
    return got.text


def good(path: Path) -> str:
    """The file as it should look."""
    return laid(path.read_text("utf-8"))


def said(text: str) -> object:
    root = Document("a.yaml", text.encode()).root
    assert root is not None
    return root.content()


def blocks(text: str) -> list[str]:
    """The keys at the margin, each with its comments."""
    found = _BLOCK.findall(text)
    assert "".join(found) == text
    return found


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_keys_in_any_order_come_back_in_the_order_of_the_library(path: Path, seed: int) -> None:
    text = good(path)
    parts = blocks(text)
    order = random.Random(seed).sample(range(len(parts)), len(parts))  # noqa: S311
    noted = [re.sub(r"^(?=[^\s#])", f"# note {at}\n", parts[at], count=1, flags=re.MULTILINE) for at in order[1:]]
    got = laid(f"\n{parts[order[0]]}{''.join(noted)}")
    assert re.sub(r"# note \d+\n", "", got) == text
    assert re.findall(r"# note (\d+)\n", got) == [str(at) for at in range(len(parts)) if at != order[0]]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_blanks_that_nobody_sees_do_not_matter(path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    text = good(path)
    more = [line + " " * chance.choice([0, 0, 1, 4]) + "\n" * (1 + (not line) * chance.choice([0, 1, 3]))
            for line in text.splitlines()]  # fmt: skip
    end = chance.choice(["\n", "\r\n"])
    got = formatted("a.yaml", (chance.choice(["", "\ufeff"]) + "".join(more).replace("\n", end) + end).encode())
    assert got.text == text


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_comments_strewn_in_are_kept_and_the_file_says_the_same(path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    text = good(path)
    lines: list[str] = []
    folded = False
    for number, line in enumerate(text.splitlines()):
        folded = (folded and line.startswith("  ")) or line.endswith((">-", "|-"))
        if not folded and chance.random() < 0.2:
            lines.append(" " * chance.choice([0, len(line) - len(line.lstrip()), 7]) + f"# strewn {number} {{[,")
        beside = not folded and "#" not in line and line and chance.random() < 0.2
        lines.append(f"{line} # strewn beside {number}: '" if beside else line)
    strewn = "\n".join(lines) + "\n"
    assert said(strewn) == said(text)
    got = laid(strewn)
    assert said(got) == said(text)
    assert sorted(re.findall(r"# strewn.*", got)) == sorted(re.findall(r"# strewn.*", strewn))
    assert laid(got) == got


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
@settings(max_examples=8, deadline=None)
@given(step=st.integers(1, 7), seed=SEEDS)
def test_indents_of_any_depth_and_lists_in_one_long_line_are_mended(path: Path, step: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    text = good(path)
    joined = re.sub(r"(?<=,)\n +(?=[^\s#-])", lambda found: chance.choice([" ", "", found[0], "\n" + " " * 50]), text)
    wide = re.sub(r"^ +", lambda found: found[0] * step, joined, flags=re.MULTILINE)
    got = laid(wide)
    assert said(got) == said(text)
    assert laid(got) == got
    assert all(len(line) <= 120 for line in got.splitlines() if "#" not in line)

"""`rules fmt` on files of the library whose looks were damaged: all of it is mended, and nothing is lost."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache

import pytest

from rules.reading.document import Document
from rules.rulebook import library
from rules.tools.formatting import formatted

FILES = ("pow-release.yaml", "summit.yaml", "escalation-incursions.yaml", "lists/numbers.yaml", "lists/captives.yaml")
SEEDS = range(4)
"""A damage each: they are drawn once and for all, since what is damaged is large."""
_BLOCK = re.compile(r"(?:^[\n#][^\n]*\n|^\n)*^[^\s#][^\n]*\n(?:^[ ][^\n]*\n|^\n(?=(?:\n)*[ ]))*", re.MULTILINE)
"""A key at the margin with all below it, and the comments and blank lines above it."""

_TERMS = re.compile(r"(?<=: )\[[^\[\]#:]*\]")
"""A list of terms, on as many lines as it takes."""

damaged = pytest.mark.parametrize(("name", "seed"), [(name, seed) for name in FILES for seed in SEEDS])


def laid(text: str) -> str:
    got = formatted("a.yaml", text.encode())
    assert got.text is not None, got.faults
    return got.text


@cache
def good(name: str) -> str:
    """The file as it should look."""
    return laid((library() / name).read_text("utf-8"))


def said(text: str) -> object:
    root = Document("a.yaml", text.encode()).root
    assert root is not None
    return root.content()


def told(text: str) -> Iterator[tuple[str, bool]]:
    """The lines, and whether they are of a folded text, in which blanks and # are text."""
    folded = False
    for line in text.splitlines():
        folded = folded and line.startswith("  ") and not re.match(r" +[a-z]+:", line)
        yield line, folded
        folded = folded or line.endswith((">-", "|-"))


def blocks(text: str) -> list[str]:
    """The keys at the margin, each with its comments."""
    found = _BLOCK.findall(text)
    assert "".join(found) == text
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", [name for name in FILES if "/" not in name])
def test_keys_in_any_order_come_back_in_the_order_of_the_library(name: str, seed: int) -> None:
    parts = blocks(good(name))
    order = random.Random(seed).sample(range(len(parts)), len(parts))  # noqa: S311
    noted = [re.sub(r"^(?=[^\s#])", f"# note {at}\n", parts[at], count=1, flags=re.MULTILINE) for at in order]
    got = laid("\n" + "".join(noted))
    assert re.sub(r"# note \d+\n", "", got) == good(name)
    assert re.findall(r"# note (\d+)\n", got) == [str(at) for at in range(len(parts))]


@damaged
def test_blanks_that_nobody_sees_do_not_matter(name: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    more = [
        line + " " * chance.choice([0, 0, 1, 4]) * (not folded) + "\n" * (1 + (not line) * chance.choice([0, 1, 3]))
        for line, folded in told(good(name))
    ]
    end = chance.choice(["\n", "\r\n"])
    got = formatted("a.yaml", (chance.choice(["", "\ufeff"]) + "".join(more).replace("\n", end) + end).encode())
    assert got.text == good(name)


@damaged
def test_comments_strewn_in_are_kept_and_the_file_says_the_same(name: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    lines: list[str] = []
    for number, (line, folded) in enumerate(told(good(name))):
        if not folded and chance.random() < 0.2:
            lines.append(" " * chance.choice([0, len(line) - len(line.lstrip()), 7]) + f"# strewn {number} {{[,")
        beside = not folded and "#" not in line and line and chance.random() < 0.2
        lines.append(f"{line} # strewn beside {number}: '" if beside else line)
    strewn = "\n".join(lines) + "\n"
    assert said(strewn) == said(good(name))
    got = laid(strewn)
    assert said(got) == said(good(name))
    assert sorted(re.findall(r"# strewn.*", got)) == sorted(re.findall(r"# strewn.*", strewn))
    assert laid(got) == got


@damaged
def test_deeper_indents_and_lists_broken_anywhere_are_mended(name: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    broken = _TERMS.sub(
        lambda found: re.sub(r",\s+", lambda _: chance.choice([",", ",  ", ",\n    "]), found[0]), good(name)
    )
    got = laid(re.sub(r"^(?= )", " " * (1 + 2 * seed), broken, flags=re.MULTILINE))
    assert said(got) == said(good(name))
    assert laid(got) == got
    assert all(len(line) <= 120 for line in got.splitlines() if "#" not in line)

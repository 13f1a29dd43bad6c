"""A flaw in the layout of a file, and the lines as they are read on with it mended."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple


class Flaw(NamedTuple):
    """A fault of layout: `line` and `column` count from 1."""

    line: int
    column: int
    code: str
    reason: str
    fix: str = ""


@dataclass(slots=True)
class Mending:
    """The lines of a file, as written and as mended, with what was wrong.

    `doubtful`: the lines, from 0, whose content is a guess, so that no further fault of theirs is told. `moved`: by how
    many columns the content of a line stands further right than in the file. `guessed`: lines indented by guess.
    """

    original: list[str]
    lines: list[str]
    flaws: list[Flaw] = field(default_factory=list)
    doubtful: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    guessed: set[int] = field(default_factory=set)

    def flaw(self, at: int, column: int, code: str, reason: str, fix: str = "") -> None:
        """Note a flaw in line `at`, `column` (both from 0) of the mended line; a doubtful line is told once."""
        if at not in self.doubtful:
            place = max(0, column - self.moved.get(at, 0)) if code not in ("tab", "space") else column
            self.flaws.append(Flaw(at + 1, place + 1, code, reason, fix))

    def replace(self, at: int, column: int, length: int, text: str, *, doubtful: bool = False) -> str:
        """Write `text` over `length` characters; the line as it is then."""
        line = self.lines[at]
        self.lines[at] = line[:column] + text + line[column + length :]
        if doubtful:
            self.doubtful.add(at)
        return self.lines[at]

    def lead(self, at: int, length: int, spaces: str) -> None:
        """Let a line begin with `spaces` in place of `length` characters."""
        self.replace(at, 0, length, spaces)
        self.moved[at] = self.moved.get(at, 0) + len(spaces) - length

    def indent(self, at: int, column: int, by: int) -> None:
        """Move a line, and those below that belong to it, `by` columns."""
        end, column = at + 1, max(column, column + by)
        while end < len(self.lines) and (not self.lines[end].strip() or _indent(self.lines[end]) > column):
            end += 1
        for each in range(at, end):
            line = self.lines[each]
            if line.strip():
                lead = len(line) - len(line.lstrip(" "))
                self.lead(each, lead, " " * max(0, lead + by))


def _indent(line: str) -> int:
    found = re.match(r"[ \t]*", line)
    return found.end() if found else 0

"""How far the lines of a file are indented, and what of that cannot be: told, and set right for the lines below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from rules.reading.flaws import Mending

ODD_SPACES = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
"""Spaces that word processors and web pages put where a space is typed."""

Kind = Literal["map", "seq"]


class Level(NamedTuple):
    """An indentation at which keys (map) or the items of a list (seq) stand."""

    indent: int
    kind: Kind


@dataclass(slots=True)
class Indents:
    """The levels that are open where the walk through a file is, outermost first."""

    mending: Mending
    levels: list[Level] = field(default_factory=list)
    value: str = "open"
    """What the last key or dash has so far: "open" nothing yet, "text" a bare text, "closed" quotes or brackets."""
    odd: dict[str, list[int]] = field(default_factory=dict)

    def push(self, column: int, kind: Kind) -> int:
        """A key or a dash behind a dash on the same line."""
        self.levels.append(Level(column, kind))
        return 0

    def level(self, at: int, column: int, kind: Kind) -> int:
        """Where a line stands among those above; how far it was moved to stand where it can."""
        levels = self.levels
        left = False
        while levels and levels[-1].indent > column:
            popped, left = levels.pop(), True
        if not levels:
            if left:
                return self._move(at, column, popped.indent, "this line stands further left than the first")
            levels.append(Level(column, kind))
            return 0
        top = levels[-1]
        if top.indent < column:
            if left:
                to = self._nearest(at, column, popped, kind)
                return self._move(at, column, to, "this line is indented like no line above it")
            if self.value == "open":
                levels.append(Level(column, kind))
                return 0
            return self._move(
                at, column, top.indent, "this line is indented deeper than the line above, which already has its value"
            )
        return self._sibling(at, column, kind)

    def _nearest(self, at: int, column: int, popped: Level, kind: Kind) -> int:
        """Where a line between two levels was probably meant to stand; a key that opens a block stands further left."""
        below = self.levels[-1]
        deeper, opens = popped.indent - column, self.mending.lines[at].rstrip().endswith(":")
        if kind == popped.kind and (deeper < column - below.indent or (deeper == column - below.indent and not opens)):
            self.levels.append(popped)
            return popped.indent
        return below.indent

    def _sibling(self, at: int, column: int, kind: Kind) -> int:
        levels = self.levels
        top = levels[-1]
        if top.kind == "seq" and kind == "map":
            if len(levels) > 1 and levels[-2] == (column, "map"):
                levels.pop()
            else:
                self.mending.flaw(
                    at, column, "dash", "a dash is missing before this item of the list", "Begin it with - and a space."
                )
                self.mending.replace(at, 0, column, " " * (column + 2), doubtful=True)
                return 2
        elif top.kind == "map" and kind == "seq":
            if self.value == "open":
                levels.append(Level(column, kind))
            else:
                reason = "a list item stands where a key belongs"
                self.mending.flaw(at, column, "indent", reason, "Indent it under the key that it belongs to.")
                self.mending.replace(at, column, len(self.mending.lines[at]) - column, "", doubtful=True)
                self.mending.replace(at, 0, 0, "#", doubtful=True)
        return 0

    def _move(self, at: int, column: int, to: int, reason: str) -> int:
        if at not in self.mending.guessed:
            self.mending.flaw(
                at, column, "indent", reason, f"Indent it by {to} spaces." if to else "Begin it at the left edge."
            )
        self.mending.indent(at, column, to - column)
        if not self.levels:
            self.levels.append(Level(to, "map"))
        return to - column

    def lead(self, at: int) -> None:
        """Let the line begin with spaces alone."""
        line = self.mending.lines[at]
        lead = re.match(rf"[ \t{ODD_SPACES}]*", line)
        written = lead[0] if lead else ""
        odd = next((char for char in written if char != " "), "")
        if odd:
            self.odd.setdefault("\t" if odd == "\t" else odd, []).append(at)
            self.mending.guessed.add(at)
            spaces = "".join("  " if char == "\t" else "" if char in "\u200b\ufeff" else " " for char in written)
            if "\t" in written:
                spaces = " " * self._tabbed(at, len(spaces))
            self.mending.lead(at, len(written), spaces)

    def _tabbed(self, at: int, width: int) -> int:
        """How far a line that begins with tabs was probably meant to be indented, where others begin with spaces."""
        lines, original = self.mending.lines, self.mending.original
        above = next((number for number in range(at - 1, -1, -1) if lines[number].strip()), None)
        if above is None or original[above].startswith("\t"):
            return width
        indent = _indent(lines[above])
        if not lines[above].rstrip().endswith(":"):
            return indent
        below = next((line for line in original[at + 1 :] if line.strip() and not line.startswith("\t")), "")
        beside = 0 if original[at].rstrip().endswith(":") else _indent(below)
        return max(indent + 2, beside if beside <= indent + 8 else 0)

    def tell(self) -> None:
        """Note each kind of space that indents and must not, once, at the first line that has it."""
        for char, lines in self.odd.items():
            original = self.mending.original[lines[0]]
            what = "a tab" if char == "\t" else f"a space of another kind (U+{ord(char):04X})"
            reason = f"this line is indented with {what}; only usual spaces may indent"
            if len(lines) > 1:
                reason += f" ({len(lines) - 1} further line{'s' if len(lines) > 2 else ''} as well)"
            self.mending.flaw(
                lines[0],
                original.index(char),
                "tab" if char == "\t" else "space",
                reason,
                "Indent with spaces, two for each step.",
            )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))

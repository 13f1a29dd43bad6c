"""What stands in brackets: filled up to the width of a line, and continued in line with what it began with."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from rules.tools.layout.manner import Path, in_order
from rules.tools.layout.text import scalar
from rules.tools.layout.tree import Comment, Piece

WIDTH = 120
"""Columns of a line."""
_BEHIND = 31
"""The column at which a comment behind a short line begins."""
_FULL = 80
"""The column that a line of a list must reach to be left as it was written: a new term then changes one line."""


Entry = tuple[Piece, Piece | None]
"""An item of a sequence, or a key and its value."""


def with_comment(line: str, comment: Comment | None) -> str:
    """The line with the comment behind it."""
    if comment is None:
        return line
    return f"{line.ljust(_BEHIND)}{comment.text}" if len(line) < _BEHIND - 1 else f"{line}  {comment.text}"


def on_one_line(piece: Piece, path: Path) -> str:
    """The piece in brackets on one line, however long; comments are left out."""
    if piece.kind == "scalar":
        return scalar(piece.text, in_flow=True)
    if piece.kind == "sequence":
        return "[" + ", ".join(on_one_line(item, (*path, "-")) for item in piece.items) + "]"
    return "{" + ", ".join(_pair(key, value, path) for key, value in in_order(piece, path)) + "}"


def _pair(key: Piece, value: Piece, path: Path) -> str:
    name = scalar(key.text, in_flow=True)
    if value.kind == "scalar" and value.style == "plain" and not value.text:
        return name
    return f"{name}: {on_one_line(value, (*path, key.text))}"


@dataclass(slots=True)
class Flow:
    """Writes pieces in brackets; the last of `lines` is the one that is being written."""

    lines: list[str] = field(default_factory=lambda: [""])

    def write(self, piece: Piece, path: Path, tail: int = 0) -> None:
        """Write a piece; `tail` characters will follow it on its last line."""
        text = on_one_line(piece, path)
        has_room = len(self.lines[-1]) + len(text) + tail <= WIDTH
        if piece.kind == "scalar" or (not piece.items and not piece.below) or (has_room and not piece.has_comments()):
            self.lines[-1] += text
            return
        opening, closing = "[]" if piece.kind == "sequence" else "{}"
        self.lines[-1] += opening
        column = len(self.lines[-1])
        entries = _entries(piece, path)
        if rows := _rows(piece, path, column, tail):
            self.lines[-1] += f"\n{' ' * column}".join(rows) + closing
            self.lines = [*self.lines[:-1], *self.lines[-1].split("\n")]
            return
        ended = self._entries(entries, path, column, tail)
        for comment in piece.below:
            self._line(column)
            self.lines[-1] += comment.text
            ended = True
        if ended:
            self._line(column - 1)
        self.lines[-1] += closing

    def _entries(self, entries: list[Entry], path: Path, column: int, tail: int) -> bool:
        """Write what stands within; whether nothing more may be written on the last line."""
        ended = False
        for number, (first, value) in enumerate(entries, 1):
            is_last = number == len(entries)
            above, behind = _comments(first, value)
            for comment in above:
                self._line(column)
                self.lines[-1] += comment.text
                ended = True
            reserve = 1 + tail if is_last else 1
            ended = self._entry(first, value, path, (column, reserve, ended))
            self.lines[-1] += "" if is_last else ","
            if behind:
                self.lines[-1] = with_comment(self.lines[-1], behind)
                ended = True
        return ended and bool(entries) and _comments(*entries[-1])[1] is not None

    def _entry(self, first: Piece, value: Piece | None, path: Path, at: tuple[int, int, bool]) -> bool:
        """Write an item or a pair; whether the next one begins a line."""
        column, reserve, ended = at
        whole = value or first
        text = _entry(first, value, path)
        if len(self.lines[-1]) > column or ended:
            room = len(self.lines[-1]) + 1 + len(text) + reserve <= WIDTH
            if ended or not room or whole.has_comments():
                self._line(column)
            else:
                self.lines[-1] += " "
        before = len(self.lines)
        if value is None:
            self.write(first, (*path, "-"), reserve)
        elif whole.kind == "scalar":
            self.lines[-1] += text
        else:
            self.lines[-1] += f"{scalar(first.text, in_flow=True)}: "
            self.write(value, (*path, first.text), reserve)
        return len(self.lines) > before

    def _line(self, column: int) -> None:
        self.lines[-1] = self.lines[-1].rstrip()
        self.lines.append(" " * column)


def _rows(piece: Piece, path: Path, column: int, tail: int) -> list[str]:
    """The lines of a list of terms as they were written, where all may stay so; else nothing."""
    if piece.style != "flow" or piece.has_comments() or any(each.kind != "scalar" for each in piece.items):
        return []
    rows = [
        ", ".join(_entry(first, value, path) for first, value in row)
        for _, row in groupby(_entries(piece, path), key=lambda entry: entry[0].line)
    ]
    *begun, last = rows
    if all(_FULL <= column + len(row) + 1 <= WIDTH for row in begun) and column + len(last) + 1 + tail <= WIDTH:
        return [*(f"{row}," for row in begun), last]
    return []


def _entries(piece: Piece, path: Path) -> list[Entry]:
    """The items of a sequence, the pairs of a mapping in their order."""
    if piece.kind == "mapping":
        return [(key, value) for key, value in in_order(piece, path)]
    return [(item, None) for item in piece.items]


def _entry(first: Piece, value: Piece | None, path: Path) -> str:
    """An item or a pair on one line."""
    return on_one_line(first, (*path, "-")) if value is None else _pair(first, value, path)


def _comments(first: Piece, value: Piece | None) -> tuple[list[Comment], Comment | None]:
    """The comments above an item or a pair, and the one behind it."""
    if value is None:
        return first.above, first.behind
    between = [first.behind] if first.behind else []
    return [*first.above, *between, *value.above], value.behind

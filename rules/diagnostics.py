"""What is wrong with a rule file, told so that the person who wrote it can mend it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from rules.confusions import meant_instead

_WIDTH = 160
_BEFORE = 120
"""Columns of a source line that are shown, and of these before the place in a line that is longer."""
_TAB = 4
_LISTED = 20

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class RuleError:
    """One fault: where it is (`line` and `column` from 1), the line itself, what is wrong, what was probably meant.

    `column` counts characters. `code` is a short stable name of the kind of fault, e.g. `unknown-key`. An error keeps
    the file out of force; a warning does not.
    """

    file: str
    line: int
    column: int
    code: str
    source: str
    reason: str
    fix: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """`file:line:column: reason [code]`, the line with a caret under the place, and the likely fix."""
        mild = "warning: " if self.severity == "warning" else ""
        place = f"{visible(self.file)}:{self.line}:{self.column}"
        return "\n".join([f"{place}: {mild}{visible(self.reason)} [{self.code}]", *self.excerpt()])

    def excerpt(self) -> list[str]:
        """The line with a caret under the place, and the likely fix; indented, for a terminal."""
        before, after = self.source[: self.column - 1], self.source[self.column - 1 :]
        shown_before = visible(before[-_BEFORE:] if len(before) > _WIDTH - 40 else before)
        shown = (shown_before + visible(after[:_WIDTH]))[:_WIDTH].rstrip()
        lines = [f"    {shown}", "    " + " " * width(shown_before) + "^"] if shown.strip() else []
        return [*lines, f"    {visible(self.fix)}"] if self.fix else lines


def visible(text: str) -> str:
    """`text` as one line for a terminal: tabs as spaces, and what a terminal would obey or hide as an escape."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    for char in text:
        if char == "\t":
            shown.append(" " * _TAB)
        elif char.isprintable():
            shown.append(char)
        else:
            code = ord(char)
            shown.append(f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return "".join(shown)


def width(text: str) -> int:
    """The columns of a terminal that a visible `text` takes: marks above letters none, wide letters two."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def meant(word: str, known: Collection[str]) -> str:
    """Which of `known` was probably meant by `word`: a usual confusion, else the nearest in spelling, else ""."""
    levelled = {_levelled(name): name for name in sorted(known, reverse=True)}
    asked = _levelled(word)
    if asked in levelled:
        return levelled[asked]
    for other in meant_instead(asked):
        if other in levelled:
            return levelled[other]
    near = difflib.get_close_matches(asked, levelled, n=1, cutoff=0.6)
    return levelled[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What was meant as a proposal, else the list of what is known when it is short, else nothing."""
    names = list(dict.fromkeys(known))
    near = meant(word, names)
    if near:
        return f"Did you mean {near}?"
    return f"Known are: {', '.join(sorted(names))}." if 0 < len(names) <= _LISTED else ""


def _levelled(word: str) -> str:
    return " ".join(word[:80].casefold().replace("_", " ").replace("-", " ").split())

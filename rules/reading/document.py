"""One file of rules or lists as a tree, with all that is wrong with it.

A file is data that is never trusted, and a fault ends nothing: what was probably meant is read on, so that the faults
further down are told in the same run. Such a file is never in force.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.diagnostics import RuleError, Severity
from rules.reading.compose import MAX_DEPTH, Composition, Node, compose
from rules.reading.encoding import MAX_BYTES, decoded
from rules.reading.flaws import Flaw
from rules.reading.layout import SUSPECT, flaws_of

MAX_ERRORS = 100
_RETRIES, _RETRIED = 8, 3_000_000
"""How often, and how many characters in all, a file that is not YAML is read anew without the line that ends it."""
_CONSEQUENCES = frozenset(
    ("missing-key", "unknown-ref", "unused-group", "unused-list", "unused-clause", "unknown-why", "no-negative",
     "no-example", "unknown-figure", "empty", "unknown-fact")
)  # fmt: skip
"""Faults that may come from nothing but what was left out of a file that is not YAML."""

_HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TOLD = 5
_REFUSED = ("anchor", "alias", "tag")

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_ERRORS", "Document", "Node"]


class Document:
    """One file: its tree (None when it cannot be read) and all that was found wrong with it so far.

    `warnings` do not keep the file out of force. `counted` is how much it holds of what has a limit.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.errors: list[RuleError] = []
        self.warnings: list[RuleError] = []
        self.counted: dict[str, int] = {}
        self.root: Node | None = None
        self._doubtful: set[int] = set()
        self._moved: dict[int, int] = {}
        self._lost = False
        text, flaws = decoded(data)
        source = text if text is not None else data[:200].decode("utf-8", "replace")
        self._lines = source.splitlines()
        self._read_lines = self._lines
        self._flaws(flaws)
        if text is not None:
            self._doubtful = {at for at, line in enumerate(self._lines, 1) if "\ufffd" in line} if flaws else set()
            self._read(text)

    @property
    def full(self) -> bool:
        """Whether no further fault is told, so that none need be looked into."""
        return len(self.errors) > MAX_ERRORS

    def error(self, code: str, node: Node | None, reason: str, fix: str = "", offset: int = 0) -> None:
        """Note a fault at `node`, `offset` columns behind where it begins."""
        self._told(self.errors, "error", code, self._place(node, offset), (reason, fix))

    def error_within(self, code: str, node: Node, reason: str, fix: str, offset: int) -> None:
        """Note a fault `offset` characters into the text of a scalar, on whichever line that stands."""
        line, column = self._position(node, offset)
        self._told(self.errors, "error", code, (line, column), (reason, fix))

    def warn(self, code: str, node: Node | None, reason: str, fix: str = "") -> None:
        """Note what is probably a mistake but harms nothing."""
        self._told(self.warnings, "warning", code, self._place(node, 0), (reason, fix))

    def _place(self, node: Node | None, offset: int) -> tuple[int, int]:
        return (node.line, node.column + offset) if node else (1, 1)

    def _told(
        self, noted: list[RuleError], severity: Severity, code: str, place: tuple[int, int], said: tuple[str, str]
    ) -> None:
        line, column = place
        refused = code in ("empty", "term", "name") and any(
            (error.line, error.column) == place and error.code in _REFUSED for error in self.errors
        )
        if refused or line in self._doubtful or (self._lost and code in _CONSEQUENCES):
            return
        self._note(noted, severity, code, (line, max(1, column - self._moved.get(line - 1, 0))), said)

    def _note(
        self, noted: list[RuleError], severity: Severity, code: str, place: tuple[int, int], said: tuple[str, str]
    ) -> None:
        if len(noted) == MAX_ERRORS:
            code, said = "too-many", (f"more than {MAX_ERRORS} faults in this file; the rest is not shown", "")
        if len(noted) <= MAX_ERRORS:
            line, column = place
            source = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
            noted.append(RuleError(self.name, line, column, code, source, *said, severity))

    def _flaws(self, flaws: Iterable[Flaw]) -> None:
        for flaw in flaws:
            self._note(self.errors, "error", flaw.code, (flaw.line, flaw.column), (flaw.reason, flaw.fix))

    def _read(self, text: str) -> None:
        found = compose(text)
        if found.stopped or SUSPECT.search(text):
            mending = flaws_of(self._lines)
            self._flaws(mending.flaws)
            self._read_lines, self._moved = mending.lines, mending.moved
            self._doubtful |= {at + 1 for at in mending.doubtful}
            if mending.lines != self._lines:
                found = compose("\n".join(mending.lines))
            found = self._without_the_rest(found, told=bool(mending.flaws))
        self._hidden()
        self.root = found.root if not found.stopped else None
        self._lost = self._lost or any(flaw.code == "documents" for flaw in found.flaws)
        self._placed(found.flaws)
        if self.root is None and not self.errors:
            only = " but comments" if any(line.strip() for line in self._lines) else ""
            fix = "Write a rule into it, or delete the file."
            self._note(self.errors, "error", "empty", (1, 1), (f"the file holds nothing{only}", fix))

    def _hidden(self) -> None:
        """Warn of marks that nobody sees and that turn the direction of what is shown."""
        found = [(at, mark) for at, line in enumerate(self._lines, 1) for mark in _HIDDEN.finditer(line)]
        for at, mark in found[:_TOLD]:
            said = (f"an unseen mark that turns the direction of text, U+{ord(mark[0]):04X}", "Delete it.")
            self._note(self.warnings, "warning", "hidden-mark", (at, mark.start() + 1), said)

    def _placed(self, flaws: Iterable[Flaw]) -> None:
        for flaw in flaws:
            self._told(self.errors, "error", flaw.code, (flaw.line, flaw.column), (flaw.reason, flaw.fix))

    def _without_the_rest(self, found: Composition, *, told: bool) -> Composition:
        """Leave out, line by line, what still is no YAML; it is told unless it may follow from a fault above it."""
        budget = _RETRIED
        for _ in range(_RETRIES):
            if not found.stopped:
                break
            line, column = found.stopped
            line = min(line, len(self._read_lines))
            if not told and line not in self._doubtful:
                reason = "the file cannot be understood from here on"
                fix = "Look at this line and the one above: indentation, colons, quotes, brackets."
                self._note(self.errors, "error", "yaml", (line, column), (reason, fix))
            told = self._lost = True
            self._blank(line)
            budget -= sum(map(len, self._read_lines))
            if budget < 0:
                break
            found = compose("\n".join(self._read_lines))
        return found

    def _blank(self, line: int) -> None:
        """Leave out a line, and those that stand deeper."""
        lines = self._read_lines = list(self._read_lines)
        at = line - 1
        while at > 0 and not lines[at].strip():
            at -= 1
        depth = len(lines[at]) - len(lines[at].lstrip()) if lines else 0
        end = at + 1
        while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
            end += 1
        for each in range(at, min(end, len(lines))):
            lines[each] = ""
            self._doubtful.add(each + 1)

    def _position(self, node: Node, offset: int) -> tuple[int, int]:
        """Line and column of a character of a scalar: what is not space is counted from where it begins."""
        if not node.block and (node.last in (0, node.line)):
            return node.line, node.column + offset + (not node.plain)
        wanted = sum(not char.isspace() for char in node.text[:offset])
        line, column = (node.line, 0) if node.block else (node.line - 1, node.column - 1 + (not node.plain))
        while line < len(self._read_lines):
            for at in range(column, len(self._read_lines[line])):
                if not self._read_lines[line][at].isspace():
                    if not wanted:
                        return line + 1, at + 1
                    wanted -= 1
            line, column = line + 1, 0
        return node.line, node.column

"""Where the lints put what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rules.diagnostics import RuleError
from rules.reading.document import Node

LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "hy": "Armenian", "az": "Azerbaijani", "tr": "Turkish"}


@dataclass(slots=True)
class Findings:
    """The warnings found so far, and the lines of the files that they point into."""

    lines: Mapping[str, Sequence[str]]
    warnings: set[RuleError] = field(default_factory=set)

    def add(self, file: str, node: Node | None, code: str, reason: str, fix: str = "", offset: int = 0) -> None:
        """A warning at `node`, `offset` characters into its text."""
        line, column = (node.line, node.column) if node else (1, 1)
        if node and offset:
            column += offset + (not node.plain)
        lines = self.lines[file]
        source = lines[line - 1] if line <= len(lines) else ""
        self.warnings.add(RuleError(file, line, column, code, source, reason, fix, "warning"))

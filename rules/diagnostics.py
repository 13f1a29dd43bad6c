"""What is wrong with a rule file, told so that the person who wrote it can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_WIDTH = 160


@dataclass(frozen=True, slots=True, order=True)
class RuleError:
    """One fault: where it is (`line` and `column` from 1), the line itself, what is wrong, what was probably meant.

    `code` is a short stable name of the kind of fault, e.g. `unknown-key`.
    """

    file: str
    line: int
    column: int
    code: str
    source: str
    reason: str
    fix: str = ""

    def __str__(self) -> str:
        """`file:line:column: reason [code]`, the line with a caret under the place, and the likely fix."""
        shift = max(0, self.column - _WIDTH + 40)
        shown = self.source[shift : shift + _WIDTH].rstrip()
        lines = [f"{self.file}:{self.line}:{self.column}: {self.reason} [{self.code}]"]
        if shown:
            lines += [f"    {shown}", "    " + " " * (self.column - 1 - shift) + "^"]
        if self.fix:
            lines.append(f"    {self.fix}")
        return "\n".join(lines)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest of `known` as a proposal, else the list of what is known when it is short, else nothing."""
    names = sorted(set(known))
    near = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known are: {', '.join(names)}." if 0 < len(names) <= 20 else ""

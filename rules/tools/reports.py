"""Faults and warnings for machines, and the one line that sums them up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rules.diagnostics import RuleError


def as_json(errors: Iterable[RuleError]) -> str:
    """An array, an object a fault: file, line, column (from 1, in characters), severity, code, reason, fix, source."""
    listed = [
        {
            "file": error.file,
            "line": error.line,
            "column": error.column,
            "severity": error.severity,
            "code": error.code,
            "reason": error.reason,
            "fix": error.fix,
            "source": error.source,
        }
        for error in errors
    ]
    return json.dumps(listed, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode()


def as_github(errors: Iterable[RuleError]) -> str:
    """A workflow command a line, which GitHub shows beside the line of the file in a pull request.

    The form and its escapes: docs.github.com, "Workflow commands for GitHub Actions", and actions/toolkit, command.ts.
    """
    return "\n".join(_annotation(error) for error in errors)


def summary(errors: Sequence[RuleError], rules: int) -> str:
    """How many faults and warnings there are, in how many files, and how many `rules` are in force."""
    faults = [error for error in errors if error.severity == "error"]
    warnings = len(errors) - len(faults)
    files = len({error.file for error in faults})
    told = f"{_counted(len(faults), 'fault')} in {_counted(files, 'file')}" if faults else "no faults"
    return f"{_counted(rules, 'rule')}, {told}, {_counted(warnings, 'warning')}"


def _annotation(error: RuleError) -> str:
    message = f"{error.reason}. {error.fix}".removesuffix(". ")
    place = f"file={_property(error.file)},line={error.line},col={error.column},title={_property(error.code)}"
    return f"::{error.severity} {place}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").encode("utf-8", "replace").decode()


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"

"""`borderwatch rules check`: every fault of every rule file, and what is worth a second look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError
from bot.cli.rules.options import PathsArgument

if TYPE_CHECKING:
    from rules.diagnostics import RuleError
    from rules.rulebook import Rulebook

StrictOption = Annotated[bool, typer.Option("--strict", help="Let warnings count as faults: exit 1 if there are any.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules check my-rules/")(check)


def check(paths: PathsArgument = None, strict: StrictOption = False) -> None:
    """Read every rule file; tell every fault, then every warning, with file, line and column.

    A fault keeps a file out of force. A warning does not: the rule works, and something in it is worth a second look.
    Without PATH the shipped library is looked at, with one only what is in it.
    """
    from bot.console import printable

    book, faults = _read(paths)
    warnings = _warnings(book, faults, paths)
    report = "\n\n".join([*map(str, (*faults, *warnings)), _summary(book, faults, warnings)])
    if faults or (strict and warnings):
        raise CommandError(report)
    typer.echo(printable(report))


def _read(paths: Sequence[Path] | None) -> tuple[Rulebook, Sequence[RuleError]]:
    from bot.cli.opened import books
    from rules.rulebook import RuleErrors

    try:
        return books(paths), ()
    except RuleErrors as errors:
        return errors.partial, errors.errors


def _warnings(book: Rulebook, faults: Sequence[RuleError], paths: Sequence[Path] | None) -> list[RuleError]:
    """Those about the given folders and files, if any are given; files with faults have enough to mend."""
    from bot.cli.opened import rule_paths
    from rules.tools.lints import lint

    broken = {fault.file for fault in faults}
    given = [path.resolve() for path in rule_paths(paths)]
    files = [source.path for source in book.sources.values() if str(source.path) not in broken]
    return lint(book, [path for path in files if not given or _within(path.resolve(), given)])


def _within(path: Path, given: Sequence[Path]) -> bool:
    return any(path == each or each in path.parents for each in given)


def _summary(book: Rulebook, faults: Sequence[RuleError], warnings: Sequence[RuleError]) -> str:
    rules = _counted(len(book.rules), "rule")
    return f"{rules}, {_counted(len(faults), 'fault')}, {_counted(len(warnings), 'warning')}: " + ", ".join(
        sorted(book.rules)
    )


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"

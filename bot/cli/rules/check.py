"""`borderwatch rules check`: every fault of every rule file, and what is worth a second look."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import FOUND_WRONG
from bot.cli.rules.options import PathsArgument

if TYPE_CHECKING:
    from rules.diagnostics import RuleError
    from rules.rulebook import Rulebook


class Form(StrEnum):
    """How faults and warnings are printed."""

    text = "text"
    json = "json"
    github = "github"


FormOption = Annotated[
    Form, typer.Option("--format", help="For people, as a JSON array, or as annotations of GitHub's pull requests.")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Let warnings count as faults: exit 1 if there are any.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules check my-rules/")(check)


def check(paths: PathsArgument = None, strict: StrictOption = False, form: FormOption = Form.text) -> None:
    """Read every rule file; tell every fault, then every warning, with file, line and column.

    A fault keeps a file out of force. A warning does not: the rule works, and something in it is worth a second look.
    Without PATH the shipped library is looked at, with one only what is in it.
    """
    from bot.console import printable
    from rules.tools.reports import as_github, as_json, summary

    book, faults = _read(paths)
    told = [*faults, *_warnings(book, faults, paths)]
    words = f"{summary(told, len(book.rules))}: {', '.join(sorted(book.rules))}"
    words += f"; escalations: {', '.join(sorted(book.correlations))}" if book.correlations else ""
    failed = bool(faults or (strict and told))
    if form is not Form.text:
        typer.echo(as_json(told) if form is Form.json else printable(as_github(told)))
        typer.echo(printable(words), err=True)
        raise typer.Exit(FOUND_WRONG if failed else 0)
    typer.echo(printable("\n\n".join([*map(str, told), words])))
    raise typer.Exit(FOUND_WRONG if failed else 0)


def _read(paths: Sequence[Path] | None) -> tuple[Rulebook, Sequence[RuleError]]:
    from bot.cli.opened import books
    from rules.rulebook import RuleErrors

    try:
        return books(paths), ()
    except RuleErrors as errors:
        return errors.partial, errors.errors


def _warnings(book: Rulebook, faults: Sequence[RuleError], paths: Sequence[Path] | None) -> list[RuleError]:
    """Those about the given folders and files, if any are given; the lints leave files with faults alone."""
    from bot.cli.opened import rule_paths
    from rules.tools.lints import lint

    broken = {fault.file for fault in faults}
    given = [path.resolve() for path in rule_paths(paths)]
    files = [source.path for source in book.sources.values() if str(source.path) not in broken]
    read = [each for each in book.warnings if not given or _within(Path(each.file).resolve(), given)]
    return sorted([*read, *lint(book, [path for path in files if not given or _within(path.resolve(), given)])])


def _within(path: Path, given: Sequence[Path]) -> bool:
    return any(path == each or each in path.parents for each in given)

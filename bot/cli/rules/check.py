"""`borderwatch rules check`: every fault of every rule file."""

from __future__ import annotations

import typer

from bot.cli.rules.options import PathsArgument


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules check my-rules/")(check)


def check(paths: PathsArgument = None) -> None:
    """Read every rule file and tell every fault, with file, line and column."""
    from bot.cli.opened import books

    book = books(paths)
    typer.echo(f"{len(book.rules)} rules, no faults: {', '.join(sorted(book.rules))}")

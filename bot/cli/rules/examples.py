"""`borderwatch rules test`: the examples that stand in the rules."""

from __future__ import annotations

import typer

from bot.cli.failures import CommandError
from bot.cli.rules.options import PathsArgument


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test", epilog="Example: borderwatch rules test my-rules/")(try_examples)


def try_examples(paths: PathsArgument = None) -> None:
    """Run the examples that stand in the rules; only what differs is shown."""
    from bot.cli.opened import books
    from rules.tools.examples import run_examples

    book = books(paths)
    failures = run_examples(book)
    for failure in failures:
        typer.echo(f"{failure}\n")
    if failures:
        raise CommandError(f"{len(failures)} examples came out otherwise than they say.")
    typer.echo(f"{sum(len(rule.examples) for rule in book.rules.values())} examples of {len(book.rules)} rules hold.")

"""`borderwatch rules`: the rule files, checked and tried."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failures import CommandError

app = typer.Typer(help="The rule files: check them, try their examples.", no_args_is_help=True)

FoldersArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Laid over the shipped library; none: it alone.")
]


@app.callback()
def _group() -> None:
    pass


@app.command(epilog="Example: borderwatch rules check my-rules/")
def check(folders: FoldersArgument = None) -> None:
    """Read every rule file and tell every fault, with file, line and column."""
    from bot.rulebooks import load_books

    book = load_books(folders or [])
    typer.echo(f"{len(book.rules)} rules, no faults: {', '.join(sorted(book.rules))}")


@app.command("test", epilog="Example: borderwatch rules test my-rules/")
def try_examples(folders: FoldersArgument = None) -> None:
    """Run the examples that stand in the rules; only what differs is shown."""
    from bot.rulebooks import load_books
    from rules.examples import run_examples

    book = load_books(folders or [])
    failures = run_examples(book)
    for failure in failures:
        typer.echo(f"{failure}\n")
    if failures:
        raise CommandError(f"{len(failures)} examples came out otherwise than they say.")
    typer.echo(f"{sum(len(rule.examples) for rule in book.rules.values())} examples of {len(book.rules)} rules hold.")

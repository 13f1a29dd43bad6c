"""The `borderwatch` command; one file a command.

Commands import what they need when they run: the health check is asked every minute and must not load a bot.
"""

from __future__ import annotations

import io
import sys
from importlib import metadata
from typing import Annotated

import typer
from typer.core import TyperGroup

from bot.cli import articles, database, demo, events, feeds, health, replay, rules, run
from bot.cli.failures import explained


class Commands(TyperGroup):
    """The commands; what a person can mend ends each of them with words, not with a traceback."""

    invoke = explained()(TyperGroup.invoke)


app = typer.Typer(
    name="borderwatch",
    cls=Commands,
    help="Watches news feeds for the indicators of an analyst report and alerts chats, once, with the sources.",
    epilog="Begin with: borderwatch demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (demo, run, replay, events, articles, health):
    module.register(app)
app.add_typer(rules.app, name="rules")
app.add_typer(feeds.app, name="feeds")
app.add_typer(database.app, name="db")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"borderwatch {version()}")
        raise typer.Exit


@app.callback()
def _common(
    shown: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which one.")] = False,
) -> None:
    pass


def version() -> str:
    """The version of the installed distribution, or of the checkout."""
    try:
        return metadata.version("borderwatch")
    except metadata.PackageNotFoundError:
        return "from a checkout"


def main() -> None:
    """Run a command. Exit 0: good; 1: something is wrong, and stderr says what; 2: wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()

"""`borderwatch demo`: see it work, in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError, UsageError

if TYPE_CHECKING:
    from storage.database import Database

INTRODUCTION = (
    "This demo's news was written for it: invented outlets on what happened from 12 November to 20 December 2021.\n"
    "Their feeds are served from this machine, polled over HTTP and alerted on as in real life; only the clock is fast."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch demo")(demo)


def demo(
    db: Annotated[
        Path | None, typer.Option("--db", metavar="FILE", help="Where to leave the database; it must be new.")
    ] = None,
) -> None:
    """Run the bot on the news that the project ships, and show the alerts as a chat would."""
    import asyncio

    from bot.cli.opened import opened
    from bot.cli.summary import close, progress
    from bot.clock import SystemClock
    from bot.console import Transcript, stdout
    from bot.demo.show import perform, read_material, stops
    from bot.logs import set_up_logs
    from bot.rulebooks import load_books

    set_up_logs()
    path = _fresh(db)
    console = stdout()
    console.print(f"{INTRODUCTION}\n", soft_wrap=True)
    database = opened(str(path))
    book, material, transcript = load_books([]), read_material(SystemClock().now()), Transcript()
    moments = stops(material.moments)
    with progress("polling", len(moments)) as step:
        asyncio.run(perform(database, book, material, moments, transcript, step))
    _check_polls(database)
    transcript.show(console)
    close(database, transcript, str(path))


def _check_polls(database: Database) -> None:
    """The demo needs nothing but this machine's loopback; where even that is missing, say so."""
    from storage.feeds import list_feeds

    with database.read() as session:
        failed = [feed for feed in list_feeds(session) if feed.error]
    if failed:
        raise CommandError(f"The demo could not poll its own server on 127.0.0.1: {failed[0].error}")


def _fresh(asked: Path | None) -> Path:
    """Where the database goes: the demo's own file is made anew each time, nobody else's is touched."""
    from bot.settings import load_settings

    if asked is None:
        path = load_settings().data_dir / "demo.db"
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return path
    if asked.exists():
        raise UsageError(f"{asked} exists already; the demo begins with a new database. Give another name.")
    return asked

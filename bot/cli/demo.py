"""`borderwatch demo`: see it work, in seconds."""

from __future__ import annotations

from contextlib import closing
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
    """Run the bot on the news that the project ships, and show the alerts as a chat would.

    Of the settings only the data folder counts; Telegram and the environment's database are left alone.
    """
    import asyncio

    from bot.cli.opened import apart, opened
    from bot.cli.summary import progress, summarise
    from bot.clock import SystemClock
    from bot.console import Transcript, stdout
    from bot.demo.show import perform, read_material, stops
    from bot.logs import set_up_logs
    from bot.rulebooks import load_books
    from storage.leases import claim_database

    set_up_logs()
    path = _new(db) if db else _own()
    with closing(opened(apart(str(path)))) as database, claim_database(database):
        if not db:
            _begin_anew(database, path)
        console = stdout()
        console.print(f"{INTRODUCTION}\n", soft_wrap=True)
        book, material, transcript = load_books([]), read_material(SystemClock().now()), Transcript()
        moments = stops(material.moments)
        with progress("polling", len(moments)) as step:
            asyncio.run(perform(database, book, material, moments, transcript, step))
        _check_polls(database)
        transcript.show(console)
        summarise(database, transcript, str(path))


def _check_polls(database: Database) -> None:
    """The demo needs nothing but this machine's loopback; where even that is missing, say so."""
    from storage.feeds import list_feeds

    with database.read() as session:
        failed = [feed for feed in list_feeds(session) if feed.error]
    if failed:
        raise CommandError(f"The demo could not poll its own server on 127.0.0.1: {failed[0].error}")


def _own() -> Path:
    """The demo's own file."""
    from bot.cli.opened import places

    return places().data_dir / "demo.db"


def _new(asked: Path) -> Path:
    """The file that was asked for; nobody's is written over."""
    if asked.exists():
        raise UsageError(f"{asked} exists already; the demo begins with a new database. Give another name.")
    return asked


def _begin_anew(database: Database, path: Path) -> None:
    """Empty the demo's own file, which is open, ours, and claimed."""
    database.close()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    database.upgrade()

"""`borderwatch replay`: recorded feed files, lived through again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failures import CommandError, UsageError
from bot.cli.options import FeedsOption, RulesOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch replay recordings/ --db month.db")(replay)


def replay(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Feed files, or folders of them.")],
    db: Annotated[
        str, typer.Option("--db", metavar="FILE|URL", help="Replaying more into the same one adds what is new.")
    ] = "replay.db",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no alerts, only what came of it.")] = False,
    rules: RulesOption = None,
    feeds: FeedsOption = None,
) -> None:
    """Run recorded feed files through the bot, in the order and time of their entries.

    Telegram is never asked, and the database of the environment is left alone, whatever is set.
    """
    import asyncio
    from contextlib import closing
    from functools import partial

    from bot.app import on_console
    from bot.cli.opened import apart, opened, places
    from bot.cli.summary import progress, summarise
    from bot.clock import ReplayClock, SystemClock
    from bot.console import Transcript, printable, stdout
    from bot.feeds.catalogue import outlet_of, read_catalogue
    from bot.logs import set_up_logs
    from bot.replay import live_through, read_recordings
    from bot.rulebooks import load_books
    from storage.leases import claim_database

    if missing := [str(path) for path in paths if not path.exists()]:
        raise UsageError(f"There is no such file or folder: {', '.join(missing)}")
    apart(db)
    set_up_logs()
    settings, now = places(), SystemClock().now()
    chosen = feeds or settings.feeds
    catalogue = read_catalogue(chosen) if chosen else read_catalogue()
    book = load_books(rules or settings.rules)
    recordings = read_recordings(paths, partial(outlet_of, catalogue=catalogue), now)
    for complaint in recordings.complaints:
        typer.echo(printable(complaint), err=True)
    if not recordings.entries:
        raise CommandError(f"No entries in {recordings.files} files: nothing to replay.")
    transcript, clock = Transcript(), ReplayClock(recordings.entries[0].published)
    with closing(opened(db)) as database, claim_database(database):
        pipeline, delivery = on_console(database, book, transcript, clock)
        with progress("replaying", len(recordings.entries)) as step:
            asyncio.run(live_through(pipeline, delivery, clock, recordings.entries, now, step))
        if not quiet:
            transcript.show(stdout())
        summarise(database, transcript, db)

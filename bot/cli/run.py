"""`borderwatch run`: the bot."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.options import DatabaseOption, FeedsOption, RulesOption


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: BORDERWATCH_TELEGRAM_TOKEN=123:abc borderwatch run")(run)


def run(
    once: Annotated[bool, typer.Option("--once", help="One pass over all due feeds, deliver, and end.")] = False,
    db: DatabaseOption = None,
    rules: RulesOption = None,
    feeds: FeedsOption = None,
) -> None:
    """Poll the feeds, match, and alert the chats, until SIGTERM or Ctrl-C.

    Without BORDERWATCH_TELEGRAM_TOKEN the alerts are printed here.
    """
    import asyncio

    from bot import app
    from bot.logs import set_up_logs
    from bot.settings import load_settings

    set_up_logs()
    settings = load_settings({"database_url": db, "rules": rules or None, "feeds": feeds})
    asyncio.run(app.run(settings, once=once))

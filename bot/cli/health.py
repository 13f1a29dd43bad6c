"""`borderwatch health`: is the bot that shares this data folder alive?"""

from __future__ import annotations

import typer

from bot.cli.failures import CommandError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch health && echo alive")(health)


def health() -> None:
    """Exit 0 when the running bot's last sign of life is fresh, else 1 with the reason."""
    from bot.clock import SystemClock
    from bot.heartbeat import diagnose, read_heartbeat
    from bot.settings import load_settings

    path = load_settings().heartbeat
    if complaint := diagnose(read_heartbeat(path), SystemClock().now()):
        raise CommandError(f"not healthy: {complaint} ({path})")
    typer.echo("healthy")

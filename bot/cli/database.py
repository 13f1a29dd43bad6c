"""`borderwatch db`: the database itself."""

from __future__ import annotations

import typer

from bot.cli.options import DatabaseOption

app = typer.Typer(help="The database itself.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    pass


@app.command(epilog="Example: borderwatch db upgrade --db postgresql://bw@localhost/borderwatch")
def upgrade(db: DatabaseOption = None) -> None:
    """Bring the tables to the newest form; `run` does this by itself."""
    from bot.cli.opened import opened
    from bot.settings import load_settings

    database = opened(load_settings({"database_url": db}).database)
    database.close()
    typer.echo(f"The tables are up to date: {database.name}")

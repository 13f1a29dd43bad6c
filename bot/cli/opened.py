"""The database that a command asks, opened."""

from __future__ import annotations

from pathlib import Path

from bot.cli.failures import CommandError
from bot.settings import load_settings
from storage.database import Database, open_database, parse_address


def database_of(address: str | None) -> Database:
    """The database that `--db` or the settings name, with up-to-date tables; it must be there already."""
    chosen = load_settings({"database_url": address}).database
    if not is_there(chosen):
        raise CommandError(f"There is no database at {chosen}. `borderwatch demo` and `borderwatch run` make one.")
    return opened(chosen)


def opened(address: str) -> Database:
    """The database at `address`, made if need be, with up-to-date tables."""
    database = open_database(address)
    database.upgrade()
    return database


def is_there(address: str) -> bool:
    """Whether a file is there to be opened; a server is asked when it is."""
    url = parse_address(address)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()

"""The database that a command asks or fills, opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.cli.failures import CommandError, UsageError
from bot.rulebooks import load_books
from bot.settings import Settings, load_settings
from rules.rulebook import Rulebook
from storage.database import Database, DatabaseError, open_database, parse_address

PLACES = frozenset({"data_dir", "database_url", "rules", "feeds"})
"""The settings that say where things lie."""


def database_of(address: str | None) -> Database:
    """The database that `--db` or the settings name, with up-to-date tables; it must be there already."""
    chosen = load_settings({"database_url": address}).database
    if not is_there(chosen):
        raise CommandError(f"There is no database at {chosen}. `borderwatch demo` and `borderwatch run` make one.")
    return opened(chosen)


def books(paths: Sequence[Path] | None) -> Rulebook:
    """The library with `paths` laid over it, or what the settings name. Raises RuleErrors with all faults."""
    return load_books(rule_paths(paths))


def rule_paths(paths: Sequence[Path] | None) -> tuple[Path, ...]:
    """The folders and files that a command was given, or those of the settings."""
    return tuple(paths) if paths else places().rules


def opened(address: str) -> Database:
    """The database at `address`, made if need be, with up-to-date tables."""
    database = open_database(address)
    try:
        database.upgrade()
    except DatabaseError:
        database.close()
        raise
    return database


def apart(address: str) -> str:
    """`address`, for the demo or a replay; `UsageError` when it is the database of the environment."""
    theirs = places().database
    if _location(address) == _location(theirs):
        raise UsageError(
            f"{address} is the database of the environment or of .env, which a replay and the demo leave alone: "
            "give another one with --db"
        )
    return address


def places() -> Settings:
    """The settings, of which only those that say where things lie are looked at: no other one can be wrong."""
    return load_settings({name: field.default for name, field in Settings.model_fields.items() if name not in PLACES})


def is_there(address: str) -> bool:
    """Whether a file is there, with something in it; a server is asked when it is opened."""
    url = parse_address(address)
    if url.get_backend_name() != "sqlite":
        return True
    path = Path(url.database or "")
    return path.is_file() and path.stat().st_size > 0


def _location(address: str) -> object:
    """What the address points to, however it is written."""
    try:
        url = parse_address(address)
    except DatabaseError:
        return address
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").resolve()
    return url.host, url.port or 5432, url.database

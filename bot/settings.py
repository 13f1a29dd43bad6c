"""Settings: read once, from the environment or a `.env` file, and checked before anything starts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.feeds import guard
from rules.errors import BorderwatchError

PREFIX = "BORDERWATCH_"
NOT_SETTINGS = {f"{PREFIX}STARTED_AS", f"{PREFIX}TEST_POSTGRES"}
"""Variables of that prefix that are no settings of the bot: `run` and the tests set them."""


class SettingsError(BorderwatchError):
    """A setting cannot be used; the text names it, says why, and what it should look like."""


def _listed(separator: str) -> BeforeValidator:
    """Reads "a,b" as a list; blanks are dropped."""

    def split(value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(separator) if part.strip()]
        return value

    return BeforeValidator(split)


def _network(value: object) -> object:
    return ip_network(value, strict=False) if isinstance(value, str) else value


AllowedNetwork = Annotated[guard.Network, BeforeValidator(_network)]


class Settings(BaseSettings):
    """Every setting, under the name `BORDERWATCH_` and its own in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", env_ignore_empty=True)

    data_dir: Path = Path("data")
    """Where the default database and the heartbeat live."""
    database_url: str = ""
    """`sqlite:///file`, a file's path, or `postgresql://...`; empty: `borderwatch.db` in the data folder."""
    rules: Annotated[tuple[Path, ...], NoDecode, _listed(os.pathsep)] = ()
    """Folders or single files of rules, laid over the shipped library in this order."""
    feeds: Path | None = None
    """A catalogue file instead of the shipped one."""
    telegram_token: SecretStr | None = None
    """The bot's token; without one, alerts go to the console."""
    telegram_base_url: str = ""
    """Another Bot API server, e.g. `http://127.0.0.1:8081`."""
    owners: Annotated[tuple[int, ...], NoDecode, _listed(",")] = ()
    """Telegram user ids of those who run the bot; they are told of broken rule files. Each must press Start once."""
    allow_private: Annotated[tuple[AllowedNetwork, ...], NoDecode, _listed(",")] = ()
    """Private networks that feeds may live in, e.g. `127.0.0.0/8,10.1.0.0/16`; none by default."""

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'borderwatch.db'}"

    @property
    def heartbeat(self) -> Path:
        """The file that a running bot touches, and that `borderwatch health` reads."""
        return self.data_dir / "heartbeat.json"


def unknown_settings() -> list[str]:
    """Variables that look like settings and are none, each with what was probably meant."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | NOT_SETTINGS
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    close = {name: get_close_matches(name, known, n=1) for name in unknown}
    return [f"{name} (did you mean {close[name][0]}?)" if close[name] else name for name in unknown]


def load_settings(overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings in force; `overrides` (options of a command) win over the environment. Raises SettingsError."""
    given = {name: value for name, value in (overrides or {}).items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # checked by pydantic, which is the point
    except ValidationError as error:
        lines = [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("\n".join(lines)) from None

"""An article: one entry of a feed, as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LANGUAGES = ("en", "ru", "hy", "az", "tr")
"""The languages that rules are written in (ISO 639-1)."""

Dated = Literal["stated", "feed", "fetched"]
"""How far `Article.published` is to be trusted.

`stated`: the entry gives it. `feed`: the entry gives none, the file's newest date stands in.
`fetched`: nobody gives one, or the one given lies in the future, so it is the time of the fetch.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Who speaks: an outlet, who owns it, and on which side it stands.

    `side` is one of am, az, ka (Karabakh Armenian), ru, tr, ge, eu, us, int, or empty when nobody has said.
    Owners, not outlets, count as independent sources.
    """

    outlet: str
    owner: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One entry of a feed, normalised; every text is plain, without markup or control characters.

    `language` is one of `LANGUAGES`, another ISO 639-1 code, or empty when it cannot be told.
    `published` is aware and in UTC. `keys` identify the entry: it is known when any one of them is.
    """

    url: str
    title: str
    summary: str
    language: str
    published: datetime
    source: Source
    dated: Dated = "stated"
    keys: tuple[str, ...] = ()

"""What `rules explain` is asked about: a headline that was typed, a file, a stored article, a page of the web."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.cli.failures import CommandError, UsageError
from rules.article import Article, Source

LARGEST = 1_000_000
"""Bytes of a text file."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An article to explain. `guessed`: nobody said its language; `origin` says where it was found, if not typed.

    `cut`: it was longer than what is read of an entry.
    """

    article: Article
    guessed: bool
    origin: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed beside the text: each empty when it was not."""

    lead: str
    language: str
    side: str


def is_url(given: str) -> bool:
    """Whether it is an address."""
    return given.startswith(("http://", "https://")) and not any(map(str.isspace, given))


def is_term(given: str) -> bool:
    """Whether it is written in the notation of terms: a word of it ends with ~ or *."""
    words = given.split()
    return 0 < len(words) <= 5 and any(len(word) > 1 and word[-1] in "~*" for word in words)


def find_subject(given: str, asked: Asked, db: str | None, now: datetime) -> Subject:
    """The article that is meant. Raises `CommandError` for what cannot be read."""
    if is_url(given):
        found = _at_address(given, db, now)
        return _changed(found, asked)
    text = _from_file(given) if given.strip() else None
    title, lead = (given, "") if text is None else _parted(text)
    return _typed(title, asked.lead or lead, asked, now)


def _from_file(given: str) -> str | None:
    """The text of a file, or of standard input for `-`; None when no file is meant."""
    if given == "-":
        return _decoded(sys.stdin.buffer.read(LARGEST + 1), "what came in")
    path = Path(given)
    if _is_there(path):
        if path.is_dir():
            raise UsageError(f"{given} is a folder; give a file, whose first line is the title and the rest the lead.")
        with path.open("rb") as file:
            return _decoded(file.read(LARGEST + 1), given)
    if not any(map(str.isspace, given)) and (given.endswith(".txt") or given.startswith(("/", "./", "../"))):
        raise UsageError(f"There is no file {given}. A headline is typed in quotation marks.")
    return None


def _is_there(path: Path) -> bool:
    """Whether something of that name is there; a headline may be longer than a name, or hold what no name can."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _decoded(content: bytes, name: str) -> str:
    if len(content) > LARGEST:
        raise CommandError(f"{name} holds more than {LARGEST // 1_000_000} MB, which is no article.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{name} is not a text in UTF-8 ({error.reason} at byte {error.start}).") from None


def _parted(text: str) -> tuple[str, str]:
    title, _, lead = text.lstrip().partition("\n")
    return title, lead


def _typed(title: str, lead: str, asked: Asked, now: datetime) -> Subject:
    """A text as the bot would read it from a feed."""
    from bot.feeds.clean import plain
    from bot.feeds.language import language_of
    from bot.feeds.parse import SUMMARY_LIMIT, TITLE_LIMIT

    shown, rest = plain(title, TITLE_LIMIT), plain(lead, SUMMARY_LIMIT)
    if not shown and not rest:
        raise UsageError('There is no text to explain. Type a headline: borderwatch rules explain "Ten captives freed"')
    language = asked.language or language_of(shown, rest, "")
    article = Article("", shown, rest, language, now, Source("", "", asked.side))
    cut = (shown.endswith("…") and not title.rstrip().endswith("…")) or (
        rest.endswith("…") and not lead.rstrip().endswith("…")
    )
    return Subject(article, not asked.language, cut=cut)


def _changed(found: Subject, asked: Asked) -> Subject:
    """A found article with what was typed in the place of what it says."""
    article = found.article
    source = replace(article.source, side=asked.side or article.source.side)
    language, lead = asked.language or article.language, asked.lead or article.summary
    changed = replace(article, source=source, language=language, summary=lead)
    return replace(found, article=changed, guessed=found.guessed and not asked.language)


def _at_address(url: str, db: str | None, now: datetime) -> Subject:
    from bot.cli.opened import database_of, is_there
    from bot.cli.rules.fetched import fetched
    from bot.settings import load_settings
    from storage.lookup import article_at

    settings = load_settings({"database_url": db})
    if db is not None or is_there(settings.database):
        with closing(database_of(db)) as database, database.read() as session:
            stored = article_at(session, url)
        if stored is not None:
            return Subject(stored, False, f"stored; {stored.source.outlet}, {stored.published:%Y-%m-%d %H:%M} UTC")
    found, origin = fetched(url, settings.allow_private, now)
    return Subject(found, True, origin)

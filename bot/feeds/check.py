"""Tries a feed as the poller would, and stores nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.feeds.errors import FeedError
from bot.feeds.fetch import Client, FetchRequest, NotModified, fetch_feed
from bot.feeds.parse import ParsedFeed, parse_feed
from rules.article import Source


@dataclass(frozen=True, slots=True)
class Checked:
    """What a feed answers now: its entries, the newest of them, and their languages; or `error`, why it does not.

    `complaint` says what was wrong with a document that could be read all the same.
    """

    url: str
    entries: int = 0
    newest: datetime | None = None
    languages: tuple[str, ...] = ()
    moved_to: str = ""
    complaint: str = ""
    error: str = ""


async def check_feed(client: Client, url: str, now: datetime) -> Checked:
    """Fetch and parse once; what fails is told in `error`, never raised."""
    try:
        answer = await fetch_feed(client, FetchRequest(url, now))
        if isinstance(answer, NotModified):
            return Checked(url, error="it answers that nothing has changed, though it was not asked so")
        parsed = await asyncio.to_thread(
            parse_feed,
            answer.content,
            url=answer.url,
            fetched=now,
            source=Source("", ""),
            undated="fetched",
            content_type=answer.content_type,
        )
    except FeedError as error:
        return Checked(url, error=str(error))
    except Exception as error:  # a fault of ours on one feed must not hide the others
        return Checked(url, error=f"internal error: {type(error).__name__}: {error}")
    return _told(url, parsed, answer.moved_to)


def _told(url: str, parsed: ParsedFeed, moved_to: str) -> Checked:
    newest = max((entry.published for entry in parsed.entries if entry.dated == "stated"), default=None)
    languages = tuple(sorted({entry.language for entry in parsed.entries if entry.language}))
    return Checked(url, len(parsed.entries), newest, languages, moved_to, parsed.complaint or "")

"""An article of the web: what a page says of itself, or a feed's newest entry; nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from bot.app import USER_AGENT
from bot.cli.failures import CommandError
from bot.feeds.catalogue import outlet_of, read_catalogue
from bot.feeds.errors import AnswerError, FeedError, ParseError
from bot.feeds.fetch import Body, FetchRequest, fetch_feed, make_client
from bot.feeds.guard import Network
from bot.feeds.language import language_of
from bot.feeds.page import read_page
from bot.feeds.parse import parse_feed
from bot.feeds.urls import host_of
from rules.article import Article, Source


def fetched(url: str, allow_private: Sequence[Network], now: datetime) -> tuple[Article, str]:
    """The article at an address, and in words what was found there; raises `CommandError` when there is none."""
    try:
        body = asyncio.run(_fetch(url, allow_private, now))
    except FeedError as error:
        raise CommandError(f"{url} is not among the stored articles and cannot be fetched: {error}") from None
    try:
        parsed = parse_feed(
            body.content, url=body.url, fetched=now, source=_outlet, undated="fetched", content_type=body.content_type
        )
    except ParseError:
        return _page(body, now), "a page, fetched now: its title and description"
    if not parsed.entries:
        raise CommandError(f"{url} is a feed without entries.")
    newest = max(parsed.entries, key=lambda entry: entry.published)
    count = f"{len(parsed.entries)} entries" if len(parsed.entries) > 1 else "one entry"
    return newest, f"a feed of {count}, of which this is the newest: {newest.url}"


def _page(body: Body, now: datetime) -> Article:
    page = read_page(body.content, body.content_type)
    if not page.title:
        raise CommandError(f"{body.url} is neither a feed nor a page with a title.")
    language = language_of(page.title, page.description, page.language)
    source = _outlet(host_of(body.url))
    return Article(body.url, page.title, page.description, language, now, source, "fetched")


def _outlet(host: str) -> Source:
    return outlet_of(host, read_catalogue())


async def _fetch(url: str, allow_private: Sequence[Network], now: datetime) -> Body:
    async with make_client(user_agent=USER_AGENT, allow_private=allow_private) as client:
        answer = await fetch_feed(client, FetchRequest(url, now, unconditional=True))
    if not isinstance(answer, Body):
        raise AnswerError("it answers that nothing has changed, though it was not asked so")
    return answer

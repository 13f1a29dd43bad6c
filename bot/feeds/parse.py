"""Reads a feed document as articles. Synchronous and pure; call it off the event loop.

One of 5 MB takes a second, the worst that is let through two (measured).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

import feedparser

from bot.feeds.clean import CONTROLS, plain, shorten
from bot.feeds.dates import parse_date, zone_of
from bot.feeds.document import read_document
from bot.feeds.entries import Entry, identify
from bot.feeds.errors import ParseError
from bot.feeds.language import language_of
from bot.feeds.urls import absolute, host_of
from rules.article import Article, Dated, Source

TITLE_LIMIT = 300
SUMMARY_LIMIT = 2_000
STAND_IN_TITLE = 100
"""Characters: of a title, of a summary, and of a summary's start where there is no title."""

AHEAD = timedelta(minutes=15)
"""How far a date may lie ahead of the fetch: clocks differ. What lies further is not believed."""

Fields = Mapping[str, object]
Undated = Literal["newest", "fetched"]
"""How entries without a date are dated: by the newest date in the document, or by the time of the fetch.

The first suits a recorded file. A document that is polled may hold one old entry beside news without a date.
"""
SourceOf = Callable[[str], Source]
"""Names the source by the host of the feed's site, for files that nobody has catalogued."""


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a document holds. `site` and `title` are its own words about itself, "" when it says nothing.

    `complaint` says in one sentence what was wrong with it, None when nothing was.
    """

    entries: tuple[Article, ...]
    site: str
    title: str
    complaint: str | None


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Dates within one document: what its texts mean, the time of the fetch, and what stands in where there is none."""

    meaning: Mapping[tuple[str, ...], datetime | None]
    fetched: datetime
    stand_in: datetime | None

    def read(self, texts: tuple[str, ...]) -> tuple[datetime, Dated]:
        """When an entry was published, and how far that is to be trusted."""
        stated = self.meaning[texts]
        if stated is None and self.stand_in is not None:
            return self.stand_in, "feed"
        if stated is None or stated > self.fetched + AHEAD:
            return self.fetched, "fetched"
        return stated, "stated"


def parse_feed(
    body: bytes,
    *,
    url: str,
    fetched: datetime,
    source: Source | SourceOf,
    language: str = "",
    undated: Undated = "newest",
    content_type: str | None = None,
) -> ParsedFeed:
    """The articles of a feed document; raises `ParseError` when it is none or is unsafe to read.

    `url` is the feed's own address, `fetched` (aware, UTC) the latest that a date is believed, `language` what the
    catalogue says. Dates without a zone are read in that of the source's side.
    """
    document = read_document(body, content_type or "")
    feed, found = _parsed(document.xml)
    site = absolute(_text(feed, "link"), url)
    entries = [_entry(fields, site or url, language or _text(feed, "language")) for fields in found]
    host = host_of(site) or _commonest_host(entries) or host_of(url)
    spoken = source(host) if callable(source) else source
    kept = [entry for entry in entries if entry.title and (entry.link or site)]
    calendar = _calendar(kept, feed, zone_of(spoken.side), fetched, undated)
    articles = tuple(
        _article(entry, keys, entry.link or site, calendar, spoken) for entry, keys in identify(kept, host)
    )
    complaint = "; ".join(filter(None, (document.complaint, _dropped(len(entries) - len(kept)))))
    return ParsedFeed(articles, site, plain(_text(feed, "title"), TITLE_LIMIT), complaint or None)


def _parsed(xml: bytes) -> tuple[Fields, list[Fields]]:
    """The channel and its entries by feedparser, which gets a stream: bytes and text it might open as a path.

    It sanitises and resolves nothing: all markup is dropped here afterwards, and that halves the cost.
    """
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        found = feedparser.parse(
            io.BytesIO(xml), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # a hostile document finds its way through any parser
        raise ParseError(f"the document cannot be read: {type(error).__name__}: {str(error)[:200]}") from error
    if not found.get("version") and not found.entries:
        raise ParseError("not a feed: neither a channel nor entries are in it")
    # As plain dictionaries: feedparser's own let one field stand in for another.
    return dict(found.feed), [dict(entry) for entry in found.entries]


def _entry(fields: Fields, base: str, language: str) -> Entry:
    summary = plain(_text(fields, "summary"), SUMMARY_LIMIT) or plain(_content(fields), SUMMARY_LIMIT)
    title = plain(_text(fields, "title"), TITLE_LIMIT) or shorten(summary, STAND_IN_TITLE)
    guid = CONTROLS.sub("", _text(fields, "id")).strip()
    link = _text(fields, "feedburner_origlink") or _text(fields, "link")
    if not link and guid.startswith(("http://", "https://")):
        link = guid
    dates = tuple(filter(None, (_text(fields, name).strip() for name in ("published", "updated", "created"))))
    return Entry(title, summary, absolute(link, base), guid, dates, language or _declared_language(fields))


def _text(fields: Fields, name: str) -> str:
    """A field's text, "" when it is missing."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _content(fields: Fields) -> str:
    """The entry's full text, as markup."""
    parts = fields.get("content")
    return " ".join(_text(part, "value") for part in parts) if isinstance(parts, list) else ""


def _declared_language(fields: Fields) -> str:
    detail = fields.get("title_detail")
    return _text(detail, "language") if isinstance(detail, Mapping) else ""


def _commonest_host(entries: Sequence[Entry]) -> str:
    hosts = Counter(filter(None, (host_of(entry.link) for entry in entries)))
    return hosts.most_common(1)[0][0] if hosts else ""


def _calendar(entries: Sequence[Entry], feed: Fields, zone: tzinfo, fetched: datetime, undated: Undated) -> _Calendar:
    """With `newest` that date of the entries stands in, else the channel's own; never one of the future."""
    meaning = {texts: _first_date(texts, zone) for texts in {entry.dates for entry in entries}}
    if undated == "fetched":
        return _Calendar(meaning, fetched, None)
    channel = _first_date([_text(feed, name) for name in ("updated", "published")], zone)
    return _Calendar(meaning, fetched, _newest(meaning.values(), fetched) or _newest([channel], fetched))


def _newest(dates: Iterable[datetime | None], fetched: datetime) -> datetime | None:
    return max((date for date in dates if date is not None and date <= fetched + AHEAD), default=None)


def _first_date(texts: Sequence[str], zone: tzinfo) -> datetime | None:
    found = (parse_date(text, zone) for text in texts)
    return next((date for date in found if date is not None), None)


def _article(entry: Entry, keys: tuple[str, ...], url: str, calendar: _Calendar, source: Source) -> Article:
    published, dated = calendar.read(entry.dates)
    language = language_of(entry.title, entry.summary, entry.language)
    return Article(url, entry.title, entry.summary, language, published, source, dated, keys)


def _dropped(number: int) -> str:
    if not number:
        return ""
    return f"{number} {'entry' if number == 1 else 'entries'} without text or link left out"

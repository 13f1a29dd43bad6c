"""A web page's own words about its article: the title and the description in its head."""

from __future__ import annotations

import codecs
import html
import re
from dataclasses import dataclass

from bot.feeds.clean import REST, plain
from bot.feeds.parse import SUMMARY_LIMIT, TITLE_LIMIT

HEAD_LIMIT = 500_000
"""Bytes of a page that are looked at: what is asked for stands in its head."""

_META = re.compile(r"<meta(?=[\s/])", re.IGNORECASE)
_HTML = re.compile(r"<html(?=\s)", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]{0,500}>([^<]{1,2000})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:-]{1,30})\s{0,5}=\s{0,5}(?:"([^"<]*)"|'([^'<]*)'|([^\s"'<>]+))""")
_CHARSET = re.compile(rb"charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_TITLES, _DESCRIPTIONS = ("og:title", "twitter:title"), ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class Page:
    """Plain text: `title` and `description` as the page would be shared, "" where it says nothing.

    `language` is what the page declares, e.g. "ru-RU", which may be wrong.
    """

    title: str
    description: str
    language: str


def read_page(body: bytes, content_type: str = "") -> Page:
    """What the head of an HTML page says; never fails, and what is no page says nothing."""
    text = _decoded(body[:HEAD_LIMIT], content_type)
    told: dict[str, str] = {}
    for tag in _META.finditer(text):
        pairs = _attributes(text, tag)
        name = (pairs.get("property") or pairs.get("name") or "").lower()
        told.setdefault(name, pairs.get("content", ""))
    root, title = _HTML.search(text), _TITLE.search(text)
    own = title[1] if title else ""
    return Page(
        plain(next(filter(None, map(told.get, _TITLES)), own), TITLE_LIMIT),
        plain(next(filter(None, map(told.get, _DESCRIPTIONS)), ""), SUMMARY_LIMIT),
        _attributes(text, root).get("lang", "") if root else "",
    )


def _attributes(text: str, tag: re.Match[str]) -> dict[str, str]:
    rest = REST.match(text, tag.end())
    found = _ATTRIBUTE.finditer(rest[0]) if rest else ()
    return {each[1].lower(): html.unescape(each[2] or each[3] or each[4] or "") for each in found}


def _decoded(body: bytes, content_type: str) -> str:
    """The text by its byte order mark, else as the server or the page itself says, else as UTF-8 with gaps."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    for place in (content_type.encode("ascii", "replace"), body[:2000]):
        if found := _CHARSET.search(place):
            try:
                return body.decode(found[1].decode("ascii"), "replace")
            except (LookupError, ValueError):
                continue
    return body.decode("utf-8", "replace")

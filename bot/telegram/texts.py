"""Text with marks as Telegram takes it: plain text with entities, never a parse mode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

from telegram import MessageEntity

from bot.messages import LIMIT as LIMIT

MOST_ENTITIES = 100
"""Telegram ignores what comes after the hundredth entity."""

NOTHING_TO_SHOW = "(no text)"

Kind = Literal["bold", "code", "pre", "text_link"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of code points that is shown in its own way; a `text_link` carries its address."""

    kind: Kind
    start: int
    end: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Dressed:
    """A text and its entities (offsets in UTF-16 units), ready to send."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def dress(text: str, marks: Iterable[Mark] = (), limit: int = LIMIT) -> Dressed:
    """`text` as Telegram will show it: cleaned, trimmed, never empty, at most `limit` code points."""
    text = clean(text)
    inside = [mark for mark in (_clip(mark, text) for mark in marks) if mark is not None]
    text, inside = _write_out_links(text, inside)
    lead = len(text) - len(text.lstrip())
    text = cut(text.strip(), limit)
    if not is_visible(text):
        return Dressed(NOTHING_TO_SHOW)
    moved = (_clip(replace(mark, start=mark.start - lead, end=mark.end - lead), text) for mark in inside)
    return Dressed(text, _entities(text, [mark for mark in moved if mark is not None]))


# Line and paragraph separators, and the characters that turn the direction of the text around them: a hostile
# title must not turn ours. Each stands in for one code point, so that marks keep their places.
_UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without control characters, direction overrides and lone surrogates; its length stays."""
    return _UNSAFE.sub(_stand_in, text)


def _stand_in(found: re.Match[str]) -> str:
    char = found.group()
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if char in "\u2028\u2029":
        return "\n"
    return "\u200b" if char > "\u2000" else " "


_BLANKS = "\u115f\u1160\u2800\u3164\uffa0\ufffc"


def is_visible(text: str) -> bool:
    """Whether anything of `text` can be seen; Telegram refuses the rest as empty."""
    return any(char not in _BLANKS and unicodedata.category(char)[0] not in "CZM" for char in text)


def cut(text: str, limit: int = LIMIT) -> str:
    """`text` in at most `limit` code points; what is cut ends at a word, not within a character, and in an ellipsis."""
    if len(text) <= limit:
        return text
    end = limit - 1
    space = max(text.rfind(" ", end - 80, end + 1), text.rfind("\n", end - 80, end + 1))
    if space > 0:
        return text[:space].rstrip() + "…"
    floor = max(1, end - 64)
    while end > floor and _joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def _joined(before: str, after: str) -> bool:
    """Whether the two are seen as one character: accents, emoji sequences, flags."""
    if before == "\u200d" or after == "\u200d" or unicodedata.category(after) in ("Mn", "Me", "Mc"):
        return True
    return "\U0001f3fb" <= after <= "\U0001f3ff" or ("\U0001f1e6" <= before <= after <= "\U0001f1ff")


# The hosts that Telegram's own parser takes; anything else would spoil the whole message.
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.[^\W\d_][\w-]*")


def is_linkable(url: str) -> bool:
    """Whether Telegram takes `url` behind words: http or https, and a host with a dot."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or parts.username is not None or port == 0:
        return False
    return url.isprintable() and " " not in url and _HOST.fullmatch(host) is not None


def _write_out_links(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    """Addresses that cannot be links are written behind their words, so that they stay readable."""
    refused = [mark for mark in marks if mark.kind == "text_link" and not is_linkable(mark.url or "")]
    kept = [mark for mark in marks if mark not in refused]
    for mark in sorted(refused, key=lambda mark: mark.end, reverse=True):
        address = cut(clean(mark.url or "").strip(), 200)
        if not address or address in text[mark.start : mark.end]:
            continue
        written = f" ({address})"
        text = text[: mark.end] + written + text[mark.end :]
        kept = [_shift(other, mark.end, len(written)) for other in kept]
    return text, kept


def _shift(mark: Mark, at: int, by: int) -> Mark:
    start = mark.start + by if mark.start >= at else mark.start
    end = mark.end + by if mark.end > at else mark.end
    return replace(mark, start=start, end=end)


def _clip(mark: Mark, text: str) -> Mark | None:
    start, end = max(0, mark.start), min(len(text), mark.end)
    if start >= end or text[start:end].isspace():
        return None
    return replace(mark, start=start, end=end)


def _entities(text: str, marks: list[Mark]) -> tuple[MessageEntity, ...]:
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))[:MOST_ENTITIES]
    entities = [MessageEntity(mark.kind, mark.start, mark.end - mark.start, url=mark.url) for mark in ordered]
    return tuple(MessageEntity.adjust_message_entities_to_utf_16(text, entities))

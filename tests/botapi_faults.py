"""What the local Bot API server refuses, and how it fails on demand."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A failure with an HTTP answer; nothing is carried out."""

    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks without an answer, before or after the call was carried out."""

    processed: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer waits for `until` (or for ever), before or after the call was carried out."""

    processed: bool
    until: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Instead:
    """The call is carried out, but the answer is this one."""

    body: bytes


Fault = Answer | Reset | Hold | Instead


def refusal(status: int, description: str, **parameters: int) -> Answer:
    """An error as the API words it."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    return Answer(status, json.dumps(body | ({"parameters": parameters} if parameters else {})).encode())


def flood(seconds: int) -> Answer:
    """The answer to too many requests."""
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


BAD_GATEWAY = Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
SERVER_ERROR = refusal(500, "Internal Server Error")


class ApiError(Exception):
    """What the API answers instead of a result."""

    def __init__(self, description: str, status: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.answer = refusal(status, description, **parameters)


_TYPES = {"bold", "italic", "underline", "code", "pre", "text_link"}


def formatted(text: str, entities: list[Json], too_long: str) -> tuple[str, list[Json], list[str]]:
    """The text and entities as Telegram keeps them: checked, trimmed, and without links to hosts without a dot.

    The third is the links that were dropped.
    """
    for entity in entities:
        check_entity(text, entity)
    kept = [entity for entity in entities if entity["type"] != "text_link" or _has_dot(entity["url"])]
    lead = _units(text) - _units(text.lstrip())
    text = re.sub(r"[\x00-\x08\x0b-\x1f]", " ", text.strip())
    if not text:
        raise ApiError("Bad Request: message text is empty")
    if len(text) > 4096:
        raise ApiError(too_long)
    moved = [entity | {"offset": entity["offset"] - lead} for entity in kept]
    return text, moved, [entity["url"] for entity in entities if entity not in kept]


def check_entity(text: str, entity: Json) -> None:
    """Refuse an entity that Telegram's own parser refuses: outside the text, or within one character's two units."""
    kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
    if kind not in _TYPES:
        raise ApiError(f"Bad Request: can't parse entities: unsupported type {kind}")
    if not isinstance(offset, int) or not isinstance(length, int) or offset < 0 or length <= 0:
        raise ApiError("Bad Request: receive an entity with incorrect offset or length")
    edges, position = {0}, 0
    for char in text:
        position += _units(char)
        edges.add(position)
    if offset + length > position:
        raise ApiError(f"Bad Request: entity beginning at UTF-16 offset {offset} ends after the end of the text")
    if offset not in edges or offset + length not in edges:
        raise ApiError("Bad Request: entity begins in a middle of a UTF-16 symbol")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _has_dot(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")

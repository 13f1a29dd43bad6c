"""From the bytes of an answer to a document that is safe to parse: encoding, refusal, repair."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import cast

from bot.feeds.clean import plain
from bot.feeds.errors import ParseError
from bot.feeds.mend import fault, mend

SIZE_LIMIT = 5_000_000
"""Bytes of a document, however it comes."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
ENCODING = re.compile(rb"^\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
ROOT = re.compile(r"<([A-Za-z][\w.:-]*)")
FEED_START = re.compile(r"<(?:rss|feed|rdf:RDF)\b")
SPACE = re.compile(r"[\s\0\ufeff]*")
PAGE_TITLE = re.compile(r"<title\b[^>]*>([^<]{1,300})", re.IGNORECASE)
FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
PAGE_ROOTS = frozenset({
    "html", "head", "body", "title", "meta", "link", "script", "style", "div", "p", "h1", "center", "iframe",
    "img",
})  # fmt: skip
JUNK_LIMIT = 5_000
"""Characters before a feed that are passed over: warnings of the program that made it."""


@dataclass(frozen=True, slots=True)
class Document:
    """XML in UTF-8 without declaration and DOCTYPE. `complaint` says what had to be mended, else it is empty."""

    xml: bytes
    complaint: str


def read_document(body: bytes, content_type: str = "") -> Document:
    """Decode, refuse what is no feed or is unsafe, and mend what can be; raises `ParseError`."""
    if len(body) > SIZE_LIMIT:
        raise ParseError(f"the document is {len(body) // 1000:,} kB; more than {SIZE_LIMIT // 1000:,} kB is not read")
    text, complaint = _decode(body, content_type)
    start = _root(text)
    complaints = [complaint, "other text before the feed" if _is_junk(text[:start]) else ""]
    text = text[start:]
    if found := fault(text):
        complaints.append(f"not well-formed XML: {found}")
        text = mend(text)
        if found := fault(text):
            raise ParseError(f"broken beyond repair: {found}")
    return Document(text.encode("utf-8"), "; ".join(filter(None, complaints)))


def _decode(body: bytes, content_type: str) -> tuple[str, str]:
    """The text, and a complaint when no declared encoding fits.

    A byte order mark wins, then the document's own word, then the server's: Cyrillic outlets' servers send
    documents in windows-1251 as UTF-8 or ISO-8859-1. What fits nothing is UTF-8 with gaps or windows-1251.
    """
    for mark, name in BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace"), ""
    declared = _declared(body, content_type)
    for name in (*declared, "utf-8"):
        try:
            text = body.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
        wrong = bool(declared) and name != declared[0]
        return text, f"declared as {declared[0]}, read as {name}" if wrong else ""
    return _guessed(body, declared)


def _declared(body: bytes, content_type: str) -> list[str]:
    found = ENCODING.match(body[:1000].removeprefix(codecs.BOM_UTF8))
    spoken = CHARSET.search(content_type)
    names = [found[1].decode("ascii").lower()] if found else []
    if spoken:
        names.append(spoken[1].lower())
    return [name for name in names if _is_text_codec(name)]


def _is_text_codec(name: str) -> bool:
    """Whether Python knows the encoding as one of text; `hex` and `zlib` are codecs, too."""
    try:
        b"".decode(name)
    except (LookupError, ValueError):
        return False
    return True


def _guessed(body: bytes, declared: list[str]) -> tuple[str, str]:
    """UTF-8 with some broken bytes, or else the old Cyrillic code page, whichever loses less."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * 20 > sum(byte > 127 for byte in body):
        return body.decode("windows-1251", "replace"), f"declared as {_names(declared)}, read as windows-1251"
    return text, f"declared as {_names(declared)}, but {broken} characters are broken"


def _names(declared: list[str]) -> str:
    return " and ".join(declared) or "nothing"


def _root(text: str) -> int:
    """Where the feed's root element begins; raises `ParseError` for what is no feed or declares entities."""
    start = _past_prolog(text)
    prolog = text[:start].lower()
    if "<!entity" in prolog:
        raise ParseError("the document declares entities of its own, which can blow up in memory; it is not read")
    found = ROOT.match(text, start)
    name = found[1].lower().rpartition(":")[2] if found else ""
    if name in FEED_ROOTS:
        return start
    if name == "html" or "<!doctype html" in prolog:
        raise ParseError(_page(text))
    if junk := FEED_START.search(text, start, start + JUNK_LIMIT):
        return junk.start()
    raise ParseError(_other(text, start, name))


def _past_prolog(text: str) -> int:
    """Where the first element or text begins, after the declaration, comments and DOCTYPE."""
    position = 0
    while True:
        position = cast("re.Match[str]", SPACE.match(text, position)).end()
        if text.startswith("<!--", position):
            mark = "-->"
        elif text.startswith("<?", position):
            mark = "?>"
        elif text.startswith("<!", position):
            subset = text.find("[", position, text.find(">", position))
            mark = ">" if subset < 0 else "]>"
        else:
            return position
        end = text.find(mark, position)
        if end < 0:
            return position
        position = end + len(mark)


def _is_junk(before: str) -> bool:
    """Whether more than a prolog stands before the root."""
    return _past_prolog(before) < len(before)


def _page(text: str) -> str:
    title = PAGE_TITLE.search(text[:200_000])
    return "an HTML page, not a feed" + (f": {plain(title[1], 100)}" if title else "")


def _other(text: str, start: int, name: str) -> str:
    """What a document without a feed's root is, in words."""
    if start >= len(text):
        return "an empty document, not a feed"
    if name in PAGE_ROOTS:
        return _page(text)
    if text[start] in "{[":
        return "JSON, not an RSS or Atom feed"
    if name:
        return f"XML of another kind, not a feed: its root is <{name[:40]}>"
    return f"plain text, not a feed: {plain(text[start : start + 1000], 100)}"

"""Markup in, plain text out: what a feed calls a title or a summary may hold anything."""

from __future__ import annotations

import html
import re
import unicodedata

TAG = re.compile(r"<(?:!--|[!?]|/?([a-zA-Z][a-zA-Z0-9:-]*))")
REST = re.compile(r"""(?>[^<>"']+|"[^"<]*"|'[^'<]*')*+>""")
"""The rest of a tag; a `>` within quotes does not end it. Atomic, and blind beyond the next `<`: linear time."""

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr",
})  # fmt: skip
"""Elements that part no words; every other one does."""

UNSEEN = frozenset({
    "script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "select", "textarea",
    "title",
})  # fmt: skip
"""Elements whose content is not text of the article."""

CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, marks that turn the direction of text, soft hyphens and other unseen ones, half surrogates."""

NESTED_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
ROUNDS = 3
"""How often text may be escaped: entities within entities are met twice in the wild."""

MARKUP_LIMIT = 100_000
"""Characters of one text that are looked at; what is shown is far shorter."""


def plain(markup: str, limit: int) -> str:
    """Plain text of at most `limit` characters: tags dropped, entities decoded, one space between words, NFC."""
    text = NESTED_CDATA.sub("", markup[:MARKUP_LIMIT])
    for _ in range(ROUNDS):
        before, text = text, _unescape(_without_tags(text))
        if text == before:
            break
    text = CONTROLS.sub("", text)
    return shorten(" ".join(unicodedata.normalize("NFC", text).split()), limit)


def shorten(text: str, limit: int) -> str:
    """The text cut to `limit` characters, between words if there is a gap near the end, with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    gap = head.rfind(" ", limit * 3 // 4)
    return (head[:gap] if gap > 0 else head).rstrip(" ,;:-–—") + "…"


def _unescape(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _without_tags(text: str) -> str:
    """The text between the tags; `<` that opens no tag stays what it is."""
    if "<" not in text:
        return text
    parts: list[str] = []
    position = 0
    while found := TAG.search(text, position):
        parts.append(text[position : found.start()])
        name = (found[1] or "").lower()
        position = _after(text, found, name)
        if name not in INLINE:
            parts.append(" ")
    parts.append(text[position:])
    return "".join(parts)


def _after(text: str, tag: re.Match[str], name: str) -> int:
    """Where the text goes on after a tag, and after the whole element if it is one that is not seen."""
    if tag[0] == "<!--":
        return _past(text, "-->", tag.end())
    rest = REST.match(text, tag.end())
    position = rest.end() if rest else _past(text, ">", tag.end())
    if name in UNSEEN and not tag[0].startswith("</") and text[position - 2 : position] != "/>":
        closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, position)
        return closing.end() if closing else len(text)
    return position


def _past(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)

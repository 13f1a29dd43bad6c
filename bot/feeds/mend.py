"""Mends XML that is not well-formed, as feeds in the wild are not: in one pass, in linear time, losing no text."""

from __future__ import annotations

import html.entities
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from bot.feeds.errors import ParseError

NAME = r"[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?"
ENTITY = r"#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z]\w{1,31};|"
TOKEN = re.compile(
    rf"<!\[CDATA\[|<!--|<\?|</\s*(?P<close>{NAME})\s*>|<(?!xmlns:)(?P<open>{NAME})(?P<rest>(?>[^<>\"']+|\"[^\"<]*\"|'[^'<]*')*+)>|"
    rf"&(?P<entity>{ENTITY})|[<>]"
)
"""What may stand in a document. Atomic and possessive, so that a hostile text is read once only."""

ATTRIBUTE = re.compile(rf"(?<![\w:])({NAME})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CDATA_TWICE = re.compile(r"(?:<!\[CDATA\[\s*+){2,}+")
CDATA_END_TWICE = re.compile(r"(?:\]\]>\s*+){2,}+")
CDATA = "<![CDATA["
ENDS = {CDATA: "]]>", "<!--": "-->", "<?": "?>"}
ENTRIES = frozenset({"item", "entry"})
CONTAINERS = frozenset({"channel", "feed", "rdf:RDF", "rss"})
XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})

ELEMENTS = 60_000
"""As many as a document may have. Measured: feedparser takes some 10 microseconds each, 30 where all are entries'."""

ATTRIBUTES = 100
"""As many as an element may have: feedparser's time grows with their square (measured: 9 s for 40,000)."""

PIECES = 500_000
"""Tags, entities and stray marks that are mended in one document; one takes some 2 microseconds (measured)."""

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
"""What the usual prefixes mean, for documents that use them undeclared."""

DEFAULTS = {"feed": ' xmlns="http://www.w3.org/2005/Atom"', "rdf:RDF": ' xmlns="http://purl.org/rss/1.0/"'}


def fault(text: str) -> str:
    """What an XML parser has against the text, else ""; raises `ParseError` when there is more in it than is read."""
    parser = expat.ParserCreate("utf-8", " ")
    number = itertools.count(1)

    def start(_: str, attributes: Mapping[str, str]) -> None:
        if next(number) > ELEMENTS:
            raise ParseError(f"the document has more than {ELEMENTS:,} elements; it is not read")
        if len(attributes) > ATTRIBUTES:
            raise ParseError(f"the document has an element of more than {ATTRIBUTES} attributes; it is not read")

    parser.StartElementHandler = start
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return f"{expat.ErrorString(error.code)} (line {error.lineno})"
    return ""


def mend(text: str) -> str:
    """The text as well-formed XML, from its root element on.

    Stray characters, bare `&` and `<`, HTML's entities, CDATA within CDATA, tags left open or closed twice, values
    without quotes, prefixes never declared and a missing end are what feeds get wrong.
    """
    text = NOT_XML.sub("", text)
    text = CDATA_END_TWICE.sub("]]>", CDATA_TWICE.sub("<![CDATA[", text))
    return _declared("".join(_balanced(_whole(_rooted(text)))))


def _rooted(text: str) -> str:
    """The text with a whole start tag at its head; of a torn one the name is kept."""
    root = re.match(rf"<({NAME})", text)
    whole = TOKEN.match(text)
    if root is None or (whole and whole["open"] and not whole["rest"].endswith("/")):
        return text
    following = text.find("<", root.end())
    default = DEFAULTS.get(root[1], "")
    return f"<{root[1]}{default}>" + (text[following:] if following >= 0 else "")


def _whole(text: str) -> str:
    """The text without a half tag at its end, and without a last entry that broke off before its title was whole."""
    if text.rfind("<") > text.rfind(">"):
        text = text[: text.rfind("<")]
    start = max(text.rfind("<item"), text.rfind("<entry"))
    return text if start < 0 or "</title" in text[start:] else text[:start]


def _balanced(text: str) -> Iterator[str]:
    """The pieces of the document, every tag closed in its order; it ends with the root's end. Raises `ParseError`."""
    stack: list[str] = []
    opened: Counter[str] = Counter()
    last = {mark: text.rfind(mark) for mark in ENDS.values()}
    position = pieces = 0
    while found := TOKEN.search(text, position):
        if (pieces := pieces + 1) > PIECES:
            raise ParseError(f"broken beyond repair: more than {PIECES:,} tags and marks")
        if stack:
            yield text[position : found.start()]
        piece, position = _piece(text, found, last)
        if name := found["open"]:
            if name in ENTRIES:
                yield "".join(_up_to_container(stack, opened))
            if not found["rest"].endswith("/"):
                stack.append(name)
                opened[name] += 1
        elif name := found["close"]:
            piece = "".join(_closing(stack, opened, name))
            if not stack:
                yield piece
                return
        yield piece
    yield text[position:]
    yield "".join(f"</{name}>" for name in reversed(stack))


def _closing(stack: list[str], opened: Counter[str], name: str) -> Iterator[str]:
    """End tags up to the innermost `name`; none when no such element is open."""
    while opened[name]:
        last = stack.pop()
        opened[last] -= 1
        yield f"</{last}>"
        if last == name:
            return


def _up_to_container(stack: list[str], opened: Counter[str]) -> Iterator[str]:
    """End tags for whatever is left open where an entry begins: a title may have lost its own."""
    while len(stack) > 1 and stack[-1] not in CONTAINERS:
        yield from _closing(stack, opened, stack[-1])


def _piece(text: str, found: re.Match[str], last: Mapping[str, int]) -> tuple[str, int]:
    """What a piece is mended to, and where the text goes on. `last` says where each end mark stands last."""
    if mark := ENDS.get(found[0]):
        return _section(text, found, text.find(mark, found.end()) if last[mark] >= found.end() else -1)
    if found["open"]:
        return _start_tag(found["open"], found["rest"]), found.end()
    if found["entity"] is not None:
        return _entity(found["entity"]), found.end()
    return {"<": "&lt;", ">": "&gt;"}.get(found[0], ""), found.end()


def _section(text: str, found: re.Match[str], end: int) -> tuple[str, int]:
    """CDATA stays, comments and instructions go; one that never ends is text."""
    if found[0] != CDATA:
        return ("&lt;", found.start() + 1) if end < 0 else ("", end + len(ENDS[found[0]]))
    if end < 0:
        return text[found.start() :] + "]]>", len(text)
    return text[found.start() : end + 3], end + 3


def _start_tag(name: str, rest: str) -> str:
    attributes = {found[1]: found[2].strip("\"'") for found in ATTRIBUTE.finditer(rest)}
    written = "".join(f' {key}="{_value(value)}"' for key, value in attributes.items() if _sound(key, value))
    return f"<{name}{written}{'/' if rest.endswith('/') else ''}>"


def _sound(name: str, value: str) -> bool:
    """Whether an attribute may stand: reserved prefixes are not bound, and none to nothing or to what is no URI."""
    if not name.startswith("xmlns"):
        return True
    return not name.startswith(("xmlns:xml", "xmlns:xmlns")) and bool(value) and not re.search(r"\s", value)


def _value(value: str) -> str:
    sound = re.sub(f"&({ENTITY})", lambda found: _entity(found[1]), value)
    return sound.replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _entity(name: str) -> str:
    """An entity as XML knows it; `name` is what stands after the `&`, with its semicolon."""
    bare = name.removesuffix(";")
    if bare in XML_ENTITIES:
        return f"&{name}"
    if bare.startswith("#"):
        code = int(bare.removeprefix("#x"), 16) if "x" in bare else int(bare[1:])
        return "" if code > 0x10FFFF or NOT_XML.match(chr(code)) else f"&{name}"
    known = html.entities.html5.get(name, "") if name else ""
    return known or f"&amp;{name}"


def _declared(text: str) -> str:
    """The text with the prefixes declared that its root leaves out."""
    used = set(re.findall(r"(?<=[</\s])([A-Za-z_][A-Za-z0-9_.-]*):[A-Za-z_]", text)) - {"xml", "xmlns"}
    root, head, rest = text.partition(">")
    names = {found[1] for found in ATTRIBUTE.finditer(root)}
    missing = sorted(prefix for prefix in used if f"xmlns:{prefix}" not in names)
    added = "".join(f' xmlns:{prefix}="{NAMESPACES.get(prefix, f"urn:{prefix}")}"' for prefix in missing)
    end = root.removesuffix("/")
    return f"{end}{added}{root[len(end) :]}{head}{rest}"

"""One layout for all rule files and lists, so that a difference between two versions is one of content.

Comments stay, what the file says stays, and formatting twice changes nothing. Nothing here touches a disk.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from rules.diagnostics import RuleError
from rules.errors import BorderwatchError
from rules.reading.document import Document
from rules.tools.layout.lines import file_lines
from rules.tools.layout.tree import Piece, read_pieces

_ROUNDS = 6
_LINE_END = re.compile(r"\r\n?")


class FormatError(BorderwatchError):
    """A file cannot be laid out without losing something; it must be left alone."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file laid out anew: `text` (None when it has faults that keep it from being read), and its `faults`.

    `before` is what it said, with the usual line ends. `saved`: in what odd manner it was saved, in words.
    """

    before: str
    text: str | None
    faults: tuple[RuleError, ...] = ()
    saved: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the file would be written otherwise than it is."""
        return self.text is not None and (bool(self.saved) or self.text != self.before)


def formatted(name: str, data: bytes) -> Formatted:
    """Lay out the file `name` that holds `data`.

    Raises FormatError when what came of it would not say the same.
    """
    doc = Document(name, data)
    text = _LINE_END.sub("\n", data.decode("utf-8-sig", "replace"))
    if doc.errors or doc.root is None:
        return Formatted(text, None, tuple(doc.errors))
    if doc.root.kind != "mapping":
        fault = RuleError(
            name, 1, 1, "type", text.split("\n")[0], "the file holds no keys", "Begin with id: or title:."
        )
        return Formatted(text, None, (fault,))
    try:
        after = laid_out(text)
        _check(doc, text, after)
    except (FormatError, yaml.YAMLError, ValueError) as error:
        raise FormatError(
            f"{name} stays as it is, for it could not be laid out ({error}). Please report it."
        ) from error
    return Formatted(text, after, saved=tuple(_saved(data)))


def laid_out(text: str) -> str:
    """The `text` of a good file with \\n line ends, laid out so that doing it again changes nothing.

    A comment that finds its place may free the list that it kept on lines of its own, so it is done until all is calm.
    """
    for _ in range(_ROUNDS):
        before, text = text, _once(text)
        if text == before:
            return text
    raise FormatError("it does not come to rest")


def _once(text: str) -> str:
    lines = file_lines(read_pieces(text))
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def _check(doc: Document, before: str, after: str) -> None:
    """Raises FormatError unless both say the same, with the same comments; keys of known order may have moved."""
    read = Document(doc.name, after.encode("utf-8", "surrogatepass"))
    same = read.root is not None and doc.root is not None and read.root.content() == doc.root.content()
    if read.errors or not same:
        raise FormatError("it would not say the same")
    if sorted(_comments(read_pieces(before))) != sorted(_comments(read_pieces(after))):
        raise FormatError("comments would be lost")


def _comments(piece: Piece) -> Iterator[str]:
    """All comments of a tree."""
    yield from (comment.text for comment in (*piece.above, *piece.below))
    if piece.behind:
        yield piece.behind.text
    for item in piece.items:
        yield from _comments(item)


def _saved(data: bytes) -> Iterator[str]:
    if data.startswith(codecs.BOM_UTF8):
        yield "with a byte order mark"
    if b"\r" in data:
        yield "with the line ends of Windows" if b"\r\n" in data else "with the line ends of an old Mac"

"""A file of rules or lists as a tree that keeps what a rulebook leaves out: comments, blank lines, and the manner.

Comments are found in the gaps between the YAML events: nothing else begins with # there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_COMMENT = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"[|>][^\n#]*(#[^\n]*)?")

Kind = Literal["scalar", "sequence", "mapping"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment from its # on. `blank`: a blank line stands above it."""

    text: str
    blank: bool = False


@dataclass(slots=True)
class Piece:
    """A scalar, a sequence or a mapping, with the comments around it.

    `style`: "plain", "quoted" or "block" (it begins with | or >) of a scalar, "flow" (in brackets) or "block" of the
    others. `lines`: those of a scalar in block style. `above` stand on lines of their own before it, `behind` on its
    line, `below` behind the last item of a collection. `blank`: a blank line stands right above it.
    `line`: on which it began. A mapping's `items` are keys and values in turn.
    """

    kind: Kind
    style: str
    text: str = ""
    lines: tuple[str, ...] = ()
    items: list[Piece] = field(default_factory=list)
    above: list[Comment] = field(default_factory=list)
    behind: Comment | None = None
    below: list[Comment] = field(default_factory=list)
    blank: bool = False
    line: int = 0

    def pairs(self) -> list[tuple[Piece, Piece]]:
        """Keys and values of a mapping."""
        return list(zip(self.items[::2], self.items[1::2], strict=True))

    def has_comments(self) -> bool:
        """Whether there are comments within it, other than the one behind it and those above."""
        return bool(self.below) or any(each.above or each.behind or each.has_comments() for each in self.items)


def read_pieces(text: str) -> Piece:
    """The tree of a `text` that is one good YAML document of \\n lines, without tags and aliases."""
    return _Reader(text).read()


@dataclass(frozen=True, slots=True)
class _Found:
    comment: Comment
    column: int


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    """The end of what was read."""
    pending: list[_Found] = field(default_factory=list)
    """Comments that were read and belong to nothing yet."""
    last: Piece | None = None
    """What a comment on the same line is about."""

    def read(self) -> Piece:
        events: Iterator[Any] = yaml.parse(self.text, Loader=_LOADER)
        root: Piece | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                root = self._piece(event, events, "root", -1)
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)
        if root is None:
            raise ValueError("no document")
        self._gap(len(self.text))
        root.below += [found.comment for found in self.pending]
        return root

    def _document(self, event: Any) -> None:  # noqa: ANN401 - yaml events are untyped
        """Pass by a `---`, with the comments above it."""
        self._gap(event.start_mark.index)
        self.at = event.end_mark.index

    def _gap(self, until: int) -> None:
        """Note the comments up to there."""
        for found in _COMMENT.finditer(self.text, self.at, max(until, self.at)):
            start = found.start()
            line = self.text.rfind("\n", 0, start) + 1
            before = self.text[max(line, self.at) : start]
            comment = Comment(found[0].rstrip(), self._blank_above(start))
            if line <= self.at and self.last and not before.strip(" \t,:") and self.last.behind is None:
                self.last.behind = Comment(comment.text)
            else:
                self.pending.append(_Found(comment, start - line))
            self.last = None
        if "\n" in self.text[self.at : until]:
            self.last = None
        self.at = max(self.at, until)

    def _blank_above(self, index: int) -> bool:
        line = self.text.rfind("\n", 0, index)
        above = self.text.rfind("\n", 0, line) if line > 0 else -1
        return line > 0 and not self.text[above + 1 : line].strip()

    def _piece(self, event: Any, events: Iterator[Any], role: str, indent: int) -> Piece:  # noqa: ANN401 - untyped
        start = event.start_mark.index
        self._gap(start)
        if isinstance(event, yaml.ScalarEvent):
            piece = self._scalar(event)
        else:
            kind: Kind = "sequence" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
            piece = Piece(kind, "flow" if event.flow_style else "block")
        piece.blank, piece.line = self._blank_above(start), event.start_mark.line
        if role != "value" or piece.style != "block" or piece.kind == "scalar":
            piece.above, self.pending = [found.comment for found in self.pending], []
        if piece.kind == "scalar":
            self.at, self.last = event.end_mark.index, None if piece.style == "block" else piece
            return piece
        if piece.style == "flow":
            self.at = event.end_mark.index
        self.last = None
        return self._collection(piece, events, event.start_mark.column, indent)

    def _collection(self, piece: Piece, events: Iterator[Any], column: int, indent: int) -> Piece:
        for event in events:
            if isinstance(event, yaml.CollectionEndEvent):
                return self._closed(piece, event, column, indent)
            role = "value" if piece.kind == "mapping" and len(piece.items) % 2 else "item"
            piece.items.append(self._piece(event, events, role, column))
        raise ValueError("no end")

    def _closed(self, piece: Piece, event: Any, column: int, indent: int) -> Piece:  # noqa: ANN401 - untyped
        """Give it the comments behind its last item: those before the bracket, or not less indented than its items."""
        self._gap(event.start_mark.index)
        while self.pending and (piece.style == "flow" or (self.pending[0].column >= column and column > indent)):
            piece.below.append(self.pending.pop(0).comment)
        if piece.style == "flow":
            self.at, self.last = event.end_mark.index, piece
        return piece

    def _scalar(self, event: Any) -> Piece:  # noqa: ANN401 - yaml events are untyped
        if event.style not in ("|", ">"):
            return Piece("scalar", "quoted" if event.style in ("'", '"') else "plain", event.value)
        header = _HEADER.match(self.text, event.start_mark.index)
        source = self.text[event.start_mark.index : event.end_mark.index].split("\n")[1:]
        piece = Piece("scalar", "block", event.value, tuple(line.strip() for line in source if line.strip()))
        if header and header[1]:
            self.pending.append(_Found(Comment(header[1].rstrip()), 0))
        return piece

"""From YAML to nodes: every scalar stays text and knows its line and column.

Read event by event instead of loaded: `no` stays a word, `12:30` stays text, and what has no place in a rule file
(tags, anchors and aliases, duplicate keys, several documents, deep nesting) is noted where it stands. An alias is
never followed, so it cannot grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from rules.reading.flaws import Flaw

MAX_DEPTH = 12
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class Node:
    """A scalar (`text`), a sequence (`items`) or a mapping (`pairs`, keyed by the key's text) with its place.

    `plain` tells a bare scalar from a quoted one, `block` one that begins with | or >. `keys` holds the nodes of a
    mapping's keys. `last` is the line on which a scalar ends, 0 where that is not known.
    """

    kind: str
    line: int
    column: int
    text: str = ""
    plain: bool = False
    items: list[Node] = field(default_factory=list)
    pairs: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)
    block: bool = False
    last: int = 0

    def content(self) -> Any:  # noqa: ANN401 - JSON-like: text, list or dict
        """What the node says, without its places: the same for the same rule however it is laid out."""
        if self.kind == "scalar":
            return self.text
        if self.kind == "sequence":
            return [item.content() for item in self.items]
        return {key: value.content() for key, value in self.pairs.items()}


@dataclass(slots=True)
class Composition:
    """What came of a text: its tree, what has no place in it, and where it stopped being YAML, if it did.

    `stopped`: line and column, from 1.
    """

    root: Node | None = None
    flaws: list[Flaw] = field(default_factory=list)
    stopped: tuple[int, int] | None = None


def compose(text: str) -> Composition:
    """Read `text` as far as it is YAML."""
    composer = _Composer(Composition())
    try:
        composer.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        composer.found.stopped = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    except yaml.YAMLError:
        composer.found.stopped = (1, 1)
    return composer.found


@dataclass(slots=True)
class _Composer:
    found: Composition

    def read(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if self.found.root is not None:
                    fix = "Keep one rule a file; --- begins another."
                    self._note("documents", event, "a second document begins here", fix)
                    return
                self.found.root = self._node(event, events, 0)

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:  # noqa: ANN401 - yaml events are untyped
        self._check(event)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            last = event.end_mark.line + 1 if event.end_mark else 0
            return Node("scalar", line, column, event.value, plain, block=event.style in ("|", ">"), last=last)
        if isinstance(event, yaml.AliasEvent):
            return Node("scalar", line, column, str(event.anchor))
        if depth >= MAX_DEPTH:
            self._note("nesting", event, f"lists and keys nested more than {MAX_DEPTH} deep")
            return self._skipped(events, Node("sequence", line, column))
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node("sequence", line, column)
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                node.items.append(self._node(inner, events, depth + 1))
            return node
        return self._mapping(Node("mapping", line, column), events, depth)

    def _mapping(self, node: Node, events: Iterator[Any], depth: int) -> Node:
        again = False
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self._node(inner, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if key.kind != "scalar":
                self._note("key", inner, "a key must be a word", 'Put a text that begins with [ or { into "quotes".')
            elif key.text in node.pairs:
                first = node.keys[key.text]
                anew = first.column > 1 and key.text == next(iter(node.pairs)) and len(node.pairs) > 1
                fix = "Keep one of the two." if not anew else "If another item begins here, put a dash before it."
                reason = f"{key.text} stands here a second time; the first is in line {first.line}"
                if not again:
                    self._note("duplicate-key", inner, reason, fix)
                again = again or anew
            else:
                node.pairs[key.text], node.keys[key.text] = value, key
        return node

    def _skipped(self, events: Iterator[Any], node: Node) -> Node:
        open_ones = 1
        while open_ones:
            event = next(events)
            open_ones += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        return node

    def _check(self, event: Any) -> None:  # noqa: ANN401 - yaml events are untyped
        if isinstance(event, yaml.AliasEvent):
            fix = f"A prefix is written with the * at its end: {event.anchor}*."
            self._note("alias", event, "a text cannot begin with *", fix)
        elif event.anchor:
            self._note("anchor", event, "a text cannot begin with &", 'Put the text into "quotes".')
        if getattr(event, "tag", None):
            self._note("tag", event, f"a text cannot begin with ! ({event.tag})", 'Put the text into "quotes".')

    def _note(self, code: str, event: Any, reason: str, fix: str = "") -> None:  # noqa: ANN401
        mark = event.start_mark
        self.found.flaws.append(Flaw(mark.line + 1, mark.column + 1, code, reason, fix))

"""YAML as data that is never trusted: every scalar stays text and knows its line and column.

Read event by event instead of loaded: `no` stays a word, `12:30` stays text, and what has no place in a rule file
(tags, anchors and aliases, duplicate keys, several documents, deep nesting) is refused where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from rules.diagnostics import RuleError

MAX_BYTES, MAX_DEPTH, MAX_ERRORS = 1_000_000, 12, 100
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Node:
    """A scalar (`text`), a sequence (`items`) or a mapping (`pairs`, keyed by the key's text) with its place.

    `plain` tells a bare scalar from a quoted one. `keys` holds the nodes of a mapping's keys.
    """

    kind: str
    line: int
    column: int
    text: str = ""
    plain: bool = False
    items: list[Node] = field(default_factory=list)
    pairs: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Node] = field(default_factory=dict)

    def content(self) -> Any:  # noqa: ANN401 - JSON-like: text, list or dict
        """What the node says, without its places: the same for the same rule however it is laid out."""
        if self.kind == "scalar":
            return self.text
        if self.kind == "sequence":
            return [item.content() for item in self.items]
        return {key: value.content() for key, value in self.pairs.items()}


class Document:
    """One file: its tree (None when it cannot be read) and all that was found wrong with it so far."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.errors: list[RuleError] = []
        self.root: Node | None = None
        self._lines = data[:MAX_BYTES].decode("utf-8-sig", "replace").splitlines()
        text = self._decoded(data)
        if text is not None and not self._control(text):
            self._parse(text)

    def error(self, code: str, node: Node | None, reason: str, fix: str = "", offset: int = 0) -> None:
        """Note a fault at `node`, `offset` characters into it."""
        line, column = (node.line, node.column + offset) if node else (1, 1)
        self._note(code, line, column, reason, fix)

    def _note(self, code: str, line: int, column: int, reason: str, fix: str = "") -> None:
        if len(self.errors) == MAX_ERRORS:
            code, reason, fix = "too-many", f"more than {MAX_ERRORS} faults; the rest is not shown", ""
        if len(self.errors) <= MAX_ERRORS:
            source = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
            self.errors.append(RuleError(self.name, line, column, code, source, reason, fix))

    def _decoded(self, data: bytes) -> str | None:
        if len(data) > MAX_BYTES:
            self._note("too-large", 1, 1, f"the file has {len(data):,} bytes, at most {MAX_BYTES:,} are read")
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = error.start - data.rfind(b"\n", 0, error.start)
            self._note("encoding", line, column, "the file is not UTF-8", "Save it as UTF-8.")
            return None

    def _control(self, text: str) -> bool:
        found = _CONTROL.search(text)
        if found:
            line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
            self._note("control-character", line, column, f"a control character, U+{ord(found[0]):04X}", "Delete it.")
        return found is not None

    def _parse(self, text: str) -> None:
        try:
            events = yaml.parse(text, Loader=_LOADER)
            self.root = self._tree(events)
        except _RefusedError:
            self.root = None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = " ".join(filter(None, (error.context, error.problem))) or "not YAML"
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self._note("yaml", line, column, f"not YAML: {reason}", _yaml_hint(reason))
        except yaml.YAMLError as error:
            self._note("yaml", 1, 1, f"not YAML: {error}".splitlines()[0])

    def _tree(self, events: Iterator[Any]) -> Node | None:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._refuse("documents", event, "a second document begins here", "Keep one rule a file.")
                root = self._node(event, events, 0)
        if root is None:
            self._note("empty", 1, 1, "the file holds nothing")
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:  # noqa: ANN401 - yaml events are untyped
        self._check(event, depth)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            return Node("scalar", line, column, event.value, event.style is None or event.style == "")
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node("sequence", line, column)
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                node.items.append(self._node(inner, events, depth + 1))
            return node
        return self._mapping(Node("mapping", line, column), events, depth)

    def _mapping(self, node: Node, events: Iterator[Any], depth: int) -> Node:
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self._node(inner, events, depth + 1)
            value = self._node(next(events), events, depth + 1)
            if key.kind != "scalar":
                self.error("key", key, "a key must be a word")
            elif key.text in node.pairs:
                self.error("duplicate-key", key, f"{key.text} stands here a second time", "Keep one of the two.")
            else:
                node.pairs[key.text], node.keys[key.text] = value, key
        return node

    def _check(self, event: Any, depth: int) -> None:  # noqa: ANN401 - yaml events are untyped
        if isinstance(event, yaml.AliasEvent):
            self._refuse("alias", event, "an alias (*name) has no place in a rule file", "A prefix is written word*.")
        if event.anchor:
            self._refuse("anchor", event, "an anchor (&name) has no place in a rule file", "Put the text in quotes.")
        if getattr(event, "tag", None):
            self._refuse("tag", event, f"a tag ({event.tag}) has no place in a rule file", "Put the text in quotes.")
        if depth > MAX_DEPTH:
            self._refuse("nesting", event, f"nested more than {MAX_DEPTH} deep")

    def _refuse(self, code: str, event: Any, reason: str, fix: str = "") -> None:  # noqa: ANN401
        self._note(code, event.start_mark.line + 1, event.start_mark.column + 1, reason, fix)
        raise _RefusedError


class _RefusedError(Exception):
    """What follows in the file cannot be told any more; the fault is noted."""


def _yaml_hint(reason: str) -> str:
    if "tab" in reason or "\\t" in reason:
        return "Indent with spaces."
    if "mapping values are not allowed" in reason or "flow" in reason or "block" in reason:
        return 'Put a text that holds ": ", ", ", brackets or quotes into "quotes".'
    return ""

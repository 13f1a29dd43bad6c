"""The manner of rule files: the order of known keys, and what stands in brackets or on lines of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rules.article import LANGUAGES
from rules.tools import keys
from rules.tools.layout.tree import Piece

Path = tuple[str, ...]
"""The keys from the root down to a piece; an item of a list is "-"."""

_FILE = (
    *("id", "title", "status", "level", "meaning", "references", "falsepositives", "uses", "lifts"),
    *("terms", "clauses", "condition", "correlation", "extract", "event", "examples"),
)
_ORDERS: Mapping[Path, Collection[str]] = {
    ("references", "-"): keys.REFERENCE,
    ("terms", "*"): keys.GROUP,
    ("terms", "*", "*"): keys.GROUP,
    ("terms", "*", "*", "-"): keys.TERM,
    ("clauses", "*"): keys.CLAUSE,
    ("extract", "*"): keys.EXTRACT,
    ("event",): keys.EVENT,
    ("correlation",): ("type", "rules", "group by", "timespan", "baseline", "times", "at least", "states"),
    ("examples",): ("match", "no match"),
    ("examples", "*", "-"): (*LANGUAGES, "lead", "side", "facts", "events", "fires", "why", "stance"),
    ("actors", "-"): (*keys.ACTOR, *keys.GROUP),
    ("guards", "-"): keys.GUARD,
    ("guards", "-", "terms"): keys.GROUP,
    ("traps",): ("after", "before"),
    ("traps", "*"): keys.GROUP,
}
_ON_LINES: tuple[Path, ...] = (
    *((), ("terms",), ("clauses",), ("correlation",), ("extract",), ("references",), ("references", "-")),
    *(("examples",), ("examples", "*"), ("examples", "*", "-", "events")),
    *(("actors",), ("actors", "-"), ("guards",), ("guards", "-"), ("guards", "-", "terms"), ("numbers",), ("traps",)),
)
_IN_BRACKETS: tuple[Path, ...] = (
    *(("clauses", "*"), ("extract", "*"), ("event",), ("numbers", "*")),
    *(("examples", "*", "-", "facts"), ("examples", "*", "-", "events", "-")),
)
_AS_WRITTEN = ("falsepositives",)
"""Lists of phrases and sentences, which read well either way."""
_APART = ("terms", "clauses", "correlation", "extract", "event", "examples", "actors", "guards", "numbers", "traps")
_TOGETHER = (("extract", "event"),)
"""Keys of a file with a blank line above them, and those that follow each other without."""


def is_apart(key: str, before: str) -> bool:
    """Whether a blank line stands above this key of the file, which follows the key `before`."""
    return key in _APART and (before, key) not in _TOGETHER


def in_order(piece: Piece, path: Path) -> list[tuple[Piece, Piece]]:
    """Keys and values in the order of the docs, where all keys are known; else as they stand."""
    pairs = piece.pairs()
    order = list(_order(piece, path))
    if all(key.text in order for key, _ in pairs):
        pairs.sort(key=lambda pair: order.index(pair[0].text))
    return pairs


def wants_lines(piece: Piece, path: Path, *, fits: bool) -> bool:
    """Whether a collection stands on lines of its own, rather than in brackets; `fits`: it would fit on one line."""
    if piece.has_comments() or not piece.items:
        return piece.style == "block" and bool(piece.items)
    if _matches(path, _IN_BRACKETS):
        return False
    if _matches(path, _ON_LINES):
        return True
    plain_list = piece.kind == "sequence" and path[-1] not in _AS_WRITTEN
    if plain_list and (path[-1] in keys.GROUP or all(item.kind != "mapping" for item in piece.items)):
        return False
    return piece.style == "block" or not fits


def _order(piece: Piece, path: Path) -> Collection[str]:
    if not path:
        return _FILE if any(key.text == "id" for key, _ in piece.pairs()) else keys.LIST
    return next((order for pattern, order in _ORDERS.items() if _matches(path, (pattern,))), ())


def _matches(path: Path, patterns: tuple[Path, ...]) -> bool:
    return any(
        len(path) == len(pattern) and all(want in ("*", key) for want, key in zip(pattern, path, strict=True))
        for pattern in patterns
    )

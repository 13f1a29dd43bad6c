"""What stands on lines of its own: keys, values and list items, with the comments and blank lines between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rules.tools.layout.flow import WIDTH, Flow, on_one_line, with_comment
from rules.tools.layout.manner import Path, in_order, is_apart, wants_lines
from rules.tools.layout.text import filled, is_foldable, scalar
from rules.tools.layout.tree import Comment, Piece

_FOR_EDITORS = "# yaml-language-server:"

Told = list[tuple[bool, str]]
"""Comments, each with whether a blank line stands above it; last, with no text, the line that they are about."""


def file_lines(root: Piece) -> list[str]:
    """All lines of a file that holds keys; what is said of the whole file stays at its head."""
    head, parted = _taken_off(root)
    return [*_spaced(_told(head), 0), *([""] if parted else []), *_children(root, 0, ())]


def _taken_off(root: Piece) -> tuple[list[Comment], bool]:
    """The comments above a file's first key that are not about it, and whether a blank line parts them from it.

    These are what stands above a blank line, and a line that tells an editor which schema to use.
    """
    first = root.items[0]
    told = [*root.above, *first.above]
    parts = [at for at, comment in enumerate(told) if comment.blank and at]
    marks = [at + 1 for at, comment in enumerate(told) if comment.text.startswith(_FOR_EDITORS)]
    end = len(told) if first.blank else max((*parts, *marks), default=0)
    head, first.above = told[:end], told[end:]
    parted = bool(head) and (first.above[0].blank if first.above else first.blank)
    if parted and first.above:
        first.above[0] = replace(first.above[0], blank=False)
    elif parted:
        first.blank = False
    return head, parted


def _children(piece: Piece, indent: int, path: Path) -> list[str]:
    """The lines of a collection, with the comments above its first entry."""
    told, lines = _entries(piece, indent, path)
    return _with_comments(told, lines, indent)


def _entries(piece: Piece, indent: int, path: Path) -> tuple[Told, list[str]]:
    """The lines of a collection, and apart from them what stands above the first."""
    first: Told = []
    lines: list[str] = []
    entries: list[tuple[Piece, Piece | None]] = [(item, None) for item in piece.items]
    if piece.kind == "mapping":
        entries = [*in_order(piece, path)]
    for number, (head, value) in enumerate(entries):
        above, written = _item(head, indent, (*path, "-")) if value is None else _pair(head, value, indent, path)
        told = _about(head, above)
        if number:
            told = _apart(told) if not path and is_apart(head.text, entries[number - 1][0].text) else told
            lines += _with_comments(told, written, indent)
        else:
            first, lines = [(False, told[0][1]), *told[1:]], written
    return first, lines + _spaced(_told(piece.below), indent)


def _about(piece: Piece, moved: Told) -> Told:
    """What stands above a piece: its own comments, then those that are moved there."""
    told = [*_told(piece.above), *moved, (False, "")]
    own = len(piece.above)
    return [*told[:own], (told[own][0] or piece.blank, told[own][1]), *told[own + 1 :]]


def _apart(told: Told) -> Told:
    """With a blank line above all; one between the comments parts well enough."""
    return told if any(blank for blank, _ in told) else [(True, told[0][1]), *told[1:]]


def _told(comments: Sequence[Comment]) -> Told:
    return [(comment.blank, comment.text) for comment in comments]


def _with_comments(told: Told, lines: list[str], indent: int) -> list[str]:
    return [*_spaced(told[:-1], indent), *([""] if told[-1][0] else []), *lines]


def _spaced(told: Told, indent: int) -> list[str]:
    lines: list[str] = []
    for blank, text in told:
        lines += [""] if blank else []
        lines.append(" " * indent + text)
    return lines


def _pair(key: Piece, value: Piece, indent: int, path: Path) -> tuple[Told, list[str]]:
    """The comments that must stand above, and the lines of a key with its value."""
    head = " " * indent + scalar(key.text, in_flow=False) + ":"
    inner = (*path, key.text)
    if not _on_lines(value, inner, len(head) + 1):
        return _short(head, key.behind, value, (indent + 2, inner))
    behind = [comment for comment in (key.behind, value.behind) if comment]
    lines = [with_comment(head, behind[0] if behind else None), *_children(value, indent + 2, inner)]
    return _told([*behind[1:], *value.above]), lines


def _item(item: Piece, indent: int, path: Path) -> tuple[Told, list[str]]:
    """Likewise of an item of a list; what stands above its first entry must stand above the dash."""
    head = " " * indent + "-"
    if not _on_lines(item, path, len(head) + 1):
        return _short(head, None, replace(item, above=[]), (indent + 2, path))
    told, lines = _entries(item, indent + 2, path)
    behind = _told([item.behind] if item.behind else [])
    return [*behind, *told[:-1]], [f"{head} {lines[0][indent + 2 :]}", *lines[1:]]


def _short(head: str, beside: Comment | None, value: Piece, place: tuple[int, Path]) -> tuple[Told, list[str]]:
    """A scalar or what stands in brackets, behind its key or dash; `beside` is the comment behind the key."""
    indent, path = place
    lines = _text(head, value, indent) if value.kind == "scalar" else _brackets(head, value, path)
    behind = [comment for comment in (beside, value.behind) if comment]
    keeps = bool(behind) and (value.kind != "scalar" or len(lines) == 1)
    if keeps:
        lines[-1] = with_comment(lines[-1], behind[-1])
    return _told([*value.above, *(behind[:-1] if keeps else behind)]), lines


def _brackets(head: str, value: Piece, path: Path) -> list[str]:
    flow = Flow([f"{head} "])
    flow.write(value, path)
    return flow.lines


def _text(head: str, value: Piece, indent: int) -> list[str]:
    """A text behind its key, or below it where it is long."""
    text = value.text
    if not text and value.style == "plain":
        return [head]
    body = text.removesuffix("\n")
    below = [" " * indent + line for line in _folded(value, body, WIDTH - indent)]
    one = f"{head} {scalar(text, in_flow=False)}"
    if is_foldable(body) and len(below) >= 1 + (len(one) <= WIDTH and text == body):
        return [f"{head} >{'' if text != body else '-'}", *below]
    if _is_literal(body):
        below = [f"{' ' * indent}{line}" if line else "" for line in body.split("\n")]
        return [f"{head} |{'' if text != body else '-'}", *below]
    return [one]


def _is_literal(body: str) -> bool:
    """Whether a text of several lines can stand below |, as it is."""
    lines = body.split("\n")
    if len(lines) == 1 or not lines[0] or not lines[-1] or lines[0] != lines[0].lstrip():
        return False
    return all(line == line.rstrip() and (line.isprintable() or not line) for line in lines)


def _folded(value: Piece, body: str, width: int) -> list[str]:
    """The lines of a folded text: as they stand, if they may; nothing where a text should stay on its line."""
    written = value.lines
    if value.style == "block" and " ".join(written) == body and all(len(line) <= width for line in written):
        return list(written)
    lines = filled(body, width)
    return lines if value.style == "block" or len(lines) > 1 else []


def _on_lines(value: Piece, path: Path, column: int) -> bool:
    if value.kind == "scalar":
        return False
    return wants_lines(value, path, fits=column + len(on_one_line(value, path)) <= WIDTH)

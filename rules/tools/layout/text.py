"""How a text is written into YAML: bare where it can be, in quotes where it must be, folded where it is long."""

from __future__ import annotations

import re

_FIRST = "-?:,[]{}#&*!|>'\"%@`"
_BREAKS = "\n\r\x85\u2028\u2029\ufeff"
_SHORT = {"\n": "\\n", "\t": "\\t", "\\": "\\\\", '"': '\\"'}
_SINGLE_SPACE = re.compile(r"(?<! ) (?! )")
_NOT_BARE = re.compile(r":(?:\s|$)|\s#|^<<$|^=$|^[-.]{3}")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}?]|:(?![^\W_])|^:")


def scalar(text: str, *, in_flow: bool) -> str:
    """`text` as it stands on one line; bare where YAML reads it back as it is, within brackets if `in_flow`."""
    if is_bare(text, in_flow=in_flow):
        return text
    if any(char in _BREAKS or not (char.isprintable() or char == "\u00a0") for char in text):
        return '"' + "".join(map(_escaped, text)) + '"'
    if "\\" in text or ('"' in text and "'" not in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def is_bare(text: str, *, in_flow: bool) -> bool:
    """Whether `text` needs no quotes."""
    if not text or text != text.strip() or _NOT_BARE.search(text) or (in_flow and _NOT_IN_FLOW.search(text)):
        return False
    if not text.isprintable() or (text[0] in _FIRST and not re.match(r"-[^\W_]", text)):
        return False
    return not any(char in _BREAKS for char in text)


def is_foldable(text: str) -> bool:
    """Whether `text` can stand below `>-`, its lines broken at single spaces."""
    return bool(text) and text == text.strip() and text.isprintable()


def filled(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` characters, unless a word is longer."""
    lines: list[str] = []
    for word in _SINGLE_SPACE.split(text):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char not in _BREAKS and (char.isprintable() or char == "\u00a0"):
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

"""Reading a document's nodes with the types that the notation wants; a fault is noted and what was meant read on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import get_args

from rules.confusions import LANGUAGE_OF
from rules.diagnostics import did_you_mean, meant
from rules.match import Stance
from rules.reading.document import Document, Node

STANCES: tuple[str, ...] = get_args(Stance)
_LONGEST_NAME = 60
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_KINDS = {"scalar": "a text", "sequence": "a list [..]", "mapping": "keys with values"}
_GLUED = re.compile(r"[^\W\d][\w -]*:(?=\S)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
DIGITS = {word: number for number, word in enumerate(_NUMBER_WORDS.split())}
"""Number words that are written where digits belong."""

ONE_OF_TWO = "Keep one of the two."


def mapping(
    doc: Document,
    node: Node | None,
    what: str,
    allowed: Collection[str] = (),
    required: Iterable[str] = (),
    lists: Collection[str] = (),
) -> dict[str, Node]:
    """The pairs of a mapping by the keys that `allowed` (empty: all) knows; a misspelt one is read as it was meant."""
    if node is None or not _is(doc, node, "mapping", what):
        return {}
    if lists:
        _bracket(doc, node, lists, allowed)
    found: dict[str, Node] = {}
    for key, value in node.pairs.items():
        known = key if not allowed or key in allowed else _meant_key(doc, node, what, key, allowed)
        if known:
            found[known] = value
    missing = [key for key in required if key not in found]
    if missing:
        doc.error("missing-key", node, f"{what} lacks {_listed(missing)}", _sample(missing[0]))
    return found


def sequence(doc: Document, node: Node | None, what: str) -> list[Node]:
    """The items of a list; a missing node is an empty one, a text where a list belongs is read as one."""
    if node is None:
        return []
    if node.kind == "scalar" and node.text.strip():
        items = _parted(node)
        shown = ", ".join(item.text for item in items)
        fix = f"Put it into brackets: [{shown}]." if len(shown) < 80 else "Put it into brackets [..]."
        doc.error("type", node, f"{what} must be a list [..], this is a text", fix)
        return items
    return node.items if _is(doc, node, "sequence", what) else []


def text(doc: Document, node: Node | None, what: str) -> str:
    """A text that is not empty."""
    if node is None or not _is(doc, node, "scalar", what):
        return ""
    if not node.text.strip():
        doc.error("empty", node, f"{what} is empty", _sample(what))
    elif not node.plain and (control := _CONTROL.search(node.text)):
        reason = f"in double quotes a backslash and a letter are one unseen character (U+{ord(control[0]):04X})"
        doc.error("escape", node, reason, "Put the text into 'single quotes'; there it stays as it is.")
        return ""
    return node.text.strip()


def texts(doc: Document, node: Node | None, what: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(filter(None, (text(doc, item, f"an item of {what}") for item in sequence(doc, node, what))))


def choice(doc: Document, node: Node | None, what: str, known: Collection[str], code: str) -> str:
    """One of the words that are `known`."""
    word = text(doc, node, what)
    if word and word not in known:
        if doc.full:
            return ""
        doc.error(code, node, f"{word!r} is no {what}", did_you_mean(word, known))
        return ""
    return word


def name(doc: Document, node: Node, what: str, word: str | None = None) -> str:
    """A name: small Latin letters, digits, hyphens."""
    if word is None:
        word = text(doc, node, f"the name of {what}")
    if word and not NAME.fullmatch(word):
        better = proper(word)
        rule = "Names are of small Latin letters, digits and single hyphens, a letter first."
        fix = f"Write {better}. {rule}" if NAME.fullmatch(better) and word.isascii() else rule
        doc.error("name", node, f"{word[:100]!r} is no name for {what}", fix)
    elif len(word) > _LONGEST_NAME:
        doc.error("name", node, f"the name of {what} has at most {_LONGEST_NAME} letters", "Shorten it.")
    return word


def proper(word: str) -> str:
    """The name that was probably meant by one that is none."""
    return "-".join(re.findall(r"[a-z0-9]+", word[:100].casefold()))


def number(doc: Document, node: Node, what: str, greatest: int, code: str = "number") -> int | None:
    """A whole number in digits, from 0 to `greatest`."""
    written = node.text.strip() if node.kind == "scalar" else ""
    if written.isascii() and written.isdecimal() and len(written) <= 12 and int(written) <= greatest:
        return int(written)
    digits = DIGITS.get(written.casefold())
    fix = f"Write {digits}." if digits is not None else f"Write digits, e.g. 10; at most {greatest:,}."
    reason = f"{what} is {written[:40]!r}, not a number" if written else f"{what} must be a number"
    doc.error(code, node, reason, fix)
    return None


def _is(doc: Document, node: Node, kind: str, what: str) -> bool:
    if node.kind == kind:
        return True
    if node.kind == "scalar" and not node.text.strip():
        fix = "If its lines stand below, indent them deeper." if node.plain else ""
        doc.error("empty", node, f"{what} is empty", fix)
        return False
    glued = _GLUED.match(node.text) if kind == "mapping" and node.kind == "scalar" and node.plain else None
    if glued:
        rest = node.text[glued.end() :].partition("\n")[0]
        fix = f"Write {glued[0]} {rest[:40]}"
        doc.error_within("space", node, "a space is missing after the colon", fix, glued.end() - 1)
    else:
        doc.error("type", node, f"{what} must be {_KINDS[kind]}, this is {_KINDS[node.kind]}", _other_type(node, kind))
    return False


def _other_type(node: Node, kind: str) -> str:
    if kind == "mapping" and node.kind != "mapping":
        return "Write key: value, one a line or in {braces}."
    if kind == "scalar" and node.kind == "sequence" and all(item.kind == "scalar" for item in node.items):
        return "Write it without brackets." if len(node.items) < 2 else "Write one text, without brackets."
    if kind == "scalar" and node.kind == "mapping" and len(node.pairs) == 1:
        return 'A text that holds ": " must stand in "quotes".'
    if kind == "sequence" and node.kind == "mapping" and any(value.text for value in node.pairs.values()):
        return "Begin each item of it with - and a space."
    if kind == "sequence" and node.kind == "mapping" and all(not value.text for value in node.pairs.values()):
        return "Lists stand in [brackets], not in {braces}."
    return ""


def _parted(node: Node) -> list[Node]:
    """The texts between the commas of a text."""
    items: list[Node] = []
    bracketed = node.text[0] in "([{" or node.text[-1] in ")]}"
    for piece in re.finditer(r"[^,;()\[\]{}]+" if bracketed else r"[^,;]+", node.text):
        bare = piece[0].strip()
        if bare:
            column = node.column
            if not node.block and node.last in (0, node.line):
                column += piece.start() + len(piece[0]) - len(piece[0].lstrip()) + (not node.plain)
            items.append(Node("scalar", node.line, column, bare, node.plain))
    return items


def _bracket(doc: Document, node: Node, lists: Collection[str], allowed: Collection[str]) -> None:
    """Tell of a list without brackets, `{en: captive, hostage}`, whose further items YAML takes for keys."""
    for key in [each for each in node.pairs if each in lists and node.pairs[each].kind == "scalar"]:
        names = list(node.pairs)
        behind = names[names.index(key) + 1 :]
        is_item = [
            node.pairs[each].plain
            and node.pairs[each].kind == "scalar"
            and not node.pairs[each].text
            and each not in allowed
            and node.keys[each].line == node.pairs[key].line
            for each in behind
        ]
        items = behind[: is_item.index(False) if False in is_item else len(behind)]
        if items and node.pairs[key].text:
            first = node.pairs[key]
            shown = ", ".join([first.text, *items])
            doc.error("type", first, f"{key} must be a list [..]", f"Put it into brackets: [{shown[:80]}].")
            node.pairs[key] = Node(
                "sequence", first.line, first.column, items=[first, *(node.keys[each] for each in items)]
            )
            for each in items:
                del node.pairs[each], node.keys[each]


def _meant_key(doc: Document, node: Node, what: str, key: str, allowed: Collection[str]) -> str:
    """What an unknown key stands for, once it is told; "" when nothing can be guessed."""
    if doc.full:
        return ""
    value = node.pairs[key]
    free = [each for each in allowed if each not in node.pairs]
    near = meant(key, free)
    fix = f"Did you mean {near}?" if near else did_you_mean(key, allowed)
    country = LANGUAGE_OF.get(key.casefold()) if "hy" in allowed else None
    if value.kind == "scalar" and value.plain and not value.text and _has_neighbour(node, key):
        near, fix = "", _comma_or_space(key)
    elif country and country[0]:
        near, fix = (
            country[0],
            f"Did you mean {country[0]}? {key} is the country's code; the language {country[1]} is {country[0]}.",
        )
        near = near if near in free else ""
    elif country:
        near, fix = "", f"{country[1]} is not among the languages that are read; known are en, ru, hy, az and tr."
    doc.error("unknown-key", node.keys[key], f"{what} has no key {key!r}", fix)
    return near


def _has_neighbour(node: Node, key: str) -> bool:
    """Whether another key stands on the same line, as in braces."""
    line = node.keys[key].line
    return any(each.line == line for name, each in node.keys.items() if name != key)


def _comma_or_space(key: str) -> str:
    glued = _GLUED.match(key)
    if glued:
        return f"A space is missing after the colon: write {glued[0]} {key[glued.end() :][:40]}"
    return 'A text that holds a comma must stand in straight "quotes".'


def _listed(words: list[str]) -> str:
    quoted = [repr(word) for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


_SAMPLES: Mapping[str, str] = {
    "id": "id: border-closed",
    "title": "title: The border is closed",
    "status": "status: experimental",
    "level": "level: medium",
    "meaning": "meaning: What is watched for, and what does not count.",
    "terms": "terms: {closed: {en: [close~]}}",
    "clauses": "clauses: {closed: {any: [closed]}}",
    "condition": "condition: closed and not weather",
    "examples": "examples: {match: [{en: The border is closed}]}",
    "side": "side: am",
    "where": "where: sentence",
    "stance": "stance: none",
    "match": "match: [{en: The border is closed}]",
    "report": "report: The chapter",
    "quote": "quote: the passage",
    "term": "term: Artsakh",
}


def _sample(key: str) -> str:
    return f"Add it, e.g. {_SAMPLES[key]}" if key in _SAMPLES else ""

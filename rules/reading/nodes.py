"""Reading a document's nodes with the types that the notation wants; a fault is noted and the rest read on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import get_args

from rules.article import LANGUAGES
from rules.diagnostics import did_you_mean
from rules.match import Stance
from rules.reading.document import Document, Node
from rules.terms import ANY, Phrase, parse_term

STANCES: tuple[str, ...] = get_args(Stance)
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_KINDS = {"scalar": "a text", "sequence": "a list [..]", "mapping": "keys with values"}

Terms = list[tuple[Phrase, bool]]
"""Terms, and whether each is an exclusion (`not`)."""


def mapping(
    doc: Document, node: Node | None, what: str, allowed: Collection[str] = (), required: Iterable[str] = ()
) -> dict[str, Node]:
    """The pairs of a mapping without those that `allowed` (empty: all) does not know."""
    if node is None or not _is(doc, node, "mapping", what):
        return {}
    for key in node.pairs:
        if allowed and key not in allowed:
            doc.error("unknown-key", node.keys[key], f"{what} has no key {key!r}", _key_hint(node, key, allowed))
    for key in required:
        if key not in node.pairs:
            doc.error("missing-key", node, f"{what} lacks {key!r}")
    return {key: value for key, value in node.pairs.items() if not allowed or key in allowed}


def sequence(doc: Document, node: Node | None, what: str) -> list[Node]:
    """The items of a list; a missing node is an empty one."""
    return node.items if node is not None and _is(doc, node, "sequence", what) else []


def text(doc: Document, node: Node | None, what: str) -> str:
    """A text that is not empty."""
    if node is None or not _is(doc, node, "scalar", what):
        return ""
    if not node.text.strip():
        doc.error("empty", node, f"{what} is empty")
    return node.text.strip()


def texts(doc: Document, node: Node | None, what: str) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(filter(None, (text(doc, item, what) for item in sequence(doc, node, what))))


def choice(doc: Document, node: Node | None, what: str, known: Collection[str], code: str) -> str:
    """One of the words that are `known`."""
    word = text(doc, node, what)
    if word and word not in known:
        doc.error(code, node, f"{word!r} is no {what}", did_you_mean(word, known))
        return ""
    return word


def name(doc: Document, node: Node, what: str, word: str | None = None) -> str:
    """A name: small Latin letters, digits, hyphens."""
    word = node.text if word is None else word
    if not NAME.fullmatch(word):
        doc.error("name", node, f"{word!r} is no name for {what}", "Names are of small letters, digits and hyphens.")
    return word


def group_terms(doc: Document, node: Node, what: str) -> Terms:
    """The terms of one group, by language, and its exclusions."""
    pairs = mapping(doc, node, what, (*LANGUAGES, ANY, "not"))
    terms: Terms = []
    for language, listed in pairs.items():
        if language != "not":
            terms += [(term, False) for term in _terms(doc, listed, language)]
    for language, listed in mapping(doc, pairs.get("not"), f"not of {what}", (*LANGUAGES, ANY)).items():
        terms += [(term, True) for term in _terms(doc, listed, language)]
    if node.kind == "mapping" and not node.pairs:
        doc.error("empty", node, f"{what} has no terms")
    return terms


def _terms(doc: Document, node: Node, language: str) -> Iterable[Phrase]:
    seen: set[str] = set()
    for item in sequence(doc, node, f"the {language} terms"):
        written = text(doc, item, "a term")
        term = parse_term(written, language) if written else ""
        if isinstance(term, str):
            if term:
                doc.error("term", item, term)
        elif written in seen:
            doc.error("duplicate-term", item, f"{written} stands here a second time", "Keep one of the two.")
        else:
            seen.add(written)
            yield term


def _is(doc: Document, node: Node, kind: str, what: str) -> bool:
    if node.kind != kind:
        doc.error("type", node, f"{what} must be {_KINDS[kind]}, this is {_KINDS[node.kind]}")
    return node.kind == kind


def _key_hint(node: Node, key: str, allowed: Collection[str]) -> str:
    value = node.pairs[key]
    if value.kind == "scalar" and value.plain and not value.text:
        return 'A text that holds a comma must stand in "quotes".'
    return did_you_mean(key, allowed)

"""Reading a document's nodes with the types that the notation wants; a fault is noted and the rest read on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Literal, get_args

from rules import expressions
from rules.article import LANGUAGES
from rules.diagnostics import did_you_mean
from rules.expressions import Expression
from rules.match import Stance
from rules.reading.document import Document, Node
from rules.terms import ANY, Phrase, Validity, parse_term

STANCES: tuple[str, ...] = get_args(Stance)
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_KINDS = {"scalar": "a text", "sequence": "a list [..]", "mapping": "keys with values"}

ONE_OF_TWO = "Keep one of the two."
BESIDE = ("not", "weak", "regex")
"""What may stand in a term group beside its languages."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Role = Literal["", "not", "weak"]
"""What a term is in its group: one of its terms, an exclusion, or one that counts only beside another clause."""

Term = Phrase | Expression
Terms = list[tuple[Term, Role]]
Reader = Callable[[Document, Node, str], Term | None]


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
    """The terms of one group, by language, and beside them its exclusions, weak terms and regular expressions."""
    pairs = mapping(doc, node, what, (*LANGUAGES, ANY, *BESIDE))
    terms: Terms = [*_by_language(doc, pairs, "", _term)]
    roles: tuple[Role, ...] = ("not", "weak")
    for role in roles:
        beside = mapping(doc, pairs.get(role), f"{role} of {what}", (*LANGUAGES, ANY))
        terms += _by_language(doc, beside, role, _term)
    written = mapping(doc, pairs.get("regex"), f"regex of {what}", (*LANGUAGES, ANY))
    terms += _by_language(doc, written, "", _expression)
    if node.kind == "mapping" and not node.pairs:
        doc.error("empty", node, f"{what} has no terms")
    return terms


def _by_language(doc: Document, pairs: Mapping[str, Node], role: Role, read: Reader) -> Iterator[tuple[Term, Role]]:
    for language, listed in pairs.items():
        if language not in BESIDE:
            seen: set[str] = set()
            for item in sequence(doc, listed, f"the {language} terms"):
                term = read(doc, item, language)
                if term and term.written in seen:
                    doc.error("duplicate-term", item, f"{term.written} stands here a second time", ONE_OF_TWO)
                elif term:
                    seen.add(term.written)
                    yield term, role


def _term(doc: Document, node: Node, language: str) -> Phrase | None:
    """A term as a text, or as `{term: .., from: .., until: ..}` when it holds for a time only."""
    valid: Validity | None = None
    written_at: Node | None = node
    if node.kind == "mapping":
        pairs = mapping(doc, node, "a dated term", ("term", "from", "until"), ("term",))
        valid = _validity(doc, node, pairs)
        written_at = pairs.get("term")
    written = text(doc, written_at, "a term")
    term = parse_term(written, language) if written else None
    if isinstance(term, str):
        doc.error("term", written_at, term)
        return None
    return term._replace(valid=valid) if term else None


def _validity(doc: Document, node: Node, pairs: Mapping[str, Node]) -> Validity:
    since, until = (_day(doc, pairs[key], key) if key in pairs else None for key in ("from", "until"))
    if "from" not in pairs and "until" not in pairs:
        doc.error("dates", node, "a dated term needs from, until or both", "Write e.g. {term: ..., from: 2022-11-04}.")
    if since and until and until < since:
        doc.error("dates", pairs["until"], f"until {until} lies before from {since}", "Swap the two.")
    return Validity(since, until)


def _day(doc: Document, node: Node, key: str) -> date | None:
    written = text(doc, node, key)
    with suppress(ValueError):
        if DAY.fullmatch(written):
            return date.fromisoformat(written)
    if written:
        doc.error("date", node, f"{written!r} is no day", "Write year-month-day, e.g. 2022-11-04.")
    return None


def _expression(doc: Document, node: Node, language: str) -> Expression | None:
    written = text(doc, node, "a regular expression")
    wrong = expressions.fault(written, language) if written else None
    if wrong:
        doc.error("regex", node, wrong.reason, wrong.fix, wrong.offset + (not node.plain))
    return Expression(language, written) if written and not wrong else None


def _is(doc: Document, node: Node, kind: str, what: str) -> bool:
    if node.kind != kind:
        doc.error("type", node, f"{what} must be {_KINDS[kind]}, this is {_KINDS[node.kind]}")
    return node.kind == kind


def _key_hint(node: Node, key: str, allowed: Collection[str]) -> str:
    value = node.pairs[key]
    if value.kind == "scalar" and value.plain and not value.text:
        return 'A text that holds a comma must stand in "quotes".'
    return did_you_mean(key, allowed)

"""The term groups of a file as they are written: each term with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rules.article import LANGUAGES
from rules.reading.document import Document, Node
from rules.reading.lists import EITHER_SIDE
from rules.terms import ANY, Phrase, parse_term

Role = Literal["", "not", "weak"]


@dataclass(frozen=True, slots=True)
class Written:
    """A term where it stands; `dated` when it holds for a time only."""

    node: Node
    term: Phrase
    role: Role
    dated: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A term group of a file, by the name that a clause gives it; a guard's own terms; an actor's names.

    `at` is where the group begins. `parts` are the parts of a list, by name, that its terms belong to.
    """

    file: str
    name: str
    at: Node
    terms: tuple[Written, ...]
    parts: tuple[str, ...]
    has_expressions: frozenset[str]
    guard: bool = False

    def languages(self) -> frozenset[str]:
        """The languages in which a term, also a weak one, can show the group."""
        spoken = {each.term.language for each in self.terms if each.role != "not"} | self.has_expressions
        return frozenset(LANGUAGES) if ANY in spoken else frozenset(spoken)


def groups_of(doc: Document) -> list[Group]:
    """All term groups of a rule or a list, guards and actors included; what is not as it should be is left out."""
    root = doc.root or _NONE
    terms, traps = _at(root, "terms"), _at(root, "traps")
    found = [_group(doc, name, terms.keys[name], node, ("", name)) for name, node in terms.pairs.items()]
    found += [_group(doc, _at(node, "name").text, node, node, _parts(node)) for node in _at(root, "actors").items]
    guards = _at(root, "guards").items
    found += [_group(doc, _at(node, "name").text, node, _at(node, "terms"), (), guard=True) for node in guards]
    return found + [_group(doc, f"traps {name}", traps.keys[name], node, ()) for name, node in traps.pairs.items()]


def _parts(actor: Node) -> tuple[str, ...]:
    side = _at(actor, "side").text
    return ("", side, *(each.text for each in _at(actor, "groups").items), *["either-side"] * (side in EITHER_SIDE))


def _group(doc: Document, name: str, at: Node, node: Node, parts: tuple[str, ...], *, guard: bool = False) -> Group:
    terms = [*_terms(node, "")]
    roles: tuple[Role, ...] = ("not", "weak")
    for role in roles:
        terms += _terms(_at(node, role), role)
    return Group(doc.name, name, at, tuple(terms), parts, frozenset(_at(node, "regex").pairs), guard)


def _terms(node: Node, role: Role) -> Iterator[Written]:
    for language, listed in node.pairs.items():
        if language not in (*LANGUAGES, ANY):
            continue
        for item in listed.items:
            written = item.pairs.get("term", item)
            term = parse_term(written.text.strip(), language)
            if isinstance(term, Phrase):
                yield Written(written, term, role, item.kind == "mapping")


def _at(node: Node, key: str) -> Node:
    return node.pairs.get(key, _NONE)


_NONE = Node("scalar", 1, 1)

"""Reading the clauses of a rule and the condition over them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from rules.clauses import ClauseRule, Ref
from rules.condition import Condition, check_condition, mentioned
from rules.diagnostics import did_you_mean
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.refs import Refs
from rules.scan import NEWS_PARTS, Where

_KEYS = ("any", "all", "near", "within", "without", "in")
_KINDS = ("any", "all", "near")
_RESERVED = ("and", "or", "not", "of", "them", "all")
_WITHIN = re.compile(r"(\d{1,3}) words?", re.ASCII)
_FARTHEST = 100
MOST_CLAUSES, MOST_NEAR = 200, 6
"""Clauses of a rule, and names that one `near` may bring together: the work of an article grows with either."""


@dataclass(slots=True)
class ClauseReader:
    """Reads clauses against the names that the rule may use."""

    doc: Document
    refs: Refs

    def read(self, node: Node | None) -> dict[str, ClauseRule]:
        """The clauses that can be read."""
        found = {}
        bodies = nodes.mapping(self.doc, node, "clauses")
        for number, (name, body) in enumerate(bodies.items(), 1):
            key = node.keys[name] if node else body
            nodes.name(self.doc, key, "a clause", name)
            if name in _RESERVED:
                reason = f"{name!r} is a word of the condition and cannot name a clause"
                self.doc.error("name", key, reason, "Give it another name.")
            if number == MOST_CLAUSES + 1:
                self.doc.error(
                    "too-many-clauses", key, f"a rule has at most {MOST_CLAUSES} clauses", "Make two rules of it."
                )
                break
            clause = self._clause(name, body, key)
            if clause:
                found[name] = clause
        return found

    def _clause(self, name: str, node: Node, key: Node) -> ClauseRule | None:
        if node.kind != "mapping":
            self._no_mapping(name, node, key)
            return None
        pairs = nodes.mapping(self.doc, node, f"the clause {name}", _KEYS, lists=(*_KINDS, "without"))
        kinds = [kind for kind in _KINDS if kind in pairs]
        if len(kinds) != 1:
            for kind in kinds:
                self.refs.several(pairs[kind], kind, of_terms=False)
            if kinds or pairs.keys() == node.pairs.keys():
                has = f"has {' and '.join(kinds)}; it needs one of them" if kinds else "needs one of any, all, near"
                fix = (
                    "Make two clauses of it."
                    if kinds
                    else "Write e.g. {any: [..]} or {near: [.., ..], within: sentence}."
                )
                self.doc.error("clause", node, f"the clause {name} {has}", fix)
            return None
        kind = kinds[0]
        refs = self.refs.several(pairs[kind], kind, of_terms=kind == "near")
        self._check(name, kind, node, pairs, refs)
        without = self.refs.several(pairs["without"], "without", of_terms=True) if "without" in pairs else ()
        within = self.within(pairs["within"]) if "within" in pairs else 0
        where = self._where(pairs["in"]) if "in" in pairs else NEWS_PARTS
        return ClauseRule(name, cast("Literal['any']", kind), refs, within, where, without)

    def _no_mapping(self, name: str, node: Node, key: Node) -> None:
        listed = [item.text for item in node.items if item.kind == "scalar"] or node.text.split(",")
        shown = ", ".join(word.strip() for word in listed)
        for item in node.items if node.kind == "sequence" else [node]:
            if item.text in self.refs.own or item.text.partition(".")[0] in self.refs.uses:
                self.refs.used.add(item.text)
        if not shown:
            self.doc.error("empty", key, f"the clause {name} is empty", "Write e.g. {any: [..]} behind it.")
            return
        fix = f"Write {name}: {{any: [{shown[:60]}]}}, or all, or near."
        self.doc.error("type", node, f"the clause {name} does not say how its terms must stand", fix)

    def _check(self, name: str, kind: str, node: Node, pairs: Mapping[str, Node], refs: tuple[Ref, ...]) -> None:
        if kind == "near" and "within" not in pairs:
            fix = "Add within: sentence, or e.g. within: 6 words."
            self.doc.error("within", node, f"the clause {name} says near, but not how near", fix)
        elif kind != "near" and "within" in pairs:
            fix = f"Write near for {kind}, or leave within out."
            self.doc.error("within", node, f"within stands beside near alone, and the clause {name} has {kind}", fix)
        if kind != "near" and "without" in pairs:
            fix = "Write a clause of its own, and `and not` it in the condition."
            self.doc.error("without", pairs["without"], "without stands beside near alone", fix)
        if len(refs) < 1 + (kind == "near") and pairs[kind].kind == "sequence":
            fix = "Names in brackets of their own are one: any of them." if refs and " or " in refs[0].name else ""
            fix = fix or ("Write any, or name what must stand near it." if refs else "Name term groups or lists in it.")
            self.doc.error("clause", pairs[kind], f"{kind} needs {'two names or more' if refs else 'names'}", fix)
        if kind == "near" and len(refs) > MOST_NEAR:
            fix = "Put those of which any will do into brackets of their own, or make two clauses of it."
            self.doc.error("clause", pairs[kind], f"near brings at most {MOST_NEAR} names together", fix)

    def _where(self, node: Node) -> frozenset[Where]:
        """One part of an article, or a list of them."""
        listed = node.items if node.kind == "sequence" else [node]
        known: tuple[Where, ...] = get_args(Where)
        if not listed:
            self.doc.error("empty", node, "in is empty", f"Known are: {', '.join(known)}.")
        found = {nodes.choice(self.doc, each, "part of an article", known, "unknown-in") for each in listed}
        return frozenset(part for part in known if part in found)

    def within(self, node: Node) -> int:
        """How near: a number of words, 0 for the sentence."""
        written = nodes.text(self.doc, node, "within")
        words = _WITHIN.fullmatch(written)
        if written and written != "sentence" and (not words or not 0 < int(words[1]) <= _FARTHEST):
            self.doc.error("within", node, *_no_distance(written))
        return int(words[1]) if words else 0


def _no_distance(written: str) -> tuple[str, str]:
    either = f"Write sentence, or e.g. 6 words (at most {_FARTHEST})."
    number = re.search(r"\d+", written)
    spelt = next((digits for word, digits in nodes.DIGITS.items() if word in written.casefold().split()), None)
    figure = int(number[0][:6]) if number else spelt
    if "sentence" in written.casefold():
        return f"within is {written!r}, not a distance", "Write sentence."
    if figure is not None and written.isascii() and 0 < figure <= _FARTHEST and "-" not in written:
        return f"within is {written!r}, not a distance", f"Write {figure} words, or sentence."
    if figure == 0:
        return f"within is {written!r}; adjacent words are 1 apart", "Write 1 words for words that stand side by side."
    if figure is not None and figure > _FARTHEST:
        return f"within is {written!r}, at most {_FARTHEST} words are", "Write sentence, or a smaller number."
    if any(word in written.casefold() for word in ("paragraph", "text", "article", "anywhere")):
        return (
            f"within is {written!r}, not a distance",
            "Write all: [..] for terms anywhere in title and lead; within says sentence or N words.",
        )
    return f"within is {written!r}, not a distance", either


def read_condition(doc: Document, node: Node | None, clauses: Node | None) -> Condition | None:
    """The condition over the keys of `clauses`; None where it has a fault, or the clauses are not known."""
    written = nodes.text(doc, node, "condition")
    if not written or node is None or clauses is None or clauses.kind != "mapping":
        return None
    names = list(dict.fromkeys((*clauses.pairs, *map(nodes.proper, clauses.pairs))))
    condition, faults = check_condition(node.text, names)
    for fault in faults:
        hint = fault.fix or (did_you_mean(fault.word, names) if fault.word else "")
        doc.error_within("condition", node, fault.reason, hint, fault.offset)
    if faults:
        return None
    used = {name for name, _ in mentioned(condition)}
    for name in sorted(each for each in clauses.pairs if not used & {each, nodes.proper(each)}):
        fix = f"Write e.g. `and {name}` or `and not {name}` into the condition, or delete the clause."
        doc.error("unused-clause", clauses.keys[name], f"the condition never uses the clause {name}", fix)
    return condition

"""Reading one rule file: from its document to a Rule."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal, cast

from rules.clauses import Ref
from rules.diagnostics import meant
from rules.reading import nodes
from rules.reading.clausefile import ClauseReader, read_condition
from rules.reading.document import Document, Node
from rules.reading.eventfile import read_event
from rules.reading.examplefile import ExampleReader
from rules.reading.lists import Lists, digest, looks_like_a_list, tell_full
from rules.reading.refs import Refs
from rules.reading.termgroups import looks_like_a_group
from rules.rule import LEVELS, STATUSES, Extract, Reference, Rule

_REQUIRED = ("id", "title", "status", "level", "meaning", "terms", "clauses", "condition", "examples")
_KEYS = (*_REQUIRED, "references", "falsepositives", "uses", "lifts", "extract", "event")
_EXTRACTS = {"number near": "number", "actor near": "actor", "actors of": "actors"}
_HOLDING_KEYS = ("terms", "clauses", "extract", "event", "examples")


@dataclass(slots=True)
class RuleReader:
    """Reads one rule file against the lists; the faults are noted in the document."""

    doc: Document
    lists: Lists
    refs: Refs
    clauses: ClauseReader

    @classmethod
    def of(cls, doc: Document, lists: Lists) -> RuleReader:
        """A reader for one document."""
        refs = Refs(doc, lists)
        return cls(doc, lists, refs, ClauseReader(doc, refs))

    def read(self) -> Rule | None:
        """The rule, or None when its document, or a part of a list that it names, has a fault."""
        root = self.doc.root
        if root is None:
            return None
        if looks_like_a_list(root):
            fix = "Move it into the folder lists/, or write the rule's id, clauses and condition."
            self.doc.error("not-a-rule", root, "this is a shared list, not a rule", fix)
            return None
        self._nested_by_mistake(root)
        pairs = nodes.mapping(self.doc, root, "a rule", _KEYS, _REQUIRED)
        return self._rule(pairs)

    def _rule(self, pairs: dict[str, Node]) -> Rule | None:
        self.refs.read_uses(pairs.get("uses"))
        self.refs.read_terms(pairs.get("terms"))
        before = len(self.doc.errors)
        clauses = self.clauses.read(pairs.get("clauses"))
        condition = read_condition(self.doc, pairs.get("condition"), pairs.get("clauses"))
        extract = self._extract(pairs.get("extract"))
        sound = len(self.doc.errors) == before
        lifts = self._lifts(pairs.get("lifts"))
        facts = [*_keys(pairs.get("extract")), "places"]
        examples = ExampleReader(self.doc, self._whys(pairs.get("clauses")), facts).read(pairs.get("examples"))
        text = {key: nodes.text(self.doc, pairs.get(key), key) for key in ("title", "meaning")}
        level = nodes.choice(self.doc, pairs.get("level"), "level", LEVELS, "unknown-level")
        status = nodes.choice(self.doc, pairs.get("status"), "status", STATUSES, "unknown-status")
        rule_id = nodes.name(self.doc, pairs["id"], "a rule") if "id" in pairs else ""
        references = tuple(self._references(pairs.get("references")))
        falsepositives = nodes.texts(self.doc, pairs.get("falsepositives"), "falsepositives")
        others = {each.name for each in extract if each.kind != "number"}
        event = read_event(
            self.doc, pairs.get("event"), [name for name in _keys(pairs.get("extract")) if name not in others]
        )
        terms = pairs.get("terms")
        if condition is not None and sound:
            self.refs.tell_unused(terms.keys if terms else {}, pairs.get("uses"))
        if status == "stable" and not any(not example.matches for example in examples) and not self._negative(pairs):
            fix = "Add one, or write status: experimental."
            self.doc.error("no-negative", pairs["status"], "a stable rule needs an example under 'no match'", fix)
        tell_full(self.doc, self.lists)
        if self.doc.errors or self.refs.incomplete or condition is None:
            return None
        return Rule(
            rule_id, text["title"], level, status, text["meaning"], references, falsepositives, self.refs.uses, lifts,
            clauses, condition, pairs["condition"].text.strip(), tuple(extract), event, tuple(examples),
            self._version(), self.doc.name,
        )  # fmt: skip

    def _negative(self, pairs: dict[str, Node]) -> bool:
        """Whether examples stand under `no match` that could not be read, or none could: their fault is told."""
        node = pairs.get("examples")
        return node is None or node.kind != "mapping" or bool(node.pairs.keys() - {"match"})

    def _version(self) -> str:
        digests = [digest(self.doc.root)]
        used = sorted({*self.refs.uses, *self.lists.everywhere})
        digests += [self.lists.digests[name] for name in used if name in self.lists.digests]
        return hashlib.sha256("".join(digests).encode()).hexdigest()[:8]

    def _nested_by_mistake(self, root: Node) -> None:
        """Tell keys of the rule that stand under another one, or the other way round, and set them right."""
        for key in [each for each in _HOLDING_KEYS if each in root.pairs]:
            value = root.pairs[key]
            inner = [each for each in value.pairs if each in _KEYS and each not in root.pairs]
            for each in inner:
                if key in ("terms", "clauses", "extract") or each in ("condition", "clauses", "examples", "terms"):
                    reason = f"{each} is indented under {key}, but it is a key of the rule"
                    self.doc.error("indent", value.keys[each], reason, "Begin it at the left edge.")
                    root.pairs[each], root.keys[each] = value.pairs.pop(each), value.keys.pop(each)
            if value.kind == "scalar" and value.plain and not value.text:
                self._adopt(root, key)
        self._groups_outside(root)

    def _groups_outside(self, root: Node) -> None:
        """Tell term groups that stand beside `terms` instead of under it, each line once, and take them for its own."""
        terms = root.pairs.get("terms")
        if terms is None or terms.kind != "mapping":
            return
        told = {error.line for error in self.doc.errors}
        for name in [each for each, body in root.pairs.items() if each not in _KEYS and looks_like_a_group(body)]:
            key = root.keys.pop(name)
            if key.line not in told:
                reason = f"{name} is no key of a rule; it looks like a group of terms"
                self.doc.error("indent", key, reason, "Indent it, and its languages, below terms.")
            terms.pairs[name], terms.keys[name] = root.pairs.pop(name), key

    def _adopt(self, root: Node, key: str) -> None:
        """Take the unknown keys behind an empty one for its own, which were not indented."""
        names = list(root.pairs)
        after = names[names.index(key) + 1 :]
        known = [each for each in _KEYS if each not in root.pairs]
        until = next((at for at, name in enumerate(after) if name in _KEYS or meant(name, known)), len(after))
        adopted = after[:until]
        if adopted:
            first = root.keys[adopted[0]]
            reason = f"{adopted[0]} is no key of a rule; it seems to belong under {key}"
            self.doc.error("indent", first, reason, f"Indent the lines that belong to {key} by two spaces.")
            holder = Node("mapping", first.line, first.column)
            for name in adopted:
                holder.pairs[name], holder.keys[name] = root.pairs.pop(name), root.keys.pop(name)
            root.pairs[key] = holder

    def _guards_unknown(self) -> bool:
        """Whether guards may be missing because the list that holds them is broken."""
        return not self.lists.guards or not self.lists.broken.isdisjoint({"guards", *self.lists.everywhere})

    def _whys(self, clauses: Node | None) -> set[str] | None:
        """The clauses and guards, None where they are not all known."""
        if self._guards_unknown() or clauses is None or clauses.kind != "mapping":
            return None
        return {*clauses.pairs, *(guard.name for guard in self.lists.guards)}

    def _extract(self, node: Node | None) -> list[Extract]:
        found = []
        for name, body in nodes.mapping(self.doc, node, "extract").items() if node else ():
            nodes.name(self.doc, node.keys[name] if node else body, "a fact", name)
            pairs = nodes.mapping(self.doc, body, f"extract {name}", (*_EXTRACTS, "within"))
            keys = [key for key in _EXTRACTS if key in pairs]
            if name == "places":
                self.doc.error("extract", body, "extract places: places are always extracted", "Delete it.")
            elif len(keys) != 1:
                if body.kind == "mapping" and pairs.keys() == body.pairs.keys():
                    reason = f"extract {name} needs one of {', '.join(_EXTRACTS)}"
                    self.doc.error("extract", body, reason, "Write e.g. {number near: captives, within: 6 words}.")
            elif (keys[0] == "actors of") == ("within" in pairs):
                says = "takes no within" if "within" in pairs else "needs within: sentence or within: N words"
                self.doc.error("within", body, f"{keys[0]} {says}")
                self.refs.one(pairs[keys[0]])
            else:
                ref = self.refs.one(pairs[keys[0]])
                within = self.clauses.within(pairs["within"]) if "within" in pairs else 0
                self._check_actors(pairs.get("actors of"), ref)
                found.append(Extract(name, cast("Literal['number']", _EXTRACTS[keys[0]]), ref, within))
        return found

    def _check_actors(self, node: Node | None, ref: Ref) -> None:
        if node is not None and not self.lists.actors.keys() >= set(ref.groups):
            self.doc.error("extract", node, f"{ref.name} names no actors", "Write e.g. actors of: actors.leaders.")

    def _lifts(self, node: Node | None) -> frozenset[str]:
        known = [guard.name for guard in self.lists.guards]
        items = nodes.sequence(self.doc, node, "lifts")
        if self._guards_unknown():
            return frozenset(nodes.text(self.doc, item, "a guard") for item in items)
        return frozenset(nodes.choice(self.doc, item, "guard", known, "unknown-guard") for item in items)

    def _references(self, node: Node | None) -> list[Reference]:
        found = []
        for item in nodes.sequence(self.doc, node, "references"):
            if item.kind == "scalar" and item.text.strip():
                fix = "Write {report: the chapter, quote: the passage}."
                self.doc.error("type", item, "a reference has a report and a quote", fix)
                continue
            pairs = nodes.mapping(self.doc, item, "a reference", ("report", "quote"), ("report", "quote"))
            found.append(Reference(*(nodes.text(self.doc, pairs.get(key), key) for key in ("report", "quote"))))
        return found


def _keys(node: Node | None) -> list[str]:
    return list(node.pairs) if node else []

"""What a clause or a fact names: groups of the rule itself, shared lists and parts of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.clauses import Ref
from rules.diagnostics import did_you_mean, meant
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.lists import SOURCE, Lists
from rules.reading.termfaults import QUOTES
from rules.reading.termgroups import group_terms, is_language


@dataclass(slots=True)
class Refs:
    """The names that a rule may use, and those that it has used. `incomplete`: a list that it needs is broken.

    `guessed`: the rule's own groups are not all known, so that an unknown name may be one of them.
    """

    doc: Document
    lists: Lists
    own: dict[str, int] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)
    incomplete: bool = False
    guessed: bool = False

    def read_uses(self, node: Node | None) -> None:
        """The lists in `uses`."""
        found: list[str] = []
        known = (self.lists.parts.keys() | self.lists.broken) - {SOURCE}
        for item in nodes.sequence(self.doc, node, "uses"):
            name = nodes.text(self.doc, item, "a list")
            if name and name not in known:
                self.doc.error("unknown-list", item, f"there is no list {name!r}", _list_hint(name, known))
                self.guessed = self.guessed or not meant(name, known)
                name = meant(name, known)
            found += [name] if name and name not in found else []
        self.uses = tuple(found)

    def read_terms(self, node: Node | None) -> None:
        """The groups under `terms`."""
        self.guessed = self.guessed or node is None or node.kind != "mapping"
        for group, body in nodes.mapping(self.doc, node, "terms").items():
            key = node.keys[group] if node else body
            if is_language(self.doc, group, body, key):
                self.guessed = True
                continue
            nodes.name(self.doc, key, "a term group", group)
            if body.kind == "scalar" and not body.text.strip():
                fix = "Write e.g. {en: [word]} behind it, or its languages below it, indented deeper."
                self.doc.error("empty", key, f"{group} has no terms", fix)
                self.own[group] = self.lists.groups.new([])
            else:
                self.own[group] = self.lists.groups.new(group_terms(self.doc, body, group))
            if not nodes.NAME.fullmatch(group):
                self.own.setdefault(nodes.proper(group), self.own[group])

    def several(self, node: Node, what: str, *, of_terms: bool) -> tuple[Ref, ...]:
        """The names of a list."""
        return tuple(self.one(item, of_terms=of_terms) for item in nodes.sequence(self.doc, node, what))

    def one(self, node: Node, *, of_terms: bool = True) -> Ref:
        """What a name, or several in brackets, stands for; a source is refused where terms must stand."""
        if node.kind != "sequence":
            return self._name(node, of_terms)
        inner = [self._name(item, of_terms) for item in node.items]
        if len(inner) < 2:
            self.doc.error("union", node, "brackets hold two names or more, of which one is met", "Leave them out.")
        groups = (group for ref in inner for group in ref.groups)
        return self.lists.groups.ref(" or ".join(ref.name for ref in inner), groups)

    def _name(self, node: Node, of_terms: bool) -> Ref:
        written = nodes.text(self.doc, node, "a term group").strip(QUOTES)
        if of_terms and written.startswith(f"{SOURCE}."):
            reason = f"{written} stands nowhere in a text, so nothing is near it"
            self.doc.error("source", node, reason, f"Write a clause of its own: {{any: [{written}]}}.")
            return Ref(written, ())
        self.used.add(written)
        if not written or self.doc.full:
            return Ref(written, ())
        found = self.lists.resolve(written, self.own, self.uses)
        if isinstance(found, Ref):
            return found
        self._unknown(node, written, *found)
        return Ref(written, ())

    def _unknown(self, node: Node, written: str, reason: str, fix: str) -> None:
        """Tell an unknown name, unless it follows from a fault told elsewhere; what was meant counts as used."""
        head = written.partition(".")[0]
        near = meant(
            written, [*self.own, *self.uses, *(f"{head}.{part}" for part in self.lists.parts.get(head, ()) if part)]
        )
        self.used.add(near)
        if head in self.lists.parts and head not in self.uses:
            self.uses = (*self.uses, head)
            self.used.add(written)
        if head in self.lists.broken or (head in self.uses and head not in self.lists.parts):
            self.incomplete = True
        elif not self.guessed or near:
            self.doc.error("unknown-ref", node, reason, fix)

    def tell_unused(self, terms: Mapping[str, Node], uses: Node | None) -> None:
        """Groups and lists that nothing uses: they cannot change what the rule finds, so they are warnings."""
        for group in self.own.keys() & terms.keys() - self.used - {
            each for each in terms if nodes.proper(each) in self.used
        }:
            self.doc.warn(
                "unused-group", terms[group], f"no clause and no fact uses the terms {group}", "Use or delete them."
            )
        heads = {written.partition(".")[0] for written in self.used}
        for item in uses.items if uses else ():
            if item.text in self.lists.parts and item.text not in heads:
                fix = "Use it in a clause, or take it out of uses."
                self.doc.warn("unused-list", item, f"no clause and no fact uses the list {item.text}", fix)


def _list_hint(name: str, known: set[str]) -> str:
    if name == SOURCE:
        return "It is known without."
    bare = name.partition(".")[0].rpartition("/")[2]
    if bare != name and bare in known:
        return f"Write {bare}; a part of it is named in a clause."
    return did_you_mean(name, known)

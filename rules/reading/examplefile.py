"""Reading the examples of a rule: texts that it must match, and texts that it must not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rules.article import LANGUAGES
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.lists import SOURCE_SIDES
from rules.rule import Example

MOST_EXAMPLES = 2_000
_GREATEST = 10**9 - 1


@dataclass(slots=True)
class ExampleReader:
    """Reads examples; `whys` are the clauses and guards that one may name, None where they are not all known."""

    doc: Document
    whys: Collection[str] | None
    facts: Collection[str]

    def read(self, node: Node | None) -> list[Example]:
        """All examples that can be read."""
        if node is not None and node.kind == "sequence":
            fix = "Write match: above those that the rule must take, no match: above the others."
            self.doc.error("example", node, "examples stand under match or no match", fix)
            return []
        groups = nodes.mapping(self.doc, node, "examples", ("match", "no match"), ("match",))
        listed = [
            (item, kind == "match") for kind, items in groups.items() for item in nodes.sequence(self.doc, items, kind)
        ]
        if "match" in groups and groups["match"].kind == "sequence" and not groups["match"].items:
            self.doc.error("no-example", groups["match"], "a rule needs an example that it matches")
        if len(listed) > MOST_EXAMPLES:
            item = listed[MOST_EXAMPLES][0]
            fix = "Keep those that differ; measure on many texts with rules evaluate."
            self.doc.error("too-many-examples", item, f"a rule has at most {MOST_EXAMPLES:,} examples", fix)
        read = (self._example(item, matches=matches) for item, matches in listed[:MOST_EXAMPLES])
        return [example for example in read if example]

    def _example(self, node: Node, *, matches: bool) -> Example | None:
        if node.kind == "scalar" and node.text.strip():
            shown = node.text if len(node.text) < 60 and ", " not in node.text else '".."'
            self.doc.error(
                "example", node, "an example tells its language", f"Write {{en: {shown}}}, or ru, hy, az, tr."
            )
            return None
        own, other = ("facts", "why") if matches else ("why", "facts")
        pairs = nodes.mapping(self.doc, node, "an example", (*LANGUAGES, "lead", "side", "stance", "facts", "why"))
        if other in pairs:
            kind, rest = ("match", "no match") if matches else ("no match", "match")
            reason = f"{other} belongs to the examples under {rest}; this one is under {kind}"
            self.doc.error(
                "unknown-key", node.keys.get(other, node), reason, f"Delete it, or move the example to {rest}."
            )
        languages = [language for language in LANGUAGES if language in pairs]
        if len(languages) != 1:
            if languages or (node.kind == "mapping" and pairs.keys() == node.pairs.keys()):
                self._no_language(node, languages)
            return None
        title = nodes.text(self.doc, pairs[languages[0]], "the text")
        lead = nodes.text(self.doc, pairs["lead"], "lead") if "lead" in pairs else ""
        stance = self._chosen(pairs, "stance", "stance", nodes.STANCES)
        side = self._chosen(pairs, "side", "side", SOURCE_SIDES)
        why = ""
        if own == "why" and "why" in pairs:
            why = self._why(pairs["why"])
        told = self._facts(pairs["facts"]) if own == "facts" and "facts" in pairs else {}
        return Example(matches, languages[0], title, lead, told, stance, why, side, self.doc.name, node.line)

    def _no_language(self, node: Node, languages: list[str]) -> None:
        if languages:
            reason = f"an example is one text in one language, this has {' and '.join(languages)}"
            self.doc.error("example", node, reason, "Make an example of each.")
        else:
            reason = "an example needs its text, under its language"
            self.doc.error("example", node, reason, "Write e.g. {en: The title of the article}.")

    def _why(self, node: Node) -> str:
        if self.whys is None:
            return nodes.text(self.doc, node, "why")
        return nodes.choice(self.doc, node, "clause of this rule and no guard", self.whys, "unknown-why")

    def _chosen(self, pairs: dict[str, Node], key: str, what: str, known: Collection[str]) -> str:
        return nodes.choice(self.doc, pairs[key], what, known, f"unknown-{key}") if key in pairs else ""

    def _facts(self, node: Node) -> dict[str, int | tuple[str, ...]]:
        told: dict[str, int | tuple[str, ...]] = {}
        for name, value in nodes.mapping(self.doc, node, "facts", self.facts).items():
            if value.kind == "sequence":
                told[name] = nodes.texts(self.doc, value, name)
            elif value.kind == "scalar" and name == "places" and value.text.strip():
                self.doc.error("facts", value, f"{name} must be a list of names", f"Write [{value.text.strip()}].")
            else:
                figure = nodes.number(self.doc, value, name, _GREATEST, code="facts")
                told |= {name: figure} if figure is not None else {}
        return told

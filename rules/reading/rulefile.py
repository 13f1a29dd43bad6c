"""Reading one rule file: from its document to a Rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, cast, get_args

from rules.article import LANGUAGES
from rules.clauses import ClauseRule, Ref
from rules.condition import Condition, ConditionError, mentioned, parse_condition
from rules.diagnostics import did_you_mean
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.lists import SOURCE, SOURCE_SIDES, Lists, digest
from rules.rule import LEVELS, STATUSES, EventRule, Example, Extract, Reference, Rule
from rules.scan import NEWS_PARTS, Where

_REQUIRED = ("id", "title", "status", "level", "meaning", "terms", "clauses", "condition", "examples")
_KEYS = (*_REQUIRED, "references", "falsepositives", "uses", "lifts", "extract", "event")
_EVERYWHERE = ("guards", "numbers", "places")
_CLAUSE_KEYS = ("any", "all", "near", "within", "without", "in")
_EXTRACTS = {"number near": "number", "actor near": "actor", "actors of": "actors"}
_WITHIN = re.compile(r"(\d{1,3}) words?")
_DURATION = re.compile(r"(\d{1,4}) ?(h|d|m)(?:ours?|ays?|in(?:utes?)?)?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EVENT_KEYS = ("open for", "alike for", "differ by", "countries")
_UNITS = {"h": "hours", "d": "days", "m": "minutes"}


def lists_of(uses: Collection[str]) -> list[str]:
    """The lists that decide what a rule finds, by name: those in `uses`, and those that every rule reads."""
    return sorted({*uses, *_EVERYWHERE})


@dataclass(slots=True)
class RuleReader:
    """Reads one rule file against the lists; the faults are noted in the document."""

    doc: Document
    lists: Lists
    own: dict[str, int] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    used: set[str] = field(default_factory=set)
    incomplete: bool = False

    def read(self) -> Rule | None:
        """The rule, or None when its document, or a part of a list that it names, has a fault."""
        if self.doc.root is None:
            return None
        pairs = nodes.mapping(self.doc, self.doc.root, "a rule", _KEYS, _REQUIRED)
        self._names(pairs)
        clauses = self._clauses(pairs.get("clauses"))
        condition = self._condition(pairs.get("condition"), list(clauses))
        extract = self._extract(pairs.get("extract"))
        lifts = self._lifts(pairs.get("lifts"))
        examples = self._examples(pairs, set(clauses), [each.name for each in extract])
        text = {key: nodes.text(self.doc, pairs.get(key), key) for key in ("title", "meaning", "condition")}
        level = nodes.choice(self.doc, pairs.get("level"), "level", LEVELS, "unknown-level")
        status = nodes.choice(self.doc, pairs.get("status"), "status", STATUSES, "unknown-status")
        rule_id = nodes.name(self.doc, pairs["id"], "a rule") if "id" in pairs else ""
        references = tuple(self._references(pairs.get("references")))
        falsepositives = nodes.texts(self.doc, pairs.get("falsepositives"), "falsepositives")
        event = self._event(pairs.get("event"), [each.name for each in extract if each.kind == "number"])
        self._check_use(pairs)
        if status == "stable" and not any(not example.matches for example in examples):
            self.doc.error("no-negative", pairs["status"], "a stable rule needs an example under 'no match'")
        if self.doc.errors or self.incomplete or condition is None:
            return None
        return Rule(
            rule_id, text["title"], level, status, text["meaning"], references, falsepositives, self.uses, lifts,
            clauses, condition, text["condition"], tuple(extract), event, tuple(examples), self._version(),
            self.doc.name,
        )  # fmt: skip

    def _version(self) -> str:
        digests = [digest(self.doc.root)]
        digests += [self.lists.digests[name] for name in lists_of(self.uses) if name in self.lists.digests]
        return hashlib.sha256("".join(digests).encode()).hexdigest()[:8]

    def _names(self, pairs: dict[str, Node]) -> None:
        self.uses = nodes.texts(self.doc, pairs.get("uses"), "uses")
        for item in nodes.sequence(self.doc, pairs.get("uses"), "uses") if "uses" in pairs else ():
            if item.text and item.text not in (self.lists.parts.keys() | self.lists.broken) - {SOURCE}:
                hint = did_you_mean(item.text, self.lists.parts.keys() - {SOURCE})
                hint = "It is known without." if item.text == SOURCE else hint
                self.doc.error("unknown-list", item, f"there is no list {item.text!r}", hint)
        for group, node in nodes.mapping(self.doc, pairs.get("terms"), "terms").items():
            nodes.name(self.doc, node, "a term group", group)
            self.own[group] = self.lists.groups.new(nodes.group_terms(self.doc, node, group))

    def _refs(self, node: Node, what: str, *, of_terms: bool) -> tuple[Ref, ...]:
        return tuple(self._ref(item, of_terms=of_terms) for item in nodes.sequence(self.doc, node, what))

    def _ref(self, node: Node, *, of_terms: bool = True) -> Ref:
        """What a name, or several in brackets, stands for; a source is refused where terms must stand."""
        if node.kind != "sequence":
            return self._one_ref(node, of_terms)
        inner = [self._one_ref(item, of_terms) for item in node.items]
        if len(inner) < 2:
            self.doc.error("union", node, "brackets hold two names or more, of which one is met", "Leave them out.")
        groups = (group for ref in inner for group in ref.groups)
        return self.lists.groups.ref(" or ".join(ref.name for ref in inner), groups)

    def _one_ref(self, node: Node, of_terms: bool) -> Ref:
        written = nodes.text(self.doc, node, "a term group")
        if of_terms and written.startswith(f"{SOURCE}."):
            reason = f"{written} stands nowhere in a text, so nothing is near it"
            self.doc.error("source", node, reason, f"Write a clause of its own: {{any: [{written}]}}.")
            return Ref(written, ())
        self.used.add(written)
        if not written:
            return Ref("", ())
        found = self.lists.resolve(written, self.own, self.uses)
        if isinstance(found, Ref):
            return found
        head = written.partition(".")[0]
        if head in self.lists.broken:
            self.incomplete = True
        elif head not in self.uses or head in self.lists.parts:
            self.doc.error("unknown-ref", node, *found)
        return Ref(written, ())

    def _clauses(self, node: Node | None) -> dict[str, ClauseRule]:
        found = {}
        for name, body in nodes.mapping(self.doc, node, "clauses").items():
            key = node.keys[name] if node else body
            nodes.name(self.doc, key, "a clause")
            if name in ("and", "or", "not", "of", "them", "all"):
                self.doc.error("name", key, f"{name!r} is a word of the condition and cannot name a clause")
            clause = self._clause(name, body)
            if clause:
                found[name] = clause
        return found

    def _clause(self, name: str, node: Node) -> ClauseRule | None:
        pairs = nodes.mapping(self.doc, node, f"the clause {name}", _CLAUSE_KEYS)
        kinds = [kind for kind in ("any", "all", "near") if kind in pairs]
        if len(kinds) != 1:
            if node.kind == "mapping":
                self.doc.error("clause", node, f"the clause {name} needs exactly one of any, all, near")
            return None
        refs = self._refs(pairs[kinds[0]], kinds[0], of_terms=kinds[0] == "near")
        where = self._where(pairs["in"]) if "in" in pairs else NEWS_PARTS
        if (kinds[0] == "near") != ("within" in pairs):
            self.doc.error("within", node, "near, and only near, needs within: sentence or within: N words")
        if len(refs) < 1 + (kinds[0] == "near"):
            fix = "Names in brackets of their own are one: any of them." if refs and " or " in refs[0].name else ""
            reason = f"{kinds[0]} needs {'two names or more' if refs else 'names'}"
            self.doc.error("clause", pairs[kinds[0]], reason, fix)
        if kinds[0] != "near" and "without" in pairs:
            fix = "Write a clause of its own, and `and not` it in the condition."
            self.doc.error("without", pairs["without"], "without stands beside near alone", fix)
        within = self._within(pairs["within"]) if "within" in pairs else 0
        without = self._refs(pairs["without"], "without", of_terms=True) if "without" in pairs else ()
        return ClauseRule(name, cast("Literal['any']", kinds[0]), refs, within, where, without)

    def _where(self, node: Node) -> frozenset[Where]:
        """One part of an article, or a list of them."""
        listed = node.items if node.kind == "sequence" else [node]
        known: tuple[Where, ...] = get_args(Where)
        if not listed:
            self.doc.error("empty", node, "in is empty", f"Known are: {', '.join(known)}.")
        found = {nodes.choice(self.doc, each, "part of an article", known, "unknown-in") for each in listed}
        return frozenset(part for part in known if part in found)

    def _within(self, node: Node) -> int:
        written = nodes.text(self.doc, node, "within")
        words = _WITHIN.fullmatch(written)
        if written and written != "sentence" and (not words or not 0 < int(words[1]) <= 100):
            self.doc.error("within", node, f"within is {written!r}", "Write sentence, or e.g. 6 words (at most 100).")
        return int(words[1]) if words else 0

    def _condition(self, node: Node | None, names: list[str]) -> Condition | None:
        written = nodes.text(self.doc, node, "condition")
        if not written or node is None:
            return None
        try:
            condition = parse_condition(node.text, names)
        except ConditionError as error:
            offset = error.offset + (not node.plain) if "\n" not in node.text else 0
            hint = did_you_mean(error.word, names) if error.word else ""
            self.doc.error("condition", node, error.reason, hint, offset)
            return None
        clauses = self.doc.root.pairs["clauses"] if self.doc.root and "clauses" in self.doc.root.pairs else None
        for name in sorted(set(names) - {name for name, _ in mentioned(condition)}):
            self.doc.error("unused-clause", clauses.keys[name] if clauses else node, f"the condition never uses {name}")
        return condition

    def _extract(self, node: Node | None) -> list[Extract]:
        found = []
        for name, body in nodes.mapping(self.doc, node, "extract").items() if node else ():
            nodes.name(self.doc, body, "a fact", name)
            pairs = nodes.mapping(self.doc, body, f"extract {name}", (*_EXTRACTS, "within"))
            keys = [key for key in _EXTRACTS if key in pairs]
            if name == "places" or len(keys) != 1:
                reason = "places are always extracted" if name == "places" else f"needs one of {', '.join(_EXTRACTS)}"
                self.doc.error("extract", body, f"extract {name}: {reason}")
            elif (keys[0] == "actors of") == ("within" in pairs):
                self.doc.error("within", body, "number near and actor near, and only they, need within")
            else:
                ref = self._ref(pairs[keys[0]])
                within = self._within(pairs["within"]) if "within" in pairs else 0
                self._check_actors(pairs.get("actors of"), ref)
                found.append(Extract(name, cast("Literal['number']", _EXTRACTS[keys[0]]), ref, within))
        return found

    def _check_actors(self, node: Node | None, ref: Ref) -> None:
        if node is not None and not self.lists.actors.keys() >= set(ref.groups):
            self.doc.error("extract", node, f"{ref.name} names no actors", "Write e.g. actors of: actors.leaders.")

    def _lifts(self, node: Node | None) -> frozenset[str]:
        known = [guard.name for guard in self.lists.guards]
        items = nodes.sequence(self.doc, node, "lifts")
        return frozenset(nodes.choice(self.doc, item, "guard", known, "unknown-guard") for item in items)

    def _references(self, node: Node | None) -> list[Reference]:
        found = []
        for item in nodes.sequence(self.doc, node, "references"):
            pairs = nodes.mapping(self.doc, item, "a reference", ("report", "quote"), ("report", "quote"))
            texts = [nodes.text(self.doc, pairs.get(key), key) for key in ("report", "quote")]
            found.append(Reference(*texts))
        return found

    def _event(self, node: Node | None, figures: list[str]) -> EventRule:
        usual = EventRule()
        pairs = nodes.mapping(self.doc, node, "event", _EVENT_KEYS)
        differ_by = ""
        if "differ by" in pairs:
            differ_by = nodes.choice(
                self.doc, pairs["differ by"], "figure that the rule extracts", figures, "unknown-figure"
            )
        return EventRule(
            self._duration(pairs, "open for", usual.open_for),
            self._duration(pairs, "alike for", usual.alike_for),
            differ_by,
            tuple(self._country(each) for each in nodes.sequence(self.doc, pairs.get("countries"), "countries")),
        )

    def _duration(self, pairs: dict[str, Node], key: str, usual: timedelta) -> timedelta:
        if key not in pairs:
            return usual
        written = nodes.text(self.doc, pairs[key], key)
        found = _DURATION.fullmatch(written)
        if not found or not int(found[1]):
            self.doc.error("duration", pairs[key], f"{key} is {written!r}", "Write e.g. 72h or 7d.")
            return usual
        return timedelta(**{_UNITS[found[2]]: int(found[1])})

    def _country(self, node: Node) -> str:
        code = nodes.text(self.doc, node, "a country")
        if code and not _COUNTRY.fullmatch(code):
            self.doc.error("country", node, f"{code!r} is no country code", "Write two capitals, e.g. AM or AZ.")
        return code

    def _examples(self, pairs: dict[str, Node], clauses: set[str], facts: list[str]) -> list[Example]:
        node = pairs.get("examples")
        groups = nodes.mapping(self.doc, node, "examples", ("match", "no match"), ("match",))
        if "match" in groups and not groups["match"].items:
            self.doc.error("no-example", groups["match"], "a rule needs an example that it matches")
        whys = clauses | {guard.name for guard in self.lists.guards}
        return [
            example
            for kind, listed in groups.items()
            for item in nodes.sequence(self.doc, listed, kind)
            if (example := self._example(item, whys, [*facts, "places"], matches=kind == "match"))
        ]

    def _example(self, node: Node, whys: set[str], facts: list[str], *, matches: bool) -> Example | None:
        keys = ("lead", "side", "stance", "facts" if matches else "why")
        pairs = nodes.mapping(self.doc, node, "an example", (*LANGUAGES, *keys))
        languages = [language for language in LANGUAGES if language in pairs]
        if len(languages) != 1:
            self.doc.error("example", node, f"an example needs exactly one of {', '.join(LANGUAGES)}")
            return None
        title = nodes.text(self.doc, pairs[languages[0]], "the text")
        lead = nodes.text(self.doc, pairs["lead"], "lead") if "lead" in pairs else ""
        stance = self._chosen(pairs, "stance", "stance", nodes.STANCES)
        side = self._chosen(pairs, "side", "side", SOURCE_SIDES)
        why = self._chosen(pairs, "why", "clause or guard", whys)
        told = self._facts(pairs.get("facts"), facts)
        return Example(matches, languages[0], title, lead, told, stance, why, side, self.doc.name, node.line)

    def _chosen(self, pairs: dict[str, Node], key: str, what: str, known: Collection[str]) -> str:
        return nodes.choice(self.doc, pairs[key], what, known, f"unknown-{key}") if key in pairs else ""

    def _facts(self, node: Node | None, known: list[str]) -> dict[str, int | tuple[str, ...]]:
        told: dict[str, int | tuple[str, ...]] = {}
        for name, value in nodes.mapping(self.doc, node, "facts", known).items():
            if value.kind == "sequence":
                told[name] = nodes.texts(self.doc, value, name)
            elif value.text.isdecimal() and len(value.text) < 10:
                told[name] = int(value.text)
            else:
                self.doc.error("facts", value, f"{name} must be a number or a list of names")
        return told

    def _check_use(self, pairs: dict[str, Node]) -> None:
        for group in self.own.keys() - self.used:
            self.doc.error("unused-group", pairs["terms"].keys[group], f"no clause and no fact uses the terms {group}")
        heads = {written.partition(".")[0] for written in self.used}
        for item in pairs["uses"].items if "uses" in pairs else ():
            if item.text in self.lists.parts and item.text not in heads:
                self.doc.error("unused-list", item, f"no clause and no fact uses the list {item.text}")

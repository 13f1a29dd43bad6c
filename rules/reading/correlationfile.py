"""Reading one escalation file: from its document to a CorrelationRule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import cast

from rules.correlation import GROUPINGS, KINDS, STATES, Correlation, CorrelationRule, Kind
from rules.diagnostics import did_you_mean, meant
from rules.indicators import INDICATORS
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.lists import digest
from rules.reading.timelines import lacks, read_timelines
from rules.rule import LEVELS, STATUSES, Reference, Rule

_HEAD = ("id", "title", "status", "level", "meaning")
_KEYS = (*_HEAD, "correlation", "examples", "references", "falsepositives", "event")
_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "event_count": ("at least",),
    "temporal": (),
    "temporal_ordered": (),
    "event_rate": ("at least", "baseline", "times"),
}
_WATCH = ("type", "rules", "timespan")
_WATCH_KEYS = (*_WATCH, "group by", "at least", "baseline", "times", "states")
_DURATION = re.compile(r"(\d{1,5}) ?(h|d|w)(?:ours?|ays?|eeks?)?")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=3660)
_TIMES = re.compile(r"\d{1,3}(?:\.\d{1,2})?", re.ASCII)


def is_correlation(doc: Document) -> bool:
    """Whether the file is an escalation rule: it has a `correlation`, perhaps misspelt, and no terms of its own."""
    return _body(doc) is not None


def _body(doc: Document) -> Node | None:
    keys = doc.root.pairs if doc.root else {}
    of_terms = not keys.keys().isdisjoint(("terms", "clauses", "condition"))
    misspelt = [] if of_terms else get_close_matches("correlation", keys, n=1, cutoff=0.8)
    return keys.get(misspelt[0] if misspelt else "correlation")


def read_correlations(documents: Iterable[Document], rules: Mapping[str, Rule]) -> dict[str, CorrelationRule]:
    """The escalation rules among the documents of rule files; `rules` are those that could be read.

    A rule whose file has a fault may be watched like any other: its fault is told once, in its own file.
    """
    files: dict[str, str] = {}
    escalations: dict[str, Document] = {}
    for doc in documents:
        written = doc.root.pairs.get("id") if doc.root else None
        if is_correlation(doc):
            escalations[doc.name] = doc
        elif written is not None:
            files[written.text] = doc.name
    known = _Known(rules, files, {_id(doc) for doc in escalations.values()})
    found: dict[str, CorrelationRule] = {}
    for doc in escalations.values():
        taken = found[_id(doc)].file if _id(doc) in found else files.get(_id(doc), "")
        if _id(doc) in INDICATORS and not taken:
            taken = "an indicator of the report"
        if taken and doc.root and _id(doc):
            reason = f"the id {_id(doc)} is that of {taken} as well"
            doc.error("duplicate-id", doc.root.pairs["id"], reason, "Give one of the two another id.")
        rule = _Reader(doc, known).read()
        if rule is not None:
            found[rule.id] = rule
    return found


def _id(doc: Document) -> str:
    return doc.root.pairs["id"].text if doc.root and "id" in doc.root.pairs else ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What ids mean: the good rules, the files of all rules, and the escalation rules."""

    rules: Mapping[str, Rule]
    files: Mapping[str, str]
    escalations: Collection[str]


@dataclass(frozen=True, slots=True)
class _Reader:
    doc: Document
    known: _Known

    def read(self) -> CorrelationRule | None:
        """The rule, or None when its document has a fault."""
        pairs = nodes.mapping(self.doc, self.doc.root, "an escalation rule", _KEYS, _HEAD)
        lacks(self.doc, self.doc.root, pairs, "an escalation rule", ("examples",))
        rule_id = nodes.name(self.doc, pairs["id"], "an escalation rule") if "id" in pairs else ""
        text = {key: nodes.text(self.doc, pairs.get(key), key) for key in ("title", "meaning")}
        level = nodes.choice(self.doc, pairs.get("level"), "level", LEVELS, "unknown-level")
        status = nodes.choice(self.doc, pairs.get("status"), "status", STATUSES, "unknown-status")
        correlation = self._correlation(_body(self.doc))
        event = nodes.mapping(self.doc, pairs.get("event"), "event", ("open for",))
        open_for = self._duration(event.get("open for"), "open for") or correlation.timespan
        examples = read_timelines(self.doc, pairs.get("examples"), correlation, {*self.known.files, *INDICATORS})
        if status == "stable" and all(example.matches for example in examples):
            self.doc.error("no-negative", pairs["status"], "a stable rule needs an example under 'no match'")
        references = tuple(self._reference(item) for item in self._items(pairs, "references"))
        falsepositives = nodes.texts(self.doc, pairs.get("falsepositives"), "falsepositives")
        if self.doc.errors:
            return None
        return CorrelationRule(
            rule_id, text["title"], level, status, text["meaning"], references, falsepositives, correlation, open_for,
            examples, digest(self.doc.root)[:8], self.doc.name,
        )  # fmt: skip

    def _items(self, pairs: Mapping[str, Node], key: str) -> list[Node]:
        return nodes.sequence(self.doc, pairs.get(key), key)

    def _reference(self, node: Node) -> Reference:
        pairs = nodes.mapping(self.doc, node, "a reference", ("report", "quote"), ("report", "quote"))
        return Reference(*(nodes.text(self.doc, pairs.get(key), key) for key in ("report", "quote")))

    def _correlation(self, node: Node | None) -> Correlation:
        pairs = nodes.mapping(self.doc, node, "correlation", _WATCH_KEYS)
        lacks(self.doc, node, pairs, "correlation", _WATCH)
        kind = nodes.choice(self.doc, pairs.get("type"), "type of correlation", KINDS, "unknown-type")
        if node and kind:
            self._check_keys(node, pairs, kind)
        rules = self._rules(pairs.get("rules"))
        if kind.startswith("temporal") and len(rules) == 1:
            fix = "Name a second rule, or write type: event_count."
            self.doc.error("too-few-rules", pairs["rules"], f"{kind} needs two rules or more", fix)
        timespan = self._duration(pairs.get("timespan"), "timespan")
        baseline = self._duration(pairs.get("baseline"), "baseline")
        if timespan and baseline and baseline < timespan:
            fix = "A rate is held against several such spans, e.g. timespan: 7d, baseline: 90d."
            self.doc.error("baseline", pairs["baseline"], "the baseline is shorter than the timespan", fix)
        return Correlation(
            cast("Kind", kind), rules, self._chosen(pairs, "group by", GROUPINGS, "unknown-grouping"), timespan,
            self._at_least(pairs.get("at least")), baseline, self._times(pairs.get("times")),
            self._chosen(pairs, "states", STATES, "unknown-state"),
        )  # fmt: skip

    def _check_keys(self, node: Node, pairs: Mapping[str, Node], kind: str) -> None:
        lacks(self.doc, node, pairs, kind, _OF_TYPE[kind])
        for key in ("at least", "baseline", "times"):
            if key in pairs and key not in _OF_TYPE[kind]:
                takes = " or ".join(name for name, keys in _OF_TYPE.items() if key in keys)
                fix = f"Leave it out; it belongs to {takes}."
                self.doc.error("forbidden-key", node.keys.get(key, pairs[key]), f"{kind} takes no {key!r}", fix)

    def _rules(self, node: Node | None) -> tuple[str, ...]:
        listed = nodes.sequence(self.doc, node, "rules")
        if node is not None and node.kind == "sequence" and not listed:
            self.doc.error("empty", node, "rules is empty", "Name the rules whose events are watched.")
        found: list[str] = []
        for item in listed:
            name = nodes.text(self.doc, item, "a rule")
            if name in found:
                self.doc.error("duplicate-rule", item, f"{name} stands here a second time", nodes.ONE_OF_TWO)
            elif name:
                found.append(self._checked_rule(item, name))
        return tuple(found)

    def _checked_rule(self, node: Node, name: str) -> str:
        """The id, or the one that was meant, so that the examples are not told to name another rule."""
        if name in self.known.escalations:
            itself = name == _id(self.doc)
            reason = "an escalation rule cannot watch itself" if itself else f"{name} is an escalation rule itself"
            self.doc.error("chain", node, reason, "Watch the rules whose events it is made of.")
        elif name not in self.known.files and name not in INDICATORS:
            known = {*self.known.files, *INDICATORS}
            self.doc.error("unknown-rule", node, f"there is no rule {name!r}", did_you_mean(name, known))
            return meant(name, known) or name
        elif name in self.known.rules and self.known.rules[name].status == "deprecated":
            self.doc.error("deprecated-rule", node, f"the rule {name} is deprecated and matches nothing")
        return name

    def _chosen(self, pairs: Mapping[str, Node], key: str, known: Collection[str], code: str) -> tuple[str, ...]:
        """Words of a list, each of those that are `known` and once."""
        found: dict[str, None] = {}
        for item in self._items(pairs, key):
            word = nodes.choice(self.doc, item, code.removeprefix("unknown-"), known, code)
            if word in found:
                self.doc.error(code, item, f"{word} stands here a second time", nodes.ONE_OF_TWO)
            elif word:
                found[word] = None
        return tuple(found)

    def _duration(self, node: Node | None, key: str) -> timedelta:
        """A span of time; zero when there is none or it has a fault."""
        written = nodes.text(self.doc, node, key)
        found = _DURATION.fullmatch(written)
        span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta(0)
        if written and not timedelta(0) < span <= _LONGEST:
            too_long = " is more than ten years" if span else f" is {written!r}"
            self.doc.error("duration", node, f"{key}{too_long}", "Write e.g. 72h, 7d or 12w (hours, days, weeks).")
            return timedelta(0)
        return span

    def _at_least(self, node: Node | None) -> int:
        number = nodes.number(self.doc, node, "at least", 9999) if node else None
        if number is not None and number < 2:
            fix = "Each single event alerts by itself; write 2 or more."
            self.doc.error("number", node, f"at least is {number}", fix)
        return number or 0

    def _times(self, node: Node | None) -> Fraction:
        written = nodes.text(self.doc, node, "times")
        times = Fraction(written) if _TIMES.fullmatch(written) else Fraction(0)
        if written and times <= 1:
            self.doc.error("number", node, f"times is {written!r}", "Write a number above 1, e.g. 3 or 2.5.")
        return times

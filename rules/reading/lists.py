"""Shared lists: terms, actors, guards, numbers and places that rules use by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from rules.article import LANGUAGES
from rules.clauses import Ref
from rules.diagnostics import did_you_mean
from rules.expressions import Expression, Expressions
from rules.inflection import MONTHS
from rules.match import Stance
from rules.places import Entry
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.termgroups import BESIDE, Terms, group_terms, is_language
from rules.rule import Guard
from rules.scan import PlaceGroups
from rules.terms import ANY, Phrase, TermIndex, parse_term

SIDES = ("am", "az", "ka", "ru", "tr", "ge", "eu", "us", "int", "ir", "other")
EITHER_SIDE = ("am", "az", "ka")
SOURCE_SIDES = SIDES[:9]
PLACES, SOURCE = "places", "source"
WHERE = ("title", "sentence", "anywhere", "before")
_KEYS = ("title", "terms", "actors", "guards", "numbers", "traps", "uses")
MOST_TERMS = 200_000
"""Terms of a rulebook, over all files and languages; they take some 100 MB."""
_GREATEST = 10**9


@dataclass(slots=True)
class Groups:
    """The numbers of all term groups, and the index that their terms are in."""

    index: TermIndex = field(default_factory=TermIndex)
    expressions: Expressions = field(default_factory=Expressions)
    excluded: dict[int, int] = field(default_factory=dict)
    weak: dict[int, int] = field(default_factory=dict)
    count: int = 0
    terms: int = 0

    @property
    def full(self) -> bool:
        """Whether the rulebook holds as many terms as it may; further ones are left out."""
        return self.terms >= MOST_TERMS

    def new(self, terms: Terms) -> int:
        """A new group of `terms`; the numbers that follow it are those of its exclusions and of its weak terms."""
        group, excluded, weak = range(self.count, self.count + 3)
        self.count += 3
        number = {"": group, "not": excluded, "weak": weak}
        for term, role in terms:
            self.terms += len(LANGUAGES) if term.language == ANY else 1
            if self.full:
                break
            if isinstance(term, Expression):
                self.expressions.add(term, number[role])
            else:
                self.index.add(term, number[role])
        roles = {role for _, role in terms}
        if "weak" in roles:
            self.weak[group] = weak
        if "not" in roles:
            self.excluded |= {group: excluded, weak: excluded}
        return group

    def ref(self, name: str, groups: Iterable[int]) -> Ref:
        """What a clause names, with the weak terms of its groups."""
        listed = tuple(groups)
        return Ref(name, listed, tuple(self.weak[group] for group in listed if group in self.weak))


@dataclass(slots=True)
class Lists:
    """All shared lists: list -> part -> groups. The part "" is the whole list."""

    groups: Groups
    parts: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    actors: dict[int, str] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    traps: dict[str, list[int]] = field(default_factory=lambda: {"before": [], "after": []})
    guards: list[Guard] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    months: int = 0
    broken: set[str] = field(default_factory=set)
    everywhere: set[str] = field(default_factory=lambda: {PLACES})
    """The lists that every rule reads: those with guards, what these are silenced by, number words, and places."""

    def resolve(self, written: str, own: Mapping[str, int], uses: tuple[str, ...] | None) -> Ref | tuple[str, str]:
        """The groups that `written` names, else what is wrong and what was probably meant. No `uses`: all lists."""
        if written in own:
            return self.groups.ref(written, (own[written],))
        head, _, part = written.partition(".")
        allowed = set(self.parts) if uses is None else {*uses, SOURCE} & set(self.parts)
        if head not in allowed:
            if head in self.parts:
                return f"the list {head} is not among the lists in uses", f"Add {head} to uses."
            return f"{written!r} is no term group here and no list", did_you_mean(written, own.keys() | allowed)
        if head == SOURCE and not part:
            return "source needs a side", f"Write e.g. {SOURCE}.am or {SOURCE}.either-side."
        if part not in self.parts[head]:
            known = [f"{head}.{each}" for each in self.parts[head] if each]
            return f"the list {head} has no part {part!r}", did_you_mean(written, known)
        return self.groups.ref(written, self.parts[head][part])


def tell_full(doc: Document, lists: Lists) -> None:
    """Note, in each file that came too late, that the rulebook is full."""
    if lists.groups.full:
        reason = f"all files together hold more than {MOST_TERMS:,} terms; this one is not in force"
        doc.error("too-many-terms", doc.root, reason, "A term under any counts once for each language.")


def looks_like_a_list(root: Node) -> bool:
    """Whether a file that lies beside the rules has what only lists have, and nothing that only rules have."""
    if not root.pairs.keys().isdisjoint(("id", "clauses", "condition", "examples", "status", "level")):
        return False
    return not root.pairs.keys().isdisjoint(("actors", "guards", "numbers", "traps")) or root.pairs.keys() == {
        "title",
        "terms",
    }


def read_list(doc: Document, name: str, lists: Lists) -> None:
    """Read one list file into `lists`; what is good of a broken one is kept. Guards are read by `read_guards`."""
    if doc.root and not doc.root.pairs.keys().isdisjoint(("clauses", "condition", "correlation")):
        doc.error("not-a-list", doc.root, "this is a rule, not a shared list", "Move it out of the folder lists/.")
        return
    pairs = nodes.mapping(doc, doc.root, "a list", _KEYS, ("title",))
    nodes.text(doc, pairs.get("title"), "title")
    if name in (PLACES, SOURCE):
        meant = "the gazetteer, places.csv" if name == PLACES else "an article's source"
        doc.error("name", doc.root, f"{name} is the name of {meant}", "Call the list otherwise.")
        return
    parts: dict[str, list[int]] = {"": []}
    terms = pairs.get("terms")
    for group, node in nodes.mapping(doc, terms, "terms").items():
        if is_language(doc, group, node, terms.keys[group] if terms else node):
            continue
        nodes.name(doc, node, "a term group", group)
        parts[group] = [lists.groups.new(group_terms(doc, node, group))]
        parts[""] += parts[group]
    for node in nodes.sequence(doc, pairs.get("actors"), "actors"):
        _read_actor(doc, node, parts, lists)
    _read_numbers(doc, pairs, lists)
    tell_full(doc, lists)
    lists.parts[name] = parts
    lists.digests[name] = digest(doc.root)
    if not pairs.keys().isdisjoint(("guards", "numbers", "traps")):
        lists.everywhere.add(name)


def read_guards(doc: Document, lists: Lists) -> None:
    """Read the guards of one list file, in their order; their `unless` may name any list."""
    for node in nodes.sequence(doc, doc.root.pairs.get("guards") if doc.root else None, "guards"):
        keys = ("name", "stance", "where", "unless", "terms")
        pairs = nodes.mapping(doc, node, "a guard", keys, ("name", "stance", "where", "terms"))
        if not pairs.keys() >= {"name", "stance", "where", "terms"}:
            continue
        name = nodes.name(doc, pairs["name"], "a guard")
        stance = nodes.choice(doc, pairs["stance"], "stance", nodes.STANCES, "unknown-stance")
        where = _where(doc, pairs["where"])
        unless: list[int] = []
        for item in nodes.sequence(doc, pairs.get("unless"), "unless"):
            ref = lists.resolve(nodes.text(doc, item, "a list"), {}, None)
            if isinstance(ref, Ref):
                unless += ref.groups
                lists.everywhere.add(ref.name.partition(".")[0])
            else:
                doc.error("unknown-ref", item, *ref)
        group = lists.groups.new(group_terms(doc, pairs["terms"], f"of the guard {name}"))
        if any(guard.name == name for guard in lists.guards):
            doc.error("duplicate-guard", pairs["name"], f"a second guard is called {name}")
        elif stance and where:
            lists.guards.append(Guard(name, cast("Stance", stance), where, (group,), tuple(unless)))


def _where(doc: Document, node: Node) -> frozenset[str]:
    """One of title, sentence, anywhere, or a list of them."""
    written = node.items if node.kind == "sequence" else [node]
    where = frozenset(filter(None, (nodes.choice(doc, each, "where", WHERE, "unknown-where") for each in written)))
    if not written:
        doc.error("empty", node, "where is empty", f"Known are: {', '.join(WHERE)}.")
    if "anywhere" in where and len(where) > 1:
        doc.error("where", node, "anywhere is title and sentence already", "Write where: anywhere.")
    return where


def read_sources(lists: Lists) -> None:
    """Give each side of a source a group, which no word shows: `source.am` and its like."""
    lists.sources = {side: lists.groups.new([]) for side in SOURCE_SIDES}
    sides = {side: [group] for side, group in lists.sources.items()}
    lists.parts[SOURCE] = sides | {"either-side": [lists.sources[side] for side in EITHER_SIDE]}


def read_gazetteer(entries: list[Entry], data: bytes | None, lists: Lists) -> PlaceGroups:
    """Put the rows of the gazetteer into the index: row n is the group -n - 1, which `Scan` turns into three others.

    Without a gazetteer (`data` is None) there is no list of places.
    """
    of_place = PlaceGroups(*(lists.groups.new([]) for _ in range(3)))
    for row, entry in enumerate(entries):
        for term in entry.terms():
            lists.groups.index.add(term, -row - 1)
    if data is not None:
        lists.parts[PLACES] = {"": [of_place.near], "context": [of_place.context], "all": [of_place.every]}
        lists.digests[PLACES] = hashlib.sha256(data).hexdigest()
    return of_place


def read_months(lists: Lists) -> None:
    """Put the months' names into the index."""
    terms = [parse_term(month, language) for language, months in MONTHS.items() for month in months.split()]
    lists.months = lists.groups.new([(term, "") for term in terms if isinstance(term, Phrase)])


def digest(node: Node | None) -> str:
    """A hash of what a file says, however it is laid out."""
    content = node.content() if node else None
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _read_actor(doc: Document, node: Node, parts: dict[str, list[int]], lists: Lists) -> None:
    keys = ("name", "side", "groups", *_LANGUAGE_KEYS)
    pairs = nodes.mapping(doc, node, "an actor", keys, ("name", "side"))
    name = nodes.text(doc, pairs.get("name"), "name")
    side = nodes.choice(doc, pairs.get("side"), "side", SIDES, "unknown-side")
    terms = Node("mapping", node.line, node.column)
    terms.pairs = {key: value for key, value in pairs.items() if key in _LANGUAGE_KEYS}
    group = lists.groups.new(group_terms(doc, terms, name or "an actor"))
    lists.actors[group] = name
    places = ["", side, *nodes.texts(doc, pairs.get("groups"), "groups")]
    for part in dict.fromkeys(places + ["either-side"] * (side in EITHER_SIDE)):
        parts.setdefault(part, []).append(group)


_LANGUAGE_KEYS = (*LANGUAGES, ANY, *BESIDE)


def _read_numbers(doc: Document, pairs: dict[str, Node], lists: Lists) -> None:
    by_value: dict[int, Terms] = {}
    for language, words in nodes.mapping(doc, pairs.get("numbers"), "numbers", LANGUAGES).items():
        for word, node in nodes.mapping(doc, words, "numbers").items():
            written = nodes.text(doc, node, "a number")
            term = parse_term(word, language)
            if not written.isdecimal() or len(written) > 10 or int(written) > _GREATEST:
                doc.error("number", node, f"{written!r} is no number of at most {_GREATEST:,}")
            elif isinstance(term, str):
                doc.error("term", words.keys[word], term)
            else:
                by_value.setdefault(int(written), []).append((term, ""))
    for value, terms in by_value.items():
        lists.numbers[lists.groups.new(terms)] = value
    for side, node in nodes.mapping(doc, pairs.get("traps"), "traps", ("before", "after")).items():
        lists.traps[side].append(lists.groups.new(group_terms(doc, node, f"traps {side}")))

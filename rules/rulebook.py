"""The rulebook: all rule files and lists of one or more folders, read, checked and compiled."""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from rules import condition
from rules.correlation import CorrelationRule
from rules.diagnostics import RuleError
from rules.errors import BorderwatchError
from rules.numbers import NumberWords
from rules.places import Entry
from rules.reading.correlationfile import is_correlation, read_correlations
from rules.reading.document import MAX_BYTES, Document
from rules.reading.gazetteer import read_places
from rules.reading.lists import PLACES, Groups, Lists, read_gazetteer, read_guards, read_list, read_months, read_sources
from rules.reading.rulefile import RuleReader
from rules.rule import Guard, Rule
from rules.scan import PlaceGroups, Vocabulary

_GAZETTEER = "lists/places.csv"


Triggers = Mapping[int, frozenset[str]]
"""The rules that a group makes worth a look."""


class RuleErrors(BorderwatchError):  # noqa: N818 - it holds many
    """All that is wrong with all files. `partial` is the rulebook of what is good."""

    def __init__(self, errors: Iterable[RuleError], partial: Rulebook) -> None:
        self.errors = tuple(sorted(errors))
        self.partial = partial
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: `name` as seen from its folder (`lists/places.csv`), where it lies, what it holds."""

    name: str
    path: Path
    data: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """What it says, line ends as they are."""
        return self.data.decode("utf-8-sig", "replace")

    @property
    def digest(self) -> str:
        """What its text is known by: SHA-256, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules by id, compiled into one index of terms. Read-only; safe to share between threads."""

    rules: Mapping[str, Rule]
    guards: tuple[Guard, ...]
    vocabulary: Vocabulary = field(repr=False)
    numbers: NumberWords = field(repr=False)
    _gates: Mapping[str, condition.Gate] = field(repr=False)
    _triggers: tuple[Triggers, Triggers] = field(repr=False)
    _always: frozenset[str] = field(repr=False)
    _everywhere: frozenset[str] = field(repr=False)
    sources: Mapping[str, SourceFile] = field(repr=False)
    """The files that were read, rules and lists, by name; with those that have faults."""
    correlations: Mapping[str, CorrelationRule] = field(default_factory=dict)
    """The escalation rules by id; no article is matched against them."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The shared lists, the gazetteer and `source`, each with the names of its parts."""
    warnings: tuple[RuleError, ...] = ()
    """What was probably a mistake in the uppermost files, but harms nothing; also in files with faults."""

    def sources_of(self, rule: Rule | CorrelationRule) -> tuple[SourceFile, dict[str, SourceFile]]:
        """What the version of `rule` is made of: its own file, and those of the lists that it uses, by list."""
        lists = {Path(name).stem: source for name, source in self.sources.items() if name.startswith("lists/")}
        used = sorted({*rule.uses, *self._everywhere}) if isinstance(rule, Rule) else []
        return self.sources[Path(rule.file).name], {name: lists[name] for name in used if name in lists}

    def candidates(self, seen: frozenset[int]) -> list[Rule]:
        """The rules that an article which may show the groups `seen` is worth a look for."""
        of_place = self.vocabulary.of_place
        shown = seen.union(group for entry in self._named(seen) for group in of_place.of(entry))
        first, second = (_triggered(triggers, shown) for triggers in self._triggers)
        asked = (first & second) | self._always
        return [self.rules[rule] for rule in asked if condition.passes(self._gates[rule], shown)]

    def _named(self, seen: frozenset[int]) -> Iterator[Entry]:
        return (self.vocabulary.gazetteer[-group - 1] for group in seen if group < 0)


def library() -> Path:
    """The folder of the rules that come with the program."""
    return Path(__file__).parent / "library"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Leave the garbage collector off: what is loaded stays, and looking through it in vain took half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def load_rulebook(*paths: Path) -> Rulebook:
    """Read `paths`, a later one laid over an earlier: a file of the same name replaces the earlier one.

    Each is a folder (of rule files, with `lists/` in it) or a single file.

    Raises RuleErrors with all faults of all files at once; its `partial` holds what is good, an earlier folder's
    file standing in for a broken one that replaced it.
    """
    errors: list[RuleError] = []
    layers: dict[str, list[Path]] = {}
    for given in paths:
        for relative, path in _files(given, errors):
            layers.setdefault(relative, []).append(path)
    book, faults = _load(layers)
    warnings = book.warnings
    errors += [error for found in faults.values() for error in found]
    if not errors:
        return book
    while broken := [relative for relative in faults if len(layers[relative]) > 1]:
        layers |= {relative: layers[relative][:-1] for relative in broken}
        book, faults = _load(layers)
    raise RuleErrors(errors, replace(book, warnings=warnings))


def _files(given: Path, errors: list[RuleError]) -> Iterator[tuple[str, Path]]:
    if given.is_dir():
        folder, found = given, sorted((*given.glob("*"), *given.glob("lists/*")))
    elif given.exists():
        folder, found = given.parent.parent if given.parent.name == "lists" else given.parent, [given]
    else:
        errors.append(RuleError(str(given), 1, 1, "folder", "", "there is no such folder or file of rules"))
        return
    for path in found:
        relative = path.relative_to(folder).as_posix()
        if path is not given and path.name.startswith("."):
            continue
        if path.suffix == ".yaml" or relative == _GAZETTEER:
            yield relative, path
        elif path is given or _is_meant(path):
            stem = path.name.partition(".")[0]
            fix = f"Call it {stem}.yaml." if relative != "places.csv" else f"Move it to {_GAZETTEER}."
            errors.append(RuleError(str(path), 1, 1, "suffix", "", "the file is not read: rules end in .yaml", fix))


def _is_meant(path: Path) -> bool:
    """Whether a file that is not read was probably meant to be: x.yml, X.YAML, x.yaml.txt, places.csv elsewhere."""
    name = path.name.lower()
    return name.endswith((".yml", ".yaml", ".yaml.txt", ".yml.txt", ".json")) or name == "places.csv"


def _load(layers: Mapping[str, list[Path]]) -> tuple[Rulebook, dict[str, list[RuleError]]]:
    """The rulebook of what is good in the uppermost files, and the faults by relative path."""
    files = {relative: paths[-1] for relative, paths in sorted(layers.items())}
    faults: dict[str, list[RuleError]] = {}
    documents = {}
    sources: dict[str, SourceFile] = {}
    gazetteer: bytes | None = None
    for relative, path in files.items():
        data = _bytes(path, faults.setdefault(relative, []))
        if data is not None:
            sources[relative] = SourceFile(relative, path, data)
        if data is not None and relative != _GAZETTEER:
            documents[relative] = Document(str(path), data)
        elif data is not None:
            gazetteer = data
    lists = Lists(Groups())
    read_sources(lists)
    entries: list[Entry] = []
    if gazetteer is not None:
        entries, faults[_GAZETTEER] = read_places(str(files[_GAZETTEER]), gazetteer)
    of_place = read_gazetteer(entries, gazetteer, lists)
    if faults.get(_GAZETTEER):
        lists.broken.add(PLACES)
    shared = {relative: doc for relative, doc in documents.items() if relative.startswith("lists/")}
    _read_lists(shared, lists)
    own = {key: doc for key, doc in documents.items() if key not in shared}
    rules = _read_rules({key: doc for key, doc in own.items() if not is_correlation(doc)}, lists)
    correlations = read_correlations(own.values(), rules)
    for relative, doc in documents.items():
        faults[relative] += doc.errors
    warnings = sorted(warning for doc in documents.values() for warning in doc.warnings)
    book = replace(
        _compiled(rules, lists, entries, of_place, sources),
        correlations=MappingProxyType(correlations),
        warnings=tuple(warnings),
    )
    return book, {relative: found for relative, found in faults.items() if found}


def _bytes(path: Path, errors: list[RuleError]) -> bytes | None:
    try:
        if path.is_file() and path.stat().st_size <= MAX_BYTES:
            return path.read_bytes()
        if path.is_file():
            reason, fix = f"it has more than {MAX_BYTES:,} bytes", "Share it out among several files."
        else:
            reason, fix = "it is no file", "Take it out of the folder."
    except (OSError, ValueError) as error:
        reason, fix = (getattr(error, "strerror", None) or "unreadable").lower(), "See who may read it."
    errors.append(RuleError(str(path), 1, 1, "unreadable", "", f"the file cannot be read: {reason}", fix))
    return None


def _read_lists(documents: Mapping[str, Document], lists: Lists) -> None:
    for relative, doc in documents.items():
        if doc.root is not None:
            read_list(doc, Path(relative).stem, lists)
    for doc in documents.values():
        read_guards(doc, lists)
    read_months(lists)
    lists.broken |= {Path(relative).stem for relative, doc in documents.items() if doc.errors}


def _read_rules(documents: Mapping[str, Document], lists: Lists) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for doc in sorted(documents.values(), key=_is_named_otherwise):
        rule = RuleReader.of(doc, lists).read()
        if rule is None:
            continue
        if rule.id in rules and doc.root:
            first = rules[rule.id].file
            reason = f"the id {rule.id} is that of {first}:{_line_of_id(documents, first)} as well"
            fix = f"Give one another id; a file that is to replace the other bears its name, {Path(first).name}."
            doc.error("duplicate-id", doc.root.pairs["id"], reason, fix)
        else:
            rules[rule.id] = rule
    return rules


def _is_named_otherwise(doc: Document) -> bool:
    """Whether the file is not called as its rule: of two with one id, the one that is called so is the right one."""
    written = doc.root.pairs.get("id") if doc.root else None
    return written is not None and written.text != Path(doc.name).stem


def _line_of_id(documents: Mapping[str, Document], file: str) -> int:
    roots = (doc.root for doc in documents.values() if doc.name == file)
    return next((root.keys["id"].line for root in roots if root and "id" in root.keys), 1)


def _compiled(
    rules: dict[str, Rule],
    lists: Lists,
    entries: list[Entry],
    of_place: PlaceGroups,
    sources: dict[str, SourceFile],
) -> Rulebook:
    gates = {rule.id: _gate(rule) for rule in rules.values() if rule.status != "deprecated"}
    common = {*lists.actors, *lists.sources.values(), *of_place}
    return Rulebook(
        MappingProxyType(rules),
        tuple(lists.guards),
        Vocabulary(
            lists.groups.index,
            lists.groups.expressions,
            tuple(entries),
            of_place,
            lists.groups.excluded,
            lists.actors,
            lists.sources,
        ),
        NumberWords(lists.numbers, (lists.months,), tuple(lists.traps["before"]), tuple(lists.traps["after"])),
        MappingProxyType(gates),
        _triggers(gates, common),
        frozenset(name for name, gate in gates.items() if gate == condition.OPEN),
        frozenset(lists.everywhere),
        MappingProxyType(sources),
        lists=MappingProxyType({name: tuple(filter(None, parts)) for name, parts in sorted(lists.parts.items())}),
    )


def _gate(rule: Rule) -> condition.Gate:
    return condition.gate(rule.condition, lambda name: rule.clauses[name].gate())


def _triggers(gates: Mapping[str, condition.Gate], common: Set[int]) -> tuple[Triggers, Triggers]:
    """The rules by the groups of the need that tells most of them, and by those of the next.

    A rule is worth a look when one of each is seen. A rule with one need has it twice, and so has one whose others are
    met by most articles of the region.
    """
    first: defaultdict[int, set[str]] = defaultdict(set)
    second: defaultdict[int, set[str]] = defaultdict(set)
    for name, gate in gates.items():
        needs = condition.needs(gate, common)[:2]
        if not needs:
            continue
        for group in needs[0]:
            first[group].add(name)
        for group in needs[-1] if common.isdisjoint(needs[-1]) else needs[0]:
            second[group].add(name)
    return _frozen(first), _frozen(second)


def _frozen(triggers: Mapping[int, set[str]]) -> Triggers:
    return MappingProxyType({group: frozenset(names) for group, names in triggers.items()})


def _triggered(triggers: Triggers, shown: frozenset[int]) -> frozenset[str]:
    return frozenset().union(*[triggers[group] for group in triggers.keys() & shown])

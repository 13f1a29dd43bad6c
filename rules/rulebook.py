"""The rulebook: all rule files and lists of one or more folders, read, checked and compiled."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from rules import condition
from rules.diagnostics import RuleError
from rules.errors import BorderwatchError
from rules.numbers import NumberWords
from rules.places import Entry
from rules.reading.document import MAX_BYTES, Document
from rules.reading.gazetteer import read_places
from rules.reading.lists import PLACES, Groups, Lists, read_gazetteer, read_guards, read_list, read_months, read_sources
from rules.reading.rulefile import RuleReader, lists_of
from rules.rule import Guard, Rule
from rules.scan import PlaceGroups, Vocabulary

_GAZETTEER = "lists/places.csv"


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
    _triggers: Mapping[int, tuple[str, ...]] = field(repr=False)
    _always: tuple[str, ...] = field(repr=False)
    sources: Mapping[str, SourceFile] = field(repr=False)
    """The files that were read, rules and lists, by name; with those that have faults."""

    def sources_of(self, rule: Rule) -> tuple[SourceFile, dict[str, SourceFile]]:
        """What the version of `rule` is made of: its own file, and those of the lists that it uses, by list."""
        lists = {Path(name).stem: source for name, source in self.sources.items() if name.startswith("lists/")}
        return self.sources[Path(rule.file).name], {name: lists[name] for name in lists_of(rule.uses) if name in lists}

    def candidates(self, seen: frozenset[int]) -> list[Rule]:
        """The rules that an article which may show the groups `seen` is worth a look for."""
        of_place = self.vocabulary.of_place
        shown = seen.union(group for entry in self._named(seen) for group in of_place.of(entry))
        asked = {rule: None for group in shown for rule in self._triggers.get(group, ())}
        opened = (rule for rule in (*asked, *self._always) if condition.passes(self._gates[rule], shown))
        return [self.rules[rule] for rule in opened]

    def _named(self, seen: frozenset[int]) -> Iterator[Entry]:
        return (self.vocabulary.gazetteer[-group - 1] for group in seen if group < 0)


def library() -> Path:
    """The folder of the rules that come with the program."""
    return Path(__file__).parent / "library"


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
    errors += [error for found in faults.values() for error in found]
    if not errors:
        return book
    while broken := [relative for relative in faults if len(layers[relative]) > 1]:
        layers |= {relative: layers[relative][:-1] for relative in broken}
        book, faults = _load(layers)
    raise RuleErrors(errors, book)


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
        if path.suffix == ".yaml" or relative == _GAZETTEER:
            yield relative, path
        elif path is given or path.suffix.lower() in (".yml", ".yaml"):
            errors.append(RuleError(str(path), 1, 1, "suffix", "", "the file is not read", "Call it .yaml."))


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
    rules = _read_rules({key: doc for key, doc in documents.items() if key not in shared}, lists)
    for relative, doc in documents.items():
        faults[relative] += doc.errors
    book = _compiled(rules, lists, entries, of_place, sources)
    return book, {relative: found for relative, found in faults.items() if found}


def _bytes(path: Path, errors: list[RuleError]) -> bytes | None:
    try:
        if path.is_file() and path.stat().st_size <= MAX_BYTES:
            return path.read_bytes()
        reason = f"more than {MAX_BYTES:,} bytes" if path.is_file() else "no file"
    except OSError as error:
        reason = error.strerror or "unreadable"
    errors.append(RuleError(str(path), 1, 1, "unreadable", "", f"cannot be read: {reason}"))
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
    for doc in documents.values():
        rule = RuleReader(doc, lists).read()
        if rule is None:
            continue
        if rule.id in rules and doc.root:
            reason = f"the id {rule.id} is that of {rules[rule.id].file} as well"
            doc.error("duplicate-id", doc.root.pairs["id"], reason, "Give one of the two another id.")
        else:
            rules[rule.id] = rule
    return rules


def _compiled(
    rules: dict[str, Rule],
    lists: Lists,
    entries: list[Entry],
    of_place: PlaceGroups,
    sources: dict[str, SourceFile],
) -> Rulebook:
    gates = {rule.id: _gate(rule) for rule in rules.values() if rule.status != "deprecated"}
    triggers: dict[int, list[str]] = {}
    always: list[str] = []
    common = {*lists.actors, *lists.sources.values(), *of_place}
    for name, gate in gates.items():
        if gate == condition.OPEN:
            always.append(name)
        for group in condition.opening(gate, common):
            triggers.setdefault(group, []).append(name)
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
        MappingProxyType({group: tuple(names) for group, names in triggers.items()}),
        tuple(always),
        MappingProxyType(sources),
    )


def _gate(rule: Rule) -> condition.Gate:
    return condition.gate(rule.condition, lambda name: rule.clauses[name].gate())

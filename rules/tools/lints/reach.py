"""Which languages the parts of a rule can be met in, by the terms that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules.article import LANGUAGES
from rules.clauses import ClauseRule, Ref
from rules.condition import AtLeast, Clause, Condition, Not, mentioned
from rules.reading.lists import PLACES, SOURCE
from rules.rule import Rule
from rules.tools.lints.written import Group

_EVERY = frozenset(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Reach:
    """All term groups: of each file by name, and of each list by part."""

    own: Mapping[str, Mapping[str, Group]]
    lists: Mapping[str, Mapping[str, Sequence[Group]]]

    @classmethod
    def of(cls, groups: Mapping[str, Sequence[Group]]) -> Reach:
        """From the groups of all files, by path."""
        lists: dict[str, dict[str, list[Group]]] = {}
        for path, inside in groups.items():
            for group in inside:
                for part in group.parts:
                    lists.setdefault(Path(path).stem, {}).setdefault(part, []).append(group)
        own = {path: {group.name: group for group in inside if not group.guard} for path, inside in groups.items()}
        return cls(own, lists)

    def groups(self, rule: Rule, ref: Ref) -> list[Group]:
        """The groups that a name in a clause stands for, where they have terms; places and sources have none."""
        found: list[Group] = []
        for name in ref.name.split(" or "):
            if name in self.own[rule.file]:
                found.append(self.own[rule.file][name])
            else:
                head, _, part = name.partition(".")
                found += self.lists.get(head, {}).get(part, ())
        return found

    def languages(self, rule: Rule, ref: Ref) -> frozenset[str]:
        """The languages in which a name in a clause can be met; a place and a source in any."""
        heads = {name.partition(".")[0] for name in ref.name.split(" or ")} - self.own[rule.file].keys()
        if heads & {PLACES, SOURCE}:
            return _EVERY
        return frozenset().union(*(group.languages() for group in self.groups(rule, ref)))

    def clause(self, rule: Rule, clause: ClauseRule) -> frozenset[str]:
        """The languages in which a clause can hold."""
        each = [self.languages(rule, ref) for ref in clause.refs]
        return frozenset().union(*each) if clause.kind == "any" else _EVERY.intersection(*each)

    def rule(self, rule: Rule) -> frozenset[str]:
        """The languages in which the condition can hold."""
        clauses = {name: self.clause(rule, clause) for name, clause in rule.clauses.items()}
        return frozenset(
            language
            for language in LANGUAGES
            if can_hold(rule.condition, {name for name, spoken in clauses.items() if language in spoken})
        )


def can_hold(condition: Condition, possible: set[str]) -> bool:
    """Whether the condition can hold when only the `possible` clauses can; what stands under `not` need not."""
    match condition:
        case Clause(name):
            return name in possible
        case Not():
            return True
        case AtLeast(count, parts):
            return sum(can_hold(part, possible) for part in parts) >= count


def wanted(rule: Rule) -> list[tuple[ClauseRule, Ref]]:
    """What the condition wants to be there: the clauses that stand under no `not`, each with its names."""
    names = dict.fromkeys(name for name, asked in mentioned(rule.condition) if asked)
    return [(rule.clauses[name], ref) for name in names for ref in rule.clauses[name].refs]

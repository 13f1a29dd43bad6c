"""The condition of a rule: named clauses with and, or, not, brackets and `1 of them`.

condition = either {"or" either};  either = one {"and" one}
one = "not" one | "(" condition ")" | ("all" | NUMBER) "of" ("them" | NAME*) | NAME
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Literal

_WORD = re.compile(r"\(|\)|[^\s()]+")
_RESERVED = frozenset(("and", "or", "not", "of", "them", "all"))
_DEEPEST = 20

Gate = frozenset[int] | tuple[Literal["all", "any"], tuple["Gate", ...]]
"""What must be seen before a condition is worth a look: one of some groups, or all or any of further gates."""

OPEN: Gate = ("all", ())
"""The gate that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Holds when the clause of that name holds."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its part does not."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Holds when `count` of its parts hold: all of them is `and`, one is `or`."""

    count: int
    parts: tuple[Condition, ...]


Condition = Clause | Not | AtLeast


class ConditionError(ValueError):
    """What is wrong with a condition, and where: `offset` characters into it."""

    def __init__(self, offset: int, reason: str, word: str = "") -> None:
        super().__init__(reason)
        self.offset, self.reason, self.word = offset, reason, word


def parse_condition(text: str, names: Sequence[str]) -> Condition:
    """The condition over the clauses `names`. Raises ConditionError."""
    return _Parser(text, names).parse()


def holds(condition: Condition, clause: Callable[[str], bool]) -> bool:
    """Whether the condition holds, given what tells whether a clause does."""
    match condition:
        case Clause(name):
            return clause(name)
        case Not(part):
            return not holds(part, clause)
        case AtLeast(count, parts):
            return sum(holds(part, clause) for part in parts) >= count


def supporting(condition: Condition, clause: Callable[[str], bool]) -> Iterator[str]:
    """The clauses by which a condition that holds does hold; what is under a `not` supports nothing."""
    match condition:
        case Clause(name):
            yield name
        case AtLeast(_, parts):
            for part in parts:
                if holds(part, clause):
                    yield from supporting(part, clause)


def mentioned(condition: Condition, *, wanted: bool = True) -> Iterator[tuple[str, bool]]:
    """The names of all clauses in the condition, each with whether it is wanted: under a `not` it is not."""
    match condition:
        case Clause(name):
            yield name, wanted
        case Not(part):
            yield from mentioned(part, wanted=not wanted)
        case AtLeast(_, parts):
            for part in parts:
                yield from mentioned(part, wanted=wanted)


def gate(condition: Condition, clause: Callable[[str], Gate]) -> Gate:
    """What must be seen before the condition can hold, given that of each clause; a `not` asks for nothing."""
    match condition:
        case Clause(name):
            return clause(name)
        case Not(_):
            return OPEN
        case AtLeast(count, parts):
            inner = tuple(gate(part, clause) for part in parts)
            if count == len(parts):
                return "all", tuple(each for each in inner if each != OPEN)
            return OPEN if OPEN in inner else ("any", inner)


def passes(asked: Gate, seen: frozenset[int]) -> bool:
    """Whether the groups seen open the gate."""
    if isinstance(asked, frozenset):
        return not asked.isdisjoint(seen)
    kind, parts = asked
    if kind == "all":
        return all(passes(part, seen) for part in parts)
    return any(passes(part, seen) for part in parts)


def opening(asked: Gate, common: Set[int]) -> frozenset[int]:
    """Groups of which one must be seen for the gate to open; as few as may be, and none of the `common` ones."""
    if isinstance(asked, frozenset):
        return asked
    kind, parts = asked
    inner = [opening(part, common) for part in parts]
    if kind == "any" or not inner:
        return frozenset().union(*inner)
    return min(inner, key=lambda groups: (not common.isdisjoint(groups), len(groups)))


class _Parser:
    def __init__(self, text: str, names: Sequence[str]) -> None:
        self._words = [(found[0], found.start()) for found in _WORD.finditer(text)]
        self._names = names
        self._end = len(text)
        self._depth = 0

    def parse(self) -> Condition:
        condition = self._either()
        word, offset = self._peek()
        if word:
            raise ConditionError(offset, f"{word!r} is not expected here; clauses are joined by and, or, not")
        return condition

    def _peek(self) -> tuple[str, int]:
        return self._words[0] if self._words else ("", self._end)

    def _take(self, *wanted: str) -> bool:
        if self._peek()[0] not in wanted:
            return False
        del self._words[0]
        return True

    def _either(self) -> Condition:
        return self._joined("or", lambda: self._joined("and", self._one, every=True), every=False)

    def _joined(self, word: str, part: Callable[[], Condition], *, every: bool) -> Condition:
        parts = [part()]
        while self._take(word):
            parts.append(part())
        return AtLeast(len(parts) if every else 1, tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self) -> Condition:
        word, offset = self._peek()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionError(offset, "the condition is nested too deep")
        if not word:
            raise ConditionError(offset, "the condition ends where a clause is expected")
        del self._words[0]
        found = self._operand(word, offset)
        self._depth -= 1
        return found

    def _operand(self, word: str, offset: int) -> Condition:
        if word == "not":
            return Not(self._one())
        if word == "(":
            inner = self._either()
            if not self._take(")"):
                raise ConditionError(offset, "this bracket is never closed")
            return inner
        if (word == "all" or word.isdecimal()) and self._take("of"):
            return self._several(word, offset)
        if word not in self._names:
            what = "is no clause" if word not in _RESERVED | {")"} else "is not expected here"
            raise ConditionError(offset, f"{word!r} {what}", word)
        return Clause(word)

    def _several(self, count: str, offset: int) -> Condition:
        word, at = self._peek()
        names = self._matching(word)
        if not names:
            raise ConditionError(at, f"{word!r} takes no clause; write them, or the beginning of names with *", word)
        del self._words[0]
        wanted = len(names) if count == "all" else int(count[:6])
        if not 0 < wanted <= len(names):
            raise ConditionError(offset, f"{count} of {len(names)} clauses cannot hold")
        return AtLeast(wanted, tuple(Clause(name) for name in names))

    def _matching(self, word: str) -> list[str]:
        if word == "them":
            return list(self._names)
        return [name for name in self._names if word.endswith("*") and fnmatch.fnmatchcase(name, word)]

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

_WORD = re.compile(r"&&|\|\||[()&|!,;+\"'“”«»=]|[^\s()&|!,;+\"'“”«»=]+")
_RESERVED = frozenset(("and", "or", "not", "of", "them", "all"))
_SIGNS = {"&&": "and", "&": "and", "+": "and", ",": "and", ";": "and", "||": "or", "|": "or", "!": "not"}
"""What other languages write for and, or, not."""
_WORDS = {
    **dict.fromkeys(("but", "plus", "also", "и", "və", "ve", "և", "եւ"), "and"),
    **dict.fromkeys(("или", "veya", "կամ", "and/or"), "or"),
    **dict.fromkeys(("не", "нет", "ոչ", "deyil", "değil"), "not"),
}
"""Words that people write for them."""
_COUNTS = {"one": "1", "any": "1", "some": "1", "two": "2", "three": "3", "every": "all", "each": "all"}
_CLAUSE_WORDS = frozenset(("near", "within", "without", "in"))
_DEEPEST, _LONGEST = 20, 2_000

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
    """What is wrong with a condition, and where: `offset` characters into it. `word` is no clause, `fix` a proposal."""

    def __init__(self, offset: int, reason: str, word: str = "", fix: str = "") -> None:
        super().__init__(reason)
        self.offset, self.reason, self.word, self.fix = offset, reason, word, fix


def parse_condition(text: str, names: Sequence[str]) -> Condition:
    """The condition over the clauses `names`. Raises ConditionError, the first of several."""
    condition, faults = check_condition(text, names)
    if faults:
        raise min(faults, key=lambda fault: fault.offset)
    return condition


def check_condition(text: str, names: Sequence[str]) -> tuple[Condition, list[ConditionError]]:
    """The condition as it was probably meant, and all that is wrong with it."""
    if len(text) > _LONGEST:
        fix = "Let clauses say more, and the condition less."
        return AtLeast(0, ()), [ConditionError(0, f"a condition has at most {_LONGEST:,} letters", fix=fix)]
    parser = _Parser(text, names)
    try:
        condition = parser.parse()
    except ConditionError as error:
        parser.faults.append(error)
        condition = AtLeast(0, ())
    return condition, parser.faults


def holds(condition: Condition, clause: Callable[[str], bool]) -> bool:
    """Whether the condition holds, given what tells whether a clause does."""
    match condition:
        case Clause(name):
            return clause(name)
        case Not(part):
            return not holds(part, clause)
        case AtLeast(count, parts) if count == len(parts):
            return all(holds(part, clause) for part in parts)
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


def needs(asked: Gate, common: Set[int]) -> list[frozenset[int]]:
    """Sets of groups, of each of which one must be seen for the gate to open; the most telling first.

    Those without `common` groups come before those with, small ones before large ones.
    """
    if isinstance(asked, frozenset):
        return [asked]
    kind, parts = asked
    inner = [needs(part, common) for part in parts]
    if kind == "any":
        return [frozenset().union(*(found[0] for found in inner))]
    found = {need: None for each in inner for need in each}
    return sorted(found, key=lambda groups: (not common.isdisjoint(groups), len(groups)))


class _Parser:
    """Reads on behind what is wrong where what was meant is plain; raises where it is not."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.faults: list[ConditionError] = []
        self._names = names
        self._end = len(text)
        self._at = self._depth = 0
        self._words = [
            word for found in _WORD.finditer(text) if (word := (self._meant(found[0], found.start()), found.start()))[0]
        ]
        self._unknown()

    def _meant(self, word: str, offset: int) -> str:
        """The word of the notation that `word` stands for; "" for a sign that stands for none."""
        if word in _SIGNS:
            meant = _SIGNS[word]
            self.faults.append(ConditionError(offset, f"{word} has no meaning in a condition", fix=f"Write {meant}."))
            return meant
        if word.lower() in _RESERVED and word not in _RESERVED:
            fix = f"Write {word.lower()}, in small letters."
            self.faults.append(ConditionError(offset, f"{word} is not expected here", fix=fix))
            return word.lower()
        if word in "\"'“”«»=":
            fix = "Names of clauses stand without quotes." if word != "=" else "A condition joins clauses by name."
            if not self.faults or self.faults[-1].fix != fix:
                self.faults.append(ConditionError(offset, f"{word} has no meaning in a condition", fix=fix))
            return ""
        if word.lower() in _WORDS and word not in self._names:
            meant = _WORDS[word.lower()]
            self.faults.append(ConditionError(offset, f"{word} has no meaning in a condition", fix=f"Write {meant}."))
            return meant
        return word

    def _unknown(self) -> None:
        """Tell every name that is no clause."""
        before = ""
        for at, (word, offset) in enumerate(self._words):
            follows = self._words[at + 1][0] if at + 1 < len(self._words) else ""
            counts = follows == "of" and (word in _COUNTS or word.isdecimal())
            known = word in _RESERVED or word in self._names or word in "()" or counts or before == "of"
            if not known:
                self.faults.append(self._no_clause(word, offset))
            before = word

    def _no_clause(self, word: str, offset: int) -> ConditionError:
        if word.endswith("*") and self._matching(word):
            fix = f"Write 1 of {word} (any of them) or all of {word}."
            return ConditionError(offset, f"{word} stands for several clauses", fix=fix)
        if word in _CLAUSE_WORDS:
            fix = "Write a clause of its own with it, and its name here."
            return ConditionError(offset, f"{word} belongs into a clause; a condition joins clauses by name", fix=fix)
        return ConditionError(offset, f"{word!r} is no clause", word)

    def parse(self) -> Condition:
        if not self._words:
            raise ConditionError(0, "the condition names no clause")
        condition = self._either()
        word, offset = self._peek()
        if word == ")":
            raise ConditionError(
                offset, "this bracket closes nothing", fix="Delete it, or write the one that opens it."
            )
        if word:
            raise ConditionError(offset, f"{word!r} is not expected here; clauses are joined by and, or, not")
        return condition

    def _peek(self) -> tuple[str, int]:
        return self._words[self._at] if self._at < len(self._words) else ("", self._end)

    def _take(self, *wanted: str) -> bool:
        if self._peek()[0] not in wanted:
            return False
        self._at += 1
        return True

    def _either(self) -> Condition:
        return self._joined("or", lambda: self._joined("and", self._one, every=True), every=False)

    def _joined(self, word: str, part: Callable[[], Condition], *, every: bool) -> Condition:
        parts = [part()]
        while self._take(word) or (every and self._lacks_and()):
            parts.append(part())
        return AtLeast(len(parts) if every else 1, tuple(parts)) if len(parts) > 1 else parts[0]

    def _lacks_and(self) -> bool:
        """Whether another clause follows without a word between; that is told."""
        word, offset = self._peek()
        if not word or word in ("and", "or", ")", "of", "them"):
            return False
        before = self._words[self._at - 1][0]
        if word == "not" and self._at + 1 == len(self._words):
            raise ConditionError(
                offset,
                "not denies the clause behind it, and none follows",
                fix="Delete it, or write it before a clause.",
            )
        reason = f"`and` or `or` is missing between {before} and {word}"
        self.faults.append(ConditionError(offset, reason, fix=f"Write {before} and {word}, or {before} or {word}."))
        return True

    def _one(self) -> Condition:
        word, offset = self._peek()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionError(offset, f"the condition is nested too deep (more than {_DEEPEST} brackets or nots)")
        if not word:
            before = self._words[-1][0]
            raise ConditionError(
                offset, f"a clause is missing after {before}, at the end", fix=f"Delete {before}, or name a clause."
            )
        self._at += 1
        found = self._operand(word, offset)
        self._depth -= 1
        return found

    def _operand(self, word: str, offset: int) -> Condition:
        if word == "not":
            return Not(self._one())
        if word == "(":
            if self._peek()[0] == ")":
                raise ConditionError(offset, "these brackets hold nothing", fix="Delete them, or name clauses in them.")
            inner = self._either()
            if not self._take(")"):
                raise ConditionError(offset, "this bracket is never closed", fix="Put the ) where it ends.")
            return inner
        if (word == "all" or word.isdecimal() or word in _COUNTS) and self._take("of"):
            return self._several(word, offset)
        if word in ("and", "or", ")", "of", "them", "all"):
            fix = (
                "Write e.g. 1 of them or all of freed-*."
                if word in ("of", "them", "all")
                else "Delete it, or name a clause."
            )
            raise ConditionError(offset, f"{word!r} is not expected here: a clause is missing before it", fix=fix)
        return Clause(word)

    def _several(self, count: str, offset: int) -> Condition:
        word, at = self._peek()
        if count in _COUNTS:
            fix = f"Write {_COUNTS[count]} of {word}."
            self.faults.append(ConditionError(offset, f"{count} of is written with a number or all", fix=fix))
            count = _COUNTS[count]
        names = self._matching(word)
        if not names:
            fix = f"Write {word}* if several clauses begin so, else {word} alone." if word in self._names else ""
            fix = fix or "Write them (all clauses), or the beginning of names with *."
            raise ConditionError(at, f"{word!r} takes no clause" if word else "of what?", fix=fix)
        self._at += 1
        wanted = len(names) if count == "all" else int(count[:6])
        if not 0 < wanted <= len(names):
            what = "one clause is" if len(names) == 1 else f"{len(names)} clauses are"
            fix = f"Write 1 to {len(names)}, or all." if len(names) > 1 else f"Write {names[0]}."
            raise ConditionError(offset, f"{count} of {word} cannot hold: {what} meant by {word}", fix=fix)
        return AtLeast(wanted, tuple(Clause(name) for name in names))

    def _matching(self, word: str) -> list[str]:
        if word == "them":
            return list(self._names)
        return [name for name in self._names if word.endswith("*") and fnmatch.fnmatchcase(name, word)]

"""What a condition that does not hold lacks, and how near it is to holding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rules.condition import AtLeast, Clause, Condition, Not, holds, mentioned, supporting

Held = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Lack:
    """A part of the condition that fails: so many more of `options` would have to hold, or none of `barring` may.

    `options` are written as in a rule file, `barring` are names of clauses that hold.
    """

    needed: int = 0
    options: tuple[str, ...] = ()
    barring: tuple[str, ...] = ()


class Miss(NamedTuple):
    """How far a condition is from holding on its shortest way: clauses to change, what they lack, their names."""

    clauses: int
    groups: int
    names: tuple[str, ...]


_NEAR = Miss(0, 0, ())
_FEW = 2


def lacks(condition: Condition, held: Held, names: Collection[str]) -> Iterator[Lack]:
    """The parts by which the condition over the clauses `names` fails; nothing when it holds."""
    if holds(condition, held):
        return
    match condition:
        case Clause(name):
            yield Lack(1, (name,))
        case Not(part):
            yield Lack(barring=tuple(dict.fromkeys(_holding(part, held))))
        case AtLeast(count, parts):
            failing = tuple(part for part in parts if not holds(part, held))
            if count == len(parts):
                for part in failing:
                    yield from lacks(part, held, names)
            else:
                family = _family(failing, names)
                options = (family,) if family else tuple(written(part, names) for part in failing)
                yield Lack(count - (len(parts) - len(failing)), options)


def nearest(condition: Condition, held: Held, lacking: Callable[[str], int]) -> Miss:
    """The shortest way to where the condition holds; `lacking` says how much a clause that fails lacks."""
    match condition:
        case Clause(name):
            return _NEAR if held(name) else Miss(1, lacking(name), (name,))
        case Not(part):
            names = tuple(dict.fromkeys(_holding(part, held))) if holds(part, held) else ()
            return Miss(len(names), len(names), names)
        case AtLeast(count, parts):
            ways = sorted((nearest(part, held, lacking) for part in parts), key=lambda way: way[:2])
            return _sum(ways[:count])


def written(condition: Condition, names: Collection[str]) -> str:
    """The condition in the words of a rule file, whose clauses are `names`."""
    match condition:
        case Clause(name):
            return name
        case Not(part):
            return f"not {_bracketed(part, names)}"
        case AtLeast(count, parts):
            if family := _family(parts, names):
                return f"{'all' if count == len(parts) else count} of {family}"
            if count in (1, len(parts)):
                return (" or " if count == 1 else " and ").join(_bracketed(part, names) for part in parts)
            return f"{count} of {', '.join(written(part, names) for part in parts)}"


def _family(parts: Collection[Condition], names: Collection[str]) -> str:
    """`freed-*`, where the parts are all clauses that begin so; nothing where they are few or not alike."""
    asked = [part.name for part in parts if isinstance(part, Clause)]
    beginnings = {name.partition("-")[0] for name in asked}
    alike = [name for name in names if name.partition("-")[0] in beginnings]
    told = len(parts) > _FEW and len(beginnings) == 1 and len(asked) == len(parts) and sorted(asked) == sorted(alike)
    return f"{beginnings.pop()}-*" if told else ""


def _bracketed(condition: Condition, names: Collection[str]) -> str:
    shown = written(condition, names)
    return f"({shown})" if isinstance(condition, AtLeast) and " of " not in shown else shown


def _sum(ways: list[Miss]) -> Miss:
    names = tuple(dict.fromkeys(name for way in ways for name in way.names))
    return Miss(sum(way.clauses for way in ways), sum(way.groups for way in ways), names)


def _holding(condition: Condition, held: Held) -> Iterator[str]:
    """The clauses by which a condition holds; one that holds since others do not is told by these."""
    if found := list(supporting(condition, held)):
        yield from found
    else:
        yield from (name for name, _ in mentioned(condition))

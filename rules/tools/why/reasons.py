"""Why a clause does not hold: the same clause is asked again with one thing loosened, until it would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

from rules.clauses import ClauseRule, Ref
from rules.scan import Hit, Scan, Where
from rules.terms import Validity
from rules.tools.why.loosened import Loosened
from rules.tools.why.words import Word, of_refs, words

Kind = Literal[
    "absent", "source", "excluded", "parted", "outdated", "longer-name", "common-name", "elsewhere", "weak", "part",
    "apart", "distance", "barred", "same-word",
]  # fmt: skip
"""What was in the way.

`absent`: no term of the groups stands in the text; `source`: the article's source is on none of the sides.
`excluded`, `parted`, `outdated`, `longer-name`, `common-name`, `elsewhere`, `weak`: a term stands there and does not
count: an exclusion covers it, a comma parts it, its days are others, it is part of another name, it is a place that
counts for nothing alone, or one of another country, nothing stands beside it. `part`: it stands where the clause does
not look. `apart`: in different sentences; `distance`: too far off; `barred`: a group of `without` is in the sentence;
`same-word`: one word would have to stand for two groups.
"""

MISPLACED: frozenset[Kind] = frozenset({"apart", "distance", "barred", "same-word"})
"""Each group has its words, but they do not stand together as the clause asks."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing in the way of a clause.

    `groups` are the names that the clause asks for, `words` their terms in the text, `by` the words that are in the
    way. `distance` and `allowed` are in words, adjacent ones are 1 apart. `valid` is when an outdated term holds,
    `looked_at` are the parts of the article that the clause looks at.
    """

    kind: Kind
    groups: tuple[str, ...]
    words: tuple[Word, ...] = ()
    by: tuple[Word, ...] = ()
    distance: int = 0
    allowed: int = 0
    valid: Validity | None = None
    looked_at: tuple[Where, ...] = ()


def reasons(clause: ClauseRule, read: Loosened, beside: frozenset[int]) -> tuple[Reason, ...]:
    """Why `clause`, which does not hold, does not. `beside`: the sentences in which its weak terms count."""
    missing = [ref for ref in clause.refs if usable(clause, ref, read.strict, beside) is None]
    if missing:
        return tuple(_missing(clause, missing, read))
    return tuple(_misplaced(clause, read.strict, beside))


def usable(clause: ClauseRule, ref: Ref, scan: Scan, beside: frozenset[int]) -> frozenset[Hit] | None:
    """The terms of `ref` that the clause may use, none where the source shows it; None without either."""
    alone = replace(clause, kind="any", refs=(ref,), within=0, without=())
    return alone.hits(scan, beside=beside)


def _missing(clause: ClauseRule, refs: Iterable[Ref], read: Loosened) -> Iterator[Reason]:
    absent: list[str] = []
    for ref in refs:
        lost = list(_lost(clause, ref, read))
        yield from lost
        if not lost and not ref.name.startswith("source."):
            absent.append(ref.name)
    if absent:
        yield Reason("absent", tuple(absent))
    sides = tuple(ref.name for ref in refs if ref.name.startswith("source."))
    if sides:
        yield Reason("source", sides)


def _lost(clause: ClauseRule, ref: Ref, read: Loosened) -> Iterator[Reason]:
    """The terms of `ref` that stand in the text and do not count."""
    scan, every = read.strict, (*ref.groups, *ref.weak)
    name = (ref.name,)
    outside = [hit for hit in scan.hits(every) if scan.parts[hit.sentence] not in clause.where]
    if outside:
        yield Reason("part", name, words(scan, outside, ref.name), looked_at=_in_order(clause.where))
    if weak := [hit for hit in scan.hits(ref.weak) if hit not in outside]:
        yield Reason("weak", name, words(scan, weak, ref.name, weak=True))
    if lost := _more(read.unexcluded, scan, every):
        by = words(scan, read.exclusions(lost, every), f"not of {ref.name}")
        yield Reason("excluded", name, words(scan, lost, ref.name), by)
    if lost := _more(read.unparted, scan, every):
        yield Reason("parted", name, words(scan, lost, ref.name))
    if lost := _more(read.timeless, scan, every):
        dated = scan.vocabulary.index.dated
        valid = next((dated[group, hit.term] for hit in lost for group in every if (group, hit.term) in dated), None)
        yield Reason("outdated", name, words(scan, lost, ref.name), valid=valid)
    if lost := _more(read.nested, scan, every):
        by = words(scan, read.longer_names(lost), "actors")
        yield Reason("longer-name", name, words(scan, lost, ref.name), by)
    yield from _places(ref, scan)


def _places(ref: Ref, scan: Scan) -> Iterator[Reason]:
    """Names of places that `places` alone does not count."""
    near, context, every = scan.vocabulary.of_place
    if near not in ref.groups or every in ref.groups or scan.hits((near,)):
        return
    common = scan.hits((context,))
    if common and context not in ref.groups:
        yield Reason("common-name", (ref.name,), words(scan, common, "places.context"))
    if elsewhere := [hit for hit in scan.hits((every,)) if hit not in common]:
        yield Reason("elsewhere", (ref.name,), words(scan, elsewhere, "places.all"))


def _in_order(where: frozenset[Where]) -> tuple[Where, ...]:
    return tuple(part for part in get_args(Where) if part in where)


def _more(loose: Scan, strict: Scan, groups: tuple[int, ...]) -> list[Hit]:
    """What a loosened reading finds where the strict one finds nothing of the groups."""
    known = set(strict.hits(groups))
    return [hit for hit in loose.hits(groups) if hit not in known]


def _misplaced(clause: ClauseRule, scan: Scan, beside: frozenset[int]) -> Iterator[Reason]:
    """Each name has its terms, but they do not stand together as a near clause asks."""
    names = tuple(ref.name for ref in clause.refs)
    free = replace(clause, without=())
    together = replace(free, within=0)
    if (hits := free.hits(scan, beside=beside)) is None and together.hits(scan, beside=beside) is not None:
        distance = _distance(free, scan, beside)
        hits = replace(free, within=distance).hits(scan, beside=beside)
        near = tuple(of_refs(scan, clause.refs, hits or frozenset()))
        yield Reason("distance", names, near, distance=distance, allowed=clause.within)
    if hits is None:
        found = [usable(clause, ref, scan, beside) or frozenset[Hit]() for ref in clause.refs]
        shared = frozenset[int].intersection(*(frozenset(hit.sentence for hit in each) for each in found))
        each_first = frozenset(hit for each in found for hit in each if not shared or hit.sentence in shared)
        yield Reason("same-word" if shared else "apart", names, tuple(of_refs(scan, clause.refs, each_first)))
    elif bars := _bars(clause, scan, hits):
        near = tuple(of_refs(scan, clause.refs, hits))
        yield Reason("barred", names, near, bars)


def _bars(clause: ClauseRule, scan: Scan, hits: frozenset[Hit]) -> tuple[Word, ...]:
    """The words of the clause's `without` in the sentences of `hits`."""
    told = {hit.sentence for hit in hits}
    return tuple(
        word
        for ref in clause.without
        for word in words(scan, (hit for hit in scan.hits(ref.groups) if hit.sentence in told), ref.name)
    )


def _distance(clause: ClauseRule, scan: Scan, beside: frozenset[int]) -> int:
    """The least number of words within which the clause would hold; it holds within the number of words there are."""
    low, high = clause.within, max(len(scan.words), clause.within + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if replace(clause, within=middle).hits(scan, beside=beside) is None:
            low = middle
        else:
            high = middle
    return high

"""Clauses: any, all or near, in the title, in the lead or in both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from rules.condition import Gate
from rules.scan import NEWS_PARTS, TITLE, Hit, Scan, Where


@dataclass(frozen=True, slots=True)
class Ref:
    """What a clause names: a term group, a list or a part of one, several as one; and the groups that it stands for.

    `weak`: the groups of their weak terms, which count only beside another clause.
    """

    name: str
    groups: tuple[int, ...]
    weak: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseRule:
    """A clause: `kind` over `refs`.

    `within` is for near: the greatest number of words between the nearest ends of two terms plus one, within a
    sentence; 0 is the sentence itself. So is `without`: a sentence that holds a term of these does not count.
    `where` are the parts of the article that it looks at.
    """

    name: str
    kind: Literal["any", "all", "near"]
    refs: tuple[Ref, ...]
    within: int = 0
    where: frozenset[Where] = NEWS_PARTS
    without: tuple[Ref, ...] = ()

    def gate(self) -> Gate:
        """A group of any ref must be seen, or one of each."""
        if self.kind == "any":
            return frozenset(group for ref in self.refs for group in (*ref.groups, *ref.weak))
        return "all", tuple(frozenset((*ref.groups, *ref.weak)) for ref in self.refs)

    @property
    def has_weak(self) -> bool:
        """Whether some of its terms count only beside another clause."""
        return any(ref.weak for ref in self.refs)

    def hits(self, scan: Scan, *, title_only: bool = False, beside: Set[int] = frozenset()) -> frozenset[Hit] | None:
        """The terms by which the clause holds, none where the source alone makes it hold; None when it does not.

        `beside`: the sentences in which its weak terms count as well.
        """
        found = [self._found(scan, ref, title_only, beside) for ref in self.refs]
        if self.kind == "near":
            windows = self._windows(found, self._barred(scan)) if all(found) else ()
            return frozenset(hit for window in windows for each in window for hit in each) or None
        shown = (bool(each) or scan.spoken_by(ref.groups) for each, ref in zip(found, self.refs, strict=True))
        if not (any(shown) if self.kind == "any" else all(shown)):
            return None
        return frozenset(hit for each in found for hit in each)

    def _found(self, scan: Scan, ref: Ref, title_only: bool, beside: Set[int]) -> list[Hit]:
        hits: Sequence[Hit] = scan.hits(ref.groups)
        if beside and ref.weak:
            hits = sorted({*hits, *(hit for hit in scan.hits(ref.weak) if hit.sentence in beside)})
        if title_only:
            return [hit for hit in hits if hit.sentence == TITLE and "title" in self.where]
        return [hit for hit in hits if scan.parts[hit.sentence] in self.where]

    def _barred(self, scan: Scan) -> set[int]:
        return {hit.sentence for ref in self.without for hit in scan.hits(ref.groups)}

    def _windows(self, found: Sequence[list[Hit]], barred: set[int]) -> Iterator[Sequence[Sequence[Hit]]]:
        """The stretches of text in which each ref has a term of its own."""
        for sentence in sorted(set.intersection(*({hit.sentence for hit in each} for each in found)) - barred):
            inside = [[hit for hit in each if hit.sentence == sentence] for each in found]
            for window in self._close(inside) if self.within else (inside,):
                if _each_its_own(window):
                    yield window

    def _close(self, inside: Sequence[list[Hit]]) -> Iterator[Sequence[Sequence[Hit]]]:
        """For each term as the leftmost, the terms that begin at most `within` words after its end."""
        begins = [[hit.first for hit in each] for each in inside]
        for leftmost in {hit for each in inside for hit in each}:
            until = leftmost.last + self.within + 1
            yield [
                hits[bisect_left(starts, leftmost.first) : bisect_left(starts, until)]
                for hits, starts in zip(inside, begins, strict=True)
            ]


def _each_its_own(window: Sequence[Sequence[Hit]]) -> bool:
    """Whether each ref can have words of its own: one word that two refs take does not stand near itself."""
    choices = [list(dict.fromkeys((hit.first, hit.last) for hit in hits))[: len(window)] for hits in window]

    def choose(at: int, used: frozenset[tuple[int, int]]) -> bool:
        if at == len(choices):
            return True
        return any(choose(at + 1, used | {choice}) for choice in choices[at] if choice not in used)

    return choose(0, frozenset())

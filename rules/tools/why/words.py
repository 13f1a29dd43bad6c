"""The words of an article that an explanation points to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.clauses import Ref
from rules.match import Part
from rules.scan import Hit, Scan, Where


@dataclass(frozen=True, slots=True)
class Word:
    """A term in the text: `start` and `end` index the article's own title or summary, `text` is what stands there.

    `term` is the term as the rule has it, `group` the name under which the rule asks for it. `where` is the part of
    the article as rules see it, `sentence` counts from the title, which is 0. `weak`: it counts only beside another
    clause.
    """

    part: Part
    start: int
    end: int
    text: str
    term: str
    group: str
    where: Where
    sentence: int
    weak: bool = False


def words(scan: Scan, hits: Iterable[Hit], group: str, *, weak: bool = False) -> tuple[Word, ...]:
    """The hits of one group as words, in the order of the text."""
    return tuple(_word(scan, hit, group, weak) for hit in sorted(hits))


def of_refs(scan: Scan, refs: Iterable[Ref], hits: frozenset[Hit]) -> Iterator[Word]:
    """Those of `hits` that each of `refs` takes, in the order of the refs."""
    for ref in refs:
        strong = hits.intersection(scan.hits(ref.groups))
        yield from words(scan, strong, ref.name)
        if ref.weak:
            yield from words(scan, hits.intersection(scan.hits(ref.weak)) - strong, ref.name, weak=True)


def _word(scan: Scan, hit: Hit, group: str, weak: bool) -> Word:
    span = scan.span(hit)
    text = scan.text(span.part)[span.start : span.end]
    where = scan.parts[hit.sentence]
    return Word(span.part, span.start, span.end, text, span.term, group, where, hit.sentence, weak)

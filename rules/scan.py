"""An article as the rules see it: its words, sentences, and where the terms of each group stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Literal, NamedTuple, TypeVar

from rules import expressions, places, terms
from rules.article import Article
from rules.match import Part, Span
from rules.text import QUESTION_MARKS, WORD, Sentence, sentences

T = TypeVar("T")

Where = Literal["title", "lead", "body"]
"""A part of an article as rules see it."""

NEWS_PARTS: frozenset[Where] = frozenset({"title", "lead"})
"""Where news stands: what follows in a long text is mostly background."""

TITLE = 0
"""The number of the sentence that is the title; those of the summary follow."""

LEAD = 600
"""Characters: the sentences of the summary that begin within so many are the lead, the others the body."""

_GAP = re.compile(r"[^\w,;:!?։՝…|.]*|\.|\. ")


class Hit(NamedTuple):
    """A term in the text: its first and last word, the sentence they stand in, the term as written."""

    first: int
    last: int
    sentence: int
    term: str


Run = tuple[int, int, str]
"""The first and the last word of a term in the text, and the term as written."""


class PlaceHit(NamedTuple):
    """A name of a place in the text."""

    first: int
    last: int
    sentence: int
    entry: places.Entry


class PlaceGroups(NamedTuple):
    """The numbers of the three groups that places are in: `places`, `places.context`, `places.all`."""

    near: int
    context: int
    every: int

    def of(self, entry: places.Entry) -> tuple[int, ...]:
        """The groups that a row of the gazetteer is in."""
        if entry.context:
            return self.context, self.every
        return (self.near, self.every) if entry.near else (self.every,)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that a rulebook knows of words.

    `index` holds all terms but the `expressions`; row n of the `gazetteer` is the group -n - 1 there. `excluded`:
    the group of a group's exclusions. `actors`: the name of each actor's group. `sources`: the group that an article
    of a source of that side shows.
    """

    index: terms.TermIndex
    expressions: expressions.Expressions
    gazetteer: Sequence[places.Entry]
    of_place: PlaceGroups
    excluded: Mapping[int, int]
    actors: Mapping[int, str]
    sources: Mapping[str, int]


class Scan:
    """Cut once for an article; hits are collected when a clause first asks for a group."""

    def __init__(self, article: Article, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.article = article
        self._title = WORD.findall(article.title)
        self.words: list[str] = self._title + WORD.findall(article.summary)
        self.entries = vocabulary.index.look_up(self.words, article.language)
        self._dated = vocabulary.index.dated
        self._known = vocabulary.expressions.of(article.language)
        self.source = vocabulary.sources.get(article.source.side)
        self._singles = [(at, entry.singles) for at, entry in enumerate(self.entries) if entry]
        self._hits: dict[tuple[int, ...], tuple[Hit, ...]] = {}
        self._runs: dict[int, list[Run]] = {}

    def groups(self) -> frozenset[int]:
        """All groups that could stand here: a comma may still part a phrase, or an exclusion take a word away."""
        return self._groups

    @cached_property
    def _groups(self) -> frozenset[int]:
        found: set[int] = set().union(*[singles for _, singles in self._singles])
        for _, entry, following in self._begun():
            found.update(group for rest, group, _ in entry.phrases if rest[0] in following.patterns)
        if self.source is not None:
            found.add(self.source)
        if self._known:
            found.update(piece.group for piece in self.expressed)
        return frozenset(found)

    @cached_property
    def expressed(self) -> list[expressions.Piece]:
        """What the regular expressions take."""
        found: list[expressions.Piece] = []
        for text, offset in ((self.article.title, 0), (self.article.summary, len(self._title))):
            cuts = [cut.span() for cut in WORD.finditer(text)]
            pieces = expressions.find(self._known, text, cuts, self.article.language)
            found += (each._replace(first=each.first + offset, last=each.last + offset) for each in pieces)
        return found

    def locate(self) -> None:
        """Find out where everything stands. Needed before `hits`, and only for an article worth it."""
        title, summary = self.article.title, self.article.summary
        self.sentences = [Sentence(0, len(title), any(mark in title for mark in QUESTION_MARKS)), *sentences(summary)]
        cuts = [cut.span() for cut in WORD.finditer(title)] + [cut.span() for cut in WORD.finditer(summary)]
        self.cuts = cuts
        starts = [sentence.start for sentence in self.sentences[1:]]
        lead = sum(start < LEAD for start in starts)
        self.parts: list[Where] = ["title"]
        self.parts += ["lead" if number < lead else "body" for number in range(len(starts))]
        firsts = [bisect_left(cuts, (start,), len(self._title)) for start in starts]
        self.sentence = [TITLE] * (firsts[0] if firsts else len(cuts))
        for number, (first, following) in enumerate(pairwise((*firsts, len(cuts))), start=1):
            self.sentence += [number] * (following - first)
        self._longer = self._collect_longer()
        self._runs = {}
        self._drop_inner(self._groups & self.vocabulary.actors.keys())
        self.places = _longest(self._named())
        for place in self.places:
            run = place.first, place.last, place.entry.place.name
            for group in self.vocabulary.of_place.of(place.entry):
                self._runs.setdefault(group, []).append(run)
        self._present = self._groups | self._runs.keys()

    def hits(self, groups: tuple[int, ...]) -> tuple[Hit, ...]:
        """Where the terms of `groups` stand, in the order of the text."""
        if groups not in self._hits:
            found = {hit for group in self._present.intersection(groups) for hit in self._of_group(group)}
            self._hits[groups] = tuple(sorted(found))
        return self._hits[groups]

    def spoken_by(self, groups: tuple[int, ...]) -> bool:
        """Whether the side of the article's source is among `groups`; it stands nowhere in the text."""
        return self.source in groups

    def text(self, part: Part) -> str:
        """The title or the summary."""
        return self.article.title if part == "title" else self.article.summary

    def part(self, sentence: int) -> Part:
        """The part of the article that a sentence belongs to."""
        return "title" if sentence == TITLE else "summary"

    def span(self, hit: Hit) -> Span:
        """Where a hit stands in the article's own text."""
        return Span(self.part(hit.sentence), self.cuts[hit.first][0], self.cuts[hit.last][1], hit.term)

    def gap(self, before: int, after: int) -> str:
        """What stands between two words of one sentence."""
        return self.text(self.part(self.sentence[before]))[self.cuts[before][1] : self.cuts[after][0]]

    def adjacent(self, before: int) -> bool:
        """Whether a word and the next are one run: no comma, no colon, no end of a sentence between them."""
        after = before + 1
        if after >= len(self.cuts) or self.sentence[before] != self.sentence[after]:
            return False
        gap = self.gap(before, after)
        return gap == " " or (_GAP.fullmatch(gap) is not None and (gap != ". " or len(self.words[before]) < 3))

    def same(self, one: int, other: int) -> bool:
        """Whether two words stand in one sentence."""
        return self.sentence[one] == self.sentence[other]

    def meanings(self, of_group: Mapping[int, T]) -> Iterator[tuple[Hit, T]]:
        """Where the terms of some groups stand, each with what its group means."""
        for group in self._present & of_group.keys():
            for hit in self._of_group(group):
                yield hit, of_group[group]

    def _of_group(self, group: int) -> list[Hit]:
        runs = self._runs_of(group)
        exclusion = self.vocabulary.excluded.get(group)
        if exclusion in self._present:
            taken = {at for first, last, _ in self._runs_of(exclusion) for at in range(first, last + 1)}
            runs = [run for run in runs if taken.isdisjoint(range(run[0], run[1] + 1))]
        return [Hit(first, last, self.sentence[first], term) for first, last, term in runs]

    def _runs_of(self, group: int) -> list[Run]:
        """Where the terms of a group stand; most groups of an article are never asked for."""
        if group not in self._runs:
            words = [(at, at, term) for at, of in self._singles if group in of for term in of[group]]
            runs = words + self._longer.get(group, [])
            self._runs[group] = [run for run in runs if self._holds(group, run[2])] if self._dated else runs
        return self._runs[group]

    def _collect_longer(self) -> dict[int, list[Run]]:
        """Where phrases and regular expressions stand, by group."""
        found: defaultdict[int, list[Run]] = defaultdict(list)
        for at, entry, _ in self._begun():
            for rest, group, term in entry.phrases:
                if self._continues(at, rest):
                    found[group].append((at, at + len(rest), term))
        for piece in self.expressed if self._known else ():
            if self.same(piece.first, piece.last):
                found[piece.group].append((piece.first, piece.last, piece.written))
        return found

    def _begun(self) -> Iterator[tuple[int, terms.Entry, terms.Entry]]:
        """The words with which a phrase begins whose second word follows, whatever stands between."""
        for at, (entry, following) in enumerate(pairwise(self.entries)):
            if entry and following and not entry.seconds.isdisjoint(following.patterns):
                yield at, entry, following

    def _named(self) -> Iterator[PlaceHit]:
        """All names of places, those within longer ones too, in the order of the gazetteer."""
        for row in sorted(-group - 1 for group in self._groups if group < 0):
            for first, last, _ in self._runs_of(-row - 1):
                yield PlaceHit(first, last, self.sentence[first], self.vocabulary.gazetteer[row])

    def _holds(self, group: int, term: str) -> bool:
        """Whether a dated term holds on the day of the article."""
        valid = self._dated.get((group, term))
        return valid is None or valid.covers(self.article.published.date())

    def _drop_inner(self, groups: Set[int]) -> None:
        """Of actors' names the longest wins: a ministry of Armenia is not Armenia."""
        longest: defaultdict[int, int] = defaultdict(int)
        for group in groups:
            for first, last, _ in self._runs_of(group):
                for at in range(first, last + 1):
                    longest[at] = max(longest[at], last - first)
        for group in groups:
            self._runs[group] = [run for run in self._runs_of(group) if longest[run[0]] == run[1] - run[0]]

    def _continues(self, at: int, rest: tuple[int, ...]) -> bool:
        for number in rest:
            following = self.entries[at + 1] if at + 1 < len(self.entries) else None
            if following is None or number not in following.patterns or not self.adjacent(at):
                return False
            at += 1
        return True


def _longest(named: Iterable[PlaceHit]) -> list[PlaceHit]:
    """Of names that overlap the longest, of places that share a name the likeliest."""
    kept: list[PlaceHit] = []
    taken: set[int] = set()
    for hit in sorted(named, key=lambda hit: (hit.first - hit.last, hit.entry.rank, hit.first)):
        words = range(hit.first, hit.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(hit)
    return sorted(kept, key=attrgetter("first"))

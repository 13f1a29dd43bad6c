"""What it costs to match an article, from 10 to 3,000 rules, beside two other ways: `python -m benchmarks.matching`."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.contestants import Contestant, borderwatch, loop_over_re, re2_set
from benchmarks.newsroom import Newsroom, open_newsroom
from benchmarks.rulefiles import Invented, load, write_rules
from rules.article import Article
from rules.rulebook import Rulebook

SIZES = (10, 100, 300, 1_000, 3_000)
BARS = {300: (150, 90), 3_000: (250, 130)}
"""Microseconds an article that may be taken, and those that would be excellent."""
NEW, AGAIN, SET, SET_AGAIN, LOOP = "borderwatch", "again", "re2 Set", "Set again", "re loop"
"""`NEW`: on texts not seen before, a fifth of whose words are new; `AGAIN`: on the same, all words remembered."""
OTHERS = (AGAIN, SET, SET_AGAIN, LOOP)
ROUNDS, TEXTS, SEED = 7, 500, 2021
WARM = 3_000
"""Articles that the bot has seen before the first round, as one that has run for a while; the others 500."""
LOOPED = 10_000
"""Pairs of a text and a rule that the loop over `re` is given in a round; it would take minutes with all texts."""


@dataclass(slots=True)
class Course:
    """A number of rules, those who match them, and what each took: CPU microseconds an article, round by round."""

    rules: int
    loaded: float
    contestants: dict[str, Contestant]
    took: dict[str, list[float]] = field(default_factory=dict)

    def run(self, texts: Sequence[Article], *, counted: bool) -> None:
        """Give every contestant the texts; the loop over `re` as many of them as it can take."""
        for name, contestant in self.contestants.items():
            given = texts[: max(5, LOOPED // self.rules)] if name == LOOP else texts
            took = _timed(contestant, given)
            if counted:
                self.took.setdefault(name, []).append(took)

    def row(self) -> str:
        """The medians, and how many times the first of them the others are."""
        middle = {name: median(took) for name, took in self.took.items()}
        ours, bar = middle[NEW], BARS.get(self.rules)
        cells = (
            f"{middle[name]:>10,.0f} {f'x{middle[name] / ours:,.1f}':>7}" for name in (AGAIN, SET, SET_AGAIN, LOOP)
        )
        told = f"bar {bar[0]}: {'held' if ours <= bar[0] else 'missed'}; moonshot {bar[1]}" if bar else ""
        return f"{self.rules:>6,}{ours:>13,.0f}{''.join(cells)}{self.loaded:>9.2f}   {told}".rstrip()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all courses and print the table."""
    asked = _asked(arguments)
    room = open_newsroom(SEED)
    print(_machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        courses = [_course(Path(folder) / str(size), room, size) for size in asked.rules]
        facts, hitting = _with_facts(Path(folder) / "facts", room)
    hits: list[float] = []
    with _settled():
        for number in range(asked.rounds + 1):
            texts = room.articles(TEXTS, number)
            for course in courses:
                course.run(texts, counted=number > 0)
            took = _timed(facts, hitting(number))
            hits += [took] if number else []
    print(f"\n{'rules':>6}{NEW:>13}" + "".join(f"{name:>10}{'':>8}" for name in OTHERS) + f"{'load, s':>9}")
    for course in courses:
        print(course.row())
    print(f"\nAn article that one of 300 rules matches, with facts: {median(hits):,.0f} µs (bar 1,000; moonshot 300)")


@contextmanager
def _settled() -> Iterator[None]:
    """What is loaded stays: the garbage collector need not look it through, as little for the others as for us."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds that count; {ROUNDS}")
    parser.add_argument("--rules", type=int, nargs="+", default=SIZES, metavar="N", help="how many rules")
    return parser.parse_args(arguments)


def _course(folder: Path, room: Newsroom, size: int) -> Course:
    print(f"making {size:,} rules ...", file=sys.stderr, flush=True)
    rules = write_rules(folder, room.words, size)
    book, took = _loaded(folder)
    warm, ours, whole, loop = room.articles(WARM, -1), borderwatch(book), re2_set(rules), loop_over_re(rules)
    _timed(ours, warm)
    return Course(size, took, {NEW: ours, AGAIN: ours, SET: whole, SET_AGAIN: whole, LOOP: loop})


def _loaded(folder: Path) -> tuple[Rulebook, float]:
    begun = process_time()
    book = load(folder)
    return book, process_time() - begun


def _with_facts(folder: Path, room: Newsroom) -> tuple[Contestant, Callable[[int], list[Article]]]:
    """300 rules that read a count and the actors, and articles of which each is made for one of them."""
    rules: list[Invented] = write_rules(folder, room.words, 300, facts=True)
    book = load(folder)
    return borderwatch(book), lambda number: [room.made_for(rule, at, number) for at, rule in enumerate(rules)]


def _timed(contestant: Contestant, texts: Sequence[Article]) -> float:
    """CPU microseconds an article."""
    begun = process_time()
    for text in texts:
        contestant(text)
    return (process_time() - begun) / len(texts) * 1e6


def _machine() -> str:
    return (
        f"{platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; Python "
        f"{platform.python_version()}, google-re2 {version('google-re2')}; seed {SEED}. CPU time, median of rounds."
    )


if __name__ == "__main__":
    main()

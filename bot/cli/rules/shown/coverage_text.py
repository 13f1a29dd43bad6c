"""Coverage for people: a table of rules and languages, what is silent, and words that may be missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.console import line
from bot.coverage import Coverage, Reach
from bot.messages import LANGUAGE_NAMES
from rules.tools.coverage_words import FLOOR, TIMES, MissedWord
from storage.corpus import CorpusSize
from storage.coverage import SilentOutlet

OUTLETS_SHOWN = 10
"""Silent outlets that are named unless all are asked for."""

EXPLAINED = (
    "Words that stand where a rule lacked one name only, and seldom elsewhere: in the newest articles that no rule "
    f"takes and one would with one name more, in {FLOOR} or more, with {TIMES:.0f} times the odds of other articles."
)


def show(found: Coverage, words: Sequence[MissedWord], console: Console, *, every: bool = False) -> None:
    """Print the answer; `every` adds a table by outlet and names all silent outlets."""
    sides = sorted({hits.side for reach in found.reaches for hits in reach.hits}, key=lambda side: (not side, side))
    console.print(_rules(found, sides))
    if found.corpus is None:
        return
    if not found.corpus.articles:
        console.print(Text("\nThere are no stored articles yet, so nothing could be found."))
        return
    if every and any(reach.hits for reach in found.reaches):
        console.print()
        console.print(_outlets(found.reaches))
    console.print()
    for told in (*_silent(found, found.corpus), *_mute(found.outlets, found.corpus, every=every)):
        console.print(Text(told), soft_wrap=True)
    _words(words, console)


def _rules(found: Coverage, sides: Sequence[str]) -> Table:
    table = _table("indicator", "language")
    for name in ("terms", "examples"):
        table.add_column(name, justify="right")
    if found.corpus:
        table.add_column("hits", justify="right")
        table.add_column("last hit")
        for side in sides:
            table.add_column(side or "no side", justify="right")
    for _, reaches in groupby(found.reaches, key=lambda reach: reach.offer.rule):
        for number, reach in enumerate(reaches):
            offer = reach.offer
            cells = ["" if number else offer.rule, LANGUAGE_NAMES[offer.language], f"{offer.terms:,}"]
            cells.append(f"{offer.matching} + {offer.not_matching}")
            if found.corpus:
                cells += [f"{reach.articles:,}", f"{reach.last:%Y-%m-%d}" if reach.last else "never"]
                cells += [f"{reach.of_side(side) or '-'}" for side in sides]
            table.add_row(*map(_cell, cells))
    return table


def _outlets(reaches: Iterable[Reach]) -> Table:
    table = _table("indicator", "language", "outlet", "side", "hits", "last hit")
    for reach in reaches:
        for hits in sorted(reach.hits, key=lambda each: -each.articles):
            name = LANGUAGE_NAMES[hits.language]
            cells = (hits.rule, name, hits.outlet, hits.side, f"{hits.articles:,}", f"{hits.last:%Y-%m-%d}")
            table.add_row(*map(_cell, cells))
    return table


def _silent(found: Coverage, corpus: CorpusSize) -> Iterable[str]:
    if found.silent and found.since and corpus.first:
        named = (f"{each.rule} ({f'last {each.last:%Y-%m-%d}' if each.last else 'never'})" for each in found.silent)
        short = corpus.first > found.since
        told = f"; but the stored articles begin on {corpus.first:%Y-%m-%d}" if short else ""
        yield f"Silent since {found.since:%Y-%m-%d}: {', '.join(named)}{told}."
    elif found.since:
        yield f"Every rule has found something since {found.since:%Y-%m-%d}."
    if found.gone:
        yield f"Hits are stored of rules that are there no more: {', '.join(found.gone)}."


def _mute(outlets: Sequence[SilentOutlet], corpus: CorpusSize, *, every: bool) -> Iterable[str]:
    if outlets:
        shown = outlets if every else outlets[:OUTLETS_SHOWN]
        named = (f"{line(each.outlet)} ({_articles(each.articles)}, {line(each.side) or 'no side'})" for each in shown)
        more = f", and {len(outlets) - len(shown):,} more" if len(outlets) > len(shown) else ""
        yield f"Outlets that never gave a hit, {len(outlets)} of {corpus.outlets}: {', '.join(named)}{more}."
    else:
        yield "Every outlet has given a hit."


def _articles(count: int) -> str:
    return f"{count:,} articles" if count != 1 else "1 article"


def _words(words: Sequence[MissedWord], console: Console) -> None:
    console.print()
    if not words:
        told = "No word stands often where a rule lacked one name only: nothing is known to be missed."
        console.print(Text(told), soft_wrap=True)
        return
    console.print(Text(EXPLAINED), soft_wrap=True)
    table = _table("language", "word")
    for name in ("articles", "times the odds"):
        table.add_column(name, justify="right")
    table.add_column("mostly missed by")
    table.add_column("which lacked")
    for language, group in groupby(words, key=lambda each: each.language):
        for number, each in enumerate(group):
            name = "" if number else LANGUAGE_NAMES[language]
            cells = (name, each.word, f"{each.articles:,}", f"{each.times:.0f}", each.rule, each.lacking)
            table.add_row(*map(_cell, cells))
    console.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _cell(text: str) -> Text:
    return Text(line(text))

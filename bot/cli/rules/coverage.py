"""`borderwatch rules coverage`: what the rules offer, what they find, and where they are silent."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import DatabaseOption
from bot.cli.rules.asked import Form, FormOption, moment

if TYPE_CHECKING:
    from bot.coverage import Coverage
    from rules.rulebook import Rulebook
    from rules.tools.coverage_words import MissedWord
    from storage.database import Database

NEWEST = 10_000
"""Stored articles, the newest, in which words of missed articles are looked for: some five seconds."""

SilentOption = Annotated[str, typer.Option("--silent", metavar="TIME", help="Name rules without a hit for so long.")]
OutletsOption = Annotated[bool, typer.Option("--outlets", help="Show hits by outlet too, and every silent outlet.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules coverage --silent 30d --db data/demo.db")(coverage)


def coverage(
    db: DatabaseOption = None,
    form: FormOption = Form.text,
    silent: SilentOption = "90d",
    outlets: OutletsOption = False,
) -> None:
    """Show by rule and language: terms, examples, hits and the last of them; what is silent, and what may be missed."""
    from bot.cli.opened import books, is_there, opened
    from bot.cli.rules.shown.coverage_text import show
    from bot.clock import SystemClock
    from bot.console import stdout
    from bot.coverage import Coverage, Reach
    from bot.settings import load_settings
    from rules.tools.coverage import offers

    now = SystemClock().now()
    span = now - moment("--silent", silent, now)
    book = books(None)
    address = load_settings({"database_url": db}).database
    words: list[MissedWord] = []
    if is_there(address):
        with closing(opened(address)) as database:
            found = _found(database, book, now, span)
            words = _words(database, book)
    else:
        typer.echo(f"There is no database at {address}: only what the rules offer is shown.", err=True)
        found = Coverage(tuple(Reach(offer, ()) for offer in offers(book)))
    if form is Form.json:
        from bot.cli.rules.shown.coverage_json import coverage_json

        typer.echo(json.dumps(coverage_json(found, words), ensure_ascii=False))
    else:
        show(found, words, stdout(), every=outlets)


def _found(database: Database, book: Rulebook, now: datetime, silent: timedelta) -> Coverage:
    from bot.coverage import cover
    from rules.tools.coverage import offers
    from storage.corpus import measure_corpus
    from storage.coverage import count_hits, silent_outlets

    with database.read() as session:
        corpus, hits, outlets = measure_corpus(session), count_hits(session), silent_outlets(session)
    return cover(offers(book), corpus, hits, outlets, now=now, silent=silent)


def _words(database: Database, book: Rulebook) -> list[MissedWord]:
    from bot.cli.rules.backtest import progress
    from rules.tools.coverage_words import MissedWords
    from storage.corpus import measure_corpus, read_corpus
    from storage.coverage import published_after

    with database.read() as session:
        since = published_after(session, NEWEST)
        size = measure_corpus(session, since)
    words = MissedWords(book)
    with progress(size.articles) as step:
        for page in read_corpus(database, since):
            for each in page:
                words.take(each.article)
            step(len(page))
    return words.result()

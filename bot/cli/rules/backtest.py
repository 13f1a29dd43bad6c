"""`borderwatch rules backtest`: what changed rule files would have done with the articles that are stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError, UsageError
from bot.cli.options import DatabaseOption
from bot.cli.rules.asked import Form, FormOption, moment

if TYPE_CHECKING:
    from bot.backtest.deciding import Books, Sides
    from bot.backtest.report import Backtest
    from storage.corpus import CorpusSize
    from storage.database import Database

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="The folders or files that were changed; none: what BORDERWATCH_RULES lays over the library.",
        show_default=False,
    ),
]
SinceOption = Annotated[str, typer.Option("--since", metavar="TIME", help="E.g. 90d, 12h, 2021-11-01, or all.")]
AllOption = Annotated[bool, typer.Option("--all", help="List all articles and events, not the newest of each kind.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules backtest my-rules/road-closed.yaml --since 90d")(backtest)


def backtest(
    paths: PathsArgument = None,
    since: SinceOption = "90d",
    db: DatabaseOption = None,
    form: FormOption = Form.text,
    every: AllOption = False,
) -> None:
    """Compare the rules in force with the same with PATH laid over, on the stored articles. Nothing is changed.

    Which articles each rule gains and loses, which events come and go, and how many alerts a day that makes.
    """
    from bot.backtest.deciding import Sides, read_books, sides_of, untried
    from bot.backtest.shapes import backtest_json
    from bot.backtest.showing import show
    from bot.cli.opened import database_of, places
    from bot.clock import SystemClock
    from bot.console import stdout

    folders = places().rules
    if not paths and not folders:
        raise UsageError("Name the files that you changed, e.g.: borderwatch rules backtest my-rules/")
    start = None if since == "all" else moment("--since", since, SystemClock().now())
    sides = sides_of(folders, paths) if paths else Sides((), folders)
    books = read_books(sides)
    if escalations := untried(books.before, books.after):
        typer.echo(f"Escalation rules are not tried here: {', '.join(escalations)}.", err=True)
    with closing(database_of(db)) as database:
        size = _size(database, start, since)
        if not books.changed and form is Form.text:
            typer.echo("No rule would be another one, so no article would be decided otherwise.")
            return
        result = _compared(database, start, size, books, sides)
    if form is Form.json:
        typer.echo(json.dumps(backtest_json(result), ensure_ascii=False))
    else:
        show(result, stdout(), every=every)


def _compared(database: Database, start: datetime | None, size: CorpusSize, books: Books, sides: Sides) -> Backtest:
    from bot.backtest.report import Comparison
    from bot.backtest.working import decided
    from storage.corpus import read_corpus

    comparison = Comparison(books, size)
    with progress(size.articles) as step:
        for page, found in decided(read_corpus(database, start), size.articles, books, sides):
            comparison.take(page, found)
            step(len(page))
    return comparison.result()


def _size(database: Database, start: datetime | None, since: str) -> CorpusSize:
    """How much there is to try the rules on; CommandError when that is nothing."""
    from storage.corpus import measure_corpus

    with database.read() as session:
        size, last = measure_corpus(session, start), measure_corpus(session).last
    if not size.articles:
        raise CommandError(_nothing(since, last))
    return size


def _nothing(since: str, last: datetime | None) -> str:
    if last is None:
        return "There are no stored articles yet: nothing to try the rules on."
    return f"No stored article was published since {since}, the newest is of {last:%Y-%m-%d}: try --since all."


@contextmanager
def progress(articles: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, gone when the work is done. Each call says how many articles more are done."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.console import stderr

    console = stderr()
    columns = (TextColumn("reading articles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=articles)
        yield lambda done: bar.update(task, advance=done)

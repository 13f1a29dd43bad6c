"""`borderwatch articles`: what was read, and what each rule saw in it."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import typer

from bot.cli.events import Format, FormatOption
from bot.cli.options import DatabaseOption

if TYPE_CHECKING:
    from storage.articles import ArticleRecord


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch articles --format jsonl --db data/demo.db > articles.jsonl")(articles)


def articles(db: DatabaseOption = None, form: FormatOption = Format.table) -> None:
    """List the stored articles in the order in which they were published, with what each shows."""
    from bot.cli.opened import database_of
    from bot.shapes import article_json
    from storage.articles import list_articles

    with closing(database_of(db)) as database:
        records = list_articles(database)
        if form is Format.jsonl:
            for record in records:
                typer.echo(json.dumps(article_json(record), ensure_ascii=False))
        else:
            _print(list(records))


def _print(records: list[ArticleRecord]) -> None:
    from rich.table import Table
    from rich.text import Text

    from bot.console import line, stdout

    if not records:
        typer.echo("No articles yet.", err=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("published (UTC)", "outlet", "shows", "stance", "event", "title"):
        table.add_column(name, overflow="fold")
    for record in records:
        article, first = record.article, record.matches[0] if record.matches else None
        cells = (
            f"{article.published:%Y-%m-%d %H:%M}",
            article.source.outlet,
            first.rule if first else "",
            first.stance if first else "",
            str(record.event or ""),
            article.title,
        )
        table.add_row(*(Text(line(cell)) for cell in cells))
    stdout().print(table)

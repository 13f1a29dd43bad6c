"""`borderwatch events` and `borderwatch event`: ask the event log."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError
from bot.cli.options import DatabaseOption, LimitOption, QueryArgument

if TYPE_CHECKING:
    from rich.table import Table

    from storage.events import Event, Revision


class Format(StrEnum):
    """How a list is printed."""

    table = "table"
    jsonl = "jsonl"


FormatOption = Annotated[Format, typer.Option("--format", help="A table for people, or a JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command(epilog="Example: borderwatch events indicator:pow-release sources:2")(events)
    app.command(epilog="Example: borderwatch event 3")(event)


def events(
    query: QueryArgument = None,
    db: DatabaseOption = None,
    form: FormatOption = Format.table,
    limit: LimitOption = 1_000_000,
) -> None:
    """List the events that a query asks for, oldest first."""
    from bot.cli.opened import database_of
    from bot.clock import SystemClock
    from bot.shapes import event_json
    from rules.indicators import INDICATORS
    from storage.query import parse_query
    from storage.search import indicators_shown, list_events

    with closing(database_of(db)) as database, database.read() as session:
        known = indicators_shown(session).union(INDICATORS, _own_indicators())
        asked = parse_query(as_typed(query or []), now=SystemClock().now(), indicators=known)
        found = list_events(session, asked)[-limit:]
    if form is Format.jsonl:
        for each in found:
            typer.echo(json.dumps(event_json(each), ensure_ascii=False))
    elif found:
        _print(_table(found))
    else:
        typer.echo("No event answers that query." if query else "No events yet.", err=True)


def _own_indicators() -> Collection[str]:
    """Those of the settings' rule folders, which may be asked for before anything has shown them.

    What is wrong with a file is for `rules check` to say.
    """
    from bot.rulebooks import load_books
    from bot.settings import load_settings
    from rules.rulebook import RuleErrors

    folders = load_settings().rules
    try:
        return load_books(folders).rules if folders else ()
    except RuleErrors as errors:
        return errors.partial.rules


def as_typed(words: Sequence[str]) -> str:
    """The query before the shell took its quotation marks: what holds a space was quoted, alone or behind a key."""
    if len(words) == 1 and not words[0].startswith("place:"):
        return words[0]
    return " ".join(_requoted(word) for word in words)


def _requoted(word: str) -> str:
    if " " not in word or '"' in word:
        return word
    key, colon, value = word.partition(":")
    return f'{key}:"{value}"' if colon else f'"{word}"'


def event(
    number: Annotated[int, typer.Argument(metavar="ID", min=1, max=2**63 - 1)], db: DatabaseOption = None
) -> None:
    """Show one event: the alert as a chat shows it, and how it came to be, revision by revision."""
    from bot.cli.opened import database_of
    from storage.events import get_event, revisions

    with closing(database_of(db)) as database, database.read() as session:
        found = get_event(session, number)
        history = revisions(session, number)
    if found is None:
        raise CommandError(f"There is no event {number}; `borderwatch events` lists those there are.")
    _show(found, history)


def _show(event: Event, history: list[Revision]) -> None:
    from rich.text import Text

    from bot.console import ADDRESS, dress, line, stdout
    from bot.messages import compose, state_line, time_line
    from storage.outbox import Alert

    console = stdout()
    console.print(dress(compose(Alert(0, ADDRESS, event, None, 0, ""))), soft_wrap=True)
    console.print()
    for revision in history:
        source = next((each for each in revision.event.sources if each.article == revision.article), None)
        told = f"{line(source.outlet)}: {line(source.title)}" if source else "by hand"
        when = f" · {time_line(source.published)}" if source else ""
        console.print(Text(f"revision {revision.event.revision}{when}", "bold"), soft_wrap=True)
        why = f"{line(revision.why)}; {line(state_line(revision.event))}"
        console.print(Text(f"  {told}\n  {why}"), soft_wrap=True)


def _table(found: list[Event]) -> Table:
    from rich.table import Table
    from rich.text import Text

    from bot.console import line
    from bot.messages import place_line

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "first seen (UTC)", "indicator", "level", "state", "owners", "place", "title"):
        table.add_column(name, overflow="fold", justify="right" if name in ("id", "owners") else "left")
    for each in found:
        cells = (
            str(each.id),
            f"{each.first_seen:%Y-%m-%d %H:%M}",
            each.indicator,
            each.level,
            each.state,
            str(each.owners),
            place_line(each),
            each.title,
        )
        table.add_row(*(Text(line(cell)) for cell in cells))
    return table


def _print(table: Table) -> None:
    from bot.console import stdout

    stdout().print(table)

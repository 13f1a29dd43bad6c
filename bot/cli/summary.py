"""What `demo` and `replay` say at the end: what was read, matched, grouped and sent, and what to try next."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bot.console import Transcript, stderr, stdout
from storage.census import Census, take_census
from storage.database import Database
from storage.search import list_events

NEXT = (
    ("events --db {db}", "the events as a table"),
    ("event {event} --db {db}", "one event, and how it came to be"),
    ("events indicator:pow-release sources:2 --db {db}", "a query"),
    ("articles --db {db}", "every article, and what the rules saw in it"),
    ("rules test", "the rules' own examples"),
)


def summarise(database: Database, transcript: Transcript, name: str) -> None:
    """The figures, and commands to go on with on the database called `name`."""
    with database.read() as session:
        census = take_census(session)
        first = next(iter(list_events(session, limit=1)), None)
    console = stdout()
    for line in figures(census, transcript):
        console.print(line, soft_wrap=True)
    console.print("\nTry next:")
    told = min((alert.event.id for alert, _ in transcript.messages.values()), default=first.id if first else None)
    for command, what in NEXT:
        if told is not None or "{event}" not in command:
            typed = f"{program()} {command.format(db=shlex.quote(name), event=told)}"
            console.print(Text.assemble(f"  {typed:<78} ", (what, "dim")), soft_wrap=True)


def figures(census: Census, transcript: Transcript) -> tuple[str, ...]:
    """What was read, matched, grouped and sent, a line each."""
    edits = sum(edits for _, edits in transcript.messages.values())
    return (
        f"Read     {census.articles} articles of {census.outlets} outlets in {census.languages} languages",
        f"Matched  {census.news} report something on the list; {census.guarded} only sound like it",
        f"Grouped  {census.events} events; {census.backlog} articles were there before the start, and alerted nobody",
        f"Sent     {len(transcript.messages)} alerts, edited {edits} times as more came in",
    )


def program() -> str:
    """How the person who is reading this starts the program."""
    return os.environ.get("BORDERWATCH_STARTED_AS") or "borderwatch"


@contextmanager
def progress(what: str, steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar on a terminal, gone when the work is done. Each call is a step, and names what was reached."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = stderr()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=steps)

        def step(reached: str) -> None:
            bar.update(task, advance=1, description=f"{what} {reached}")

        yield step

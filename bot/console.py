"""The console as a chat: alerts in a terminal, as a subscriber would see them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from bot.messages import Message, compose
from storage.outbox import Address, Alert, Sent

ADDRESS = Address("console", 0)
"""The one chat of the console."""
PAGE = 160
"""Columns where there is no terminal to ask: tables in files and pipes should not be broken into slivers."""
LONGEST = 300
"""Characters of one text from outside in a table or a line."""
JOINERS = "\u200c\u200d"
"""Unseen and harmless; some scripts and many an emoji are spelt with them."""


class _Console(Console):
    """Leaves a reader who has gone (head, less) to the command, which ends well then; rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def stdout() -> Console:
    """Where data and alerts go."""
    return _console(stderr=False)


def stderr() -> Console:
    """Where words about the work go."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = PAGE
    return console


def printable(text: str) -> str:
    """`text` for a terminal, character by character: what it would obey (controls, direction marks) is shown only."""
    return "".join(map(_harmless, text))


def line(text: str) -> str:
    """Text from outside as one line of a terminal, or a cell of a table: printable, and not without end."""
    shown = printable(text[: LONGEST + 1]).replace("\n", " ")
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1].rstrip() + "…"


def _harmless(char: str) -> str:
    if char.isprintable() or char == "\n" or char in JOINERS:
        return char
    return " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"


def dress(message: Message) -> Text:
    """The message for a terminal: a headline must not move the cursor."""
    shown = Text(printable(message.text))
    for start, end in message.bold:
        shown.stylize("bold", start, end)
    for start, end, url in message.links:
        shown.stylize(f"link {url}" if url.isprintable() and " " not in url else "", start, end)
    return shown


@dataclass(slots=True)
class ConsoleSink:
    """Prints each alert as it is sent, and again when it is edited."""

    console: Console
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def send(self, alert: Alert) -> Sent:
        """Print the alert; it cannot fail in a way that another try would mend."""
        if alert.message is not None:
            self.console.print(Text(f"(edited: event {alert.event.id}, now revision {alert.event.revision})", "dim"))
        self.console.print(dress(compose(alert)), soft_wrap=True)
        self.console.print()
        return Sent(alert.message or next(self.numbers))


@dataclass(slots=True)
class Transcript:
    """Keeps the chat as it stands, each alert once and in its last edited form, to be shown when all is done."""

    messages: dict[int, tuple[Alert, int]] = field(default_factory=dict)

    async def send(self, alert: Alert) -> Sent:
        """Put the alert in its place in the chat."""
        number = alert.message or alert.id
        edits = self.messages[number][1] + 1 if number in self.messages else int(alert.message is not None)
        self.messages[number] = (alert, edits)
        return Sent(number)

    def show(self, console: Console) -> None:
        """Print the chat, oldest message first."""
        for alert, edits in self.messages.values():
            console.print(dress(compose(alert)), soft_wrap=True)
            if edits:
                console.print(Text(f"(edited {edits} times)" if edits > 1 else "(edited once)", "dim"))
            console.print()

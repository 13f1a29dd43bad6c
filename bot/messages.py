"""An alert as text: what a chat sees, before any sink dresses it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.outbox import Alert


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text with marks. `bold` and `links` index code points of `text`; a link carries its address.

    Marks, not markup: hostile text needs no escaping, and a sink turns them into its own form.
    """

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[int, int, str], ...] = ()


def compose(alert: Alert) -> Message:
    """The message that tells `alert`, at most 4,096 characters, the least important end cut first."""
    return Message(alert.event.title)

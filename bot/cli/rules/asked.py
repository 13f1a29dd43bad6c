"""What the commands that measure rules on stored articles are asked: a time, and the form of the answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.failures import UsageError


class Form(StrEnum):
    """How an answer is printed."""

    text = "text"
    json = "json"


FormOption = Annotated[Form, typer.Option("--format", help="For people, or one JSON object.")]


def moment(option: str, written: str, now: datetime) -> datetime:
    """The moment that `90d`, `12h` or `2021-11-01` stands for, as in queries; `UsageError` when it is none."""
    from storage.query import EventQuery, parse_query
    from storage.querytext import QueryError

    try:
        asked = parse_query(f"since:{written.strip()}", now=now)
    except QueryError:
        asked = EventQuery()
    if asked.since is None or asked != EventQuery(since=asked.since):
        raise UsageError(f'{option}: "{written}" is not a time; write for instance 90d, 12h or 2021-11-01')
    return asked.since

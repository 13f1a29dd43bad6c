"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DatabaseOption = Annotated[
    str | None, typer.Option("--db", metavar="FILE|URL", help="The database: a file, or postgresql://...")
]
RulesOption = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="FOLDER|FILE", help="Rules laid over the library; repeatable.")
]
FeedsOption = Annotated[Path | None, typer.Option("--feeds", metavar="FILE", help="A catalogue, CSV or YAML.")]
QueryArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[QUERY]", help="E.g. indicator:pow-release level:high. Empty: all.")
]
LimitOption = Annotated[int, typer.Option("--limit", min=1, max=10**9, help="Show at most so many, the newest.")]

"""Arguments that the commands for rules share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Folders or files laid over the shipped library; none: those of BORDERWATCH_RULES.",
        show_default=False,
    ),
]

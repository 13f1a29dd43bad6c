"""Files of news with an object a line, plain or gzipped."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.cli.failures import CommandError
from rules.tools.labelled import LONGEST, LabelError

T = TypeVar("T")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that could not be read, and why."""

    file: str
    line: int
    reason: str


def read_lines(path: Path, read: Callable[[bytes, int], T]) -> tuple[list[T], list[Fault]]:
    """What `read` makes of each line that is not blank, given its number, and the lines of which it makes nothing.

    Raises CommandError when the file cannot be unpacked, OSError when it cannot be read.
    """
    items: list[T] = []
    faults: list[Fault] = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            items.append(read(line, number))
        except LabelError as error:
            faults.append(Fault(path.name, number, str(error)))
    return items, faults


def _lines(path: Path) -> Iterator[bytes]:
    """The lines, none kept much longer than a reader of lines takes."""
    with path.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            while line := file.readline(LONGEST + 2):
                rest = line
                while len(rest) > LONGEST and not rest.endswith(b"\n"):
                    rest = file.readline(LONGEST + 2)
                yield line
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CommandError(f"{path.name} is damaged and cannot be unpacked to its end: {error}") from error

"""`borderwatch rules fmt`: one layout for all rule files."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import FOUND_WRONG, CommandError, UsageError

if TYPE_CHECKING:
    from rules.tools.formatting import Formatted

PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[PATH]...",
        help="Files, or folders with all their rules and lists; none: those of BORDERWATCH_RULES.",
        show_default=False,
    ),
]
CheckOption = Annotated[bool, typer.Option("--check", help="Write nothing; name what would change, exit 1 if any.")]
DiffOption = Annotated[bool, typer.Option("--diff", help="Write nothing; show the lines that would change.")]


@dataclass(slots=True)
class _Tally:
    """How many files were (or would be) changed, were as they should be, and could not be laid out."""

    changed: int = 0
    same: int = 0
    left: int = 0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules fmt my-rules --diff")(fmt)


def fmt(paths: PathsArgument = None, check: CheckOption = False, diff: DiffOption = False) -> None:
    """Lay out rule files and lists in the one manner of the library: order of keys, indents, lines of 120 characters.

    What a file says stays the same, comments and blank lines stay; doing it twice changes nothing. A file that cannot
    be read is left alone and its faults are told; the others are laid out all the same.
    """
    files = _files(paths)
    tally = _Tally()
    for path in files:
        _one(path, tally, write=not (check or diff), diff=diff)
    typer.echo(_summary(tally, done=not (check or diff)), err=True)
    if tally.left or (check and tally.changed):
        raise typer.Exit(FOUND_WRONG)


def _files(paths: Sequence[Path] | None) -> list[Path]:
    """The files that were given or lie in the folders given, each once, in that order."""
    from bot.cli.opened import rule_paths

    given = rule_paths(paths)
    if not given:
        raise UsageError(
            "Which files? Give a file or a folder, e.g. `borderwatch rules fmt my-rules`, or name your folders in "
            "BORDERWATCH_RULES."
        )
    for path in given:
        if not path.exists():
            raise UsageError(f"{path} is not there; check the name.")
    files: dict[str, Path] = {}
    for file in (file for path in given for file in _within(path)):
        files.setdefault(os.path.realpath(file), file)
    if not files:
        raise CommandError(f"No *.yaml lies in {', '.join(map(str, given))} or its lists/: there is nothing to format.")
    return list(files.values())


def _within(path: Path) -> Iterator[Path]:
    """The file, or the rules and lists of a folder; hidden files are no rules."""
    if path.is_dir():
        found = sorted((*path.glob("*.yaml"), *path.glob("lists/*.yaml")))
        yield from (file for file in found if not file.name.startswith(".") and not file.is_dir())
    elif path.suffix == ".yaml":
        yield path
    else:
        raise UsageError(f"{path} is no rule file: their names end in .yaml.")


def _one(path: Path, tally: _Tally, *, write: bool, diff: bool) -> None:
    """Look at one file, write it if it changes and may be written, and tell what is to be told of it."""
    from bot.console import printable
    from rules.errors import BorderwatchError
    from rules.tools.formatting import formatted

    try:
        result = formatted(str(path), path.read_bytes())
        if write and result.changes and result.text is not None:
            _write(path, result.text.encode("utf-8"))
    except (BorderwatchError, OSError) as error:
        tally.left += 1
        words = str(error) if isinstance(error, BorderwatchError) else f"{path}: {error.strerror or error}"
        typer.echo(printable(words), err=True)
        return
    if result.text is None:
        tally.left += 1
        typer.echo(printable("\n\n".join(map(str, result.faults)) + "\n"), err=True)
    elif not result.changes:
        tally.same += 1
    else:
        tally.changed += 1
        typer.echo(printable(_difference(path, result) if diff else str(path)))


def _difference(path: Path, result: Formatted) -> str:
    """What would change, as a unified diff; how the file was saved is no line of it and is said before."""
    before, after = result.before.splitlines(), (result.text or "").splitlines()
    saved = [f"# {path} was saved {' and '.join(result.saved)}"] if result.saved else []
    if result.before and not result.before.endswith("\n"):
        saved.append(f"# {path} had no line end after its last line")
    lines = difflib.unified_diff(before, after, str(path), f"{path} (formatted)", lineterm="")
    return "\n".join([*saved, *lines])


def _write(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file a link may lead to: whole or not at all, with the rights that it had."""
    target = Path(os.path.realpath(path))
    if not os.access(target, os.W_OK):
        raise CommandError(f"{path} may not be written to and stays as it is; check its rights.")
    owner = target.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fsync(file.fileno())
        with suppress(PermissionError):  # another's file in a folder of one's own: it may be written all the same
            shutil.chown(part, owner.st_uid, owner.st_gid)
        shutil.copymode(target, part)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _summary(tally: _Tally, *, done: bool) -> str:
    changed = f"{_counted(tally.changed)} {'formatted' if done else 'would be formatted'}"
    as_they_were = f"{tally.same} as {'it was' if tally.same == 1 else 'they were'}"
    left = f", {tally.left} left alone: see above" if tally.left else ""
    return f"{changed}, {as_they_were}{left}"


def _counted(number: int) -> str:
    return f"{number or 'no'} file{'' if number == 1 else 's'}"

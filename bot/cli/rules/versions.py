"""`borderwatch rules versions`: what a rule said when it made a match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError, UsageError
from bot.cli.options import DatabaseOption

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from storage.rulebooks import RuleVersion, VersionUse

COLOURS = {"+": "green", "-": "red", "@": "cyan"}
"""How the lines of a difference are shown in a terminal, by their first sign."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules versions pow-release --diff 3f2a90c1 b81e44d7")(versions)


def versions(
    rule: Annotated[str, typer.Argument(metavar="ID", help="A rule's id; none: all.", show_default=False)] = "",
    show: Annotated[
        str, typer.Option("--show", metavar="VERSION", help="Print the rule's file as it stood.", show_default=False)
    ] = "",
    shared: Annotated[
        str, typer.Option("--list", metavar="NAME", help="With --show: print this list instead.", show_default=False)
    ] = "",
    diff: Annotated[
        tuple[str, str] | None,
        typer.Option("--diff", metavar="VERSION VERSION", help="What changed, in the rule and in the lists it uses."),
    ] = None,
    db: DatabaseOption = None,
) -> None:
    """List the versions of rules that have been in force: since when, and how many matches each made.

    A version changes with the rule's file and with the lists that it uses. Every match names its own.
    """
    if show and diff:
        raise UsageError("--show and --diff are two questions: ask one at a time.")
    if shared and not show:
        raise UsageError("--list needs --show VERSION, which says as it stood when.")
    from bot.cli.opened import database_of
    from storage.rulebooks import list_versions

    with closing(database_of(db)) as database, database.read() as session:
        uses = list_versions(session)
        if rule:
            _known(rule, (each.rule for each in uses))
        if show:
            _print_text(session, _find(session, show, rule, uses), shared)
        elif diff:
            _print_changes(session, *(_find(session, each, rule, uses) for each in diff))
        else:
            _print_table([each for each in uses if rule in ("", each.rule)])


def _known(rule: str, known: Iterable[str]) -> None:
    from rules.diagnostics import did_you_mean

    names = set(known)
    if rule not in names:
        raise CommandError(
            " ".join(filter(None, (f"No version of a rule {rule!r} is kept.", did_you_mean(rule, names))))
        )


def _find(session: Session, written: str, rule: str, uses: Sequence[VersionUse]) -> RuleVersion:
    """The version that `3f2a90c1`, or `pow-release@3f2a90c1` as events name it, stands for."""
    from rules.diagnostics import did_you_mean
    from storage.rulebooks import find_versions

    named, _, version = written.rpartition("@")
    found = find_versions(session, version, named or rule)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{each.rule}@{version}" for each in found)
        raise CommandError(f"{version} is a version of several rules: write one of {listed}.")
    asked = [each for each in uses if (named or rule) in ("", each.rule)]
    if any(each.version == version for each in asked):
        raise CommandError(f"{version} made its matches before versions were kept: its text is not known.")
    hint = did_you_mean(version, [each.version for each in asked])
    raise CommandError(
        f"There is no version {version!r}{f' of {named or rule}' if named or rule else ''}. "
        f"{hint or '`borderwatch rules versions` lists them.'}"
    )


def _print_text(session: Session, found: RuleVersion, shared: str) -> None:
    """Print a text: made harmless for a terminal, as it is for a file."""
    from bot.console import line, printable, stderr, stdout
    from rules.diagnostics import did_you_mean
    from storage.rulebooks import list_text

    if shared and shared not in found.lists:
        hint = did_you_mean(shared, found.lists)
        raise CommandError(f"{found.rule} used no list {shared!r} in version {found.version}. {hint}".strip())
    text = list_text(session, found.lists[shared]) if shared else found.text
    about = f"{found.rule}@{found.version}, in force since {found.since:%Y-%m-%d %H:%M} UTC"
    lists = f"; the lists it used, each shown with --list: {line(', '.join(found.lists))}" if not shared else ""
    stderr().print(f"{f'The list {shared} of ' if shared else ''}{about}{lists}", soft_wrap=True)
    typer.echo(printable(text) if stdout().is_terminal else text, nl=not text.endswith("\n"))


def _print_changes(session: Session, old: RuleVersion, new: RuleVersion) -> None:
    from rich.text import Text

    from bot.console import printable, stderr, stdout

    console, same = stdout(), True
    for line in _changes(session, old, new):
        console.print(Text(printable(line), COLOURS.get(line[:1], "")), soft_wrap=True)
        same = False
    if same:
        stderr().print("The two say the same: neither the rule's text nor a list differs.")


def _changes(session: Session, old: RuleVersion, new: RuleVersion) -> Iterator[str]:
    """The unified differences, of the rule's file and of every list that is not the same."""
    from storage.rulebooks import list_text

    yield from _difference(old.file, old, old.text, new, new.text)
    for name in sorted({*old.lists, *new.lists}):
        before, after = old.lists.get(name, ""), new.lists.get(name, "")
        if before != after:
            yield from _difference(f"list {name}", old, list_text(session, before), new, list_text(session, after))


def _difference(name: str, old: RuleVersion, before: str, new: RuleVersion, after: str) -> Iterator[str]:
    from difflib import unified_diff

    first, second = (f"{name} {each.version} ({each.since:%Y-%m-%d %H:%M} UTC)" for each in (old, new))
    return unified_diff(before.splitlines(), after.splitlines(), first, second, lineterm="")


def _print_table(found: Sequence[VersionUse]) -> None:
    from rich.table import Table
    from rich.text import Text

    from bot.console import line, stderr, stdout

    if not found:
        stderr().print("No versions yet: the bot keeps those that come into force, as do a replay and the demo.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("rule", "version", "in force since (UTC)", "status", "level", "matches"):
        table.add_column(name, justify="right" if name == "matches" else "left")
    for each in found:
        since = f"{each.since:%Y-%m-%d %H:%M}" if each.since else "not kept"
        cells = (each.rule, each.version, since, each.status or "-", each.level or "-", f"{each.matches:,}")
        table.add_row(*(Text(line(cell)) for cell in cells))
    stdout().print(table)

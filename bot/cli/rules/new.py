"""`borderwatch rules new`: a file to begin from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failures import CommandError, UsageError

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Its name: small letters, digits and hyphens.")]
FolderOption = Annotated[
    Path | None,
    typer.Option("--in", metavar="FOLDER", help="Where; else the first of BORDERWATCH_RULES, else my-rules."),
]
TitleOption = Annotated[str, typer.Option("--title", help="What an alert calls it.")]
EscalationOption = Annotated[bool, typer.Option("--escalation", help="A rule over the events of other rules.")]
ListOption = Annotated[bool, typer.Option("--list", help="A shared list of words.")]
CopyOption = Annotated[bool, typer.Option("--copy", help="Begin from the shipped rule or list of that name.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog='Example: borderwatch rules new road-closed --title "The road is closed or opened"')(new)


def new(
    name: IdArgument,
    folder: FolderOption = None,
    title: TitleOption = "",
    escalation: EscalationOption = False,
    shared: ListOption = False,
    copy: CopyOption = False,
) -> None:
    """Write a rule that works as it stands, with comments, to be changed a few words at a time."""
    from rules.rulebook import library
    from rules.tools.skeleton import Kind, is_name, proposed, skeleton, title_of

    if not is_name(name):
        hint = f" Try {proposed(name)}." if proposed(name) else ""
        raise UsageError(f"{name!r} is no name: names are of small letters, digits and hyphens.{hint}")
    if escalation and shared:
        raise UsageError("A list is no escalation rule: leave out --list or --escalation.")
    relative = Path("lists") / f"{name}.yaml" if shared else Path(f"{name}.yaml")
    shipped = library() / relative
    path = _folder(folder) / relative
    if path.exists():
        raise CommandError(f"{path} is there already and stays as it is. Choose another name, or edit that file.")
    if copy and not shipped.is_file():
        raise UsageError(f"The library has no {relative} to copy. Leave out --copy to begin from a skeleton.")
    if shipped.is_file() and not copy:
        raise UsageError(f"The library has a {relative}, which yours would replace. --copy begins from it.")
    kind: Kind = "list" if shared else "escalation" if escalation else "rule"
    command = os.environ.get("BORDERWATCH_STARTED_AS", "borderwatch")
    text = (
        shipped.read_text("utf-8")
        if copy
        else skeleton(kind, name, title or title_of(name), file=str(path), command=command)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    _say(path, command, kind)


def _folder(given: Path | None) -> Path:
    from bot.cli.opened import rule_paths

    if given is not None:
        return given
    return next((path for path in rule_paths(None) if not path.is_file()), Path("my-rules"))


def _say(path: Path, command: str, kind: str) -> None:
    typer.echo(path)
    typer.echo(f"Written. Edit it, and try it: {command} rules check {path}", err=True)
    if kind == "list":
        typer.echo(f"Rules use it by its name: uses: [{path.stem}]", err=True)
    else:
        typer.echo(f"  whether its examples hold:       {command} rules test {path}", err=True)
        if kind == "rule":
            typer.echo(f'  why a headline matches, or not:  {command} rules explain "..." --rules {path}', err=True)
        typer.echo(f"It is live when its folder is in force: {command} run --rules {path.parent}", err=True)

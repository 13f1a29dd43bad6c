"""`borderwatch rules schema`: what an editor completes rule files from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.failures import CommandError

FolderOption = Annotated[
    Path | None,
    typer.Option("--in", metavar="FOLDER", help="The folder; else the first of BORDERWATCH_RULES, else my-rules."),
]
PrintOption = Annotated[bool, typer.Option("--print", help="Print the schema of a rule instead of writing files.")]

SCHEMAS = Path(".borderwatch")
EDITOR = Path(".vscode") / "settings.json"
SETTING = "yaml.schemas"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules schema --in my-rules")(schema)


def schema(folder: FolderOption = None, printed: PrintOption = False) -> None:
    """Write the JSON Schema of rules and lists where editors find it; run it again when lists have changed."""
    from bot.cli.opened import rule_paths
    from bot.rulebooks import load_books
    from rules.rulebook import RuleErrors
    from rules.tools.schema import list_schema, rule_schema

    usual = [path for path in (*rule_paths(None), Path("my-rules")) if path.is_dir()]
    folders = [folder] if folder else usual
    try:
        book = load_books([path for path in folders if path.exists()])
    except RuleErrors as errors:  # what is good of the files is enough to complete from
        book = errors.partial
    if printed:
        typer.echo(_json(rule_schema(book)))
        return
    if not folders:
        raise CommandError("Which folder? Give it with --in, e.g. --in my-rules, or set BORDERWATCH_RULES.")
    home = folders[0]
    if not home.is_dir():
        raise CommandError(f"There is no folder {home}. `rules new` makes one with a first rule.")
    (home / SCHEMAS).mkdir(exist_ok=True)
    (home / SCHEMAS / "rule.schema.json").write_text(_json(rule_schema(book)) + "\n", "utf-8")
    (home / SCHEMAS / "list.schema.json").write_text(_json(list_schema()) + "\n", "utf-8")
    typer.echo(home / SCHEMAS / "rule.schema.json")
    typer.echo(home / SCHEMAS / "list.schema.json")
    _tell_editor(home / EDITOR)


def _tell_editor(path: Path) -> None:
    """Map the schemas to the files in VS Code's settings, all else in them kept."""
    wanted = {f"./{SCHEMAS}/rule.schema.json": ["/*.yaml"], f"./{SCHEMAS}/list.schema.json": ["/lists/*.yaml"]}
    try:
        settings = json.loads(path.read_text("utf-8")) if path.exists() else {}
        standing = settings.setdefault(SETTING, {})
        standing.update(wanted)
    except (ValueError, AttributeError):
        # Comments are allowed there, and would be lost.
        lines = json.dumps({SETTING: wanted}, indent=2)[1:-1].strip()
        typer.echo(f"{path} holds comments or something unexpected and stays as it is. Add to it:\n  {lines}", err=True)
        return
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(settings, indent=2, ensure_ascii=False) + "\n", "utf-8")
    typer.echo(path)
    typer.echo("VS Code with the YAML extension completes from it when this folder is opened.", err=True)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)

"""`borderwatch rules test`: the examples that stand in the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import CommandError, UsageError
from bot.cli.rules.options import PathsArgument

if TYPE_CHECKING:
    from rules.rulebook import Rulebook
    from rules.tools.examples import ExampleFailure


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example that was run: of which rule, where it stands, what it says and what came; None: as it says."""

    rule: str
    file: str
    line: int
    told: str
    failure: ExampleFailure | None


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test", epilog="Example: borderwatch rules test my-rules/ --rule road-closed")(try_examples)


def try_examples(
    paths: PathsArgument = None,
    rule: Annotated[
        list[str] | None, typer.Option("--rule", metavar="ID", help="Only the examples of this rule; repeatable.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every example, a line each.")] = False,
) -> None:
    """Run the examples that stand in the rules; only what differs is shown, with what decided it."""
    from bot.cli.opened import books
    from bot.console import printable

    book, ids = books(paths), rule or []
    _check(book, ids, paths or ())
    outcomes = list(_run(book, ids))
    for each in outcomes:
        if verbose:
            typer.echo(printable(f"{'differs' if each.failure else 'ok':<7}  {_line(each)}"))
        if each.failure:
            typer.echo(printable(f"{each.failure}\n"))
    if not outcomes:
        raise CommandError("No example was tried: there is no rule with examples.")
    failed = [each for each in outcomes if each.failure]
    if failed:
        differ = f"{len(failed)} of {_counted(outcomes)} came out otherwise than they say"
        raise CommandError(f"{differ}: {', '.join(dict.fromkeys(each.rule for each in failed))}.")
    typer.echo(f"{_counted(outcomes)} hold{'s' if len(outcomes) == 1 else ''}.{_of_paths(outcomes, paths or (), ids)}")


def _check(book: Rulebook, ids: Sequence[str], paths: Sequence[Path]) -> None:
    """Raises when a rule that was asked for is unknown, or a path holds nothing that could be tried."""
    from rules.diagnostics import did_you_mean

    known = (*book.rules, *book.correlations)
    for each in ids:
        if each not in known:
            raise UsageError(f"There is no rule {each!r}. {did_you_mean(each, known)}".rstrip())
    files = [Path(rule.file) for rule in book.rules.values()]
    files += [Path(rule.file) for rule in book.correlations.values()]
    for path in paths:
        is_list = path.parent.name == "lists" or any((path / "lists").glob("*.*"))
        if not is_list and not any(file.is_relative_to(path) for file in files):
            raise CommandError(f"No rule stands in {path}, so nothing of it was tried. Rule files end in .yaml.")


def _run(book: Rulebook, ids: Sequence[str]) -> Iterator[Outcome]:
    from rules.tools.examples import try_examples as tried
    from rules.tools.timeline import run_timelines

    # Of an escalation rule alone no article rule is meant: no id would stand for all of them.
    of_articles = [each for each in ids if each in book.rules]
    for each in tried(book, of_articles) if of_articles or not ids else ():
        example = each.example
        told = f"[{example.language}] {example.title}: {each.came}"
        yield Outcome(each.rule, example.file, example.line, told, each.failure)
    failures = run_timelines(book)
    for rule in book.correlations.values():
        for timeline in rule.examples if not ids or rule.id in ids else ():
            failure = next(
                (each for each in failures if (each.file, each.line) == (timeline.file, timeline.line)), None
            )
            if failure:
                failures.remove(failure)
            told = f"{len(timeline.happenings)} events: {'fires' if timeline.matches else 'does not fire'}"
            yield Outcome(rule.id, timeline.file, timeline.line, told, failure)


def _line(outcome: Outcome) -> str:
    return f"{Path(outcome.file).name}:{outcome.line}: {outcome.rule}: {outcome.told}"


def _counted(outcomes: Sequence[Outcome]) -> str:
    """12 examples of 3 rules."""
    rules = len({each.rule for each in outcomes})
    examples = "example" if len(outcomes) == 1 else "examples"
    return f"{len(outcomes)} {examples} of {rules} rule{'s' if rules > 1 else ''}"


def _of_paths(outcomes: Iterable[Outcome], paths: Sequence[Path], ids: Sequence[str]) -> str:
    """How many of the examples stand in the files that were named, so that nobody takes the library's for them."""
    if not paths or ids:
        return ""
    own = [each for each in outcomes if any(Path(each.file).is_relative_to(path) for path in paths)]
    where = ", ".join(map(str, paths))
    return f" In {where}: {_counted(own)}." if own else f" None of them stands in {where}."

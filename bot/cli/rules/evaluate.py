"""`borderwatch rules evaluate`: how much the rules find of labelled news, and what they find beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.failures import CommandError, UsageError
from bot.cli.options import RulesOption
from bot.cli.rules.asked import Form, FormOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cli.rules.jsonlines import Fault
    from rules.rulebook import Rulebook

T = TypeVar("T")
ALL = 10**9

LabelledArgument = Annotated[
    Path,
    typer.Argument(
        metavar="LABELLED.jsonl",
        help="An object a line: title, summary, lang, labels (indicators; [] for none); or rule and verdict "
        "(right, not-relevant) in place of labels. May be gzipped.",
        show_default=False,
    ),
]
UnlabelledOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Ordinary news (title, summary, lang): what alerts there is mostly false."),
]
RuleOption = Annotated[list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; repeatable.")]
ErrorsOption = Annotated[
    str,
    typer.Option(
        metavar="N|all",
        help="Show so many of the errors of each kind. With 0 only figures are shown, no titles, ids and terms: "
        "for a set that whoever writes rules must not see.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: borderwatch rules evaluate labelled.jsonl --unlabelled news.jsonl.gz --errors 10")(
        evaluate
    )


def evaluate(
    labelled: LabelledArgument,
    unlabelled: UnlabelledOption = None,
    rules: RulesOption = None,
    rule: RuleOption = None,
    errors: ErrorsOption = "20",
    form: FormOption = Form.text,
) -> None:
    """Measure precision, recall and F1 for each indicator, language and kind of news, and show the errors."""
    from bot.cli.opened import books
    from bot.cli.rules.backtest import progress
    from bot.cli.rules.jsonlines import read_lines
    from bot.cli.rules.shown.evaluate_json import show_json
    from bot.cli.rules.shown.evaluate_text import show_faults, show_text
    from rules.tools import labelled as news
    from rules.tools.evaluate import evaluate as measure

    shown, now = _number(errors), datetime.now(UTC)
    book = books(rules)
    _check_rules(rule or [], book)
    items, faults = read_lines(labelled, lambda line, number: news.labelled(line, number, now))
    if not items:
        show_faults(faults)
        raise CommandError(f"{labelled.name} holds no item that can be measured.")
    others, more = read_lines(unlabelled, lambda line, _: news.unlabelled(line, now)) if unlabelled else ([], [])
    with progress(len(items) + len(others)) as step:
        found = measure(list(_counted(items, step)), book, only=rule or (), unlabelled=_counted(others, step))
    (show_json if form is Form.json else show_text)(found, shown)
    _finish([*faults, *more], show_faults)


def _finish(faults: Sequence[Fault], show: Callable[[Sequence[Fault]], None]) -> None:
    if faults:
        show(faults)
        raise CommandError(f"{len(faults)} {'line was' if len(faults) == 1 else 'lines were'} left out of the figures.")


def _number(written: str) -> int:
    if written == "all":
        return ALL
    if not (written.isascii() and written.isdecimal() and len(written) < 10):
        raise UsageError(f"--errors: {written!r} is no number; write for instance 0, 20 or all")
    return int(written)


def _check_rules(wanted: Sequence[str], book: Rulebook) -> None:
    from rules.diagnostics import did_you_mean

    for name in wanted:
        if name not in book.rules:
            raise UsageError(f"--rule: there is no rule {name!r}. {did_you_mean(name, book.rules)}".rstrip())


def _counted(items: Sequence[T], step: Callable[[int], None]) -> Iterator[T]:
    """The items, each told to the progress bar as it is taken."""
    for item in items:
        step(1)
        yield item

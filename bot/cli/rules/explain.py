"""`borderwatch rules explain`: why the rules match a text or do not, and what a term takes."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.failures import UsageError
from bot.cli.options import DatabaseOption, RulesOption

if TYPE_CHECKING:
    from pathlib import Path

    from bot.cli.rules.subject import Asked
    from rules.rule import Rule
    from rules.rulebook import Rulebook

_EXAMPLE = """Example: borderwatch rules explain "Ten Armenian captives freed by Baku" --rule pow-release; or a term: \
borderwatch rules explain 'captiv*'"""


class Form(StrEnum):
    """How an explanation is written."""

    text = "text"
    json = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EXAMPLE)(explain)


def explain(
    given: Annotated[
        str,
        typer.Argument(
            metavar="TEXT|URL|FILE|TERM",
            help="A headline; an address, stored or of the web; a text file (first line the title, the rest the lead; "
            "- for standard input); or a term with ~ or *.",
        ),
    ],
    rule: Annotated[
        list[str] | None, typer.Option("--rule", metavar="ID", help="Show this rule in full; repeatable.")
    ] = None,
    language: Annotated[str, typer.Option("--language", metavar="en|ru|hy|az|tr", help="Else it is guessed.")] = "",
    lead: Annotated[str, typer.Option("--lead", metavar="TEXT", help="What stands below the headline.")] = "",
    side: Annotated[str, typer.Option("--side", metavar="am|az|...", help="The side of the source.")] = "",
    term: Annotated[bool, typer.Option("--term", help="Take it for a term, though it has neither ~ nor *.")] = False,
    rules: RulesOption = None,
    db: DatabaseOption = None,
    form: Annotated[Form, typer.Option("--format", help="For a person, or one JSON object.")] = Form.text,
) -> None:
    """Show why the rules match a text or do not: word by word, clause by clause, guard by guard."""
    from bot.cli.rules.subject import Asked, is_term

    _check(language, side)
    if term or is_term(given):
        _explain_term(given, language, form)
    else:
        _explain_text(given, Asked(lead, language, side), rule or [], rules, db, form)


def _check(language: str, side: str) -> None:
    from rules.article import LANGUAGES
    from rules.reading.lists import SOURCE_SIDES

    for word, known, what in ((language, LANGUAGES, "language of the rules"), (side, SOURCE_SIDES, "side")):
        if word and word not in known:
            raise UsageError(f"{word!r} is no {what}. Known are: {', '.join(known)}.")


def chosen_rules(book: Rulebook, ids: list[str]) -> list[Rule]:
    """The rules of these ids, or all without any. Raises `UsageError` for an id that no rule has."""
    from rules.diagnostics import did_you_mean

    for each in ids:
        if each in book.correlations:
            raise UsageError(f"{each} is an escalation rule: it looks at events, not at texts. Try `rules test`.")
        if each not in book.rules:
            raise UsageError(f"There is no rule {each!r}. {did_you_mean(each, book.rules)}".rstrip())
    return [book.rules[each] for each in dict.fromkeys(ids)] if ids else list(book.rules.values())


def _explain_text(
    given: str, asked: Asked, ids: list[str], paths: list[Path] | None, db: str | None, form: Form
) -> None:
    from bot.cli.opened import books
    from bot.cli.rules.shown.explain_json import explanation_json
    from bot.cli.rules.shown.explain_text import show
    from bot.cli.rules.subject import find_subject
    from bot.clock import SystemClock
    from bot.console import printable, stdout
    from rules.rulebook import RuleErrors
    from rules.tools.why.explain import explain as explained

    try:
        book = books(paths)
    except RuleErrors as errors:  # the good rules can be asked all the same, unless the path itself is wrong
        if any(error.code == "folder" for error in errors.errors):
            raise
        book = errors.partial
        files = ", ".join(dict.fromkeys(error.file for error in errors.errors))
        typer.echo(f"{printable(files)} cannot be used (see `rules check`); the other rules are asked.\n", err=True)
    chosen = chosen_rules(book, ids)
    subject = find_subject(given, asked, db, SystemClock().now())
    explanation = explained(subject.article, book, chosen)
    if form is Form.json:
        typer.echo(json.dumps(explanation_json(explanation, subject), ensure_ascii=False))
    else:
        show(stdout(), explanation, subject, every=bool(ids))


def _explain_term(given: str, language: str, form: Form) -> None:
    from bot.cli.rules.shown.explain_json import forms_json
    from bot.cli.rules.shown.term_text import languages_of, show_forms
    from bot.console import stdout
    from rules.tools.forms import covered
    from rules.tools.words import common_words

    found = {}
    for each in (language,) if language else languages_of(given):
        forms = covered(given, each, common_words(each))
        if isinstance(forms, str):
            raise UsageError(f"{given!r} is no term: {forms}.")
        found[each] = forms
    telling = {each: forms for each, forms in found.items() if any(word.common for word in forms.words)}
    found = telling or found
    if form is Form.json:
        typer.echo(json.dumps([forms_json(each, forms) for each, forms in found.items()], ensure_ascii=False))
    else:
        show_forms(stdout(), found)

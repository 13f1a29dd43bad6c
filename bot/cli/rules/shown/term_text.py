"""What a term takes, for a person: its forms, and the common words among which there may be mistakes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from bot.cli.rules.shown.explain_text import LANGUAGE_NAMES
from bot.console import printable
from rules.article import LANGUAGES
from rules.tools.forms import Forms, WordForms, families

SHOWN = 15
"""Forms, and families of common words, that are told; the rest is counted."""

ALL_SHOWN = 40
"""Common words that are told one by one; of more only the kinds are."""

_MARKS = {"stem": "~", "prefix": "*"}


def languages_of(term: str) -> tuple[str, ...]:
    """The languages that a term may be written in, by its letters."""
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in term if letter.isalpha()}
    if "ARMENIAN" in scripts:
        return ("hy",)
    if "CYRILLIC" in scripts:
        return ("ru",)
    if "LATIN" in scripts:
        return ("az",) if "ə" in term.lower() else ("en", "az", "tr")
    return LANGUAGES


def show_forms(console: Console, found: Mapping[str, Forms]) -> None:
    """Print what a term takes in each language."""
    for at, (language, forms) in enumerate(found.items()):
        if at:
            console.print()
        for text in _term(language, forms):
            console.print(text, soft_wrap=True)


def _term(language: str, forms: Forms) -> Iterator[Text]:
    title = Text.assemble((printable(forms.term.written), "bold"), f" in {LANGUAGE_NAMES[language]}")
    if len(forms.words) > 1:
        title.append(": a phrase, these words in a row without a comma or colon between them")
    yield title
    for word in forms.words:
        written = word.pattern.key + _MARKS.get(word.pattern.kind, "")
        told = "; ".join(filter(None, (_forms(word), _common(word))))
        yield Text(printable(f"  {written}: {told}"))
    if any(word.pattern.kind == "prefix" and len(word.common) > 1 for word in forms.words):
        yield Text(
            "  What is not meant can be kept out by `not:` in the group, or by writing the words one by one.", "dim"
        )


def _forms(word: WordForms) -> str:
    match word.pattern.kind:
        case "prefix":
            return "any word that begins so"
        case "exact":
            return "that word, also with 's and the like"
        case _:
            more = f", and {word.count - SHOWN:,} more that the endings allow" if word.count > SHOWN else ""
            return f"{', '.join(word.forms[:SHOWN])}{more}"


def _common(word: WordForms) -> str:
    if word.pattern.kind == "exact":
        return ""
    if not word.common:
        return "no common word is among them"
    if word.pattern.kind == "stem":
        return f"common words among them: {_listed([each.written for each in word.common])}"
    if len(word.common) <= ALL_SHOWN:
        return f"these common words do: {', '.join(each.written for each in word.common)}"
    kinds = [each.written for each in families(word.common, len(word.pattern.key))]
    return f"{len(word.common):,} common words do, of these kinds: {_listed(kinds)}"


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - SHOWN:,} more" if len(words) > SHOWN else ""
    return ", ".join(words[:SHOWN]) + more

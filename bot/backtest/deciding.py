"""What two rulebooks find in one article: the rules in force, and the same with a change laid over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.pipeline import matched
from bot.rulebooks import load_books
from rules.article import Article
from rules.match import Match
from rules.rulebook import Rulebook, RuleErrors
from rules.scan import Scan

What = Literal["added", "changed", "removed"]
"""What became of a rule."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The files and folders laid over the library: those in force, and those with the change."""

    before: tuple[Path, ...]
    after: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """The rules before and after the change. `changed` says what became of each rule that is not as it was."""

    before: Rulebook
    after: Rulebook
    changed: dict[str, What]


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules before and after find in the article at `place` of a page, strongest first."""

    place: int
    before: list[Match]
    after: list[Match]


def sides_of(folders: Sequence[Path], paths: Sequence[Path]) -> Sides:
    """The rules in force without `paths`, and with them. `folders` are those of the settings.

    Where a path lies in a folder of the settings already, the rules before are those without it.
    """
    changed = {path.resolve() for path in paths}
    before = [left for folder in folders for left in _without(folder, changed)]
    return Sides(tuple(before), (*folders, *paths))


def read_books(sides: Sides) -> Books:
    """Load both sides. Raises RuleErrors when the change has faults; of the rules in force the good ones count."""
    after = load_books(sides.after)
    before = rules_in_force(sides.before)
    return Books(before, after, changes(before, after))


def rules_in_force(paths: Sequence[Path]) -> Rulebook:
    """What is good of the library with `paths` laid over: a broken file never stops the bot either."""
    try:
        return load_books(paths)
    except RuleErrors as errors:
        return errors.partial


def changes(before: Rulebook, after: Rulebook) -> dict[str, What]:
    """The rules that are not as they were, by id: their own file or a list that they use is another one."""
    found: dict[str, What] = {}
    for rule in sorted({*before.rules, *after.rules}):
        if rule not in before.rules:
            found[rule] = "added"
        elif rule not in after.rules:
            found[rule] = "removed"
        elif before.rules[rule].version != after.rules[rule].version:
            found[rule] = "changed"
    return found


def untried(before: Rulebook, after: Rulebook) -> list[str]:
    """The escalation rules that are not as they were: they watch events, and no article is matched against them."""
    was, now = ({rule.id: rule.version for rule in book.correlations.values()} for book in (before, after))
    return sorted(rule for rule in was.keys() | now.keys() if was.get(rule) != now.get(rule))


def find(article: Article, books: Books) -> tuple[list[Match], list[Match]]:
    """What the rules before and after find in an article.

    Rules that did not change find the same, so the rules before are asked only where one that changed may match; and
    never when all that changed is new.
    """
    after = matched(article, books.after)
    if books.before.rules.keys().isdisjoint(books.changed):
        return [match for match in after if match.rule not in books.changed], after
    if any(match.rule in books.changed for match in after) or _may_match(article, books.before, books.changed):
        return matched(article, books.before), after
    return after, after


def find_all(articles: Iterable[Article], books: Books) -> list[Found]:
    """`find` for a page of articles; those in which neither finds anything are left out."""
    found = (Found(place, *find(article, books)) for place, article in enumerate(articles))
    return [each for each in found if each.before or each.after]


def _may_match(article: Article, book: Rulebook, changed: dict[str, What]) -> bool:
    if book.rules.keys() <= changed.keys():
        return True
    return any(rule.id in changed for rule in book.candidates(Scan(article, book.vocabulary).groups()))


def _without(folder: Path, changed: set[Path]) -> list[Path]:
    """`folder` as it is, or its files when some of them are `changed`."""
    here = folder.resolve()
    if here in changed:
        return []
    if not any(here in path.parents for path in changed):
        return [folder]
    files = sorted(path for path in (*folder.glob("*"), *folder.glob("lists/*")) if path.is_file())
    return [path for path in files if not changed.intersection((path.resolve(), *path.resolve().parents))]

"""What is told of faults in rule files: which list a lost rule is to be blamed on, and the words for an owner."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules.diagnostics import RuleError
from rules.rulebook import Rulebook, RuleErrors, library

SHOWN = 5
"""Faults, and files, that one message names."""
LONGEST = 400
"""Characters of one fault in a message: with `SHOWN` of each kind it keeps well below Telegram's 4096."""
LONGEST_NAME = 120
"""Characters of one file's name in a message."""
ADVICE = "Put back what is missing, or mend the rule."


@dataclass(frozen=True, slots=True)
class Cost:
    """A rule that a change would cost: its id and file, whether that file is `unchanged`, and the lists that are not.

    `lists` gives by name the file of each list that the rule uses and that has changed.
    """

    rule: str
    file: Path
    unchanged: bool
    lists: Mapping[str, Path]


def name_of(path: Path) -> str:
    """The name of a file that is given alone, as seen from its folder of rules: `summit.yaml`, `lists/places.csv`."""
    return f"lists/{path.name}" if path.parent.name == "lists" else path.name


def blame(errors: Sequence[RuleError], costs: Sequence[Cost]) -> list[RuleError]:
    """The faults with those of unchanged rules laid at the door of the lists that changed under them."""
    innocent = {str(cost.file) for cost in costs if cost.unchanged and cost.lists}
    kept = [error for error in errors if error.file not in innocent]
    return kept + [fault for cost in costs for fault in _blamed(cost, errors)]


def _blamed(cost: Cost, errors: Iterable[RuleError]) -> list[RuleError]:
    """A fault of each list that changed under the rule, with what the rule misses in it."""
    if not cost.lists:
        return []
    missed: dict[str, list[RuleError]] = {}
    for error in errors:
        if cost.unchanged and error.file == str(cost.file):
            missed.setdefault(_culprit(error, list(cost.lists)), []).append(error)
    if not missed:
        missed = {name: [] for name in cost.lists}
    return [
        RuleError(str(cost.lists[name]), 1, 1, "costs-rule", "", _loss(cost, found), ADVICE)
        for name, found in missed.items()
    ]


def _culprit(error: RuleError, lists: Sequence[str]) -> str:
    """The list that a fault of a rule speaks of; a guard is of the list `guards`."""
    return next((name for name in lists if name.removesuffix("s") in error.reason), lists[0])


def _loss(cost: Cost, missed: Sequence[RuleError]) -> str:
    loss = f"as it stands now, it would cost the rule {cost.rule}"
    if not missed:
        return f"{loss}, which needs it as it was"
    first = missed[0]
    more = f" (and {_many(len(missed) - 1, 'more line')})" if len(missed) > 1 else ""
    where = f"line {first.line} of {cost.file.name}{more} needs it: {first.source.strip(' ,')[:LONGEST_NAME]}"
    return f"{loss}: {first.reason}, but {where}"


def told(faults: RuleErrors, book: Rulebook, names: Mapping[str, str], kept: Path, *, frozen: bool) -> str:
    """The faults as a message to an owner: the first of them, and what is in force instead.

    `book` is in force, `names` are those of files as the book knows them, `kept` holds the last good versions.
    """
    broken = list(dict.fromkeys(error.file for error in faults.errors))
    head = f"{_many(len(faults.errors), 'fault')} in {_many(len(broken), 'rule file')}"
    lines = [f"{head}, which {'is' if len(broken) == 1 else 'are'} not in force.", ""]
    lines += [_fault(error) for error in faults.errors[:SHOWN]]
    lines += _rest(len(faults.errors), "fault")
    if frozen:
        stand = ["Nothing has changed: all rules stay as they were until that is mended."]
    else:
        stand = [_instead(Path(file), names.get(file, ""), book, kept) for file in broken[:SHOWN]]
        stand = ["In force instead:", *stand, *_rest(len(broken), "file")]
    return "\n".join([*lines, "", *stand, "", "borderwatch rules check tells all."])


def about(faults: RuleErrors) -> str:
    """What the faults are known by: the same for the same faults, wherever in their files they have moved to."""
    said = sorted((error.file, error.code, error.reason, error.source.strip()) for error in faults.errors)
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:16]


def _fault(error: RuleError) -> str:
    place = f"{error.file}:{error.line}:{error.column}"
    said = " ".join(filter(None, (f"{error.reason}.", error.fix)))
    return f"{place[-LONGEST_NAME:]}: {said}"[:LONGEST]


def _instead(path: Path, name: str, book: Rulebook, kept: Path) -> str:
    """What stands in for a file with faults, in words."""
    source = book.sources.get(name)
    if not path.is_file():
        words = "the last good version of its files, where there is one"
    elif source is None or not (name.startswith("lists/") or name in _standing(book)):
        words = "nothing, for it has no good version"
    elif source.path == path:
        words = "what is good of it"
    elif source.path.is_relative_to(kept):
        words = "its last good version"
    elif source.path.is_relative_to(library()):
        words = "the version that is shipped"
    else:
        words = f"the version in {_short(str(source.path.parent))}"
    return f"{_short(name or str(path))}: {words}"


def _standing(book: Rulebook) -> set[str]:
    """The names of the files whose rules are in force."""
    files = [rule.file for rule in book.rules.values()] + [rule.file for rule in book.correlations.values()]
    return {Path(file).name for file in files}


def _rest(count: int, what: str) -> list[str]:
    return [f"... and {_many(count - SHOWN, f'more {what}')}"] if count > SHOWN else []


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count:,} {what}s"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"

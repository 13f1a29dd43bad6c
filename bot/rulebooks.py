"""The rule files in force: the shipped library, the user's folders laid over it, and the last good version of each."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rules.rulebook import Rulebook, RuleErrors, library, load_rulebook

Stamp = dict[Path, tuple[int, int]]
"""What tells a file that was saved again: its time (nanoseconds) and size."""


def load_books(folders: Sequence[Path]) -> Rulebook:
    """The library with `folders` laid over it, in their order. Raises RuleErrors with every fault of every file."""
    return load_rulebook(library(), *folders)


@dataclass(slots=True)
class RuleShelf:
    """The rule files of a running bot. A saved file is live at the next look; a broken one keeps its last good version.

    `folders` as in `load_books`. `kept` is a folder of the shelf's own: there lie the last good versions of the files
    in `folders`, so that they also outlive a restart. `book` is in force, `faults` what the last look found wrong.
    """

    folders: tuple[Path, ...]
    kept: Path
    book: Rulebook
    faults: RuleErrors | None
    _seen: Stamp

    @classmethod
    def open(cls, folders: Sequence[Path], kept: Path) -> RuleShelf:
        """A shelf with what is good of the files; nothing that stands in them can make it fail."""
        kept.mkdir(parents=True, exist_ok=True)
        seen = _stamp(library(), *folders)
        shelf = cls(tuple(folders), kept, *_read(kept, folders), seen)
        shelf._keep()
        return shelf

    def look(self) -> bool:
        """Read the files again if one has changed; says whether that was so.

        The whole set changes at once. Where a change would cost a rule whose file still stands (a list lost a part
        that the rule names), everything stays as it was until that is mended.
        """
        seen = _stamp(library(), *self.folders)
        if seen == self._seen:
            return False
        self._seen = seen
        found, self.faults = _read(self.kept, self.folders)
        if self.faults is None or not self._costs_a_rule(found):
            self.book = found
            self._keep()
        return True

    def _costs_a_rule(self, found: Rulebook) -> bool:
        standing = {path.name for path in self._seen}
        return any(rule.id not in found.rules and Path(rule.file).name in standing for rule in self.book.rules.values())

    def _keep(self) -> None:
        """Remember the files without a fault."""
        broken = {error.file for error in self.faults.errors} if self.faults else set()
        for name, path in _named(self.folders).items():
            if str(path) not in broken:
                (self.kept / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(path, self.kept / name)


def _read(kept: Path, folders: Sequence[Path]) -> tuple[Rulebook, RuleErrors | None]:
    """What is good: of a broken file the version that was kept, else the library's."""
    standing = _named(folders)
    for name, path in _named([kept]).items():
        if name not in standing:
            path.unlink()  # a rule is taken away by deleting its file
    try:
        return load_rulebook(library(), kept, *folders), None
    except RuleErrors as errors:
        return errors.partial, errors


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in (*folder.glob("*"), *folder.glob("lists/*")) if path.is_file())


def _named(folders: Sequence[Path]) -> dict[Path, Path]:
    """The files that are in force, by their name as seen from their folder."""
    return {path.relative_to(folder): path for folder in folders for path in _files(folder)}


def _stamp(*folders: Path) -> Stamp:
    found = {}
    for folder in folders:
        for path in _files(folder):
            with suppress(FileNotFoundError):  # an editor may be putting it in place; the next look sees it
                found[path] = (path.stat().st_mtime_ns, path.stat().st_size)
    return found

"""The rule files in force: the shipped library, the user's files laid over it, and the last good version of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.rulefaults import Cost, blame, name_of, told
from rules.rule import Rule
from rules.rulebook import Rulebook, RuleErrors, library, load_rulebook

Stamp = dict[Path, tuple[int, int]]
"""What tells a file that was saved again: its time (nanoseconds) and size."""

log = structlog.get_logger(__name__)


def load_books(paths: Sequence[Path]) -> Rulebook:
    """The library with `paths` laid over it, in their order. Raises RuleErrors with every fault of every file."""
    return load_rulebook(library(), *paths)


@dataclass(slots=True)
class RuleShelf:
    """The rule files of a running bot. A saved file is live at the next look; a broken one keeps its last good version.

    `paths` (folders or single files) as in `load_books`. `kept` is a folder of the shelf's own: there lie the last
    good versions of the files of `paths`, so that they also outlive a restart. `book` is in force, `faults` what the
    last look found wrong. `frozen`: a change would cost a rule, so everything stays as it was.
    """

    paths: tuple[Path, ...]
    kept: Path
    book: Rulebook
    faults: RuleErrors | None
    frozen: bool
    _seen: Stamp

    @classmethod
    def open(cls, paths: Sequence[Path], kept: Path) -> RuleShelf:
        """A shelf with what is good of the files; nothing that stands in them can make it fail."""
        with suppress(OSError):
            kept.mkdir(parents=True, exist_ok=True)
        seen = _stamp(library(), *paths)
        found, faults = _read(kept, paths)
        shelf = cls(tuple(paths), kept, found, faults, False, seen)
        if faults:  # then what was in force when the bot ended is what a change is measured by
            shelf.book = _good(library(), kept)
        shelf._take(found, faults)
        return shelf

    def look(self) -> bool:
        """Read the files again if one has changed; says whether that was so.

        The whole set changes at once. Where a change would cost a rule whose file still stands (a list lost a part
        that the rule names), everything stays as it was until that is mended.
        """
        seen = _stamp(library(), *self.paths)
        if seen == self._seen:
            return False
        self._seen = seen
        self._take(*_read(self.kept, self.paths))
        return True

    def message(self) -> str:
        """The faults for an owner to read; empty without any."""
        names = {str(path): name for name, path in _files(self.paths)}
        return told(self.faults, self.book, names, self.kept, frozen=self.frozen) if self.faults else ""

    def _take(self, found: Rulebook, faults: RuleErrors | None) -> None:
        costs = self._costs(found) if faults else []
        self.frozen = bool(costs)
        if faults and costs:
            self.faults = RuleErrors(blame(faults.errors, costs), found)
            return
        self.book, self.faults = found, faults
        self._keep()

    def _costs(self, found: Rulebook) -> list[Cost]:
        """The rules that would be lost although their files stand, each with the lists that changed under it."""
        standing = _named([library(), *self.paths])
        given = {Path(rule.file).name for rule in found.rules.values()}
        rules = {Path(rule.file).name: rule for rule in self.book.rules.values()}
        return [
            self._cost(rule, standing[name], found)
            for name, rule in rules.items()
            if name in standing and name not in given
        ]

    def _cost(self, rule: Rule, path: Path, found: Rulebook) -> Cost:
        own, before = self.book.sources_of(rule)
        now = {Path(name).stem: source for name, source in found.sources.items() if name.startswith("lists/")}
        changed = {
            name: (now[name].path if name in now else source.path)
            for name, source in before.items()
            if name not in now or now[name].data != source.data
        }
        return Cost(rule.id, path, _holds(path, own.data), changed)

    def _keep(self) -> None:
        """Remember the files without a fault, just as they were read."""
        broken = {error.file for error in self.faults.errors} if self.faults else set()
        own = {path for _, path in _files(self.paths)}
        for name, source in self.book.sources.items():
            if source.path in own and str(source.path) not in broken:
                try:
                    _write(self.kept / name, source.data)
                except OSError as error:
                    log.warning("the last good version of a rule file is not kept", file=name, why=error.strerror)


def _read(kept: Path, paths: Sequence[Path]) -> tuple[Rulebook, RuleErrors | None]:
    """What is good: of a broken file the version that was kept, else the library's."""
    standing = _named(paths)
    if all(path.exists() for path in paths):  # a folder that is not there just now takes no rule away
        for name, path in _named([kept]).items():
            if name not in standing:
                with suppress(OSError):
                    path.unlink()  # a rule is taken away by deleting its file
    try:
        return load_rulebook(library(), *_there(kept), *paths), None
    except RuleErrors as errors:
        return errors.partial, errors


def _good(*paths: Path) -> Rulebook:
    try:
        return load_rulebook(*(each for path in paths for each in _there(path)))
    except RuleErrors as errors:
        return errors.partial


def _there(path: Path) -> list[Path]:
    return [path] if path.is_dir() else []


def _files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """The files that `paths` name or hold, a later one of the same name after an earlier, as rules are read."""
    for given in paths:
        if given.is_file():
            yield name_of(given), given
        inside = sorted((*given.glob("*"), *given.glob("lists/*")))
        yield from ((path.relative_to(given).as_posix(), path) for path in inside if path.is_file())


def _named(paths: Sequence[Path]) -> dict[str, Path]:
    """The files that are in force, by their name as seen from their folder."""
    return dict(_files(paths))


def _stamp(*paths: Path) -> Stamp:
    found = {}
    for _, path in _files(paths):
        with suppress(OSError):  # an editor may be putting it in place; the next look sees it
            found[path] = (path.stat().st_mtime_ns, path.stat().st_size)
    return found


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all, and only where it says something else."""
    if _holds(path, data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)

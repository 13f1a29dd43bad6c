"""The catalogue: which feeds there are, whose they are, and how well their addresses are attested.

The shipped one, `catalogue.csv`, is described in `catalogue.md`: none of its rows was fetched for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.feeds.errors import RefusedError
from bot.feeds.guard import check_url
from bot.feeds.rows import read_table
from bot.feeds.urls import bare_host, host_of
from rules.article import Source
from rules.errors import BorderwatchError

DEFAULT = Path(__file__).with_name("catalogue.csv")
SIDES = ("", "am", "az", "ka", "ru", "tr", "ge", "eu", "us", "int")
COLUMNS = (
    "outlet", "owner", "side", "kind", "language", "feed_url", "format", "site", "evidence", "confidence", "grade",
    "checked", "active",
)  # fmt: skip

GRADES = {
    "": "",
    "live": "somebody else recorded a successful fetch",
    "listed": "found in lists only; nobody is known to have fetched it",
    "convention": "a guess from how such sites are built",
    "guess": "a guess",
    "old": "last attested years ago",
    "disputed": "testers disagree whether it works",
    "blocked": "refuses automatic readers",
    "stale": "answers with items that are years old",
    "broken": "answers with what is no feed",
    "dead": "probably gone",
}
"""How well an address is attested, and what that means. Only `live` and ungraded feeds are on by default."""

AGGREGATORS = ("news.google.com", "feeds.feedburner.com")
"""Hosts that serve the feeds of many outlets and so stand for none."""

GRADE = re.compile(r"\s*([a-z]*)", re.IGNORECASE)
DATE = re.compile(r"\b20\d\d-\d\d(?:-\d\d)?\b")
LANGUAGE = re.compile(r"(?:[a-z]{2,3})?")
EDITION = re.compile(r"\s*\([^()]*\)\s*$")
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class CatalogueError(BorderwatchError):
    """The catalogue has faults: `faults` holds all of them, each as "file:line: what is wrong"."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One feed. `active` says whether it is polled, `note` what its grade means.

    `grade` is one of `GRADES`, `checked` the newest date of its evidence (ISO 8601, maybe without the day) or "".
    """

    feed_url: str
    source: Source
    kind: str = ""
    language: str = ""
    format: str = ""
    site: str = ""
    grade: str = ""
    checked: str = ""
    active: bool = True
    note: str = ""


def read_catalogue(path: Path = DEFAULT) -> list[CatalogueEntry]:
    """Read a catalogue in CSV or YAML (by its suffix); raises `CatalogueError` with all faults at once.

    Only `feed_url` must be there: an outlet that nobody names is its host, and its own owner, its side unknown.
    """
    table = read_table(path, COLUMNS, "feed_url")
    faults = list(table.faults)
    first: dict[str, int] = {}
    for row in table.rows:
        url = row.values.get("feed_url", "")
        faults += [f"{row.line}: {fault}" for fault in _faults(row.values)]
        if url and first.setdefault(url, row.line) != row.line:
            faults.append(f"{row.line}: feed_url: the same as in line {first[url]}")
    if faults:
        raise CatalogueError([f"{path}:{fault}" for fault in sorted(faults, key=_line)])
    return [_entry(row.values) for row in table.rows]


def _line(fault: str) -> int:
    return int(fault.partition(":")[0])


def _faults(values: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the values of one row."""
    if values.get("feed_url"):
        try:
            check_url(values["feed_url"])
        except RefusedError as error:
            yield f"feed_url: {error}"
    if values.get("side", "") not in SIDES:
        yield f"side: {values['side']!r} is none of {', '.join(SIDES[1:])}"
    if not LANGUAGE.fullmatch(values.get("language", "").lower()):
        yield f"language: {values['language']!r} is no code such as hy, az or ru (ISO 639)"
    if _grade(values) not in GRADES:
        yield f"grade: {_grade(values)!r} is none of {', '.join(filter(None, GRADES))}"
    if values.get("active", "").lower() not in ("", *YES_NO):
        yield f"active: {values['active']!r} is neither yes nor no"


def _grade(values: Mapping[str, str]) -> str:
    """The grade, or the first word of the evidence, which is the useful part of it."""
    found = GRADE.match(values.get("grade") or values.get("evidence", ""))
    return found[1].lower() if found else ""


def _entry(values: Mapping[str, str]) -> CatalogueEntry:
    url, site, grade = values["feed_url"], values.get("site", ""), _grade(values)
    host = host_of(site) or host_of(url)
    outlet, owner = values.get("outlet") or host, values.get("owner") or host
    return CatalogueEntry(
        feed_url=url,
        source=Source(outlet, owner, values.get("side", "")),
        kind=values.get("kind", ""),
        language=values.get("language", "").lower(),
        format=values.get("format", ""),
        site=site,
        grade=grade,
        checked=values.get("checked") or max(DATE.findall(values.get("evidence", "")), default=""),
        active=YES_NO.get(values.get("active", "").lower(), grade in ("", "live")),
        note=GRADES[grade],
    )


def outlet_of(host: str, catalogue: Sequence[CatalogueEntry]) -> Source:
    """Who speaks on a host, for recorded files: the catalogue's source, else the host itself, its side unknown.

    Failing the very host, its parent's and its siblings' (`en.` beside `www.`) are asked, if one owner has them all.
    """
    bare = bare_host(host)
    here = [entry for entry in catalogue if bare in _hosts(entry)]
    if here:
        return _common(here)
    parent = bare
    while parent.count(".") >= 1:
        family = [entry for entry in catalogue if any(_within(name, parent) for name in _hosts(entry))]
        if family and len({entry.source.owner for entry in family}) == 1:
            return _common(family)
        parent = parent.partition(".")[2]
    return Source(bare or "unknown", bare or "unknown")


def _within(host: str, parent: str) -> bool:
    return host == parent or host.endswith(f".{parent}")


def _hosts(entry: CatalogueEntry) -> set[str]:
    """The hosts that stand for an entry's outlet: its site's, and its feed's own."""
    return {host_of(entry.site), host_of(entry.feed_url)}.difference(AGGREGATORS, {""})


def _common(entries: Sequence[CatalogueEntry]) -> Source:
    """One source for several editions, "(en)" and "(ru)" taken off; that of the best attested entry if they differ."""
    best = max(entries, key=lambda entry: (entry.active, host_of(entry.feed_url) not in AGGREGATORS))
    names = {EDITION.sub("", entry.source.outlet) for entry in entries}
    return Source(names.pop(), best.source.owner, best.source.side) if len(names) == 1 else best.source

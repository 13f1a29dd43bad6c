"""Which entry is which: the keys by which one is known again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.feeds.urls import canonical

SHORTEST_GUID = 4
"""A shorter guid is taken for a place in the list (1, 2, 3 ...), which another entry holds tomorrow."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the document gives it, cleaned. `link` is "" when there is none; `dates` stand best first."""

    title: str
    summary: str
    link: str
    guid: str
    dates: tuple[str, ...]
    language: str


def identify(entries: Sequence[Entry], host: str) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """The entries, each once, with its keys. `host` is the site's: a guid holds within one site only.

    A link that serves several entries (a front page, a live page) tells none of them, nor does a guid that is on
    several (one Azerbaijani site has the same on every item). What is left is the text itself.
    """
    links, guids = _ambiguous(entries)
    seen: set[str] = set()
    for entry in entries:
        keys = _keys(entry, host, links, guids)
        if seen.isdisjoint(keys):
            yield entry, keys
        seen.update(keys)


def _ambiguous(entries: Sequence[Entry]) -> tuple[set[str], set[str]]:
    """The canonical links and the guids that several different entries of the document share."""
    titles: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        titles[canonical(entry.link)].add(entry.title)
    links = {link for link, found in titles.items() if len(found) > 1}
    places: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        link = canonical(entry.link)
        places[entry.guid].add(entry.title if link in links or not link else link)
    return links, {guid for guid, found in places.items() if len(found) > 1}


def _keys(entry: Entry, host: str, links: set[str], guids: set[str]) -> tuple[str, ...]:
    link = canonical(entry.link)
    keys = []
    if link and link not in links:
        keys.append(f"url:{link}")
    if len(entry.guid) >= SHORTEST_GUID and entry.guid not in guids:
        keys.append(f"guid:{host}:{entry.guid}")
    text = "\n".join((entry.title, *(entry.dates[:1] or (entry.summary,))))
    return tuple(keys) or (f"text:{host}:{_hash(text)}",)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]

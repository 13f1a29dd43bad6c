"""Recorded feed files through the very pipeline of `run`, in the order and time of their entries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from bot.clock import ReplayClock
from bot.delivery import Delivery
from bot.feeds.errors import ParseError
from bot.feeds.parse import SourceOf, parse_feed
from bot.pipeline import Pipeline
from rules.article import Article

FEED_FILES = frozenset({".xml", ".rss", ".atom", ".rdf"})
"""What is taken for a feed when a folder is given; a file that is named is always read."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """What the files held: entries by time, and a line for each file that could not be read or only in part."""

    entries: tuple[Article, ...]
    files: int
    complaints: tuple[str, ...]


def feed_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that `paths` name; a folder stands for the feed files in it, however deep."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.suffix.lower() in FEED_FILES and each.is_file())
        else:
            yield path


def read_recordings(paths: Iterable[Path], source_of: SourceOf, now: datetime) -> Recordings:
    """Read every file; one that is broken is named and harms no other. `source_of` names an outlet by its host."""
    entries: list[Article] = []
    complaints, files = [], 0
    for path in feed_files(paths):
        files += 1
        try:
            parsed = parse_feed(path.read_bytes(), url=path.absolute().as_uri(), fetched=now, source=source_of)
        except (ParseError, OSError) as error:
            complaints.append(f"{path}: {error}")
            continue
        entries += parsed.entries
        if parsed.complaint:
            complaints.append(f"{path}: {parsed.complaint}")
    entries = _dated(entries)
    return Recordings(tuple(sorted(entries, key=lambda entry: entry.published)), files, tuple(complaints))


def _dated(entries: Sequence[Article]) -> list[Article]:
    """Entries of files that hold no date at all are taken to end with the recording, not with today."""
    newest = max((entry.published for entry in entries if entry.dated != "fetched"), default=None)
    if newest is None:
        return list(entries)
    return [replace(entry, published=newest) if entry.dated == "fetched" else entry for entry in entries]


async def live_through(
    pipeline: Pipeline,
    delivery: Delivery,
    clock: ReplayClock,
    entries: Sequence[Article],
    until: datetime,
    progress: Callable[[str], None] = lambda moment: None,
) -> None:
    """Live through the entries: each is taken in at its own time, and what it wants is delivered before the next.

    `until` lies after them all: by then every pause is over of what an earlier replay was killed before it could show.
    """
    for moment, batch in groupby(entries, key=lambda entry: entry.published):
        now = list(batch)
        clock.advance(moment)
        await asyncio.to_thread(pipeline.ingest, now, feed=None, now=moment, backlog=False)
        await delivery.drain()
        for entry in now:
            progress(f"{entry.published:%d %b %Y}")
    clock.advance(until)
    await delivery.drain()

"""Feed files as they stood at a moment of their own time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.feeds.catalogue import CatalogueEntry
from bot.feeds.parse import parse_feed

ENTRY = re.compile(rb"<(item|entry)[\s>].*?</\1>", re.DOTALL)
"""One entry of a feed file; entries do not nest."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A feed file that can be served as of any moment; `entries` are (time, start, end), indexing `body`."""

    body: bytes
    entries: tuple[tuple[datetime, int, int], ...]

    def as_of(self, now: datetime) -> bytes:
        """The file without the entries whose time has not come."""
        kept, done = [], 0
        for moment, start, end in self.entries:
            kept.append(self.body[done : end if moment <= now else start])
            done = end
        return b"".join((*kept, self.body[done:]))


def read_edition(path: Path, outlet: CatalogueEntry, fetched: datetime) -> Edition:
    """Cut a feed file into its entries, each with the time that the pipeline's own parser reads in it."""
    body = path.read_bytes()
    spans = [match.span() for match in ENTRY.finditer(body)]
    head, tail = body[: spans[0][0]], body[spans[-1][1] :]
    times: list[datetime | None] = []
    for start, end in spans:
        alone = parse_feed(
            head + body[start:end] + tail,
            url=outlet.feed_url,
            fetched=fetched,
            source=outlet.source,
            language=outlet.language,
        )
        entry = alone.entries[0]
        times.append(entry.published if entry.dated == "stated" else None)
    newest = max(moment for moment in times if moment is not None)
    return Edition(body, tuple((moment or newest, *span) for moment, span in zip(times, spans, strict=True)))

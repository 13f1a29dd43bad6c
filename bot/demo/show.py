"""The demo itself: five weeks of news through poller, pipeline and outbox, the clock jumping from entry to entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from bot.app import listed, on_console, poller
from bot.clock import ReplayClock
from bot.console import Transcript
from bot.demo.editions import Edition, read_edition
from bot.demo.newsstand import newsstand
from bot.feeds.catalogue import CatalogueEntry, read_catalogue
from bot.feeds.schedule import JITTER
from rules.rulebook import Rulebook
from storage import feeds
from storage.database import Database
from storage.feeds import INTERVAL

HERE = Path(__file__).parent
START = datetime(2021, 11, 12, tzinfo=UTC)
"""The bot is started here; what the feeds hold already is backlog, and alerts nobody."""
CHANCE = 0.5
"""Stands in for chance, so that the demo comes out the same each time."""
PACE = timedelta(seconds=INTERVAL * (1 + JITTER * CHANCE))
"""The time between two polls of one feed."""
LOOPBACK = (ip_network("127.0.0.0/8"),)


@dataclass(frozen=True, slots=True)
class Material:
    """The outlets of the demo and their feed files, by file name."""

    outlets: tuple[CatalogueEntry, ...]
    editions: dict[str, Edition]

    @property
    def moments(self) -> list[datetime]:
        """When something appears, first to last."""
        return sorted({moment for edition in self.editions.values() for moment, _, _ in edition.entries})


def read_material(now: datetime) -> Material:
    """The feed files that the project ships."""
    outlets = tuple(read_catalogue(HERE / "catalogue.csv"))
    return Material(
        outlets, {name_of(each): read_edition(HERE / "feeds" / name_of(each), each, now) for each in outlets}
    )


async def perform(
    database: Database,
    book: Rulebook,
    material: Material,
    moments: Sequence[datetime],
    transcript: Transcript,
    progress: Callable[[str], None] = lambda moment: None,
) -> None:
    """Live through the material: at each of `moments` the feeds that are due are polled over HTTP."""
    clock = ReplayClock(START)
    pipeline, delivery = on_console(database, book, transcript, clock)
    with newsstand(material.editions, clock) as address:
        with database.write() as session:
            feeds.sync_feeds(session, [listed(each) for each in moved(material.outlets, address)], START)
        async with poller(pipeline, clock, LOOPBACK, chance=lambda: CHANCE) as polling:
            for moment in moments:
                clock.advance(moment)
                await polling.sweep()
                await delivery.drain()
                progress(f"{moment:%d %b %Y}")


def stops(appearances: Sequence[datetime]) -> list[datetime]:
    """When to look: at the start, then as soon as something is there, but no feed more often than its interval."""
    found = [START]
    for moment in appearances:
        if moment > found[-1]:
            found.append(max(moment, found[-1] + PACE))
    return found


def moved(outlets: Sequence[CatalogueEntry], address: str) -> list[CatalogueEntry]:
    """The outlets, with the local server in the place of their own."""
    return [replace(each, feed_url=f"{address}/{name_of(each)}") for each in outlets]


def name_of(outlet: CatalogueEntry) -> str:
    """The name of an outlet's feed file."""
    return urlsplit(outlet.feed_url).path.rsplit("/", 1)[-1]

"""Small makers of core objects: a test names what matters to it, the rest has a plain value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.growth import open_event
from rules.article import Article, Source
from rules.match import Facts, Match, Stance
from rules.places import Place
from storage.chats import Address
from storage.events import Event
from storage.outbox import Alert

NOON = datetime(2021, 11, 16, 12, tzinfo=UTC)

ARARAT = Source("Ararat News", "Ararat Media", "am")
MASIS = Source("Masis Online", "Ararat Media", "am")
KURA = Source("Kura Wire", "Kura Wire", "az")
VOLGA = Source("Volga Agency", "Volga Agency", "ru")

SEV_LAKE = Place("sev-lake", "Sev Lake", "AM", "Syunik", 39.60, 46.23, "near")
ISHKHANASAR = Place("ishkhanasar", "Ishkhanasar", "AM", "Syunik", 39.63, 46.18, "near")
YERASKH = Place("yeraskh", "Yeraskh", "AM", "Ararat", 39.74, 44.83, "exact")
LACHIN = Place("lachin", "Lachin", "AZ", "Lachin", 39.6, 46.55, "exact", 1)
SYUNIK = Place("syunik", "Syunik", "AM", "Syunik", 39.25, 46.15, "province", 45)
SOCHI = Place("sochi", "Sochi", "RU", "Krasnodar Krai", 43.6, 39.73, "exact")
BRUSSELS = Place("brussels", "Brussels", "BE", "Brussels", 50.85, 4.35, "exact")


def article(title: str = "Ten captives return", *, source: Source = ARARAT, after: timedelta = timedelta(0)) -> Article:
    """An article of NOON, or so much later."""
    slug = "".join(char if char.isalnum() else "-" for char in title.lower())
    url = f"https://{source.outlet.lower().replace(' ', '-')}.example/{slug}"
    return Article(url, title, "", "en", NOON + after, source, keys=(f"url:{url}",))


def match(
    rule: str = "pow-release",
    *,
    count: int | None = None,
    places: tuple[Place, ...] = (),
    stance: Stance = "report",
    level: str = "high",
) -> Match:
    """A match of one rule."""
    numbers = {} if count is None else {"count": count}
    facts = Facts(numbers, {}, places)
    return Match(rule, "v1", level, stance, ("handover",), (), facts, True, "" if stance == "report" else stance)


def event(found: Match, told: Article | None = None, *, number: int = 1) -> Event:
    """The event that this match opened."""
    begun = open_event(number, told or article(), [found], found, "Captives released, returned or exchanged")
    return replace(begun, id=number, revision=1)


def alert(told: Event) -> Alert:
    """The first alert on an event."""
    return Alert(1, Address("console", 0), told, None, 0, "")

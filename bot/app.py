"""The composition root: read this first. Everything is made here, and tied into one line:

due feed -> fetch -> parse -> new articles -> match -> group into events -> one transaction
         -> outbox -> sink (Telegram, console) -> settled
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.orm import Session

from bot.clock import Clock, SystemClock
from bot.console import ADDRESS, ConsoleSink, Transcript, stdout
from bot.delivery import Delivery
from bot.desk import StorageDesk
from bot.feeds.catalogue import CatalogueEntry, read_catalogue
from bot.feeds.fetch import make_client
from bot.feeds.guard import Network
from bot.heartbeat import Heartbeat, write_heartbeat
from bot.notices import Notices
from bot.pipeline import Audience, Pipeline
from bot.poller import Poller
from bot.rulebooks import RuleShelf
from bot.rules_in_force import Rules
from bot.settings import Settings, unknown_settings
from bot.sinks import Sink
from bot.telegram.application import build_application
from bot.telegram.desk import Desk
from bot.telegram.service import TelegramService
from bot.telegram.sink import TelegramSink
from rules.errors import BorderwatchError
from rules.rulebook import Rulebook
from storage import chats, feeds
from storage.chats import Subscription
from storage.database import Database, open_database
from storage.feeds import NewFeed
from storage.leases import claim_database
from storage.rulebooks import keep_versions

USER_AGENT = "borderwatch/0.1 (news monitoring)"
TICK = 1
"""Seconds between two looks at what is due; the due times themselves live in the database."""
RULES_TICK = 2
"""Seconds between two looks at the rule files."""
BEAT = 5
"""Seconds between two signs of life."""
FAREWELL = 3.0
"""Seconds that sends in flight get after SIGTERM."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Bot:
    """A bot that is put together: what goes round in it, and what it needs to end."""

    poller: Poller
    delivery: Delivery
    rules: Rules
    telegram: TelegramService | None
    notices: Notices | None

    async def once(self) -> None:
        """One pass: every due feed polled, every due alert delivered, and what the owners should know."""
        await self.poller.sweep()
        await self.delivery.drain()
        if self.notices:
            await self.notices.drain()

    async def deliver(self) -> None:
        """Start sending every due alert, then what the owners should know."""
        await self.delivery.tick()
        if self.notices:
            await self.notices.tick()

    async def landed(self) -> None:
        """Wait until what is being sent has ended."""
        await self.delivery.flight.landed()
        if self.notices:
            await self.notices.flight.landed()

    async def break_off(self) -> None:
        """End what is being sent; it is due again at the next start."""
        await self.delivery.flight.break_off()
        if self.notices:
            await self.notices.flight.break_off()


async def run(settings: Settings, *, once: bool = False) -> None:
    """The bot, until SIGTERM or SIGINT; with `once`, a single pass. Either signal ends it cleanly at any point.

    Raises a `BorderwatchError` when it cannot start, or when Telegram refuses it for good.
    """
    for name in unknown_settings():
        log.warning("a variable that is no setting is passed over", name=name)
    life = asyncio.ensure_future(_live(settings, SystemClock(), once))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, life.cancel)
    try:
        await life
    except asyncio.CancelledError:
        log.info("stopped")


async def _live(settings: Settings, clock: Clock, once: bool) -> None:
    async with put_together(settings, clock) as bot:
        if not once:
            await go_round(bot, settings, clock)
            return
        if bot.telegram:
            await bot.telegram.greet()
        await bot.once()


@asynccontextmanager
async def put_together(settings: Settings, clock: Clock) -> AsyncIterator[Bot]:
    """Make everything that `settings` ask for, and take it apart again at the end."""
    async with AsyncExitStack() as stack:
        database = stack.enter_context(closing(open_database(settings.database)))
        database.upgrade()
        stack.enter_context(claim_database(database))
        take_catalogue(database, settings, clock)
        open_console(database, clock)
        sinks: dict[str, Sink] = {"console": ConsoleSink(stdout())}
        shelf = RuleShelf.open(settings.rules, settings.data_dir / "rules-last-good")
        desk = StorageDesk(database, clock)
        service, notices = telegram_service(settings, desk, clock), None
        if service:
            sinks["telegram"] = telegram = TelegramSink(service.bot)
            notices = Notices(database, settings.owners, telegram, clock) if settings.owners else None
            stack.push_async_callback(service.stop)
        pipeline = Pipeline(database, shelf.book, everybody(sinks))
        polling = await stack.enter_async_context(poller(pipeline, clock, settings.allow_private, random.random))
        rules = Rules(shelf, pipeline, desk, clock, notices)
        rules.apply()
        yield Bot(polling, Delivery(database, sinks, clock), rules, service, notices)


async def go_round(bot: Bot, settings: Settings, clock: Clock) -> None:
    """Tick until cancelled, or until Telegram refuses the bot for good. Due times live in the database."""
    alive = {"poll": clock.now(), "deliver": clock.now()}

    async def tick(name: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except BorderwatchError as error:
            log.error("could not go round", what=name, why=str(error))
        else:
            alive[name] = clock.now()

    async def beat() -> None:
        deaf = bot.telegram is not None and bot.telegram.is_deaf()
        write_heartbeat(settings.heartbeat, Heartbeat(min(alive.values()), deaf))

    scheduler = AsyncIOScheduler(timezone="UTC")
    every = partial(scheduler.add_job, trigger="interval", coalesce=True, max_instances=1, misfire_grace_time=None)
    every(tick, seconds=TICK, args=("poll", bot.poller.tick))
    every(tick, seconds=TICK, args=("deliver", bot.deliver))
    every(bot.rules.look, seconds=RULES_TICK)
    every(beat, seconds=BEAT)
    try:
        await beat()
        scheduler.start()
        if bot.telegram:
            await bot.telegram.start()
            await bot.telegram.ended()
        await asyncio.Event().wait()
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=False)
        await _farewell(bot)
        settings.heartbeat.unlink(missing_ok=True)


async def _farewell(bot: Bot) -> None:
    """End what is in flight within seconds; what is broken off is due again at the next start."""
    await bot.poller.flight.break_off()
    try:
        async with asyncio.timeout(FAREWELL):
            await bot.landed()
    except TimeoutError:
        log.warning("some sends were broken off; they are repeated at the next start")
        await bot.break_off()


def take_catalogue(database: Database, settings: Settings, clock: Clock) -> None:
    """Bring the feeds in line with the catalogue in force."""
    catalogue = read_catalogue(settings.feeds) if settings.feeds else read_catalogue()
    if not any(entry.active for entry in catalogue):
        log.warning("the catalogue has no feed that is switched on, so nothing is polled", catalogue=settings.feeds)
    with database.write() as session:
        feeds.sync_feeds(session, [listed(entry) for entry in catalogue], clock.now())


def telegram_service(settings: Settings, desk: Desk, clock: Clock) -> TelegramService | None:
    """The Telegram side, when there is a token."""
    if settings.telegram_token is None:
        return None
    token, base_url = settings.telegram_token.get_secret_value(), settings.telegram_base_url
    return TelegramService(build_application(token, base_url or None, desk), clock)


@asynccontextmanager
async def poller(
    pipeline: Pipeline, clock: Clock, allow_private: Sequence[Network], chance: Callable[[], float]
) -> AsyncIterator[Poller]:
    """A poller with a client of its own."""
    async with make_client(user_agent=USER_AGENT, allow_private=allow_private) as client:
        made = Poller(pipeline.database, client, pipeline, clock, chance)
        try:
            yield made
        finally:
            await made.flight.break_off()


def on_console(database: Database, book: Rulebook, transcript: Transcript, clock: Clock) -> tuple[Pipeline, Delivery]:
    """The pipeline and its delivery, for a replay: one chat, which is told everything, and no network."""
    sinks: dict[str, Sink] = {"console": transcript}
    open_console(database, clock)
    keep_versions(database, book, clock.now())
    return Pipeline(database, book, console_alone), Delivery(database, sinks, clock)


def open_console(database: Database, clock: Clock) -> None:
    """Let the console be a chat, subscribed to everything."""
    with database.write() as session:
        chats.subscribe(session, ADDRESS, "", title="console", now=clock.now())


def everybody(sinks: Collection[str]) -> Audience:
    """Asks who is subscribed, through whatever sink; the console is told when nobody can be reached from here.

    An alert for a chat that this process cannot reach waits in the outbox for one that can.
    """

    def subscribers(session: Session) -> Sequence[Subscription]:
        subscribed = chats.all_subscriptions(session)
        people = [each for each in subscribed if each.address != ADDRESS]
        return people if any(each.address.sink in sinks for each in people) else subscribed

    return subscribers


def console_alone(session: Session) -> Sequence[Subscription]:
    """A replay's only reader."""
    return [each for each in chats.all_subscriptions(session) if each.address == ADDRESS]


def listed(entry: CatalogueEntry) -> NewFeed:
    """A row of the catalogue as a feed to be polled."""
    return NewFeed(
        url=entry.feed_url,
        outlet=entry.source.outlet,
        owner=entry.source.owner,
        side=entry.source.side,
        kind=entry.kind,
        language=entry.language,
        active=entry.active,
        note=entry.note,
    )

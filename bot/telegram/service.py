"""The life of the Telegram side: connect with patience, listen, and go within seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import structlog
from telegram import Bot
from telegram.error import InvalidToken

from bot.clock import Clock
from bot.telegram.application import NOT_ACCEPTED, BotApplication
from bot.telegram.commands import UPDATES, publish_menus
from bot.telegram.outcomes import describe
from bot.telegram.polling import Patience, Polling, WrongTokenError

log = structlog.get_logger(__name__)


class TelegramService:
    """Listens to chats while the rest of the bot runs. Start it, watch `ended`, stop it after the sender."""

    def __init__(self, application: BotApplication, clock: Clock, patience: Patience | None = None) -> None:
        self._application = application
        self._clock = clock
        self._patience = patience or Patience()
        self._polling = Polling(self.bot, clock, application.process_update, UPDATES, self._patience)
        self._task: asyncio.Task[None] | None = None
        self._started: datetime | None = None

    @property
    def bot(self) -> Bot:
        """The bot to send with; it works before Telegram could be reached."""
        bot: Bot = self._application.bot
        return bot

    @property
    def last_poll(self) -> datetime | None:
        """When Telegram last answered a request for updates; None before the first time."""
        return self._polling.last_poll

    def is_deaf(self) -> bool:
        """Whether three long polls and a minute have gone by without an answer, since the start at the latest."""
        heard = self.last_poll or self._started
        allowed = timedelta(seconds=3 * (self._patience.poll + self._patience.slack) + 60)
        return heard is None or self._clock.now() - heard > allowed

    async def start(self) -> None:
        """Begin in the background; an API that is down delays nothing else."""
        self._started = self._clock.now()
        self._task = asyncio.create_task(self._run(), name="telegram")

    async def greet(self) -> None:
        """Introduce the bot once, for a run that only sends. Raises WrongTokenError; an API that is down is told of."""
        if (error := await self._introduce()) is not None:
            log.warning("Telegram cannot be reached", why=describe(error))

    async def ended(self) -> None:
        """Wait until it ends by itself: raises WrongTokenError or TokenInUseError, with a sentence to print."""
        if self._task is not None:
            await asyncio.wait([self._task])
            if not self._task.cancelled():
                self._task.result()

    async def stop(self) -> None:
        """End within seconds: handlers finish, what was handled is confirmed, connections close."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task], timeout=self._patience.step)
        await self._within("finishing updates", self._polling.finish(), 2 * self._patience.step)
        await self._within("closing connections", self._close(), self._patience.step)

    async def _close(self) -> None:
        # Each of the first two leaves connections open where it finds that it was never quite started.
        await self._application.shutdown()
        await self.bot.shutdown()
        await self.bot.request.shutdown()

    async def _run(self) -> None:
        await self._connect()
        await self._clear_webhook()
        await publish_menus(self.bot)
        await self._polling.run()

    async def _connect(self) -> None:
        """Introduce the bot to Telegram, however long that takes; a refused token ends it."""
        failures = 0
        while (error := await self._introduce()) is not None:
            failures += 1
            pause = self._patience.after(failures)
            log.warning("Telegram cannot be reached", why=describe(error), next_try=pause, failures=failures)
            await asyncio.sleep(pause)
        log.info("connected to Telegram", bot=self.bot.username)

    async def _introduce(self) -> Exception | None:
        """Ask who we are; returns what went wrong, and raises WrongTokenError when the token is refused."""
        try:
            async with asyncio.timeout(self._patience.poll + self._patience.slack):
                await self._application.initialize()
            return None
        except Exception as error:  # a server that comes up may say anything
            wrong = error
        if isinstance(wrong, InvalidToken):  # its own words hold the token
            raise WrongTokenError(NOT_ACCEPTED)
        return wrong

    async def _clear_webhook(self) -> None:
        """End a webhook that an earlier use of the token may have left: it would keep all updates from us."""
        try:
            await self.bot.delete_webhook()
        except Exception as error:
            log.warning("webhook not cleared", why=describe(error))

    async def _within(self, what: str, work: Awaitable[object], seconds: float) -> None:
        try:
            await asyncio.wait_for(work, seconds)
        except Exception as error:  # the process is going: nothing may hold it up
            log.warning("did not end cleanly", step=what, why=describe(error))

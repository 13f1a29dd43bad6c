"""The Telegram sink: an alert becomes one message, edited as its event grows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog
from telegram import Bot, LinkPreviewOptions, Message

from bot import messages
from bot.telegram.outcomes import SOON, Fallback, judge
from bot.telegram.texts import Dressed, Mark, dress
from storage.outbox import Alert, GaveUp, Moved, Outcome, Retry, Sent

log = structlog.get_logger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

SHORTER = 1024
"""Code points left when Telegram finds a message too long that we did not."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to bring the message: `message` is edited when it is set, `thread` 0 is no topic."""

    dressed: Dressed
    message: int | None
    thread: int

    def after(self, fallback: Fallback) -> Attempt:
        """The next way to try; equal to this one when the fallback leads no further."""
        match fallback:
            case Fallback.NEW:
                return replace(self, message=None)
            case Fallback.NO_THREAD:
                return replace(self, thread=0)
            case Fallback.PLAIN:
                return replace(self, dressed=Dressed(self.dressed.text))
            case Fallback.SHORT:
                return replace(self, dressed=dress(self.dressed.text, limit=SHORTER))
            case Fallback.UNCHANGED:
                return self


class TelegramSink:
    """Shows alerts in Telegram chats. `deadline` is seconds for one alert, fallbacks included."""

    def __init__(
        self, bot: Bot, compose: Callable[[Alert], messages.Message] = messages.compose, deadline: float = 60
    ) -> None:
        self._bot = bot
        self._compose = compose
        self._deadline = deadline

    async def send(self, alert: Alert) -> Outcome:
        """Send or edit, falling back to simpler forms where Telegram refuses one for good."""
        attempt = Attempt(dress_message(self._compose(alert)), alert.message, alert.address.thread)
        return await self._within_deadline(alert.address.chat, attempt)

    async def tell(self, user: int, text: str) -> Sent | Retry | GaveUp:
        """Send a plain text to a person. Never raises for what a network or a person can do."""
        outcome = await self._within_deadline(user, Attempt(dress(text), None, 0))
        return GaveUp(f"{user} is a group, now {outcome.chat}") if isinstance(outcome, Moved) else outcome

    async def _within_deadline(self, chat: int, attempt: Attempt) -> Outcome:
        try:
            async with asyncio.timeout(self._deadline):
                return await self._deliver(chat, attempt)
        except TimeoutError:
            return Retry(SOON, f"no answer within {self._deadline:g} s, the message may have arrived")

    async def _deliver(self, chat: int, attempt: Attempt) -> Outcome:
        while True:
            verdict = await self._try(chat, attempt)
            if not isinstance(verdict, Fallback):
                return verdict
            if verdict is Fallback.UNCHANGED and attempt.message is not None:
                return Sent(attempt.message)
            following = attempt.after(verdict)
            if following == attempt:
                return GaveUp(f"Telegram refuses every form of it: {verdict.value}")
            log.warning("message refused, trying another form", chat=chat, why=verdict.value)
            attempt = following

    async def _try(self, chat: int, attempt: Attempt) -> Outcome | Fallback:
        try:
            return Sent(await self._put(chat, attempt))
        except Exception as error:  # an answer of the wrong shape ends in KeyError and the like: outcome unknown
            return judge(error)

    async def _put(self, chat: int, attempt: Attempt) -> int:
        text, entities = attempt.dressed.text, attempt.dressed.entities
        if attempt.message is None:
            sent = await self._bot.send_message(
                chat,
                text,
                entities=entities,
                message_thread_id=attempt.thread or None,
                link_preview_options=NO_PREVIEW,
            )
            return sent.message_id
        edited = await self._bot.edit_message_text(
            text, chat, attempt.message, entities=entities, link_preview_options=NO_PREVIEW
        )
        return edited.message_id if isinstance(edited, Message) else attempt.message


def dress_message(message: messages.Message) -> Dressed:
    """The message in Telegram's form."""
    bold = [Mark("bold", start, end) for start, end in message.bold]
    links = [Mark("text_link", start, end, url) for start, end, url in message.links]
    return dress(message.text, [*links, *bold])

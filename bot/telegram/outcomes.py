"""What an answer of Telegram means for one message: arrived, try again, another way, or never."""

from __future__ import annotations

import os
from datetime import timedelta
from enum import Enum

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from storage.outbox import GaveUp, Moved, Outcome, Retry

# python-telegram-bot warns at every flood error until pauses are asked for as timedelta.
os.environ.setdefault("PTB_TIMEDELTA", "true")

SOON = timedelta(seconds=5)
"""The pause after a failure whose length nobody prescribes; the outbox lets it grow with the attempts."""

FLOOD = timedelta(seconds=30)
"""The pause after a 429 that does not say how long."""

REFUSED = timedelta(minutes=5)
"""The pause while the token is refused: nothing but the operator can mend that."""


class Fallback(Enum):
    """The message did not arrive, but another form of it may."""

    UNCHANGED = "the chat shows it already"
    NEW = "the message that stood is gone: send a new one"
    NO_THREAD = "the topic is closed or gone: send without it"
    PLAIN = "the entities were refused: send the bare text"
    SHORT = "too long: send the beginning"


# Fragments of the descriptions, lower case, as tdlib/telegram-bot-api and the servers behind it write them.
_BAD_REQUESTS: tuple[tuple[Fallback | None, tuple[str, ...]], ...] = (
    (Fallback.UNCHANGED, ("message is not modified", "message_not_modified")),
    (
        Fallback.NEW,
        (
            "message to edit not found",
            "message can't be edited",
            "message_id_invalid",
            "no text in the message to edit",
        ),
    ),
    (Fallback.NO_THREAD, ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")),
    (Fallback.PLAIN, ("can't parse", "entity begin", "entity_", "entity url", "entities")),
    (Fallback.SHORT, ("message is too long", "message_too_long")),
    (
        None,
        (
            "chat not found",
            "peer_id_invalid",
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_write_forbidden",
            "chat_admin_required",
            "chat_restricted",
            "chat_send_plain_forbidden",
            "deactivated",
            "user_is_blocked",
        ),
    ),
)


def judge(error: Exception) -> Outcome | Fallback:
    """What `error` of one request says about its message. Only the text of a 400 tells its kinds apart."""
    match error:
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case RetryAfter():
            return Retry(pause_of(error), f"Telegram asks to wait: {error}", chat_wide=True)
        case Forbidden():
            return GaveUp(str(error), chat_gone=True)
        case BadRequest():
            return _judge_bad_request(str(error))
        case InvalidToken():
            return Retry(REFUSED, f"Telegram refuses the token: {error}")
        case TelegramError() if "too many requests" in str(error).lower():
            return Retry(FLOOD, str(error), chat_wide=True)
        case _ if never_left(error):
            return Retry(SOON, f"Telegram cannot be reached, nothing was sent: {describe(error)}")
        case _:
            return Retry(SOON, f"no clear answer, the message may have arrived: {describe(error)}")


def never_left(error: Exception) -> bool:
    """Whether the request certainly did not reach Telegram: no connection was free, or none came about."""
    return type(error.__cause__).__name__ in ("PoolTimeout", "ConnectTimeout", "ConnectError")


def describe(error: Exception) -> str:
    """The error in one short line; an answer that was a whole page is cut."""
    words = " ".join(str(error).split())[:200]
    cause = "" if error.__cause__ is None else type(error.__cause__).__name__
    return ", ".join(filter(None, (type(error).__name__, words, cause)))


def pause_of(error: RetryAfter) -> timedelta:
    """What a flood error asks to wait."""
    pause = error.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def _judge_bad_request(description: str) -> Outcome | Fallback:
    lowered = description.lower()
    for fallback, fragments in _BAD_REQUESTS:
        if any(fragment in lowered for fragment in fragments):
            return fallback or GaveUp(description, chat_gone=True)
    return GaveUp(description)

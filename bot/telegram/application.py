"""python-telegram-bot, set up as this house needs it: no job queue, no rate limiter, no updater of its own."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import Update
from telegram.ext import Application, ContextTypes
from telegram.request import HTTPXRequest

from bot.telegram.commands import Commands
from bot.telegram.desk import Desk
from bot.telegram.polling import WrongTokenError
from rules.errors import BorderwatchError

log = structlog.get_logger(__name__)

BotApplication = Application[Any, Any, Any, Any, Any, Any]

TELEGRAM = "https://api.telegram.org"

TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
"""The shape of a token. How long its parts are is for the server to say, which refuses a wrong one at once."""

NOT_ACCEPTED = (
    "Telegram does not accept BORDERWATCH_TELEGRAM_TOKEN. Copy the token again from @BotFather (it looks like "
    "123456:ABC-DEF...), and check BORDERWATCH_TELEGRAM_BASE_URL if you set it."
)


class BaseUrlError(BorderwatchError):
    """The address of the Bot API server is none."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that one request may spend: on a free connection, on connecting, on sending, and on the answer."""

    pool: float = 5
    connect: float = 10
    write: float = 15
    read: float = 20


def build_application(token: str, base_url: str | None, desk: Desk, timeouts: Timeouts | None = None) -> BotApplication:
    """The application with all commands.

    Raises BaseUrlError where `base_url` is no http(s) address, WrongTokenError where `token` cannot be one.
    """
    quiet_loggers()
    token = token.strip()
    if not TOKEN.fullmatch(token):
        raise WrongTokenError(NOT_ACCEPTED)
    api, files = bot_api_urls(base_url or TELEGRAM)
    limits = timeouts or Timeouts()
    application: BotApplication = (
        Application.builder()
        .token(token)
        .base_url(api)
        .base_file_url(files)
        .request(_request(HTTPXRequest, limits, connections=64))
        .get_updates_request(_request(PollRequest, limits, connections=2))
        .job_queue(None)
        .updater(None)
        .build()
    )
    application.add_handlers(Commands(desk).handlers())
    application.add_error_handler(report_errors(token))
    return application


def bot_api_urls(base_url: str) -> tuple[str, str]:
    """The addresses before the token, for methods and files, of a server given with or without `/bot`."""
    root = base_url.strip().rstrip("/").removesuffix("/bot").rstrip("/")
    try:
        parts = urlsplit(root)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise BaseUrlError(f"BORDERWATCH_TELEGRAM_BASE_URL is {base_url!r}; expected something like {TELEGRAM}")
    return f"{root}/bot", f"{root}/file/bot"


def quiet_loggers() -> None:
    """Keep addresses out of the log: they hold the token, and the library writes each at DEBUG."""
    logging.getLogger("telegram").setLevel(logging.INFO)
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # whole pages of a broken server, told by us


class PollRequest(HTTPXRequest):
    """A request whose answer may hold an update that the library cannot read: it becomes an empty one.

    Otherwise one such update would be fetched again for ever, since its number could never be confirmed.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer, with every update readable."""
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer, dict) and isinstance(answer.get("result"), list):
            answer["result"] = [_readable(update) for update in answer["result"]]
        return answer


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(dict(update), None)
    except Exception as error:  # the library promises no kind of error for data it does not know
        number = update.get("update_id") if isinstance(update, dict) else None
        log.error("update cannot be read, skipped", update=number, why=type(error).__name__)
        return {"update_id": number if isinstance(number, int) else 0}
    return update


def report_errors(token: str) -> Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    """An error handler that logs with the update's number, and never the token."""

    async def report(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        number = update.update_id if isinstance(update, Update) else None
        trace = "".join(traceback.format_exception(context.error)) if context.error else ""
        log.error("update failed", update=number, trace=trace.replace(token, "<token>"))

    return report


def _request(kind: type[HTTPXRequest], timeouts: Timeouts, connections: int) -> HTTPXRequest:
    return kind(
        connection_pool_size=connections,
        pool_timeout=timeouts.pool,
        connect_timeout=timeouts.connect,
        write_timeout=timeouts.write,
        read_timeout=timeouts.read,
    )

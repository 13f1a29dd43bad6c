"""The commands of a chat. They speak to the desk and answer; channel posts and edited messages are not commands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import BaseHandler, ChatMemberHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.telegram import replies
from bot.telegram.desk import EVERYTHING, Desk, Subscribed, Subscription
from bot.telegram.outcomes import describe
from bot.telegram.people import RightsUnknownError, address_of, may_change, title_of
from bot.telegram.sink import NO_PREVIEW
from bot.telegram.texts import Dressed

log = structlog.get_logger(__name__)

Context = ContextTypes.DEFAULT_TYPE

UPDATES = ("message", "my_chat_member")
"""The kinds of update that the bot asks for."""

_HERE = filters.UpdateType.MESSAGE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
_STRAIGHT_QUOTES = str.maketrans("“”„‟", '""""')  # phones put these in for the plain ones


class Commands:
    """The handlers of all commands, over one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> list[BaseHandler[Update, Any, None]]:
        """The handlers in the order in which they are asked."""
        return [
            CommandHandler("start", self.start, _HERE),
            CommandHandler("help", self.help, _HERE),
            CommandHandler("list", self.list, _HERE),
            CommandHandler("subscribe", self.subscribe, _HERE),
            CommandHandler("unsubscribe", self.unsubscribe, _HERE),
            MessageHandler(_HERE & filters.StatusUpdate.MIGRATE, self.migrate),
            MessageHandler(_HERE & filters.COMMAND, self.unknown),
            MessageHandler(_HERE & filters.ChatType.PRIVATE & filters.TEXT, self.talk),
            ChatMemberHandler(self.membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ]

    async def start(self, update: Update, context: Context) -> None:
        """Say what this is; who once blocked the bot is served again."""
        message = _message(update)
        if message.chat.type == ChatType.PRIVATE:
            await self._desk.resume(message.chat.id)
        await _answer(context.bot, message, replies.welcome())

    async def help(self, update: Update, context: Context) -> None:
        """List the commands, and the query language in short."""
        await _answer(context.bot, _message(update), replies.help_page())

    async def list(self, update: Update, context: Context) -> None:
        """Show what the chat is subscribed to."""
        message = _message(update)
        standing = await self._desk.subscriptions(address_of(message))
        await _answer(context.bot, message, replies.listing(standing))

    async def subscribe(self, update: Update, context: Context) -> None:
        """Save a query, or say how to ask for one."""
        message = _message(update)
        query = argument(message)
        if not query:
            return await _answer(context.bot, message, replies.ask_for_query())
        if not await _allowed(context.bot, message):
            return None
        wanted = EVERYTHING if query.lower() == "all" else query
        result = await self._desk.subscribe(address_of(message), title_of(message.chat), wanted)
        reply = replies.subscribed(result) if isinstance(result, Subscribed) else replies.refused(result)
        return await _answer(context.bot, message, reply)

    async def unsubscribe(self, update: Update, context: Context) -> None:
        """End the subscription that is meant, or ask which."""
        message = _message(update)
        if not await _allowed(context.bot, message):
            return
        address, asked = address_of(message), argument(message)
        standing = await self._desk.subscriptions(address)
        ended = chosen(asked, standing)
        if ended:
            await self._desk.unsubscribe(address, tuple(one.query for one in ended))
        await _answer(context.bot, message, _unsubscribed(asked, standing, ended))

    async def unknown(self, update: Update, context: Context) -> None:
        """Help with a command that is not ours: in groups only if it names this bot, for others are there too."""
        message = _message(update)
        command = (message.text or message.caption or "").split(maxsplit=1)[0]
        _, _, addressee = command.partition("@")
        own = addressee.lower() == context.bot.username.lower()
        if message.text and (own or (message.chat.type == ChatType.PRIVATE and not addressee)):
            await _answer(context.bot, message, replies.unknown(command))

    async def talk(self, update: Update, context: Context) -> None:
        """Answer plain talk in private with the way on."""
        await _answer(context.bot, _message(update), replies.not_a_command())

    async def migrate(self, update: Update, context: Context) -> None:
        """Follow a group that became a supergroup; both chats tell it."""
        message = _message(update)
        if message.migrate_to_chat_id:
            await self._desk.move(message.chat.id, message.migrate_to_chat_id)
        elif message.migrate_from_chat_id:
            await self._desk.move(message.migrate_from_chat_id, message.chat.id)

    async def membership(self, update: Update, context: Context) -> None:
        """Pause a chat that put the bot out, serve one that let it in again."""
        change = update.my_chat_member
        if change is None:
            return
        if takes_messages(change):
            await self._desk.resume(change.chat.id)
        else:
            await self._desk.pause(change.chat.id, f"the bot is {change.new_chat_member.status} there")


def argument(message: Message) -> str:
    """What stands behind the command, with single spaces and straight quotes."""
    _, _, rest = " ".join((message.text or "").split()).partition(" ")
    return rest.translate(_STRAIGHT_QUOTES)


def chosen(asked: str, standing: Sequence[Subscription]) -> tuple[Subscription, ...]:
    """The subscriptions that /unsubscribe means: a number of the list, the query itself, `all`, or the only one."""
    if asked.lower() == "all" or (not asked and len(standing) == 1):
        return tuple(standing)
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return tuple(standing[int(asked) - 1 : int(asked)]) if int(asked) else ()
    return tuple(one for one in standing if one.query.casefold() == asked.casefold())


def takes_messages(change: ChatMemberUpdated) -> bool:
    """Whether the bot can write to the chat after this change."""
    member = change.new_chat_member
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


async def publish_menus(bot: Bot) -> None:
    """Show each kind of chat the commands meant for it. A menu is a convenience: a failure is logged, no more."""
    menu = [BotCommand(name, does) for name, does in replies.COMMANDS.items()]
    reading = [command for command in menu if command.command in ("list", "help")]
    scopes: tuple[tuple[BotCommandScope, list[BotCommand]], ...] = (
        (BotCommandScopeAllPrivateChats(), menu),
        (BotCommandScopeAllGroupChats(), reading),
        (BotCommandScopeAllChatAdministrators(), menu),
    )
    try:
        await asyncio.gather(*(bot.set_my_commands(commands, scope=scope) for scope, commands in scopes))
    except Exception as error:
        log.warning("command menus not set", why=describe(error))


def _unsubscribed(asked: str, standing: Sequence[Subscription], ended: Sequence[Subscription]) -> Dressed:
    if ended:
        return replies.unsubscribed(ended)
    if not standing:
        return replies.nothing_to_end()
    return replies.no_such(asked, standing) if asked else replies.which(standing)


def _message(update: Update) -> Message:
    if update.message is None:
        raise ValueError(f"update {update.update_id} holds no message")
    return update.message


async def _allowed(bot: Bot, message: Message) -> bool:
    """Whether the sender may change things here; if not, they are told."""
    try:
        if await may_change(bot, message):
            return True
        reply = replies.administrators_only()
    except RightsUnknownError:
        reply = replies.rights_unknown()
    await _answer(bot, message, reply)
    return False


async def _answer(bot: Bot, message: Message, reply: Dressed) -> None:
    entities: Sequence[MessageEntity] = reply.entities
    thread = address_of(message).thread or None
    await bot.send_message(
        message.chat.id, reply.text, entities=entities, message_thread_id=thread, link_preview_options=NO_PREVIEW
    )

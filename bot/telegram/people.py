"""Who speaks, and where: addresses and rights, read off a message."""

from __future__ import annotations

from telegram import Bot, Chat, Message
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from storage.outbox import Address

_IN_CHARGE = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


class RightsUnknownError(Exception):
    """Telegram did not say whether somebody is an administrator."""


def address_of(message: Message) -> Address:
    """The chat, and the topic when it is one: replies in plain groups carry a thread id as well."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Address("telegram", message.chat.id, thread or 0)


def title_of(chat: Chat) -> str:
    """What people call the chat."""
    return chat.title or chat.full_name or chat.username or str(chat.id)


async def may_change(bot: Bot, message: Message) -> bool:
    """Whether the sender may change what this chat gets: anyone in private, administrators in groups.

    Anonymous administrators write in the name of the chat itself; who writes in the name of a channel is nobody here.
    Raises RightsUnknownError when Telegram cannot be asked.
    """
    if message.chat.type == ChatType.PRIVATE:
        return True
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    if message.from_user is None:
        return False
    try:
        member = await bot.get_chat_member(message.chat.id, message.from_user.id)
    except TelegramError as error:
        raise RightsUnknownError(str(error)) from error
    return member.status in _IN_CHARGE

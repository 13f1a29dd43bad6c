"""A local Bot API server on a real socket: small, strict, and honest about what Telegram refuses.

It knows the methods that the bot uses, checks what Telegram checks, remembers every call, writes updates as people
would, and fails on demand. It shares no code with the bot nor with python-telegram-bot. The wording of its errors is
that of tdlib/td and tdlib/telegram-bot-api.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from tests.botapi_faults import Answer, ApiError, Fault, Hold, Instead, Json, Reset, formatted, refusal

TOKEN = "1234567:AAE_a-token_that-only_tests-know_00"
BOT_ID = 1234567
USERNAME = "borderwatch_test_bot"
ANONYMOUS_ADMIN = 1087968824


@dataclass(slots=True)
class Call:
    """One request: when it came (seconds of a monotonic clock), and the status it was answered with, if it was."""

    method: str
    params: Json
    at: float
    status: int | None = None


@dataclass(slots=True)
class Shown:
    """A message of the bot as a chat shows it."""

    text: str
    entities: list[Json]
    thread: int | None
    edits: int = 0


@dataclass(slots=True)
class Chat:
    """One chat. `topics` maps thread ids to whether they are open; `refuses` answers every message to it."""

    id: int
    type: str
    title: str
    admins: set[int] = field(default_factory=set)
    topics: dict[int, bool] = field(default_factory=dict)
    general_open: bool = True
    refuses: ApiError | None = None
    messages: dict[int, Shown] = field(default_factory=dict)

    def blocked(self) -> None:
        """The user blocks the bot."""
        self.refuses = ApiError("Forbidden: bot was blocked by the user", 403)

    def kicked(self) -> None:
        """The bot is put out of the group."""
        self.refuses = ApiError("Forbidden: bot was kicked from the supergroup chat", 403)

    def muted(self) -> None:
        """The bot may not write any more."""
        self.refuses = ApiError("Bad Request: not enough rights to send text messages to the chat")

    def migrated(self, to: int) -> None:
        """The group has become a supergroup."""
        text = "Bad Request: group chat was upgraded to a supergroup chat"
        self.refuses = ApiError(text, migrate_to_chat_id=to)

    def as_json(self) -> Json:
        """The chat as updates carry it."""
        name = {"first_name": self.title} if self.type == "private" else {"title": self.title}
        forum = {"is_forum": True} if self.topics else {}
        return {"id": self.id, "type": self.type} | name | forum

    def texts(self) -> list[str]:
        """What the bot's messages say, oldest first."""
        return [message.text for message in self.messages.values()]


class BotApi:
    """The server. Use it as an async context manager; `url` is what BORDERWATCH_TELEGRAM_BASE_URL would be."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.chats: dict[int, Chat] = {}
        self.menus: dict[str, list[str]] = {}
        self.updates: list[Json] = []
        self.dropped_links: list[str] = []
        self.outage: Fault | None = None
        self.port = 0
        self.faults: list[tuple[str, int | None, Fault]] = []
        self._allowed: list[str] = []
        self._next_update, self._next_message, self._poll = 1000, 1, 0
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on this port of 127.0.0.1, or on a free one."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and all connections."""
        if self._server is not None:
            self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.port}"

    # What a test sets up

    def add_private(self, user: int, name: str = "Nune") -> Chat:
        """A private chat with this person."""
        return self._add(Chat(user, "private", name))

    def add_group(self, chat: int, title: str = "Desk", admins: tuple[int, ...] = ()) -> Chat:
        """A supergroup; `admins` are user ids."""
        return self._add(Chat(chat, "supergroup", title, set(admins)))

    def add_forum(
        self, chat: int, title: str = "Forum", admins: tuple[int, ...] = (), topics: tuple[int, ...] = ()
    ) -> Chat:
        """A supergroup with topics, all open."""
        return self._add(Chat(chat, "supergroup", title, set(admins), dict.fromkeys(topics, True)))

    def _add(self, chat: Chat) -> Chat:
        self.chats[chat.id] = chat
        return chat

    def fail(self, method: str, *faults: Fault, chat: int | None = None) -> None:
        """Let the next calls of `method` (to `chat`) fail so, one after the other."""
        self.faults += [(method, chat, fault) for fault in faults]

    def write(self, chat: int, text: str, *, by: int = 7, topic: int | None = None, **more: object) -> int:
        """Somebody writes `text`; `more` overrides fields of the message. Returns the update's id."""
        command = re.match(r"/\w{1,32}(@\w+)?", text, re.ASCII)
        message: Json = {"from": {"id": by, "is_bot": False, "first_name": "Aram"}, "text": text}
        if command:
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
        return self.inject("message", self.message(chat, **(message | more)))

    def message(self, chat: int, **fields: object) -> Json:
        """A message as updates carry it; fields that are None are left out."""
        self._next_message += 1
        basis: Json = {"message_id": self._next_message, "date": int(time.time()), "chat": self.chats[chat].as_json()}
        return {name: value for name, value in (basis | fields).items() if value is not None}

    def inject(self, kind: str, body: object) -> int:
        """Queue an update of this kind, whatever its body. Returns its id.

        Kinds that the bot has not asked for are left out, but not those from before it first asked.
        """
        self._next_update += 1
        if not self._allowed or kind in self._allowed:
            self.updates.append({"update_id": self._next_update, kind: body})
        self._tell()
        return self._next_update

    # What a test sees

    def called(self, method: str, chat: int | None = None) -> list[Call]:
        """The calls of a method (to a chat) so far."""
        return [call for call in self.calls if call.method == method and _meant(call.params, chat)]

    async def until(self, holds: Callable[[], object], within: float = 20) -> None:
        """Wait until `holds()` is true; it is looked at after every call and every answer."""
        async with asyncio.timeout(within):
            while not holds():
                await self._changed.wait()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    # HTTP

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                length = re.search(r"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
                body = await reader.readexactly(int(length[1])) if length else b""
                answer = await self._answer(head, body)
                if answer is None:
                    writer.transport.abort()
                    return
                writer.write(_http(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the client or the test has ended the connection
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, head: str, body: bytes) -> Answer | None:
        """The answer to one request, or None to break the connection."""
        path, _, query = head.split(" ", 2)[1].partition("?")
        _, bot, method, *_ = [*path.split("/", 2), "", ""]
        try:
            params = _params(head, body) | dict(parse_qsl(query))
        except ValueError:
            return refusal(400, "Bad Request: strings must be encoded in UTF-8")
        call = Call(method, params, time.monotonic())
        self.calls.append(call)
        self._tell()
        answer = await self._with_faults(call, bot)
        call.status = answer.status if answer else None
        self._tell()
        return answer

    async def _with_faults(self, call: Call, bot: str) -> Answer | None:
        match fault := self.outage or self._take_fault(call):
            case None:
                return await self._carry_out(call, bot)
            case Answer():
                return fault
            case Reset(processed):
                if processed:
                    await self._carry_out(call, bot)
                return None
            case Instead(body):
                await self._carry_out(call, bot)
                return Answer(200, body)
            case Hold(processed, until):
                answer = await self._carry_out(call, bot) if processed else None
                self._tell()
                await until.wait()
                return answer or await self._carry_out(call, bot)

    def _take_fault(self, call: Call) -> Fault | None:
        for index, (method, chat, fault) in enumerate(self.faults):
            if method == call.method and _meant(call.params, chat):
                del self.faults[index]
                return fault
        return None

    async def _carry_out(self, call: Call, bot: str) -> Answer:
        if bot != f"bot{self.token}":
            return (
                refusal(401, "Unauthorized") if re.fullmatch(r"bot\d+:[\w-]{30,}", bot) else refusal(404, "Not Found")
            )
        try:
            if call.method == "getUpdates":
                return _result(await self._get_updates(call.params))
            method = self._methods().get(call.method)
            return refusal(404, "Not Found") if method is None else _result(method(call.params))
        except ApiError as error:
            return error.answer
        except (ValueError, TypeError, KeyError) as error:
            return refusal(400, f"Bad Request: parameters of {call.method} cannot be read: {error!r}")

    # Methods

    def _methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "getMe": lambda _: _BOT | {"can_join_groups": True, "can_read_all_group_messages": False},
            "deleteWebhook": lambda _: True,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "setMyCommands": self._set_my_commands,
            "getChatMember": self._get_chat_member,
            "answerCallbackQuery": self._answer_callback_query,
        }

    async def _get_updates(self, params: Json) -> list[Json]:
        """The long poll: an offset confirms what lies before it, and a second poll ends the first."""
        offset, timeout = int(params.get("offset", 0)), float(params.get("timeout", 0))
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        self._allowed = json.loads(params.get("allowed_updates", "null")) or self._allowed
        self._poll += 1
        own = self._poll
        self._tell()
        try:
            await self.until(lambda: self.updates or self._poll != own, within=timeout)
        except TimeoutError:
            return []
        if self._poll != own:
            raise ApiError(
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", 409
            )
        return self.updates[: int(params.get("limit", 100))]

    def _chat(self, params: Json) -> Chat:
        chat = self.chats.get(int(params.get("chat_id", 0)))
        if chat is None:
            raise ApiError("Bad Request: chat not found")
        return chat

    def _send_message(self, params: Json) -> Json:
        chat, thread = self._chat(params), int(params.get("message_thread_id", 0)) or None
        if chat.refuses:
            raise chat.refuses
        if thread and thread not in chat.topics:
            raise ApiError("Bad Request: message thread not found")
        if not (chat.topics[thread] if thread else chat.general_open):
            raise ApiError("Bad Request: TOPIC_CLOSED")
        text, entities = self._formatted(params, "Bad Request: message is too long")
        self._next_message += 1
        chat.messages[self._next_message] = Shown(text, entities, thread)
        return self._as_json(chat, self._next_message)

    def _edit_message_text(self, params: Json) -> Json:
        chat, number = self._chat(params), int(params.get("message_id", 0))
        if chat.refuses:
            raise chat.refuses
        shown = chat.messages.get(number)
        if shown is None:
            raise ApiError("Bad Request: message to edit not found")
        text, entities = self._formatted(params, "Bad Request: MESSAGE_TOO_LONG")
        if (text, entities) == (shown.text, shown.entities):
            raise ApiError(
                "Bad Request: message is not modified: specified new message content and reply markup are exactly "
                "the same as a current content and reply markup of the message"
            )
        shown.text, shown.entities, shown.edits = text, entities, shown.edits + 1
        return self._as_json(chat, number) | {"edit_date": int(time.time())}

    def _as_json(self, chat: Chat, number: int) -> Json:
        shown = chat.messages[number]
        message: Json = {"message_id": number, "date": int(time.time()), "chat": chat.as_json(), "from": _BOT}
        topic = {"message_thread_id": shown.thread, "is_topic_message": True} if shown.thread else {}
        return message | {"text": shown.text, "entities": shown.entities} | topic

    def _formatted(self, params: Json, too_long: str) -> tuple[str, list[Json]]:
        if "parse_mode" in params:
            raise ApiError("Bad Request: this server takes entities, and no parse_mode")
        entities = json.loads(params.get("entities") or "[]")
        text, kept, dropped = formatted(str(params.get("text", "")), entities, too_long)
        self.dropped_links += dropped
        return text, kept

    def _set_my_commands(self, params: Json) -> bool:
        commands = json.loads(params["commands"])
        scope = json.loads(params.get("scope") or '{"type": "default"}')
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise ApiError("Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise ApiError("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[scope["type"]] = [command["command"] for command in commands]
        return True

    def _get_chat_member(self, params: Json) -> Json:
        chat, user = self._chat(params), int(params["user_id"])
        person = {"id": user, "is_bot": False, "first_name": "Aram"}
        if user in chat.admins:
            return {"status": "administrator", "user": person} | dict.fromkeys(_RIGHTS, False)
        return {"status": "member", "user": person}

    def _answer_callback_query(self, params: Json) -> bool:
        for update in self.updates:
            if update.get("callback_query", {}).get("id") == params.get("callback_query_id"):
                return True
        raise ApiError("Bad Request: query is too old and response timeout expired or query ID is invalid")


_BOT: Json = {"id": BOT_ID, "is_bot": True, "first_name": "borderwatch", "username": USERNAME}
_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def _meant(params: Json, chat: int | None) -> bool:
    return chat is None or str(params.get("chat_id")) == str(chat)


def _params(head: str, body: bytes) -> Json:
    """The parameters of a request. Raises ValueError where the body is not UTF-8."""
    if "application/json" in head.lower():
        sent: Json = json.loads(body or b"{}")
        return {name: value if isinstance(value, str | int) else json.dumps(value) for name, value in sent.items()}
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))


def _result(result: object) -> Answer:
    return Answer(200, json.dumps({"ok": True, "result": result}).encode())


def _http(answer: Answer) -> bytes:
    head = f"HTTP/1.1 {answer.status} .\r\nContent-Type: {answer.content_type}\r\n"
    return f"{head}Content-Length: {len(answer.body)}\r\n\r\n".encode() + answer.body

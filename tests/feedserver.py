"""A small honest HTTP server for feeds, on a real socket: serves what a test scripts, remembers what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import final


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came: `headers` by lower-case name."""

    method: str
    path: str
    headers: Mapping[str, str]


@final
@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `drip` sends a byte at a time with that pause (seconds); `length` lies about Content-Length.

    `cut` resets the connection after the body, before the answer is complete in the client's eyes.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float | None = None
    length: int | None = None
    cut: bool = False

    def head(self) -> bytes:
        """The status line and the headers."""
        names = {"content-length": str(len(self.body) if self.length is None else self.length)}
        names |= {"connection": "close", **{name.lower(): value for name, value in self.headers.items()}}
        lines = [f"HTTP/1.1 {self.status} Scripted", *(f"{name}: {value}" for name, value in names.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


Handler = Callable[[Asked], Reply]


def conditional(body: bytes, etag: str = '"1"', **headers: str) -> Handler:
    """A handler that serves `body` under an ETag, and 304 to whoever has it."""
    named = {"content-type": "application/rss+xml", "etag": etag, **headers}

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers=named)
        return Reply(body, headers=named)

    return answer


class FeedServer:
    """Serves scripted paths, and 404 for all others."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.url = ""
        self.host = ""
        self._paths: dict[str, Handler] = {}
        self._changed = asyncio.Event()

    def serve(self, path: str, what: Handler | Reply | bytes) -> str:
        """Script a path, and get its URL."""
        reply = Reply(what, headers={"content-type": "application/rss+xml"}) if isinstance(what, bytes) else what
        self._paths[path] = (lambda _: reply) if isinstance(reply, Reply) else reply
        return self.url + path

    def serve_in_turn(self, path: str, *replies: Reply) -> str:
        """Script a path with replies that are given out one by one, the last one for ever."""
        queue = list(replies)
        return self.serve(path, lambda _: queue.pop(0) if len(queue) > 1 else queue[0])

    def requests(self, path: str) -> list[Asked]:
        """What was asked of one path, in order."""
        return [asked for asked in self.asked if asked.path == path]

    async def until(self, holds: Callable[[], object], within: float = 30) -> None:
        """Wait until `holds()` is true; it is looked at after every request. `within` is in seconds."""
        async with asyncio.timeout(within):
            while not holds():
                await self._changed.wait()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: one request, one answer."""
        try:
            asked = _request(await reader.readuntil(b"\r\n\r\n"))
            self.asked.append(asked)
            changed, self._changed = self._changed, asyncio.Event()
            changed.set()
            handler = self._paths.get(asked.path, _not_here)
            await _send(handler(asked), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _not_here(_: Asked) -> Reply:
    return Reply(b"not here", 404)


def _request(head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines)
    return Asked(method, path, {name.strip().lower(): value.strip() for name, value in pairs})


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    writer.write(reply.head())
    if reply.status != 304:
        await _send_body(reply, writer)
    await writer.drain()
    if reply.cut:
        writer.transport.abort()


async def _send_body(reply: Reply, writer: asyncio.StreamWriter) -> None:
    if reply.drip is None:
        writer.write(reply.body)
        return
    for index in range(len(reply.body)):
        writer.write(reply.body[index : index + 1])
        await writer.drain()
        await asyncio.sleep(reply.drip)


@asynccontextmanager
async def feed_server(host: str = "127.0.0.1") -> AsyncIterator[FeedServer]:
    """A running server on a free port of a loopback address; it ends with the block, open connections included."""
    served = FeedServer()
    open_now: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(served.answer(reader, writer))
        open_now.add(task)
        task.add_done_callback(open_now.discard)

    server = await asyncio.start_server(connected, host, 0)
    port = server.sockets[0].getsockname()[1]
    served.host = f"{host}:{port}"
    served.url = f"http://{served.host}"
    try:
        yield served
    finally:
        server.close()
        for task in open_now:
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)
        await server.wait_closed()

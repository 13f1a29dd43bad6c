"""Over TLS: the certificate is checked against the name in the URL, though the connection goes to a judged address."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.feeds.errors import UnreachableError
from bot.feeds.fetch import Body, FetchRequest, fetch_feed, make_client

CERTIFICATE = Path(__file__).with_name("throwaway.pem")
NOW = datetime(2021, 11, 16, 12, tzinfo=UTC)


def loopback(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@contextmanager
def trusted() -> Iterator[None]:
    """Have the certificate among the machine's own, as an operator would."""
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(CERTIFICATE)
    try:
        yield
    finally:
        os.environ.pop("SSL_CERT_FILE")
        if before is not None:
            os.environ["SSL_CERT_FILE"] = before


@asynccontextmanager
async def tls_server(names: list[str | None]) -> AsyncIterator[int]:
    """Serves "news" over TLS on a free port and notes the name that each client asks for."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nnews")
        await writer.drain()
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


async def fetched(port: int, host: str) -> bytes:
    private = [ip_network("127.0.0.0/8")]
    async with make_client(user_agent="t", allow_private=private, resolve=loopback) as client:
        found = await fetch_feed(client, FetchRequest(f"https://{host}:{port}/feed", NOW))
    assert isinstance(found, Body)
    return found.content


async def test_a_trusted_server_is_asked_by_its_name_at_the_judged_address() -> None:
    names: list[str | None] = []
    with trusted():
        async with tls_server(names) as port:
            assert await fetched(port, "feeds.example") == b"news"
    assert names == ["feeds.example"]


async def test_a_certificate_for_another_name_is_not_trusted() -> None:
    with trusted():
        async with tls_server([]) as port:
            with pytest.raises(UnreachableError, match=r"certificate is not trusted.*other\.example"):
                await fetched(port, "other.example")


async def test_a_certificate_that_nobody_vouches_for_is_not_trusted() -> None:
    async with tls_server([]) as port:
        with pytest.raises(UnreachableError, match=r"certificate is not trusted: self-signed"):
            await fetched(port, "feeds.example")

"""Fetches a feed: conditional, guarded, and within limits on time, bytes and redirects.

The only module that imports httpx.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urljoin

import httpcore
import httpx

from bot.feeds.document import SIZE_LIMIT
from bot.feeds.errors import (
    AnswerError,
    FetchError,
    RedirectError,
    SlowError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from bot.feeds.guard import GuardedBackend, Network, Resolve, check_url, reason, system_resolve
from bot.feeds.headers import freshness, http_date, retry_after
from bot.feeds.inflate import Unpacker
from bot.feeds.urls import quoted

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
Client = httpx.AsyncClient
"""What `make_client` gives and `fetch_feed` takes; others need no httpx for it."""

PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one feed may take: seconds in all, seconds without a byte, bytes (as sent, and unpacked), redirects."""

    seconds: float = 30.0
    silence: float = 15.0
    size: int = SIZE_LIMIT
    redirects: int = 5


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A feed to fetch at `now`. The validators are those of the last answer that was stored.

    `unconditional` leaves them out: a server whose validators lie would answer 304 for ever.
    """

    url: str
    now: datetime
    etag: str = ""
    last_modified: str = ""
    unconditional: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """An answer with a document. `url` is where it was found; `moved_to` is set when all redirects were permanent.

    `digest` (SHA-256, hex) tells the same document again; `fresh_for` is how long the server says it holds.
    """

    url: str
    content: bytes
    digest: str
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The document is the one that the validators stand for."""

    url: str
    moved_to: str = ""
    fresh_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Trail:
    """The redirects followed so far."""

    seen: tuple[str, ...]
    permanent: bool = True

    @property
    def url(self) -> str:
        return self.seen[-1]

    @property
    def moved_to(self) -> str:
        return self.url if len(self.seen) > 1 and self.permanent else ""


def make_client(*, user_agent: str, allow_private: Sequence[Network] = (), resolve: Resolve = system_resolve) -> Client:
    """The client that all feeds share: guarded, without proxies, cookies or keep-alive; close it when done.

    A feed is asked every few minutes, so that kept connections would only hold memory. No proxy is taken from the
    environment: it would resolve names behind the guard's back.
    """
    pool = httpcore.AsyncConnectionPool(
        ssl_context=_trust(),
        max_connections=None,
        max_keepalive_connections=0,
        network_backend=GuardedBackend(allow_private, resolve),
    )
    return httpx.AsyncClient(
        transport=_Transport(pool),
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip", "Connection": "close"},
    )


def _trust() -> ssl.SSLContext:
    """The certificates that httpx brings, for a bare machine has none, and the machine's own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


async def fetch_feed(client: Client, request: FetchRequest, limits: Limits = LIMITS) -> Body | NotModified:
    """Fetch the feed; raises a `FetchError` for whatever a network or a server can do."""
    trail = _Trail((request.url,))
    try:
        async with asyncio.timeout(limits.seconds):
            for _ in range(limits.redirects + 1):
                found = await _ask(client, request, trail, limits)
                if not isinstance(found, _Trail):
                    return found
                trail = found
    except TimeoutError:
        raise SlowError(f"no complete answer within {limits.seconds:g} s") from None
    raise RedirectError(f"more than {limits.redirects} redirects, the last to {trail.url[:200]}")


async def _ask(client: Client, request: FetchRequest, trail: _Trail, limits: Limits) -> Body | NotModified | _Trail:
    """One hop: the answer, or the trail with the next hop on it."""
    check_url(trail.url)
    headers = {} if request.unconditional else _validators(request)
    silence = httpx.Timeout(limits.silence, pool=None)
    try:
        async with client.stream("GET", trail.url, headers=headers, timeout=silence) as response:
            if response.status_code in REDIRECTS and "location" in response.headers:
                return _follow(trail, response)
            if response.status_code == HTTPStatus.NOT_MODIFIED and headers:
                return NotModified(trail.url, trail.moved_to, freshness(response.headers, request.now))
            _check_status(response, request.now)
            content = await _read(response, limits.size)
            return _body(trail, response, content, request.now)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise AnswerError(f"not a URL that can be asked: {error}") from None
    except httpx.HTTPError as error:
        # httpx looks at a redirect's target even where it is not to follow it.
        raise AnswerError(f"the answer breaks HTTP's rules: {str(error)[:200].rstrip('.')}") from None
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise _explained(error, limits) from error


def _validators(request: FetchRequest) -> dict[str, str]:
    """The conditional headers. A Last-Modified that lies in the future would be answered with 304 until then."""
    headers = {}
    if request.etag:
        headers["If-None-Match"] = request.etag
    modified = http_date(request.last_modified)
    if modified and modified <= request.now + timedelta(days=1):
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _follow(trail: _Trail, response: httpx.Response) -> _Trail:
    try:
        target = quoted(urljoin(trail.url, response.headers["location"].strip()).partition("#")[0])
    except ValueError as error:
        raise AnswerError(f"a redirect to what is no URL: {error}") from None
    if target in trail.seen:
        raise RedirectError(f"the redirects go in a circle, back to {target[:200]}")
    return _Trail((*trail.seen, target), trail.permanent and response.status_code in PERMANENT)


def _check_status(response: httpx.Response, now: datetime) -> None:
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.NOT_MODIFIED:
        raise AnswerError("the server answers 304 Not Modified though nothing was asked about")
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "an unknown status"
    raise StatusError(f"the server answers {status} {phrase}", status, retry_after(response.headers, now))


async def _read(response: httpx.Response, limit: int) -> bytes:
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > limit:
        raise TooLargeError(f"the feed is {int(length[:20]) // 1000:,} kB, more than {limit // 1000:,} kB")
    unpacker = Unpacker(response.headers.get("content-encoding", ""), limit)
    async for chunk in response.aiter_raw():
        unpacker.add(chunk)
    return unpacker.content()


def _body(trail: _Trail, response: httpx.Response, content: bytes, now: datetime) -> Body:
    headers = response.headers
    return Body(
        url=trail.url,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        content_type=headers.get("content-type", "")[:200],
        etag=_short(headers.get("etag", "")),
        last_modified=_short(headers.get("last-modified", "")),
        moved_to=trail.moved_to,
        fresh_for=freshness(headers, now),
    )


def _short(validator: str) -> str:
    """A validator that cannot be sent back as it is, or is absurdly long, is none."""
    return validator if validator.isascii() and len(validator) <= 500 else ""


def _explained(error: Exception, limits: Limits) -> FetchError:
    """The library's error as one of ours, in words."""
    if isinstance(error, httpcore.ConnectTimeout):
        return UnreachableError(f"no connection within {limits.silence:g} s")
    if isinstance(error, httpcore.TimeoutException):
        return SlowError(f"the server said nothing for {limits.silence:g} s")
    if isinstance(error, httpcore.ConnectError):
        return UnreachableError(_connection(error))
    return AnswerError(f"the answer breaks off or is no HTTP: {reason(error)[:200]}")


def _connection(error: BaseException) -> str:
    """Why there is no connection: the operating system's or the TLS library's own words are at the chain's end."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection: {error.reason or reason(error)}"
    return f"no connection: {reason(error)}"


class _Stream(httpx.AsyncByteStream):
    """An httpcore answer's bytes, for httpx."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._answer.stream, AsyncIterable):
            async for part in self._answer.stream:
                yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


class _Transport(httpx.AsyncBaseTransport):
    """httpx on a connection pool of our own: its ready-made transport takes no network backend (0.28)."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()

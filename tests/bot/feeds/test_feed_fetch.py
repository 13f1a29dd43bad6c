"""Fetching over real sockets: conditional, within limits, and every failure in words."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import zlib
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from bot.feeds.errors import (
    AnswerError,
    FetchError,
    RedirectError,
    SlowError,
    StatusError,
    TooLargeError,
    UnreachableError,
)
from bot.feeds.fetch import Body, Client, FetchRequest, Limits, NotModified, fetch_feed, make_client
from tests.feedserver import FeedServer, Reply, conditional, feed_server

NOW = datetime(2021, 11, 16, 12, tzinfo=UTC)
QUICK = Limits(seconds=0.5, silence=0.3, size=100_000)
NO_HASTE = Limits(seconds=10, silence=0.3)
FEED = b"<rss version='2.0'><channel><title>Kura Wire</title></channel></rss>"


@pytest.fixture
async def server() -> AsyncIterator[FeedServer]:
    async with feed_server() as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    made = make_client(user_agent="borderwatch/test (+https://example.org)", allow_private=[ip_network("127.0.0.0/8")])
    async with made:
        yield made


async def fetched(client: Client, url: str, etag: str = "", last_modified: str = "", full: bool = False) -> Body:
    found = await fetch_feed(client, FetchRequest(url, NOW, etag, last_modified, full), QUICK)
    assert isinstance(found, Body)
    return found


async def failure(client: Client, url: str, limits: Limits = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetch_feed(client, FetchRequest(url, NOW), limits)
    return caught.value


class TestConditionalGet:
    async def test_the_second_poll_sends_the_validators_and_hears_that_nothing_changed(
        self, server: FeedServer, client: Client
    ) -> None:
        stamp = "Tue, 16 Nov 2021 10:00:00 GMT"
        url = server.serve("/feed", conditional(FEED, '"v1"', **{"last-modified": stamp}))
        first = await fetched(client, url)
        assert (first.etag, first.last_modified, first.content) == ('"v1"', stamp, FEED)
        request = FetchRequest(url, NOW, etag=first.etag, last_modified=first.last_modified)
        assert isinstance(await fetch_feed(client, request), NotModified)
        assert server.asked[1].headers["if-none-match"] == '"v1"'
        assert server.asked[1].headers["if-modified-since"] == stamp

    async def test_an_etag_that_changes_every_time_still_gives_the_same_digest(
        self, server: FeedServer, client: Client
    ) -> None:
        url = server.serve_in_turn("/feed", *(Reply(FEED, headers={"etag": f'"{n}"'}) for n in range(2)))
        first = await fetched(client, url)
        second = await fetched(client, url, etag=first.etag)
        assert first.etag != second.etag
        assert first.digest == second.digest

    async def test_an_unconditional_request_sends_no_validators(self, server: FeedServer, client: Client) -> None:
        url = server.serve("/feed", conditional(FEED, '"v1"'))
        found = await fetched(client, url, etag='"v1"', last_modified="Tue, 16 Nov 2021 10:00:00 GMT", full=True)
        assert found.content == FEED
        assert not {"if-none-match", "if-modified-since"} & server.asked[0].headers.keys()

    async def test_a_last_modified_of_2041_is_never_sent_back(self, server: FeedServer, client: Client) -> None:
        url = server.serve("/feed", FEED)
        await fetched(client, url, last_modified="Tue, 01 Jan 2041 00:00:00 GMT")
        await fetched(client, url, last_modified="soon")
        assert all("if-modified-since" not in asked.headers for asked in server.asked)

    async def test_304_to_an_unconditional_request_is_an_error(self, server: FeedServer, client: Client) -> None:
        error = await failure(client, server.serve("/feed", Reply(status=304)))
        assert isinstance(error, AnswerError)
        assert "304 Not Modified though nothing was asked" in str(error)


class TestManners:
    async def test_it_says_truthfully_who_asks_and_takes_gzip_only(self, server: FeedServer, client: Client) -> None:
        await fetched(client, server.serve("/feed", FEED))
        headers = server.asked[0].headers
        assert headers["user-agent"] == "borderwatch/test (+https://example.org)"
        assert headers["accept-encoding"] == "gzip"

    async def test_cookies_are_not_kept(self, server: FeedServer, client: Client) -> None:
        url = server.serve("/feed", Reply(FEED, headers={"set-cookie": "id=1; Path=/"}))
        await fetched(client, url)
        await fetched(client, url)
        assert all("cookie" not in asked.headers for asked in server.asked)

    async def test_no_proxy_is_taken_from_the_environment(self, server: FeedServer) -> None:
        """A proxy would resolve names behind the guard's back; the one named here would answer nobody."""
        names = ("HTTP_PROXY", "http_proxy", "ALL_PROXY")
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(dict.fromkeys(names, "http://127.0.0.1:9"))
        try:
            async with make_client(user_agent="t", allow_private=[ip_network("127.0.0.0/8")]) as client:
                assert (await fetched(client, server.serve("/feed", FEED))).content == FEED
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


class TestTime:
    async def test_retry_after_in_seconds_is_told(self, server: FeedServer, client: Client) -> None:
        error = await failure(client, server.serve("/feed", Reply(status=429, headers={"retry-after": "120"})))
        assert isinstance(error, StatusError)
        assert (error.status, error.retry_after) == (429, timedelta(seconds=120))
        assert "429 Too Many Requests" in str(error)

    async def test_retry_after_as_a_date_is_told(self, server: FeedServer, client: Client) -> None:
        until = {"retry-after": "Tue, 16 Nov 2021 12:30:00 GMT"}
        error = await failure(client, server.serve("/feed", Reply(status=503, headers=until)))
        assert isinstance(error, StatusError)
        assert error.retry_after == timedelta(minutes=30)

    async def test_how_long_an_answer_holds_is_told(self, server: FeedServer, client: Client) -> None:
        aged = {"cache-control": "public, max-age=600", "age": "60"}
        expires = {"date": "Tue, 16 Nov 2021 12:00:00 GMT", "expires": "Tue, 16 Nov 2021 12:10:00 GMT"}
        assert (await fetched(client, server.serve("/a", Reply(FEED, headers=aged)))).fresh_for == timedelta(minutes=9)
        found = await fetched(client, server.serve("/b", Reply(FEED, headers=expires)))
        assert found.fresh_for == timedelta(minutes=10)
        assert (await fetched(client, server.serve("/c", FEED))).fresh_for is None

    async def test_a_server_that_drips_a_byte_at_a_time_is_cut_off_at_the_deadline(
        self, server: FeedServer, client: Client
    ) -> None:
        """Each byte comes well within the limit of silence."""
        error = await failure(client, server.serve("/feed", Reply(FEED, drip=0.05)))
        assert isinstance(error, SlowError)
        assert "no complete answer within 0.5 s" in str(error)

    async def test_a_server_that_falls_silent_is_told_as_that(self, server: FeedServer, client: Client) -> None:
        error = await failure(client, server.serve("/feed", Reply(FEED, drip=5)), Limits(seconds=5, silence=0.2))
        assert isinstance(error, SlowError)
        assert "said nothing for 0.2 s" in str(error)

    async def test_a_slow_feed_keeps_no_other_waiting(self, server: FeedServer, client: Client) -> None:
        slow = server.serve("/slow", Reply(FEED, drip=1))
        quick = server.serve("/quick", FEED)
        waiting = asyncio.create_task(failure(client, slow))
        assert (await fetched(client, quick)).content == FEED
        assert not waiting.done()
        assert isinstance(await waiting, SlowError)


class TestBytes:
    async def test_gzip_is_unpacked(self, server: FeedServer, client: Client) -> None:
        packed = Reply(gzip.compress(FEED), headers={"content-encoding": "gzip"})
        assert (await fetched(client, server.serve("/feed", packed))).content == FEED

    async def test_a_gzip_bomb_is_refused(self, server: FeedServer, client: Client) -> None:
        bomb = gzip.compress(b"\0" * 50_000_000)
        assert len(bomb) < QUICK.size
        error = await failure(client, server.serve("/feed", Reply(bomb, headers={"content-encoding": "gzip"})))
        assert isinstance(error, TooLargeError)
        assert "larger than 100 kB" in str(error)

    async def test_a_length_beyond_the_limit_is_refused_before_a_byte_is_read(
        self, server: FeedServer, client: Client
    ) -> None:
        error = await failure(client, server.serve("/feed", Reply(b"", length=10**12)))
        assert isinstance(error, TooLargeError)
        assert "1,000,000,000 kB" in str(error)

    async def test_more_than_the_limit_is_refused_when_no_length_is_given(
        self, server: FeedServer, client: Client
    ) -> None:
        endless = Reply(b"x" * 200_000, headers={"content-length": "", "transfer-encoding": "identity"})
        chunks = b"".join(b"1000\r\n" + b"x" * 0x1000 + b"\r\n" for _ in range(40))
        chunked = Reply(chunks, headers={"transfer-encoding": "chunked"})
        assert isinstance(await failure(client, server.serve("/chunked", chunked)), TooLargeError)
        assert isinstance(await failure(client, server.serve("/endless", endless)), FetchError)

    @pytest.mark.parametrize(
        ("body", "encoding", "why"),
        [
            (FEED, "gzip", "cannot be unpacked"),
            (gzip.compress(FEED)[:-12], "gzip", "breaks off"),
            (zlib.compress(FEED), "deflate", "only gzip was asked for"),
            (FEED, "br", "only gzip was asked for"),
            (gzip.compress(gzip.compress(FEED)), "gzip, gzip", "only gzip was asked for"),
        ],
    )
    async def test_an_answer_that_is_not_packed_as_it_says_is_an_error(
        self, server: FeedServer, client: Client, body: bytes, encoding: str, why: str
    ) -> None:
        error = await failure(client, server.serve("/feed", Reply(body, headers={"content-encoding": encoding})))
        assert isinstance(error, AnswerError)
        assert why in str(error)

    async def test_an_answer_shorter_than_it_says_is_an_error_not_half_a_feed(
        self, server: FeedServer, client: Client
    ) -> None:
        error = await failure(client, server.serve("/feed", Reply(FEED, length=len(FEED) + 100)))
        assert isinstance(error, AnswerError)
        assert "breaks off" in str(error)


class TestRedirects:
    @pytest.mark.parametrize(
        ("statuses", "moves"),
        [((301,), True), ((308, 301), True), ((302,), False), ((301, 307), False), ((303, 301), False)],
    )
    async def test_only_a_chain_that_is_permanent_throughout_moves_the_feed(
        self, server: FeedServer, client: Client, statuses: tuple[int, ...], moves: bool
    ) -> None:
        for number, status in enumerate(statuses, 1):
            server.serve(f"/{number - 1}", Reply(status=status, headers={"location": f"/{number}"}))
        target = server.serve(f"/{len(statuses)}", FEED)
        found = await fetched(client, server.url + "/0")
        assert found.url == target
        assert found.moved_to == (target if moves else "")

    async def test_a_feed_that_moved_and_has_not_changed_tells_both(self, server: FeedServer, client: Client) -> None:
        target = server.serve("/new", conditional(FEED, '"v1"'))
        old = server.serve("/old", Reply(status=301, headers={"location": target}))
        found = await fetch_feed(client, FetchRequest(old, NOW, etag='"v1"'))
        assert found == NotModified(target, moved_to=target)

    async def test_a_circle_and_an_endless_chain_end(self, server: FeedServer, client: Client) -> None:
        server.serve("/a", Reply(status=302, headers={"location": "/b"}))
        server.serve("/b", Reply(status=302, headers={"location": "/a"}))
        circle = await failure(client, server.url + "/a")
        for number in range(9):
            server.serve(f"/{number}", Reply(status=302, headers={"location": f"/{number + 1}"}))
        endless = await failure(client, server.url + "/0")
        assert isinstance(circle, RedirectError)
        assert "in a circle" in str(circle)
        assert isinstance(endless, RedirectError)
        assert len(server.requests("/6")) == 0
        assert "more than 5 redirects" in str(endless)

    @pytest.mark.parametrize(
        "location",
        [
            "http://[",
            "http://exa mple/",
            "//",
            "http://\udc80/",
            "x" * 5000,
            "http://127.0.0.1\x1b]0;x\x07/",
            "http://a:b/",
        ],
    )
    async def test_a_redirect_to_nonsense_is_an_error(self, server: FeedServer, client: Client, location: str) -> None:
        headers = {"location": location.encode("utf-8", "replace").decode("latin-1")}
        assert str(await failure(client, server.serve("/feed", Reply(status=302, headers=headers))))

    async def test_a_redirect_without_a_target_is_an_error(self, server: FeedServer, client: Client) -> None:
        error = await failure(client, server.serve("/feed", Reply(status=302)))
        assert isinstance(error, StatusError)

    async def test_where_a_feed_moved_to_can_be_shown_in_a_terminal(self, server: FeedServer, client: Client) -> None:
        url = server.serve("/feed", Reply(status=301, headers={"location": "/new\x9b31m"}))
        server.serve("/new%C2%9B31m", FEED)
        assert (await fetched(client, url)).moved_to == f"{server.url}/new%C2%9B31m"


class TestFailures:
    @pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 406, 410, 418, 500, 503, 599])
    async def test_a_status_that_carries_no_feed_is_told_with_its_number(
        self, server: FeedServer, client: Client, status: int
    ) -> None:
        error = await failure(client, server.serve("/feed", Reply(b"", status=status)))
        assert isinstance(error, StatusError)
        assert f"the server answers {status} " in str(error)

    async def test_nobody_listening_is_told_as_that(self, client: Client) -> None:
        error = await failure(client, "http://127.0.0.1:1/feed")
        assert isinstance(error, UnreachableError)
        assert str(error) == "no connection: Connection refused"

    async def test_a_network_that_swallows_everything_is_told_as_no_connection(self, client: Client) -> None:
        """A listener whose queue is full answers no more, as a black hole does."""
        with ExitStack() as stack:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            for _ in range(4):
                waiting = stack.enter_context(socket.socket())
                waiting.setblocking(False)
                waiting.connect_ex(listener.getsockname())
            error = await failure(client, f"http://127.0.0.1:{listener.getsockname()[1]}/feed", NO_HASTE)
        assert isinstance(error, UnreachableError)
        assert str(error) == "no connection within 0.3 s"

    async def test_a_connection_that_is_reset_is_told_as_that(self, server: FeedServer, client: Client) -> None:
        error = await failure(client, server.serve("/feed", Reply(FEED, length=10_000, cut=True)))
        assert isinstance(error, AnswerError)
        assert "breaks off" in str(error)

    async def test_a_server_that_speaks_no_tls_or_no_http_is_told_as_that(self, client: Client) -> None:
        async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mail.example ESMTP\r\n\r\n")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(babble, "127.0.0.1", 0) as running:
            port = running.sockets[0].getsockname()[1]
            tls = await failure(client, f"https://127.0.0.1:{port}/feed")
            http = await failure(client, f"http://127.0.0.1:{port}/feed")
        assert isinstance(tls, UnreachableError)
        assert "TLS" in str(tls)
        assert isinstance(http, AnswerError)
        assert "no HTTP" in str(http)

    @pytest.mark.parametrize("url", ["", "http://", "http://a b/", "http://xn--/", "http://" + "a" * 300 + ".example/"])
    async def test_a_url_that_cannot_be_asked_is_told_and_raises_nothing_else(self, client: Client, url: str) -> None:
        assert str(await failure(client, url))

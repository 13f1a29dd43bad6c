"""The guard: which addresses feeds may live at, judged after the name was resolved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.errors import RefusedError, UnreachableError
from bot.feeds.fetch import Body, FetchRequest, Limits, fetch_feed, make_client
from bot.feeds.guard import Resolve, check_url, embedded, is_public, permitted
from tests.feedserver import Reply, feed_server

NOW = datetime(2021, 11, 16, 12, tzinfo=UTC)
LOOPBACK = [ip_network("127.0.0.0/8")]
QUICK = Limits(seconds=10, silence=0.2)

PRIVATE = [
    "0.0.0.1", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.0.1", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1",
    "2001::1", "64:ff9b:1::1", "3fff::1", "4000::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a00:1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "100.63.0.1", "100.128.0.1", "172.32.0.1", "2a02:6b8::1", "2606:4700::1111", "::ffff:8.8.8.8",
          "64:ff9b::808:808", "2002:808:808::1"]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_of_no_public_host_is_refused_whatever_it_is_wrapped_in(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is_permitted(text: str) -> None:
    assert permitted(ip_address(text), ())


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_the_same_when_it_is_mapped_into_ipv6(address: object) -> None:
    mapped = ip_address(f"::ffff:{address}")
    assert is_public(mapped) == is_public(ip_address(str(address)))
    assert embedded(mapped) == address


def test_named_networks_are_lifted_and_no_others() -> None:
    allowed = [ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16")]
    assert permitted(ip_address("127.0.0.1"), allowed)
    assert permitted(ip_address("::ffff:10.1.2.3"), allowed)
    assert not permitted(ip_address("10.2.0.1"), allowed)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.org/feed", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("example.org/feed", "without a scheme"),
        ("http://user:secret@example.org/", "user name or password"),
        ("http://127.0.0.1@example.org/", "user name or password"),
        ("http:///feed", "names no host"),
        ("http://[::1/feed", "not a URL"),
        ("http://example.org:99999/", "not a URL"),
    ],
)
def test_a_url_that_is_not_plain_http_is_refused_before_anybody_is_asked(url: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        check_url(url)


def resolver(*answers: Sequence[str]) -> Resolve:
    """Gives the answers in turn, the last one for ever, as a name server that changes its mind."""
    queue = list(answers)

    def resolve(host: str, port: int) -> Sequence[str]:
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return resolve


async def test_a_name_that_resolves_into_the_private_network_is_refused_and_nothing_is_asked_there() -> None:
    async with feed_server() as server, make_client(user_agent="t") as client:
        url = server.serve("/feed", b"secret").replace("127.0.0.1", "localhost")
        with pytest.raises(RefusedError, match=r"localhost resolves to .*no public address.*BORDERWATCH_ALLOW_PRIVATE"):
            await fetch_feed(client, FetchRequest(url, NOW))
        assert server.asked == []


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f.1", "0", "[::ffff:127.0.0.1]", "[::1]", "localhost."])
async def test_odd_spellings_of_the_loopback_are_refused(host: str) -> None:
    async with feed_server() as server, make_client(user_agent="t") as client:
        port = server.host.partition(":")[2]
        with pytest.raises((RefusedError, UnreachableError)):
            await fetch_feed(client, FetchRequest(f"http://{host}:{port}/", NOW))
        assert server.asked == []


async def test_a_redirect_into_the_private_network_is_refused_at_that_hop() -> None:
    """The first hop lives in a permitted network, the second does not."""
    async with feed_server() as server, make_client(user_agent="t", allow_private=LOOPBACK) as client:
        url = server.serve("/feed", Reply(status=302, headers={"location": "http://169.254.169.254/latest/meta-data"}))
        with pytest.raises(RefusedError, match=r"169\.254\.169\.254"):
            await fetch_feed(client, FetchRequest(url, NOW))


async def test_a_redirect_to_another_scheme_is_refused() -> None:
    async with feed_server() as server, make_client(user_agent="t", allow_private=LOOPBACK) as client:
        url = server.serve("/feed", Reply(status=301, headers={"location": "file:///etc/passwd"}))
        with pytest.raises(RefusedError, match="file"):
            await fetch_feed(client, FetchRequest(url, NOW))


async def test_a_name_that_is_rebound_between_hops_is_judged_again() -> None:
    async with feed_server() as server:
        resolve = resolver(["127.0.0.1"], ["10.0.0.1"])
        async with make_client(user_agent="t", allow_private=LOOPBACK, resolve=resolve) as client:
            server.serve("/feed", Reply(status=302, headers={"location": "/again"}))
            server.serve("/again", b"secret")
            port = server.host.partition(":")[2]
            with pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
                await fetch_feed(client, FetchRequest(f"http://rebind.example:{port}/feed", NOW))
            assert [asked.path for asked in server.asked] == ["/feed"]


async def test_the_connection_goes_to_the_judged_address_and_keeps_the_name_for_the_server() -> None:
    async with feed_server() as server:
        resolve = resolver(["10.0.0.1", "127.0.0.1"])
        async with make_client(user_agent="t", allow_private=LOOPBACK, resolve=resolve) as client:
            server.serve("/feed", b"news")
            port = server.host.partition(":")[2]
            found = await fetch_feed(client, FetchRequest(f"http://feeds.example:{port}/feed", NOW))
            assert isinstance(found, Body)
            assert server.asked[0].headers["host"] == f"feeds.example:{port}"


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async with feed_server() as server:
        resolve = resolver(["127.0.0.2", "127.0.0.1"])
        async with make_client(user_agent="t", allow_private=LOOPBACK, resolve=resolve) as client:
            server.serve("/feed", b"news")
            port = server.host.partition(":")[2]
            found = await fetch_feed(client, FetchRequest(f"http://feeds.example:{port}/feed", NOW))
            assert isinstance(found, Body)


async def test_a_name_server_that_hangs_is_given_up_on_and_holds_up_nothing_else() -> None:
    """Not the calls that share asyncio's own pool, not other names, and not the end of the loop."""
    asked, answered = Event(), Event()

    def hangs_for_one(host: str, port: int) -> Sequence[str]:
        if host == "slow.example":
            asked.set()
            answered.wait()
        return ["127.0.0.1"]

    async with (
        feed_server() as server,
        make_client(user_agent="t", allow_private=LOOPBACK, resolve=hangs_for_one) as client,
    ):
        url = server.serve("/feed", b"news")
        slow = [
            asyncio.ensure_future(fetch_feed(client, FetchRequest("http://slow.example/", NOW), QUICK))
            for _ in range(16)
        ]
        assert await asyncio.to_thread(asked.wait, 10)
        assert isinstance(await fetch_feed(client, FetchRequest(url.replace("127.0.0.1", "quick.example"), NOW)), Body)
        for failed in await asyncio.gather(*slow, return_exceptions=True):
            assert isinstance(failed, UnreachableError)
            assert str(failed) == "no name server tells within 0.2 s where slow.example is"
        await asyncio.get_running_loop().shutdown_default_executor()
    answered.set()


async def test_a_name_that_does_not_resolve_is_told_as_that() -> None:
    async with make_client(user_agent="t") as client:
        with pytest.raises(UnreachableError, match=r"nowhere\.invalid does not resolve"):
            await fetch_feed(client, FetchRequest("http://nowhere.invalid/feed", NOW))

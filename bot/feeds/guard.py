"""The one guard between feeds and the private network.

A feed's URL is anybody's text. So the address is judged after its name was resolved, for every connection (every
redirect makes one), and the connection goes to the very address that was judged: a name that resolves differently
a moment later gains nothing.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import httpcore

from bot.feeds.errors import RefusedError, UnreachableError
from bot.feeds.threads import Threads

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host (and port), best first; raises `OSError` when there are none. It may block."""

SPECIAL = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
"""IPv4 networks that are no public hosts (IANA special-purpose registry, RFC 6890)."""

GLOBAL_V6 = ip_network("2000::/3")
SPECIAL_V6 = tuple(ip_network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
"""Within 2000::/3: protocol assignments (Teredo and ORCHID among them) and documentation."""

NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")
CANDIDATES = 4
"""How many of a host's addresses are tried."""
LOOKUPS = 32
"""Names looked up at once. A lookup cannot be broken off, so there is room for several rounds of polls that gave up."""


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries (mapped, compatible, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether the address is a public host's, whatever it is wrapped in."""
    inner = embedded(address)
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in SPECIAL)
    return inner in GLOBAL_V6 and not any(inner in network for network in SPECIAL_V6)


def permitted(address: Address, allow_private: Iterable[Network]) -> bool:
    """Whether feeds may live at the address: it is public, or lies in one of the named networks."""
    return is_public(address) or any(embedded(address) in network or address in network for network in allow_private)


def check_url(url: str) -> None:
    """Raise `RefusedError` unless the URL is plain http or https: a host, perhaps a port, no user name or password."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedError(f"not a URL: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedError(f"only http and https are fetched, not {parts.scheme or 'an address without a scheme'!r}")
    if not host:
        raise RefusedError("the URL names no host")
    if parts.username is not None or parts.password is not None:
        raise RefusedError("a URL with a user name or password is not fetched")


def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses that the machine's own resolver gives; it may take half a minute to find that nobody answers."""
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to those of the named networks, and to nothing else."""

    def __init__(self, allow_private: Sequence[Network] = (), resolve: Resolve = system_resolve) -> None:
        self._allow_private = tuple(allow_private)
        self._resolve = resolve
        self._threads = Threads(LOOKUPS)
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the signature is httpcore's)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's permitted addresses that answers."""
        addresses = await self._permitted(host, port, timeout)
        share = timeout / len(addresses) if timeout else None
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or UnreachableError(f"{host} has no address")

    async def _permitted(self, host: str, port: int, seconds: float | None) -> list[str]:
        try:
            async with asyncio.timeout(seconds):
                found = list(dict.fromkeys(await self._threads.run(self._resolve, host, port)))
        except TimeoutError:
            raise UnreachableError(f"no name server tells within {seconds:g} s where {host} is") from None
        except (OSError, UnicodeError) as error:
            raise UnreachableError(f"the name {host} does not resolve: {reason(error)}") from None
        good = [text for text in found if permitted(ip_address(text), self._allow_private)]
        if found and not good:
            raise RefusedError(
                f"{host} resolves to {found[0]}, which is no public address; "
                "a network that feeds may live in is named in BORDERWATCH_ALLOW_PRIVATE"
            )
        return good[:CANDIDATES]


def reason(error: BaseException) -> str:
    """What an error of the operating system or a library says, in its own words."""
    if isinstance(error, OSError) and not isinstance(error, socket.gaierror) and error.errno in errno.errorcode:
        return os.strerror(error.errno or 0)
    return str(getattr(error, "strerror", None) or error or type(error).__name__)

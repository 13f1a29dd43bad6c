"""Unpacks an answer as it arrives and never holds more than a feed may have."""

from __future__ import annotations

import zlib

from bot.feeds.errors import AnswerError, TooLargeError

GZIP = zlib.MAX_WBITS | 16


class Unpacker:
    """Collects an answer's chunks, unpacked; refuses more than `limit` bytes, as sent and unpacked alike.

    `encoding` is the Content-Encoding. Only gzip was asked for, so any other is an error, and so is gzip in gzip.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip"):
            raise AnswerError(f"the answer is packed as {name[:40]!r}, but only gzip was asked for")
        self._unpack = zlib.decompressobj(GZIP) if name.endswith("gzip") else None
        self._limit = limit
        self._raw = 0
        self._size = 0
        self._parts: list[bytes] = []

    def add(self, chunk: bytes) -> None:
        """Take the next chunk as it came over the wire."""
        self._raw += len(chunk)
        if self._raw > self._limit:
            raise self._too_large()
        part = _unpacked(self._unpack, chunk, self._limit + 1 - self._size) if self._unpack else chunk
        self._size += len(part)
        if self._size > self._limit:
            raise self._too_large()
        self._parts.append(part)

    def content(self) -> bytes:
        """The whole, unpacked; raises `AnswerError` when the packed stream ends too early."""
        if self._unpack and self._raw and not self._unpack.eof:
            raise AnswerError("the packed answer breaks off before its end")
        return b"".join(self._parts)

    def _too_large(self) -> TooLargeError:
        return TooLargeError(f"the feed is larger than {self._limit // 1000:,} kB")


def _unpacked(unpack: zlib._Decompress, chunk: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(chunk, room)
    except zlib.error as error:
        raise AnswerError(f"the answer says it is gzip, but cannot be unpacked: {error}") from None

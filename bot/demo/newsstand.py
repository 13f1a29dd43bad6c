"""A local HTTP server that sells yesterday's papers: feed files as of the time that the demo has reached."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.clock import Clock
from bot.demo.editions import Edition


class _Stand(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, editions: Mapping[str, Edition], clock: Clock) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.editions, self.clock = editions, clock


class _Handler(BaseHTTPRequestHandler):
    server: _Stand

    def do_GET(self) -> None:
        """Answer with the file, or with 304 when the asker has it already."""
        edition = self.server.editions.get(self.path.lstrip("/"))
        if edition is None:
            self.send_error(404)
            return
        body = edition.as_of(self.server.clock.now())
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, b"", etag)
        else:
            self._answer(200, body, etag)

    def _answer(self, status: int, body: bytes, etag: str) -> None:
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the terminal belongs to the alerts."""


@contextmanager
def newsstand(editions: Mapping[str, Edition], clock: Clock) -> Iterator[str]:
    """Serve `editions` by file name on a free local port while the block runs; gives the base address."""
    with _Stand(editions, clock) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()

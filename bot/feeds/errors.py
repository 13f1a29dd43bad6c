"""What can go wrong with a feed. Every message is a sentence for a person.

FeedError
├── FetchError
│   ├── RefusedError       the address is not one that feeds may live at
│   ├── UnreachableError   no name, no connection, no trust
│   ├── SlowError          longer than a feed may take
│   ├── TooLargeError      more bytes than a feed may have
│   ├── RedirectError      in a circle, or on for too long
│   ├── StatusError        an HTTP status that is no answer
│   └── AnswerError        an answer that breaks HTTP's own rules
└── ParseError             the document is no feed, or not one that is safe to read
"""

from __future__ import annotations

from datetime import timedelta

from rules.errors import BorderwatchError


class FeedError(BorderwatchError):
    """A feed could not be read; `str()` says why."""


class FetchError(FeedError):
    """A feed could not be fetched."""


class RefusedError(FetchError):
    """The URL, or an address that its host resolves to, is not one that feeds may live at."""


class UnreachableError(FetchError):
    """The host's name does not resolve, nobody answers there, or its certificate is not trusted."""


class SlowError(FetchError):
    """The feed took longer than it may, in all or in one step."""


class TooLargeError(FetchError):
    """The answer holds more bytes than a feed may have, as sent or unpacked."""


class RedirectError(FetchError):
    """The redirects go in a circle, or on for too long."""


class StatusError(FetchError):
    """The server answered with a status that carries no feed; `retry_after` is how long it asks us to wait."""

    def __init__(self, message: str, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class AnswerError(FetchError):
    """The answer breaks off or breaks the rules of HTTP."""


class ParseError(FeedError):
    """The document is no feed, or not one that is safe to read."""

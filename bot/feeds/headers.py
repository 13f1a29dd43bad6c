"""What a server's headers say about time: when to come back, and for how long an answer holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
FOREVER = timedelta(days=30)
"""No header is believed beyond this."""


def http_date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7) in UTC, or None when it is none."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server asks us to stay away: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(timedelta(seconds=int(text)), FOREVER)
    until = http_date(text)
    return min(max(until - now, timedelta(0)), FOREVER) if until else None


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """For how long the answer stays fresh: max-age less Age, else Expires less Date (RFC 9111, 4.2); None if unsaid."""
    found = MAX_AGE.search(headers.get("cache-control", ""))
    if found:
        age = headers.get("age", "").strip()
        spent = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
        return min(timedelta(seconds=max(int(found[1]) - spent, 0)), FOREVER)
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return None
    made = http_date(headers.get("date", "")) or now
    return min(max(expires - made, timedelta(0)), FOREVER)

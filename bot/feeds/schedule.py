"""When a feed is due again. Pure: chance comes in as a number in [0, 1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import feeds

INTERVAL = timedelta(seconds=feeds.INTERVAL)
HINT_TIMES = 3
"""A server's word on freshness stretches the interval by so much at most: news must not wait for a lazy setting."""

BACKOFF_LIMIT = timedelta(hours=4)
"""A feed that keeps failing is still asked so often; it is slowed, never dropped."""

RETRY_LIMIT = timedelta(days=1)
JITTER = 0.1
"""A wait is stretched by up to so much, so that feeds that were once asked together drift apart."""

FULL_ONE_IN = 200
"""One poll in so many leaves the validators out, at the usual interval once in some 17 hours."""


def next_due(
    now: datetime,
    *,
    jitter: float,
    interval: timedelta = INTERVAL,
    failures: int = 0,
    retry_after: timedelta | None = None,
    hint: timedelta | None = None,
) -> datetime:
    """When to ask again, after a poll at `now`.

    `failures` counts those in a row, this poll included: the first is retried at the usual pace, each further one
    doubles the wait. `retry_after` is what the server asked for, `hint` for how long it says the answer holds.
    """
    wait = interval
    if failures > 1:
        wait = min(interval * 2 ** min(failures - 1, 20), max(BACKOFF_LIMIT, interval))
    if hint:
        wait = max(wait, min(hint, interval * HINT_TIMES))
    if retry_after:
        wait = max(wait, min(retry_after, RETRY_LIMIT))
    return now + wait * (1 + JITTER * jitter)


def wants_full(chance: float) -> bool:
    """Whether this poll asks unconditionally, for the servers whose ETag never changes while the content does."""
    return chance < 1 / FULL_ONE_IN

"""When a feed is due again: the usual pace, slower for what fails, as asked by the server, never at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.schedule import BACKOFF_LIMIT, INTERVAL, RETRY_LIMIT, next_due, wants_full

NOW = datetime(2021, 11, 16, 12, tzinfo=UTC)
chances = st.floats(0, 1, exclude_max=True)


def wait(failures: int = 0, retry_after: timedelta | None = None, hint: timedelta | None = None) -> timedelta:
    return next_due(NOW, jitter=0, failures=failures, retry_after=retry_after, hint=hint) - NOW


def test_a_feed_that_answers_is_asked_every_five_minutes() -> None:
    assert wait() == timedelta(minutes=5)


def test_a_first_failure_is_retried_at_the_usual_pace_and_each_further_one_doubles_the_wait() -> None:
    waits = [wait(failures=number) for number in (1, 2, 3, 4)]
    assert waits == [INTERVAL, INTERVAL * 2, INTERVAL * 4, INTERVAL * 8]


def test_a_dead_feed_is_slowed_but_never_dropped() -> None:
    assert wait(failures=1_000_000) == BACKOFF_LIMIT


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(timedelta(minutes=1), INTERVAL), (timedelta(hours=2), timedelta(hours=2)), (timedelta(days=900), RETRY_LIMIT)],
)
def test_retry_after_is_heeded_within_bounds(asked: timedelta, waits: timedelta) -> None:
    assert wait(retry_after=asked) == waits


def test_a_servers_word_on_freshness_stretches_the_interval_by_little() -> None:
    assert wait(hint=timedelta(minutes=10)) == timedelta(minutes=10)
    assert wait(hint=timedelta(days=1)) == INTERVAL * 3
    assert wait(hint=timedelta(seconds=1)) == INTERVAL


@given(chances, st.integers(0, 50), st.timedeltas(timedelta(0), timedelta(days=99)))
def test_jitter_only_delays_and_by_a_tenth_at_most(jitter: float, failures: int, asked: timedelta) -> None:
    plain = next_due(NOW, jitter=0, failures=failures, retry_after=asked)
    stretched = next_due(NOW, jitter=jitter, failures=failures, retry_after=asked)
    assert plain <= stretched <= plain + (plain - NOW) * 0.1
    assert plain >= NOW + INTERVAL


def test_now_and_then_a_poll_asks_unconditionally() -> None:
    asked = [wants_full(number / 1000) for number in range(1000)]
    assert sum(asked) == 5

"""What headers say about time, in every form, and nothing believed without bound."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.headers import FOREVER, freshness, http_date, retry_after

NOW = datetime(2021, 11, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("Tue, 16 Nov 2021 12:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 16 Nov 2021 11:00:00 GMT", timedelta(0)),
        ("999999999", FOREVER),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, wait: timedelta | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == wait


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"cache-control": "max-age=300"}, timedelta(minutes=5)),
        ({"cache-control": "public,MAX-AGE = 300", "age": "400"}, timedelta(0)),
        ({"cache-control": "s-maxage=300"}, None),
        ({"cache-control": "no-cache"}, None),
        ({"expires": "Tue, 16 Nov 2021 12:05:00 GMT"}, timedelta(minutes=5)),
        ({"expires": "0"}, None),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, timedelta(0)),
        ({}, None),
    ],
)
def test_freshness_is_max_age_less_age_or_expires_less_date(headers: dict[str, str], fresh: timedelta | None) -> None:
    assert freshness(headers, NOW) == fresh


@given(st.text(max_size=60))
def test_no_header_raises_or_asks_for_more_than_a_month(text: str) -> None:
    headers = {"retry-after": text, "cache-control": f"max-age={text}", "expires": text, "age": text, "date": text}
    assert (retry_after(headers, NOW) or timedelta(0)) <= FOREVER
    assert (freshness(headers, NOW) or timedelta(0)) <= FOREVER
    assert http_date(text) is None or text

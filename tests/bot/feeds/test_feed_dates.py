"""Dates as feeds write them: five languages, the region's zones, and nothing that raises."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.dates import parse_date, zone_of

BAKU = zone_of("az")
EVENING = datetime(2021, 11, 16, 14, 40, tzinfo=UTC)
"""18:40 in Baku and Yerevan, 17:40 in Moscow."""


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 16 Nov 2021 18:40:00 +0400",
        "Mon, 16 Nov 2021 18:40:00 +0400",  # the weekday is wrong
        "Tue, 16 Nov 2021 14:40:00 GMT",
        "Tue, 16 Nov 2021 18:40:00 AZT",
        "Tue, 16 Nov 2021 18:40:00 AMT",
        "Tue, 16 Nov 2021 18:40:00 GET",
        "Tue, 16 Nov 2021 17:40:00 MSK",
        "Tue, 16 Nov 2021 09:40:00 EST",
        "16 Nov 21 18:40 GMT+4",
        "16 Nov 2021 18:40 GMT +0400",
        "2021-11-16T18:40:00+04:00",
        "2021-11-16T18:40:00.123+0400",
        "2021-11-16T14:40:00Z",
        "2021-11-16 18:40:00",
        "2021-11-16T18:40",
        "20211116T144000Z",
        "2021/11/16 18:40",
        "16.11.2021 18:40",
        "16/11/2021 18:40",
        "11/16/2021 6:40 PM",
        "18:40 16.11.2021",
        "November 16, 2021 06:40 PM",
        "Tuesday, November 16th, 2021 at 6:40 p.m.",
        "Tue Nov 16 18:40:00 2021",
        "Tue Nov 16 14:40:00 UTC 2021",
        "16 noyabr 2021, 18:40",
        "16 NOYABR 2021, 18:40",
        "Noyabrın 16-da 2021, 18:40",
        "16 Kasım 2021 Salı 18:40",
        "16 ноября 2021 г., 18:40",
        "Вт, 16 ноя 2021 17:40:00 (МСК)",
        "նոյեմբերի 16, 2021 18:40",
        "16 Նոյեմբերի 2021 18:40",
        "2021 թ. նոյեմբերի 16, 18:40",
        "1637073600",
        "1637073600000",
    ],
)
def test_one_evening_is_read_in_whatever_form(text: str) -> None:
    assert parse_date(text, BAKU) == EVENING


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("2016/6/29", 6, 29),
        ("հունվարի 5, 2016", 1, 5),
        ("5 января 2016", 1, 5),
        ("7 мая 2016", 5, 7),
        ("7 марта 2016", 3, 7),
        ("7 iyun 2016", 6, 7),
        ("7 İYUL 2016", 7, 7),
        ("7 avqust 2016", 8, 7),
        ("7 Şubat 2016", 2, 7),
        ("7 Ağustos 2016", 8, 7),
        ("7 Eylül 2016", 9, 7),
        ("7 Aralık 2016", 12, 7),
        ("7 Mayıs 2016", 5, 7),
        ("7 հուլիսի 2016", 7, 7),
        ("7 հունիսի 2016", 6, 7),
        ("7 oktyabr 2016", 10, 7),
    ],
)
def test_a_bare_day_is_its_start_in_utc_when_no_zone_is_known(text: str, month: int, day: int) -> None:
    assert parse_date(text, UTC) == datetime(2016, month, day, tzinfo=UTC)


def test_a_date_without_a_zone_is_read_in_the_feeds_own() -> None:
    moscow = zone_of("ru")
    assert parse_date("2021-11-16 17:40", moscow) == EVENING
    assert parse_date("2021-11-16 14:40", zone_of("int")) == EVENING
    assert zone_of("am") == zone_of("ka") == timezone(timedelta(hours=4))
    assert zone_of("tr") == timezone(timedelta(hours=3))


def test_noon_and_midnight_of_the_twelve_hour_clock_are_told_apart() -> None:
    assert parse_date("16 Nov 2021 12:05 AM", UTC) == datetime(2021, 11, 16, 0, 5, tzinfo=UTC)
    assert parse_date("16 Nov 2021 12:05 PM", UTC) == datetime(2021, 11, 16, 12, 5, tzinfo=UTC)


def test_midnight_at_the_end_of_a_day_is_the_next_days() -> None:
    assert parse_date("2021-12-31T24:00:00Z", UTC) == datetime(2022, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "0",
        "99.99.2021",
        "2021-02-30",
        "16 Nov 18:40",
        "1 Jan 1970",
        "16 Brumaire 2021",
        "3021-01-01",
        "²⁰²¹",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text, UTC) is None


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert parse_date(text, BAKU) is None or text


@given(st.text(alphabet="0123456789:-/., TZ+GMTapmнояноյNov", max_size=60))
def test_no_text_of_date_like_characters_raises(text: str) -> None:
    found = parse_date(text, BAKU)
    assert found is None or found.tzinfo is UTC


@given(st.integers(700_000_000, 3_700_000_000), st.integers(-12, 14))
def test_what_is_written_by_the_rules_is_read_back(seconds: int, hours: int) -> None:
    aware = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    assert parse_date(aware.isoformat(), BAKU) == aware
    assert parse_date(aware.strftime("%a, %d %b %Y %H:%M:%S %z"), BAKU) == aware

"""Dates as feeds write them, in five languages, with the zones of the region.

feedparser reads AZT and MSK as UTC, `2016/6/29` as the first of November, and Russian, Armenian and Azerbaijani
months not at all; so the text itself is read here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo

MONTHS = (
    "jan yan янв հունվ oca",
    "feb fev фев փետ sub",
    "mar мар մար",
    "apr апр ապր nis",
    "may май мая մայ",
    "jun iyun июн հունիս haz",
    "jul iyul июл հուլ tem",
    "aug avq avg авг օգոս agu",
    "sep sen сен սեպ eyl",
    "oct okt окт հոկ eki",
    "nov noy ноя նոյ kas",
    "dec dek дек դեկ ara",
)
"""How the twelve months begin in English, Azerbaijani, Russian, Armenian and Turkish (folded as `_fold` does)."""

STEMS = sorted(
    ((stem, number) for number, stems in enumerate(MONTHS, 1) for stem in stems.split()), key=lambda pair: -len(pair[0])
)

ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "azt": 4, "azst": 5, "amt": 4, "amst": 5, "get": 4, "samt": 4, "gst": 4,
    "msk": 3, "мск": 3, "msd": 4, "мсд": 4, "trt": 3, "fet": 3, "eet": 2, "eest": 3, "cet": 1, "cest": 2, "bst": 1,
    "west": 1, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours ahead of UTC. AMT is Armenia's here, not the Amazon's; AZT and GET are Azerbaijan's and Georgia's."""

ISO = re.compile(r"(?<!\d)(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)")
COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?=t|\b)")
NUMERIC = re.compile(r"(?<!\d)(?P<day>\d{1,2})([-/.])(?P<month>\d{1,2})\2(?P<year>\d{4}|\d{2})(?!\d)")
DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s.-]+(?P<name>[^\W\d_]{3,})[\s.,-]+(?P<year>\d{4}|\d{2})(?![\d:])"
)
NAME_FIRST = re.compile(
    r"(?P<name>[^\W\d_]{3,})[\s.]+(?P<day>\d{1,2})(?:st|nd|rd|th|-?[^\W\d_]+)?[\s,]+(?P<year>\d{4})(?!\d)"
)
YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>\d{4})[^\d:]{0,12}?\s(?P<name>[^\W\d_]{3,})[\s.]+(?P<day>\d{1,2})(?!\d)")
CTIME = re.compile(
    r"(?P<name>[a-z]{3})\s+(?P<day>\d{1,2})\s+(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?P<zone>\s[a-z]+)?\s+(?P<year>\d{4})(?!\d)"
)
FORMS = (ISO, NUMERIC, DAY_FIRST, NAME_FIRST, YEAR_FIRST, COMPACT)

TIME = re.compile(r"(?<!\d)(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?(?!\d)\s*([ap]\.?m\b\.?)?")
COMPACT_TIME = re.compile(r"t(\d\d)(\d\d)(\d\d)?(?!\d)()")
OFFSET = re.compile(r"(?:(?:utc|gmt)\s*)?([+-])(\d{1,2})(?::?(\d\d))?(?!\d)")
ABBREVIATION = re.compile(r"[^\W\d_]+")
EPOCH = re.compile(r"(\d{9,10})(?:\d{3})?(?:\.\d+)?")

FIRST_YEAR, LAST_YEAR = 1990, 2100
SIDES = {"am": 4, "az": 4, "ka": 4, "ge": 4, "ru": 3, "tr": 3}
TEXT_LIMIT = 100


def zone_of(side: str) -> tzinfo:
    """The zone in which a side's outlets write times without one: Yerevan, Baku, Tbilisi +4, Moscow, Ankara +3."""
    return timezone(timedelta(hours=SIDES[side])) if side in SIDES else UTC


def parse_date(text: str, zone: tzinfo) -> datetime | None:
    """The moment that `text` gives, in UTC, or None. `zone` holds where it names none; a bare day is its start."""
    folded = _fold(text[:TEXT_LIMIT])
    if epoch := EPOCH.fullmatch(folded):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    try:
        return _read(folded, zone)
    except (ValueError, OverflowError):
        return None


def _fold(text: str) -> str:
    """Lower case without accents, dots and cedillas, so that Şubat is subat and İyun iyun; й stays й."""
    lowered = unicodedata.normalize("NFKC", text).replace("İ", "i").lower().replace("ı", "i").strip()
    bare = (unicodedata.normalize("NFD", char)[0] if "à" <= char <= "ž" else char for char in lowered)
    return "".join(bare).replace("−", "-")


def _read(text: str, zone: tzinfo) -> datetime | None:
    if found := CTIME.search(text):
        return _moment(found, f" {found['time']} {found['zone'] or ''}", zone)
    for form in FORMS:
        for found in form.finditer(text):
            if "name" not in form.groupindex or _month(found["name"]):
                return _moment(found, text[found.end() :] or text[: found.start()], zone)
    return None


def _moment(date: re.Match[str], rest: str, zone: tzinfo) -> datetime | None:
    year, month, day = _day(date.groupdict())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    clock = TIME.search(rest) or COMPACT_TIME.match(rest)
    if not clock:
        return datetime(year, month, day, tzinfo=zone).astimezone(UTC)
    hour = _hour(int(clock[1]), clock[4] or "")
    moment = datetime(year, month, day, tzinfo=_zone(rest[clock.end() :]) or zone)
    # Added, not set: 24:00 and a leap second are moments, too.
    return (moment + timedelta(hours=hour, minutes=int(clock[2]), seconds=int(clock[3] or 0))).astimezone(UTC)


def _day(parts: dict[str, str]) -> tuple[int, int, int]:
    """Year, month, day. The region writes the day first; a month above twelve says that somebody did not."""
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    day = int(parts["day"])
    month = _month(parts["name"]) if "name" in parts else int(parts["month"])
    if month > 12 >= day and "name" not in parts:
        day, month = month, day
    return year, month, day


def _month(name: str) -> int:
    return next((number for stem, number in STEMS if name.startswith(stem)), 0)


def _hour(hour: int, half: str) -> int:
    if hour > 24 or (half and not 1 <= hour <= 12):
        raise ValueError(hour)
    return hour % 12 + (12 if half.startswith("p") else 0) if half else hour


def _zone(text: str) -> tzinfo | None:
    """The zone named after the time: an offset, or an abbreviation that is known."""
    if found := OFFSET.search(text):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
    known = (ZONES[word] for word in ABBREVIATION.findall(text) if word in ZONES)
    hours = next(known, None)
    return None if hours is None else timezone(timedelta(hours=hours))

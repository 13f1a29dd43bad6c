"""What the demo promises of its material: invented outlets, real happenings, and the wild forms of feeds."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest

import bot

DEMO = Path(bot.__file__).parent / "demo"
FILES = sorted((DEMO / "feeds").glob("*.xml"))
CUT = re.compile(rb"<(item|entry)(?:\s[^>]*)?>.*?</\1>", re.DOTALL)
SIDES = {"am", "az", "ka", "ru", "tr", "ge", "eu", "us", "int"}
FIRST_DAY, LAST_DAY = date(2021, 11, 12), date(2021, 12, 20)
BACKLOG = {
    "absheron-post.xml",
    "ararat-news.xml",
    "bosphorus-haber.xml",
    "kura-wire.xml",
    "masis-online.xml",
    "potomac-brief.xml",
    "sevan-line.xml",
}
"""Each holds one entry from before the demo's start."""

WRONG_LANGUAGE, NO_LANGUAGE = "xezer-gundemi.xml", "rioni-times.xml"
MONTHS = {
    10: ("oct", "oktyabr", "հոկ", "ekim"),
    11: ("nov", "noyabr", "նոյ", "kasım"),
    12: ("dec", "dekabr", "դեկ", "aralık"),
}


def catalogue() -> list[dict[str, str]]:
    with (DEMO / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row_of(path: Path) -> dict[str, str]:
    (row,) = [row for row in catalogue() if row["feed_url"].endswith(f"/{path.name}")]
    return row


@dataclass(frozen=True)
class Entry:
    """An entry as feedparser gives it; `dated` is the date as written, `key` the guid or id, if there is one."""

    title: str
    link: str
    summary: str
    dated: str
    key: str

    @property
    def day(self) -> date:
        """The day by the outlet's own clock."""
        if self.dated.isdigit():
            return datetime.fromtimestamp(int(self.dated), UTC).date()
        if found := re.match(r"(\d{4})-(\d\d)-(\d\d)", self.dated):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.match(r"(\d\d)\.(\d\d)\.(\d{4})", self.dated):
            return date(int(found[3]), int(found[2]), int(found[1]))
        found = re.search(r"(\d{1,2}) (\w+) (\d{4})", self.dated)
        assert found is not None, f"no date in {self.dated!r}"
        (month,) = [number for number, starts in MONTHS.items() if found[2].casefold().startswith(starts)]
        return date(int(found[3]), month, int(found[1]))


@dataclass(frozen=True)
class Feed:
    """A feed file as feedparser gives it."""

    version: str
    language: str
    link: str
    about: str
    entries: tuple[Entry, ...]


def read(body: bytes) -> Feed:
    found = feedparser.parse(body)
    entries = tuple(
        Entry(
            title=str(entry.get("title", "")),
            link=str(entry.get("link", "")),
            summary=str(entry.get("summary", "")),
            dated=str(entry.get("published") or entry.get("updated", "")),
            key=str(entry.get("id", "")),
        )
        for entry in found.entries
    )
    head = found.feed
    return Feed(found.version, head.get("language", ""), head.get("link", ""), head.get("subtitle", ""), entries)


FEEDS = {path: read(path.read_bytes()) for path in FILES}


def test_there_are_at_least_twelve_outlets_with_owner_and_side() -> None:
    rows = catalogue()
    assert len({row["outlet"] for row in rows}) == len(rows) >= 12
    assert all(row["owner"] and row["side"] in SIDES and row["kind"] for row in rows)
    assert {row["side"] for row in rows} == SIDES


def test_two_outlets_share_one_owner() -> None:
    assert Counter(Counter(row["owner"] for row in catalogue()).values())[2] == 1


def test_the_catalogue_and_the_folder_hold_the_same_files() -> None:
    assert sorted(urlsplit(row["feed_url"]).path.rsplit("/", 1)[-1] for row in catalogue()) == [p.name for p in FILES]


def test_there_are_at_least_eighty_entries_in_five_languages() -> None:
    entries = Counter[str]()
    for path, feed in FEEDS.items():
        entries[row_of(path)["language"]] += len(feed.entries)
    assert set(entries) == {"en", "ru", "hy", "az", "tr"}
    assert entries.total() >= 80
    assert min(entries.values()) >= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_title_is_written_in_the_script_of_the_outlets_language(path: Path) -> None:
    language = row_of(path)["language"]
    for entry in FEEDS[path].entries:
        assert bool(re.search("[Ա-և]", entry.title)) is (language == "hy")
        assert bool(re.search("[А-яё]", entry.title)) is (language == "ru")


def test_three_formats_are_served_as_the_catalogue_says() -> None:
    versions = {"rss2": "rss20", "rdf": "rss10", "atom": "atom10"}
    assert {row["format"] for row in catalogue()} == set(versions)
    assert all(feed.version == versions[row_of(path)["format"]] for path, feed in FEEDS.items())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_host_is_an_example_and_the_outlets_own(path: Path) -> None:
    row = row_of(path)
    host = urlsplit(row["site"]).hostname or ""
    assert host.endswith(".example")
    hosts = {urlsplit(found.decode()).hostname for found in re.findall(rb"https?://[^\s\"'<>&]+", path.read_bytes())}
    namespaces = {"www.w3.org", "purl.org"}
    assert hosts - namespaces == {host}
    assert urlsplit(FEEDS[path].link).hostname == host == urlsplit(row["feed_url"]).hostname


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_element_cut_out_is_an_entry_that_feedparser_finds(path: Path) -> None:
    body = path.read_bytes()
    cut = list(CUT.finditer(body))
    head, tail = body[: cut[0].start()], body[cut[-1].end() :]
    alone = [read(head + element.group() + tail).entries for element in cut]
    assert alone == [(entry,) for entry in FEEDS[path].entries]
    assert 6 <= len(cut) <= 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_dates_lie_between_12_november_and_20_december_apart_from_the_named_backlog(path: Path) -> None:
    days = [entry.day for entry in FEEDS[path].entries]
    assert max(days) <= LAST_DAY
    assert sum(day < FIRST_DAY for day in days) == (path.name in BACKLOG)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_language_named_is_the_catalogues_but_for_one_wrong_and_one_missing(path: Path) -> None:
    named = FEEDS[path].language
    if path.name in (WRONG_LANGUAGE, NO_LANGUAGE):
        assert named == {WRONG_LANGUAGE: "en-us", NO_LANGUAGE: ""}[path.name]
    else:
        assert named[:2] == row_of(path)["language"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_links_are_distinct_but_for_items_that_stand_twice(path: Path) -> None:
    site = row_of(path)["site"]
    told = set(FEEDS[path].entries)
    links = {urljoin(site, entry.link) for entry in told}
    assert len(links) == len(told)
    assert {urlsplit(link).hostname for link in links} == {urlsplit(site).hostname}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_says_that_its_news_is_made_up_for_the_demonstration(path: Path) -> None:
    assert "borderwatch" in FEEDS[path].about


def test_the_wild_forms_of_feeds_are_there() -> None:
    bodies = {path.name: path.read_bytes() for path in FILES}
    entries = {path.name: feed.entries for path, feed in FEEDS.items()}
    assert b'encoding="windows-1251"' in bodies["neva-courier.xml"]
    assert bodies["xezer-gundemi.xml"].startswith(b"\xef\xbb\xbf")
    assert b"<![CDATA[" in bodies["erebuni-press.xml"]
    assert re.search(rb"<title>[^<]*&amp;laquo;", bodies["volga-agency.xml"])
    assert b"<link>/ru/news/" in bodies["sevan-line.xml"]
    assert bodies["rioni-times.xml"].count(b"<description>") == 1
    assert not any(entry.key for entry in entries["neva-courier.xml"])
    assert any(not entry.summary for entry in entries["meridian.xml"])
    assert len(set(entries["volga-agency.xml"])) < len(entries["volga-agency.xml"])


def test_some_files_are_newest_first_and_some_oldest_first() -> None:
    orders = [[entry.day for entry in feed.entries] for feed in FEEDS.values()]
    assert any(days == sorted(days) for days in orders)
    assert any(days == sorted(days, reverse=True) for days in orders)

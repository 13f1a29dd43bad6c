"""Known entries are known again, new ones are new, and no two become one by a site's mistake."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.entries import Entry, identify
from bot.feeds.parse import parse_feed
from rules.article import Source

SITE = "kura.example"
NOW = datetime(2021, 11, 16, 18, tzinfo=UTC)


def entry(title: str, link: str = "", guid: str = "", date: str = "16 Nov 2021") -> Entry:
    return Entry(title, "", f"https://{SITE}{link}" if link else "", guid, (date,), "az")


def keys(*entries: Entry) -> list[tuple[str, ...]]:
    return [found for _, found in identify(entries, SITE)]


def known(before: list[Entry], after: Entry) -> bool:
    """Whether `after` is known to somebody who stored `before`."""
    stored = {key for found in keys(*before) for key in found}
    return not stored.isdisjoint(keys(after)[0])


class TestKnownAgain:
    def test_a_corrected_title_is_the_same_entry(self) -> None:
        assert known([entry("Ten retrun", "/7", "news-7")], entry("Ten return", "/7", "news-7"))

    def test_a_guid_that_changes_on_every_fetch_is_the_same_entry_by_its_link(self) -> None:
        assert known([entry("Ten return", "/7", "a1f0")], entry("Ten return", "/7?utm_source=rss", "b2e9"))

    def test_a_link_that_changes_is_the_same_entry_by_its_guid(self) -> None:
        assert known([entry("Ten return", "/7?session=1", "news-7")], entry("Ten return", "/7?session=2", "news-7"))

    def test_an_entry_without_link_and_guid_is_known_by_its_text(self) -> None:
        assert known([entry("Ten return")], entry("Ten return"))
        assert not known([entry("Ten return")], entry("Ten return", date="17 Nov 2021"))

    def test_a_guid_of_another_site_is_another_entry(self) -> None:
        (first,) = keys(entry("Ten return", guid="12345"))
        ((_, second),) = identify([entry("Ten return", guid="12345")], "volga.example")
        assert set(first).isdisjoint(second)


class TestNotTheSame:
    def test_one_guid_on_all_items_hides_none(self) -> None:
        found = keys(*(entry(f"News {n}", f"/{n}", "same") for n in range(3)))
        assert found == [(f"url:{SITE}/{n}",) for n in range(3)]

    def test_one_link_on_all_items_hides_none(self) -> None:
        found = keys(*(entry(f"News {n}", "/live", f"news-{n}") for n in range(3)))
        assert found == [(f"guid:{SITE}:news-{n}",) for n in range(3)]

    def test_one_link_and_one_guid_on_all_items_hide_none(self) -> None:
        for link in ("/", "/live"):
            found = keys(*(entry(f"News {n}", link, "same") for n in range(3)))
            assert len({key for (key,) in found}) == 3
            assert all(key.startswith("text:") for (key,) in found)

    def test_a_guid_that_is_a_place_in_the_list_hides_no_later_entry(self) -> None:
        assert not known([entry("Ten return", "/7", "1")], entry("Talks in Sochi", "/8", "1"))
        assert not known([entry("Ten return", guid="1")], entry("Talks in Sochi", guid="1"))

    def test_the_front_page_is_no_identity_even_for_a_single_entry(self) -> None:
        assert keys(entry("News", "/", "news-1")) == [(f"guid:{SITE}:news-1",)]


class TestWithinOneDocument:
    def test_an_entry_that_stands_twice_is_read_once(self) -> None:
        twice = entry("Ten return", "/7", "news-7")
        assert len(keys(twice, entry("Other", "/8", "news-8"), twice)) == 2

    def test_two_new_duplicates_under_different_guids_are_one(self) -> None:
        assert len(keys(entry("Ten return", "/7", "aaaa"), entry("Ten return", "/7/", "bbbb"))) == 1


def test_no_entry_is_dropped_for_their_number_or_a_shared_timestamp() -> None:
    found = keys(*(entry(f"News {n}", date="16 Nov 2021") for n in range(3000)))
    assert len({key for each in found for key in each}) == 3000


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(["", "/", "/1", "/2"]), st.sampled_from(["", "guid", "other"])
        )
    )
)
def test_every_different_title_survives_and_a_second_poll_brings_nothing_new(rows: list[tuple[str, str, str]]) -> None:
    items = "".join(f"<item><title>{t}</title><link>{u}</link><guid>{g}</guid></item>" for t, u, g in rows)
    body = f"<rss version='2.0'><channel><link>https://{SITE}/</link>{items}</channel></rss>".encode()
    first, second = (
        parse_feed(body, url=f"https://{SITE}/rss", fetched=NOW, source=Source("Kura", "Kura", "az")) for _ in range(2)
    )
    assert {found.title for found in first.entries} == {title for title, _, _ in rows}
    stored = {key for found in first.entries for key in found.keys}
    assert all(stored.issuperset(found.keys) for found in second.entries)

"""Documents become articles: the wild forms of RSS and Atom, their dates, links and languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds.parse import ParsedFeed, Undated, parse_feed
from rules.article import Source

FETCHED = datetime(2021, 11, 16, 18, tzinfo=UTC)
ARARAT = Source("Ararat News", "Ararat Media", "am")
URL = "https://ararat.example/rss.xml"


def read(document: str, *, language: str = "", url: str = URL, undated: Undated = "newest") -> ParsedFeed:
    body = document.encode()
    return parse_feed(body, url=url, fetched=FETCHED, source=ARARAT, language=language, undated=undated)


def rss(*items: str, channel: str = "<title>Ararat News</title><link>https://ararat.example/</link>") -> str:
    namespaces = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel>{channel}{inner}</channel></rss>'


def atom(*entries: str) -> str:
    inner = "".join(f"<entry>{entry}</entry>" for entry in entries)
    head = '<title>Ararat</title><link href="https://ararat.example/"/><updated>2021-11-16T10:00:00Z</updated>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="hy">{head}{inner}</feed>'


ITEM = "<title>Ten return</title><link>https://ararat.example/7</link><pubDate>Tue, 16 Nov 2021 10:00:00 GMT</pubDate>"


class TestForms:
    def test_rss_gives_title_summary_link_date_and_source(self) -> None:
        parsed = read(rss(f"{ITEM}<guid>news-7</guid><description>They came &lt;b&gt;home&lt;/b&gt;.</description>"))
        (article,) = parsed.entries
        assert (article.title, article.summary) == ("Ten return", "They came home.")
        assert article.url == "https://ararat.example/7"
        assert article.published == datetime(2021, 11, 16, 10, tzinfo=UTC)
        assert article.source == ARARAT
        assert article.keys == ("url:ararat.example/7", "guid:ararat.example:news-7")
        assert (parsed.title, parsed.site, parsed.complaint) == ("Ararat News", "https://ararat.example/", None)

    def test_atom_in_text_html_and_xhtml(self) -> None:
        link = '<id>tag:ararat.example,2021:{0}</id><link href="/{0}"/><updated>2021-11-16T10:00:00Z</updated>'
        xhtml = '<div xmlns="http://www.w3.org/1999/xhtml"><p>One &amp; <i>two</i></p></div>'
        parsed = read(
            atom(
                link.format(1) + "<title>Plain &amp; simple</title><summary>s</summary>",
                link.format(2) + '<title type="html">An &lt;em&gt;html&lt;/em&gt; one</title><content>c</content>',
                link.format(3) + f'<title type="xhtml">{xhtml}</title><summary type="xhtml">{xhtml}</summary>',
            )
        )
        assert [entry.title for entry in parsed.entries] == ["Plain & simple", "An html one", "One & two"]
        assert [entry.summary for entry in parsed.entries] == ["s", "c", "One & two"]
        assert parsed.entries[0].url == "https://ararat.example/1"

    def test_rdf_with_dublin_core_dates(self) -> None:
        rdf = (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://ararat.example/">'
            "<title>A</title><link>https://ararat.example/</link></channel>"
            '<item rdf:about="https://ararat.example/7"><title>Ten return</title><link>https://ararat.example/7</link>'
            "<dc:date>2021-11-16T14:00:00+04:00</dc:date></item></rdf:RDF>"
        )
        (article,) = read(rdf).entries
        assert (article.title, article.published) == ("Ten return", datetime(2021, 11, 16, 10, tzinfo=UTC))

    def test_the_full_text_stands_in_for_a_missing_description(self) -> None:
        text = "<description></description><content:encoded><![CDATA[<p>All of it</p>]]></content:encoded>"
        assert read(rss(ITEM + text)).entries[0].summary == "All of it"

    def test_the_start_of_the_summary_stands_in_for_a_missing_title(self) -> None:
        item = f"<link>/8</link><description>{'Ten servicemen came home. ' * 20}</description>"
        (article,) = read(rss(item)).entries
        assert article.title.startswith("Ten servicemen came home.")
        assert len(article.title) <= 100

    def test_a_summary_is_cut_at_two_thousand_characters(self) -> None:
        (article,) = read(rss(f"{ITEM}<description>{'word ' * 5000}</description>")).entries
        assert 1_500 < len(article.summary) <= 2_000

    def test_double_escaped_and_cdata_titles_come_out_plain(self) -> None:
        items = [
            "<title>Aliyev &amp;amp; Pashinyan &amp;quot;met&amp;quot;</title><link>/1</link>",
            "<title><![CDATA[Fire at <b>Sev Lake</b> &amp; beyond]]></title><link>/2</link>",
            "<title><![CDATA[<![CDATA[Talks in Sochi]]>]]></title><link>/3</link>",
        ]
        titles = [entry.title for entry in read(rss(*items)).entries]
        assert titles == ['Aliyev & Pashinyan "met"', "Fire at Sev Lake & beyond", "Talks in Sochi"]

    def test_a_feed_without_entries_is_a_feed(self) -> None:
        parsed = read(rss())
        assert (parsed.entries, parsed.complaint) == ((), None)

    def test_entries_without_text_are_left_out_and_counted(self) -> None:
        parsed = read(rss(ITEM, "<link>https://ararat.example/8</link>", "<title> </title>"))
        assert len(parsed.entries) == 1
        assert parsed.complaint == "2 entries without text or link left out"

    def test_an_entry_without_a_link_points_at_the_site(self) -> None:
        (article,) = read(rss("<title>Ten return</title><guid isPermaLink='false'>news-7</guid>")).entries
        assert article.url == "https://ararat.example/"
        assert article.keys == ("guid:ararat.example:news-7",)

    def test_a_guid_that_is_an_address_stands_in_for_the_link(self) -> None:
        (article,) = read(rss("<title>Ten return</title><guid>https://ararat.example/7</guid>")).entries
        assert article.url == "https://ararat.example/7"


class TestLinks:
    def test_relative_links_are_the_sites_even_when_the_feed_lives_elsewhere(self) -> None:
        (article,) = read(rss("<title>Ten return</title><link>/7</link>"), url="https://cdn.example/f/1").entries
        assert article.url == "https://ararat.example/7"

    def test_relative_links_without_a_channel_link_are_the_feeds_own(self) -> None:
        (article,) = read(rss("<title>Ten return</title><link>7</link>", channel="")).entries
        assert article.url == "https://ararat.example/7"

    def test_xml_base_is_heeded(self) -> None:
        entry = '<title>Ten return</title><link href="7"/>'
        document = atom(entry).replace("<entry>", '<entry xml:base="https://mirror.example/en/">')
        assert read(document).entries[0].url == "https://mirror.example/en/7"

    def test_a_script_is_no_link(self) -> None:
        (article,) = read(rss("<title>Ten return</title><link>javascript:alert(1)</link>")).entries
        assert article.url == "https://ararat.example/"


class TestDates:
    def test_a_date_without_a_zone_is_read_in_the_zone_of_the_side(self) -> None:
        item = "<title>T</title><link>/7</link><pubDate>16.11.2021 14:00</pubDate>"
        assert read(rss(item)).entries[0].published == datetime(2021, 11, 16, 10, tzinfo=UTC)

    def test_the_files_newest_date_stands_in_for_a_missing_one(self) -> None:
        undated = "<title>No date</title><link>/8</link>"
        older = "<title>Older</title><link>/9</link><pubDate>Mon, 15 Nov 2021 10:00:00 GMT</pubDate>"
        entries = {entry.title: entry for entry in read(rss(older, undated, ITEM)).entries}
        assert entries["No date"].published == entries["Ten return"].published
        assert [entries[title].dated for title in ("No date", "Older")] == ["feed", "stated"]

    def test_in_a_polled_feed_the_time_of_the_fetch_stands_in_beside_a_pinned_old_entry(self) -> None:
        """The pinned one's date would make the news look days old, and nobody would be told of it."""
        news = "<title>Azerbaijan hands over ten servicemen</title><link>/8</link>"
        pinned = "<title>Our rules</title><link>/9</link><pubDate>Fri, 12 Nov 2021 10:00:00 GMT</pubDate>"
        channel = "<link>https://ararat.example/</link><lastBuildDate>Fri, 12 Nov 2021 10:00:00 GMT</lastBuildDate>"
        first, second = read(rss(news, pinned, channel=channel), undated="fetched").entries
        assert (first.published, first.dated) == (FETCHED, "fetched")
        assert (second.published, second.dated) == (datetime(2021, 11, 12, 10, tzinfo=UTC), "stated")

    def test_the_channels_date_stands_in_when_no_entry_has_one(self) -> None:
        channel = "<link>https://ararat.example/</link><lastBuildDate>Mon, 15 Nov 2021 10:00:00 GMT</lastBuildDate>"
        (article,) = read(rss("<title>T</title><link>/8</link>", channel=channel)).entries
        assert (article.published, article.dated) == (datetime(2021, 11, 15, 10, tzinfo=UTC), "feed")

    def test_the_time_of_the_fetch_stands_in_when_nobody_gives_any(self) -> None:
        (article,) = read(rss("<title>T</title><link>/8</link>")).entries
        assert (article.published, article.dated) == (FETCHED, "fetched")

    @pytest.mark.parametrize(
        ("ahead", "dated"),
        [(timedelta(minutes=14), "stated"), (timedelta(minutes=16), "fetched"), (timedelta(days=9000), "fetched")],
    )
    def test_the_future_is_not_believed(self, ahead: timedelta, dated: str) -> None:
        date = (FETCHED + ahead).isoformat()
        (article,) = read(rss(f"<title>T</title><link>/8</link><pubDate>{date}</pubDate>")).entries
        assert article.dated == dated
        assert article.published <= FETCHED + timedelta(minutes=15)

    def test_a_future_date_does_not_stand_in_for_others(self) -> None:
        future = "<title>Future</title><link>/9</link><pubDate>Tue, 01 Jan 2041 10:00:00 GMT</pubDate>"
        entries = {entry.title: entry for entry in read(rss(future, "<title>U</title><link>/8</link>", ITEM)).entries}
        assert entries["U"].published == entries["Ten return"].published

    def test_published_goes_before_updated(self) -> None:
        dates = "<published>2021-11-16T10:00:00Z</published><updated>2021-11-16T12:00:00Z</updated>"
        (article,) = read(atom(f'<title>T</title><link href="/7"/>{dates}')).entries
        assert article.published == datetime(2021, 11, 16, 10, tzinfo=UTC)


class TestSource:
    def test_a_source_can_be_named_by_the_sites_host(self) -> None:
        parsed = parse_feed(rss(ITEM).encode(), url="", fetched=FETCHED, source=lambda host: Source(host, host, "am"))
        assert parsed.entries[0].source.outlet == "ararat.example"

    def test_the_commonest_host_of_the_entries_is_the_site_when_the_channel_names_none(self) -> None:
        items = [
            f"<title>T{n}</title><link>https://{host}/{n}</link>"
            for n, host in enumerate(["a.example", "b.example", "b.example"])
        ]
        document = rss(*items, channel="").encode()
        parsed = parse_feed(document, url="", fetched=FETCHED, source=lambda host: Source(host, host))
        assert {entry.source.outlet for entry in parsed.entries} == {"b.example"}


class TestLanguage:
    def test_a_declaration_that_cannot_be_is_overruled_by_the_script(self) -> None:
        channel = "<link>https://ararat.example/</link><language>en-US</language>"
        item = "<title>Տասը գերի վերադարձել է հայրենիք</title><link>/7</link>"
        assert read(rss(item, channel=channel)).entries[0].language == "hy"

    def test_the_catalogue_goes_before_the_feed(self) -> None:
        channel = "<link>https://ararat.example/</link><language>en</language>"
        item = "<title>Vilayet</title><link>/7</link>"
        assert read(rss(item, channel=channel), language="tr").entries[0].language == "tr"

    def test_each_entry_of_a_mixed_feed_has_its_own(self) -> None:
        items = [
            "<title>Десять военных вернулись</title><link>/1</link>",
            "<title>On hərbçi qayıdıb</title><link>/2</link>",
        ]
        assert [entry.language for entry in read(rss(*items), language="az").entries] == ["ru", "az"]

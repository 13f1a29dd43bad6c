"""Broken and hostile documents: mended with a complaint, or refused with a sentence; never an empty feed."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime

import pytest

from bot.feeds.document import SIZE_LIMIT
from bot.feeds.errors import ParseError
from bot.feeds.parse import ParsedFeed, parse_feed
from rules.article import Source

FETCHED = datetime(2021, 11, 16, 18, tzinfo=UTC)
ITEM = "<item><title>{}</title><link>https://volga.example/{}</link></item>"
HEAD = '<rss version="2.0"><channel><title>Volga Agency</title><link>https://volga.example/</link>'
TAIL = "</channel></rss>"
FEED = HEAD + ITEM.format("Десять военных вернулись", 1) + ITEM.format("Talks", 2) + TAIL
TITLES = ["Десять военных вернулись", "Talks"]


def read(body: bytes, content_type: str | None = None) -> ParsedFeed:
    source = Source("Volga Agency", "Volga", "ru")
    return parse_feed(body, url="https://volga.example/rss", fetched=FETCHED, source=source, content_type=content_type)


def titles(body: bytes, content_type: str | None = None) -> list[str]:
    return [entry.title for entry in read(body, content_type).entries]


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r", "utf-16", "utf-16-le", "utf-8-sig"])
    def test_the_documents_own_word_is_heeded(self, encoding: str) -> None:
        document = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{FEED}'.encode(encoding)
        parsed = read(document)
        assert [entry.title for entry in parsed.entries] == TITLES
        assert parsed.complaint is None

    def test_the_servers_word_is_heeded_when_the_document_is_silent(self) -> None:
        assert titles(FEED.encode("windows-1251"), "text/xml; charset=windows-1251") == TITLES

    def test_the_document_knows_better_than_the_server(self) -> None:
        document = f'<?xml version="1.0" encoding="windows-1251"?>{FEED}'.encode("windows-1251")
        assert titles(document, "text/xml; charset=iso-8859-1") == TITLES

    @pytest.mark.parametrize("declared", ["utf-8", "us-ascii", "hex", "martian", ""])
    def test_an_old_code_page_under_a_wrong_name_is_recovered_with_a_complaint(self, declared: str) -> None:
        parsed = read(f'<?xml version="1.0" encoding="{declared}"?>{FEED}'.encode("windows-1251"))
        assert [entry.title for entry in parsed.entries] == TITLES
        assert "read as windows-1251" in (parsed.complaint or "")

    def test_utf8_under_a_wrong_name_is_recovered_with_a_complaint(self) -> None:
        parsed = read(f'<?xml version="1.0" encoding="us-ascii"?>{FEED}'.encode())
        assert [entry.title for entry in parsed.entries] == TITLES
        assert parsed.complaint == "declared as us-ascii, read as utf-8"

    def test_some_broken_bytes_do_not_turn_the_rest_into_another_code_page(self) -> None:
        long = HEAD + ITEM.format("Десять военных вернулись домой " * 5, 1) + TAIL
        parsed = read(long.encode().replace(b"channel><title>", b"channel><title>\xff", 1))
        assert parsed.entries[0].title.startswith("Десять военных")
        assert "1 characters are broken" in (parsed.complaint or "")


class TestMending:
    @pytest.mark.parametrize(
        "document",
        [
            FEED.replace("Volga Agency", "Volga & Sons"),
            FEED.replace("Volga Agency", "Volga &nbsp; &laquo;Agency&raquo;"),
            FEED.replace("Volga Agency", "Volga \x0b\x1f Agency"),
            FEED.replace("Volga Agency", "Volga < Don, 5 > 3"),
            FEED.replace("<title>Volga", "<title>&undefined; &#0; &#xFFFFFFF; Volga"),
            FEED.replace("</channel></rss>", ""),
            FEED.replace("</channel>", "</channel></nothing>"),
            FEED.replace("<title>Volga Agency</title>", "<title>Volga Agency"),
            FEED.replace("<title>Volga Agency</title>", "<description><p>a<br>b<img src=x></description>"),
            FEED.replace("<rss version=\"2.0\">", "<rss version=2.0 odd>"),
            FEED.replace("<title>Volga Agency</title>", "<atom:link href='x'/><dc:date>x</dc:date><odd:x odd:y='z'/>"),
            FEED.replace("</title><link>https://volga.example/1</link></item>", ""),
            FEED.replace('<rss version="2.0">', '<rss version="2.0" xmlns:x="a > b" xmlns:y="">'),
            FEED.replace('<rss version="2.0">', '<rss version="2.0" <!-- torn >'),
            FEED.replace("<channel>", "<rss><channel>"),
            FEED + "<script>counter()</script>",
            FEED + FEED,
        ],
    )  # fmt: skip
    def test_common_faults_are_mended_and_every_entry_is_read(self, document: str) -> None:
        parsed = read(document.encode())
        assert [entry.title for entry in parsed.entries] == TITLES
        assert "not well-formed XML" in (parsed.complaint or "")

    @pytest.mark.parametrize("before", ["\n  ", "\ufeff\n", "<!-- cached -->\n", "<?xml-stylesheet href='x'?>", "\0"])
    def test_what_may_stand_before_a_feed_does(self, before: str) -> None:
        assert titles(f"{before}{FEED}".encode()) == TITLES

    def test_a_programs_warnings_before_the_feed_are_passed_over_with_a_complaint(self) -> None:
        parsed = read(f"<br />\n<b>Warning</b>: in <b>rss.php</b>\n<?xml version='1.0'?>{FEED}".encode())
        assert [entry.title for entry in parsed.entries] == TITLES
        assert parsed.complaint == "other text before the feed"

    def test_a_document_that_breaks_off_keeps_its_whole_entries(self) -> None:
        last = "<item><title>Half a tit"
        assert titles((HEAD + ITEM.format("Whole", 1) + last).encode()) == ["Whole"]
        cut = "<item><title>Whole title</title><link>https://volga.example/9</link><descri"
        assert titles((HEAD + ITEM.format("Whole", 1) + cut).encode()) == ["Whole", "Whole title"]

    def test_the_address_in_an_attribute_survives(self) -> None:
        entry = "<entry><title>T & T</title><link href='https://volga.example/?a=1&b=2&#38;c=3&amp;d=4'/></entry>"
        (article,) = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'.encode()).entries
        assert article.url == "https://volga.example/?a=1&b=2&c=3&d=4"

    def test_content_under_an_undeclared_prefix_is_read(self) -> None:
        item = "<item><title>T</title><content:encoded><![CDATA[<p>All & more</p>]]></content:encoded></item>"
        (article,) = read((HEAD + item + TAIL).encode()).entries
        assert article.summary == "All & more"

    def test_cdata_that_never_ends_keeps_its_text(self) -> None:
        item = "<item><title>T</title><description><![CDATA[Ten <b>came</b> home"
        (article,) = read((HEAD + item + ">").encode()).entries
        assert article.summary.startswith("Ten came home")


class TestRefusal:
    @pytest.mark.parametrize(
        ("body", "why"),
        [
            (b"", "an empty document"),
            (b" \n\xef\xbb\xbf", "an empty document"),
            (b"<?xml version='1.0'?>", "an empty document"),
            (b"<!doctype html><title>503 &amp; out</title><p>Sorry", "an HTML page, not a feed: 503 & out"),
            (b"<HTML><head><title>Just a moment...</title></head>", "an HTML page, not a feed: Just a moment..."),
            (b"<html><body>see <rss version='2.0'></body></html>", "an HTML page, not a feed"),
            (b"<p>Service unavailable", "an HTML page, not a feed"),
            (b'{"error": "blocked"}', "JSON, not an RSS or Atom feed"),
            (b"<urlset><url/></urlset>", "XML of another kind, not a feed: its root is <urlset>"),
            (b"Access denied", "plain text, not a feed: Access denied"),
            (b"/etc/passwd", "plain text, not a feed"),
            (b"http://127.0.0.1/feed", "plain text, not a feed"),
            (b"\x89PNG\r\n\x1a\n\0\0", "plain text, not a feed"),
        ],
    )
    def test_what_is_no_feed_is_refused_with_a_sentence(self, body: bytes, why: str) -> None:
        with pytest.raises(ParseError) as caught:
            read(body)
        assert str(caught.value).startswith(why)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_a_document_that_declares_entities_is_refused(self, encoding: str) -> None:
        """A billion laughs: 1 kB that would unfold in memory."""
        entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        document = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>{FEED.replace("Talks", "&l9;")}'
        with pytest.raises(ParseError, match="declares entities"):
            read(document.encode(encoding))

    def test_an_external_entity_is_refused_and_never_opened(self) -> None:
        document = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>{FEED.replace("Talks", "&x;")}'
        with pytest.raises(ParseError, match="declares entities"):
            read(document.encode())

    def test_a_doctype_without_entities_does_no_harm(self) -> None:
        netscape = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.example/rss.dtd">'
        assert titles((netscape + FEED).encode()) == TITLES
        assert titles(("<!DOCTYPE rss [<!ELEMENT rss ANY>]>" + FEED).encode()) == TITLES

    def test_a_document_beyond_the_limit_is_refused(self) -> None:
        with pytest.raises(ParseError, match="more than 5,000 kB is not read"):
            read(FEED.encode() + b" " * SIZE_LIMIT)


@pytest.mark.parametrize(
    "filling",
    [
        "<",
        "&",
        "&a",
        "<a>",
        "</a>",
        "<!--",
        "<?x ",
        "<![CDATA[",
        "]]>",
        "<!E",
        "<a b='",
        "<!DOCTYPE ",
        " ",
        "&#1;",
        "a:b ",
    ],
)
def test_a_hostile_filling_costs_time_in_proportion_to_its_size(filling: str) -> None:
    """Quadratic work on these 200 kB would take minutes."""
    body = (HEAD + "<item><title>T</title><description>" + filling * (200_000 // len(filling))).encode()
    before = time.process_time()
    with contextlib.suppress(ParseError):
        read(body)
    assert time.process_time() - before < 5


FULL = {
    "marks": "<item><title>" + "<" * 4_900_000 + "</title></item>",
    "depth": "<a>" * 1_600_000,
    "elements": "<item/>" * 700_000,
    "attributes": "<item><title>T</title><a " + " ".join(f'a{n}=""' for n in range(400_000)) + "/></item>",
    "entities": "<item><title>&" + "&nbsp;" * 800_000 + "</title></item>",
}


@pytest.mark.parametrize("filling", FULL)
def test_a_document_that_would_keep_the_parser_busy_is_refused_with_a_sentence(filling: str) -> None:
    """5 MB of these took from 5 seconds to 20 minutes."""
    before = time.process_time()
    with pytest.raises(ParseError, match=r"more than \d+"):
        read((HEAD + FULL[filling] + TAIL).encode())
    assert time.process_time() - before < 5


def test_a_large_feed_of_an_honest_outlet_is_read() -> None:
    """3,000 entries with text and categories, more than any outlet is known to give out."""
    more = "<description>&lt;p&gt;They came home.&lt;/p&gt;</description>" + "<category>news</category>" * 10
    items = "".join(ITEM.format(f"News {n}", n).replace("</item>", f"{more}</item>") for n in range(3_000))
    assert len(read((HEAD + items + TAIL).encode()).entries) == 3_000

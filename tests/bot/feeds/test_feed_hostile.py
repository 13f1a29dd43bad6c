"""Whatever comes as a feed: articles or a sentence, and nothing else."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.feeds.errors import ParseError
from bot.feeds.mend import fault, mend
from bot.feeds.parse import SUMMARY_LIMIT, TITLE_LIMIT, ParsedFeed, parse_feed
from rules.article import Source

FETCHED = datetime(2021, 11, 16, 18, tzinfo=UTC)
SAMPLE = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Kura Wire</title>
<link>https://kura.example/</link><language>az</language><lastBuildDate>16 Nov 2021 10:00</lastBuildDate>
<item><title><![CDATA[On hərbçi qayıdıb]]></title><link>/1</link><guid>1</guid><dc:date>2021-11-16</dc:date>
<description>&lt;p&gt;Bakı &amp;amp; İrəvan&lt;/p&gt;</description></item>
<item><title>Ten return</title><link>https://kura.example/2?utm_source=x</link><pubDate>soon</pubDate></item>
</channel></rss>""".encode()

SPLINTERS = r"""
< > & ]]> <![CDATA[ <!-- --> <item> </item> <title> </channel> <entry> <a:b_c:d=' xmlns:x='' &lt;script&gt; &#0; &amp
<?xml_encoding='utf-16'?> <link>javascript:x</link> <!DOCTYPE_x_[ http://[ <pubDate>9999-99-99 <guid> dc=' xmlns:
<div_xmlns='http://www.w3.org/1999/xhtml'>
"""
fragments = st.sampled_from(
    [b"\0", b"\xff", b"\xed\xa0\x80", *(part.replace("_", " ").encode() for part in SPLINTERS.split())]
)


def read(body: bytes, content_type: str | None = None) -> ParsedFeed | None:
    source = Source("Kura Wire", "Kura", "az")
    with contextlib.suppress(ParseError):
        return parse_feed(
            body, url="https://kura.example/rss", fetched=FETCHED, source=source, content_type=content_type
        )
    return None


def sound(parsed: ParsedFeed | None) -> bool:
    """Whether every article keeps the promises that the rest of the house leans on."""
    return parsed is None or all(
        entry.title
        and len(entry.title) <= TITLE_LIMIT
        and len(entry.summary) <= SUMMARY_LIMIT
        and entry.url.startswith(("http://", "https://"))
        and entry.published.tzinfo is UTC
        and entry.published <= FETCHED + timedelta(minutes=15)
        and entry.keys
        and not any("\0" in text or "\ud800" <= text[:1] <= "\udfff" for text in (entry.title, entry.url, *entry.keys))
        for entry in parsed.entries
    )


@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_a_sentence(body: bytes) -> None:
    assert sound(read(body))


@given(st.text(max_size=300), st.text(max_size=60))
def test_arbitrary_text_in_a_feed_raises_nothing_but_a_sentence(text: str, content_type: str) -> None:
    body = f"<rss version='2.0'><channel><item><title>{text}</title></item></channel></rss>".encode("utf-8", "replace")
    assert sound(read(body, content_type))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 30), fragments), max_size=6))
def test_a_feed_with_holes_and_splinters_raises_nothing_but_a_sentence(cuts: list[tuple[int, int, bytes]]) -> None:
    body = SAMPLE
    for start, length, splinter in cuts:
        body = body[:start] + splinter + body[start + length :]
    assert sound(read(body))


@given(st.sampled_from(["<rss>", "<rss xmlns:dc='d' ", "<rdf:RDF", "<feed xmlns='"]), st.lists(fragments, max_size=30))
def test_what_was_mended_is_well_formed(root: str, pieces: list[bytes]) -> None:
    text = root + b"".join(pieces).decode("utf-8", "replace")
    assert fault(mend(text)) == ""


def test_what_feeds_say_of_themselves_survives_the_sample() -> None:
    parsed = read(SAMPLE)
    assert parsed is not None
    assert [entry.title for entry in parsed.entries] == ["On hərbçi qayıdıb", "Ten return"]
    assert parsed.entries[0].summary == "Bakı & İrəvan"

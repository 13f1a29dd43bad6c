"""Links of entries: absolute, without tracking, and recognised in their many spellings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.urls import absolute, canonical, host_of

BASE = "https://ararat.example/rss/news.xml"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/7", "https://ararat.example/news/7"),
        ("../news/7", "https://ararat.example/news/7"),
        ("//www.ararat.example/7", "https://www.ararat.example/7"),
        ("  https://ararat.example/7\n", "https://ararat.example/7"),
        ("HTTPS://Ararat.Example/Seven", "https://ararat.example/Seven"),
        ("https://ararat.example:443/7", "https://ararat.example/7"),
        ("https://ararat.example/7#comments", "https://ararat.example/7"),
        ("https://ararat.example/?p=7&utm_source=rss&fbclid=x", "https://ararat.example/?p=7"),
        ("https://ararat.example/7?utm_medium=feed", "https://ararat.example/7"),
        ("https://ararat.example/новость 7", "https://ararat.example/новость%207"),
        ("https://ararat.example/7\u202ezyx", "https://ararat.example/7%E2%80%AEzyx"),
        ("https://./7", ""),
        ("mailto:desk@ararat.example", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("https://user:pw@ararat.example/", ""),
        ("https://", ""),
        ("http://[::1", ""),
        ("http://ararat.example:port/", ""),
        ("https://ararat.example/" + "x" * 3000, ""),
    ],
)
def test_a_link_becomes_a_web_address_without_tracking_and_fragment_or_nothing(link: str, url: str) -> None:
    assert absolute(link, BASE) == url


def test_spellings_of_one_page_are_one() -> None:
    spellings = [
        "https://www.ararat.example/news/7",
        "http://ararat.example/news/7/",
        "https://ARARAT.example/news/7?utm_source=telegram",
        "https://ararat.example:443/news/7#top",
    ]
    assert {canonical(url) for url in spellings} == {"ararat.example/news/7"}


def test_pages_that_differ_stay_apart() -> None:
    pages = ["https://a.example/?p=1", "https://a.example/?p=2", "https://a.example/P", "https://a.example/p"]
    assert len({canonical(url) for url in pages}) == 4


def test_a_front_page_tells_no_entry() -> None:
    assert canonical("https://www.ararat.example/") == canonical("https://ararat.example?utm_source=rss") == ""


def test_the_host_is_told_without_www() -> None:
    assert host_of("https://WWW.Ararat.example./x") == "ararat.example"
    assert host_of("nonsense") == host_of("http://[") == ""


@given(st.text(max_size=100))
def test_no_link_raises_and_what_comes_out_is_stable(text: str) -> None:
    url = absolute(text, BASE)
    assert absolute(url, BASE) == url or not url
    assert canonical(f"https://{canonical(url)}") == canonical(url)


@given(st.text(alphabet="abÖ./:?&=#%[]@ \t\\wutm_source", max_size=60))
def test_canonical_forms_of_url_like_texts_are_stable(text: str) -> None:
    form = canonical(absolute("http://" + text, BASE))
    assert canonical("http://" + form) == form

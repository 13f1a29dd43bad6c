"""Markup becomes plain text: nothing that shows is lost, nothing that hides is kept."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.clean import plain, shorten


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Ten <b>servicemen</b></p><p>returned</p>", "Ten servicemen returned"),
        ("one<br/>two<li>three</li>", "one two three"),
        ("w<b>or</b>d", "word"),
        ("Aliyev &amp; Pashinyan", "Aliyev & Pashinyan"),
        ("Aliyev &amp;amp; Pashinyan &amp;quot;met&amp;quot;", 'Aliyev & Pashinyan "met"'),
        ("&lt;p&gt;escaped&lt;/p&gt; markup", "escaped markup"),
        ("&laquo;Сюник&raquo;&nbsp;&mdash; &#8220;ok&#x201d;", "«Сюник» — “ok”"),
        ("fire &lt; 5 km, a < b", "fire < 5 km, a < b"),
        ("<script>alert('x')</script>news<style>p {}</style>", "news"),
        ("<SCRIPT>a</SCRIPT >news<!-- hidden > -->", "news"),
        ("<script>never closed", ""),
        ('<img alt="a > b" src="x">news', "news"),
        ("<iframe src='x'/>news", "news"),
        ("<![CDATA[Tbilisi]]>", "Tbilisi"),
        ("half <a href='x", "half"),
        ("Երևան\u202e\u200f\u0000 Բաքու\u00ad", "Երևան Բաքու"),
        ("two\u00a0words\r\n\tand\u2003more", "two words and more"),
        ("й", "й"),
        ("\ud800x", "x"),
    ],
)
def test_markup_becomes_what_a_reader_would_see(markup: str, text: str) -> None:
    assert plain(markup, 200) == text


def test_long_text_is_cut_between_words_with_an_ellipsis() -> None:
    assert shorten("one two three four", 15) == "one two three…"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"
    assert len(plain("слово " * 1000, 300)) <= 300


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(10, 100))
def test_any_text_comes_out_bounded_and_without_controls(markup: str, limit: int) -> None:
    text = plain(markup, limit)
    assert len(text) <= limit
    assert text.isprintable() or not any(ord(char) < 32 for char in text)
    assert text == " ".join(text.split())


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<script>", "<a href='", '<a b="', "&", "&lt;", "<![CDATA[", "</", "<p "]
)
def test_hostile_markup_costs_little_time(piece: str) -> None:
    before = time.process_time()
    assert len(plain(piece * (100_000 // len(piece)), 2000)) <= 2000
    assert time.process_time() - before < 1

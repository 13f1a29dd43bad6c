"""What a web page says of itself: the title and description that it would be shared with."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.page import Page, read_page


def head(inside: str, attributes: str = "") -> bytes:
    return f"<!doctype html><html{attributes}><head>{inside}</head><body><p>text</p></body></html>".encode()


@pytest.mark.parametrize(
    ("inside", "title", "description"),
    [
        ("<title>Ten freed</title>", "Ten freed", ""),
        ("<title>Kura Wire | Ten freed</title><meta property='og:title' content='Ten freed'>", "Ten freed", ""),
        ('<meta content="Ten freed" property="og:title"/>', "Ten freed", ""),
        ('<TITLE>A</TITLE><META NAME="Description" CONTENT="They are home">', "A", "They are home"),
        ('<title>A</title><meta name=description content="5 > 3 &amp; <b>home</b>">', "A", ""),
        ('<title>A</title><meta name=description content="5 > 3 &amp; home">', "A", "5 > 3 & home"),
        ('<title>A</title><meta name="description" content=""><meta property="og:description" content="B">', "A", "B"),
        ("<title>&#1044;&#1074;&#1086;&#1077;</title>", "Двое", ""),
        ("", "", ""),
    ],
)
def test_the_title_and_the_description_are_read(inside: str, title: str, description: str) -> None:
    page = read_page(head(inside))
    assert (page.title, page.description) == (title, description)


def test_the_language_is_the_one_declared() -> None:
    assert read_page(head("<title>A</title>", ' class="x" lang="hy-AM"')).language == "hy-AM"
    assert read_page(head("<title>A</title>")).language == ""


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Двое</title>".encode("windows-1251"), "text/html; charset=windows-1251"),
        ('<meta charset="windows-1251"><title>Двое</title>'.encode("windows-1251"), ""),
        ("<title>Двое</title>".encode(), "text/html; charset=no-such"),
        ("<title>Двое</title>".encode("utf-16"), ""),
        ("<title>Двое</title>".encode(), ""),
    ],
)
def test_the_encoding_is_the_servers_or_the_pages_word_or_utf_8(body: bytes, content_type: str) -> None:
    assert read_page(body, content_type).title == "Двое"


@given(st.binary(max_size=300), st.text(max_size=30))
def test_whatever_comes_nothing_fails(body: bytes, content_type: str) -> None:
    assert isinstance(read_page(b"<meta " + body + b"<title>" + body, content_type), Page)


@pytest.mark.parametrize("piece", [b"<meta ", b"<title ", b"<title>", b'<meta name="', b"<html ", b"a=", b"&amp"])
def test_a_hostile_page_takes_no_time(piece: bytes) -> None:
    began = time.monotonic()
    read_page(piece * (2_000_000 // len(piece)))
    assert time.monotonic() - began < 5

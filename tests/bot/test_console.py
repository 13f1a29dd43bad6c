"""The console as a chat; what comes from outside is shown there, never obeyed."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.console import LONGEST, ConsoleSink, Transcript, dress, line, printable
from bot.messages import Message
from storage.events import Event
from storage.outbox import Sent
from tests.builders import VOLGA, alert, article, event, match

HOSTILE = "\x1b[2J\x1b]0;owned\x07 \u202eevil\u2066 \x9b31m \r\x00 end"

anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=1_000)


def screen() -> tuple[Console, io.StringIO]:
    """A terminal, and what was written to it."""
    written = io.StringIO()
    return Console(file=written, force_terminal=True, highlight=False, markup=False, emoji=False), written


def told(title: str = "Ten captives return", *, revision: int = 1, number: int = 1) -> Event:
    return replace(event(match(), article(title), number=number), revision=revision)


@given(anything)
def test_every_character_is_shown_in_its_place(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert all(char.isprintable() or char in "\n\u200c\u200d" for char in shown)
    assert all(new == old for new, old in zip(shown, text, strict=True) if old.isprintable())


@given(anything)
def test_text_from_outside_becomes_one_line_that_ends(text: str) -> None:
    assert "\n" not in line(text)
    assert len(line(text)) <= LONGEST


def test_five_scripts_are_shown_as_they_are() -> None:
    for text in ("Երեւան՞", "Ереван, «Ё»", "Əliyev İrəvan", "Iğdır", "Mr O’Brien — 10\u00a0km"):
        assert line(text) == text.replace("\u00a0", " ")


def test_a_headline_cannot_move_the_cursor_or_turn_the_line() -> None:
    shown = dress(Message(HOSTILE, bold=((0, 9),), links=((0, 4, "https://a.example/\x1b[2J"),)))
    console, written = screen()
    console.print(shown)
    for mark in ("\x1b[2J", "\x1b]0;", "\x07", "\u202e", "\u2066", "\x9b", "\x00"):
        assert mark not in written.getvalue()


def test_an_address_with_words_of_style_in_it_is_only_an_address() -> None:
    for url in ("https://a.example/not bold", "https://a.example/red", "bold", "https://a.example/%5B"):
        console, written = screen()
        console.print(dress(Message("Kura Wire", links=((0, 4, url),))))
        assert "Kura" in written.getvalue()


async def test_an_alert_is_printed_and_an_edit_says_what_it_is() -> None:
    console, written = screen()
    sink = ConsoleSink(console)
    sent = await sink.send(alert(told()))
    assert sent == Sent(1)
    again = replace(alert(told("Twelve captives return", revision=2)), message=1, sent=1)
    assert await sink.send(again) == Sent(1)
    assert await sink.send(alert(told(number=2))) == Sent(2)
    assert written.getvalue().count("(edited: event 1, now revision 2)") == 1


async def test_an_emoji_name_in_a_headline_stays_as_it_was_written() -> None:
    console, written = screen()
    await ConsoleSink(console).send(alert(told("A :bomb: was found [red]")))
    assert "A :bomb: was found [red]" in written.getvalue()


async def test_a_transcript_keeps_each_alert_once_in_its_last_form() -> None:
    transcript = Transcript()
    first = await transcript.send(replace(alert(told("Ten captives return")), id=7))
    again = replace(alert(told("Twelve captives return", revision=2)), id=7, message=first.message, sent=1)
    assert await transcript.send(again) == first
    await transcript.send(replace(alert(told("Fire near the lake", number=2)), id=8))
    console, written = screen()
    transcript.show(console)
    shown = written.getvalue()
    assert "Ten captives" not in shown
    assert shown.index("Twelve captives return") < shown.index("(edited once)") < shown.index("Fire near the lake")


async def test_hostile_sources_are_harmless_in_a_transcript() -> None:
    source = replace(told().sources[0], title=HOSTILE, quote=HOSTILE, outlet=HOSTILE, owner=VOLGA.owner)
    transcript = Transcript()
    await transcript.send(alert(replace(told(), title=HOSTILE, sources=(source,), clauses=(HOSTILE,))))
    console, written = screen()
    transcript.show(console)
    assert "\x1b[2J" not in written.getvalue()
    assert "\u202e" not in written.getvalue()
    assert "Event 1" in written.getvalue()

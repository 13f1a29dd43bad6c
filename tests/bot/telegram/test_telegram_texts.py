"""Texts of any kind arrive as they are: nothing is refused, nothing is lost that a reader needs."""

from __future__ import annotations

import json

import pytest
import tdjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot

from bot.messages import Message
from bot.telegram.sink import TelegramSink
from bot.telegram.texts import LIMIT, NOTHING_TO_SHOW, Dressed, Mark, clean, cut, dress, is_linkable
from storage.outbox import Alert, Sent
from tests.bot.telegram.stage import alert_for
from tests.botapi import BotApi

HOSTILE = (
    "<b>&\"'</b>",
    "a<5",
    "_*[]()~`>#+-=|{}.!",
    "😀👩\u200d👩\u200d👧\u200d👦🇦🇲",
    "\u202eRTL\u202c \u2067x\u2069",
    "nul\x00 and \x1b[31m",
    "\ud83d",
    "e\u0301" * 9,
    "Երևան ՞",
    "İRƏVAN ırəvan",
    "http://a.example/x",
    "@everyone /start",
    "\r\n\t",
    " ",
    "\u200b",
    "\u2800",
    "x" * 10_000,
)
URLS = (
    "https://a.example/x?y=1",
    "http://localhost/",
    "http://host/",
    "http://[::1]/",
    "http://[",
    "javascript:alert(1)",
    "",
    "http://a.example:99999/",
    "https://пример.рф/новость",
    "ftp://a.example/",
    "http://user@a.example/",
    "http://a..b/",
    "http://a.example/ x",
    "http://127.0.0.1/",
    "http://.example",
    "https://a.example/\n",
    "tg://user?id=7",
    "http://host./",
)

texts = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=40), max_size=8).map("".join)
spots = st.integers(-3, 120)
bolds = st.lists(st.tuples(spots, spots), max_size=6).map(tuple)
links = st.lists(st.tuples(spots, spots, st.sampled_from(URLS) | st.text(max_size=20)), max_size=4).map(tuple)


def telegrams_own_parser(dressed: Dressed) -> str:
    """What TDLib says of a text and its entities: empty when it takes them."""
    entities = [
        {
            "@type": "textEntity",
            "offset": entity.offset,
            "length": entity.length,
            "type": _kind(entity.type, entity.url),
        }
        for entity in dressed.entities
    ]
    text = {"@type": "formattedText", "text": dressed.text, "entities": entities}
    answer = tdjson.td_execute(json.dumps({"@type": "getMarkdownText", "text": text}).encode())
    return str(json.loads(answer or b"{}").get("message", ""))


def _kind(kind: str, url: str | None) -> dict[str, str]:
    if kind == "text_link":
        return {"@type": "textEntityTypeTextUrl", "url": url or ""}
    return {"@type": f"textEntityType{kind.capitalize()}"}


@pytest.fixture(scope="module", autouse=True)
def _quiet_tdlib() -> None:
    tdjson.td_execute(b'{"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}')


def test_the_parser_of_telegram_does_refuse_what_is_wrong() -> None:
    split = Dressed("😀", dress("ab", [Mark("bold", 0, 1)]).entities)
    assert "middle of a UTF-16 symbol" in telegrams_own_parser(split)


@given(texts, bolds, links)
@settings(deadline=None, max_examples=300)
def test_whatever_is_dressed_is_taken_by_the_parser_of_telegram(
    text: str, bold: tuple[tuple[int, int], ...], link: tuple[tuple[int, int, str], ...]
) -> None:
    marks = [Mark("bold", *mark) for mark in bold] + [Mark("text_link", *mark) for mark in link]
    dressed = dress(text, marks)
    assert telegrams_own_parser(dressed) == ""
    assert 1 <= len(dressed.text) <= LIMIT
    assert dressed.text == dressed.text.strip()


@given(text=texts, bold=bolds, link=links)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_an_alert_says_arrives_at_the_first_attempt(
    api: BotApi, bot: Bot, text: str, bold: tuple[tuple[int, int], ...], link: tuple[tuple[int, int, str], ...]
) -> None:
    def hostile(alert: Alert) -> Message:
        return Message(text, bold, link)

    before = len(api.called("sendMessage"))
    assert isinstance(await TelegramSink(bot, hostile).send(alert_for(7)), Sent)
    assert len(api.called("sendMessage")) == before + 1
    assert api.dropped_links == []


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u200d", "\0", "\u3164", "\u202e"])
def test_a_text_without_anything_to_see_is_replaced(text: str) -> None:
    assert dress(text, [Mark("bold", 0, 1)]) == Dressed(NOTHING_TO_SHOW)


def test_markup_is_shown_literally() -> None:
    assert dress("<b>&\"'</b> _*[x](y)* a<5").text == "<b>&\"'</b> _*[x](y)* a<5"


def test_control_characters_and_direction_overrides_are_neutralised_in_place() -> None:
    assert clean("a\0b\u202ec\u2028d\ud800e\nf") == "a b\u200bc\nd\ufffde\nf"


def test_marks_count_utf_16_units_after_emoji() -> None:
    (entity,) = dress("😀😀 ten", [Mark("bold", 3, 6)]).entities
    assert (entity.offset, entity.length) == (5, 3)


def test_marks_move_with_the_spaces_that_are_trimmed() -> None:
    (entity,) = dress("   ten  ", [Mark("bold", 3, 6)]).entities
    assert (entity.offset, entity.length) == (0, 3)


def test_a_text_of_exactly_the_limit_stays_whole_also_when_made_of_emoji() -> None:
    assert cut("😀" * LIMIT) == "😀" * LIMIT


def test_a_longer_text_ends_at_a_word_and_in_an_ellipsis() -> None:
    shortened = cut("word " * 2000)
    assert len(shortened) <= LIMIT
    assert shortened.endswith("word…")


@pytest.mark.parametrize("cluster", ["👩‍👩‍👧‍👦", "🇦🇲", "e\u0301", "👍🏽"])
def test_a_cut_never_halves_what_is_seen_as_one_character(cluster: str) -> None:
    shortened = cut("x" + cluster * 4096)
    whole = shortened.removeprefix("x").removesuffix("…")
    assert len(shortened) <= LIMIT
    assert whole == cluster * (len(whole) // len(cluster))


def test_marks_behind_a_cut_are_clipped_or_dropped() -> None:
    dressed = dress("x" * 5000, [Mark("bold", 4000, 4900), Mark("code", 4950, 4960)])
    assert [(entity.offset, entity.offset + entity.length) for entity in dressed.entities] == [(4000, 4096)]


def test_a_link_to_a_real_host_stands_behind_its_words() -> None:
    (entity,) = dress("Kura Wire", [Mark("text_link", 0, 9, "https://kura.example/1")]).entities
    assert (entity.type, entity.url) == ("text_link", "https://kura.example/1")


@pytest.mark.parametrize("url", ["http://localhost/x", "http://host/", "javascript:alert(1)"])
def test_an_address_that_cannot_be_a_link_stays_readable(url: str) -> None:
    dressed = dress("A: Kura Wire, 10", [Mark("text_link", 3, 12, url), Mark("bold", 14, 16)])
    assert dressed.text == f"A: Kura Wire ({url}), 10"
    (entity,) = dressed.entities
    assert dressed.text[entity.offset : entity.offset + entity.length] == "10"


def test_hosts_without_a_dot_and_strange_schemes_are_no_links() -> None:
    assert [url for url in URLS if is_linkable(url)] == ["https://a.example/x?y=1", "https://пример.рф/новость"]

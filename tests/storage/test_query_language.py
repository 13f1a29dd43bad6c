"""The query language: what it finds, how it is written, and how it says what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.indicators import INDICATORS
from rules.places import Place
from storage.query import EventQuery, QueryError, parse_query
from tests.storage.builders import EVENT, NOW, SOURCE

ARMENIAN = replace(SOURCE, language="hy", title="Տասը գերի վերադարձավ Երևան", quote="", owner="Ararat Press", side="am")
AZERBAIJANI = replace(SOURCE, language="az", title="BAKI: İRƏVANA on nəfər təhvil verildi", quote="", owner="Xəzər")
SEEN = replace(EVENT, sources=(SOURCE, ARMENIAN, AZERBAIJANI, replace(SOURCE, owner="Volga", stance="denial")))


def complaint(query: str, *, for_subscription: bool = False) -> list[str]:
    with pytest.raises(QueryError) as caught:
        parse_query(query, for_subscription=for_subscription, now=NOW)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "indicator:pow-release",
        "indicator:summit,pow-held",
        "INDICATOR:Pow-Release indicator:pow-held",
        "level:high",
        "level:low",
        "sources:3",
        "place:Yerevan",
        "place:yerevan,Goris",
        "place:Armenia",
        'place:"Yerevan city"',
        'place:"Sev Lake"',
        "place:“Sev Lake”",
        "servicemen",
        '"ten servicemen"',
        "«TEN SERVICEMEN»",
        "baku ten",
        "service*",
        '"handed o*"',
        "ԵՐԵՎԱՆ",
        "Երեւան",
        "baki",
        "Bakı",
        "irəvana",
        "İrəvana",
        "since:2021-12-04",
        "since:7d until:2021-12-04",
        "on:2021-12-04",
        "since:2021-12-04T19:10+04:00",
        'indicator:pow-release level:medium place:Yerevan sources:2 ten "handed over" since:1h',
    ],
)
def test_it_finds(query: str) -> None:
    assert parse_query(query, now=NOW).matches(SEEN)


@pytest.mark.parametrize(
    "query",
    [
        "indicator:summit",
        "indicator:pow-release indicator:summit",
        "level:critical",
        "sources:4",
        "place:Goris",
        "place:Lake place:Goris",
        'place:"Yerevan Lake"',
        "service",
        "servicemen lorry",
        '"servicemen ten"',
        '"over ten servicemen baku"',
        "since:2021-12-05",
        "until:2021-12-03",
        "on:2021-12-03",
        "until:1h",
    ],
)
def test_it_does_not_find(query: str) -> None:
    assert not parse_query(query, now=NOW).matches(SEEN)


def test_a_suffix_behind_an_apostrophe_hides_no_word() -> None:
    event = replace(EVENT, sources=(replace(SOURCE, language="tr", title="Ermenistan’a iade edildi", quote=""),))
    for query in ("Ermenistan", "ermenistan'a", '"Ermenistan iade"'):
        assert parse_query(query).matches(event)


def test_a_phrase_does_not_run_from_one_text_into_the_next() -> None:
    event = replace(EVENT, title="Ten servicemen", sources=())
    assert not parse_query('"sev lake yerevan"').matches(event)
    assert not parse_query('place:"Yerevan Sev"').matches(event)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("  ", ""),
        ("exchange level:HIGH", "level:high exchange"),
        ("level:low level:high sources:1 sources:2", "level:high sources:2"),
        ("indicator:summit,summit indicator:summit", "indicator:summit"),
        ("place:“Sev   Lake”,Goris", 'place:"Sev Lake",Goris'),
        ('"Goris-Kapan" "a:b" "-x"', 'Goris-Kapan "a:b" "-x"'),
        ("on:2021-12-04", "since:2021-12-04T00:00:00Z until:2021-12-05T00:00:00Z"),
        ("since:2d", "since:2021-12-02T15:10:00Z"),
        ("since:0001-01-01T00:00:00.5", "since:0001-01-01T00:00:00Z"),
    ],
)
def test_a_query_has_one_canonical_form(query: str, canonical: str) -> None:
    assert str(parse_query(query, now=NOW)) == canonical


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "level:high indicator:pow-relase",
            [
                'there is no indicator "pow-relase"',
                "  level:high indicator:pow-relase",
                "                       ^^^^^^^^^^",
                "did you mean pow-release?",
            ],
        ),
        (
            "indicator:summit,xyz",
            [
                'there is no indicator "xyz"',
                "  indicator:summit,xyz",
                "                   ^^^",
                f"known are {', '.join(INDICATORS)}",
            ],
        ),
        (
            "levle:high",
            ['there is no key "levle"', "  levle:high", "  ^^^^^^^^^^", "did you mean level?"],
        ),
        (
            "colour:red",
            [
                'there is no key "colour"',
                "  colour:red",
                "  ^^^^^^^^^^",
                "known are indicator, level, place, sources, since, until, on",
            ],
        ),
        ("level:hihg", ['there is no level "hihg"', "  level:hihg", "        ^^^^", "did you mean high?"]),
        (
            "place: Syunik",
            [
                "place: needs a value right behind the colon",
                "  place: Syunik",
                "  ^^^^^^",
                'for instance place:"Sev Lake"',
            ],
        ),
        (
            'ten "handed over',
            [
                "this quotation mark is not closed",
                '  ten "handed over',
                "      ^^^^^^^^^^^^",
                'write "words like this"',
            ],
        ),
        (
            "level:low,high",
            ["level: takes one value", "  level:low,high", "  ^^^^^^^^^^^^^^", "for instance level:high"],
        ),
        (
            "ten -football",
            [
                "what stands behind a minus cannot be excluded yet",
                "  ten -football",
                "      ^^^^^^^^^",
                "leave it out",
            ],
        ),
        ("!!!", ["there is no word here to look for", "  !!!", "  ^^^", "write letters or digits"]),
        (
            "sources:many",
            ["sources: takes a number from 1 to 99", "  sources:many", "          ^^^^", "for instance sources:2"],
        ),
        (
            "since:yesterday",
            [
                '"yesterday" is not a time',
                "  since:yesterday",
                "        ^^^^^^^^^",
                "for instance since:2021-11-16, or 7d, 12h, 2w",
            ],
        ),
        ("on:7d", ['"7d" is not a day', "  on:7d", "     ^^", "for instance on:2021-11-16"]),
        (
            "until:9999-12-31",
            [
                '"9999-12-31" is not a time',
                "  until:9999-12-31",
                "        ^^^^^^^^^^",
                "for instance since:2021-11-16, or 7d, 12h, 2w",
            ],
        ),
    ],
)
def test_a_fault_is_shown_with_what_was_probably_meant(query: str, says: list[str]) -> None:
    assert complaint(query) == says


@pytest.mark.parametrize("key", ["since", "until", "on"])
def test_a_subscription_cannot_ask_for_a_time(key: str) -> None:
    says = complaint(f"level:high {key}:2021-12-04", for_subscription=True)
    assert says[0] == f"{key}: belongs to asking; a subscription hears of what happens from now on"
    assert says[-1] == "leave it out"


def test_a_query_has_a_bounded_length() -> None:
    assert "at most 500 characters, this one 501" in complaint("x" * 501)[0]


def test_a_line_break_is_a_space_and_does_not_shift_the_caret() -> None:
    assert complaint("ten\n\tlevel:x")[1:3] == ["  ten  level:x", "             ^"]


def test_rule_folders_of_ones_own_bring_indicators_of_their_own() -> None:
    assert parse_query("indicator:water", indicators=["water"]).indicators == (("water",),)
    assert parse_query("indicator:anything", indicators=None).indicators == (("anything",),)


def test_two_spellings_of_one_question_share_a_key() -> None:
    one = parse_query('place:Goris,"Sev Lake" Exchange ten')
    other = parse_query("ten exchange place:“SEV  lake”,goris")
    assert one.key == other.key
    assert one.key != parse_query('place:Goris place:"Sev Lake" exchange ten').key


def test_a_country_is_found_by_its_name_and_its_code() -> None:
    sochi = replace(EVENT, facts={}, place=Place("ru-sochi", "Sochi", "RU", "Krasnodar Krai", 43.6, 39.7, "exact"))
    for query in ("place:Russia", "place:ru", "place:Krasnodar", "place:sochi"):
        assert parse_query(query).matches(sochi)


@given(st.text(max_size=80))
def test_any_text_is_a_query_or_a_fault_that_points_into_it(text: str) -> None:
    try:
        query = parse_query(text, now=NOW)
    except QueryError as error:
        problem, shown, caret, advice = str(error).split("\n")
        assert problem
        assert advice
        assert len(caret) <= len(shown) + 1
        return
    assert parse_query(str(query), now=NOW) == query


moments = st.integers(-(10**9), 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds))
words = st.text(st.characters(blacklist_characters='"“”„«»', categories=["L", "Nd", "P", "Zs"]), max_size=12).map(
    lambda text: " ".join(("x" + text).split())
)


@given(
    st.builds(
        EventQuery,
        indicators=st.lists(st.sampled_from(INDICATORS), min_size=1, max_size=2, unique=True).map(
            lambda g: (tuple(g),)
        ),
        level=st.sampled_from(["", "low", "critical"]),
        places=st.lists(words, min_size=1, max_size=2, unique=True).map(lambda group: (tuple(group),)),
        sources=st.integers(0, 99),
        since=st.none() | moments,
        until=st.none() | moments,
        texts=st.lists(words, max_size=3, unique=True).map(tuple),
    )
)
def test_the_canonical_form_reads_back_as_the_same_query(query: EventQuery) -> None:
    assert parse_query(str(query)) == query


def test_times_are_understood_in_any_zone() -> None:
    baku = datetime(2021, 12, 4, 19, 10, tzinfo=timezone(timedelta(hours=4)))
    assert parse_query(f"since:{baku.isoformat()}").since == NOW


@pytest.mark.parametrize("text", ["\x00\x01", "\u200b", "\u202e", "...", '""'])
def test_what_holds_no_word_is_no_query_for_everything(text: str) -> None:
    with pytest.raises(QueryError, match="there is no word here"):
        parse_query(text)

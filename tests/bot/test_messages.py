"""The alert as a chat sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.growth import grow
from bot.messages import LIMIT, SOURCES_SHOWN, Message, compose, state_line, time_line
from rules.match import Facts
from storage.events import Event
from tests.builders import ARARAT, KURA, SEV_LAKE, VOLGA, alert, article, event, match


def lines(told: Event) -> list[str]:
    return compose(alert(told)).text.splitlines()


def marked(message: Message) -> list[str]:
    return [message.text[start:end] for start, end in message.bold]


def with_source(told: Event, source: object, **how: object) -> Event:
    hour = timedelta(hours=len(told.sources))
    found = match(**how)  # type: ignore[arg-type]
    each = article("Told again", source=source, after=hour)  # type: ignore[arg-type]
    return grow(told, len(told.sources) + 1, each, [found], found, "same day")


def test_it_says_how_grave_what_where_when_and_from_whom() -> None:
    shown = lines(event(match("border-incursion", places=(SEV_LAKE,)), article("Units cross at Sev Lake")))
    assert shown[0] == "HIGH · Captives released, returned or exchanged"
    assert shown[1] == "Units cross at Sev Lake"
    assert "Sev Lake, Syunik, Armenia · Tue 16 Nov 2021, 16:00 Yerevan · 15:00 Moscow" in shown
    assert any(line.startswith("Sources: Ararat News (am, English) 16:00") for line in shown)
    assert any(line.startswith("Why: rule border-incursion: handover") for line in shown)


def test_the_matched_words_are_bold_in_their_sentence() -> None:
    told = event(match(), article("Ten captives return"))
    source = replace(told.sources[0], quote="Ten captives return", bold=((4, 12),))
    message = compose(alert(replace(told, sources=(source,))))
    assert "captives" in marked(message)
    assert message.text.count("Ten captives return") == 1


def test_a_single_source_is_named_as_such() -> None:
    assert state_line(event(match())) == "reported by 1 owner; only from Yerevan's side"


def test_a_denial_is_named_with_who_denies() -> None:
    denied = with_source(event(match()), KURA, stance="denial")
    assert state_line(denied) == "reported by 1 owner; only from Yerevan's side; denied by Kura Wire"


def test_confirmation_by_both_sides_is_said_without_calling_it_a_fact() -> None:
    assert state_line(with_source(event(match()), KURA)) == "both sides tell of it, 2 owners"


def test_what_only_a_side_says_is_called_a_claim() -> None:
    claimed = event(match(stance="claim"))
    assert state_line(claimed) == "claimed by 1 owner; only from Yerevan's side"
    assert any("Ararat News (am, English, a claim) 16:00" in line for line in lines(claimed))


def test_the_outlets_link_to_their_articles() -> None:
    message = compose(alert(event(match())))
    ((start, end, url),) = message.links
    assert message.text[start:end] == "Ararat News"
    assert url.startswith("https://ararat-news.example/")


def test_many_sources_are_counted_rather_than_listed() -> None:
    told = event(match())
    for _ in range(SOURCES_SHOWN + 3):
        told = with_source(told, VOLGA)
    assert any("4 more" in line for line in lines(told))


def test_many_deniers_are_counted_rather_than_listed() -> None:
    told = event(match())
    denial = replace(told.sources[0], stance="denial")
    deniers = tuple(replace(denial, article=number, outlet=f"Outlet {number:03}") for number in range(2, 202))
    told = replace(told, sources=(*told.sources, *deniers), state="denied")
    assert state_line(told).endswith(f"Outlet {SOURCES_SHOWN + 1:03} and {200 - SOURCES_SHOWN} more")
    shown = lines(told)
    assert any(line.startswith("Sources: Ararat News") for line in shown)
    assert shown[-1] == "Event 1"


def test_figures_are_named_as_what_is_said_and_nobody_is_named_as_the_culprit() -> None:
    found = match("border-incursion")
    facts = Facts({"count": 6, "killed": 5}, {"by": ("Azerbaijani Armed Forces",)}, (SEV_LAKE,))
    shown = lines(event(replace(found, facts=facts)))
    assert "Figures named: count 6, killed 5" in shown
    assert not any("Azerbaijani Armed Forces" in line for line in shown)
    assert not any(line.startswith("Figures") for line in lines(event(match())))


def test_an_english_source_speaks_for_the_event_when_there_is_one() -> None:
    told = event(match(), replace(article("Տասը գերի վերադարձավ"), language="hy"))
    assert lines(told)[1] == "Տասը գերի վերադարձավ"
    assert lines(with_source(told, VOLGA))[1] == "Told again"


hostile = st.text(alphabet=st.characters(exclude_categories=()), max_size=9_000)


@given(title=hostile, quote=hostile, outlet=hostile)
def test_hostile_text_neither_breaks_the_limit_nor_the_marks(title: str, quote: str, outlet: str) -> None:
    told = event(match(), article("x", source=ARARAT))
    bold = ((0, len(quote) // 2),) if quote else ()
    source = replace(told.sources[0], title=title, quote=quote, bold=bold, outlet=outlet)
    denials = tuple(replace(source, outlet=f"{number}{outlet}", stance="denial") for number in range(12))
    crowd = replace(told, title=title, sources=(source,) * 12 + denials, label=title, clauses=(outlet,) * 40)
    message = compose(alert(replace(crowd, facts={f"{number}{quote}": 1 for number in range(9)})))
    assert 0 < len(message.text) <= LIMIT
    assert message.text.endswith("\nEvent 1")
    assert "\nSources: " in message.text
    spans = [*message.bold, *((start, end) for start, end, _ in message.links)]
    assert all(0 <= start < end <= len(message.text) for start, end in spans)


def test_moscow_s_clock_says_its_own_day_around_midnight() -> None:
    late = datetime(2022, 9, 12, 20, 40, tzinfo=UTC)
    assert time_line(late) == "Tue 13 Sep 2022, 00:40 Yerevan · 12 Sep, 23:40 Moscow"


def test_a_place_on_the_line_is_given_to_neither_side() -> None:
    lake = replace(SEV_LAKE, province="Syunik/Lachin")
    told = event(match("border-incursion", places=(lake,)))
    assert any(line.startswith("Sev Lake, between Syunik and Lachin · ") for line in lines(told))

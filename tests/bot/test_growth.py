"""What one more article changes in an event."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.growth import grow, state_of
from rules.article import Source
from rules.match import Stance
from storage.events import Event
from tests.builders import ARARAT, ISHKHANASAR, KURA, MASIS, NOON, SEV_LAKE, SYUNIK, VOLGA, article, event, match

HOUR = timedelta(hours=1)


def grown(known: Event, source: Source, *, stance: Stance = "report", count: int | None = None) -> Event:
    told = article("It happened", source=source, after=HOUR)
    found = match(stance=stance, count=count)
    return grow(known, 2, told, [found] if stance == "report" else [], found, "same day")


def test_one_owner_is_a_single_source_even_with_two_outlets() -> None:
    assert grown(event(match()), MASIS).state == "single"


def test_two_owners_make_it_reported() -> None:
    assert grown(event(match()), VOLGA).state == "reported"


def test_both_sides_reporting_it_make_it_confirmed() -> None:
    assert grown(event(match()), KURA).state == "confirmed"


def test_a_rebuttal_makes_it_denied_and_changes_nothing_else() -> None:
    known = event(match(count=10))
    denied = grown(known, KURA, stance="denial", count=3)
    assert denied.state == "denied"
    assert (denied.facts, denied.title, denied.owners) == (known.facts, known.title, known.owners)
    assert [source.stance for source in denied.sources] == ["report", "denial"]


def test_of_figures_the_newest_stands() -> None:
    assert grown(event(match(count=12)), KURA, count=32).facts["count"] == 32


def test_a_late_article_does_not_set_the_figure_back() -> None:
    early = article("First figures", source=KURA, after=-HOUR)
    known = event(match(count=32))
    assert grow(known, 2, early, [match(count=12)], match(count=12), "late").facts["count"] == 32


def test_names_of_places_add_up_and_a_spot_says_more_than_its_province() -> None:
    known = event(match(places=(SYUNIK,)))
    more = match(places=(SEV_LAKE, ISHKHANASAR))
    after = grow(known, 2, article(after=HOUR), [more], more, "same province")
    assert after.facts["places"] == ("Syunik", "Sev Lake", "Ishkhanasar")
    assert after.place == SEV_LAKE


def test_the_level_rises_with_what_the_event_shows() -> None:
    graver = match("border-incursion", level="critical")
    after = grow(event(match(level="medium")), 2, article(after=HOUR), [graver], graver, "same day")
    assert after.level == "critical"
    assert after.indicators == ("pow-release", "border-incursion")


def test_sources_stand_in_the_order_of_publication() -> None:
    after = grow(event(match()), 2, article(source=VOLGA, after=-HOUR), [match()], match(), "late")
    assert [source.outlet for source in after.sources] == ["Volga Agency", "Ararat News"]
    assert (after.first_seen, after.last_seen) == (NOON - HOUR, NOON)


@given(st.lists(st.sampled_from([ARARAT, MASIS, KURA, VOLGA]), min_size=1, max_size=6), st.randoms())
def test_the_state_does_not_depend_on_the_order_of_arrival(speakers: list[Source], random: object) -> None:
    sources = [event(match(), article(source=speaker)).sources[0] for speaker in speakers]
    shuffled = sorted(sources, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis' Random
    assert state_of(sources) == state_of(shuffled)

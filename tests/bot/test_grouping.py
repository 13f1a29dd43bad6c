"""Which event an article speaks of: one happening is one event, and two happenings stay two."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.grouping import Join, Nothing, Open, distance_km, group
from rules.match import Match
from rules.places import Place
from rules.rule import EventRule
from storage.events import Event
from tests.builders import (
    BRUSSELS,
    ISHKHANASAR,
    KURA,
    LACHIN,
    SEV_LAKE,
    SOCHI,
    SYUNIK,
    YERASKH,
    article,
    event,
    match,
)

RULES = {
    "pow-release": EventRule(differ_by="count"),
    "border-incursion": EventRule(),
    "summit": EventRule(open_for=timedelta(days=7), alike_for=timedelta(days=4)),
}
LATER = timedelta(hours=3)


def decide(found: Match, *known: Event, after: timedelta = LATER) -> Join | Open | Nothing:
    return group(article("More of it", source=KURA, after=after), [found], known, RULES)


def test_the_first_report_opens_an_event() -> None:
    assert isinstance(decide(match()), Open)


def test_an_article_without_a_match_opens_nothing() -> None:
    assert group(article(), [], [], RULES) == Nothing("no rule matched")


def test_the_other_side_s_report_of_the_same_release_joins() -> None:
    known = event(match(count=10))
    decision = decide(match(count=10), known)
    assert isinstance(decision, Join)
    assert decision.event is known
    assert "same figure (10)" in decision.why


def test_a_release_of_one_size_on_one_day_is_one_event_whatever_places_are_named() -> None:
    known = event(match(count=8, places=(YERASKH,)))
    assert isinstance(decide(match(count=8, places=(BRUSSELS,)), known), Join)


def test_two_releases_of_different_size_stay_two_events() -> None:
    assert isinstance(decide(match(count=2), event(match(count=10))), Open)


def test_two_releases_of_one_size_stay_two_when_their_window_has_closed() -> None:
    assert isinstance(decide(match(count=10), event(match(count=10)), after=timedelta(days=15)), Open)


def test_a_report_without_a_figure_joins_on_the_same_day_only() -> None:
    known = event(match(count=10))
    assert isinstance(decide(match(), known), Join)
    assert isinstance(decide(match(), known, after=timedelta(hours=30)), Open)


def test_changed_figures_of_one_fight_are_one_event() -> None:
    known = event(match("border-incursion", count=12, places=(SEV_LAKE,)))
    assert isinstance(decide(match("border-incursion", count=32, places=(SEV_LAKE,)), known), Join)


@pytest.mark.parametrize(
    ("place", "reason"),
    [(SEV_LAKE, "same place (Sev Lake)"), (ISHKHANASAR, "is near"), (SYUNIK, "is near")],
)
def test_one_scene_under_several_names_is_one_event(place: Place, reason: str) -> None:
    decision = decide(match("border-incursion", places=(place,)), event(match("border-incursion", places=(SEV_LAKE,))))
    assert isinstance(decision, Join)
    assert reason in decision.why


def test_each_side_naming_its_own_villages_of_one_stretch_is_one_event_on_one_day_only() -> None:
    known = event(match("border-incursion", places=(SEV_LAKE,)))
    across = match("border-incursion", places=(LACHIN,))
    assert isinstance(decide(across, known), Join)
    assert isinstance(decide(across, known, after=timedelta(hours=30)), Open)


def test_fighting_at_another_place_is_another_event_though_on_the_same_day() -> None:
    decision = decide(
        match("border-incursion", places=(YERASKH,)), event(match("border-incursion", places=(SEV_LAKE,)))
    )
    assert isinstance(decision, Open)
    assert "another place" in decision.why


def test_two_meetings_announced_on_one_day_are_two_events() -> None:
    assert isinstance(decide(match("summit", places=(BRUSSELS,)), event(match("summit", places=(SOCHI,)))), Open)


def test_a_meeting_that_was_announced_days_before_is_one_event_with_its_announcement() -> None:
    announced = event(match("summit", places=(SOCHI,)))
    assert isinstance(decide(match("summit"), announced, after=timedelta(hours=74)), Join)
    assert isinstance(decide(match("summit", places=(SOCHI,)), announced, after=timedelta(days=6)), Join)
    assert isinstance(decide(match("summit", places=(SOCHI,)), announced, after=timedelta(days=9)), Open)


def test_another_indicator_is_another_event() -> None:
    assert isinstance(decide(match("summit"), event(match("pow-release"))), Open)


def test_the_newest_of_the_events_that_fit_is_joined() -> None:
    older, newer = event(match(), number=1), event(match(), article("Again", after=LATER), number=2)
    decision = decide(match(), newer, older)
    assert isinstance(decision, Join)
    assert decision.event.id == 2


def test_a_denial_joins_the_event_that_it_rebuts_and_opens_none() -> None:
    denial = match("border-incursion", places=(SEV_LAKE,), stance="denial")
    assert isinstance(decide(denial, event(match("border-incursion", places=(SEV_LAKE,)))), Join)
    assert decide(denial) == Nothing("a denial of nothing that is known")


def test_a_denial_voiced_in_a_capital_rebuts_what_happened_elsewhere() -> None:
    baku = Place("az-baku", "Baku", "AZ", "Baku", 40.41, 49.87, "exact")
    denial = match("border-incursion", places=(baku,), stance="denial")
    assert isinstance(decide(denial, event(match("border-incursion", places=(SEV_LAKE,)))), Join)


@pytest.mark.parametrize("stance", ["question", "hypothetical", "anniversary", "recap", "opinion", "none"])
def test_what_only_plays_with_the_news_neither_opens_nor_joins(stance: str) -> None:
    played = match(stance=stance)  # type: ignore[arg-type]  # the names above are stances
    decision = decide(played, event(match()))
    assert isinstance(decision, Nothing)
    assert stance in decision.why


def test_news_beside_a_denial_counts_as_news() -> None:
    both = [match("summit", stance="denial"), match("pow-release")]
    decision = group(article(), both, [], RULES)
    assert isinstance(decision, Open)
    assert decision.match.rule == "pow-release"


def test_an_article_that_comes_late_joins_by_its_own_time() -> None:
    assert isinstance(decide(match(), event(match()), after=-timedelta(hours=5)), Join)
    assert isinstance(decide(match(), event(match()), after=-timedelta(days=5)), Open)


def test_distances_are_in_kilometres() -> None:
    assert 4 < distance_km(SEV_LAKE, ISHKHANASAR) < 7

"""What one more article changes in an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.growth import grow
from rules.article import Article, Source
from rules.match import NEWS, Match, Stance
from storage.events import Event
from tests.builders import (
    ARARAT,
    ISHKHANASAR,
    KURA,
    MASIS,
    NOON,
    SEV_LAKE,
    SYUNIK,
    VOLGA,
    YERASKH,
    article,
    event,
    match,
)

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


@dataclass(frozen=True)
class Told:
    """One article of a happening, and what the rules saw in it."""

    number: int
    article: Article
    match: Match


@st.composite
def happenings(draw: st.DrawFn) -> list[Told]:
    """Articles of one happening by number; at least the first reports it. Some come out at the same minute."""
    told = []
    for number in range(1, draw(st.integers(2, 6)) + 1):
        source, language = (
            draw(st.sampled_from([ARARAT, MASIS, KURA, VOLGA])),
            draw(st.sampled_from(["en", "ru", "hy"])),
        )
        each = article(f"Title {number}", source=source, after=draw(st.integers(-3, 3)) * HOUR)
        count = draw(st.none() | st.integers(1, 32))
        places = tuple(draw(st.lists(st.sampled_from([SYUNIK, SEV_LAKE, ISHKHANASAR, YERASKH]), max_size=3)))
        stance: Stance = draw(st.sampled_from(["report", "claim", "denial"])) if number > 1 else "report"
        level = draw(st.sampled_from(["medium", "high", "critical"]))
        found = match(count=count, places=places, stance=stance, level=level)
        told.append(Told(number, replace(each, language=language), found))
    return told


def in_order(told: Sequence[Told]) -> Event:
    """The event when its articles come in like this."""
    first, *later = told
    known = event(first.match, first.article, number=first.number)
    for each in later:
        news = [each.match] if each.match.stance in NEWS else []
        known = grow(known, each.number, each.article, news, each.match, "same day")
    return known


@given(happenings(), st.data())
def test_the_event_does_not_depend_on_the_order_in_which_its_articles_come_in(
    told: list[Told], data: st.DataObject
) -> None:
    opener = data.draw(st.sampled_from([each for each in told if each.match.stance in NEWS]))
    others = data.draw(st.permutations([each for each in told if each is not opener]))
    one, other = in_order(told), in_order([opener, *others])
    assert content(one) == content(other)


def content(told: Event) -> Event:
    """The event without what is owed to the article that came first: its number, and the reasons for joining."""
    return replace(told, id=0, sources=tuple(replace(source, why="") for source in told.sources))


def test_of_two_figures_that_came_late_the_later_published_stands() -> None:
    known = event(match(count=1))
    silent = grow(known, 2, article("No figure", source=KURA, after=3 * HOUR), [match()], match(), "same day")
    between = match(count=6)
    after = grow(silent, 3, article("Six", source=VOLGA, after=2 * HOUR), [between], between, "late")
    assert after.facts["count"] == 6


def test_a_late_article_that_was_published_first_gives_the_title_and_the_place() -> None:
    known = event(match(places=(YERASKH,)), article("Second", after=HOUR))
    earlier = match(places=(SEV_LAKE,))
    after = grow(known, 2, article("First"), [earlier], earlier, "late")
    assert (after.title, after.place) == ("First", SEV_LAKE)

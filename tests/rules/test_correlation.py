"""Escalations: what must come together fires once, at the right moment, in whatever order it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.correlation import GROUPINGS, KINDS, STATES, Correlation, CorrelationRule, Firing, Happening, Kind, evaluate
from storage import tables

START = datetime(2021, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = START + 1000 * DAY


def day(number: float) -> datetime:
    return START + number * DAY


def incursion(number: float, province: str = "Syunik", name: str = "", rule: str = "border-incursion") -> Happening:
    return Happening(rule, name or f"{rule} {number} {province}", day(number), province=province)


def release(number: float) -> Happening:
    return incursion(number, rule="pow-release")


def watching(kind: Kind = "event_count", open_for: float = 7, **parts: object) -> CorrelationRule:
    """A rule on incursions in one province: three within a week, unless told otherwise."""
    usual = Correlation("event_count", ("border-incursion",), ("province",), 7 * DAY, 3)
    if kind.startswith("temporal"):
        usual = replace(usual, rules=("border-incursion", "pow-release"), at_least=0)
    if kind == "event_rate":
        usual = replace(usual, baseline=28 * DAY, times=Fraction(3))
    correlation = replace(usual, kind=kind, **parts)  # type: ignore[arg-type]
    return CorrelationRule(
        "multiply", "Incursions multiply", "critical", "test", "For tests.", (), (), correlation, open_for * DAY, (),
        "00000000", "rule.yaml",
    )  # fmt: skip


def fired(rule: CorrelationRule, happenings: Iterable[Happening], **told: datetime) -> list[float]:
    """The days at which the rule fires."""
    return [(firing.at - START) / DAY for firing in evaluate(rule, happenings, LATER, **told)]


def test_so_many_events_within_the_timespan_fire_at_the_last_of_them() -> None:
    (firing,) = evaluate(watching(), [incursion(0), incursion(3), incursion(5)], LATER)
    assert (firing.correlation, firing.group, firing.at, firing.until) == ("multiply", ("Syunik",), day(5), day(5))
    assert [happening.at for happening in firing.happenings] == [day(0), day(3), day(5)]


def test_both_ends_of_the_timespan_are_within_it_to_the_microsecond() -> None:
    within = [incursion(0), incursion(3), incursion(7)]
    late = replace(within[2], at=day(7) + timedelta(microseconds=1))
    assert fired(watching(), within) == [7]
    assert fired(watching(), [*within[:2], late]) == []


def test_events_of_other_rules_and_other_groups_do_not_count() -> None:
    assert fired(watching(), [incursion(0), incursion(1), release(2)]) == []
    assert fired(watching(), [incursion(0), incursion(1), incursion(2, "Tavush")]) == []
    assert fired(watching(group_by=()), [incursion(0), incursion(1), incursion(2, "Tavush")]) == [2]


def test_each_group_fires_by_itself() -> None:
    both = [incursion(number, province) for number in (0, 1, 2) for province in ("Syunik", "Tavush")]
    assert [firing.group for firing in evaluate(watching(), both, LATER)] == [("Syunik",), ("Tavush",)]


def test_an_event_of_no_known_province_belongs_to_no_province() -> None:
    unknown = [incursion(number, "") for number in (0, 1, 2)]
    assert fired(watching(), unknown) == []
    assert fired(watching(group_by=()), unknown) == [2]


def test_a_place_on_a_boundary_counts_in_both_provinces() -> None:
    assert fired(watching(), [incursion(0), incursion(1, "Syunik/Lachin"), incursion(2)]) == [2]


def test_groups_may_be_places_within_a_country() -> None:
    rule = watching(group_by=("country", "place"))
    lake = [replace(incursion(number), country="AM", place="Sev Lake") for number in (0, 1, 2)]
    assert [firing.group for firing in evaluate(rule, lake, LATER)] == [("AM", "Sev Lake")]
    assert fired(rule, [*lake[:2], replace(lake[2], place="Verishen")]) == []


def test_an_event_that_is_revised_counts_once_and_as_it_stands_now() -> None:
    known = [incursion(0), incursion(1, name="one"), replace(incursion(1, name="one"), revision=2)]
    assert fired(watching(), known) == []
    moved = replace(incursion(2, name="two"), revision=1)
    assert fired(watching(), [*known, incursion(2, "", name="two"), moved]) == [2]
    away = replace(moved, revision=2, at=day(1), province="Tavush")
    assert fired(watching(), [*known, moved, away]) == []


def test_an_event_that_shows_two_indicators_is_one_event() -> None:
    rule = watching(rules=("border-incursion", "border-clash"))
    clash = incursion(0, name="border-incursion 0 Syunik", rule="border-clash")
    assert fired(rule, [incursion(0), clash, incursion(1)]) == []
    assert fired(rule, [incursion(0), clash, incursion(1), incursion(2)]) == [2]


def test_only_events_in_the_states_that_are_named_count() -> None:
    rule = watching(states=("confirmed",))
    confirmed = [replace(incursion(number), state="confirmed") for number in (0, 1, 2)]
    assert fired(rule, confirmed) == [2]
    assert fired(rule, [*confirmed[:2], replace(confirmed[2], state="single")]) == []


def test_what_has_not_happened_yet_does_not_count() -> None:
    told = [incursion(0), incursion(3), incursion(5)]
    assert evaluate(watching(), told, day(4.9)) == []
    assert len(evaluate(watching(), told, day(5))) == 1


def test_while_it_is_open_further_events_join_and_after_a_quiet_time_it_fires_anew() -> None:
    rule = watching(open_for=4)
    first = [incursion(0), incursion(1), incursion(2)]
    (firing,) = evaluate(rule, [*first, incursion(6)], LATER)
    assert (firing.at, firing.until) == (day(2), day(6))
    assert fired(rule, [*first, incursion(6), incursion(10.1)]) == [2]
    assert fired(rule, [*first, incursion(20), incursion(21), incursion(22)]) == [2, 22]


def test_a_late_report_may_show_that_it_began_earlier() -> None:
    told = [incursion(0), incursion(2), incursion(4)]
    assert fired(watching(), told) == [4]
    assert fired(watching(), [*told, incursion(1)]) == [2]


def test_a_deprecated_rule_never_fires() -> None:
    told = [incursion(0), incursion(1), incursion(2)]
    assert fired(replace(watching(), status="deprecated"), told) == []


def test_nothing_told_is_nothing_fired() -> None:
    assert [fired(watching(kind), []) for kind in KINDS] == [[], [], [], []]


def test_together_means_each_of_the_rules_in_either_order() -> None:
    rule = watching("temporal")
    assert fired(rule, [incursion(0), release(5)]) == [5]
    assert fired(rule, [release(0), incursion(7)]) == [7]
    assert fired(rule, [release(0), incursion(7.1)]) == []
    assert fired(rule, [release(0), release(1)]) == []


def test_in_order_means_as_the_rules_are_listed() -> None:
    rule = watching("temporal_ordered")
    assert fired(rule, [incursion(0), release(5)]) == [5]
    assert fired(rule, [release(0), incursion(5)]) == []
    assert fired(rule, [release(0), incursion(1), release(2)]) == [2]


def test_at_one_moment_counts_as_in_order() -> None:
    one = [incursion(3, name="one"), incursion(3, name="one", rule="pow-release")]
    assert fired(watching("temporal_ordered"), one) == [3]
    assert fired(watching("temporal_ordered"), one[::-1]) == [3]


def test_an_old_sequence_does_not_fire_again_when_its_first_part_is_repeated() -> None:
    rule = watching("temporal_ordered", open_for=1)
    assert fired(rule, [incursion(0), release(1), incursion(5)]) == [1]


def test_a_sequence_of_three_must_be_whole() -> None:
    rule = watching("temporal_ordered", rules=("border-incursion", "csto", "pow-release"))
    csto = incursion(2, rule="csto")
    assert fired(rule, [incursion(1), csto, release(3)]) == [3]
    assert fired(rule, [incursion(1), release(3), csto]) == [3]
    assert fired(rule, [csto, incursion(2.5), release(3)]) == []


def test_a_rate_is_held_against_its_own_past() -> None:
    quiet = [incursion(number) for number in (7, 14, 21, 28)]
    loud = [*quiet, *(incursion(number) for number in (9, 16, 23, 30))]
    burst = [incursion(number) for number in (36, 37, 38)]
    assert fired(watching("event_rate"), [*quiet, *burst], since=day(0)) == [38]
    assert fired(watching("event_rate"), [*loud, *burst], since=day(0)) == []


def test_an_event_with_two_indicators_is_one_event_of_the_past_as_well() -> None:
    rule = watching("event_rate", rules=("border-incursion", "border-clash"))
    past = [incursion(number, name=str(number)) for number in (0, 7, 14, 21)]
    clashes = [replace(each, rule="border-clash") for each in past]
    burst = [incursion(number) for number in (33, 34, 35)]
    assert fired(rule, [*past, *clashes, *burst]) == [35]


def test_a_rate_out_of_silence_fires_with_enough_events() -> None:
    assert fired(watching("event_rate"), [incursion(0), incursion(1)]) == []
    assert fired(watching("event_rate"), [incursion(0), incursion(1), incursion(2)]) == [2]


def test_exactly_so_many_times_the_usual_is_enough() -> None:
    told = [incursion(number) for number in (0, 7, 14, 21, 33, 34, 35)]
    assert fired(watching("event_rate"), told) == [35]
    assert fired(watching("event_rate", times=Fraction("3.01")), told) == []


def test_no_event_is_both_in_the_timespan_and_in_the_baseline() -> None:
    edge = [incursion(28), incursion(34), incursion(35)]
    assert fired(watching("event_rate", times=Fraction(100)), edge) == [35]
    assert fired(watching("event_rate", times=Fraction(100)), [incursion(0), *edge]) == []
    before = replace(incursion(0), at=day(0) - timedelta(microseconds=1))
    assert fired(watching("event_rate", times=Fraction(100)), [before, *edge]) == [35]


def test_a_rate_is_not_judged_before_the_record_covers_its_baseline() -> None:
    burst = [incursion(number) for number in (33, 34, 35)]
    assert fired(watching("event_rate"), burst, since=day(0)) == [35]
    assert fired(watching("event_rate"), burst, since=day(0.1)) == []
    assert fired(watching(), burst, since=day(30)) == [35]


def test_the_states_of_the_database_are_the_same() -> None:
    assert set(STATES) == set(tables.STATES)


happenings = st.lists(
    st.builds(
        Happening,
        rule=st.sampled_from(["border-incursion", "pow-release", "csto"]),
        id=st.sampled_from([str(number) for number in range(9)]),
        at=st.integers(0, 24 * 30).map(lambda hours: START + timedelta(hours=hours)),
        revision=st.integers(0, 2),
        province=st.sampled_from(["Syunik", "Syunik/Lachin", "Lachin", ""]),
        place=st.sampled_from(["Goris", ""]),
        country=st.sampled_from(["AM", ""]),
        state=st.sampled_from(STATES),
    ),
    max_size=14,
)


@st.composite
def rules_of(draw: st.DrawFn, kinds: Iterable[Kind] = KINDS) -> CorrelationRule:
    return watching(
        draw(st.sampled_from(list(kinds))),
        open_for=draw(st.integers(1, 10)),
        rules=tuple(draw(st.permutations(["border-incursion", "pow-release"]))),
        group_by=tuple(draw(st.lists(st.sampled_from(GROUPINGS), unique=True))),
        timespan=draw(st.integers(1, 10)) * DAY,
        at_least=draw(st.integers(2, 4)),
        baseline=draw(st.integers(10, 20)) * DAY,
        states=tuple(draw(st.just([]) | st.lists(st.sampled_from(STATES), unique=True))),
    )


def covers(firings: Iterable[Firing], firing: Firing) -> bool:
    return any(each.group == firing.group and each.at <= firing.at <= each.until for each in firings)


@given(rules_of(), happenings, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(
    rule: CorrelationRule, told: list[Happening], random: Random
) -> None:
    shuffled = random.sample(told, len(told))
    assert evaluate(rule, shuffled, LATER) == evaluate(rule, told, LATER)


@given(rules_of(), happenings)
def test_telling_an_event_twice_changes_nothing(rule: CorrelationRule, told: list[Happening]) -> None:
    assert evaluate(rule, [*told, *told], LATER) == evaluate(rule, told, LATER)


@given(rules_of(), happenings)
def test_asked_at_each_event_it_fires_just_when_it_does_afterwards(
    rule: CorrelationRule, told: list[Happening]
) -> None:
    """What comes later never changes what has fired, as long as it happened later as well."""
    told = list({(each.rule, each.id): each for each in told}.values())
    at_its_time: dict[tuple[tuple[str, ...], datetime], Firing] = {}
    for now in sorted({each.at for each in told}):
        for firing in evaluate(rule, (each for each in told if each.at <= now), now):
            first = at_its_time.setdefault((firing.group, firing.at), firing)
            assert first is not firing or firing.at == now
            assert first.happenings == firing.happenings
    afterwards = evaluate(rule, told, LATER)
    assert {(firing.group, firing.at) for firing in afterwards} == at_its_time.keys()


@given(rules_of(), happenings, st.timedeltas(-9000 * DAY, 9000 * DAY))
def test_the_same_a_year_later_fires_the_same_a_year_later(
    rule: CorrelationRule, told: list[Happening], shift: timedelta
) -> None:
    moved = [replace(each, at=each.at + shift) for each in told]
    expected = [(each.group, each.at + shift, each.until + shift) for each in evaluate(rule, told, LATER)]
    assert [(each.group, each.at, each.until) for each in evaluate(rule, moved, LATER + shift)] == expected


@given(rules_of(("event_count", "temporal", "temporal_ordered")), happenings, happenings)
def test_more_events_never_undo_an_escalation(
    rule: CorrelationRule, told: list[Happening], more: list[Happening]
) -> None:
    added = [replace(each, id=f"new {each.id}") for each in more]
    now = evaluate(rule, [*told, *added], LATER)
    assert all(covers(now, firing) for firing in evaluate(rule, told, LATER))


@given(rules_of(), happenings, st.integers(0, 30))
def test_a_shorter_memory_gives_the_same_escalations(
    rule: CorrelationRule, told: list[Happening], forgotten: int
) -> None:
    """What was open before may seem to begin later; nothing else differs."""
    told = list({(each.rule, each.id): each for each in told}.values())
    settled = day(forgotten) + rule.correlation.reach
    whole = evaluate(rule, told, LATER)
    short = evaluate(rule, (each for each in told if each.at >= day(forgotten)), LATER)
    assert all(covers(whole, firing) for firing in short if firing.at >= settled)
    assert all(covers(short, firing) for firing in whole if firing.at >= settled)


@given(rules_of(), happenings)
def test_a_firing_holds_what_made_it_fire_and_ends_before_the_next(
    rule: CorrelationRule, told: list[Happening]
) -> None:
    last: dict[tuple[str, ...], datetime] = {}
    for firing in evaluate(rule, told, LATER):
        moments = [each.at for each in firing.happenings]
        assert max(moments) == firing.at <= firing.until
        assert firing.at - min(moments) <= rule.correlation.timespan
        assert firing.group not in last or firing.at - last[firing.group] > rule.open_for
        last[firing.group] = firing.until


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_and_the_last_day_of_the_calendar_are_no_trap(kind: Kind) -> None:
    ends = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    told = [replace(incursion(0, name=str(number)), at=at) for number, at in enumerate(ends)]
    assert evaluate(watching(kind), told, ends[1]) == []

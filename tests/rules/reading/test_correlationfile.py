"""Escalation files: every fault at once, each with its place and a likely fix; the words an analyst would write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.correlation import CorrelationRule
from rules.diagnostics import RuleError
from rules.rulebook import Rulebook, RuleErrors, load_rulebook

COUNT = """
id: multiply
title: Incursions multiply
status: stable
level: critical
meaning: Three of them.
references:
  - {report: Chapter one, quote: a passage}
falsepositives: [one that is told twice]
correlation:
  type: event_count
  rules: [border-incursion, shots]
  group by: [province]
  timespan: 7d
  at least: 3
  states: [reported, confirmed]
event: {open for: 72h}
examples:
  match:
    - events:
        - {border-incursion: [2021-11-14 08:00, 2021-11-15], province: Syunik, state: reported}
        - {shots: 2021-11-16 12:00, province: Syunik, place: Goris, country: AM, state: confirmed}
      fires: 2021-11-16 12:00
  no match:
    - events: [{shots: [2021-11-14, 2021-11-15, 2021-11-16], province: Syunik, state: single}]
      why: states
"""
RATE = """
id: rise
title: Shots rise
status: test
level: high
meaning: More than usual.
correlation:
  type: event_rate
  rules: [shots]
  timespan: 1 week
  baseline: 56 days
  times: 2.5
  at least: 4
examples:
  match:
    - events: [{shots: [2021-11-14, 2021-11-15, 2021-11-16, 2021-11-17]}]
"""
RULE = """
id: shots
title: Shots
status: test
level: high
meaning: For tests.
terms: {shot: {en: [shots]}}
clauses: {shot: {any: [shot]}}
condition: shot
examples: {match: [{en: Shots}]}
"""


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content.encode("utf-8", "replace"))
    return folder


def faults(folder: Path, **files: str) -> tuple[RuleError, ...]:
    write(folder, {f"{name}.yaml": text for name, text in ({"rule": RULE} | files).items()})
    try:
        load_rulebook(folder)
    except RuleErrors as errors:
        return errors.errors
    return ()


def changed(text: str, before: str, after: str) -> str:
    assert text.count(before) == 1
    return text.replace(before, after)


def read(folder: Path, text: str) -> CorrelationRule:
    (rule,) = load_rulebook(write(folder, {"rule.yaml": RULE, "escalation.yaml": text})).correlations.values()
    return rule


def test_a_good_file_becomes_an_escalation_rule_and_no_rule_for_articles(tmp_path: Path) -> None:
    rule = read(tmp_path, COUNT)
    assert (rule.id, rule.title, rule.level, rule.status) == ("multiply", "Incursions multiply", "critical", "stable")
    assert (rule.references[0].quote, rule.falsepositives) == ("a passage", ("one that is told twice",))
    watched = rule.correlation
    assert (watched.kind, watched.rules, watched.group_by) == (
        "event_count", ("border-incursion", "shots"), ("province",),
    )  # fmt: skip
    assert (watched.timespan, watched.at_least, watched.states) == (timedelta(days=7), 3, ("reported", "confirmed"))
    assert rule.open_for == timedelta(hours=72)
    assert list(load_rulebook(tmp_path).rules) == ["shots"]


def test_a_rate_has_a_baseline_and_stays_open_for_its_timespan(tmp_path: Path) -> None:
    rule = read(tmp_path, RATE)
    assert (rule.correlation.timespan, rule.correlation.baseline) == (timedelta(days=7), timedelta(days=56))
    assert (rule.correlation.times, rule.open_for) == (Fraction(5, 2), timedelta(days=7))


def test_an_example_is_a_list_of_what_happened_when(tmp_path: Path) -> None:
    first, second = read(tmp_path, COUNT).examples
    assert [(each.rule, each.at.day, each.at.hour, each.state) for each in first.happenings] == [
        ("border-incursion", 14, 8, "reported"),
        ("border-incursion", 15, 0, "reported"),
        ("shots", 16, 12, "confirmed"),
    ]
    assert (first.happenings[2].place, first.happenings[2].country) == ("Goris", "AM")
    assert len({each.id for each in first.happenings}) == 3
    assert (first.matches, first.fires) == (True, (datetime(2021, 11, 16, 12, tzinfo=UTC),))
    assert (second.matches, second.why, second.line) == (False, "states", 25)


@pytest.mark.parametrize(
    ("before", "after", "code", "pointed", "fix"),
    [
        ("type: event_count", "type: event_cuont", "unknown-type", "event_cuont", "Did you mean event_count?"),
        ("  type: event_count\n", "", "missing-key", "rules:", ""),
        ("  timespan: 7d\n", "", "missing-key", "type:", ""),
        ("  at least: 3\n", "", "missing-key", "type:", "Add it, e.g. at least: 3"),
        ("  at least: 3\n", "  type of: x\n", "missing-key", "type:", "Add it, e.g. at least: 3"),
        ("  at least: 3\n", "  atleast: 3\n", "unknown-key", "atleast", "Did you mean at least?"),
        ("  at least: 3\n", "  at least: 3\n  times: 3\n", "forbidden-key", "times", "it belongs to event_rate"),
        ("  at least: 3\n", "  at least: 3\n  baseline: 9d\n", "forbidden-key", "baseline", "event_rate"),
        ("type: event_count", "type: temporal", "forbidden-key", "at least", "event_count or event_rate"),
        ("type: event_count", "type: temporal_ordered", "forbidden-key", "at least", "event_count or event_rate"),
        ("at least: 3", "at least: 1", "number", "1", "Each single event alerts by itself"),
        ("at least: 3", "at least: three", "number", "three", "Write 3."),
        ("at least: 3", "at least: ²", "number", "²", "Write digits"),
        ("timespan: 7d", "timespan: a week", "duration", "a week", "Write e.g. 72h, 7d or 12w"),
        ("timespan: 7d", "timespan: 0d", "duration", "0d", "Write e.g. 72h"),
        ("timespan: 7d", "timespan: 3m", "duration", "3m", "(hours, days, weeks)"),
        ("timespan: 7d", "timespan: 99999d", "duration", "99999d", "Write e.g. 72h"),
        ("timespan: 7d", "timespan: [7d]", "type", "[7d]", ""),
        ("event: {open for: 72h}", "event: {open for: ever}", "duration", "ever", "Write e.g. 72h"),
        ("event: {open for: 72h}", "event: {quiet for: 72h}", "unknown-key", "quiet for", "open for"),
        ("  group by: [province]", "  group-by: [province]", "unknown-key", "group-by", "Did you mean group by?"),
        ("[province]", "[provinse]", "unknown-grouping", "provinse", "Did you mean province?"),
        ("[province]", "[side]", "unknown-grouping", "side", "Known are: country, place, province."),
        ("[province]", "[province, province]", "unknown-grouping", "province]", "Keep one of the two."),
        ("[province]", "province", "type", "province", ""),
        ("[reported, confirmed]", "[confirmd]", "unknown-state", "confirmd", "Did you mean confirmed?"),
        ("[border-incursion, shots]", "[]", "empty", "[]", "Name the rules"),
        ("[border-incursion, shots]", "[shots, shots, border-incursion]", "duplicate-rule", "shots, b", "Keep one"),
        ("[border-incursion, ", "[border-incursion, shosts, ", "unknown-rule", "shosts", "Did you mean shots?"),
        ("[border-incursion, ", "[border-incursion, pow-relase, ", "unknown-rule", "pow-rel", "mean pow-release?"),
        ("[border-incursion, ", "[border-incursion, multiply, ", "chain", "multiply", "Watch the rules"),
        ("[border-incursion, ", "[border-incursion, rise, ", "chain", "rise", "Watch the rules"),
        ("[2021-11-14 08:00, 2021-11-15]", "[2021-11-31, 2021-11-15]", "date", "2021-11-31", "Write e.g. 2021-11-14"),
        ("[2021-11-14 08:00, 2021-11-15]", "yesterday", "date", "yesterday", "Write e.g. 2021-11-14"),
        ("[2021-11-14 08:00, 2021-11-15]", "2021-11-14 24:61", "date", "2021-11-14 24:61", "2021-11-14 08:00"),
        ("[2021-11-14 08:00, 2021-11-15]", "[]", "empty", "[]", "Write e.g. 2021-11-14 08:00."),
        ("fires: 2021-11-16 12:00", "fires: 2021-11-17", "example", "2021-11-17", "the event that makes it fire"),
        ("fires: 2021-11-16 12:00", "fires: soon", "date", "soon", "Write e.g."),
        ("fires: 2021-11-16 12:00", "fire: 2021-11-16", "unknown-key", "fire:", "Did you mean fires?"),
        ("- {shots: 2021-11-16 12:00, ", "- {summit: 2021-11-16 12:00, ", "unwatched-rule", "summit", "to its rules"),
        ("- {shots: 2021-11-16 12:00, ", "- {shosts: 2021-11-16 12:00, ", "unknown-key", "shosts", "mean shots?"),
        ("- {shots: 2021-11-16 12:00, ", "- {", "example", "{province", "each rule on a line of its own"),
        ("- {shots: 2021-11-16 12:00, ", "- {shots: 2021-11-16, border-incursion: 2021-11-16, ", "example", "{", ""),
        ("state: single}", "state: singel}", "unknown-state", "singel", "Did you mean single?"),
        ("    - events: [{shots: [2021-11-14, 2021-11-15, 2021-11-16], province: Syunik, state: single}]\n      why",
         "    - why", "missing-key", "why: states", ""),
        ("why: states", "why: state", "unknown-why", "state", "Did you mean states?"),
        ("why: states", "why: order", "unknown-why", "order", "Known are: at least, group by, states, timespan."),
        ("level: critical", "level: criticl", "unknown-level", "criticl", "Did you mean critical?"),
        ("status: stable", "status: stabel", "unknown-status", "stabel", "Did you mean stable?"),
        ("id: multiply", "id: Multiply", "name", "Multiply", "Write multiply."),
        ("id: multiply", "id: shots", "duplicate-id", "shots", "another id"),
        ("id: multiply", "id: rise", "duplicate-id", "rise", "another id"),
        ("id: multiply", "id: summit", "duplicate-id", "summit", "another id"),
        ("quote: a passage", "qoute: a passage", "unknown-key", "qoute", "Did you mean quote?"),
        ("title: Incursions multiply", "titel: Incursions multiply", "unknown-key", "titel", "Did you mean title?"),
        ("correlation:\n", "corelation:\n", "unknown-key", "corelation", "Did you mean correlation?"),
    ],
)  # fmt: skip
def test_a_fault_is_shown_with_place_and_likely_fix(
    tmp_path: Path, before: str, after: str, code: str, pointed: str, fix: str
) -> None:
    told = faults(tmp_path, a_rate=RATE, escalation=changed(COUNT, before, after))
    found = [error for error in told if error.code == code and error.source[error.column - 1 :].startswith(pointed)]
    assert len(found) == 1, told
    assert found[0].file.endswith("escalation.yaml")
    assert fix in found[0].fix


@pytest.mark.parametrize(
    ("before", "after", "code", "pointed", "fix"),
    [
        ("baseline: 56 days", "baseline: 6d", "baseline", "6d", "e.g. timespan: 7d, baseline: 90d"),
        ("  baseline: 56 days\n", "", "missing-key", "type:", "Add it, e.g. baseline: 90d"),
        ("  times: 2.5\n", "", "missing-key", "type:", "Add it, e.g. times: 3"),
        ("  at least: 4\n", "", "missing-key", "type:", "Add it, e.g. at least: 3"),
        ("times: 2.5", "times: 2,5", "number", "2,5", "e.g. 3 or 2.5"),
        ("times: 2.5", "times: 1", "number", "1", "a number above 1"),
        ("type: event_rate", "type: temporal", "too-few-rules", "[shots]", "write type: event_count"),
    ],
)
def test_a_fault_of_a_rate_or_a_coincidence_is_shown(
    tmp_path: Path, before: str, after: str, code: str, pointed: str, fix: str
) -> None:
    told = faults(tmp_path, escalation=changed(RATE, before, after))
    found = [error for error in told if error.code == code and error.source[error.column - 1 :].startswith(pointed)]
    assert len(found) == 1, told
    assert fix in found[0].fix


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        ("type: event_count", "type: event_cuont", ["unknown-type"]),
        ("[province]", "[provinse]", ["unknown-grouping"]),
        ("[border-incursion, shots]", "[border-incursoin, shots]", ["unknown-rule"]),
        ("[2021-11-14 08:00, 2021-11-15]", "yesterday", ["date"]),
        ("- {shots: 2021-11-16 12:00, ", "- {shosts: 2021-11-16 12:00, ", ["unknown-key"]),
        ("  states: [reported, confirmed]", "  states: [reportd]", ["unknown-state"]),
    ],
)
def test_one_mistake_is_one_fault(tmp_path: Path, before: str, after: str, codes: list[str]) -> None:
    assert [error.code for error in faults(tmp_path, escalation=changed(COUNT, before, after))] == codes


def test_a_key_that_is_misspelt_and_out_of_place_is_told_as_both(tmp_path: Path) -> None:
    text = changed(COUNT, "at least: 3", "at-least: 3").replace("type: event_count", "type: temporal")
    assert {error.code for error in faults(tmp_path, escalation=text)} == {"unknown-key", "forbidden-key"}


def test_a_file_without_examples_is_shown_how_one_is_written(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, escalation=RATE[: RATE.index("examples:")])
    assert told.code == "missing-key"
    example = told.fix.removeprefix("Add it, e.g. ").replace("border-incursion", "shots")
    assert faults(tmp_path, escalation=RATE[: RATE.index("examples:")] + example) == ()


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = COUNT.replace("event_count", "event_cuont").replace("7d", "soon").replace("critical", "criticl")
    text = text.replace("[province]", "[side]").replace("2021-11-14 08:00", "2021-13-14").replace("why: s", "why: xyz")
    assert sorted(error.code for error in faults(tmp_path, escalation=text)) == [
        "date", "duration", "unknown-grouping", "unknown-level", "unknown-type", "unknown-why",
    ]  # fmt: skip


def test_a_rule_needs_an_example_in_which_it_fires(tmp_path: Path) -> None:
    text = RATE[: RATE.index("examples:")] + "examples:\n  match: []\n"
    assert [error.code for error in faults(tmp_path, escalation=text)] == ["no-example"]


def test_a_stable_rule_needs_an_example_in_which_it_does_not_fire(tmp_path: Path) -> None:
    stable = RATE.replace("status: test", "status: stable")
    assert [error.code for error in faults(tmp_path, escalation=stable)] == ["no-negative"]


def test_an_example_in_which_nothing_happens_is_refused(tmp_path: Path) -> None:
    text = RATE[: RATE.index("    - events:")] + "    - events: []\n"
    assert [error.code for error in faults(tmp_path, escalation=text)] == ["empty"]


def test_an_indicator_without_a_rule_yet_may_be_watched(tmp_path: Path) -> None:
    rule = read(tmp_path, RATE.replace("[shots]", "[karabakh-status]").replace("{shots:", "{karabakh-status:"))
    assert rule.correlation.rules == ("karabakh-status",)


def test_a_deprecated_rule_is_not_watched(tmp_path: Path) -> None:
    told = faults(tmp_path, rule=RULE.replace("status: test", "status: deprecated"), escalation=RATE)
    assert [error.code for error in told] == ["deprecated-rule"]


def test_a_rule_with_a_fault_is_told_in_its_own_file_alone(tmp_path: Path) -> None:
    told = faults(tmp_path, rule=RULE.replace("level: high", "level: hihg"), escalation=RATE)
    assert [(Path(error.file).name, error.code) for error in told] == [("rule.yaml", "unknown-level")]
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(tmp_path)
    assert list(raised.value.partial.correlations) == ["rise"]


def test_a_broken_escalation_file_leaves_the_others_and_the_rules(tmp_path: Path) -> None:
    assert faults(tmp_path, escalation=COUNT.replace("7d", "soon"), rise=RATE)
    with pytest.raises(RuleErrors) as raised:
        load_rulebook(tmp_path)
    assert list(raised.value.partial.correlations) == ["rise"]
    assert list(raised.value.partial.rules) == ["shots"]


def test_a_file_of_the_same_name_replaces_an_escalation(tmp_path: Path) -> None:
    for layer, text in (("one", RATE), ("two", RATE.replace("level: high", "level: low"))):
        (tmp_path / layer).mkdir()
        write(tmp_path / layer, {"rule.yaml": RULE, "rise.yaml": text})
    assert load_rulebook(tmp_path / "one", tmp_path / "two").correlations["rise"].level == "low"


def test_the_version_follows_what_the_file_says_and_not_its_layout(tmp_path: Path) -> None:
    first = read(tmp_path, RATE).version
    assert read(tmp_path, "# a comment\n" + RATE).version == first
    assert read(tmp_path, RATE.replace("times: 2.5", "times: 3")).version != first


def loads_or_tells(folder: Path) -> Rulebook:
    try:
        return load_rulebook(folder)
    except RuleErrors as errors:
        raised = errors
    assert all(error.line > 0 and error.column > 0 and str(error) for error in raised.errors)
    return raised.partial


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_damage_to_a_good_file_loads_or_is_told(tmp_path: Path, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([COUNT, RATE]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    pieces = st.sampled_from(["", "[", "]", "{", "}", ": ", ", ", "[]", "{}", "\n", "- ", "0", "9999", "'", "#", "|"])
    damaged = text[:start] + data.draw(pieces | st.text(max_size=8)) + text[end:]
    write(tmp_path, {"rule.yaml": RULE, "escalation.yaml": damaged})
    assert loads_or_tells(tmp_path) is not None

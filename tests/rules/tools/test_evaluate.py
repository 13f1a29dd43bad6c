"""Measuring: the figures are those that one would count by hand, and each error says why."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rulebook import Rulebook
from rules.tools.evaluate import Evaluation, WorstTerm, evaluate
from rules.tools.labelled import LabelError, Labelled, labelled, unlabelled
from rules.tools.scores import Means, Score, wilson
from tests.rules.conftest import MakeBook

NOW = datetime(2022, 1, 1, tzinfo=UTC)
RELEASE, DENIAL, FAIR = "Captives freed by Baku", "Baku denies that captives were freed", "A fair opens in Lyon"
DENIALS = """
title: Guards
guards:
  - {name: denial, stance: denial, where: [title], terms: {en: [denies]}}
"""


@pytest.fixture
def releases(book: MakeBook) -> Rulebook:
    return book(
        {"guards": DENIALS},
        terms="{who: {en: [captive~]}, done: {en: [freed]}, bodies: {en: [bodies]}}",
        clauses="{freed: {near: [who, done], within: sentence}, dead: {any: [bodies]}}",
        condition="freed and not dead",
    )


def item(title: str, **more: object) -> Labelled:
    given = {"title": title, "lang": "en", "labels": ["a-rule"], **more}
    return labelled(json.dumps(given).encode(), 1, NOW)


def verdict(title: str, said: str) -> Labelled:
    return labelled(json.dumps({"title": title, "lang": "en", "rule": "a-rule", "verdict": said}).encode(), 7, NOW)


class TestFigures:
    def test_right_false_and_missed_items_are_counted(self, releases: Rulebook) -> None:
        items = [item(RELEASE), item(RELEASE, labels=[]), item(FAIR), item(FAIR, labels=[])]
        found = evaluate(items, releases)
        assert found.rules == {"a-rule": Score(1, 1, 1)} == {"a-rule": found.micro}
        assert found.macro == Means(0.5, 0.5, 0.5)

    def test_a_match_that_is_no_news_finds_nothing(self, releases: Rulebook) -> None:
        assert evaluate([item(DENIAL), item(DENIAL, labels=[])], releases).micro == Score(missed=1)

    def test_languages_and_kinds_have_figures_of_their_own(self, releases: Rulebook) -> None:
        items = [item(RELEASE, kind="report"), item(FAIR, kind="update"), item("Ярмарка", lang="ru", labels=[])]
        found = evaluate(items, releases)
        assert found.languages == {"en": Score(1, 0, 1), "ru": Score()}
        assert found.kinds == {"report": Score(1), "update": Score(missed=1), "": Score()}

    def test_doubtful_items_are_counted_apart(self, releases: Rulebook) -> None:
        found = evaluate([item(RELEASE), item(FAIR, doubtful=True), item(RELEASE, doubtful=True)], releases)
        assert (found.items, found.micro) == (1, Score(1))
        assert (found.doubtful_items, found.doubtful) == (2, Score(1, 0, 1))

    def test_labels_without_a_rule_are_told_and_left_out(self, releases: Rulebook) -> None:
        found = evaluate([item(RELEASE, labels=["a-rule", "arms"]), item(FAIR, labels=["arms"])], releases)
        assert (found.micro, found.without_rule) == (Score(1), {"arms": 2})

    def test_a_rule_of_which_no_item_speaks_is_told_and_left_out(self, releases: Rulebook) -> None:
        found = evaluate([item(RELEASE, labels=["arms"])], releases)
        assert (found.without_labels, found.rules, found.macro) == (("a-rule",), {}, None)

    def test_only_the_chosen_rules_are_measured(self, releases: Rulebook) -> None:
        assert evaluate([item(RELEASE)], releases, only=["another"]).rules == {}

    def test_a_readers_verdict_speaks_of_its_rule_alone(self, releases: Rulebook) -> None:
        found = evaluate(
            [verdict(RELEASE, "right"), verdict(RELEASE, "not-relevant"), verdict(FAIR, "right")], releases
        )
        assert found.micro == Score(1, 1, 1)
        assert verdict(RELEASE, "right").wants("another") is None

    def test_what_was_not_found_at_all_has_no_precision(self) -> None:
        nothing = Score(missed=2)
        assert (nothing.precision, nothing.recall, nothing.f1) == (None, 0.0, 0.0)

    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"), [(2, 4, 0.150, 0.850), (18, 18, 0.824, 1.0), (0, 10, 0.0, 0.278), (0, 0, 0, 1)]
    )
    def test_the_interval_is_wilsons(self, hits: int, of: int, low: float, high: float) -> None:
        assert wilson(hits, of) == pytest.approx((low, high), abs=0.001)


class TestErrors:
    def test_a_miss_names_what_would_have_to_be_otherwise(self, releases: Rulebook) -> None:
        missed, barred = evaluate([item(FAIR, id="x"), item("Captives freed, bodies too")], releases).mistakes
        assert (missed.item, missed.missed, missed.lacking, missed.barring) == ("x", True, ("freed",), ())
        assert (barred.item, barred.lacking, barred.barring) == ("line 1", (), ("dead",))

    def test_a_miss_by_a_guard_names_the_guard(self, releases: Rulebook) -> None:
        (missed,) = evaluate([item(DENIAL)], releases).mistakes
        assert (missed.missed, missed.stance, missed.guard, missed.held) == (True, "denial", "denial", ("freed",))

    def test_a_false_alert_names_the_clauses_and_terms_that_held(self, releases: Rulebook) -> None:
        false, _ = evaluate([item(RELEASE, labels=[]), item(FAIR)], releases).mistakes
        assert (false.missed, false.held, false.terms) == (False, ("freed",), ("captive~", "freed"))

    def test_the_worst_terms_come_first_with_how_often_they_are_right(self, releases: Rulebook) -> None:
        items = [item(RELEASE), item(RELEASE, labels=[]), item("Captive freed", labels=[])]
        assert evaluate(items, releases).worst[0] == WorstTerm("a-rule", "captive~", false=2, unlabelled=0, right=1)


class TestUnlabelled:
    def measured(self, releases: Rulebook) -> Evaluation:
        lines = (json.dumps({"title": title, "lang": "en"}).encode() for title in [RELEASE, DENIAL, FAIR, FAIR])
        return evaluate([item(RELEASE)], releases, unlabelled=[unlabelled(line, NOW) for line in lines])

    def test_alerts_are_counted_for_every_ten_thousand(self, releases: Rulebook) -> None:
        found = self.measured(releases)
        assert (found.unlabelled, found.alerted, found.per_10_000(found.alerted)) == (4, 1, 2_500)

    def test_alerts_are_shown_with_their_titles_and_terms(self, releases: Rulebook) -> None:
        (alert,) = self.measured(releases).alerts
        assert (alert.title, alert.terms) == (RELEASE, ("captive~", "freed"))

    def test_any_date_will_do(self) -> None:
        assert unlabelled(b'{"title": "x", "published": "2015..2018"}', NOW).published == NOW


class TestLines:
    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (b"{", "not JSON"),
            (b"[" * 100_000, "not JSON"),
            (b"[]", "not an object"),
            (b"\xff", "UTF-8"),
            (b" " * 1_000_001, "1,000,000 bytes"),
            (b'{"labels": []}', "no title"),
            (b'{"title": 7, "labels": []}', "title is not a text"),
            (b'{"title": "x"}', "neither labels nor a rule"),
            (b'{"title": "x", "labels": "summit"}', "no list"),
            (b'{"title": "x", "labels": [1]}', "no list"),
            (b'{"title": "x", "rule": "summit"}', "neither labels nor a rule"),
            (b'{"title": "x", "rule": "summit", "verdict": "maybe"}', "neither right nor not-relevant"),
            (b'{"title": "x", "labels": [], "doubtful": "yes"}', "neither true nor false"),
            (b'{"title": "x", "labels": [], "published": "Tuesday"}', "no date"),
        ],
    )
    def test_a_line_that_cannot_be_used_says_why(self, line: bytes, reason: str) -> None:
        with pytest.raises(LabelError, match=reason):
            labelled(line, 1, NOW)

    def test_lead_language_and_outlet_are_other_words_for_summary_lang_and_source(self) -> None:
        one = {"title": "x", "summary": "y", "lang": "ru", "source": "z", "labels": []}
        other = {"title": "x", "lead": "y", "language": "ru", "outlet": "z", "labels": []}
        assert labelled(json.dumps(one).encode(), 1, NOW) == labelled(json.dumps(other).encode(), 1, NOW)

    def test_the_date_is_taken_to_utc(self) -> None:
        found = item("x", published="2021-12-04T15:10:00+04:00")
        assert found.article.published == datetime(2021, 12, 4, 11, 10, tzinfo=UTC)

    @given(
        st.binary()
        | st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner)).map(
            lambda value: json.dumps(value).encode()
        )
    )
    def test_no_line_ends_otherwise_than_with_a_reason(self, line: bytes) -> None:
        with pytest.raises(LabelError):
            labelled(line, 1, NOW)

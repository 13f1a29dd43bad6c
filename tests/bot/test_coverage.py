"""How far the rules reach: which are silent, and since when that counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.coverage import Coverage, cover
from rules.tools.coverage import Offer
from storage.corpus import CorpusSize
from storage.coverage import Hits
from tests.builders import NOON

DAY = timedelta(days=1)
OFFERS = [Offer(rule, language, 1, 1, 1) for rule in ("summit", "pow-release") for language in ("en", "ru")]


def hit(rule: str, language: str = "en", *, days_ago: float = 1, articles: int = 1, side: str = "am") -> Hits:
    return Hits(rule, language, side, "Ararat", articles, NOON - days_ago * DAY)


def covered(*hits: Hits, last: datetime = NOON, now: datetime = NOON) -> Coverage:
    corpus = CorpusSize(100, 1, 0, NOON - 200 * DAY, last)
    return cover(OFFERS, corpus, hits, (), now=now, silent=90 * DAY)


def test_hits_stand_beside_what_the_rule_offers_in_that_language() -> None:
    found = covered(hit("summit", articles=2), hit("summit", days_ago=5, side="az"), hit("summit", "ru"))
    english, russian, *others = found.reaches
    assert (english.articles, english.last, english.of_side("am"), english.of_side("az")) == (3, NOON - DAY, 2, 1)
    assert russian.articles == 1
    assert [(each.articles, each.last) for each in others] == [(0, None), (0, None)]


def test_a_rule_without_a_hit_for_so_long_is_silent_and_so_is_one_that_never_had_one() -> None:
    found = covered(hit("summit", days_ago=91))
    assert [(each.rule, each.last) for each in found.silent] == [("summit", NOON - 91 * DAY), ("pow-release", None)]
    assert covered(hit("summit", days_ago=89), hit("pow-release", "ru")).silent == ()


def test_silence_counts_back_from_the_newest_article_when_the_bot_was_off() -> None:
    found = covered(hit("summit"), hit("pow-release"), now=NOON + 900 * DAY)
    assert found.since == NOON - 90 * DAY
    assert found.silent == ()


def test_a_date_in_the_future_does_not_silence_a_rule() -> None:
    assert covered(hit("summit"), last=NOON + 900 * DAY).since == NOON - 90 * DAY


def test_hits_of_rules_that_are_gone_are_named() -> None:
    assert covered(hit("border-war"), hit("summit")).gone == ("border-war",)

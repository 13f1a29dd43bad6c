"""Coverage as one JSON object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from bot.coverage import Coverage, Reach
from rules.tools.coverage_words import FLOOR, TIMES, MissedWord

Json = Mapping[str, object]


def coverage_json(found: Coverage, words: Sequence[MissedWord]) -> Json:
    """The whole answer; times in ISO 8601, UTC. Without a database `stored` is null, and nothing was found."""
    corpus = found.corpus
    return {
        "stored": None
        if corpus is None
        else {
            "articles": corpus.articles,
            "outlets": corpus.outlets,
            "first": _time(corpus.first),
            "last": _time(corpus.last),
        },
        "rules": [_reach(reach) for reach in found.reaches],
        "silent_since": _time(found.since),
        "silent": [{"rule": each.rule, "last": _time(each.last)} for each in found.silent],
        "silent_outlets": [asdict(each) | {"last": each.last.isoformat()} for each in found.outlets],
        "gone": list(found.gone),
        "missed": {"floor": FLOOR, "times": TIMES, "words": [asdict(each) for each in words]},
    }


def _reach(reach: Reach) -> Json:
    offer = reach.offer
    by_outlet = [
        {"outlet": hits.outlet, "side": hits.side, "articles": hits.articles, "last": hits.last.isoformat()}
        for hits in reach.hits
    ]
    examples = {"match": offer.matching, "no match": offer.not_matching}
    return {
        "rule": offer.rule,
        "language": offer.language,
        "terms": offer.terms,
        "examples": examples,
        "articles": reach.articles,
        "last": _time(reach.last),
        "outlets": by_outlet,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

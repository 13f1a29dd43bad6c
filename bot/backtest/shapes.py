"""A backtest as one JSON object: all of it, where the text shows the newest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from bot.backtest.events import EventChanges, Shift
from bot.backtest.report import Alerts, Backtest, Change, RuleChange
from storage.events import Event

Json = Mapping[str, object]


def backtest_json(found: Backtest) -> Json:
    """The whole answer; times in ISO 8601, UTC."""
    corpus = found.corpus
    return {
        "articles": corpus.articles,
        "outlets": corpus.outlets,
        "backlog": corpus.backlog,
        "first": _time(corpus.first),
        "last": _time(corpus.last),
        "decided_otherwise": found.decided_otherwise,
        "rules": [_rule(rule) for rule in found.rules],
        "languages": [asdict(language) for language in found.languages],
        "events": _events(found.events),
        "alerts": {"before": _alerts(found.before), "after": _alerts(found.after)},
    }


def _rule(rule: RuleChange) -> Json:
    kinds = ("gained", "lost", "heard", "silenced", "aside", "reread")
    return {"rule": rule.rule, "what": rule.what} | {kind: _changes(getattr(rule, kind)) for kind in kinds}


def _changes(changes: Sequence[Change]) -> list[Json]:
    return [asdict(change) | {"published": change.published.isoformat()} for change in changes]


def _events(events: EventChanges) -> Json:
    return {
        "gained": [_event(event) for event in events.gained],
        "lost": [_event(event) for event in events.lost],
        "regrouped": [_shift(shift) for shift in events.regrouped],
        "retold": [_shift(shift) for shift in events.retold],
        "same": events.same,
    }


def _shift(shift: Shift) -> Json:
    return {
        "before": [_event(event) for event in shift.before],
        "after": [_event(event) for event in shift.after],
    }


def _event(event: Event) -> Json:
    return {
        "indicator": event.indicator,
        "level": event.level,
        "state": event.state,
        "title": event.title,
        "first_seen": event.first_seen.isoformat(),
        "last_seen": event.last_seen.isoformat(),
        "place": event.place.name if event.place else None,
        "facts": dict(event.facts),
    }


def _alerts(alerts: Alerts) -> Json:
    on = alerts.on.isoformat() if alerts.on else None
    return {"events": alerts.events, "a_day": round(alerts.a_day, 3), "most": alerts.most, "on": on}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

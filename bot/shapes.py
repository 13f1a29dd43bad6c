"""The outside shapes: articles and events as JSON objects. Others build on these; see docs/querying.md."""

from __future__ import annotations

from collections.abc import Mapping

from rules.match import NEWS, Match
from storage.articles import ArticleRecord
from storage.events import Event

Json = Mapping[str, object]


def article_json(record: ArticleRecord) -> Json:
    """One article: `indicators` are those whose news it reports, primary first; a denial leaves them empty."""
    article, matches = record.article, record.matches
    return {
        "url": article.url,
        "title": article.title,
        "published": article.published.isoformat(),
        "language": article.language,
        "outlet": article.source.outlet,
        "indicators": [match.rule for match in matches if match.stance in NEWS],
        "stance": matches[0].stance if matches else "none",
        "event": record.event,
        "facts": _facts(matches),
        "matches": [_match(match) for match in matches],
    }


def event_json(event: Event) -> Json:
    """One event in its newest revision."""
    place = event.place
    return {
        "id": event.id,
        "indicator": event.indicator,
        "indicators": list(event.indicators),
        "title": event.title,
        "level": event.level,
        "state": event.state,
        "phase": event.phase or None,
        "first_seen": event.first_seen.isoformat(),
        "last_seen": event.last_seen.isoformat(),
        "happened": event.happened.isoformat() if event.happened else None,
        "place": place.name if place else None,
        "province": (place.province or None) if place else None,
        "country": place.country if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "precision": place.precision if place else None,
        "facts": dict(event.facts),
        "sources": [
            {
                "outlet": source.outlet,
                "owner": source.owner,
                "side": source.side,
                "language": source.language,
                "stance": source.stance,
                "published": source.published.isoformat(),
                "url": source.url,
                "title": source.title,
            }
            for source in event.sources
        ],
        "articles": [source.article for source in event.sources],
    }


def _facts(matches: tuple[Match, ...]) -> Json:
    """The strongest match's facts, filled up from the others."""
    merged: dict[str, object] = {}
    places: dict[str, None] = {}
    for match in matches:
        for name, value in (*match.facts.numbers.items(), *match.facts.actors.items()):
            merged.setdefault(name, value)
        places.update(dict.fromkeys(place.name for place in match.facts.places))
    return {**merged, **({"places": list(places)} if places else {})}


def _match(match: Match) -> Json:
    return {
        "rule": match.rule,
        "version": match.version,
        "stance": match.stance,
        "guard": match.guard or None,
        "clauses": list(match.clauses),
        "spans": [{"part": span.part, "start": span.start, "end": span.end, "term": span.term} for span in match.spans],
    }

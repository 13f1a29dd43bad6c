"""How an event begins, and what one more article changes in it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rules.article import Article
from rules.match import NEWS, Match
from rules.matching import quote
from rules.places import Place
from storage.events import LEVELS, Event, EventSource, State

Fact = int | str | tuple[str, ...]

BOTH_SIDES = (frozenset({"am", "ka"}), frozenset({"az"}))
"""Karabakh Armenian outlets speak for the Armenian side when it is asked whether both sides report a thing."""


def open_event(article_id: int, article: Article, matches: Sequence[Match], primary: Match, label: str) -> Event:
    """The event that `article` opens; `matches` are all its news, `primary` the strongest of them."""
    source = source_of(article_id, article, primary, "opened it")
    return Event(
        id=0,
        revision=0,
        indicator=primary.rule,
        indicators=_indicators((primary.rule,), matches),
        title=article.title,
        level=_highest(primary.level, matches),
        state="single",
        phase="",
        first_seen=article.published,
        last_seen=article.published,
        happened=None,
        place=source.place,
        facts=source.facts,
        sources=(source,),
        rule=f"{primary.rule}@{primary.version}",
        clauses=primary.clauses,
        label=label,
    )


def grow(event: Event, article_id: int, article: Article, matches: Sequence[Match], primary: Match, why: str) -> Event:
    """`event` with one more article; a denial adds a source and nothing else.

    What the event says is put together anew from its sources in the order of publication, so that it does not depend
    on the order in which they came in.
    """
    source = source_of(article_id, article, primary, why)
    sources = tuple(sorted((*event.sources, source), key=lambda each: (each.published, each.article)))
    return replace(
        event,
        sources=sources,
        state=state_of(sources),
        first_seen=min(event.first_seen, article.published),
        last_seen=max(event.last_seen, article.published),
        title=lead_source(sources).title,
        indicators=_indicators(event.indicators, matches),
        level=_highest(event.level, matches),
        place=_sharpest(sources),
        facts=_merged(sources),
    )


def state_of(sources: Sequence[EventSource]) -> State:
    """How well these sources attest the event; independent means another owner, not another address."""
    reporting = _reporting(sources)
    sides = {source.side for source in reporting}
    if all(sides & side for side in BOTH_SIDES):
        return "confirmed"
    if len(reporting) < len(sources):
        return "denied"
    return "reported" if len({source.owner for source in reporting}) > 1 else "single"


def lead_source(sources: Sequence[EventSource]) -> EventSource:
    """The source that speaks for an event: the first that reports it, in English where there is one.

    English is the language that every reader of alerts shares.
    """
    reporting = _reporting(sources) or sources
    return next((source for source in reporting if source.language == "en"), reporting[0])


def source_of(article_id: int, article: Article, match: Match, why: str) -> EventSource:
    """The article as a source of an event, with the sentence that the match shows best."""
    shown = quote(article, match)
    return EventSource(
        article=article_id,
        url=article.url,
        title=article.title,
        outlet=article.source.outlet,
        owner=article.source.owner,
        side=article.source.side,
        language=article.language,
        published=article.published,
        stance=match.stance,
        quote=shown.text,
        bold=shown.bold,
        why=why,
        facts=_facts(match),
        place=_first_place(match.facts.places),
    )


def _indicators(known: tuple[str, ...], matches: Sequence[Match]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *(match.rule for match in matches if match.stance in NEWS))))


def _highest(level: str, matches: Sequence[Match]) -> str:
    return max((level, *(match.level for match in matches if match.stance in NEWS)), key=LEVELS.index)


def _first_place(places: Sequence[Place]) -> Place | None:
    """The first settlement or spot that is named, else the first province."""
    return next((place for place in places if place.precision in ("exact", "near")), next(iter(places), None))


def _sharpest(sources: Sequence[EventSource]) -> Place | None:
    """The place that is reported first; a village inside the province that was known until then says more."""
    known: Place | None = None
    for source in _reporting(sources):
        new = source.place
        if known is None or (new and _lies_in(new, known)):
            known = new
    return known


def _lies_in(new: Place, known: Place) -> bool:
    return known.precision == "province" and new.precision in ("exact", "near") and new.province == known.province


def _facts(match: Match) -> Mapping[str, Fact]:
    places = tuple(dict.fromkeys(place.name for place in match.facts.places))
    return {**match.facts.numbers, **match.facts.actors, **({"places": places} if places else {})}


def _merged(sources: Sequence[EventSource]) -> Mapping[str, Fact]:
    """Names add up; of figures the newest stands, since they change within hours. Each source keeps its own."""
    merged: dict[str, Fact] = {}
    for source in _reporting(sources):
        for name, value in source.facts.items():
            old = merged.get(name)
            if isinstance(value, tuple) and isinstance(old, tuple):
                value = tuple(dict.fromkeys((*old, *value)))
            merged[name] = value
    return merged


def _reporting(sources: Sequence[EventSource]) -> list[EventSource]:
    return [source for source in sources if source.stance in NEWS]

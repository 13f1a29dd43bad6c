"""An alert as text: what a chat sees, before any sink dresses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.growth import lead_source
from storage.events import COUNTRIES, Event, EventSource
from storage.outbox import Alert

LIMIT = 4096
"""Characters in one Telegram message, counted after the marks are taken out (Bot API, sendMessage)."""

LANGUAGE_NAMES = {
    "en": "English",
    "ru": "Russian",
    "hy": "Armenian",
    "az": "Azerbaijani",
    "tr": "Turkish",
    "ka": "Georgian",
    "uk": "Ukrainian",
    "fr": "French",
    "de": "German",
    "fa": "Persian",
}
SIDE_NAMES = {
    "am": "Yerevan",
    "az": "Baku",
    "ka": "Stepanakert",
    "ru": "Moscow",
    "tr": "Ankara",
    "ge": "Tbilisi",
}
STANCE_NAMES = {"claim": ", a claim", "denial": ", denies"}
"""How a source that does not simply report is marked; a claim is what a side says of itself or the other."""
YEREVAN = ZoneInfo("Asia/Yerevan")
MOSCOW = ZoneInfo("Europe/Moscow")
QUOTE_LIMIT = 400
"""Characters of a quoted sentence; a headline and its lead fit well within."""
LINE_LIMIT = 300
"""Characters of any other line that others have written: a label, figures, clauses."""
NAME_LIMIT = 60
"""Characters of an outlet's name."""
SOURCES_SHOWN = 8
"""Sources, and deniers, named in a message; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text with marks. `bold` and `links` index code points of `text`; a link carries its address.

    Marks, not markup: hostile text needs no escaping, and a sink turns them into its own form.
    """

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[int, int, str], ...] = ()


@dataclass(slots=True)
class _Draft:
    """A message while it is written; marks are laid where the text has got to."""

    text: str = ""
    bold: list[tuple[int, int]] = field(default_factory=list)
    links: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, text: str, *, bold: bool = False, link: str = "") -> None:
        start = len(self.text)
        self.text += text
        if bold and text:
            self.bold.append((start, len(self.text)))
        if link and text:
            self.links.append((start, len(self.text), link))

    def finish(self, last: str) -> Message:
        """The message, cut with its marks so that `last` stands below it whole, whatever the others were."""
        text = _clip(self.text, LIMIT - len(last) - 1)
        end = len(text)
        bold = tuple((start, min(stop, end)) for start, stop in self.bold if start < end)
        links = tuple((start, min(stop, end), url) for start, stop, url in self.links if start < end)
        return Message(f"{text}\n{last}", bold, links)


def compose(alert: Alert) -> Message:
    """The message that tells `alert`, at most 4,096 characters; the event's number always stands in its last line."""
    event, draft = alert.event, _Draft()
    draft.add(f"{event.level.upper()} · {_clip(event.label or event.indicator, LINE_LIMIT)}", bold=True)
    draft.add("\n")
    _add_headline(draft, event)
    draft.add(f"{_where_and_when(event)}\n")
    draft.add(f"State: {state_line(event)}\n")
    _add_facts(draft, event)
    draft.add("Sources: ")
    _add_sources(draft, event)
    draft.add(f"\nWhy: {_clip(why_line(event), LINE_LIMIT)}")
    return draft.finish(f"Event {event.id}")


def state_line(event: Event) -> str:
    """How well the event is attested, and by whom, in words that call no claim a fact."""
    owners = f"{event.owners} owners" if event.owners != 1 else "1 owner"
    deniers = sorted({_name(source) for source in event.sources if source.stance == "denial"})
    denied = f"; denied by {', '.join(deniers[:SOURCES_SHOWN])}" if deniers else ""
    if (more := len(deniers) - SOURCES_SHOWN) > 0:
        denied += f" and {more} more"
    if event.state == "confirmed":
        return f"both sides tell of it, {owners}{denied}"
    told = "reported" if any(source.stance == "report" for source in event.sources) else "claimed"
    return f"{told} by {owners}{_only_side(event)}{denied}"


def why_line(event: Event) -> str:
    """The rule that fired and the clauses that held."""
    clauses = ", ".join(event.clauses)
    return f"rule {event.rule.split('@')[0]}" + (f": {clauses}" if clauses else "")


def place_line(event: Event) -> str:
    """The place with its province and country, or nothing; what lies between two provinces is given to neither."""
    place = event.place
    if place is None:
        return ""
    if "/" in place.province:
        return f"{place.name}, between {' and '.join(place.province.split('/'))}"
    parts = [place.name, place.province, COUNTRIES.get(place.country, place.country)]
    return ", ".join(part for index, part in enumerate(parts) if part and part not in parts[:index])


def time_line(moment: datetime) -> str:
    """The moment on the region's clocks."""
    yerevan, moscow = moment.astimezone(YEREVAN), moment.astimezone(MOSCOW)
    day = "" if moscow.date() == yerevan.date() else f"{moscow.day} {moscow:%b}, "
    return f"{yerevan:%a} {yerevan.day} {yerevan:%b %Y, %H:%M} Yerevan · {day}{moscow:%H:%M} Moscow"


def _where_and_when(event: Event) -> str:
    place = place_line(event)
    return f"{place} · {time_line(event.first_seen)}" if place else time_line(event.first_seen)


def _only_side(event: Event) -> str:
    sides = {source.side for source in event.sources if source.stance != "denial"}
    if len(sides) == 1 and (name := SIDE_NAMES.get(next(iter(sides)))):
        return f"; only from {name}'s side"
    return ""


def _add_headline(draft: _Draft, event: Event) -> None:
    """The title and the matched sentence with its words bold; where the title is that sentence, it stands once."""
    source = lead_source(event.sources)
    if source.quote == event.title:
        _add_marked(draft, source)
    else:
        draft.add(_clip(event.title, QUOTE_LIMIT))
        if source.quote:
            draft.add("\n“")
            _add_marked(draft, source)
            draft.add("”")
    draft.add(f"\n{_name(source)}, in {_language(source)}\n")


def _add_marked(draft: _Draft, source: EventSource) -> None:
    quote, done = _clip(source.quote, QUOTE_LIMIT), 0
    for start, end in source.bold:
        if done <= start and end <= len(quote):
            draft.add(quote[done:start])
            draft.add(quote[start:end], bold=True)
            done = end
    draft.add(quote[done:])


def _add_facts(draft: _Draft, event: Event) -> None:
    """Figures only, as what is named: an actor beside a figure would read as a verdict on who did it."""
    figures = ", ".join(f"{name} {value}" for name, value in event.facts.items() if isinstance(value, int))
    if figures:
        draft.add(f"Figures named: {_clip(figures, LINE_LIMIT)}\n")


def _add_sources(draft: _Draft, event: Event) -> None:
    day = event.first_seen.astimezone(YEREVAN).date()
    for index, source in enumerate(event.sources[:SOURCES_SHOWN]):
        moment = source.published.astimezone(YEREVAN)
        draft.add(" · " if index else "")
        draft.add(_name(source), link=source.url)
        side = f"{source.side}, " if source.side else ""
        does = STANCE_NAMES.get(source.stance, "")
        when = f"{moment:%H:%M}" if moment.date() == day else f"{moment.day} {moment:%b %H:%M}"
        draft.add(f" ({side}{_language(source)}{does}) {when}")
    if (more := len(event.sources) - SOURCES_SHOWN) > 0:
        draft.add(f" · {more} more")


def _name(source: EventSource) -> str:
    return _clip(source.outlet, NAME_LIMIT)


def _language(source: EventSource) -> str:
    return LANGUAGE_NAMES.get(source.language, source.language or "an unknown language")


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"

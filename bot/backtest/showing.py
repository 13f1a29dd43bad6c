"""A backtest for people: what each rule gains and loses, then events, alerts and languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.backtest.events import EventChanges, Shift
from bot.backtest.report import Alerts, Backtest, Change, LanguageChange, RuleChange
from bot.console import line
from bot.messages import LANGUAGE_NAMES
from storage.events import Event

T = TypeVar("T")

SHOWN = 10
"""Articles or events of a kind that are listed unless all are asked for."""

KINDS = (
    ("gained", "gained: it reports these now, and did not match them"),
    ("lost", "lost: it reported these, and matches them no more"),
    ("heard", "heard now: a guard kept these silent"),
    ("silenced", "silent now: a guard keeps these back"),
)


def show(found: Backtest, console: Console, *, every: bool = False) -> None:
    """Print the answer; `every` lists all articles and events, else the newest of each kind."""
    if not found.decided_otherwise:
        changed = ", ".join(f"{rule.rule} ({rule.what})" for rule in found.rules)
        console.print(Text(f"{changed}: no article would be decided otherwise."), soft_wrap=True)
        return
    limit = None if every else SHOWN
    for rule in found.rules:
        _rule(rule, console, limit)
    _events(found.events, console, limit)
    console.print(Text(_alerts(found)), soft_wrap=True)
    if found.languages:
        console.print()
        console.print(_languages(found.languages))


def _rule(rule: RuleChange, console: Console, limit: int | None) -> None:
    console.print(Text.assemble((f"{rule.rule}", "bold"), f" ({rule.what}): {_summary(rule)}"), soft_wrap=True)
    for kind, title in KINDS:
        changes: list[Change] = getattr(rule, kind)
        _listed(f"  {title}", changes, _article, console, limit)
    console.print()


def _summary(rule: RuleChange) -> str:
    if not rule.decided_otherwise:
        return "no article would be decided otherwise"
    counts = [(len(rule.gained), "gained"), (len(rule.lost), "lost")]
    counts += [(len(rule.heard), "heard now"), (len(rule.silenced), "silent now")]
    counts += [(len(rule.reread), "with other facts"), (len(rule.aside), "silent as before, for another reason")]
    return ", ".join(f"{count:,} {what}" for count, what in counts if count or what in ("gained", "lost"))


def _listed(
    title: str, items: Sequence[T], row: Callable[[T], tuple[str, ...]], console: Console, limit: int | None
) -> None:
    """A title and a table of the newest of `items`, which come oldest first."""
    if not items:
        return
    console.print(Text(title))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    shown = list(reversed(items))[:limit]
    for item in shown:
        table.add_row(Text("   "), *(Text(line(cell)) for cell in row(item)))
    console.print(table)
    if len(items) > len(shown):
        console.print(Text(f"    ... and {len(items) - len(shown):,} more", "dim"))


def _article(change: Change) -> tuple[str, ...]:
    guarded = f"{change.before or 'no match'} -> {change.after}" if change.before and change.after else ""
    return f"{change.published:%Y-%m-%d %H:%M}", change.language, change.outlet, change.title, guarded


def _events(events: EventChanges, console: Console, limit: int | None) -> None:
    parts = [f"{len(events.gained):,} gained", f"{len(events.lost):,} lost"]
    parts += [f"{len(events.regrouped):,} split or merged"] if events.regrouped else []
    parts += [f"{len(events.retold):,} with other articles or told otherwise"] if events.retold else []
    parts.append(f"{events.same:,} as before")
    console.print(Text.assemble(("events", "bold"), f": {', '.join(parts)}"), soft_wrap=True)
    _listed("  gained", events.gained, _event, console, limit)
    _listed("  lost", events.lost, _event, console, limit)
    _listed("  split or merged", events.regrouped, _shift, console, limit)
    console.print()


def _event(event: Event) -> tuple[str, ...]:
    return f"{event.first_seen:%Y-%m-%d %H:%M}", event.level, event.indicator, event.title


def _shift(shift: Shift) -> tuple[str, ...]:
    first = (shift.after or shift.before)[0]
    before, after = len(shift.before), len(shift.after)
    return f"{first.first_seen:%Y-%m-%d %H:%M}", f"{before} before, {after} now", first.indicator, first.title


def _alerts(found: Backtest) -> str:
    before, after = found.before, found.after
    told = f"alerts a day, to a chat that asks for everything: {before.a_day:.2f} before, {after.a_day:.2f} after"
    told += f" ({before.events:,} and {after.events:,} events in {found.days:,.0f} days"
    told += f"; most on one day: {_most(before)} before, {_most(after)} after)"
    if found.corpus.backlog:
        told += f"\n{found.corpus.backlog:,} of the articles were backlog, which alerts nobody."
    return told


def _most(alerts: Alerts) -> str:
    return f"{alerts.most:,} on {alerts.on}" if alerts.on else "none"


def _languages(languages: Sequence[LanguageChange]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("articles in")
    for name in ("gained", "lost", "heard now", "silent now"):
        table.add_column(name, justify="right")
    for each in languages:
        counts = (each.gained, each.lost, each.heard, each.silenced)
        name = LANGUAGE_NAMES.get(each.language, each.language or "unknown")
        table.add_row(Text(line(name)), *(f"{count:,}" for count in counts))
    return table

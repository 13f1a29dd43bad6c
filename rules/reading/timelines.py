"""Reading the examples of an escalation file: what happened when, and whether the rule must fire."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from rules.correlation import STATES, Correlation, Happening, Timeline
from rules.reading import nodes
from rules.reading.document import Document, Node

_EVENTS = "[{border-incursion: [2021-11-14, 2021-11-15 08:00], province: Syunik}]"
_SAMPLES = {
    "type": "event_count",
    "rules": "[border-incursion]",
    "timespan": "7d",
    "at least": "3",
    "baseline": "90d",
    "times": "3",
    "examples": f"{{match: [{{events: {_EVENTS}}}]}}",
    "match": f"[{{events: {_EVENTS}}}]",
    "events": _EVENTS,
}
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}))?")
_PLACED = ("province", "place", "country")
_ALL_WHYS = ("timespan", "at least", "rules", "order", "times", "group by", "states")


def read_timelines(
    doc: Document, node: Node | None, correlation: Correlation, known: Collection[str]
) -> tuple[Timeline, ...]:
    """The examples under `match` and `no match`; `known` are the ids of all rules, watched or not."""
    groups = nodes.mapping(doc, node, "examples", ("match", "no match"))
    lacks(doc, node, groups, "examples", ("match",))
    if "match" in groups and groups["match"].kind == "sequence" and not groups["match"].items:
        doc.error("no-example", groups["match"], "a rule needs an example in which it fires")
    reader = _Reader(doc, correlation, known, _ALL_WHYS if doc.errors else whys(correlation))
    return tuple(
        reader.example(item, matches=kind == "match")
        for kind, listed in groups.items()
        for item in nodes.sequence(doc, listed, kind)
    )


def lacks(doc: Document, node: Node | None, pairs: Mapping[str, Node], what: str, keys: Iterable[str]) -> None:
    """Tell which of the `keys` that a mapping needs are not among its `pairs`, each with how it is written."""
    for key in keys if node and node.kind == "mapping" else ():
        if key not in pairs:
            doc.error("missing-key", node, f"{what} lacks {key!r}", f"Add it, e.g. {key}: {_SAMPLES[key]}")


def whys(correlation: Correlation) -> list[str]:
    """The keys that may keep a rule of this kind from firing, as `why` names them."""
    temporal = correlation.kind.startswith("temporal")
    keys = ["timespan", "rules" if temporal else "at least"]
    keys += ["order"] * (correlation.kind == "temporal_ordered") + ["times"] * (correlation.kind == "event_rate")
    return keys + ["group by"] * bool(correlation.group_by) + ["states"] * bool(correlation.states)


@dataclass(frozen=True, slots=True)
class _Reader:
    doc: Document
    correlation: Correlation
    known: Collection[str]
    whys: Collection[str]

    def example(self, node: Node, *, matches: bool) -> Timeline:
        """One example."""
        keys = ("events", "fires" if matches else "why")
        pairs = nodes.mapping(self.doc, node, "an example", keys)
        lacks(self.doc, node, pairs, "an example", ("events",))
        events = pairs.get("events")
        happenings: list[Happening] = []
        faults = len(self.doc.errors)
        for item in nodes.sequence(self.doc, events, "events"):
            happenings += self._happenings(item, len(happenings))
        if events and events.kind == "sequence" and not events.items:
            self.doc.error("empty", events, "events is empty", "Write e.g. {border-incursion: 2021-11-14 08:00}.")
        known = {each.at for each in happenings} if len(self.doc.errors) == faults else None
        fires = self._moments(pairs.get("fires"), "fires", known)
        why = nodes.choice(self.doc, pairs.get("why"), "key that decides", self.whys, "unknown-why")
        return Timeline(matches, tuple(happenings), tuple(sorted({*fires})), why, self.doc.name, node.line)

    def _happenings(self, node: Node, first: int) -> list[Happening]:
        """The events of one line: of one rule, at one moment or several, all told alike."""
        watched = self.correlation.rules
        elsewhere = sorted(node.pairs.keys() & {*self.known} - {*watched})
        for key in elsewhere:
            reason = f"the escalation rule does not watch {key}"
            fix = f"Add {key} to its rules, or leave the event out."
            self.doc.error("unwatched-rule", node.keys[key], reason, fix)
        pairs = nodes.mapping(self.doc, node, "an event", (*watched, *_PLACED, "state", *elsewhere))
        rules = [key for key in pairs if key in watched or key in elsewhere]
        if len(rules) != 1:
            if node.kind == "mapping" and len(pairs) == len(node.pairs):
                fix = "Write e.g. {border-incursion: 2021-11-14 08:00}, each rule on a line of its own."
                self.doc.error("example", node, "an event needs exactly one rule, and when it happened", fix)
            return []
        province, place, country = (nodes.text(self.doc, pairs.get(key), key) for key in _PLACED)
        state = nodes.choice(self.doc, pairs.get("state"), "state", STATES, "unknown-state")
        return [
            Happening(rules[0], str(first + number), at, 0, province, place, country, state)
            for number, at in enumerate(self._moments(pairs[rules[0]], rules[0]), 1)
        ]

    def _moments(self, node: Node | None, what: str, known: Collection[datetime] | None = None) -> list[datetime]:
        """One moment or a list of them; each must be one of those that are `known`, if these are given."""
        found = []
        for item in [] if node is None else node.items if node.kind == "sequence" else [node]:
            at = self._moment(item, what)
            if at and known is not None and at not in known:
                fix = "Write the moment of the event that makes it fire."
                self.doc.error("example", item, "nothing happens at that moment, so it cannot fire then", fix)
            elif at:
                found.append(at)
        if node and node.kind == "sequence" and not node.items:
            self.doc.error("empty", node, f"{what} is empty", "Write e.g. 2021-11-14 08:00.")
        return found

    def _moment(self, node: Node, what: str) -> datetime | None:
        """A moment in UTC; a day alone is its midnight."""
        written = nodes.text(self.doc, node, what)
        found = _MOMENT.fullmatch(written)
        try:
            if found:
                return datetime.fromisoformat(f"{found[1]} {found[2] or '00:00'}").replace(tzinfo=UTC)
        except ValueError:
            pass
        if written:
            fix = "Write e.g. 2021-11-14 or 2021-11-14 08:00 (UTC)."
            self.doc.error("date", node, f"{written!r} is no date", fix)
        return None

"""Reading what a rule says of its events: how long they stay open, what parts them, where they can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.rule import EventRule

_KEYS = ("open for", "alike for", "differ by", "countries")
_DURATION = re.compile(r"(\d{1,4}) ?(h|d|m)(?:ours?|ays?|in(?:utes?)?)?", re.ASCII)
_ANY_DURATION = re.compile(r"(\w+) *([^\W\d_]*)\.?")
_UNITS = {"h": "hours", "d": "days", "m": "minutes"}
_COUNTRY = re.compile(r"[A-Z]{2}")
_COUNTRIES: Mapping[str, str] = {
    "armenia": "AM", "arm": "AM", "hy": "AM", "azerbaijan": "AZ", "aze": "AZ", "russia": "RU", "rus": "RU",
    "georgia": "GE", "geo": "GE", "turkey": "TR", "türkiye": "TR", "tur": "TR", "iran": "IR", "irn": "IR",
    "karabakh": "AZ", "nagorno-karabakh": "AZ", "artsakh": "AZ",
}  # fmt: skip


def read_event(doc: Document, node: Node | None, figures: list[str]) -> EventRule:
    """The events of a rule; `figures` are the numbers that it reads."""
    usual = EventRule()
    pairs = nodes.mapping(doc, node, "event", _KEYS)
    differ_by = ""
    if "differ by" in pairs:
        what = "figure that the rule extracts"
        differ_by = nodes.choice(doc, pairs["differ by"], what, figures, "unknown-figure")
    return EventRule(
        _duration(doc, pairs, "open for", usual.open_for),
        _duration(doc, pairs, "alike for", usual.alike_for),
        differ_by,
        tuple(_country(doc, each) for each in nodes.sequence(doc, pairs.get("countries"), "countries")),
    )


def _duration(doc: Document, pairs: Mapping[str, Node], key: str, usual: timedelta) -> timedelta:
    if key not in pairs:
        return usual
    written = nodes.text(doc, pairs[key], key)
    found = _DURATION.fullmatch(written)
    if found and int(found[1]):
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    if written:
        doc.error("duration", pairs[key], f"{key} is {written!r}, not a span of time", _lasting(written))
    return usual


def _lasting(written: str) -> str:
    """What was probably meant by a text that is no duration."""
    found = _ANY_DURATION.fullmatch(written)
    digits = found[1] if found else ""
    number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 4 else nodes.DIGITS.get(digits)
    glued = re.fullmatch(r"(\d{1,3})([^\W\d_]*)", written)
    number, unit = (int(glued[1]), glued[2]) if glued else (number, found[2] if found else "")
    if not number:
        return "Write e.g. 72h or 7d."
    if not unit:
        return f"Write {number}h for hours or {number}d for days."
    per = {"w": 7, "mo": 30, "y": 365}
    days = next((count for begin, count in per.items() if unit.casefold().startswith(begin)), 0)
    if days:
        return f"Write {number * days}d; hours (h) and days (d) are known."
    begin = unit[:1].casefold()
    return f"Write {number}{begin}." if begin in _UNITS else "Write e.g. 72h or 7d."


def _country(doc: Document, node: Node) -> str:
    code = nodes.text(doc, node, "a country")
    if code and not _COUNTRY.fullmatch(code):
        meant = _COUNTRIES.get(code.casefold(), code.upper() if re.fullmatch("[a-z]{2}", code) else "")
        fix = f"Write {meant}." if meant else "Write two capitals each, e.g. [AM, AZ]."
        doc.error("country", node, f"{code!r} is no country code", fix)
    return code

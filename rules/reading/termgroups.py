"""Reading term groups: terms by language, and beside them exclusions, weak terms and regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Literal

from rules import expressions
from rules.article import LANGUAGES
from rules.expressions import Expression
from rules.reading import nodes
from rules.reading.document import Document, Node
from rules.reading.termfaults import wrong_term
from rules.terms import ANY, Phrase, Validity, parse_term

BESIDE = ("not", "weak", "regex")
"""What may stand in a term group beside its languages."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_EXPRESSION = 500
MAX_TERMS, MAX_EXPRESSIONS = 20_000, 200
"""Terms, and regular expressions, of one file. The largest shipped list has some 2,000 terms."""

Role = Literal["", "not", "weak"]
"""What a term is in its group: one of its terms, an exclusion, or one that counts only beside another clause."""

Term = Phrase | Expression
Terms = list[tuple[Term, Role]]
Reader = Callable[[Document, Node, str], Term | None]


def looks_like_a_group(node: Node) -> bool:
    """Whether these are words by language."""
    return node.kind == "mapping" and bool(node.pairs) and node.pairs.keys() <= {*LANGUAGES, ANY, *BESIDE}


def is_language(doc: Document, group: str, node: Node, key: Node) -> bool:
    """Whether a language stands where the name of a group belongs; the first of a file is told."""
    if group not in (*LANGUAGES, ANY) or node.kind != "sequence":
        return False
    if not any(error.code == "no-group" for error in doc.errors):
        shown = ", ".join(item.text for item in node.items[:2])
        fix = f"Write a name of your own above it, and indent it below: words: {{{group}: [{shown}, ..]}}."
        doc.error("no-group", key, f"{group} is a language; below terms come groups, and in each the languages", fix)
    return True


def group_terms(doc: Document, node: Node, what: str) -> Terms:
    """The terms of one group, by language, and beside them its exclusions, weak terms and regular expressions."""
    if node.kind == "sequence" or (node.kind == "scalar" and node.text.strip()):
        shown = ", ".join(item.text for item in node.items[:3]) or node.text
        fix = f"Write {{en: [{shown}{', ..' if len(node.items) > 3 else ''}]}}, or ru, hy, az, tr, or any for all."
        doc.error("no-language", node, f"the terms of {what} must stand by language", fix)
        return []
    pairs = nodes.mapping(doc, node, f"the term group {what}", (*LANGUAGES, ANY, *BESIDE), lists=(*LANGUAGES, ANY))
    terms: Terms = [*_by_language(doc, pairs, "", _term)]
    roles: tuple[Role, ...] = ("not", "weak")
    for role in roles:
        terms += _by_language(doc, _beside(doc, pairs, role, what), role, _term)
    terms += _by_language(doc, _beside(doc, pairs, "regex", what), "", _expression)
    if node.kind == "mapping" and not node.pairs:
        doc.error("empty", node, f"{what} has no terms", "Write e.g. {en: [word]}.")
    return terms


def _beside(doc: Document, pairs: Mapping[str, Node], key: str, what: str) -> dict[str, Node]:
    node = pairs.get(key)
    if node is not None and node.kind == "sequence":
        shown = ", ".join(item.text for item in node.items[:3])
        doc.error("no-language", node, f"{key} of {what} must stand by language", f"Write {key}: {{en: [{shown}]}}.")
        return {}
    return nodes.mapping(doc, node, f"{key} of {what}", (*LANGUAGES, ANY))


def _by_language(doc: Document, pairs: Mapping[str, Node], role: Role, read: Reader) -> Iterator[tuple[Term, Role]]:
    for language, listed in pairs.items():
        if language not in BESIDE:
            seen: set[str] = set()
            for item in nodes.sequence(doc, listed, f"the {language} terms"):
                term = read(doc, item, language) if _room(doc, item, read is _expression) else None
                if term and term.written in seen:
                    doc.error("duplicate-term", item, f"{term.written} stands here a second time", nodes.ONE_OF_TWO)
                elif term:
                    seen.add(term.written)
                    yield term, role


def _room(doc: Document, node: Node, expression: bool) -> bool:
    """Count a term of the file; whether there is still room for it. The first that is too many is told."""
    what, most = ("regular expressions", MAX_EXPRESSIONS) if expression else ("terms", MAX_TERMS)
    doc.counted[what] = doc.counted.get(what, 0) + 1
    if doc.counted[what] == most + 1:
        fix = "Share them out among several lists." if not expression else "Write words with ~ and * where they do."
        doc.error("too-many-terms", node, f"more than {most:,} {what} in one file", fix)
    return doc.counted[what] <= most


def _term(doc: Document, node: Node, language: str) -> Phrase | None:
    """A term as a text, or as `{term: .., from: .., until: ..}` when it holds for a time only."""
    valid: Validity | None = None
    written_at: Node | None = node
    if node.kind == "mapping":
        pairs = nodes.mapping(doc, node, "a dated term", ("term", "from", "until"), ("term",))
        valid = _validity(doc, node, pairs)
        written_at = pairs.get("term")
    if written_at is not None and written_at.kind == "sequence":
        fix = "A term of several words is written without brackets: hand~ over."
        doc.error("type", written_at, "a list [..] stands where a term belongs", fix)
        return None
    written = nodes.text(doc, written_at, "a term")
    if not written or written_at is None:
        return None
    wrong = wrong_term(written)
    if wrong:
        doc.error_within(wrong.code, written_at, wrong.reason, wrong.fix, wrong.offset)
        return None
    if written_at.last > written_at.line and written_at.plain:
        reason = f"{written} is one term over two lines"
        doc.warn("line-break", written_at, reason, "If they are two, a comma is missing at the end of the line.")
    term = parse_term(written, language)
    if isinstance(term, str):
        doc.error("term", written_at, term)
        return None
    return term._replace(valid=valid)


def _validity(doc: Document, node: Node, pairs: Mapping[str, Node]) -> Validity:
    since, until = (_day(doc, pairs[key], key) if key in pairs else None for key in ("from", "until"))
    if "from" not in pairs and "until" not in pairs:
        doc.error("dates", node, "a dated term needs from, until or both", "Write e.g. {term: ..., from: 2022-11-04}.")
    if since and until and until < since:
        doc.error("dates", pairs["until"], f"until {until} lies before from {since}", "Swap the two.")
    return Validity(since, until)


def _day(doc: Document, node: Node, key: str) -> date | None:
    written = nodes.text(doc, node, key)
    with suppress(ValueError):
        if DAY.fullmatch(written):
            return date.fromisoformat(written)
    if written:
        doc.error("date", node, *_no_day(written))
    return None


def _no_day(written: str) -> tuple[str, str]:
    """Why a text is no day, and what it was probably meant for."""
    for form in ("%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%m-%Y", "%d %B %Y", "%B %d %Y", "%Y%m%d"):
        with suppress(ValueError):
            day = datetime.strptime(written.replace(",", ""), form).date()  # noqa: DTZ007 - a day has no zone
            return f"{written!r} is not how a day is written here", f"Write {day}."
    if DAY.fullmatch(written):
        month, day_of_month = int(written[5:7]), int(written[8:])
        if not 1 <= month <= 12:
            return f"{written!r} is no day: there is no month {month}", "Write year-month-day, e.g. 2022-11-04."
        return f"{written!r} is no day: that month has no day {day_of_month}", "Write a day that there is."
    return f"{written!r} is no day", "Write year-month-day, e.g. 2022-11-04."


def _expression(doc: Document, node: Node, language: str) -> Expression | None:
    written = nodes.text(doc, node, "a regular expression")
    if len(written) > _LONGEST_EXPRESSION:
        reason = f"a regular expression has at most {_LONGEST_EXPRESSION} characters"
        doc.error("regex", node, reason, "Part it, or list words as terms.")
        return None
    wrong = expressions.fault(written, language) if written else None
    if wrong:
        doc.error_within("regex", node, wrong.reason, wrong.fix, wrong.offset)
    return Expression(language, written) if written and not wrong else None

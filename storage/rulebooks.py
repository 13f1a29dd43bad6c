"""The versions of rules: what a rule, and the lists that it uses, said when a match was made by it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from rules.correlation import CorrelationRule
from rules.rule import Rule
from rules.rulebook import Rulebook, SourceFile
from storage.database import Database, insert, pages
from storage.tables import LIST_TEXTS, MATCHES, RULE_VERSIONS


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it stood when this version first came into force, at `since`.

    `text` is that of its `file`; `lists` gives the digest of each list's text, see `list_text`.
    """

    rule: str
    version: str
    title: str
    level: str
    status: str
    file: str
    text: str
    lists: Mapping[str, str]
    since: datetime


@dataclass(frozen=True, slots=True)
class VersionUse:
    """A version and how many matches it made. `since` is None for one that made matches before versions were kept."""

    rule: str
    version: str
    since: datetime | None
    level: str
    status: str
    matches: int


def keep_versions(database: Database, book: Rulebook, now: datetime) -> int:
    """Store what is new of a rulebook that comes into force, in one transaction; says how many versions that were.

    Nothing is written when all are known. A text stays as it was first seen: what changes in it afterwards without
    changing the version (comments, layout) decides nothing.
    """
    fresh = _unknown(database, book)
    if not fresh:
        return 0
    sources = {rule.id: book.sources_of(rule) for rule in fresh}
    texts = {source.digest: source.text for _, lists in sources.values() for source in lists.values()}
    with database.write() as session:
        # In one order for everybody: two writers that insert the same rows crosswise would wait for each other.
        lists = [{"digest": digest, "text": texts[digest]} for digest in sorted(texts)]
        if lists:
            session.execute(insert(session, LIST_TEXTS).on_conflict_do_nothing(), lists)
        rows = [_row(rule, *sources[rule.id], now) for rule in fresh]
        session.execute(insert(session, RULE_VERSIONS).on_conflict_do_nothing(), rows)
    return len(fresh)


def list_versions(session: Session, rule: str = "") -> list[VersionUse]:
    """The versions of one rule, or of all, oldest first; with those that only their matches tell of."""
    used = select(MATCHES.c.rule, MATCHES.c.version, func.count().label("matches"))
    used = used.group_by(MATCHES.c.rule, MATCHES.c.version)
    known = select(*(RULE_VERSIONS.c[name] for name in ("rule", "version", "since", "level", "status")))
    if rule:
        used, known = used.where(MATCHES.c.rule == rule), known.where(RULE_VERSIONS.c.rule == rule)
    counts = {(row.rule, row.version): row.matches for row in session.execute(used)}
    found = [
        VersionUse(row.rule, row.version, row.since, row.level, row.status, counts.pop((row.rule, row.version), 0))
        for row in session.execute(known)
    ]
    found += [VersionUse(*pair, None, "", "", matches) for pair, matches in counts.items()]
    return sorted(found, key=lambda each: (each.rule, each.since is not None, each.since or 0, each.version))


def find_versions(session: Session, version: str, rule: str = "") -> list[RuleVersion]:
    """The kept versions of this name: at most one of a rule, and hardly ever one of two."""
    query: Select[tuple[object, ...]] = select(RULE_VERSIONS).where(RULE_VERSIONS.c.version == version)
    if rule:
        query = query.where(RULE_VERSIONS.c.rule == rule)
    rows = session.execute(query.order_by(RULE_VERSIONS.c.rule)).mappings()
    return [RuleVersion(**{**row, "lists": json.loads(row["lists"])}) for row in rows]


def list_text(session: Session, digest: str) -> str:
    """The text of a list; empty when it was never kept."""
    return session.scalar(select(LIST_TEXTS.c.text).where(LIST_TEXTS.c.digest == digest)) or ""


def _unknown(database: Database, book: Rulebook) -> list[Rule | CorrelationRule]:
    """The rules whose version is not stored, by id."""
    every: dict[str, Rule | CorrelationRule] = {**book.rules, **book.correlations}
    by_id = [every[name] for name in sorted(every)]
    with database.read() as session:
        known = {pair for page in pages(by_id) for pair in _known(session, page)}
    return [rule for rule in by_id if (rule.id, rule.version) not in known]


def _known(session: Session, rules: Iterable[Rule | CorrelationRule]) -> Iterable[tuple[str, str]]:
    query = select(RULE_VERSIONS.c.rule, RULE_VERSIONS.c.version)
    rows = session.execute(query.where(RULE_VERSIONS.c.version.in_([rule.version for rule in rules])))
    return [(row.rule, row.version) for row in rows]


def _row(
    rule: Rule | CorrelationRule, own: SourceFile, lists: Mapping[str, SourceFile], now: datetime
) -> dict[str, object]:
    return {
        "rule": rule.id,
        "version": rule.version,
        "title": rule.title,
        "level": rule.level,
        "status": rule.status,
        "file": own.name,
        "text": own.text,
        "lists": json.dumps({name: source.digest for name, source in sorted(lists.items())}),
        "since": now,
    }

"""Labelled news: an article, and the indicators that it should raise; one JSON object a line.

    {"title": "...", "summary": "...", "lang": "az", "labels": ["pow-release"], "kind": "report"}
    {"title": "...", "lead": "...", "language": "en", "rule": "summit", "verdict": "not-relevant"}

`labels` say all that the item should raise; none may be left out. A `verdict` (`right` or `not-relevant`), as a reader
gives it on an alert, speaks of one `rule` only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from rules.article import Article, Source
from rules.errors import BorderwatchError

LONGEST = 1_000_000
"""Bytes of a line; what is longer is no news item."""
_VERDICTS = ("right", "not-relevant")


class LabelError(BorderwatchError):
    """Why a line cannot be used. It quotes nothing of it, for a set may be blind."""


class DateError(LabelError):
    """The date of an item cannot be read."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article, the indicators it should raise, and what kind of news it is.

    `verdict_of`: the one rule of which anything is known, empty where `labels` speak of all. `doubtful`: the labeller
    was not sure.
    """

    id: str
    article: Article
    labels: frozenset[str]
    kind: str = ""
    doubtful: bool = False
    verdict_of: str = ""

    def wants(self, rule: str) -> bool | None:
        """Whether `rule` should find it; None where nobody has said."""
        return None if self.verdict_of not in ("", rule) else rule in self.labels


def labelled(line: bytes, number: int, now: datetime) -> Labelled:
    """The item in line `number`; one without a date is dated `now`. Raises LabelError."""
    item = _object(line)
    article = _article(item, now)
    labels, verdict_of = _labels(item)
    doubtful = item.get("doubtful", False)
    if not isinstance(doubtful, bool):
        raise LabelError("doubtful is neither true nor false")
    return Labelled(_text(item, "id") or f"line {number}", article, labels, _text(item, "kind"), doubtful, verdict_of)


def unlabelled(line: bytes, now: datetime) -> Article:
    """The article in a line of which title, summary and language matter; a date may be any. Raises LabelError."""
    item = _object(line)
    try:
        return _article(item, now)
    except DateError:
        return _article({**item, "published": ""}, now)


def _object(line: bytes) -> Mapping[str, Any]:
    if len(line) > LONGEST:
        raise LabelError(f"the line has more than {LONGEST:,} bytes")
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise LabelError("the line is not in UTF-8") from None
    except (ValueError, RecursionError):
        raise LabelError("the line is not JSON; each line is an object {...} of its own") from None
    if not isinstance(item, dict):
        raise LabelError("the line is JSON, but not an object {...}")
    return item


def _article(item: Mapping[str, Any], now: datetime) -> Article:
    title = _text(item, "title")
    if not title.strip():
        raise LabelError("the item has no title")
    outlet = _text(item, "source") or _text(item, "outlet")
    article = Article(
        _text(item, "url"),
        title,
        _text(item, "summary") or _text(item, "lead"),
        _text(item, "lang") or _text(item, "language"),
        now,
        Source(outlet, outlet, _text(item, "side")),
    )
    return replace(article, published=_published(item, now))


def _published(item: Mapping[str, Any], now: datetime) -> datetime:
    written = _text(item, "published")
    if not written:
        return now
    try:
        moment = datetime.fromisoformat(written)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise DateError("published is no date; write for instance 2021-12-04T15:10:00+04:00") from None


def _labels(item: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    """The labels, and the one rule that they speak of, if it is one."""
    if "labels" in item:
        labels = item["labels"]
        if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
            raise LabelError("labels is no list of indicators; [] stands for none")
        return frozenset(_sound(label) for label in labels) - {"", "none"}, ""
    rule, verdict = _text(item, "rule"), _text(item, "verdict")
    if not rule or not verdict:
        raise LabelError("the item has neither labels nor a rule with a verdict")
    if verdict not in _VERDICTS:
        raise LabelError(f"the verdict is neither {' nor '.join(_VERDICTS)}")
    return frozenset({rule} if verdict == "right" else ()), rule


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LabelError(f"{key} is not a text")
    return _sound(value)


def _sound(text: str) -> str:
    """Without halves of characters, which JSON can spell and nothing can print."""
    return text.encode("utf-8", "replace").decode()

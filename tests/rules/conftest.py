"""Small rulebooks for the tests: a rule of a few lines, lists beside it when a test wants them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.article import Article, Source
from rules.rulebook import Rulebook, load_rulebook

RULE = """
id: {id}
title: A rule
status: {status}
level: {level}
meaning: For tests.
uses: [{uses}]
lifts: [{lifts}]
terms: {terms}
clauses: {clauses}
condition: {condition}
extract: {extract}
examples: {examples}
"""
DEFAULTS = {
    "id": "a-rule",
    "status": "test",
    "level": "high",
    "uses": "",
    "lifts": "",
    "extract": "{}",
    "examples": "{match: [{en: never run}]}",
}

MakeArticle = Callable[..., Article]
MakeBook = Callable[..., Rulebook]
WriteRule = Callable[..., Path]


@pytest.fixture
def article() -> MakeArticle:
    def make(title: str, summary: str = "", language: str = "en", side: str = "az") -> Article:
        when = datetime(2021, 12, 4, 15, 10, tzinfo=UTC)
        return Article("https://kura.example/1", title, summary, language, when, Source("Kura Wire", "Kura", side))

    return make


@pytest.fixture
def write_rule(tmp_path: Path) -> WriteRule:
    """Write one rule file from the parts that differ from the usual, return the folder."""

    def write(file: str = "a-rule.yaml", **parts: str) -> Path:
        (tmp_path / file).write_text(RULE.format(**(DEFAULTS | parts)), "utf-8")
        return tmp_path

    return write


@pytest.fixture
def book(write_rule: WriteRule, tmp_path: Path) -> MakeBook:
    """A rulebook of one rule; `lists` are the texts of its shared lists by name (places.csv: the gazetteer)."""

    def make(lists: dict[str, str] | None = None, **parts: str) -> Rulebook:
        (tmp_path / "lists").mkdir(exist_ok=True)
        for name, text in (lists or {}).items():
            (tmp_path / "lists" / (name if "." in name else f"{name}.yaml")).write_text(text, "utf-8")
        return load_rulebook(write_rule(**parts))

    return make

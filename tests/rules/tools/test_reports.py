"""Faults for machines: JSON, and annotations as GitHub reads them."""

from __future__ import annotations

import json

from rules.diagnostics import RuleError
from rules.tools.reports import as_github, as_json, summary

FAULT = RuleError("my,rules/a:b.yaml", 4, 8, "unknown-level", "level: hihg", "'hihg' is no level", "Did you mean high?")
WARNING = RuleError("b.yaml", 1, 2, "unused-list", "", "100% unused\r\nline", "", "warning")


def test_json_is_an_array_with_all_that_is_known_of_each() -> None:
    assert json.loads(as_json([FAULT, WARNING]))[0] == {
        "file": "my,rules/a:b.yaml",
        "line": 4,
        "column": 8,
        "severity": "error",
        "code": "unknown-level",
        "reason": "'hihg' is no level",
        "fix": "Did you mean high?",
        "source": "level: hihg",
    }
    assert json.loads(as_json([])) == []


def test_json_keeps_letters_and_survives_what_is_no_character() -> None:
    written = as_json([RuleError("գերի.yaml", 1, 1, "x", "\ud800", "y")])
    assert "գերի" in written
    assert written.encode("utf-8")


def test_an_annotation_escapes_what_github_would_read_as_its_own() -> None:
    assert as_github([FAULT, WARNING]).splitlines() == [
        "::error file=my%2Crules/a%3Ab.yaml,line=4,col=8,title=unknown-level::'hihg' is no level. Did you mean high?",
        "::warning file=b.yaml,line=1,col=2,title=unused-list::100%25 unused%0D%0Aline",
    ]


def test_the_summary_counts_faults_files_and_warnings() -> None:
    assert summary([FAULT, FAULT, WARNING], 3) == "3 rules, 2 faults in 1 file, 1 warning"
    assert summary([], 1) == "1 rule, no faults, no warnings"

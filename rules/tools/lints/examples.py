"""Examples that are missing, and examples that stand twice."""

from __future__ import annotations

from rules.article import LANGUAGES
from rules.reading.document import Node
from rules.rule import Example, Rule
from rules.tools.lints.findings import Findings
from rules.tools.lints.reach import Reach


def example_lints(rule: Rule, root: Node, reach: Reach, found: Findings) -> None:
    """Look at the examples of a rule as a whole."""
    key = root.keys["examples"]
    if all(example.matches for example in rule.examples):
        reason = "no example shows what the rule must not take"
        fix = "Write the hard ones under no match: the other side's wording, another war, the anniversary."
        found.add(rule.file, key, "no-negative", reason, fix)
    tried = {example.language for example in rule.examples}
    untried = [language for language in LANGUAGES if language in reach.rule(rule) - tried]
    if untried:
        told = ", ".join(untried)
        reason = f"the rule can fire in {told}, and no example tries it there"
        found.add(rule.file, key, "no-example", reason, f"Write an example in {told}.")
    _twice(rule, root, found)


def _twice(rule: Rule, root: Node, found: Findings) -> None:
    lists = root.pairs["examples"].pairs
    items = [item for kind in ("match", "no match") if kind in lists for item in lists[kind].items]
    seen: dict[tuple[str, ...], Example] = {}
    for example, item in zip(sorted(rule.examples, key=lambda one: not one.matches), items, strict=False):
        text = (example.language, example.title, example.lead, example.side)
        first = seen.setdefault(text, example)
        if first is example:
            continue
        if first.matches == example.matches:
            reason, fix = f"this example stands in line {first.line} already", "Keep one of the two."
        else:
            reason = f"this example must match (line {first.line}) and must not"
            fix = "Only one of the two can hold."
        found.add(rule.file, item, "same-example", reason, fix)

"""Languages that a rule speaks in part: it can never fire there, or lets in what it keeps out elsewhere."""

from __future__ import annotations

from rules.article import LANGUAGES
from rules.condition import mentioned
from rules.reading.document import Node
from rules.rule import Rule
from rules.tools.lints.findings import LANGUAGE_NAMES, Findings
from rules.tools.lints.reach import Reach, wanted


def language_lints(rule: Rule, root: Node, reach: Reach, found: Findings) -> None:
    """Compare the languages in which the rule can hold with those in which it has terms."""
    firing = reach.rule(rule)
    own = reach.own[rule.file]
    for language in LANGUAGES:
        if language not in firing:
            _silent(rule, root, reach, found, language)
    for name, plain in mentioned(rule.condition):
        clause = rule.clauses[name]
        missing = [each for each in LANGUAGES if each in firing - reach.clause(rule, clause)]
        if plain or not missing or len(missing) == len(firing):
            continue
        lacking = [ref.name for ref in clause.refs if ref.name in own and set(missing) - own[ref.name].languages()]
        if lacking:
            told = ", ".join(missing)
            reason = f"{name} keeps nothing out in {told}: {lacking[0]} has no terms there, though the rule fires"
            found.add(rule.file, own[lacking[0]].at, "language-missing", reason, f"Add {told} to {lacking[0]}.")


def _silent(rule: Rule, root: Node, reach: Reach, found: Findings, language: str) -> None:
    """The rule has terms of its own in a language in which it can never fire."""
    asked = wanted(rule)
    own = reach.own[rule.file]
    speaking = [ref.name for _, ref in asked if ref.name in own and language in own[ref.name].languages()]
    if not speaking:
        return
    lacking = next((ref.name for _, ref in asked if language not in reach.languages(rule, ref)), "")
    at = own[lacking].at if lacking in own else root.keys["condition"]
    name = LANGUAGE_NAMES[language]
    reason = f"the rule can never fire in {name}: {lacking} has no {name} terms, {speaking[0]} has"
    found.add(rule.file, at, "language-missing", reason, f"Add {language} to {lacking}.")

"""Clauses that cannot hold, that stand twice, or that keep a rule from ever taking a title alone."""

from __future__ import annotations

from itertools import product

from rules.clauses import ClauseRule
from rules.condition import holds, mentioned
from rules.reading.document import Node
from rules.rule import Rule
from rules.tools.lints.findings import Findings
from rules.tools.lints.reach import Reach, can_hold

_MOST_CLAUSES = 10
"""Clauses up to which every case of a condition is tried: 1,024 cases."""
_WIDEST = 30
"""Words; a sentence of news has some twenty."""


def clause_lints(rule: Rule, root: Node, reach: Reach, found: Findings) -> None:
    """Look at the clauses of a rule, each alone and in the condition."""
    clauses = root.pairs["clauses"]
    for name, clause in rule.clauses.items():
        _dead(rule, clause, clauses, reach, found)
        if clause.within > _WIDEST:
            at = clauses.pairs[name].pairs["within"]
            reason = f"within {clause.within} words is as good as a sentence, which seldom has more"
            found.add(rule.file, at, "wide", reason, "Write within: sentence, or a smaller number.")
    _twins(rule, clauses, found)
    _idle(rule, root, clauses, found)
    _title(rule, root, found)


def _dead(rule: Rule, clause: ClauseRule, clauses: Node, reach: Reach, found: Findings) -> None:
    barred = {group for ref in clause.without for group in ref.groups}
    for ref in clause.refs:
        if clause.without and barred and set(ref.groups) <= barred:
            reason = f"the clause {clause.name} can never hold: without bars {ref.name}, which it asks for"
            found.add(
                rule.file, clauses.keys[clause.name], "dead-clause", reason, f"Take {ref.name} out of one of the two."
            )
    if not reach.clause(rule, clause):
        reason = f"the clause {clause.name} can never hold: no language has terms for all that it asks for"
        found.add(rule.file, clauses.keys[clause.name], "dead-clause", reason, "Add terms, or take the clause out.")


def _twins(rule: Rule, clauses: Node, found: Findings) -> None:
    seen: dict[object, str] = {}
    for name, clause in rule.clauses.items():
        said = (clause.kind, clause.refs, clause.within, clause.where, clause.without)
        if said in seen:
            reason = f"the clause {name} says the same as {seen[said]}"
            found.add(rule.file, clauses.keys[name], "same-clause", reason, "Keep one of the two.")
        seen.setdefault(said, name)


def _idle(rule: Rule, root: Node, clauses: Node, found: Findings) -> None:
    """Clauses that never change what comes out, by trying every case."""
    names = sorted({name for name, _ in mentioned(rule.condition)})
    if len(names) > _MOST_CLAUSES:
        return
    outcome = {
        case: holds(rule.condition, dict(zip(names, case, strict=True)).__getitem__)
        for case in product((False, True), repeat=len(names))
    }
    if len(set(outcome.values())) == 1:
        always = next(iter(outcome.values()))
        reason = f"the condition {'always holds' if always else 'can never hold'}, whatever the clauses do"
        found.add(rule.file, root.pairs["condition"], "dead-condition", reason, "Check its and, or and not.")
        return
    for at, name in enumerate(names):
        if all(outcome[case] == outcome[(*case[:at], not case[at], *case[at + 1 :])] for case in outcome):
            reason = f"the clause {name} never changes what comes out: the other clauses of the condition decide alone"
            found.add(rule.file, clauses.keys[name], "dead-clause", reason, "Check the condition, or take it out.")


def _title(rule: Rule, root: Node, found: Findings) -> None:
    in_title = {name for name, clause in rule.clauses.items() if "title" in clause.where}
    if can_hold(rule.condition, in_title) or not can_hold(rule.condition, set(rule.clauses)):
        return
    asked = [name for name, plain in mentioned(rule.condition) if plain and name not in in_title]
    reason = (
        f"no title alone can satisfy the rule: {', '.join(dict.fromkeys(asked))} must hold and looks past the title"
    )
    fix = "Many feeds give nothing but titles. Write in: [title, lead], or leave it if that is meant."
    found.add(rule.file, root.pairs["condition"], "never-by-title", reason, fix)

"""Terms that a rule looks for and a guard silences it by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rules.article import LANGUAGES
from rules.match import NEWS
from rules.rule import Guard, Rule
from rules.terms import ANY
from rules.tools.lints.covering import bucket, takes_all
from rules.tools.lints.findings import Findings
from rules.tools.lints.reach import Reach, wanted
from rules.tools.lints.written import Group, Written

_PLACES = ("title", "sentence", "anywhere")
"""Where a guard's term silences the words of the news themselves; `before` looks at the words before them."""


def guard_lints(
    rule: Rule,
    guards: Sequence[Guard],
    written: Mapping[str, Group],
    reach: Reach,
    found: Findings,
    asked: Collection[str],
) -> None:
    """Warn of each term of the `asked` files by which a rule holds and which makes a guard fire too."""
    looked = {id(group): group for _, ref in wanted(rule) for group in reach.groups(rule, ref)}
    silent = [guard for guard in guards if guard.stance not in NEWS and guard.where & set(_PLACES)]
    for guard in silent:
        if guard.name in rule.lifts or guard.name not in written:
            continue
        theirs = _by_bucket(written[guard.name])
        for group in looked.values():
            if group.file in asked:
                _compare(rule, guard, group, theirs, found)


def _compare(
    rule: Rule, guard: Guard, group: Group, theirs: Mapping[object, Sequence[Written]], found: Findings
) -> None:
    for each in group.terms:
        alike = theirs.get(bucket(each.term), ()) if each.role != "not" else ()
        other = next((other for other in alike if takes_all(other.term, each.term)), None)
        if other:
            written = "" if other.node.text == each.node.text else f" ({other.node.text})"
            reason = f"{each.node.text} also stands in the guard {guard.name}{written}, which silences {rule.id} by it"
            fix = f"Take it out of one of the two, or write lifts: [{guard.name}] in the rule."
            found.add(group.file, each.node, "term-in-guard", reason, fix)


def _by_bucket(guard: Group) -> Mapping[object, Sequence[Written]]:
    """A guard's terms as they are looked up; a term for any language stands in each."""
    by: dict[object, list[Written]] = {}
    for each in guard.terms:
        if each.role == "not":
            continue
        for language in LANGUAGES if each.term.language == ANY else (each.term.language,):
            by.setdefault(bucket(each.term._replace(language=language)), []).append(each)
    return by

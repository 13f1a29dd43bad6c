"""An explanation for a person: the text, then rule by rule what holds and what is in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from bot.cli.rules.shown.marked import marked, marks
from bot.cli.rules.subject import Subject
from bot.console import printable
from rules.match import NEWS, Part, Stance
from rules.tools.why.explain import ClauseTrace, Explanation, RuleTrace
from rules.tools.why.phrases import (
    guard_in_words,
    lack_in_words,
    number_in_words,
    reason_in_words,
    shown,
    silenced_in_words,
)

LANGUAGE_NAMES = {"en": "English", "ru": "Russian", "hy": "Armenian", "az": "Azerbaijani", "tr": "Turkish"}
NEAREST = 3
"""Rules that do not match and are told with what they lack."""

FURTHEST = 2
"""How many times as much as the nearest of them the others may lack."""
_HOLDS, _GUARD, _DIM = "bold green", "bold yellow", "dim"


def show(console: Console, explanation: Explanation, subject: Subject, *, every: bool) -> None:
    """Print the explanation; `every` rule in full, or those that match and the nearest of the others."""
    full, nearby = _chosen(explanation, every)
    _show_article(console, explanation, subject, full or nearby)
    if not explanation.matching and not every:
        _line(console, Text("No rule matches.", "bold"), before=True)
    for trace in full:
        _line(console, before=True)
        for text in _full(trace):
            _line(console, text)
    if nearby and every:
        _line(console, before=True)
    elif nearby:
        _line(console, Text("Nearest:" if not explanation.matching else "Nearest of the others:", "bold"), before=True)
    for trace in nearby:
        for text in _in_short(trace):
            _line(console, text)
    if not full and not explanation.matching and not nearby:
        _line(console, Text("Nothing of any rule stands in this text: no term of a clause that a rule wants."))
        return
    if rest := len(explanation.rules) - len(full) - len(nearby):
        more = "more " if full or nearby else ""
        words = "rule is" if rest == 1 else "rules are"
        _line(console, Text(f"{rest} {more}{words} further off; --rule ID shows one in full.", _DIM), before=True)


def _chosen(explanation: Explanation, every: bool) -> tuple[list[RuleTrace], list[RuleTrace]]:
    """The rules that are shown in full, and those that are told in short."""
    if every:
        far = [trace for trace in explanation.rules if not trace.match and not trace.touched]
        return [trace for trace in explanation.rules if trace not in far], far
    others = [trace for trace in explanation.rules if not trace.match and trace.touched]
    best = others[0].missing if others else 0
    near = [trace for trace in others if trace.missing <= FURTHEST * best]
    return list(explanation.matching), near[:NEAREST]


def _show_article(console: Console, explanation: Explanation, subject: Subject, traces: Iterable[RuleTrace]) -> None:
    article, traces = explanation.article, list(traces)
    rule_words = [word for trace in traces for clause in _telling(trace) for word in clause.words]
    guard_words = [word for trace in traces if trace.guards.deciding for word in trace.guards.deciding.words]
    parts: tuple[tuple[str, str, Part], ...] = (
        ("Title", article.title, "title"),
        ("Lead", article.summary, "summary"),
    )
    for label, text, part in parts:
        if text:
            found = [*marks(guard_words, part, _GUARD), *marks(rule_words, part, _HOLDS)]
            _line(console, Text.assemble(f"{label:<6} ", marked(text, found, colours=console.is_terminal)))
    others = f"{article.language or 'unknown'}, so the terms of all languages are tried"
    language = LANGUAGE_NAMES.get(article.language, others)
    side = article.source.side
    about = [
        f"Language: {language} ({'guessed' if subject.guessed else 'given'})",
        f"source: {side}" if side else "",
        subject.origin,
        "only the beginning is read, as of a feed's entry" if subject.cut else "",
    ]
    _line(console, Text(printable("; ".join(filter(None, about))), _DIM))


def _telling(trace: RuleTrace) -> Iterator[ClauseTrace]:
    """The clauses whose words are marked: those by which a rule holds, or what there is of those that it wants."""
    for clause in trace.clauses:
        if clause.name in trace.match.clauses if trace.match else clause.wanted is not False or clause.holds:
            yield clause


def _full(trace: RuleTrace) -> Iterator[Text]:
    rule, match = trace.rule, trace.match
    if match:
        verdict = Text.assemble((rule.id, "bold"), f" matches, stance {match.stance}{_outcome(match.stance)}")
    else:
        verdict = Text.assemble((rule.id, "bold"), " does not match")
    yield Text.assemble(verdict, (f"  ({rule.level}: {printable(rule.title)})", _DIM))
    if rule.status == "deprecated":
        yield Text("  The rule is deprecated: it matches nothing, whatever holds.")
    width = max(len(name) for name in rule.clauses)
    yield from _clauses(trace, width)
    yield Text.assemble(("  condition  ", _DIM), " ".join(rule.condition_text.split()))
    if match:
        yield Text(f"             holds by {', '.join(match.clauses) or 'what is not there'}")
        yield from _guards(trace)
        yield from _facts(trace)
    for lack in trace.lacks:
        yield Text(f"             fails: {lack_in_words(lack)}")


def _outcome(stance: Stance) -> str:
    """What becomes of a match of that stance, where it is no news."""
    if stance in NEWS:
        return ""
    return ", which joins the event that it rebuts" if stance == "denial" else ", which alerts nobody"


def _clauses(trace: RuleTrace, width: int) -> Iterator[Text]:
    """Those that hold, those that do not and should, and in one line those that rightly do not."""
    holding = [clause for clause in trace.clauses if clause.holds]
    failing = [clause for clause in trace.clauses if not clause.holds and clause.wanted is not False]
    absent = [clause.name for clause in trace.clauses if not clause.holds and clause.wanted is False]
    for clause in (*holding, *failing):
        mark, style = ("+", "green") if clause.holds else ("-", "red")
        if clause.holds and clause.wanted is False:
            mark, style = "!", "yellow"
        why = _why(clause)
        yield Text.assemble("  ", (mark, style), f" {clause.name:<{width}}  ", printable(why))
    if absent:
        yield Text.assemble(("  . do not hold, and must not: ", _DIM), ", ".join(absent))


def _why(clause: ClauseTrace) -> str:
    if not clause.holds:
        return "; ".join(map(reason_in_words, clause.reasons))
    return shown(clause.words) or "by the article's source"


def _guards(trace: RuleTrace) -> Iterator[Text]:
    guards = trace.guards
    label = ("  guard      ", _DIM)
    if guards.deciding:
        told = printable(guard_in_words(guards.deciding))
        yield Text.assemble(label, f"{told}, which makes it: {guards.deciding.stance}")
    else:
        yield Text.assemble(label, "none: it is reported as it stands")
    for guard in guards.quiet:
        yield Text(printable(f"             {silenced_in_words(guard)}"))
    for guard in guards.lifted:
        yield Text(printable(f"             {guard_in_words(guard)} is lifted by the rule"))


def _facts(trace: RuleTrace) -> Iterator[Text]:
    facts = trace.match.facts if trace.match else None
    if facts is None:
        return
    found = [f"{name} {value}" for name, value in facts.numbers.items()]
    found += [f"{role} {', '.join(names)}" for role, names in facts.actors.items()]
    places = [f"{place.name} ({place.province or place.country})" for place in facts.places]
    found += [f"places {', '.join(places)}"] if places else []
    yield Text.assemble(("  facts      ", _DIM), printable("; ".join(found) or "none"))
    for number in trace.numbers:
        if not number.taken:
            yield Text(printable(f"             {number_in_words(number, trace.rule)}"))


def _in_short(trace: RuleTrace) -> Iterator[Text]:
    """One line of what a rule lacks, and a line for each clause that would have to change."""
    if not trace.touched:
        yield Text.assemble("  ", (trace.rule.id, "bold"), ": nothing of it stands in the text")
        return
    if not trace.nearest:
        yield Text.assemble("  ", (trace.rule.id, "bold"), f": holds, but the rule is {trace.rule.status}")
        return
    count = len(trace.nearest)
    yield Text.assemble("  ", (trace.rule.id, "bold"), f": {count} clause{'s' if count > 1 else ''} short of a match")
    by_name = {clause.name: clause for clause in trace.clauses}
    for name in trace.nearest:
        yield Text(printable(f"    {name}: {_short(by_name[name])}"))


def _short(clause: ClauseTrace) -> str:
    return f"holds, and must not: {shown(clause.words)}" if clause.holds else _why(clause)


def _line(console: Console, text: Text | None = None, *, before: bool = False) -> None:
    if before:
        console.print()
    if text is not None:
        console.print(text, soft_wrap=True)

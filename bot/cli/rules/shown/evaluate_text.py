"""An evaluation for people: the figures as tables, then the errors one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.table import Table
from rich.text import Text

from bot.cli.rules.jsonlines import Fault
from bot.console import line, stderr, stdout
from rules.tools.evaluate import Evaluation, Mistake
from rules.tools.scores import Score

_FEW = 20
"""Faults that are told one by one."""


def show_text(found: Evaluation, errors: int) -> None:
    """Print the figures, and at most so many `errors` of each kind; with 0 no titles, ids and terms."""
    _say(_heading(found))
    if found.rules:
        _figures(found)
    _beside(found)
    if found.unlabelled:
        _say("", *_unlabelled(found))
    if errors:
        _terms(found, errors)
        _mistakes("Missed", [each for each in found.mistakes if each.missed], errors)
        _mistakes("Found falsely", [each for each in found.mistakes if not each.missed], errors)
        _alerts(found, errors)


def show_faults(faults: Sequence[Fault]) -> None:
    """Print on stderr which lines could not be read, and why."""
    for fault in faults[:_FEW]:
        stderr().print(Text(f"{line(fault.file)}:{fault.line}: {line(fault.reason)}"), soft_wrap=True)
    if len(faults) > _FEW:
        stderr().print(Text(f"... and {len(faults) - _FEW} more"))


def _heading(found: Evaluation) -> str:
    apart = f", {found.doubtful_items:,} doubtful ones counted apart" if found.doubtful_items else ""
    measured = "1 rule" if len(found.rules) == 1 else f"{len(found.rules)} rules"
    return f"{_items(found.items)}{apart}; {measured} measured."


def _figures(found: Evaluation) -> None:
    table = _table("indicator")
    for rule, score in found.rules.items():
        table.add_row(line(rule), *_score(score))
    table.add_row("all (micro)", *_score(found.micro))
    if found.macro:
        precision, recall, f1 = map(_share, (found.macro.precision, found.macro.recall, found.macro.f1))
        table.add_row("mean (macro)", "", "", "", precision, "", recall, "", f1)
    _say("")
    stdout().print(table)
    _part("language", found.languages, {})
    _part("kind", found.kinds, found.items_of)
    if found.doubtful_items:
        _part("apart", {"doubtful": found.doubtful}, {"doubtful": found.doubtful_items})


def _part(what: str, scores: Mapping[str, Score], items: Mapping[str, int]) -> None:
    if not scores:
        return
    table = _table(what)
    for name, score in scores.items():
        count = f" ({items[name]})" if items else ""
        table.add_row(line(name or "not given") + count, *_score(score))
    _say("")
    stdout().print(table)


def _table(what: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(what, min_width=18)
    for name in ("right", "false", "missed", "precision", "", "recall", "", "F1"):
        table.add_column(name, justify="left" if not name else "right")
    return table


def _score(score: Score) -> tuple[str, ...]:
    return (
        str(score.right),
        str(score.false),
        str(score.missed),
        _share(score.precision),
        _between(score.precision, score.precision_interval),
        _share(score.recall),
        _between(score.recall, score.recall_interval),
        _share(score.f1),
    )


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}"


def _between(share: float | None, interval: tuple[float, float]) -> str:
    return "" if share is None else f"{interval[0]:.2f}-{interval[1]:.2f}"


def _beside(found: Evaluation) -> None:
    lines = []
    if found.without_rule:
        labels = ", ".join(f"{line(label)} ({count})" for label, count in found.without_rule.items())
        lines.append(f"Left out, for there is no rule: {labels}.")
    if found.without_labels:
        lines.append(f"Left out, for no item is labelled so: {', '.join(found.without_labels)}.")
    if not found.rules:
        lines.append("So nothing could be measured.")
    if lines:
        _say("", *lines)


def _unlabelled(found: Evaluation) -> Iterable[str]:
    per = found.per_10_000(found.alerted)
    yield f"Unlabelled: {found.alerted:,} of {_items(found.unlabelled)} alert, {per:.1f} in 10,000; some may be right."
    for rule, count in sorted(Counter(alert.rule for alert in found.alerts).items()):
        yield f"  {rule}: {count:,}, {found.per_10_000(count):.1f} in 10,000"


def _terms(found: Evaluation, errors: int) -> None:
    if not found.worst:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("worst terms", "rule", "false", "unlabelled", "right"):
        table.add_column(name, justify="left" if name in ("worst terms", "rule") else "right")
    for term in found.worst[:errors]:
        counts = (str(term.false), str(term.unlabelled), str(term.right))
        table.add_row(Text(line(term.term)), Text(term.rule), *counts)
    _say("")
    stdout().print(table)
    _rest(len(found.worst), errors)


def _mistakes(what: str, mistakes: Sequence[Mistake], errors: int) -> None:
    if not mistakes:
        return
    _say("", f"{what}, {len(mistakes):,}:")
    for each in mistakes[:errors]:
        doubtful = ", doubtful" if each.doubtful else ""
        _say(f"{line(each.item)} ({line(each.language) or '?'}, {each.rule}{doubtful}): {line(each.title)}")
        _say(f"    {'; '.join(_why(each))}")
        if each.terms:
            _say(f"    terms: {line(', '.join(each.terms))}")
    _rest(len(mistakes), errors)


def _why(mistake: Mistake) -> Iterable[str]:
    if mistake.guard:
        yield f"taken for {mistake.stance} by the guard {mistake.guard}"
    if mistake.held:
        yield f"held: {', '.join(mistake.held)}"
    if mistake.lacking:
        yield f"lacks {', '.join(mistake.lacking)}"
    if mistake.barring:
        yield f"holds, and should not: {', '.join(mistake.barring)}"


def _alerts(found: Evaluation, errors: int) -> None:
    if not found.alerts:
        return
    _say("", f"Alerts of the unlabelled items, {len(found.alerts):,}:")
    for alert in found.alerts[:errors]:
        _say(f"({line(alert.language) or '?'}, {alert.rule}): {line(alert.title)}")
        _say(f"    terms: {line(', '.join(alert.terms))}")
    _rest(len(found.alerts), errors)


def _rest(count: int, shown: int) -> None:
    if count > shown:
        _say(f"... and {count - shown:,} more; --errors all shows them.")


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count:,} items"


def _say(*lines: str) -> None:
    for each in lines:
        stdout().print(Text(each), soft_wrap=True)

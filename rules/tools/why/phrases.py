"""Reasons in plain words, as `rules explain` and `rules test` tell them."""

from __future__ import annotations

from collections.abc import Iterable

from rules.rule import Rule
from rules.terms import Validity
from rules.tools.why.condition import Lack
from rules.tools.why.guards import GuardTrace
from rules.tools.why.numbers import Number
from rules.tools.why.reasons import Reason
from rules.tools.why.words import Word


def reason_in_words(reason: Reason) -> str:
    """Why a clause does not hold, without its name: "captives .. freed: distance 14, allowed 12"."""
    names = [f"({group_in_words(group)})" if " or " in group else group for group in reason.groups]
    groups, found = " .. ".join(names), shown(reason.words)
    match reason.kind:
        case "absent":
            return f"no word of {' nor of '.join(names)}"
        case "source":
            return f"the source is not on the side {' nor on '.join(name.partition('.')[2] for name in names)}"
        case "excluded":
            return f"{found} is taken away by the exclusion {_terms(reason.by)}"
        case "parted":
            return f"a comma or colon parts the phrase {found}"
        case "outdated":
            return f"{found} holds only {_days(reason.valid)}"
        case "longer-name":
            return f"{found} is part of a longer name, {_texts(reason.by)}"
        case "common-name":
            return f"{_texts(reason.words)} alone is no place: the name means other things too (places.context)"
        case "elsewhere":
            return f"{_texts(reason.words)} lies neither in Armenia nor in Azerbaijan (places.all)"
        case "weak":
            return f"{found} is weak ({_terms(reason.words)}) and no other clause holds beside it"
        case "part":
            where = " and ".join(dict.fromkeys(word.where for word in reason.words))
            return f"{found} stands in the {where}, the clause looks at the {' and '.join(reason.looked_at)}"
        case "apart":
            return f"{groups}: not in one sentence; {_by_sentence(reason.words)}"
        case "distance":
            return f"{groups}: distance {reason.distance}, allowed {reason.allowed}; {_texts(reason.words)}"
        case "barred":
            return f"{groups}: the sentence also holds {shown(reason.by)}, which bars it"
        case "same-word":
            return f"{groups}: {_texts(reason.words)} cannot stand for both"


def lack_in_words(lack: Lack) -> str:
    """What a condition lacks: "freed-captives does not hold", "title-of-others holds, and must not"."""
    if lack.barring:
        holds = "holds" if len(lack.barring) == 1 else "hold"
        return f"{', '.join(lack.barring)} {holds}, and must not"
    if len(lack.options) == 1:
        name = lack.options[0]
        return f"{'no ' if name.endswith('*') else ''}{name} {'holds' if name.endswith('*') else 'does not hold'}"
    needed = "one" if lack.needed == 1 else f"{lack.needed} more"
    return f"{needed} of these would have to hold: {'; '.join(lack.options)}"


def guard_in_words(guard: GuardTrace) -> str:
    """A guard with what it saw: "denial: “denies” in the title"."""
    words = ", ".join(f"“{word.text}” in the {_place(word)}" for word in guard.words)
    return f"{guard.name}: {words or 'a question mark'}"


def silenced_in_words(guard: GuardTrace) -> str:
    """A guard that was kept quiet, and what keeps it so."""
    return f"{guard_in_words(guard)} is silenced by {shown(guard.silenced) or 'the source of the article'}"


def number_in_words(number: Number, rule: Rule) -> str:
    """Why a number is not among the facts: "“34” is passed over: “year” stands beside it"."""
    match number.use:
        case "date":
            why = "it is a date"
        case "trap":
            why = f"“{number.trap}” stands beside it"
        case "form":
            why = "it is written as a year, a time, a share, a sum, an age or an ordinal"
        case "count":
            near = " nor to ".join(group_in_words(each.ref.name) for each in rule.extract if each.kind == "number")
            why = f"another number is nearer to {near}, or this one is not near enough"
    return f"“{number.text}” is passed over: {why}"


def shown(words: Iterable[Word]) -> str:
    """Words with the group that each belongs to: “freed” (handing-over.freed)."""
    by_place: dict[tuple[int, int, str], list[str]] = {}
    for word in _outermost(words):
        groups = by_place.setdefault((word.sentence, word.start, word.text), [])
        groups += [group_in_words(word.group)] if group_in_words(word.group) not in groups else []
    return ", ".join(f"“{text}” ({', '.join(groups)})" for (_, _, text), groups in by_place.items())


def group_in_words(name: str) -> str:
    """The name of a group, shorter where it is one of several of a list: handing-over: freed or back."""
    parts = [each.partition(".") for each in name.split(" or ")]
    if len(parts) > 1 and len({head for head, _, _ in parts}) == 1 and all(part for _, _, part in parts):
        return f"{parts[0][0]}: {' or '.join(part for _, _, part in parts)}"
    return name


def _outermost(words: Iterable[Word]) -> list[Word]:
    """Without those that lie within a longer one of the same group: “are home” says “home” as well."""
    found = list(words)
    return [
        word
        for word in found
        if not any(
            (other.part, other.group) == (word.part, word.group)
            and other.start <= word.start
            and word.end <= other.end
            and other.end - other.start > word.end - word.start
            for other in found
        )
    ]


def _texts(words: Iterable[Word]) -> str:
    by_place = {(word.sentence, word.start, word.end): word.text for word in _outermost(words)}
    return ", ".join(f"“{text}”" for _, text in sorted(by_place.items()))


def _place(word: Word) -> str:
    return "title" if word.where == "title" else f"{word.where}, sentence {word.sentence}"


def _terms(words: Iterable[Word]) -> str:
    return ", ".join(dict.fromkeys(word.term for word in words))


def _by_sentence(words: Iterable[Word]) -> str:
    by_sentence: dict[int, list[Word]] = {}
    for word in _outermost(words):
        there = by_sentence.setdefault(word.sentence, [])
        there += [word] if word.group not in [other.group for other in there] else []
    return "; ".join(
        f"{'title' if number == 0 else f'sentence {number} of the text'}: {shown(found)}"
        for number, found in sorted(by_sentence.items())
    )


def _days(valid: Validity | None) -> str:
    """From which day and until which a term holds."""
    since = f"from {valid.since}" if valid and valid.since else ""
    until = f"until {valid.until}" if valid and valid.until else ""
    return " ".join(filter(None, (since, until))) or "on other days"

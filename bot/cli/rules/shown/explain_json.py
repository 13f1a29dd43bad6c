"""An explanation as one JSON object; its keys are described in docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.cli.rules.subject import Subject
from rules.match import Match
from rules.tools.forms import Forms
from rules.tools.why.explain import ClauseTrace, Explanation, RuleTrace
from rules.tools.why.guards import GuardTrace
from rules.tools.why.numbers import Number
from rules.tools.why.phrases import lack_in_words, reason_in_words
from rules.tools.why.reasons import Reason
from rules.tools.why.words import Word

Json = Mapping[str, object]


def explanation_json(explanation: Explanation, subject: Subject) -> Json:
    """The article, and each rule on it: those that match first, then by nearness."""
    article = explanation.article
    return {
        "title": article.title,
        "lead": article.summary,
        "language": article.language,
        "language_guessed": subject.guessed,
        "side": article.source.side or None,
        "url": article.url or None,
        "published": article.published.isoformat(),
        "matching": [trace.rule.id for trace in explanation.matching],
        "rules": [_rule(trace) for trace in explanation.rules],
    }


def forms_json(language: str, forms: Forms) -> Json:
    """A term in one language: what each of its words takes."""
    words = [
        {
            "written": word.pattern.key,
            "kind": word.pattern.kind,
            "forms": list(word.forms),
            "count": word.count,
            "common": [common.written for common in word.common],
        }
        for word in forms.words
    ]
    return {"term": forms.term.written, "language": language, "words": words}


def _rule(trace: RuleTrace) -> Json:
    rule, match, guards = trace.rule, trace.match, trace.guards
    return {
        "rule": rule.id,
        "title": rule.title,
        "version": rule.version,
        "level": rule.level,
        "status": rule.status,
        "matches": match is not None,
        "stance": match.stance if match else None,
        "in_title": match.in_title if match else None,
        "condition": rule.condition_text,
        "held_by": list(match.clauses) if match else [],
        "lacks": [
            {
                "needed": lack.needed,
                "options": list(lack.options),
                "barring": list(lack.barring),
                "text": lack_in_words(lack),
            }
            for lack in trace.lacks
        ],
        "nearest": list(trace.nearest),
        "missing": trace.missing,
        "touched": trace.touched,
        "clauses": [_clause(clause) for clause in trace.clauses],
        "guard": _guard(guards.deciding) if guards.deciding else None,
        "guards_silenced": [_guard(guard) for guard in guards.quiet],
        "guards_lifted": [_guard(guard) for guard in guards.lifted],
        "facts": _facts(match) if match else None,
        "numbers": [_number(number) for number in trace.numbers],
    }


def _clause(clause: ClauseTrace) -> Json:
    return {
        "clause": clause.name,
        "kind": clause.kind,
        "holds": clause.holds,
        "wanted": clause.wanted,
        "spans": _spans(clause.words),
        "reasons": [_reason(reason) for reason in clause.reasons],
    }


def _reason(reason: Reason) -> Json:
    return {
        "kind": reason.kind,
        "groups": list(reason.groups),
        "spans": _spans(reason.words),
        "by": _spans(reason.by),
        "distance": reason.distance or None,
        "allowed": reason.allowed or None,
        "text": reason_in_words(reason),
    }


def _guard(guard: GuardTrace) -> Json:
    told = {"guard": guard.name, "stance": guard.stance, "spans": _spans(guard.words)}
    return {**told, "silenced_by": _spans(guard.silenced)}


def _facts(match: Match) -> Json:
    facts = match.facts
    places = [
        {"name": place.name, "province": place.province or None, "country": place.country, "id": place.id}
        for place in facts.places
    ]
    actors = {role: list(names) for role, names in facts.actors.items()}
    return {"numbers": dict(facts.numbers), "actors": actors, "places": places}


def _number(number: Number) -> Json:
    return {
        "part": number.part,
        "start": number.start,
        "end": number.end,
        "text": number.text,
        "value": number.value,
        "use": number.use,
        "beside": number.trap or None,
        "taken": list(number.taken),
    }


def _spans(words: Iterable[Word]) -> list[Json]:
    return [
        {
            "part": word.part,
            "start": word.start,
            "end": word.end,
            "text": word.text,
            "term": word.term,
            "group": word.group,
            "where": word.where,
            "weak": word.weak,
        }
        for word in words
    ]

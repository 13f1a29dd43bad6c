"""JSON Schema of rule files and shared lists, from which editors complete and explain what is typed.

It knows the names of the rulebook in force: lists and their parts, guards, indicators. It is looser than
`rules check`, which has the last word: an editor reads 10 as a number and 2022-11-04 as a date, the loader as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from rules.article import LANGUAGES
from rules.correlation import GROUPINGS, KINDS, STATES
from rules.indicators import INDICATORS
from rules.reading import nodes
from rules.reading.lists import SIDES, SOURCE, SOURCE_SIDES, WHERE
from rules.reading.termgroups import BESIDE
from rules.rule import LEVELS, STATUSES
from rules.rulebook import Rulebook
from rules.scan import Where
from rules.terms import ANY
from rules.tools import keys

Schema = dict[str, Any]
"""JSON-like: texts, numbers, lists and objects."""

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_SCALARS: Schema = {"type": "array", "items": _SCALAR}
_DURATION: Schema = {"type": "string", "pattern": r"^\d+ ?[hdmw]"}
_TITLE: Schema = {"type": ["string", "number", "boolean"], "minLength": 1}
_MUST = ("id", "title", "status", "level", "meaning", "examples")


def rule_schema(book: Rulebook) -> Schema:
    """The schema of a rule file, escalation rules included."""
    facts: Schema = {"type": "object", "additionalProperties": {"anyOf": [_SCALAR, _SCALARS]}}
    told = {
        **dict.fromkeys(LANGUAGES, _TITLE),
        "lead": _SCALAR,
        "side": _one_of(SOURCE_SIDES),
        "stance": _one_of(nodes.STANCES),
        "facts": facts,
        "why": _SCALAR,
        "events": {"type": "array", "items": {"type": "object"}},
        "fires": {"anyOf": [_SCALAR, _SCALARS]},
    }
    example = _object(told, {**keys.EXAMPLE, **dict.fromkeys(LANGUAGES, "The title.")})
    example["oneOf"] = [{"required": [key]} for key in (*LANGUAGES, "events")]
    several: Schema = {"type": "array", "items": example}
    fields: dict[str, Schema] = {
        "id": {"type": "string", "pattern": f"^{nodes.NAME.pattern}$"},
        "title": _TITLE,
        "status": _one_of(STATUSES),
        "level": _one_of(LEVELS),
        "meaning": _TITLE,
        "references": _list_of(_object(dict.fromkeys(keys.REFERENCE, _SCALAR), keys.REFERENCE, keys.REFERENCE)),
        "falsepositives": _SCALARS,
        "uses": _list_of(_one_of(name for name in book.lists if name != SOURCE)),
        "lifts": _list_of(_one_of(guard.name for guard in book.guards)),
        "terms": {"type": "object", "additionalProperties": _group()},
        "clauses": {"type": "object", "additionalProperties": _clause(book)},
        "condition": {"type": "string", "minLength": 1},
        "extract": {"type": "object", "additionalProperties": _extract(book)},
        "event": _event(),
        "examples": _object({"match": several, "no match": several}, {}, ["match"]),
        "correlation": _correlation(book),
    }
    kinds = [{"required": ["terms", "clauses", "condition"]}, {"required": ["correlation"]}]
    whole = _object(fields, keys.RULE, _MUST) | {"oneOf": kinds}
    return {"$schema": _DRAFT, "title": "A rule of borderwatch"} | whole


def list_schema() -> Schema:
    """The schema of a shared list."""
    group = _group()
    actor = {"name": _TITLE, "side": _one_of(SIDES), "groups": _SCALARS}
    where = _one_of(WHERE)
    guard: dict[str, Schema] = {
        "name": _TITLE,
        "stance": _one_of(nodes.STANCES),
        "where": {"anyOf": [where, _list_of(where)]},
        "unless": _SCALARS,
        "terms": group,
    }
    spoken: Schema = {"type": "object", "additionalProperties": _SCALAR}
    fields: dict[str, Schema] = {
        "title": _TITLE,
        "uses": _SCALARS,
        "terms": {"type": "object", "additionalProperties": group},
        "actors": _list_of(_object(actor | group["properties"], keys.ACTOR | keys.GROUP, ["name", "side"])),
        "guards": _list_of(_object(guard, keys.GUARD, ["name", "stance", "where", "terms"])),
        "numbers": _object(dict.fromkeys(LANGUAGES, spoken), keys.GROUP),
        "traps": _object({"before": group, "after": group}, {}),
    }
    return {"$schema": _DRAFT, "title": "A shared list of borderwatch"} | _object(fields, keys.LIST, ["title"])


def _group() -> Schema:
    dated = _object(dict.fromkeys(keys.TERM, _SCALAR), keys.TERM, ["term"])
    listed = _list_of({"anyOf": [_SCALAR, dated]})
    by_language = dict.fromkeys((*LANGUAGES, ANY), listed)
    beside = {role: _object(by_language, keys.GROUP) for role in BESIDE}
    return _object(by_language | beside, keys.GROUP)


def _names(book: Rulebook) -> Schema:
    """A name in a clause: those of the lists are proposed, the rule's own groups are any other."""
    lists = [name for name in book.lists if name != SOURCE]
    parts = [f"{name}.{part}" for name, known in book.lists.items() for part in known]
    return {"anyOf": [_one_of([*lists, *parts]), {"type": "string", "pattern": "^[^.]*$"}]}


def _clause(book: Rulebook) -> Schema:
    name = _names(book)
    several = _list_of({"anyOf": [name, _list_of(name)]})
    part = _one_of(get_args(Where))
    fields: dict[str, Schema] = {
        "any": several,
        "all": several,
        "near": several,
        "within": {"type": "string", "pattern": r"^(sentence|\d+ words?)$"},
        "without": several,
        "in": {"anyOf": [part, _list_of(part)]},
    }
    kinds = [{"required": [kind]} for kind in ("any", "all", "near")]
    return _object(fields, keys.CLAUSE) | {"oneOf": kinds}


def _extract(book: Rulebook) -> Schema:
    name = _names(book)
    named: Schema = {"anyOf": [name, _list_of(name)]}
    fields = {"number near": named, "actor near": named, "actors of": named}
    return _object(fields | {"within": {"type": "string"}}, keys.EXTRACT)


def _event() -> Schema:
    fields: dict[str, Schema] = {
        "open for": _DURATION,
        "alike for": _DURATION,
        "differ by": _SCALAR,
        "countries": _list_of({"type": "string", "pattern": "^[A-Z]{2}$"}),
    }
    return _object(fields, keys.EVENT)


def _correlation(book: Rulebook) -> Schema:
    fields: dict[str, Schema] = {
        "type": _one_of(KINDS),
        "rules": _list_of(_one_of(sorted({*book.rules, *INDICATORS}))),
        "group by": _list_of(_one_of(GROUPINGS)),
        "timespan": _DURATION,
        "at least": _SCALAR,
        "times": _SCALAR,
        "baseline": _DURATION,
        "states": _list_of(_one_of(STATES)),
    }
    return _object(fields, keys.CORRELATION, ["type", "rules", "timespan"])


def _object(fields: Mapping[str, Schema], told: Mapping[str, str], must: Iterable[str] = ()) -> Schema:
    described = {key: ({"description": told[key]} if key in told else {}) | field for key, field in fields.items()}
    required = list(must)
    made: Schema = {"type": "object", "properties": described, "additionalProperties": False}
    return made | ({"required": required} if required else {})


def _one_of(words: Iterable[str]) -> Schema:
    known: Sequence[str] = list(words)
    return {"enum": known} if known else {"type": "string"}


def _list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}

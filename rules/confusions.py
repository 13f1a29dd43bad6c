"""What people write for a word of the notation: other systems' words, countries for languages, near synonyms."""

from __future__ import annotations

_MEANT = """
    hy: am arm armenian hye hay armenia
    az: aze azeri azerbaijani azerbaijan azj azb baku
    ru: rus russian russia
    en: eng english uk gb us usa
    tr: tur turkish turkey türkiye turkiye
    any: all other und
    am: hy arm armenia armenian yerevan
    ka: karabakh artsakh nk nkr nagorno_karabakh
    ge: georgia geo
    ir: iran
    us: usa united_states america
    eu: europe
    int: international
    informational: info information debug notice none
    low: minor
    medium: moderate warning warn normal middle mid
    high: severe error urgent important major
    critical: crit fatal emergency alert
    experimental: draft new wip beta alpha
    test: testing review
    stable: active enabled live production final ok
    deprecated: disabled off obsolete unsupported retired inactive
    title: name headline heading label
    level: severity priority importance
    meaning: description desc summary comment note notes definition explanation
    status: state maturity
    references: source sources link links ref refs
    falsepositives: false_alarms
    uses: import imports include includes lists list use requires
    terms: words keywords patterns groups vocabulary strings phrases
    clauses: selection selections detection detections conditions rules criteria
    condition: logic expression formula filter
    extract: facts extraction
    examples: tests cases samples
    match: positive positives matches yes true hit hits matching
    no match: negative negatives no nonmatch non_match not_matching nomatch
    why: reason because
    lead: summary text body description
    any: or one some either anyof any_of
    all: and every both allof all_of
    near: close proximity beside
    within: distance window span
    without: except exclude excluding unless
    in: where part field
    number near: number count figure numbers
    actor near: actor who by
    actors of: actors participants
    open for: duration timeout window
    differ by: differs_by differ
    report: reported fact news statement
    claim: claims claimed alleged
    denial: deny denied denies rebuttal
    hypothetical: possible future maybe
    not: except exclude exclusions
    regex: re regexp pattern expression
    from: since start begin
    until: to end till
    side: party
    stance: kind
"""


def _table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in _MEANT.strip().splitlines():
        meant, _, written = line.strip().partition(": ")
        for word in written.split():
            spaced = word.replace("_", " ")
            table[spaced] = (*table.get(spaced, ()), meant)
    return table


_INSTEAD = _table()

LANGUAGE_OF = {"am": ("hy", "Armenian"), "arm": ("hy", "Armenian"), "ua": ("", "Ukrainian"), "ge": ("", "Georgian")}
"""Codes of countries that are written for languages: the language's own code (empty: not read here) and its name."""


def meant_instead(word: str) -> tuple[str, ...]:
    """The words of the notation that `word`, in small letters, is often written for; which of them fits is asked."""
    return _INSTEAD.get(word, ())

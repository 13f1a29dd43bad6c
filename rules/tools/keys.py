"""What each key of a rule file means, in a line: for editors, and for whoever writes the docs."""

from __future__ import annotations

from typing import Final

RULE: Final = {
    "id": "The indicator, e.g. pow-release: small letters, digits, hyphens. Name the file after it.",
    "title": "What an alert calls it.",
    "status": "How far the rule is to be trusted. A stable one needs an example under 'no match'; deprecated rests.",
    "level": "How loud it is. Subscribers choose by it.",
    "meaning": "What counts and what does not, in a sentence or two for the next analyst.",
    "references": "The passages of the report that this watches for.",
    "falsepositives": "What it may take by mistake.",
    "uses": "Shared lists, by the names of their files in lists/.",
    "lifts": "Guards that do not hold for this rule.",
    "terms": "Groups of words, by language. stem~ takes endings, prefix* anything, a phrase adjacent words.",
    "clauses": "What must stand together, each under a name.",
    "condition": "Which clauses must hold: names joined by and, or, not, brackets, 1 of freed-*, all of them.",
    "extract": "Facts to read: numbers and who acts. Places are always read.",
    "event": "How articles become one event.",
    "examples": "What the rule must take and must not take. rules test runs them.",
    "correlation": "An escalation: when events of other rules add up to more.",
}
"""The keys of a rule, in the order of a file."""

GROUP: Final = {
    "en": "English terms.",
    "ru": "Russian terms.",
    "hy": "Armenian terms.",
    "az": "Azerbaijani terms.",
    "tr": "Turkish terms.",
    "any": "Terms in every language.",
    "not": "What the group must not take, by language.",
    "weak": "Terms that count only where another clause holds in the same sentence, by language.",
    "regex": "Regular expressions over whole words, by language, for what terms cannot say.",
}
TERM: Final = {
    "term": "The term.",
    "from": "The first day on which it means this, year-month-day.",
    "until": "The last day on which it means this, year-month-day.",
}
CLAUSE: Final = {
    "any": "Holds when a term of one of these stands there.",
    "all": "Holds when a term of each stands there.",
    "near": "Holds when a term of each stands within the distance.",
    "within": "sentence, or so many words: 6 words.",
    "without": "A sentence that holds a term of these does not count.",
    "in": "Where to look: title, lead, body, or a list of them. Without it: title and lead.",
}
EXTRACT: Final = {
    "number near": "The number nearest to a term of this group.",
    "actor near": "The actor nearest to a term of this group.",
    "actors of": "All actors of this part of a list, e.g. actors.leaders.",
    "within": CLAUSE["within"],
}
EVENT: Final = {
    "open for": "An article joins so long after the event's last one, e.g. 72h.",
    "alike for": "One that shares neither place nor figure joins so long, e.g. 24h.",
    "differ by": "Another figure of this name is another event.",
    "countries": "Where such a thing can happen, e.g. AM, AZ.",
}
EXAMPLE: Final = {
    "lead": "What stands below the title.",
    "side": "The side of the source that tells it.",
    "stance": "What the text must be taken for.",
    "facts": "What must be read from it.",
    "why": "The clause or guard that must keep it out.",
}
REFERENCE: Final = {"report": "The chapter.", "quote": "The passage, word for word."}
LIST: Final = {
    "title": "What the list holds.",
    "uses": "Other lists that it speaks of.",
    "terms": RULE["terms"],
    "actors": "People, ministries and armies, with their side and their names in each language.",
    "guards": "What sets the stance of an article instead of letting it be news.",
    "numbers": "Number words by language.",
    "traps": "Words before or after which a number is no count.",
}
ACTOR: Final = {
    "name": "The English name under which facts give it.",
    "side": "am, az, ka (Karabakh), ru, tr, ge, eu, us, int, ir or other.",
    "groups": "Parts of the list that it belongs to, e.g. leaders.",
}
GUARD: Final = {
    "name": "What `why` and `lifts` call it.",
    "stance": "What the article is taken for when it fires.",
    "where": "title, sentence (the one that makes the news), before (right before its words), anywhere.",
    "unless": "Lists whose words keep it quiet.",
    "terms": "Its words, by language.",
}
CORRELATION: Final = {
    "type": "event_count, temporal, temporal_ordered or event_rate.",
    "rules": "The rules whose events are watched.",
    "group by": "Only events that share these count together.",
    "timespan": "Within how long, e.g. 7d.",
    "at least": "How many events.",
    "times": "How many times the usual rate.",
    "baseline": "The past that the rate is held against, e.g. 56d.",
    "states": "Only events so attested.",
}

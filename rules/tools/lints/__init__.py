"""What is worth a second look in rule files that load: a term that does nothing, a clause that cannot hold.

Faults stop a file and are found when it is read; a lint is a warning, and the file is in force all the same.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from rules.diagnostics import RuleError
from rules.reading.document import Document
from rules.rulebook import Rulebook
from rules.tools.lints.clauses import clause_lints
from rules.tools.lints.examples import example_lints
from rules.tools.lints.findings import Findings
from rules.tools.lints.guards import guard_lints
from rules.tools.lints.languages import language_lints
from rules.tools.lints.prefixes import prefix_lints
from rules.tools.lints.reach import Reach
from rules.tools.lints.spelling import spelling_lints
from rules.tools.lints.terms import term_lints
from rules.tools.lints.written import groups_of


def lint(book: Rulebook, files: Collection[Path] | None = None) -> list[RuleError]:
    """The warnings about `files` of a rulebook (None: all), in the order of their places.

    A file with faults is left alone until they are mended.
    """
    texts = {str(source.path): source for name, source in book.sources.items() if name.endswith(".yaml")}
    documents = {path: Document(path, source.data) for path, source in texts.items()}
    known = {rule.file for rule in book.rules.values()}
    sound = {path: doc for path, doc in documents.items() if path in known or _is_list(doc, texts[path].name)}
    asked = set(sound) if files is None else {str(path) for path in files} & sound.keys()
    groups = {path: groups_of(doc) for path, doc in sound.items()}
    found = Findings({path: texts[path].text.splitlines() for path in sound})
    for path in asked:
        for group in groups[path]:
            for check in (spelling_lints, term_lints, prefix_lints):
                check(group, found)
    reach = Reach.of(groups)
    guards = {group.name: group for inside in groups.values() for group in inside if group.guard}
    for rule in book.rules.values():
        if rule.file in asked and (root := sound[rule.file].root):
            for check_rule in (clause_lints, language_lints, example_lints):
                check_rule(rule, root, reach, found)
        if rule.file in sound:
            guard_lints(rule, book.guards, guards, reach, found, asked)
    return sorted(found.warnings)


def _is_list(doc: Document, name: str) -> bool:
    return name.startswith("lists/") and doc.root is not None and not doc.errors

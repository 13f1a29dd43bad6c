"""`python -m rules [FOLDER...]`: check the library and folders laid over it, run all examples."""

from __future__ import annotations

import sys
from pathlib import Path

from rules.rulebook import RuleErrors, library, load_rulebook
from rules.tools.examples import run_examples


def main(folders: list[str]) -> int:
    """Exit code 0 when all is well, 1 when something differs."""
    faults = 0
    try:
        book = load_rulebook(library(), *map(Path, folders))
    except RuleErrors as errors:
        print(f"{errors}\n", file=sys.stderr)
        faults, book = len(errors.errors), errors.partial
    failures = run_examples(book)
    for failure in failures:
        print(f"{failure}\n")
    examples = sum(len(rule.examples) for rule in book.rules.values())
    print(f"{len(book.rules)} rules, {faults} faults, {examples} examples, {len(failures)} differ", file=sys.stderr)
    return 1 if faults or failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Each usual mistake gets one message: in plain words, at its place, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rules.diagnostics import RuleError

_SIGNS = {"<TAB>": "\t", "<NBSP>": "\u00a0", "<RLO>": "\u202e"}
_WORDS_OF_PARSERS = re.compile(
    r"\b(mapping|scalar|node|token|block mapping|flow|sequence|parse[rd]?|stream|NoneType)\b"
)


def _written(text: str) -> str:
    for sign, char in _SIGNS.items():
        text = text.replace(sign, char)
    return text


def _mistakes() -> list[tuple[str, str, str, str, str]]:
    entries = (Path(__file__).parent / "mistakes.txt").read_text("utf-8").split("\n@@ ")[1:]
    found = []
    for entry in entries:
        head, _, body = entry.partition("\n")
        name, _, file = head.partition(" | ")
        before, _, rest = body.partition("\n=>\n")
        after, _, message = f"\n{rest}".partition("\n->\n")
        found.append((name, file, _written(before), _written(after[1:]), message.strip("\n")))
    return found


MISTAKES = _mistakes()


def test_the_corpus_is_large() -> None:
    assert len(MISTAKES) > 200


@pytest.mark.parametrize(("name", "file", "before", "after", "message"), MISTAKES, ids=[each[0] for each in MISTAKES])
def test_a_mistake_gets_one_message_that_says_where_what_and_how_to_mend_it(
    folder: Path, told: Callable[[], list[RuleError]], name: str, file: str, before: str, after: str, message: str
) -> None:
    good = (folder / file).read_text("utf-8")
    assert before in good
    (folder / file).write_text(good.replace(before, after, 1), "utf-8")
    assert [str(error).replace(f"{folder}/", "") for error in told()] == [message]


@pytest.mark.parametrize("message", [each[4] for each in MISTAKES], ids=[each[0] for each in MISTAKES])
def test_no_message_speaks_as_a_parser_does(message: str) -> None:
    said = [line for at, line in enumerate(message.splitlines()) if at == 0 or not line.startswith("        ")]
    assert not _WORDS_OF_PARSERS.search(said[0].partition(": ")[2])


def test_the_good_files_are_good(told: Callable[[], list[RuleError]]) -> None:
    assert told() == []

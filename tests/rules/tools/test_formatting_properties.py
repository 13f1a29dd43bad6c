"""`rules fmt` on any good file, in all manners that YAML has and with comments anywhere: nothing is lost."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.reading.document import Document
from rules.reading.indents import ODD_SPACES
from rules.reading.layout import COLONS, DASHES
from rules.tools.formatting import formatted

Tree = str | list["Tree"] | dict[str, "Tree"]

TEXTS = st.one_of(
    st.sampled_from(
        ["no", "12:30", "hand~ over", "prefix*", "a, b", "x: y", "# a", "it's", '"', "плен*", "ազատ", "-", "?"]
    ),
    st.text("ab ,:#'\"[]{}-?*&!|>%@`~\\\t\nժş", max_size=12),
    st.text(max_size=8),
    st.lists(st.sampled_from(["word", "слово", "բառ", "a:", "#b", "c,"]), min_size=20, max_size=50).map(" ".join),
).filter(lambda text: not re.search(f"[{ODD_SPACES}{COLONS}{DASHES}]", text))
"""What looks like a slip of the hand (a pasted space, another script's colon) is for the reader's own tests."""
NAMES = st.sampled_from(
    ["id", "title", "terms", "en", "not", "clauses", "near", "within", "examples", "match", "no match", "events",
     "numbers", "actors", "guards", "falsepositives", "a b", "x", "correlation", "- y", "#z", "uses", "где"]
)  # fmt: skip
TREES: st.SearchStrategy[Tree] = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
FILES = st.dictionaries(NAMES, TREES, min_size=1, max_size=6)


class Scribe:
    """Writes a tree as YAML in all manners that YAML has, with comments strewn in."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.comments = 0

    def file(self, tree: dict[str, Tree]) -> str:
        return self.maybe(lambda: "---\n") + self.between(0) + self.block(tree, 0) + self.between(0)

    def maybe(self, write: Callable[[], str]) -> str:
        return write() if self.chance.random() < 0.2 else ""

    def comment(self) -> str:
        self.comments += 1
        return f"# {self.comments} note: [x"

    def between(self, indent: int) -> str:
        return "".join(
            "\n"
            if self.chance.random() < 0.5
            else " " * self.chance.choice([0, indent, indent + 1, indent + 5]) + self.comment() + "\n"
            for _ in range(self.chance.choice([0, 0, 0, 1, 2]))
        )

    def end(self) -> str:
        return self.maybe(lambda: " " * self.chance.randint(1, 5) + self.comment()) + "\n"

    def block(self, tree: Tree, indent: int) -> str:
        deeper = indent + self.chance.randint(1, 4)
        if isinstance(tree, dict):
            return "".join(
                self.between(indent) + " " * indent + self.quoted(key) + ":" + self.value(value, deeper)
                for key, value in tree.items()
            )
        return "".join(self.between(indent) + " " * indent + "-" + self.value(item, deeper) for item in tree)

    def value(self, tree: Tree, indent: int) -> str:
        if tree and not isinstance(tree, str) and self.chance.random() < 0.6:
            return self.end() + self.block(tree, indent)
        return " " + self.flow(tree, indent) + self.end()

    def flow(self, tree: Tree, indent: int) -> str:
        if isinstance(tree, str):
            return self.quoted(tree)
        if isinstance(tree, dict):
            inner = [
                f"{self.gap(indent)}{self.quoted(key)}: {self.flow(value, indent)}{self.gap(indent)}"
                for key, value in tree.items()
            ]
            return "{" + ",".join(inner) + "}"
        return "[" + ",".join(f"{self.gap(indent)}{self.flow(item, indent)}{self.gap(indent)}" for item in tree) + "]"

    def gap(self, indent: int) -> str:
        return self.maybe(lambda: self.end() + " " * indent) + self.maybe(lambda: " ")

    def quoted(self, text: str) -> str:
        if re.fullmatch(r"[a-zа-я][a-zа-я*~ ]*[a-zа-я*~]", text) and self.chance.random() < 0.7:
            return text
        if text.isprintable() and self.chance.random() < 0.5:
            return "'" + text.replace("'", "''") + "'"
        return '"' + "".join(c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text) + '"'


@settings(max_examples=200, deadline=None)
@given(FILES, st.integers(0, 10**6))
def test_any_good_file_says_the_same_with_all_comments_and_is_stable(tree: dict[str, Tree], seed: int) -> None:
    scribe = Scribe(random.Random(seed))  # noqa: S311
    text = scribe.file(tree)
    before = Document("a.yaml", text.encode("utf-8", "surrogatepass"))
    if before.errors or before.root is None:
        return
    assert before.root.content() == tree
    got = formatted("a.yaml", text.encode())
    assert got.text is not None
    after = Document("a.yaml", got.text.encode())
    assert not after.errors
    assert after.root is not None
    assert after.root.content() == tree
    assert len(re.findall(r"# \d+ note: \[x", got.text)) == scribe.comments
    assert formatted("a.yaml", got.text.encode()).text == got.text

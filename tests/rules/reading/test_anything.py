"""Whatever stands in the files: they load or it is told where, never a traceback, and the work has bounds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.article import LANGUAGES, Article, Source
from rules.diagnostics import RuleError
from rules.matching import decide, match_article
from rules.reading.document import MAX_ERRORS, Document
from rules.reading.gazetteer import read_places
from rules.rulebook import Rulebook, RuleErrors, load_rulebook

GOOD = Path(__file__).parent / "good"
FILES = {
    path.relative_to(GOOD).as_posix(): path.read_text("utf-8") for path in sorted(GOOD.rglob("*")) if path.is_file()
}
ONE_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
PIECES = [
    *"[]{}:,#&*!|>%@`\"'-?~\t\n\r\0\u00a0\u2028\u202e\ufeff\x85\\()=：։“«–",
    *("\n- ", "\n  ", "- ", ": ", " #", "---\n", "...\n", "!!x ", "<<: ", "? ", "|-\n", ">\n", "''", "\r\n"),
    *("\U0001f600", "e\u0301", "\x1b[31m", "<<<<<<< a\n"),
]


def told(folder: Path) -> tuple[Rulebook, tuple[RuleError, ...]]:
    """The rulebook, or what is good of it, and the faults; each fault must have a place in its file and words."""
    try:
        return load_rulebook(folder), ()
    except RuleErrors as raised:
        faults = raised
    assert faults.errors
    for error in faults.errors:
        assert error.line > 0
        assert 0 < error.column <= len(error.source) + 2
        assert error.reason
        assert str(error).replace("\n", "").isprintable()
    return faults.partial, faults.errors


@ONE_FOLDER
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")), st.sampled_from(sorted(FILES)))
def test_any_bytes(folder: Path, data: bytes, name: str) -> None:
    (folder / name).write_bytes(data)
    told(folder)
    (folder / name).write_text(FILES[name], "utf-8")


WORDS = st.sampled_from(
    [
        *("id", "title", "status", "level", "meaning", "terms", "clauses", "condition", "examples", "references"),
        *("falsepositives", "uses", "lifts", "extract", "event", "en", "ru", "hy", "any", "all", "near", "within"),
        *("without", "in", "not", "weak", "regex", "match", "no match", "why", "facts", "stance", "side", "term"),
        *("from", "until", "actors", "guards", "numbers", "traps", "name", "groups", "where", "unless", "open for"),
        *("number near", "actors of", "count", "places", "a", "a*", "~", "1", "things.cars", "source.am", "", "x y"),
    ]
)
TREES = st.recursive(
    WORDS | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5)
)


@ONE_FOLDER
@given(
    st.dictionaries(WORDS, TREES), st.sampled_from([name for name in FILES if name.endswith(".yaml")]), st.booleans()
)
def test_any_tree_of_our_own_words(folder: Path, tree: dict[str, object], name: str, over: bool) -> None:
    text = "\n".join(f"{_yaml(key)}: {_yaml(value)}" for key, value in tree.items())
    keys = {f"{_yaml(key)}:" for key in tree}
    kept = [line for line in FILES[name].splitlines() if not line.startswith(tuple(keys))]
    (folder / name).write_text(text if over else "\n".join([text, *kept]), "utf-8", "replace")
    told(folder)
    (folder / name).write_text(FILES[name], "utf-8")


def _yaml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return "'" + str(value).replace("'", "''") + "'"


@ONE_FOLDER
@given(st.sampled_from(sorted(FILES)), st.randoms(use_true_random=False), st.integers(1, 6))
def test_any_damage_to_a_good_file(folder: Path, name: str, chance: random.Random, times: int) -> None:
    lines = FILES[name].split("\n")
    for _ in range(times):
        _damage(lines, chance)
    (folder / name).write_bytes("\n".join(lines).encode())
    told(folder)
    (folder / name).write_text(FILES[name], "utf-8")


def _damage(lines: list[str], chance: random.Random) -> None:
    """Lose, double, swap, indent or split a line, or change something in it."""
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    line = lines[at]
    place = chance.randrange(len(line) + 1)
    kind = chance.randrange(7)
    if kind == 0:
        lines.insert(at, lines[other])
    elif kind == 1:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 2:
        lines[at] = line[:place] + chance.choice(PIECES) + line[place:]
    elif kind == 3:
        lines[at] = line[:place] + line[place + chance.choice([1, 1, 2, 5]) :]
    elif kind == 4:
        lines[at] = " " * chance.randrange(6) + line.lstrip()
    elif kind == 5:
        lines[at : at + 1] = [line[:place], line[place:]]
    else:
        lines[at] = ""


@given(st.text() | st.lists(st.lists(st.text("a1,\"';\n\t.-", max_size=6), max_size=20).map(",".join)).map("\n".join))
def test_any_gazetteer(rows: str) -> None:
    header = FILES["lists/places.csv"].partition("\n")[0]
    for written in (rows, f"{header}\n{rows}"):
        _, errors = read_places("places.csv", written.encode("utf-8", "surrogatepass"))
        assert all(error.line > 0 and error.column > 0 and str(error) for error in errors)


@given(st.text(), st.text(), st.sampled_from([*LANGUAGES, "", "xx"]))
def test_any_article(title: str, summary: str, language: str) -> None:
    book = load_rulebook(GOOD)
    when = datetime(2022, 1, 1, tzinfo=UTC)
    for text in (title, f"Azerbaijani police block the road near Goris {title} Горис закрыта дорога"):
        article = Article("https://kura.example/1", text, summary, language, when, Source("Kura Wire", "Kura", "az"))
        for match in match_article(article, book):
            assert match.rule == "road-closed"
        for rule in book.rules.values():
            decide(article, rule, book)


@pytest.mark.parametrize(
    "written",
    [
        "a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n",
        "a: &a [*a]\n",
        "a: " + "[" * 5000,
        "{" * 5000,
        "- " * 4000,
        "\n".join(" " * depth + "a:" for depth in range(900)),
        "a: {" + "b: c: " * 20_000,
        "a: [" + "," * 100_000,
        "a: [" + "&x, " * 50_000,
        "a" + " " * 100_000 + "b: c: d",
        "\n" * 300_000 + "\ta: b",
        'a: "' + "x " * 200_000,
        "\0\1" * 200_000,
        "\n".join(f"k{number}: [x" for number in range(30_000)),
        "\n".join(" " * (number % 50) + "a: b" for number in range(20_000)),
        "title: x\n" * 50_000,
    ],
    ids=lambda written: repr(written[:12]),
)
def test_what_is_made_to_choke_a_reader_is_told_in_bounds(written: str) -> None:
    doc = Document("x.yaml", written.encode())
    assert 0 < len(doc.errors) <= MAX_ERRORS + 1


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)*b", "(?:a{1,30}){1,30}", "[\\pL]{1,1000}", "(.*)*x"])
def test_a_pattern_that_runs_away_elsewhere_is_bounded_or_refused(
    rule: Path, folder: Path, pattern: str, article: Callable[..., Article]
) -> None:
    rule.write_text(FILES[rule.name].replace("not: {en: [closing ceremony]}", f"regex: {{en: ['{pattern}']}}"), "utf-8")
    book, faults = told(folder)
    assert {fault.code for fault in faults} <= {"regex"}
    assert match_article(article("road " + "a" * 5000), book) == []


def test_a_file_with_too_many_terms_says_so_once(folder: Path) -> None:
    terms = ", ".join(f"w{number}" for number in range(20_001))
    (folder / "lists" / "many.yaml").write_text(f"title: x\nterms: {{a: {{en: [{terms}]}}}}", "utf-8")
    _, errors = told(folder)
    assert [error.code for error in errors] == ["too-many-terms"]


def test_a_rule_with_too_many_examples_or_clauses_says_so_once(rule: Path, folder: Path) -> None:
    examples = "    - {en: x}\n" * 2_000
    clauses = "".join(f"  c-{number}: {{any: [road]}}\n" for number in range(200))
    rule.write_text(FILES[rule.name].replace("  no match:\n", f"  no match:\n{examples}"), "utf-8")
    assert [error.code for error in told(folder)[1]] == ["too-many-examples"]
    rule.write_text(FILES[rule.name].replace("clauses:\n", f"clauses:\n{clauses}"), "utf-8")
    assert "too-many-clauses" in {error.code for error in told(folder)[1]}


def test_near_with_more_names_than_can_be_tried_out_is_refused(rule: Path, folder: Path) -> None:
    rule.write_text(FILES[rule.name].replace("[road, closed]", "[road, road, road, road, road, road, road]"), "utf-8")
    (fault,) = told(folder)[1]
    assert "at most 6" in fault.reason

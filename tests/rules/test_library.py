"""The shipped library: its rules keep what they promise, its lists cover five languages, its places are sane."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import combinations
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

import pytest

from rules.article import LANGUAGES, Article, Source
from rules.indicators import INDICATORS as INDICATORS_OF_THE_REPORT
from rules.match import NEWS
from rules.matching import match_article
from rules.reading.document import Document
from rules.rulebook import Rulebook, library, load_rulebook
from rules.text import fold_word
from rules.tools.examples import run_examples

INDICATORS = ("border-incursion", "pow-release", "summit")
COMMON_WORDS = ("սահման*", "գերի*", "հանձն*", "плен*", "esir*", "sınır*", "girov*", "girov~", "girov")
IDLE_GUARD_WORDS = ("since", "why", "may", "plan~", "report~")
LICENCES = {"CC BY 4.0", "public domain", "none (facts)"}
MEETING_TOWNS = (
    *("Sochi", "Brussels", "Moscow", "Vienna", "Geneva", "Prague", "Tbilisi", "Munich", "Washington", "Paris", "Kazan"),
    *("New York", "Astana", "Chisinau", "Granada", "Berlin", "Stockholm", "Dushanbe", "Minsk", "Almaty", "Ashgabat"),
    *("Budapest", "Bucharest", "Warsaw", "London", "Rome", "Kyiv", "Davos", "Łódź"),
)
TOLD_BY_BOTH_SIDES = [
    ("border-incursion", "hy", "Ադրբեջանական ուժերը ներխուժել են ՀՀ տարածք Սև լճի մոտ"),
    ("border-incursion", "az", "Ermənistan ordusu sərhəddə təxribat törədib, düşmən dayandırılıb"),
    ("pow-release", "hy", "Բաքվից վերադարձել է երեք գերի"),
    ("pow-release", "az", "Azərbaycan üç erməni əsilli şəxsi humanizm naminə Ermənistana təhvil verib"),
    ("summit", "hy", "Փաշինյանը Սոչիում հանդիպել է Ալիևի հետ"),
    ("summit", "az", "Prezident İlham Əliyev Soçidə Paşinyanla görüşüb"),
]


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(library())


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (library() / "lists" / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(path: Path) -> Any:  # noqa: ANN401 - JSON-like, as Node.content gives it
    root = Document(path.name, path.read_bytes()).root
    assert root is not None, path
    return root.content()


def lists() -> Iterator[tuple[str, Any]]:
    for path in sorted((library() / "lists").glob("*.yaml")):
        yield path.stem, content(path)


def groups() -> Iterator[tuple[str, dict[str, Any]]]:
    """All term groups of the shared lists: of terms, actors and guards."""
    for name, shared in lists():
        for group, terms in shared.get("terms", {}).items():
            yield f"{name}.{group}", terms
        for actor in shared.get("actors", []):
            yield f"{name}: {actor['name']}", actor
        for guard in shared.get("guards", []):
            yield f"{name}: {guard['name']}", guard["terms"]


def written() -> Iterator[tuple[str, str]]:
    """Every term of the library, and the file that holds it."""
    for path in sorted(library().rglob("*.yaml")):
        whole = content(path)
        held = list(whole.get("terms", {}).values())
        held += [*whole.get("actors", []), *(guard["terms"] for guard in whole.get("guards", []))]
        for terms in held:
            for language in LANGUAGES:
                yield from ((path.name, term) for term in terms.get(language, []))


def test_the_library_holds_the_indicators_without_a_fault(shipped: Rulebook) -> None:
    assert set(INDICATORS) <= shipped.rules.keys()


def test_every_example_of_every_rule_comes_out_as_written(shipped: Rulebook) -> None:
    assert [str(failure) for failure in run_examples(shipped)] == []


@pytest.mark.parametrize("rule_id", INDICATORS)
def test_a_rule_says_what_it_means_cites_the_report_and_names_its_false_positives(
    shipped: Rulebook, rule_id: str
) -> None:
    rule = shipped.rules[rule_id]
    assert rule.status == "stable"
    assert len(rule.meaning) > 60
    assert rule.falsepositives
    assert rule.references
    assert all(4 <= len(reference.quote.split()) <= 30 for reference in rule.references)


@pytest.mark.parametrize("rule_id", INDICATORS)
@pytest.mark.parametrize("matches", [True, False])
def test_a_rule_shows_what_it_takes_and_what_it_leaves_in_all_five_languages(
    shipped: Rulebook, rule_id: str, matches: bool
) -> None:
    languages = Counter(each.language for each in shipped.rules[rule_id].examples if each.matches is matches)
    assert languages.total() >= 15
    assert min(languages[language] for language in LANGUAGES) >= 2


@pytest.mark.parametrize("rule_id", INDICATORS)
def test_a_rule_carries_terms_in_all_five_languages(rule_id: str) -> None:
    rule = content(library() / f"{rule_id}.yaml")
    shared = [terms for name, terms in groups() if re.split("[.:]", name)[0] in rule["uses"]]
    assert any(set(LANGUAGES) <= group.keys() for group in [*rule["terms"].values(), *shared])
    assert all(group.keys() - {"not"} for group in rule["terms"].values())


@pytest.mark.parametrize(("rule_id", "language", "title"), TOLD_BY_BOTH_SIDES)
def test_each_side_is_heard_in_its_own_words(shipped: Rulebook, rule_id: str, language: str, title: str) -> None:
    article = Article("", title, "", language, datetime(2021, 11, 26, tzinfo=UTC), Source("", ""))
    assert [match.rule for match in match_article(article, shipped) if match.stance in NEWS] == [rule_id]


@pytest.mark.parametrize(
    ("rule_id", "language", "title", "side"),
    [
        ("pow-release", "en", "Seven captives are home", "am"),
        ("pow-release", "ru", "Семеро пленных вернулись домой", "az"),
        ("border-incursion", "ru", "Военные заняли две высоты", "ka"),
    ],
)
def test_a_source_of_the_region_need_not_name_it_and_another_must(
    shipped: Rulebook, rule_id: str, language: str, title: str, side: str
) -> None:
    def found(side: str) -> list[str]:
        article = Article("", title, "", language, datetime(2021, 11, 26, tzinfo=UTC), Source("", "", side))
        return [match.rule for match in match_article(article, shipped) if match.stance in NEWS]

    assert found(side) == [rule_id]
    assert found("int") == []


def test_no_rule_tells_who_did_it_by_what_stands_near(shipped: Rulebook) -> None:
    kinds = {extract.kind for rule in shipped.rules.values() for extract in rule.extract}
    assert kinds == {"number", "actors"}


def test_every_shared_list_speaks_five_languages() -> None:
    assert [name for name, terms in groups() if not set(LANGUAGES) <= terms.keys() and "any" not in terms] == []


def test_no_alias_stands_for_two_actors() -> None:
    actors = dict(lists())["actors"]["actors"]
    names = [(language, term.casefold()) for actor in actors for language in LANGUAGES for term in actor[language]]
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert len({actor["name"] for actor in actors}) == len(actors)


def test_no_term_is_a_prefix_that_takes_common_words() -> None:
    assert [found for found in written() if found[1] in COMMON_WORDS] == []


def test_no_guard_hangs_on_a_word_that_says_nothing() -> None:
    guards = dict(lists())["guards"]["guards"]
    assert [guard["name"] for guard in guards if set(guard["terms"]["en"]) & set(IDLE_GUARD_WORDS)] == []
    assert guards[-1]["name"] == "claim"


def test_number_words_reach_from_one_to_a_hundred_in_all_five_languages() -> None:
    numbers = dict(lists())["numbers"]["numbers"]
    for language in LANGUAGES:
        values = {int(value) for value in numbers[language].values()}
        assert values >= {*range(1, 20), *range(20, 101, 10)}, language


def test_places_have_ids_coordinates_and_a_licence(rows: list[dict[str, str]]) -> None:
    assert len({row["id"] for row in rows}) == len(rows) > 1_000
    for row in rows:
        assert row["name_en"], row["id"]
        assert row["source"], row["id"]
        assert row["licence"] in LICENCES, row["id"]
        assert re.fullmatch("[A-Z]{2}", row["country"]), row["id"]
        assert abs(float(row["lat"])) <= 90, row["id"]
        assert abs(float(row["lon"])) <= 180, row["id"]
        assert 0 <= float(row["uncertainty_km"] or 0) <= 2_000, row["id"]


def test_armenia_and_azerbaijan_lie_where_they_are(rows: list[dict[str, str]]) -> None:
    near = [row for row in rows if row["country"] in ("AM", "AZ")]
    outside = [row["id"] for row in near if not (38 < float(row["lat"]) < 42.2 and 43 < float(row["lon"]) < 51)]
    assert outside == []


def test_no_settlement_stands_there_twice(rows: list[dict[str, str]]) -> None:
    settled = [row for row in rows if row["type"] in ("village", "town", "city")]
    by_name: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in settled:
        by_name.setdefault((row["country"], fold_word(row["name_en"], "en")), []).append(row)
    pairs = [pair for same in by_name.values() for pair in combinations(same, 2)]
    assert [(one["id"], two["id"]) for one, two in pairs if _distance_km(one, two) < 3] == []


def test_karabakh_nakhchivan_and_the_border_have_one_row_each(rows: list[dict[str, str]]) -> None:
    names = Counter(row["name_en"] for row in rows)
    assert [names[name] for name in ("Karabakh", "Nakhchivan", "Armenia–Azerbaijan border")] == [1, 1, 1]


@pytest.mark.parametrize("town", MEETING_TOWNS)
def test_a_town_where_the_sides_meet_is_a_place(rows: list[dict[str, str]], town: str) -> None:
    assert [row["precision"] for row in rows if row["name_en"] == town] == ["exact"]


def test_an_alias_does_not_place_shusha_in_lachin(rows: list[dict[str, str]]) -> None:
    lachin = next(row for row in rows if row["id"] == "az-lachin-district")
    assert "Shusha" not in lachin["alt_names"]


def test_the_gazetteer_names_its_source_and_licence() -> None:
    readme = (library() / "lists" / "README.md").read_text("utf-8")
    assert "GeoNames" in readme
    assert "https://creativecommons.org/licenses/by/4.0/" in readme


def _distance_km(one: dict[str, str], two: dict[str, str]) -> float:
    north = float(one["lat"]) - float(two["lat"])
    east = (float(one["lon"]) - float(two["lon"])) * cos(radians(float(one["lat"])))
    return 111.2 * hypot(north, east)


def test_the_drafts_load_over_the_library_and_their_examples_hold() -> None:
    book = load_rulebook(library(), library().parent / "drafts")
    assert {*book.rules} == {*INDICATORS_OF_THE_REPORT}
    assert run_examples(book) == []

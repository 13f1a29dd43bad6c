"""What a term takes: its forms, the common words among them, and the mistakes."""

from __future__ import annotations

import gzip
from importlib.resources import files

import pytest

from rules.article import LANGUAGES
from rules.terms import TermIndex, parse_term
from rules.text import fold
from rules.tools.forms import Forms, covered, families
from rules.tools.words import common_words


def told(written: str, language: str, most: int = 30) -> Forms:
    found = covered(written, language, common_words(language), most)
    assert isinstance(found, Forms), found
    return found


@pytest.mark.parametrize(
    ("written", "language", "forms"),
    [
        ("captive~", "en", {"captive", "captives"}),
        ("carry~", "en", {"carry", "carries", "carried", "carrying"}),
        ("границ~", "ru", {"граница", "границы", "границе", "границей"}),
        ("սահման~", "hy", {"սահման", "սահմանի", "սահմանին", "սահմաններ", "սահմանից"}),
        ("գերի~", "hy", {"գերի", "գերու", "գերիներ"}),
        ("əsir~", "az", {"əsir", "əsirlər", "əsiri", "əsirdən"}),
        ("kitap~", "tr", {"kitap", "kitaplar", "kitabı", "kitaba"}),
    ],
)
def test_the_forms_of_a_stem_are_spelt_out(written: str, language: str, forms: set[str]) -> None:
    word = told(written, language, most=50_000).words[0]
    assert forms <= set(word.forms)
    assert word.count == len(word.forms)


@pytest.mark.parametrize(
    ("written", "language"),
    [("carry~", "en"), ("границ~", "ru"), ("գերի~", "hy"), ("əsirlik~", "az"), ("kitap~", "tr")],
)
def test_what_is_spelt_out_is_what_is_met(written: str, language: str) -> None:
    index = TermIndex()
    term = parse_term(written, language)
    assert not isinstance(term, str)
    index.add(term, 7)
    forms = told(written, language, most=400).words[0].forms
    assert all(entry and 7 in entry.groups for entry in index.look_up(forms, language))


def test_many_forms_are_counted_and_the_plainest_are_shown() -> None:
    word = told("əsir~", "az", most=5).words[0]
    assert word.forms[0] == "əsir"
    assert (len(word.forms), word.count > 10_000) == (5, True)


def test_common_words_are_told_the_commonest_first() -> None:
    word = told("captive~", "en").words[0]
    assert [common.written for common in word.common] == ["captive", "captives"]


def test_a_word_without_a_mark_takes_itself_alone() -> None:
    word = told("Plenary", "en").words[0]
    assert (word.forms, word.count, [common.written for common in word.common]) == (("plenary",), 1, ["plenary"])


def test_a_phrase_is_told_word_by_word() -> None:
    forms = told("hand~ over", "en")
    assert [word.pattern.kind for word in forms.words] == ["stem", "exact"]
    assert "handed" in forms.words[0].forms


def test_what_is_no_term_is_said_why() -> None:
    assert "inside a word" in str(covered("ca*tive", "en", common_words("en")))
    assert "too short" in str(covered("a*", "en", common_words("en")))


@pytest.mark.parametrize(
    ("prefix", "language", "mistakes"),
    [
        ("սահման*", "hy", {"սահմանադրություն", "սահմանափակել"}),
        ("հանձն*", "hy", {"հանձնաժողով", "հանձնարարել"}),
        ("գերի*", "hy", {"գերիշխող"}),
        ("плен*", "ru", {"пленуме", "пленарном"}),
        ("начал*", "ru", {"начальник"}),
        ("sınır*", "tr", {"sınırlı", "sınırsız"}),
        ("esir*", "tr", {"esirgemeyen"}),
        ("ateş*", "tr", {"ateşkes"}),
        ("atəş*", "az", {"atəşkəs"}),
        ("conven*", "en", {"convenient", "conventional"}),
    ],
)
def test_a_free_prefix_shows_the_words_that_nobody_meant(prefix: str, language: str, mistakes: set[str]) -> None:
    word = told(prefix, language).words[0]
    assert mistakes <= {stranger.written for stranger in word.strangers}
    assert set(word.strangers) < set(word.common)


@pytest.mark.parametrize(
    ("prefix", "language"),
    [("вторж*", "ru"), ("верну*", "ru"), ("return*", "en"), ("qaytar*", "az"), ("ներխուժ*", "hy")],
)
def test_a_prefix_of_one_family_has_no_mistakes(prefix: str, language: str) -> None:
    word = told(prefix, language).words[0]
    assert word.common
    assert word.strangers == ()


def test_words_of_one_family_are_told_once() -> None:
    word = told("плен*", "ru").words[0]
    shown = [each.written for each in families(word.strangers, len("плен"))]
    assert sum(each.startswith("пленум") for each in shown) == 1


@pytest.mark.parametrize("language", LANGUAGES)
class TestTheWords:
    def test_they_are_as_texts_are_compared(self, language: str) -> None:
        packed = files("rules.tools.words").joinpath(f"{language}.txt.gz").read_bytes()
        text = gzip.decompress(packed).decode("utf-8")
        assert fold(text, language) == text
        assert text.splitlines() == sorted(text.splitlines())

    def test_there_are_many_and_each_says_how_common_it_is(self, language: str) -> None:
        words = common_words(language)
        assert len(words) > 20_000
        assert all(0 <= word.zipf < 9 for word in words.beginning("a" if language in ("en", "az", "tr") else ""))


@pytest.mark.parametrize(
    ("language", "apart"),
    [
        ("hy", ["սահմանադրություն", "հանձնաժողով", "գերիշխանություն", "դիրքորոշում"]),
        ("az", ["əsrin", "əsirgəmədi", "sərhədsiz", "dəhşət"]),
        ("ru", ["пленарный", "пленум", "граничит"]),
        ("tr", ["sınırlı", "esirgeme"]),
    ],
)
def test_the_words_that_must_stay_apart_are_among_them(language: str, apart: list[str]) -> None:
    words = common_words(language)
    assert [word for word in apart if word not in {each.written for each in words.beginning(word)}] == []


def test_they_are_small_enough_to_ship() -> None:
    packed = [len(files("rules.tools.words").joinpath(f"{each}.txt.gz").read_bytes()) for each in LANGUAGES]
    assert sum(packed) < 1_500_000

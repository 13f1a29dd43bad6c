"""Text in five scripts: what is one word must fold to one form, and offsets point into the text as it was written."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.article import LANGUAGES
from rules.text import WORD, fold, fold_words, readings, sentence_of, sentences, tokens

LANGUAGE = st.sampled_from((*LANGUAGES, "", "ka", "fr"))
SCRIPTS = st.text(
    st.sampled_from("abIİıi əƏğşZz'’-_ .?!:։՞՛՝,;\n12АБЯяёЁйЙеоԵՐԵՎևեւվանﬓ\u0301\u0307\u00ad\u200b\u200f\ufeffçÇé")
)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("hy", ["ԵՐԵՎԱՆ", "ԵՐԵՒԱՆ", "Երևան", "Երեւան", "Երեվան", "երևան"]),
        ("az", ["İRƏVAN", "irəvan", "İrəvan"]),
        ("az", ["BAKI", "Bakı", "bakı"]),
        ("tr", ["SINIR", "Sınır", "sınır"]),
        ("tr", ["İSTANBUL", "İstanbul", "istanbul"]),
        ("ru", ["учёт", "учет", "УЧЁТ", "уче\u0301т"]),
        ("ru", ["Пашинян", "Пaшинян", "ПАШИНЯН", "Пашиня\u0301н"]),
        ("en", ["ceasefire", "cease\u00adfire", "CEASE\u200bFIRE"]),
        ("en", ["Armenia's", "Armenia’s", "Armeniaʼs"]),
        ("en", ["İran", "Iran"]),
        ("az", ["Ermənistan", "Ermәnistan", "ERMƏNİSTAN"]),
        ("hy", ["գերիները", "գերի՞ները", "գերի՛ները", "գերի՜ները"]),
    ],
)
def test_spellings_of_one_word_fold_to_one_form(language: str, forms: list[str]) -> None:
    assert len({fold(form, language) for form in forms}) == 1


@pytest.mark.parametrize("word", ["IRƏVAN", "İRƏVAN", "irəvan", "Irəvan"])
def test_azerbaijani_capitals_are_read_both_ways(word: str) -> None:
    assert "irəvan" in readings(word, "az")


def test_turkish_dotless_capital_is_first_read_as_dotless() -> None:
    assert readings("SINIR", "tr")[0] == "sınır"


@pytest.mark.parametrize(
    ("language", "word", "bare"),
    [
        ("az", "Ermənistan'a", "ermənistan"),
        ("tr", "Türkiye’nin", "türkiye"),
        ("en", "Armenia’s", "armenia"),
        ("hy", "Baku՚ն", "baku"),
    ],
)
def test_an_apostrophe_suffix_does_not_hide_the_word(language: str, word: str, bare: str) -> None:
    assert bare in readings(word, language)


@pytest.mark.parametrize("word", ["Пашинян", "П\u0061шинян", "ПAШИHЯH"])
def test_latin_letters_inside_a_cyrillic_word_are_cyrillic(word: str) -> None:
    assert fold(word, "ru") == "пашинян"


def test_cyrillic_letters_inside_a_latin_word_are_latin() -> None:
    assert fold("Аrmeniа", "en") == "armenia"


def test_hyphens_part_words_and_apostrophes_do_not() -> None:
    assert [token.folded for token in tokens("Goris-Kapan: Türkiye’nin 'yolu'", "tr")] == [
        "goris",
        "kapan",
        "türkiye'nin",
        "yolu",
    ]


def test_armenian_but_parts_words() -> None:
    assert [token.folded for token in tokens("Հայաստանը՝ սահմանին", "hy")] == ["հայաստանը", "սահմանին"]


@given(SCRIPTS | st.text(), LANGUAGE)
@example("Եր\u00adևա՞ն İ\u0307", "hy")
def test_words_are_ascending_and_stand_where_they_say(text: str, language: str) -> None:
    end = 0
    for token in tokens(text, language):
        assert end <= token.start < token.end <= len(text)
        assert fold(text[token.start : token.end], language) == token.folded
        end = token.end


@given(SCRIPTS, LANGUAGE)
def test_folding_twice_changes_nothing(text: str, language: str) -> None:
    once = fold(text, language)
    assert fold(once, language) == once


@given(SCRIPTS | st.text())
def test_sentences_hold_all_words_and_do_not_overlap(text: str) -> None:
    found = sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for token in tokens(text):
        assert sum(each.start <= token.start and token.end <= each.end for each in found) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ten came home. Baku called it a gesture.", 2),
        ("N. Pashinyan met Gen. Muradov. They spoke.", 2),
        ("Он прибыл в г. Горис. Там его ждали.", 2),
        ("Գերիները վերադարձան։ Երևանը հաստատեց։", 2),
        ("Ժամը 12:30-ին: Երևանում", 1),
        ("It cost 1.5 million. Nobody paid!", 2),
        ("«Мы готовы!» — сказал он.", 1),
        ("First line\nSecond line", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize("text", ["Will they be freed?", "Կազատվե՞ն գերիները", "هل عادوا؟"])
def test_a_question_is_told_by_its_mark_in_any_script(text: str) -> None:
    assert sentences(text)[0].question


def test_the_sentence_around_a_word_is_the_whole_sentence() -> None:
    text = "Nothing new. Baku freed ten captives. More later."
    start = text.index("ten")
    around = sentence_of(text, start, start + 3)
    assert text[around.start : around.end] == "Baku freed ten captives."


@given(SCRIPTS | st.text(), LANGUAGE)
def test_words_folded_together_fold_as_they_do_alone(text: str, language: str) -> None:
    words = WORD.findall(text)
    assert fold_words(words, language) == [fold(word, language) for word in words]

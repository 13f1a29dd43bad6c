"""Terms: what each notation takes, and above all what it leaves alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.article import LANGUAGES
from rules.terms import Phrase, TermIndex, parse_term

# A part of the inflected forms and look-alikes that the endings were measured on (no native speaker has checked the
# Armenian and Azerbaijani ones): language, the terms, forms that they must take, words that they must not take.
FORMS = [
    ("hy", "ռազմագերի~", "ռազմագերին ռազմագերիներ ռազմագերիների ռազմագերու ռազմագերիներից", "ռազմագետ ռազմագիտական"),
    ("hy", "սահման~", "սահմանի սահմանին սահմանը սահմանից սահմանով սահմանում սահմանների", "սահմանադրություն"),
    ("hy", "սահման~", "սահման", "սահմանափակում սահմանափակել սահմանադրական սահմանված"),
    ("hy", "հանդիպում~", "հանդիպման հանդիպումը հանդիպումներ հանդիպմանը", "հանդիսավոր հանդիպակաց"),
    ("hy", "գերություն~", "գերության գերությունից գերությունում գերությանը", "գերտերություն գերին"),
    ("hy", "Երևան~", "Երևանի Երեւանում ԵՐԵՒԱՆԻ Երեվանից", "երևում երևակայել"),
    ("az", "əsir~", "əsirlər əsirləri əsirlərin əsirlərə əsiri", "əsrin əsər əsas əsirgəmək"),
    ("az", "sərhəd~", "sərhəddə sərhədi sərhədində sərhədinə sərhədləri", "sərhədsiz sərdar"),
    ("az", "yüksəklik~", "yüksəklikdə yüksəkliyi yüksəkliyin yüksəkliklər", "yüksək yüksəliş"),
    ("az", "İrəvan~", "İrəvanda İRƏVANDA IRƏVANDA İrəvanın", "ırıq"),
    ("ru", "пленн~", "пленного пленных пленным пленными", "пленарный пленум пленка пленэр"),
    ("ru", "границ~", "границы границе границу границ границах", "граничит гранит ограничение"),
    ("ru", "позици~", "позиции позиций позициях", "позитив"),
    ("tr", "sınır~", "sınırda SINIRDA sınırındaki sınırlar", "sınırlı sınırsız sınırlandırma sınıf"),
    ("tr", "tutsak~", "tutsaklar tutsağı tutsakları", "tutsa tutanak"),
    ("tr", "Türkiye", "Türkiye’nin TÜRKİYE'DE Türkiye", "Türk"),
    ("en", "release~", "released releases releasing RELEASE", "relief"),
    ("en", "swap~", "swaps swapped swapping", "swamp"),
    ("en", "body country~", "body", "bodies"),
    ("en", "country~", "countries country's", "count"),
    ("en", "pow POWs", "POW pow POWs", "power powerful powder"),
    ("ru", "алиев*", "Алиев Алиева Алиеву", "Валиева Валиевой"),
    ("en", "erivan* yerevan*", "Erivan Yerevan's", "Berivan"),
    ("tr", "Karabağ~", "Karabağ'da KARABAĞ Karabağın", "Karabağlılar"),
    ("hy", "սահմ*", "սահմանադրություն", "սխալ"),
]


def index_of(terms: list[str], language: str) -> TermIndex:
    index = TermIndex()
    for written in terms:
        term = parse_term(written, language)
        assert isinstance(term, Phrase)
        index.add(term, 7)
    return index


@pytest.mark.parametrize(("language", "terms", "forms", "others"), FORMS)
def test_a_term_takes_the_forms_of_its_word_and_no_look_alikes(
    language: str, terms: str, forms: str, others: str
) -> None:
    index = index_of(terms.split(), language)
    assert [word for word in forms.split() if not index.look_up([word], language)[0]] == []
    assert [word for word in others.split() if index.look_up([word], language)[0]] == []


def test_a_term_for_any_language_serves_all_of_them() -> None:
    index = index_of(["OSCE", "Lavrov*"], "any")
    assert all(all(index.look_up(["OSCE", "Lavrov’un"], language)) for language in (*LANGUAGES, "", "ka"))


def test_an_unknown_language_is_looked_up_in_all() -> None:
    index = index_of(["пленн~"], "ru")
    assert index.look_up(["пленных"], "uk")[0]
    assert not index.look_up(["пленных"], "en")[0]


@pytest.mark.parametrize("written", ["", " ", "~", "*", "a*", "ab~cd", "№", "...", "a* -"])
def test_what_is_no_term_is_refused_with_a_reason(written: str) -> None:
    reason = parse_term(written, "en")
    assert isinstance(reason, str)
    assert reason


def test_a_phrase_parts_at_hyphens_and_its_words_keep_their_marks() -> None:
    term = parse_term("hand~-over border* guard", "en")
    assert isinstance(term, Phrase)
    assert [(word.kind, word.key) for word in term.words] == [
        ("stem", "hand"),
        ("exact", "over"),
        ("prefix", "border"),
        ("exact", "guard"),
    ]


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_is_a_term_that_takes_itself_or_is_refused(written: str, language: str) -> None:
    term = parse_term(written, language)
    if isinstance(term, Phrase) and len(term.words) == 1 and term.words[0].kind == "exact":
        index = TermIndex()
        index.add(term, 1)
        assert index.look_up([term.words[0].key], language)[0]


def test_what_is_remembered_of_words_stays_bounded() -> None:
    index = index_of(["captive~"], "en")
    for batch in range(40):
        assert index.look_up([f"word{batch}x{number}" for number in range(1000)] + ["captives"], "en")[-1]
    assert max(len(words) for words in index._remembered.values()) < 20_000

"""Facts: how many, who, where; and the numbers and names that are none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.article import LANGUAGES, Article
from rules.match import Facts
from rules.matching import match_article
from rules.reading.gazetteer import COLUMNS
from rules.rulebook import Rulebook

MakeArticle = Callable[..., Article]
MakeBook = Callable[..., Rulebook]
NUMBERS = """
title: Numbers
numbers:
  en: {one: 1, two: 2, three: 3, ten: 10, twelve: 12, dozen: 12, twenty: 20, hundred: 100, thousand: 1000}
  ru: {двух: 2, десять: 10, десятерых: 10, двадцать: 20, один: 1, тысячи: 1000, двести: 200, пять: 5}
  hy: {տասը: 10, տաս~: 10, քսան: 20, հինգ: 5}
  az: {bir: 1, iki: 2, on: 10, yüz: 100, on bir: 11}
  tr: {bir: 1, iki: 2, on: 10, yirmi: 20}
traps:
  after: {en: [year~, hour~, am], ru: [лет], az: [il], hy: [տարեկան~], tr: [yıl]}
  before: {en: [aged, "total of"], ru: [всего]}
"""
TERMS = "{c: {en: [captive~, peacekeeper~], ru: [пленн~], hy: [գերի~], az: [hərbçi~], tr: [asker~]}}"


@pytest.fixture
def facts(book: MakeBook, article: MakeArticle) -> Callable[..., Facts]:
    """What is read beside the word for captives."""

    def read(title: str, lead: str = "", language: str = "en", within: str = "6 words", places: str = "") -> Facts:
        lists = {"numbers": NUMBERS} | ({"places.csv": places} if places else {})
        extract = f"{{count: {{number near: c, within: {within}}}}}"
        rules = book(lists, terms=TERMS, clauses="{c: {any: [c]}}", condition="c", extract=extract)
        return match_article(article(title, lead, language), rules)[0].facts

    return read


Read = Callable[..., Facts]


@pytest.mark.parametrize(
    ("language", "title", "count"),
    [
        ("en", "Ten captives freed", 10),
        ("en", "10 captives freed", 10),
        ("en", "Twenty-two captives freed", 22),
        ("en", "Two dozen captives freed", 24),
        ("en", "Two hundred ten captives", 210),
        ("en", "1,200 peacekeepers arrive", 1200),
        ("en", "1 200 peacekeepers arrive", 1200),
        ("en", "3 thousand peacekeepers arrive", 3000),
        ("en", "1960 peacekeepers arrive", 1960),
        ("en", "On 12 June 15 captives came home", 15),
        ("en", "On June 12, 15 captives came home", 15),
        ("en", "On 12 June 2021 two captives came home", 2),
        ("en", "Three more captives, aged 19", 3),
        ("ru", "Десять пленных вернулись", 10),
        ("ru", "Вернули двадцать пять пленных", 25),
        ("ru", "Вернули 15-ти пленных", 15),
        ("ru", "12 июня вернулись 15 пленных", 15),
        ("hy", "Տասը գերի վերադարձավ", 10),
        ("hy", "Տասին գերի", 10),
        ("hy", "Հունիսի 12-ին վերադարձավ 15 գերի", 15),
        ("hy", "Քսան հինգ գերի", 25),
        ("az", "On iki hərbçi qaytarıldı", 12),
        ("az", "On bir hərbçi", 11),
        ("az", "Yüz on hərbçi", 110),
        ("az", "İyunun 12-də 15 hərbçi qaytarıldı", 15),
        ("az", "On hərbçi", 10),
        ("tr", "Yirmi iki asker", 22),
        ("tr", "12 Haziran'da 15 asker döndü", 15),
        ("tr", "15'i asker", 15),
    ],
)
def test_a_count_is_read_in_digits_and_in_words(facts: Read, language: str, title: str, count: int) -> None:
    assert facts(title, language=language).numbers == {"count": count}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Captives of 2020"),
        ("en", "Captives freed on 12 June"),
        ("en", "Captives freed on June 12"),
        ("en", "Captives freed on 14-15 December 2021"),
        ("en", "Captives freed on 14 and 15 December"),
        ("en", "The 12-year-old captive"),
        ("en", "A captive gets 15 years"),
        ("en", "A captive, aged 19"),
        ("en", "A captive, 54, is home"),
        ("en", "Captives freed at 14:30"),
        ("en", "Captives: 12.06.2021"),
        ("en", "Captives: 26/11"),
        ("en", "Captives: 4.5 points"),
        ("en", "40% of captives"),
        ("en", "40 % of captives"),
        ("en", "$15 for captives"),
        ("en", "The 102nd captive"),
        ("en", "No. 5 captive № 7"),
        ("en", "A total of 140 captives"),
        ("ru", "Пленный получил 15 лет"),
        ("ru", "102-я база и пленный"),
        ("ru", "12-го пленных вернули"),
        ("ru", "Пленные: 12 июня"),
        ("ru", "Всего 140 пленных"),
        ("hy", "Գերիներ՝ հունիսի 12-ին"),
        ("hy", "102-րդ բազա, գերի"),
        ("hy", "19 տարեկան գերի"),
        ("az", "Hərbçi 15 il aldı"),
        ("az", "İyunun 12-də hərbçi qaytarıldı"),
        ("az", "102-ci baza, hərbçi"),
        ("tr", "Asker 12 Haziran'da döndü"),
        ("tr", "102. üs ve asker"),
    ],
)
def test_a_number_that_counts_nothing_is_no_count(facts: Read, language: str, title: str) -> None:
    assert facts(title, language=language).numbers == {}


def test_may_is_a_month_only_with_a_capital(facts: Read) -> None:
    assert facts("Captives may 15 times refuse").numbers == {"count": 15}
    assert facts("Captives freed, May 15").numbers == {}


def test_the_nearest_number_counts(facts: Read) -> None:
    assert facts("Two buses carry ten captives").numbers == {"count": 10}


def test_a_number_beyond_the_distance_is_not_taken(facts: Read) -> None:
    assert facts("Ten of the many captives", within="3 words").numbers == {}


def test_the_title_counts_before_the_lead(facts: Read) -> None:
    assert facts("Ten brave captives", "12 captives were freed.").numbers == {"count": 10}
    assert facts("The captives", "12 captives were freed.").numbers == {"count": 12}


def test_a_sentence_that_did_not_match_gives_no_count(facts: Read) -> None:
    assert facts("The captives", "It was 12 then.").numbers == {}


PLACES = f"""{",".join(COLUMNS)}
lake,lake,near,context,AM,Syunik,Lake,Լիճ,Göl,Озеро,Göl,,39.5,46.2,3
sev,lake,near,direct,AM,Syunik,Sev Lake,Սև լիճ,Qaragöl,озеро Севлич,Kara Göl,Lake Sev;Сев лич,39.6,46.2,3
shusha,city,exact,direct,AZ,Shusha,Shusha,Շուշի,Şuşa,Шуша,Şuşa,Shushi;Шуши;Շուշա,39.7,46.7,1
meghri,town,exact,direct,AM,Syunik,Meghri,Մեղրի,Mehri,Мегри,Megri,,38.9,46.2,1
baku,city,exact,context,AZ,Baku,Baku,Բաքու,Bakı,Баку,Bakü,,40.4,49.8,5
nakhchivan,province,province,direct,AZ,Nakhchivan,Nakhchivan,Նախիջևան,Naxçıvan,Нахичевань,Nahçıvan,,39.3,45.4,30
karabakh,zone,near,direct,AZ,Karabakh,Karabakh,Ղարաբաղ,Qarabağ,Карабах,Karabağ,,39.8,46.7,40
izmir,district,exact,context,TR,İzmir,Karabağlar,,Karabağlar,,Karabağlar,,38.4,27.1,5
syunik,province,province,direct,AM,Syunik,Syunik,Սյունիք,Sünik,Сюник,Sünik,,39.3,46.2,30
sochi,city,exact,direct,RU,Krasnodar,Sochi,Սոչի,Soçi,Сочи,Soçi,,43.6,39.7,5
shusha2,village,exact,direct,AM,Syunik,Shusha village,,,Шуша,,,39.1,46.1,1
"""


@pytest.mark.parametrize(
    ("language", "title", "names"),
    [
        ("en", "Captives near Sev Lake and at a Lake", ["Sev Lake"]),
        ("en", "Captives taken from Shushi to Meghri's square", ["Shusha", "Meghri"]),
        ("en", "Captives in Sochi, says Baku", ["Sochi"]),
        ("en", "Captives in Baku", ["Baku"]),
        ("ru", "Пленные в Баку", ["Baku"]),
        ("az", "Bakıda hərbçi", ["Baku"]),
        ("tr", "Bakü’deki asker", ["Baku"]),
        ("tr", "Bakü asker gönderdi", []),
        ("hy", "Գերիներ Բաքվում", ["Baku"]),
        ("en", "Captives fly to Baku", ["Baku"]),
        ("en", "Captives handed over to Baku", []),
        ("en", "Captives, a message to Baku", []),
        ("ru", "Пленные прибыли в Баку", ["Baku"]),
        ("hy", "Գերիները վերադարձան Բաքու", ["Baku"]),
        ("hy", "Գերիներին Բաքու են տեղափոխել", ["Baku"]),
        ("hy", "Գերիները՝ Բաքու", []),
        ("hy", "Բաքվի գերիները վերադարձան", []),
        ("az", "Hərbçi Bakıya qayıdıb", ["Baku"]),
        ("az", "Hərbçi Bakıya təhvil verilib", []),
        ("az", "Hərbçi Bakıdan qayıdıb", []),
        ("tr", "Asker Bakü'ye döndü", ["Baku"]),
        ("tr", "Asker Bakü'ye teslim edildi", []),
        ("hy", "Գերիներ Շուշայում", ["Shusha"]),
        ("ru", "Пленные в Шуше, под Нахичеванью и у озера Севлич", ["Shusha", "Nakhchivan"]),
        ("ru", "Пленные в Карабахе", ["Karabakh"]),
        ("ru", "Пленные в Сюникской области", ["Syunik"]),
        ("hy", "Գերիներ Մեղրում, Մեղրուց, Նախիջեւանում", ["Meghri", "Nakhchivan"]),
        ("hy", "Գերիներ Սեւ լճում և Սև լիճում", ["Sev Lake"]),
        ("az", "Hərbçi Qaragöldə, NAXÇIVANDA və Şuşaya", ["Sev Lake", "Nakhchivan", "Shusha"]),
        ("tr", "Asker Karabağ’da ve Nahçıvan'dan", ["Karabakh", "Nakhchivan"]),
        ("tr", "Asker Karabağlar'da", ["Karabağlar"]),
        ("az", "Hərbçi Karabağlarda", ["Karabağlar"]),
    ],
)
def test_places_are_told_by_their_names_in_five_languages(
    facts: Read, language: str, title: str, names: list[str]
) -> None:
    found = facts(title, language=language, places=PLACES).places
    assert [place.name for place in found] == names


def test_a_place_is_told_once_and_only_where_the_rule_matched(facts: Read) -> None:
    found = facts("Captives in Meghri", "Rain in Sochi. Captives of Meghri and Shusha.", places=PLACES).places
    assert [place.name for place in found] == ["Meghri", "Shusha"]


def test_a_village_named_like_a_common_word_counts_beside_its_province_and_as_a_name(facts: Read) -> None:
    def names(title: str) -> list[str]:
        return [place.name for place in facts(title, places=PLACES).places]

    assert names("Captives at the Lake in Syunik") == ["Lake", "Syunik"]
    assert names("Captives at the lake in Syunik") == ["Syunik"]
    assert names("Lake captives are in Syunik") == ["Syunik"]
    assert names("Captives at the Lake") == []


def test_country_and_province_come_from_the_row(facts: Read) -> None:
    place = facts("Captives in Meghri", places=PLACES).places[0]
    assert (place.country, place.province, place.precision) == ("AM", "Syunik", "exact")


@pytest.mark.parametrize(
    ("ref", "title", "holds"),
    [
        ("places", "In Shusha", True),
        ("places", "In Sochi", False),
        ("places", "In Baku", False),
        ("places.context", "In Baku", True),
        ("places.all", "In Sochi", True),
    ],
)
def test_rules_name_places_of_the_two_countries_or_all(
    book: MakeBook, article: MakeArticle, ref: str, title: str, holds: bool
) -> None:
    rules = book({"places.csv": PLACES}, uses="places", terms="{}", clauses=f"{{c: {{any: [{ref}]}}}}", condition="c")
    assert bool(match_article(article(title), rules)) == holds


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_numbers_are_read_without_failing(data: st.DataObject, book: MakeBook, article: MakeArticle) -> None:
    pieces = [
        "captives",
        "June",
        "июня",
        "12",
        "2021",
        "1",
        "200",
        "-",
        "–",
        ",",
        ".",
        ":",
        "%",
        "№",
        "on",
        "iki",
        "ten",
    ]
    pieces += ["thousand", "total of", "aged", "²", "٣", "9" * 30, "'", "-ին", "and", "\n", "? ", "years"]
    text = st.lists(st.sampled_from(pieces)).flatmap(
        lambda some: st.sampled_from(["", " "]).map(lambda gap: gap.join(some))
    )
    extract = "{count: {number near: c, within: sentence}}"
    rules = book({"numbers": NUMBERS}, terms=TERMS, clauses="{c: {any: [c]}}", condition="c", extract=extract)
    asked = article("captives " + data.draw(text), data.draw(text), data.draw(st.sampled_from([*LANGUAGES, ""])))
    assert all(0 <= value < 10**18 for found in match_article(asked, rules) for value in found.facts.numbers.values())

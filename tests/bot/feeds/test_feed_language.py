"""The language of a short text: declared, unless its script or its letters say otherwise."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.feeds.language import language_of


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("Տասը զինծառայող վերադարձել է հայրենիք", "en-US", "hy"),
        ("Հայաստան Armenia-ի և Azerbaijan-ի մասին", "", "hy"),
        ("ათი სამხედრო დაბრუნდა", "en", "ka"),
        ("Десять военных вернулись домой", "en-US", "ru"),
        ("Десять военных вернулись домой", "", "ru"),
        ("Переговоры в Сочи", "hy", "ru"),
        ("Пашiнян и Алиев встретились в Сочи, сообщает пресс-служба", "ru", "ru"),
        ("Десять військових повернулися з полону, повідомляє їхня родина", "", "uk"),
        ("Дзесяць вайскоўцаў вярнуліся дадому", "ru", "be"),
        ("Десет војника вратило се кући из Јерменије", "", "sr"),
        ("On hərbçi Azərbaycana qayıdıb", "en-US", "az"),
        ("On herbci geri qayidib", "az", "az"),
        ("On asker serbest bırakıldı, esirler ülkelerine döndü", "en-US", "tr"),
        ("Türkiye ve Ermenistan görüşmeleri başlıyor, özel temsilciler atandı", "", "tr"),
        ("Ten servicemen return home from captivity in Azerbaijan", "", "en"),
        ("Shots fired near Laçın and Kəlbəcər districts, defence ministry of Armenia says on Tuesday", "en", "en"),
        ("Ten Armenian servicemen were handed over by the other side on Saturday", "az", "en"),
        ("Les prisonniers sont rentrés chez eux après les négociations", "fr", "fr"),
        ("Vilayet", "tr", "tr"),
        ("2021", "hy", "hy"),
        ("", "", ""),
        ("!?", "EN_us", "en"),
        ("تبادل الأسرى بين أرمينيا وأذربيجان", "", "ar"),
        ("تبادل اسیران بین ارمنستان و گرجستان", "", "fa"),
    ],
)
def test_a_headlines_language_is_told(text: str, declared: str, language: str) -> None:
    assert language_of(text, "", declared) == language


def test_the_summary_helps_where_the_title_says_little() -> None:
    assert language_of("TASS", "Десять военных вернулись домой", "en") == "ru"


def test_no_model_is_loaded_while_declarations_hold() -> None:
    """numpy and the model cost memory and half a second of the start."""
    program = (
        "import sys; from bot.feeds.language import language_of; import bot.feeds.parse\n"
        "print(language_of('Ten return', '', 'en'), 'numpy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["en", "False"]

"""Settings come from the environment, options win, and a bad one is named."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.settings import PREFIX, SettingsError, load_settings, unknown_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


def test_without_any_setting_the_database_is_a_file_in_the_data_folder() -> None:
    assert load_settings().database == "sqlite:///data/borderwatch.db"


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_ALLOW_PRIVATE", "127.0.0.0/8, 10.1.2.3/16")
    monkeypatch.setenv("BORDERWATCH_OWNERS", "5, 6000000000")
    settings = load_settings()
    assert settings.allow_private == (ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"))
    assert settings.owners == (5, 6_000_000_000)


def test_an_option_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_DATABASE_URL", "sqlite:///environment.db")
    assert load_settings({"database_url": "option.db"}).database == "option.db"
    assert load_settings({"database_url": None}).database == "sqlite:///environment.db"


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_ALLOW_PRIVATE", "everything")
    with pytest.raises(SettingsError, match=r"BORDERWATCH_ALLOW_PRIVATE.*everything"):
        load_settings()


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_TELEGRAM_TOKEN", "123:secret")
    assert "secret" not in repr(load_settings())


def test_a_misspelt_setting_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_FEDS", "feeds.csv")
    monkeypatch.setenv("BORDERWATCH_FEEDS", "feeds.csv")
    assert unknown_settings() == ["BORDERWATCH_FEDS (did you mean BORDERWATCH_FEEDS?)"]


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDERWATCH_TELEGRAM_TOKEN", "")
    assert load_settings().telegram_token is None

"""A rule file that is saved while the bot runs is in force for the next article, and for subscriptions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage.query import QueryError
from tests.journeys.town import Town

RULE = """\
id: harvest
title: The harvest begins
status: experimental
level: low
meaning: For tests.
terms:
  harvest: {en: [harvest~]}
clauses:
  harvest: {any: [harvest]}
condition: harvest
examples:
  match:
    - {en: The harvest begins}
"""


@pytest.fixture
def farm(town: Town, tmp_path: Path) -> Town:
    """The town with a folder of its own rules, empty as yet."""
    folder = tmp_path / "mine"
    folder.mkdir()
    return replace(town, settings=town.settings.model_copy(update={"rules": (folder,)}))


async def test_a_saved_rule_alerts_on_the_next_article(farm: Town) -> None:
    farm.subscribe()
    (folder,) = farm.settings.rules
    async with farm.bot() as bot:
        await farm.pass_once(bot)
        (folder / "harvest.yaml").write_text(RULE, encoding="utf-8")
        await bot.rules.look()
        farm.serve("ararat", "The harvest begins")
        await farm.pass_once(bot)
    (text,) = farm.chat.texts()
    assert "LOW · The harvest begins" in text


async def test_a_broken_rule_says_so_and_stops_no_other(farm: Town, capsys: pytest.CaptureFixture[str]) -> None:
    (folder,) = farm.settings.rules
    (folder / "harvest.yaml").write_text(RULE.replace("low", "lwo"), encoding="utf-8")
    async with farm.bot() as bot:
        assert "pow-release" in bot.poller.pipeline.book.rules
        assert "harvest" not in bot.poller.pipeline.book.rules
    assert "harvest.yaml:4:8" in capsys.readouterr().err


async def test_one_s_own_indicator_can_be_subscribed_to_once_its_rule_is_in_force(farm: Town) -> None:
    (folder,) = farm.settings.rules
    with pytest.raises(QueryError):
        farm.subscribe("indicator:harvest")
    async with farm.bot() as bot:
        assert bot.telegram is not None
        (folder / "harvest.yaml").write_text(RULE, encoding="utf-8")
        await bot.rules.look()
        await bot.telegram.start()
        farm.api.write(farm.chat.id, "/subscribe indicator:harvest")
        await farm.api.until(lambda: any("Subscribed" in text for text in farm.chat.texts()))
        await farm.pass_once(bot)
        farm.serve("ararat", "The harvest begins")
        await farm.pass_once(bot)
    assert any("LOW · The harvest begins" in text for text in farm.chat.texts())

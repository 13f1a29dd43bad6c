"""Who is told, when a process can reach some and not others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.journeys.town import HANDED_OVER, Town


async def test_a_start_without_the_token_loses_no_alert_of_those_who_subscribed_by_telegram(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.subscribe()
    without_token = replace(town, settings=town.settings.model_copy(update={"telegram_token": None}))
    async with without_token.bot() as bot:
        await town.pass_once(bot)
        town.serve("ararat", HANDED_OVER)
        await town.pass_once(bot)
    assert town.sends() == 0
    assert HANDED_OVER in capsys.readouterr().out
    async with town.bot() as bot:
        await bot.delivery.drain()
    assert [HANDED_OVER in text for text in town.chat.texts()] == [True]

"""A rule file that is saved while the bot runs is in force for the next article, and for subscriptions."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import Bot
from storage.database import open_database
from storage.query import QueryError
from storage.rulebooks import VersionUse, list_versions
from tests.botapi_faults import flood
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


ANI, VAHE = 6_000_000_001, 8
BROKEN = RULE.replace("low", "lwo")


@pytest.fixture
def owned(farm: Town) -> Town:
    """The farm, run by two people who have pressed Start."""
    for owner, name in ((ANI, "Ani"), (VAHE, "Vahe")):
        farm.api.add_private(owner, name)
    return replace(farm, settings=farm.settings.model_copy(update={"owners": (ANI, VAHE)}))


def save(town: Town, text: str, name: str = "harvest.yaml") -> None:
    """Save a rule file, at a time that no other save had."""
    path = town.settings.rules[0] / name
    before = path.stat().st_mtime if path.exists() else 1_000_000_000
    path.write_text(text, encoding="utf-8")
    os.utime(path, (before + 10, before + 10))


async def looked(town: Town, bot: Bot, after: timedelta = timedelta(minutes=2)) -> None:
    """Let time pass, look at the rule files, and deliver what is due."""
    town.clock.advance(town.clock.now() + after)
    await bot.rules.look()
    await bot.once()


def told(town: Town, owner: int) -> list[str]:
    return town.api.chats[owner].texts()


def versions(town: Town, rule: str) -> list[VersionUse]:
    with closing(open_database(town.settings.database)) as database, database.read() as session:
        return list_versions(session, rule)


async def test_the_owners_are_told_once_of_a_broken_file_and_once_that_it_is_mended(owned: Town) -> None:
    async with owned.bot() as bot:
        save(owned, RULE)
        await looked(owned, bot)
        save(owned, BROKEN)
        await looked(owned, bot)
        save(owned, BROKEN)
        await looked(owned, bot)
        assert [len(told(owned, owner)) for owner in (ANI, VAHE)] == [1, 1]
        save(owned, RULE)
        await looked(owned, bot)
        await looked(owned, bot)
    broken, mended = told(owned, ANI)
    assert "harvest.yaml:4:8: 'lwo' is no level. Did you mean low?" in broken
    assert "harvest.yaml: its last good version" in broken
    assert mended.startswith("Mended: all ")
    assert told(owned, VAHE) == [broken, mended]


async def test_a_fault_that_was_told_is_not_told_again_after_a_restart(owned: Town) -> None:
    save(owned, BROKEN)
    for _ in range(2):
        async with owned.bot() as bot:
            await looked(owned, bot)
    (broken,) = told(owned, ANI)
    assert "harvest.yaml: nothing, for it has no good version" in broken
    save(owned, RULE)
    async with owned.bot() as bot:
        await looked(owned, bot)
    assert told(owned, ANI)[1:] == told(owned, VAHE)[1:]
    assert told(owned, ANI)[1].startswith("Mended")


async def test_another_fault_is_another_message(owned: Town) -> None:
    async with owned.bot() as bot:
        save(owned, BROKEN)
        await looked(owned, bot)
        save(owned, BROKEN, "second.yaml")
        await looked(owned, bot)
    first, second = told(owned, ANI)
    assert "second.yaml" not in first
    assert "2 faults in 2 rule files" in second


async def test_an_owner_who_blocks_the_bot_or_must_wait_delays_neither_the_other_nor_an_alert(owned: Town) -> None:
    owned.subscribe()
    owned.api.chats[VAHE].blocked()
    owned.api.fail("sendMessage", flood(900), chat=ANI)
    save(owned, BROKEN)
    with capture_logs() as logs:
        async with owned.bot() as bot:
            await owned.pass_once(bot)
            owned.serve("ararat", "Azerbaijan hands over ten Armenian servicemen")
            await owned.pass_once(bot)
            assert (len(owned.chat.texts()), told(owned, ANI)) == (1, [])
            await owned.pass_once(bot)
    assert (len(owned.chat.texts()), len(told(owned, ANI))) == (1, 1)
    assert told(owned, VAHE) == []
    (said,) = [entry["event"] for entry in logs if str(VAHE) in entry["event"].split()]
    assert said == f"owner {VAHE} must press Start once in the bot's chat, to be told"


async def test_a_list_that_would_cost_a_rule_is_told_by_its_own_name(owned: Town) -> None:
    lists = owned.settings.rules[0] / "lists"
    lists.mkdir()
    uses = RULE.replace("terms:", "uses: [crops]\nterms:").replace("any: [harvest]", "any: [harvest, crops.wheat]")
    save(owned, "title: Crops\nterms: {wheat: {en: [wheat]}}\n", "lists/crops.yaml")
    save(owned, uses)
    async with owned.bot() as bot:
        save(owned, "title: Crops\nterms: {barley: {en: [barley]}}\n", "lists/crops.yaml")
        await looked(owned, bot)
        assert "harvest" in bot.poller.pipeline.book.rules
    (message,) = told(owned, ANI)
    assert "lists/crops.yaml:1:1: as it stands now, it would cost the rule harvest" in message
    assert "the list crops has no part 'wheat'" in message
    assert "Nothing has changed: all rules stay as they were until that is mended." in message


@pytest.mark.parametrize("missing", [{"owners": ()}, {"telegram_token": None}], ids=["owners", "token"])
async def test_without_owners_or_a_token_a_broken_file_is_told_in_the_log_alone(
    owned: Town, missing: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    save(owned, BROKEN)
    alone = replace(owned, settings=owned.settings.model_copy(update=missing))
    async with alone.bot() as bot:
        await looked(alone, bot)
    assert owned.sends() == 0
    assert "harvest.yaml:4:8" in capsys.readouterr().err


async def test_a_version_is_kept_from_when_it_comes_into_force_with_its_matches(farm: Town) -> None:
    start = farm.clock.now()
    async with farm.bot() as bot:
        await farm.pass_once(bot)
        save(farm, RULE)
        await bot.rules.look()
        save(farm, RULE.replace("level: low", "level: medium"))
        await looked(farm, bot)
        farm.serve("ararat", "The harvest begins")
        await farm.pass_once(bot)
    kept = [(each.level, each.since, each.matches) for each in versions(farm, "harvest")]
    minutes = timedelta(minutes=10), timedelta(minutes=12)
    assert kept == [("low", start + minutes[0], 0), ("medium", start + minutes[1], 1)]
    assert [each.since for each in versions(farm, "summit")] == [start]

"""Commands in private chats, groups, topics and channels."""

from __future__ import annotations

import pytest

from bot.telegram.commands import chosen
from bot.telegram.desk import EVERYTHING, Subscription
from storage.outbox import Address
from tests.bot.telegram.stage import MemoryDesk
from tests.botapi import ANONYMOUS_ADMIN, USERNAME, BotApi
from tests.botapi_faults import BAD_GATEWAY, Json

PRIVATE = Address("telegram", 7)
GROUP = Address("telegram", -100)

pytestmark = pytest.mark.usefixtures("service")


async def answer(
    api: BotApi, text: str, chat: int = 7, *, by: int = 7, topic: int | None = None, **more: object
) -> str:
    """What the bot answers to `text`."""
    before = len(api.chats[chat].messages)
    api.write(chat, text, by=by, topic=topic, **more)
    await api.until(lambda: len(api.chats[chat].messages) > before)
    return api.chats[chat].texts()[-1]


async def silence(api: BotApi, chat: int) -> bool:
    """Whether all updates so far were handled without a word to this chat."""
    await api.until(lambda: not api.updates)
    return not api.chats[chat].messages


async def test_start_says_what_this_is_and_how_to_begin(api: BotApi) -> None:
    said = await answer(api, "/start")
    assert "borderwatch reads news feeds" in said
    assert "/subscribe all" in said


@pytest.mark.parametrize("payload", ["xyz", "a" * 64, "../../etc", "<b>", "subscribe_all"])
async def test_start_with_any_payload_is_a_plain_start(api: BotApi, desk: MemoryDesk, payload: str) -> None:
    assert "borderwatch reads" in await answer(api, f"/start {payload}")
    assert desk.chats == {}


async def test_start_brings_back_a_chat_that_had_blocked_the_bot(api: BotApi, desk: MemoryDesk) -> None:
    desk.paused[7] = "blocked"
    await answer(api, "/start")
    assert desk.paused == {}


async def test_help_lists_the_commands_and_the_query_language(api: BotApi) -> None:
    said = await answer(api, "/help")
    words = ("/subscribe", "/unsubscribe", "/list", "indicator:", "level:", "place:", "sources:")
    assert [word for word in words if word not in said] == []


async def test_subscribing_says_what_was_saved_and_what_it_means(api: BotApi, desk: MemoryDesk) -> None:
    said = await answer(api, "/subscribe  indicator:pow-release   level:high")
    assert desk.chats[PRIVATE] == ["indicator:pow-release level:high"]
    assert desk.titles[7] == "Nune"
    assert "Subscribed: indicator:pow-release level:high" in said
    assert "events that satisfy indicator:pow-release level:high" in said


async def test_subscribing_twice_says_that_it_stood_already(api: BotApi, desk: MemoryDesk) -> None:
    await answer(api, "/subscribe Syunik")
    assert "stood already" in await answer(api, "/subscribe Syunik")
    assert desk.chats[PRIVATE] == ["Syunik"]


async def test_all_is_everything_and_is_shown_as_all(api: BotApi, desk: MemoryDesk) -> None:
    assert "Subscribed: all\nAlerts come for: everything" in await answer(api, "/subscribe ALL")
    assert desk.chats[PRIVATE] == [EVERYTHING]
    assert "1. all - everything" in await answer(api, "/list")


async def test_subscribe_without_a_query_shows_three_examples(api: BotApi, desk: MemoryDesk) -> None:
    said = await answer(api, "/subscribe")
    assert said.count("/subscribe ") == 3
    assert desk.chats == {}


async def test_curly_quotes_of_a_phone_are_plain_quotes(api: BotApi, desk: MemoryDesk) -> None:
    await answer(api, "/subscribe “ten servicemen”")
    assert desk.chats[PRIVATE] == ['"ten servicemen"']


async def test_a_query_that_cannot_be_read_is_shown_with_the_caret_in_monospace(api: BotApi, desk: MemoryDesk) -> None:
    said = await answer(api, "/subscribe level:?")
    assert "Not subscribed: a question mark means nothing here" in said
    (shown,) = api.chats[7].messages.values()
    (pre,) = [entity for entity in shown.entities if entity["type"] == "pre"]
    assert said[pre["offset"] : pre["offset"] + pre["length"]] == "level:?\n      ^"
    assert desk.chats == {}


@pytest.mark.parametrize("query", ["😀 <b>&", "x" * 4000, "?" * 4000, "a\u202eb", "_*["])
async def test_hostile_queries_are_answered(api: BotApi, query: str) -> None:
    assert await answer(api, f"/subscribe {query}")
    assert len(api.called("sendMessage")) == 1


async def test_an_empty_list_says_how_to_begin(api: BotApi) -> None:
    assert "No subscriptions here" in await answer(api, "/list")


async def test_a_subscription_is_ended_by_its_number_its_query_or_all(api: BotApi, desk: MemoryDesk) -> None:
    desk.chats[PRIVATE] = ["a", "b", "c", "d"]
    assert "Unsubscribed: b" in await answer(api, "/unsubscribe 2")
    assert "Unsubscribed: d" in await answer(api, "/unsubscribe d")
    assert desk.chats[PRIVATE] == ["a", "c"]
    assert await answer(api, "/unsubscribe all") == "Unsubscribed: a\nUnsubscribed: c"
    assert desk.chats[PRIVATE] == []
    assert "nothing to end" in await answer(api, "/unsubscribe")


async def test_unsubscribe_without_saying_which_ends_the_only_one_and_asks_among_several(
    api: BotApi, desk: MemoryDesk
) -> None:
    desk.chats[PRIVATE] = ["a", "b"]
    said = await answer(api, "/unsubscribe")
    assert "Which one?" in said
    assert "2. b" in said
    assert desk.chats[PRIVATE] == ["a", "b"]
    desk.chats[PRIVATE] = ["a"]
    assert await answer(api, "/unsubscribe") == "Unsubscribed: a"


def test_a_number_outside_the_list_means_nothing() -> None:
    standing = (Subscription("a", ""), Subscription("b", ""))
    for asked in ("0", "3", "-1", "99999999999999999999", "²", "c", "1.0"):
        assert chosen(asked, standing) == ()


async def test_an_unknown_subscription_is_answered_with_those_that_stand(api: BotApi, desk: MemoryDesk) -> None:
    desk.chats[PRIVATE] = ["a"]
    assert "There is no subscription 9 here. There are:\n1. a" in await answer(api, "/unsubscribe 9")


async def test_an_unknown_command_in_private_gets_a_hint(api: BotApi) -> None:
    assert "I do not know /weather" in await answer(api, "/weather in Goris")


async def test_plain_talk_in_private_gets_a_hint(api: BotApi) -> None:
    assert "commands only" in await answer(api, "hello")


async def test_a_command_with_this_bots_name_is_ours(api: BotApi) -> None:
    assert "Commands" in await answer(api, f"/help@{USERNAME}")
    api.add_group(-100)
    assert "I do not know" in await answer(api, f"/weather@{USERNAME.upper()}", -100)


async def test_in_a_group_commands_of_other_bots_are_theirs(api: BotApi) -> None:
    api.add_group(-100, admins=(7,))
    for text in ("/help@other_bot", "/weather", "/weather@other_bot", "/subscribe@other_bot all", "hello"):
        api.write(-100, text)
    assert await silence(api, -100)


async def test_a_member_cannot_change_what_a_group_gets_but_may_read_it(api: BotApi, desk: MemoryDesk) -> None:
    api.add_group(-100, admins=(8,))
    desk.chats[GROUP] = ["a"]
    assert "Only administrators" in await answer(api, "/subscribe all", -100, by=9)
    assert "Only administrators" in await answer(api, "/unsubscribe all", -100, by=9)
    assert "1. a" in await answer(api, "/list", -100, by=9)
    assert desk.chats == {GROUP: ["a"]}


async def test_an_administrator_subscribes_the_group_under_its_title(api: BotApi, desk: MemoryDesk) -> None:
    api.add_group(-100, "Monitoring room", admins=(8,))
    assert "Subscribed" in await answer(api, "/subscribe all", -100, by=8)
    assert (desk.chats, desk.titles) == ({GROUP: [EVERYTHING]}, {-100: "Monitoring room"})


def _as(sender: int, chat: Json) -> Json:
    return {"from": {"id": sender, "is_bot": True, "first_name": "x"}, "sender_chat": chat}


async def test_an_anonymous_administrator_is_recognised_by_the_chat_in_whose_name_it_writes(
    api: BotApi, desk: MemoryDesk
) -> None:
    group = api.add_group(-100)
    assert "Subscribed" in await answer(api, "/subscribe all", -100, **_as(ANONYMOUS_ADMIN, group.as_json()))
    assert list(desk.chats) == [GROUP]
    assert api.called("getChatMember") == []


@pytest.mark.parametrize("sender", [ANONYMOUS_ADMIN, 136817688, 777000])
async def test_who_writes_in_the_name_of_a_channel_is_no_administrator(
    api: BotApi, desk: MemoryDesk, sender: int
) -> None:
    api.add_group(-100, admins=(sender,))
    channel = {"id": -200, "type": "channel", "title": "C"}
    assert "Only administrators" in await answer(api, "/subscribe all", -100, **_as(sender, channel))
    assert desk.chats == {}


async def test_when_telegram_does_not_say_who_is_administrator_nothing_changes(api: BotApi, desk: MemoryDesk) -> None:
    api.add_group(-100, admins=(8,))
    api.fail("getChatMember", BAD_GATEWAY)
    assert "did not say" in await answer(api, "/subscribe all", -100, by=8)
    assert desk.chats == {}


async def test_a_topic_has_subscriptions_of_its_own_and_answers_stay_in_it(api: BotApi, desk: MemoryDesk) -> None:
    forum = api.add_forum(-100, admins=(8,), topics=(4, 5))
    await answer(api, "/subscribe a", -100, by=8, topic=4)
    assert "No subscriptions" in await answer(api, "/list", -100, by=8, topic=5)
    assert desk.chats == {Address("telegram", -100, 4): ["a"]}
    assert [shown.thread for shown in forum.messages.values()] == [4, 5]


async def test_a_reply_in_a_plain_group_is_no_topic(api: BotApi, desk: MemoryDesk) -> None:
    group = api.add_group(-100, admins=(8,))
    await answer(api, "/subscribe a", -100, by=8, message_thread_id=33)
    assert list(desk.chats) == [GROUP]
    assert [shown.thread for shown in group.messages.values()] == [None]


def _membership(status: str, **more: object) -> Json:
    bot = {"id": 1234567, "is_bot": True, "first_name": "b"}
    return {"user": bot, "status": status, **more}


async def test_a_chat_that_blocks_the_bot_is_paused_and_served_again_when_it_comes_back(
    api: BotApi, desk: MemoryDesk
) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "A"}
    change: Json = {"chat": api.chats[7].as_json(), "from": person, "date": 1}
    api.inject(
        "my_chat_member",
        change | {"old_chat_member": _membership("member"), "new_chat_member": _membership("kicked", until_date=0)},
    )
    await api.until(lambda: not api.updates and api.called("getUpdates"))
    assert "kicked" in desk.paused[7]
    api.inject(
        "my_chat_member",
        change | {"old_chat_member": _membership("kicked", until_date=0), "new_chat_member": _membership("member")},
    )
    await api.until(lambda: not api.updates)
    assert desk.paused == {}


async def test_a_group_that_becomes_a_supergroup_takes_its_subscriptions_with_it(api: BotApi, desk: MemoryDesk) -> None:
    api.add_group(-5)
    api.add_group(-1005)
    api.inject("message", api.message(-5, migrate_to_chat_id=-1005))
    api.inject("message", api.message(-1005, migrate_from_chat_id=-5))
    await api.until(lambda: not api.updates)
    assert desk.moves == [(-5, -1005), (-5, -1005)]
    assert api.chats[-5].messages == api.chats[-1005].messages == {}

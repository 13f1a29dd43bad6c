"""What the sink makes of Telegram's answers, over a real socket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs
from telegram import Bot

from bot.messages import Message
from bot.telegram.sink import TelegramSink
from storage.outbox import Alert, GaveUp, Moved, Retry, Sent
from tests.bot.telegram.stage import CALM, HASTY, alert_for, bot_for, title_only
from tests.botapi import BotApi
from tests.botapi_faults import BAD_GATEWAY, SERVER_ERROR, Answer, Fault, Hold, Instead, Reset, flood, refusal


async def test_a_new_alert_is_one_message_with_bold_words_and_no_preview(api: BotApi, sink: TelegramSink) -> None:
    outcome = await sink.send(alert_for(7))
    (number, shown) = next(iter(api.chats[7].messages.items()))
    assert outcome == Sent(number)
    assert (shown.text, shown.entities) == ("Ten captives", [{"type": "bold", "offset": 0, "length": 3}])
    (call,) = api.called("sendMessage")
    assert '"is_disabled": true' in call.params["link_preview_options"]
    assert not {"parse_mode", "message_thread_id", "allow_paid_broadcast"} & set(call.params)


async def test_an_alert_that_stands_is_edited_and_not_repeated(api: BotApi, sink: TelegramSink) -> None:
    first = await sink.send(alert_for(7))
    assert isinstance(first, Sent)
    assert await sink.send(alert_for(7, title="Eleven captives", message=first.message)) == first
    assert api.chats[7].texts() == ["Eleven captives"]
    (call,) = api.called("editMessageText")
    assert '"is_disabled": true' in call.params["link_preview_options"]


async def test_an_edit_that_changes_nothing_counts_as_sent(api: BotApi, sink: TelegramSink) -> None:
    first = await sink.send(alert_for(7))
    assert isinstance(first, Sent)
    assert await sink.send(alert_for(7, message=first.message)) == first
    assert api.called("editMessageText")[-1].status == 400


async def test_a_message_that_the_user_deleted_is_sent_anew(api: BotApi, sink: TelegramSink) -> None:
    outcome = await sink.send(alert_for(7, message=999))
    assert outcome == Sent(next(iter(api.chats[7].messages)))


async def test_a_flood_error_makes_the_whole_chat_wait_as_long_as_it_says(api: BotApi, sink: TelegramSink) -> None:
    api.fail("sendMessage", flood(5))
    outcome = await sink.send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.chat_wide) == (timedelta(seconds=5), True)
    assert isinstance(await sink.send(alert_for(7)), Sent)
    assert api.chats[7].texts() == ["Ten captives"]


async def test_a_flood_error_without_a_time_makes_the_chat_wait_all_the_same(api: BotApi, sink: TelegramSink) -> None:
    api.fail("sendMessage", refusal(429, "Too Many Requests: retry later"))
    outcome = await sink.send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert outcome.chat_wide
    assert outcome.after >= timedelta(seconds=10)


async def test_a_flood_error_in_one_chat_does_not_stop_another(api: BotApi, sink: TelegramSink) -> None:
    api.add_private(8)
    api.fail("sendMessage", flood(60), chat=7)
    outcomes = await asyncio.gather(sink.send(alert_for(7)), sink.send(alert_for(8)))
    assert [type(outcome) for outcome in outcomes] == [Retry, Sent]


BEFORE = {
    "reset": Reset(processed=False),
    "bad gateway as a web page": BAD_GATEWAY,
    "server error": SERVER_ERROR,
    "an error that is a list": Answer(500, b"[]"),
    "an error that is a word": Answer(400, b'"no"'),
    "an unknown status": Answer(599, b"{}"),
}


@pytest.mark.parametrize("fault", BEFORE.values(), ids=BEFORE.keys())
async def test_a_failure_before_it_was_processed_is_tried_again_and_arrives_once(
    api: BotApi, sink: TelegramSink, fault: Fault
) -> None:
    api.fail("sendMessage", fault)
    outcome = await sink.send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert timedelta(0) < outcome.after < timedelta(minutes=1)
    assert (outcome.chat_wide, "may have arrived" in outcome.why) == (False, True)
    assert isinstance(await sink.send(alert_for(7)), Sent)
    assert api.chats[7].texts() == ["Ten captives"]


AFTER = {
    "reset": Reset(processed=True),
    "not JSON": Instead(b"<html>welcome to the hotel</html>"),
    "JSON of another kind": Instead(b"[]"),
    "no result": Instead(b'{"ok": true}'),
    "a result that is no message": Instead(b'{"ok": true, "result": {"a": 1}}'),
    "bytes": Instead(b"\xff\xfe\x00"),
}


@pytest.mark.parametrize("fault", AFTER.values(), ids=AFTER.keys())
async def test_a_failure_after_it_was_recorded_repeats_it_at_most_once(
    api: BotApi, sink: TelegramSink, fault: Fault
) -> None:
    api.fail("sendMessage", fault)
    outcome = await sink.send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert "may have arrived" in outcome.why
    assert isinstance(await sink.send(alert_for(7)), Sent)
    assert api.chats[7].texts() == ["Ten captives"] * 2


@pytest.mark.parametrize("processed", [False, True])
async def test_an_answer_that_does_not_come_in_time_leaves_the_outcome_open(api: BotApi, processed: bool) -> None:
    api.fail("sendMessage", Hold(processed))
    async with bot_for(api.url, timeouts=HASTY) as bot:
        outcome = await TelegramSink(bot, title_only).send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert "may have arrived" in outcome.why
    assert len(api.chats[7].messages) == processed


async def test_when_the_server_is_away_nothing_was_sent(api: BotApi, sink: TelegramSink) -> None:
    await api.stop()
    outcome = await sink.send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert "nothing was sent" in outcome.why
    assert "ConnectError" in outcome.why


async def test_when_all_connections_are_taken_nothing_was_sent(api: BotApi) -> None:
    let_go = asyncio.Event()
    api.fail("sendMessage", *[Hold(processed=False, until=let_go)] * 65)
    async with bot_for(api.url, timeouts=replace(CALM, pool=0.3, read=60)) as bot:
        sends = [asyncio.create_task(TelegramSink(bot, title_only).send(alert_for(7))) for _ in range(65)]
        (one, *others), _ = await asyncio.wait(sends, return_when=asyncio.FIRST_COMPLETED)
        outcome = one.result()
        let_go.set()
        await asyncio.wait(sends)
    assert isinstance(outcome, Retry)
    assert "nothing was sent" in outcome.why
    assert "PoolTimeout" in outcome.why
    assert (others, len(api.called("sendMessage")), len(api.chats[7].messages)) == ([], 64, 64)


async def test_a_server_that_never_ends_its_answer_holds_a_send_no_longer_than_the_deadline(
    api: BotApi, bot: Bot
) -> None:
    api.outage = Hold(processed=False)
    outcome = await TelegramSink(bot, title_only, deadline=0.05).send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert "no answer within 0.05 s" in outcome.why


async def test_a_send_that_is_broken_off_ends_at_once(api: BotApi, sink: TelegramSink) -> None:
    api.outage = Hold(processed=False)
    sending = asyncio.create_task(sink.send(alert_for(7)))
    await api.until(lambda: api.called("sendMessage"))
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_a_refused_token_is_tried_again_much_later(api: BotApi) -> None:
    async with bot_for(api.url, token="1234567:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB") as bot:
        outcome = await TelegramSink(bot, title_only).send(alert_for(7))
    assert isinstance(outcome, Retry)
    assert outcome.after >= timedelta(minutes=1)
    assert "BBBB" not in outcome.why


async def test_a_chat_that_blocks_the_bot_is_gone(api: BotApi, sink: TelegramSink) -> None:
    api.chats[7].blocked()
    assert await sink.send(alert_for(7)) == GaveUp("Forbidden: bot was blocked by the user", chat_gone=True)


async def test_a_group_that_put_the_bot_out_is_gone_and_others_are_not(api: BotApi, sink: TelegramSink) -> None:
    api.add_group(-100).kicked()
    gone = await sink.send(alert_for(-100))
    assert isinstance(gone, GaveUp)
    assert gone.chat_gone
    assert isinstance(await sink.send(alert_for(7)), Sent)


async def test_a_group_that_took_the_right_to_write_is_gone(api: BotApi, sink: TelegramSink) -> None:
    api.add_group(-100).muted()
    outcome = await sink.send(alert_for(-100))
    assert isinstance(outcome, GaveUp)
    assert outcome.chat_gone


async def test_a_chat_that_does_not_exist_is_gone(api: BotApi, sink: TelegramSink) -> None:
    assert await sink.send(alert_for(12345)) == GaveUp("Chat not found", chat_gone=True)
    assert len(api.called("sendMessage")) == 1


@pytest.mark.parametrize("message", [None, 3], ids=["a new alert", "an edit"])
async def test_a_group_that_became_a_supergroup_has_moved(api: BotApi, sink: TelegramSink, message: int | None) -> None:
    api.add_group(-5).migrated(to=-1005)
    api.add_group(-1005)
    assert await sink.send(alert_for(-5, message=message)) == Moved(-1005)
    assert isinstance(await sink.send(alert_for(-1005)), Sent)
    assert api.chats[-1005].texts() == ["Ten captives"]


async def test_an_alert_for_a_topic_arrives_in_the_topic(api: BotApi, sink: TelegramSink) -> None:
    forum = api.add_forum(-100, topics=(4,))
    assert isinstance(await sink.send(alert_for(-100, thread=4)), Sent)
    assert [shown.thread for shown in forum.messages.values()] == [4]


@pytest.mark.parametrize("state", ["closed", "deleted"])
async def test_without_its_topic_an_alert_goes_to_the_general_one(api: BotApi, sink: TelegramSink, state: str) -> None:
    forum = api.add_forum(-100, topics=(4,))
    forum.topics = {4: False} if state == "closed" else {5: True}
    assert isinstance(await sink.send(alert_for(-100, thread=4)), Sent)
    assert [shown.thread for shown in forum.messages.values()] == [None]


async def test_when_the_general_topic_is_closed_too_it_gives_up_but_the_chat_is_not_dead(
    api: BotApi, sink: TelegramSink
) -> None:
    forum = api.add_forum(-100, topics=(4,))
    forum.topics[4], forum.general_open = False, False
    outcome = await sink.send(alert_for(-100, thread=4))
    assert isinstance(outcome, GaveUp)
    assert not outcome.chat_gone
    assert len(api.called("sendMessage")) == 2


async def test_refused_entities_lead_to_plain_text_and_a_line_in_the_log(api: BotApi, sink: TelegramSink) -> None:
    api.fail("sendMessage", refusal(400, "Bad Request: can't parse entities: entity begins in a middle"))
    with capture_logs() as logs:
        assert isinstance(await sink.send(alert_for(7)), Sent)
    (shown,) = api.chats[7].messages.values()
    assert (shown.text, shown.entities) == ("Ten captives", [])
    assert [entry["event"] for entry in logs] == ["message refused, trying another form"]


async def test_a_text_that_only_telegram_finds_too_long_is_sent_shorter(api: BotApi, bot: Bot) -> None:
    def long(alert: Alert) -> Message:
        return Message("word " * 800)

    api.fail("sendMessage", refusal(400, "Bad Request: message is too long"))
    assert isinstance(await TelegramSink(bot, long).send(alert_for(7)), Sent)
    assert len(api.chats[7].texts()[0]) <= 1024


async def test_all_fallbacks_together_come_to_an_end(api: BotApi, sink: TelegramSink) -> None:
    forum = api.add_forum(-100, topics=(4,))
    parse = refusal(400, "Bad Request: can't parse entities")
    api.fail("editMessageText", parse)
    api.fail("sendMessage", refusal(400, "Bad Request: message thread not found"), parse)
    outcome = await sink.send(alert_for(-100, thread=4, message=3))
    assert isinstance(outcome, GaveUp)
    assert forum.messages == {}
    assert len(api.calls) <= 6


async def test_another_400_is_final_for_the_alert_and_not_for_the_chat(api: BotApi, sink: TelegramSink) -> None:
    api.fail("sendMessage", refusal(400, "Bad Request: something that nobody has met"))
    assert await sink.send(alert_for(7)) == GaveUp("Something that nobody has met")

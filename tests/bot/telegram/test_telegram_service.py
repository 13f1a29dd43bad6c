"""The Telegram side starts with patience, never goes deaf unnoticed, and ends within seconds."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest
from structlog.testing import capture_logs

from bot.clock import ReplayClock
from bot.telegram.application import BaseUrlError, bot_api_urls, build_application
from bot.telegram.outcomes import describe
from bot.telegram.polling import Patience, TokenInUseError, WrongTokenError
from bot.telegram.service import TelegramService
from bot.telegram.sink import TelegramSink
from rules.errors import BorderwatchError
from storage.outbox import Retry, Sent
from tests.bot.telegram.stage import CALM, NOON, SWIFT, MemoryDesk, alert_for, listening, title_only
from tests.botapi import TOKEN, BotApi
from tests.botapi_faults import BAD_GATEWAY, Answer, Fault, Hold, Instead, Reset, flood, refusal

ANOTHER = "1234567:CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
UNAUTHORIZED = refusal(401, "Unauthorized")
NOT_FOUND = refusal(404, "Not Found")
CONFLICT = refusal(409, "Conflict: terminated by other getUpdates request")


@pytest.mark.parametrize(
    "given",
    ["http://127.0.0.1:8081", "http://127.0.0.1:8081/", "http://127.0.0.1:8081/bot", " http://127.0.0.1:8081/bot/"],
)
def test_a_base_url_is_taken_with_and_without_its_end(given: str) -> None:
    assert bot_api_urls(given) == ("http://127.0.0.1:8081/bot", "http://127.0.0.1:8081/file/bot")


@pytest.mark.parametrize("given", ["127.0.0.1:8081", "ftp://a.example", "http://", "http://[", "http://a.example:x"])
def test_a_base_url_that_is_no_address_is_refused_with_its_name(given: str) -> None:
    with pytest.raises(BaseUrlError, match="BORDERWATCH_TELEGRAM_BASE_URL"):
        bot_api_urls(given)


async def test_a_command_is_answered_and_confirmed(api: BotApi, service: TelegramService) -> None:
    api.write(7, "/help")
    await api.until(lambda: api.chats[7].messages and not api.updates)
    assert "/subscribe" in api.chats[7].texts()[0]


async def test_each_kind_of_chat_gets_the_menu_meant_for_it(api: BotApi, service: TelegramService) -> None:
    assert api.menus == {
        "all_private_chats": ["subscribe", "unsubscribe", "list", "help"],
        "all_group_chats": ["list", "help"],
        "all_chat_administrators": ["subscribe", "unsubscribe", "list", "help"],
    }


async def test_menus_that_cannot_be_set_do_not_keep_the_bot_from_listening(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.fail("deleteWebhook", NOT_FOUND)
    api.fail("setMyCommands", flood(600), Instead(b"[]"), BAD_GATEWAY)
    async with listening(api, desk, clock):
        api.write(7, "/help")
        await api.until(lambda: api.chats[7].messages)
    assert len(api.called("setMyCommands")) == 3


@pytest.mark.parametrize(
    "down", [BAD_GATEWAY, Reset(processed=False), Instead(b"not JSON"), Hold(processed=False), flood(1)]
)
async def test_a_start_while_the_api_is_down_waits_for_it(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock, down: Fault
) -> None:
    api.outage = down
    async with listening(api, desk, clock) as service:
        await api.until(lambda: len(api.called("getMe")) >= 3)
        assert service.last_poll is None
        api.outage = None
        await api.until(lambda: api.called("getUpdates"))


async def test_a_start_while_nothing_listens_waits_and_the_sink_says_so(desk: MemoryDesk, clock: ReplayClock) -> None:
    api = BotApi()
    await api.start()
    await api.stop()
    service = TelegramService(build_application(TOKEN, api.url, desk, CALM), clock, SWIFT)
    await service.start()
    outcome = await TelegramSink(service.bot, title_only).send(alert_for(7))
    assert isinstance(outcome, Retry)
    api.add_private(7)
    await api.start(api.port)
    await api.until(lambda: api.called("getUpdates"))
    assert isinstance(await TelegramSink(service.bot, title_only).send(alert_for(7)), Sent)
    await service.stop()
    assert isinstance(await TelegramSink(service.bot, title_only).send(alert_for(7)), Retry)
    await api.stop()


async def test_a_sink_without_a_service_that_listens_closes_as_well(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    service = TelegramService(build_application(TOKEN, api.url, desk, CALM), clock, SWIFT)
    sink = TelegramSink(service.bot, title_only)
    assert isinstance(await sink.send(alert_for(7)), Sent)
    await service.stop()
    assert isinstance(await sink.send(alert_for(7)), Retry)


async def test_a_wrong_token_ends_it_with_a_sentence_that_does_not_hold_the_token(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    service = TelegramService(build_application(ANOTHER, api.url, desk, CALM), clock, SWIFT)
    await service.start()
    with pytest.raises(WrongTokenError, match="BORDERWATCH_TELEGRAM_TOKEN") as caught:
        await service.ended()
    await service.stop()
    assert ANOTHER not in str(caught.value)
    assert caught.value.__context__ is None
    assert isinstance(caught.value, BorderwatchError)


@pytest.mark.parametrize("token", ["", "no-token-at-all", "123:abc\ndef", "123:abc def", "123:абв", "123:a/b", ":abc"])
def test_what_is_no_token_is_refused_before_anybody_is_asked(desk: MemoryDesk, token: str) -> None:
    with pytest.raises(WrongTokenError, match="Copy the token again") as caught:
        build_application(token, None, desk)
    assert token == "" or token not in str(caught.value)


async def test_a_token_with_blanks_around_it_is_that_token(api: BotApi, desk: MemoryDesk, clock: ReplayClock) -> None:
    service = TelegramService(build_application(f" {TOKEN}\n", api.url, desk, CALM), clock, SWIFT)
    await service.greet()
    await service.stop()
    assert [call.status for call in api.called("getMe")] == [200]


async def test_a_run_that_only_sends_learns_that_its_token_is_refused(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    service = TelegramService(build_application(ANOTHER, api.url, desk, CALM), clock, SWIFT)
    with pytest.raises(WrongTokenError, match="Copy the token again"):
        await service.greet()
    await service.stop()


async def test_a_run_that_only_sends_is_told_that_telegram_is_down_and_goes_on(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.fail("getMe", BAD_GATEWAY)
    service = TelegramService(build_application(TOKEN, api.url, desk, CALM), clock, SWIFT)
    with capture_logs() as logs:
        await service.greet()
    assert [entry["event"] for entry in logs] == ["Telegram cannot be reached"]
    assert isinstance(await TelegramSink(service.bot, title_only).send(alert_for(7)), Sent)
    await service.stop()


@pytest.mark.parametrize(
    "fault", [UNAUTHORIZED, NOT_FOUND, BAD_GATEWAY, CONFLICT, Reset(processed=True), Instead(b"{}")]
)
async def test_a_single_failure_of_any_kind_does_not_end_polling(
    api: BotApi, service: TelegramService, fault: Fault
) -> None:
    api.fail("getUpdates", fault)
    api.write(7, "/help")
    await api.until(lambda: not api.faults and len(api.called("getUpdates")) >= 3)
    api.write(7, "/help")
    await api.until(lambda: api.chats[7].messages and not api.updates)
    assert all("Commands" in text for text in api.chats[7].texts())


async def test_a_token_that_stays_refused_ends_it(api: BotApi, service: TelegramService) -> None:
    api.fail("getUpdates", BAD_GATEWAY, BAD_GATEWAY, BAD_GATEWAY, *[UNAUTHORIZED] * SWIFT.refusals)
    api.write(7, "/help")
    with pytest.raises(WrongTokenError, match="stopped accepting"):
        await asyncio.wait_for(service.ended(), 5)


async def test_one_refusal_at_the_end_of_an_outage_does_not_end_it(api: BotApi, service: TelegramService) -> None:
    api.fail("getUpdates", *[BAD_GATEWAY] * SWIFT.refusals, UNAUTHORIZED, *[BAD_GATEWAY] * 2)
    api.write(7, "/help")
    await api.until(lambda: not api.faults)
    api.write(7, "/help")
    await api.until(lambda: api.chats[7].messages and not api.updates)
    assert service.last_poll == NOON


async def test_another_process_with_the_same_token_is_told_plainly_and_not_fought_for_ever(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.fail("getUpdates", *[CONFLICT] * SWIFT.conflicts)
    with capture_logs() as logs:
        async with listening(api, desk, clock) as service:
            with pytest.raises(TokenInUseError, match="Another process"):
                await asyncio.wait_for(service.ended(), 5)
    assert "another process asks for this bot's updates with the same token" in [entry["event"] for entry in logs]


async def test_after_a_conflict_the_bot_that_stays_goes_on(
    api: BotApi, service: TelegramService, desk: MemoryDesk, clock: ReplayClock
) -> None:
    async with listening(api, desk, clock):
        await api.until(lambda: 409 in [call.status for call in api.called("getUpdates")])
    api.write(7, "/help")
    await api.until(lambda: api.chats[7].messages and not api.updates)
    assert "Commands" in api.chats[7].texts()[0]


async def test_the_last_poll_is_noted_by_the_clock_in_force(
    api: BotApi, service: TelegramService, clock: ReplayClock
) -> None:
    clock.advance(NOON + timedelta(minutes=1))
    api.write(7, "/help")
    await api.until(lambda: api.chats[7].messages)
    assert service.last_poll == NOON + timedelta(minutes=1)
    assert not service.is_deaf()


async def test_a_poll_that_hangs_is_noticed_and_given_up(api: BotApi, desk: MemoryDesk, clock: ReplayClock) -> None:
    async with listening(api, desk, clock, replace(SWIFT, poll=0.5, slack=0.5, step=0.1)) as service:
        api.write(7, "/help")
        await api.until(lambda: api.chats[7].messages)
        api.outage = Hold(processed=False)
        clock.advance(NOON + timedelta(minutes=10))
        polls = len(api.called("getUpdates"))
        await api.until(lambda: len(api.called("getUpdates")) >= polls + 2)
        assert service.last_poll == NOON
        assert service.is_deaf()


async def test_a_service_that_never_reached_telegram_is_deaf_after_a_while(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.outage = BAD_GATEWAY
    async with listening(api, desk, clock) as service:
        assert not service.is_deaf()
        clock.advance(NOON + timedelta(minutes=10))
        assert service.is_deaf()


async def test_updates_that_waited_for_a_restart_are_handled_once(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    async def run() -> None:
        polls = len(api.called("getUpdates"))
        async with listening(api, desk, clock) as service:
            await api.until(lambda: len(api.called("getUpdates")) > polls + 1 and service.last_poll and not api.updates)

    api.write(7, "/subscribe all")
    await run()
    await run()
    assert len(api.chats[7].messages) == 1


async def test_an_update_that_is_handed_out_twice_does_nothing_twice(api: BotApi, service: TelegramService) -> None:
    number = api.write(7, "/subscribe all")
    body = next(update for update in api.updates if update["update_id"] == number)
    await api.until(lambda: api.chats[7].messages and not api.updates)
    api.updates.append(body)
    api.write(7, "/list")
    await api.until(lambda: len(api.chats[7].messages) == 2 and not api.updates)
    assert len(api.chats[7].messages) == 2


async def test_commands_of_one_chat_are_handled_in_the_order_they_came(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    for number in range(5):
        api.write(7, f"/subscribe word{number}")
    api.write(7, "/list")
    async with listening(api, desk, clock):
        await api.until(lambda: len(api.chats[7].messages) == 6)
    assert [f"word{number}" in text for number, text in enumerate(api.chats[7].texts()[:5])] == [True] * 5
    assert "5. word4" in api.chats[7].texts()[5]


@pytest.mark.parametrize("poison", [{"message_id": "x"}, {"chat": 5, "date": "never"}, [], 7, {"chat": {}, "date": 1}])
async def test_an_update_that_cannot_be_read_is_skipped_and_the_next_one_handled(
    api: BotApi, service: TelegramService, poison: object
) -> None:
    api.inject("message", poison)
    api.write(7, "/help")
    await api.until(lambda: api.chats[7].messages and not api.updates)
    assert len(api.called("getUpdates")) < 10


@pytest.mark.parametrize("result", [b"[]", b'[{"update_id": 5}]', b'[{"a": 1}]'])
async def test_a_server_that_says_the_same_at_once_for_ever_is_not_hammered(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock, result: bytes
) -> None:
    api.fail("getUpdates", *[Answer(200, b'{"ok": true, "result": %b}' % result)] * 10_000)
    started = monotonic()
    async with listening(api, desk, clock, replace(SWIFT, first=0.05)):
        await api.until(lambda: len(api.called("getUpdates")) >= 6)
    assert monotonic() - started > 0.2


async def test_an_error_in_a_handler_is_logged_with_the_update_and_others_go_on(
    api: BotApi, service: TelegramService, desk: MemoryDesk
) -> None:
    desk.trouble = RuntimeError(f"no such table at http://127.0.0.1/bot{TOKEN}/x")
    with capture_logs() as logs:
        number = api.write(7, "/subscribe all")
        api.write(7, "/help")
        await api.until(lambda: api.chats[7].messages)
    (entry,) = [entry for entry in logs if entry["event"] == "update failed"]
    assert entry["update"] == number
    assert "no such table" in entry["trace"]
    assert TOKEN not in str(entry)


async def test_a_handler_that_hangs_is_given_up_and_the_chat_is_heard_again(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.fail("sendMessage", Hold(processed=False))
    async with listening(api, desk, clock, replace(SWIFT, handling=1)):
        api.write(7, "/help")
        await api.until(lambda: api.called("sendMessage"))
        api.write(7, "/help")
        await api.until(lambda: api.chats[7].messages)
    assert len(api.chats[7].messages) == 1


@pytest.mark.parametrize("moment", ["connecting", "polling", "answering", "told to wait"])
async def test_it_ends_within_seconds_whatever_the_server_does(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock, moment: str
) -> None:
    service = TelegramService(build_application(TOKEN, api.url, desk, CALM), clock, replace(SWIFT, step=0.1))
    if moment == "connecting":
        api.outage = Hold(processed=False)
    await service.start()
    if moment == "connecting":
        await api.until(lambda: api.called("getMe"))
    elif moment == "told to wait":
        await api.until(lambda: api.called("getUpdates"))
        api.fail("getUpdates", flood(600))
        api.write(7, "/help")
        await api.until(lambda: not api.faults)
    else:
        await api.until(lambda: api.called("getUpdates"))
        api.outage = Hold(processed=False)
        api.write(7, "/help")
    if moment == "answering":
        await api.until(lambda: api.called("sendMessage"))
    started = monotonic()
    await service.stop()
    assert monotonic() - started < 2


async def test_an_update_whose_handling_was_broken_off_is_not_confirmed(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.fail("sendMessage", Hold(processed=False))
    async with listening(api, desk, clock, Patience(poll=1, slack=1, step=0.05)):
        api.write(7, "/help")
        await api.until(lambda: api.called("sendMessage"))
    assert len(api.updates) == 1


async def test_what_was_handled_is_confirmed_at_the_end(api: BotApi, desk: MemoryDesk, clock: ReplayClock) -> None:
    released = asyncio.Event()
    api.fail("sendMessage", Hold(processed=True, until=released))
    async with listening(api, desk, clock):
        api.write(7, "/help")
        await api.until(lambda: api.chats[7].messages)
        released.set()
    assert api.updates == []


async def test_the_token_is_in_no_line_of_the_log(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="telegram")
    desk.trouble = RuntimeError("broken")
    api.fail("getMe", BAD_GATEWAY, Reset(processed=False))
    api.fail("getUpdates", UNAUTHORIZED, CONFLICT, Instead(b"nonsense"))
    with capture_logs() as logs:
        async with listening(api, desk, clock) as service:
            api.write(7, "/subscribe all")
            api.write(7, "/help")
            await api.until(lambda: api.chats[7].messages)
            api.fail("sendMessage", Instead(b"nonsense"))
            outcome = await TelegramSink(service.bot, title_only).send(alert_for(7))
    seen = f"{logs}{outcome}{caplog.text}{[record.getMessage() for record in caplog.records]}"
    assert "update failed" in seen
    assert TOKEN not in seen


def test_an_error_that_is_a_whole_page_is_told_in_one_short_line() -> None:
    line = describe(RuntimeError("<html>\n" + "x" * 5000))
    assert len(line) < 300
    assert "\n" not in line

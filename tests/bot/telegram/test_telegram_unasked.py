"""Updates that are no commands: they do nothing, and nothing breaks on them."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.clock import ReplayClock
from tests.bot.telegram.stage import MemoryDesk, listening
from tests.botapi import BotApi
from tests.botapi_faults import Json


async def test_channel_posts_edited_messages_and_captions_are_no_commands(
    api: BotApi, desk: MemoryDesk, clock: ReplayClock
) -> None:
    api.add_group(-100, admins=(8,))
    api.add_group(-300).type = "channel"
    command = [{"type": "bot_command", "offset": 0, "length": 10}]
    person = {"id": 8, "is_bot": False, "first_name": "A"}
    fields: Json = {"text": "/subscribe all", "entities": command, "from": person}
    api.inject("channel_post", api.message(-300, **(fields | {"from": None})))
    api.inject("edited_message", api.message(-100, **fields, edit_date=5))
    api.inject("edited_channel_post", api.message(-300, **(fields | {"from": None}), edit_date=5))
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    caption = {"caption": "/subscribe all", "caption_entities": command, "photo": photo, "from": person}
    api.inject("message", api.message(-100, **caption))
    api.inject("message", api.message(7, **caption))
    api.inject("message", api.message(7, **{"from": person}, new_chat_title="T"))
    api.inject("message", api.message(7, **{"from": person}, location={"latitude": 40.0, "longitude": 45.0}))
    api.write(7, "/help")
    with capture_logs() as logs:
        async with listening(api, desk, clock):
            await api.until(lambda: not api.updates)
    assert desk.chats == {}
    assert ["Commands" in text for text in api.chats[7].texts()] == [True]
    assert api.chats[-100].messages == api.chats[-300].messages == {}
    assert "update failed" not in [entry["event"] for entry in logs]

"""The health check tells a bot that lives from one that hangs, is deaf, or is gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.heartbeat import Heartbeat, diagnose, read_heartbeat, write_heartbeat
from tests.builders import NOON


def test_a_fresh_heartbeat_is_healthy(tmp_path: Path) -> None:
    path = tmp_path / "data" / "heartbeat.json"
    write_heartbeat(path, Heartbeat(NOON, deaf=False))
    assert read_heartbeat(path) == Heartbeat(NOON, deaf=False)
    assert diagnose(read_heartbeat(path), NOON + timedelta(seconds=20)) == ""


def test_without_a_heartbeat_there_is_no_bot(tmp_path: Path) -> None:
    assert "no bot" in diagnose(read_heartbeat(tmp_path / "none.json"), NOON)


def test_a_bot_that_hangs_is_found_out() -> None:
    assert "last sign of life" in diagnose(Heartbeat(NOON), NOON + timedelta(minutes=3))


def test_a_bot_that_hears_nothing_from_telegram_is_found_out() -> None:
    assert "Telegram has not answered" in diagnose(Heartbeat(NOON, deaf=True), NOON)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"beat": 1, "deaf": false}', '{"beat": "soon", "deaf": false}'])
def test_a_broken_heartbeat_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "heartbeat.json"
    path.write_text(text, encoding="utf-8")
    assert read_heartbeat(path) is None

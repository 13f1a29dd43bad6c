"""Signs of life: a small file that a running bot renews and the health check reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

FRESH = timedelta(seconds=60)
"""The bot renews its heartbeat every few seconds; a minute without one is a bot that hangs or is gone."""
DEAF = timedelta(minutes=3)
"""Telegram's long poll answers at least every ten seconds or so; minutes without an answer: alive, and deaf."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When the bot last went round, and when Telegram last answered it (None: Telegram is not in use)."""

    beat: datetime
    telegram: datetime | None = None


def write_heartbeat(path: Path, heartbeat: Heartbeat) -> None:
    """Put the heartbeat in place of the last one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    telegram = heartbeat.telegram.isoformat() if heartbeat.telegram else None
    fresh.write_text(json.dumps({"beat": heartbeat.beat.isoformat(), "telegram": telegram}), encoding="utf-8")
    fresh.replace(path)


def read_heartbeat(path: Path) -> Heartbeat | None:
    """The last heartbeat, or None when there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        telegram = found["telegram"]
        return Heartbeat(datetime.fromisoformat(found["beat"]), datetime.fromisoformat(telegram) if telegram else None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def diagnose(heartbeat: Heartbeat | None, now: datetime) -> str:
    """What is wrong, or nothing."""
    if heartbeat is None:
        return "no bot has left a sign of life"
    if now - heartbeat.beat > FRESH:
        return f"the last sign of life is from {heartbeat.beat:%Y-%m-%d %H:%M:%S} UTC"
    if heartbeat.telegram and now - heartbeat.telegram > DEAF:
        return f"Telegram has not answered since {heartbeat.telegram:%Y-%m-%d %H:%M:%S} UTC"
    return ""

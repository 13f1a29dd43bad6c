"""Signs of life: a small file that a running bot renews and the health check reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

FRESH = timedelta(minutes=2)
"""A bot goes round every second; two minutes without a round that went well is one that hangs, is gone, or is shut
out of its database. A send may take a minute."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """When the bot last went round without a fault, and whether Telegram has answered none of its last polls."""

    beat: datetime
    deaf: bool = False


def write_heartbeat(path: Path, heartbeat: Heartbeat) -> None:
    """Put the heartbeat in place of the last one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"beat": heartbeat.beat.isoformat(), "deaf": heartbeat.deaf}), encoding="utf-8")
    fresh.replace(path)


def read_heartbeat(path: Path) -> Heartbeat | None:
    """The last heartbeat, or None when there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Heartbeat(datetime.fromisoformat(found["beat"]), bool(found["deaf"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def diagnose(heartbeat: Heartbeat | None, now: datetime) -> str:
    """What is wrong, or nothing."""
    if heartbeat is None:
        return "no bot has left a sign of life"
    if now - heartbeat.beat > FRESH:
        return f"the last sign of life is from {heartbeat.beat:%Y-%m-%d %H:%M:%S} UTC"
    if heartbeat.deaf:
        return "Telegram has not answered for minutes"
    return ""

"""`borderwatch`, typed: as a process of its own, in a folder of its own, with nothing set but what a test sets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds after which a command is taken to hang; a deadline, not a pause."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: its exit status, its data, and its words."""

    status: int
    out: str
    err: str


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """A bare environment with these settings, `BORDERWATCH_` left out of their names."""
    named = {f"BORDERWATCH_{name}": value for name, value in (settings or {}).items()}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **named}


def command(*words: str) -> list[str]:
    """The command as it is started."""
    return [sys.executable, "-m", "bot", *words]


def typed(*words: str, folder: Path, settings: Mapping[str, str] | None = None) -> Answer:
    """Run `borderwatch WORDS` in `folder`, and wait for its end."""
    done = subprocess.run(
        command(*words), cwd=folder, env=environment(settings), capture_output=True, timeout=PATIENCE, check=False
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())

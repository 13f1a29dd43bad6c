"""How a command ends when its reader goes, or when it is interrupted: as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from storage.database import Database
from storage.events import add_event
from tests.commandline import PATIENCE, command, environment
from tests.storage.builders import EVENT, NOW


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(folder: Path, log: Database) -> None:
    with log.write() as session:
        for _ in range(1_000):
            add_event(session, EVENT, article=None, why="opened", now=NOW)
    for form in ("table", "jsonl"):
        process = subprocess.Popen(
            command("events", "--format", form),
            cwd=folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.read(100)
        process.stdout.close()
        _, words = process.communicate(timeout=PATIENCE)
        assert (process.returncode, words) == (0, b"")


def test_interrupted_it_says_so_and_exits_as_the_shell_expects(folder: Path) -> None:
    process = subprocess.Popen(
        command("demo"),
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that runs the tests in its background has them, and all that they start, ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    # The introduction stands when the work begins.
    os.read(process.stdout.fileno(), 1)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert words.decode().strip().endswith("stopped")
    assert b"Traceback" not in words

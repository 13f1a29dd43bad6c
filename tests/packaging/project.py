"""A small project around a copy of `run`, on a small machine: on its PATH lies what a test puts there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]

BASE_PYTHON = Path(getattr(sys, "_base_executable", sys.executable))
"""The Python that the environment of these tests was made from."""

UTILITIES = ("sh", "cat", "cmp", "cp", "dirname", "grep", "mkdir", "mv", "readlink", "rm", "rmdir", "sleep")

STUB = """
import os, sys
print("borderwatch", *sys.argv[1:], flush=True)
print("in", os.getcwd())
if "--until-told" in sys.argv:
    open(os.environ["HOME"] + "/told").read()
"""

# Stands for uv: notes each lock that it is asked to install; while HOME/hold is there it stays at work.
UV = """
[ "$1" = --version ] && exit
for lock; do :; done
echo "uv: $(cat "$lock")" >>"$HOME/installed"
while [ -e "$HOME/hold" ]; do sleep 0.02; done
if grep -qE 'nowhere|only through pip' "$lock"; then
    echo "error: uv has no such package" >&2
    exit 1
fi
"""

# Stands for pip, likewise, as a module of the environment.
PIP = """
import os, sys
if "install" in sys.argv:
    lock = open(sys.argv[-1]).read()
    with open(os.environ["HOME"] + "/installed", "a") as log:
        print("pip:", lock, file=log)
    if "nowhere" in lock:
        sys.exit("ERROR: pip has no such package")
"""

# A Python that is whole: its environments can have pip.
WHOLE_PYTHON = f"""
case "$*" in
    *_base_executable*) echo "$0" && exit ;;
    *ensurepip) exit 0 ;;
esac
"{BASE_PYTHON}" "$@" || exit
case "$*" in *" venv "*)
    for venv; do :; done
    cp "$HOME/pip.py" "$venv"/lib/python*/site-packages
esac
"""

# A Python as Debian ships it: whole but for ensurepip.
DEBIAN_PYTHON = f"""
case "$*" in
    *_base_executable*) echo "$0" ;;
    *ensurepip) exit 11 ;;
    *) exec "{BASE_PYTHON}" "$@" ;;
esac
"""


@dataclass(frozen=True)
class Project:
    """A checkout with `run` in it, and the machine that it runs on, whose /usr, /opt and home lie in `machine`."""

    root: Path
    machine: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """The person's home folder."""
        return self.machine / "home"

    def put(self, name: str, script: str, folder: str = "usr/bin") -> Path:
        """Put a shell script on the PATH, or into another folder of the machine."""
        return executable(self.machine / folder / name, f"#!/bin/sh\n{script}\n")

    def put_python(self, folder: str = "usr/bin", name: str = "python3") -> Path:
        """Put a Python that works into a folder of the machine."""
        path = self.machine / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(BASE_PYTHON)
        return path

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start `./run` in a process group of its own."""
        process = subprocess.Popen(
            [self.root / "run", *arguments],
            cwd=cwd or self.root,
            env={"PATH": str(self.machine / "usr" / "bin"), "HOME": str(self.home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Start `./run` and wait for its end."""
        return finished(self.start(*arguments, cwd=cwd))

    def close(self) -> None:
        """End what is still running."""
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()

    def lock(self, text: str, name: str = "runtime") -> None:
        """Write one of the locks."""
        (self.root / "requirements" / f"{name}.txt").write_text(text)

    def installed(self) -> list[str]:
        """What uv and pip were asked to install, in order."""
        log = self.home / "installed"
        return log.read_text().splitlines() if log.exists() else []


def finished(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for a process and gather what it said."""
    stdout, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def executable(path: Path, text: str) -> Path:
    """Write a file that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def make_project(folder: Path) -> Project:
    """A project in a folder with a space in its name, on a machine without any Python."""
    project = Project(folder / "border watch", folder / "machine")
    script = (CHECKOUT / "run").read_text()
    executable(project.root / "run", re.sub(r"(?<![\w!}])/(?=(usr|bin|opt|Library)/)", f"{project.machine}/", script))
    (project.root / "bot").mkdir()
    (project.root / "bot" / "__init__.py").touch()
    (project.root / "bot" / "__main__.py").write_text(STUB)
    (project.root / "requirements").mkdir()
    project.lock("first")
    project.lock("first with tools", "dev")
    project.home.mkdir(parents=True)
    (project.home / "pip.py").write_text(PIP)
    for name in UTILITIES:
        project.put(name, f'exec "{shutil.which(name)}" "$@"')
    return project

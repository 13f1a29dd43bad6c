"""Does what the Dockerfile's build stage does, in a fresh folder: python -m tests.packaging.image_steps

It needs a package index, so CI runs it and the tests, which must work offline, do not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.packaging.dockerfile import read_dockerfile
from tests.packaging.project import BASE_PYTHON, CHECKOUT

PLACES = ("/src", "/opt/")
"""Where the build stage works; moved into the fresh folder."""


def copy(sources: list[str], target: Path) -> None:
    """What COPY does, for the paths of the checkout."""
    for source in map(CHECKOUT.joinpath, sources):
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def build(folder: Path) -> None:
    """Run the instructions of the build stage, with `folder` as the root of its files."""
    subprocess.run([BASE_PYTHON, "-m", "venv", folder / "python"], check=True)
    environment = dict(os.environ, PATH=f"{folder / 'python' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    environment.pop("PYTHONPATH", None)
    workdir = folder
    for instruction in read_dockerfile(CHECKOUT / "Dockerfile")[0].instructions:
        text = instruction.text
        match instruction.word:
            case "ENV":
                environment |= {name: value for name, _, value in (pair.partition("=") for pair in text.split())}
            case "WORKDIR":
                workdir = folder / text.lstrip("/")
                workdir.mkdir(parents=True)
            case "COPY":
                *sources, target = text.split()
                copy(sources, workdir / target)
            case "RUN":
                print("image:", text, flush=True)
                for place in PLACES:
                    text = text.replace(f" {place}", f" {folder}{place}")
                subprocess.run(["sh", "-ec", text], cwd=workdir, env=environment, check=True)


def main() -> None:
    """Build, then ask the installed program for its version and its rules; any failure ends with exit 1."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            build(folder)
            command = folder / "opt" / "borderwatch" / "bin" / "borderwatch"
            for arguments in (["--version"], ["rules", "check"]):
                subprocess.run([command, *arguments], cwd=folder, check=True)
        except subprocess.CalledProcessError as error:
            sys.exit(f"image: failed: {error}")
        developed = list((folder / "opt" / "borderwatch").glob("lib/python*/site-packages/pytest"))
        sys.exit("image: development tools came along" if developed else 0)


if __name__ == "__main__":
    main()

"""The wheel holds all that the program needs, and works where no checkout is at hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from email.parser import BytesParser
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.packaging.project import CHECKOUT, executable

FEED = """<rss version="2.0"><channel><title>Ararat Ledger</title><link>https://ararat.example/</link>
<item><title>Apricot harvest begins</title><link>https://ararat.example/1</link>
<pubDate>Sat, 04 Dec 2021 15:00:00 +0000</pubDate></item></channel></rss>"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    outcome = subprocess.run(build, cwd=CHECKOUT, capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder outside the checkout, with an environment that holds the wheel and what the runtime lock names."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
    (packages,) = (folder / "env" / "lib").glob("python*/site-packages")
    for name in locked():
        lay(name, packages)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    (command,) = metadata.PathDistribution(next(packages.glob("borderwatch-*.dist-info"))).entry_points
    python = folder / "env" / "bin" / "python"
    start = f"import sys\nfrom {command.module} import {command.attr}\nsys.exit({command.attr}())\n"
    executable(folder / "env" / "bin" / command.name, f"#!{python}\n{start}")
    return folder


def locked() -> list[str]:
    """The packages that requirements/runtime.txt names for this machine."""
    lines = (CHECKOUT / "requirements" / "runtime.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return [found.name for found in requirements if found.marker is None or found.marker.evaluate()]


def lay(name: str, packages: Path) -> None:
    """Link what is installed here of a package into another environment."""
    distribution = metadata.distribution(name)
    for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
        (packages / top).symlink_to(Path(str(distribution.locate_file(top))))


def start(elsewhere: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the installed command with nothing of this environment about it."""
    return subprocess.Popen(
        [elsewhere / "env" / "bin" / "borderwatch", *arguments],
        cwd=elsewhere,
        env={"PATH": os.defpath, "HOME": str(elsewhere), "LANG": "C.UTF-8", "BORDERWATCH_FEEDS": "feeds.csv"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def borderwatch(elsewhere: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command to its end."""
    process = start(elsewhere, *arguments)
    stdout, stderr = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


@pytest.mark.parametrize(
    "pattern",
    [
        "rules/library/*.yaml",
        "rules/library/lists/*",
        "rules/tools/skeletons/*.yaml",
        "rules/tools/words/*.gz",
        "storage/migrations/env.py",
        "storage/migrations/versions/*.py",
        "bot/demo/feeds/*",
        "borderwatch-*.dist-info/licenses/LICENSE",
    ],
)
def test_the_wheel_holds_the_data_beside_the_code(contents: set[str], pattern: str) -> None:
    assert any(fnmatch(name, pattern) for name in contents)


@pytest.mark.parametrize("package", ["rules", "storage", "bot"])
def test_no_file_of_the_packages_is_left_behind(contents: set[str], package: str) -> None:
    files = (path for path in (CHECKOUT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    names = {path.relative_to(CHECKOUT).as_posix() for path in files}
    assert names
    assert names <= contents


def test_the_wheel_holds_nothing_but_the_three_packages(contents: set[str]) -> None:
    tops = {name.split("/")[0] for name in contents}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"rules", "storage", "bot"}


def test_an_upload_by_mistake_is_refused(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        headers = BytesParser().parsebytes(archive.read(name))
    assert headers["Name"] == "borderwatch"
    assert "Private :: Do Not Upload" in headers.get_all("Classifier", [])


def test_the_installed_command_tells_its_version(elsewhere: Path) -> None:
    outcome = borderwatch(elsewhere, "--version")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout == "borderwatch 0.1.0\n"


def test_the_installed_rules_are_whole(elsewhere: Path) -> None:
    outcome = borderwatch(elsewhere, "rules", "check")
    assert outcome.returncode == 0, outcome.stderr


def test_the_installed_command_makes_its_database_and_reads_a_feed(elsewhere: Path) -> None:
    (elsewhere / "feed.xml").write_text(FEED, encoding="utf-8")
    (elsewhere / "feeds.csv").write_text("feed_url\nhttp://127.0.0.1:9/feed\n", encoding="utf-8")
    outcome = borderwatch(elsewhere, "replay", "feed.xml", "--db", "replayed.db", "--quiet")
    assert outcome.returncode == 0, outcome.stderr
    listed = borderwatch(elsewhere, "articles", "--db", "replayed.db", "--format", "jsonl")
    assert "Apricot harvest begins" in listed.stdout, listed.stderr


def test_the_health_check_of_the_image_tells_a_bot_that_runs_from_none(elsewhere: Path) -> None:
    (elsewhere / "feeds.csv").write_text("feed_url\nhttp://127.0.0.1:9/feed\n", encoding="utf-8")
    before = borderwatch(elsewhere, "health")
    bot = start(elsewhere, "run")
    deadline = time.monotonic() + 30
    while borderwatch(elsewhere, "health").returncode != 0:
        assert bot.poll() is None, bot.communicate()
        assert time.monotonic() < deadline
    bot.send_signal(signal.SIGTERM)
    _, said = bot.communicate(timeout=15)
    assert bot.returncode == 0, said
    assert before.returncode == 1
    assert "no bot has left a sign of life" in before.stderr

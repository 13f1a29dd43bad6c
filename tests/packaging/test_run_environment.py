"""`./run` makes the locked environment, keeps it up to date, and runs what it is asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.packaging.project import UV, WHOLE_PYTHON, Project, finished


@pytest.fixture
def project(project: Project) -> Project:
    project.put("uv", UV)
    project.put_python()
    return project


def until(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a file is there."""
    deadline = time.monotonic() + 30
    while not path.exists():
        assert process.poll() is None, finished(process).stderr
        assert time.monotonic() < deadline, f"{path} did not appear"


def test_paths_are_seen_from_where_the_person_stands(project: Project, tmp_path: Path) -> None:
    outcome = project.run("replay", "a folder/feed.xml", cwd=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.splitlines() == ["borderwatch replay a folder/feed.xml", f"in {tmp_path}"]


def test_files_where_the_person_stands_are_not_taken_for_the_programs_own(project: Project, tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit('not mine')")
    assert project.run("events", cwd=tmp_path).stdout.startswith("borderwatch events\n")


def test_it_works_through_a_symbolic_link(project: Project, tmp_path: Path) -> None:
    link = tmp_path / "watch"
    link.symlink_to(project.root / "run")
    environment = {"PATH": str(project.machine / "usr" / "bin"), "HOME": str(project.home)}
    outcome = subprocess.run([link, "events"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert outcome.stdout.startswith("borderwatch events\n"), outcome.stderr


def test_bot_starts_the_real_bot(project: Project) -> None:
    assert project.run("bot", "--once").stdout.startswith("borderwatch run --once\n")


def test_without_a_command_it_tells_its_usage_and_sets_nothing_up(project: Project) -> None:
    outcome = project.run()
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("usage: ./run COMMAND")
    assert not (project.root / ".venv").exists()


@pytest.mark.parametrize("word", ["help", "--help", "-h"])
def test_help_is_data_on_stdout(project: Project, word: str) -> None:
    outcome = project.run(word)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith("usage: ./run COMMAND")


def test_a_second_start_installs_nothing_and_says_nothing(project: Project) -> None:
    project.run("demo")
    outcome = project.run("demo")
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert project.installed() == ["uv: first"]


def test_a_second_start_adds_less_than_a_fifth_of_a_second(project: Project) -> None:
    project.run("demo")
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        project.run("demo")
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.2


def test_a_changed_lock_is_installed_at_the_next_start(project: Project) -> None:
    project.run("demo")
    project.lock("second")
    assert project.run("demo").returncode == 0
    assert project.run("demo").stderr == ""
    assert project.installed() == ["uv: first", "uv: second"]


def test_a_lock_that_changes_while_it_is_installed_is_installed_again(project: Project) -> None:
    (project.home / "hold").touch()
    process = project.start("demo")
    until(project.home / "installed", process)
    project.lock("second")
    (project.home / "hold").unlink()
    assert finished(process).returncode == 0
    project.run("demo")
    assert project.installed() == ["uv: first", "uv: second"]


def test_the_tests_lock_holds_what_the_demo_needs(project: Project) -> None:
    project.run("test")
    assert project.run("demo").stderr == ""
    assert project.installed() == ["uv: first with tools"]


def test_the_tests_need_more_than_the_demo_installed(project: Project) -> None:
    project.run("demo")
    project.run("test")
    assert project.installed() == ["uv: first", "uv: first with tools"]


def test_a_failed_installation_shows_the_installers_words_and_spoils_nothing(project: Project) -> None:
    project.put("python3.11", WHOLE_PYTHON)
    project.run("demo")
    project.lock("nowhere")
    outcome = project.run("demo")
    assert outcome.returncode == 1
    assert "uv has no such package" in outcome.stderr
    assert "pip has no such package" in outcome.stderr
    assert "could not be installed" in outcome.stderr
    project.lock("first")
    assert "making .venv" not in project.run("demo").stderr


def test_where_uv_fails_pip_is_tried_for_its_settings_may_reach_an_index(project: Project) -> None:
    project.put("python3.11", WHOLE_PYTHON)
    project.lock("only through pip")
    assert project.run("demo").returncode == 0
    assert project.installed() == ["uv: only through pip", "pip: only through pip"]


def test_an_environment_that_was_killed_half_made_is_made_anew(project: Project) -> None:
    (project.home / "hold").touch()
    process = project.start("demo")
    until(project.home / "installed", process)
    os.killpg(process.pid, signal.SIGKILL)
    finished(process)
    (project.home / "hold").unlink()
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert "making .venv" in outcome.stderr
    assert project.run("demo").stderr == ""


def test_two_at_once_set_up_once(project: Project) -> None:
    (project.home / "hold").touch()
    first = project.start("demo")
    until(project.home / "installed", first)
    second = project.start("events")
    assert second.stderr is not None
    assert second.stderr.readline() == "run: waiting for another ./run that is setting up .venv\n"
    (project.home / "hold").unlink()
    assert finished(first).stdout.startswith("borderwatch demo\n")
    assert finished(second).stdout.startswith("borderwatch events\n")
    assert project.installed() == ["uv: first"]


def test_a_bot_that_set_itself_up_and_runs_keeps_nobody_waiting(project: Project) -> None:
    told = project.home / "told"
    os.mkfifo(told)
    bot = project.start("bot", "--until-told")
    assert bot.stdout is not None
    assert bot.stdout.readline() == "borderwatch run --until-told\n"
    project.lock("second")
    outcome = project.run("events")
    told.write_text("")
    assert outcome.returncode == 0
    assert "waiting" not in outcome.stderr
    assert finished(bot).returncode == 0


def test_a_project_that_moved_gets_a_new_environment(project: Project, tmp_path: Path) -> None:
    project.run("demo")
    moved = Project(project.root.rename(tmp_path / "elsewhere"), project.machine)
    outcome = moved.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert "making .venv" in outcome.stderr
    assert moved.run("demo").stderr == ""


def test_an_environment_whose_python_is_gone_is_made_anew_with_another(project: Project) -> None:
    project.run("demo")
    (project.machine / "usr" / "bin" / "python3").unlink()
    other = project.put_python("usr/local/bin", "python3")
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert f"making .venv with {other}" in outcome.stderr


def test_a_persons_own_environment_is_filled_and_kept(project: Project) -> None:
    venv = project.root / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv / "mine").touch()
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert (venv / "mine").exists()
    assert project.installed() == ["uv: first"]


def test_every_check_runs_though_one_fails_and_the_failed_ones_are_named(project: Project) -> None:
    outcome = project.run("check")
    assert outcome.returncode == 1
    assert "borderwatch rules check" in outcome.stdout
    assert outcome.stderr.endswith("run: check failed: ruff check, ruff format, mypy, import contracts\n")

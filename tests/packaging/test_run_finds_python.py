"""`./run` finds a Python that really executes, on machines of many kinds."""

from __future__ import annotations

import pytest

from tests.packaging.project import DEBIAN_PYTHON, UV, WHOLE_PYTHON, Project

PYENV_SHIM = 'echo "pyenv: $0: command not found" >&2; exit 127'


def test_a_shim_that_prints_an_error_is_passed_over(project: Project) -> None:
    project.put("uv", UV)
    project.put("python3.13", PYENV_SHIM)
    python = project.put_python()
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert f"making .venv with {python}" in outcome.stderr


def test_a_shim_that_hangs_is_passed_over(project: Project) -> None:
    project.put("uv", UV)
    project.put("python3.13", "exec sleep 600")
    python = project.put_python()
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert f"making .venv with {python}" in outcome.stderr


@pytest.mark.parametrize(
    "folder",
    [
        "home/.pyenv/versions/3.12.1/bin",
        "home/.asdf/installs/python/3.12.1/bin",
        "home/.local/share/mise/installs/python/3.12/bin",
        "home/.local/share/uv/python/cpython-3.12-linux/bin",
        "home/miniconda3/bin",
        "opt/homebrew/bin",
        "usr/local/bin",
    ],
)
def test_a_python_that_only_a_version_manager_has_is_found(project: Project, folder: str) -> None:
    project.put("uv", UV)
    project.put("python3", PYENV_SHIM)
    python = project.put_python(folder, "python3.12")
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert f"making .venv with {python}" in outcome.stderr


def test_without_a_python_it_says_what_it_looked_for_and_what_to_install(project: Project) -> None:
    shim = project.put("python3.12", PYENV_SHIM)
    old = project.put("python3", "exit 10")
    outcome = project.run("demo")
    assert outcome.returncode == 1
    assert "found no Python 3.11 or newer" in outcome.stderr
    assert f"{shim}: does not run" in outcome.stderr
    assert f"{old}: not a CPython of 3.11 or newer" in outcome.stderr
    assert "apt-get install python3 python3-venv" in outcome.stderr
    assert not (project.root / ".venv").exists()


def test_a_python_without_ensurepip_gives_way_to_a_whole_one(project: Project) -> None:
    project.put("python3", DEBIAN_PYTHON)
    whole = project.put("python3.12", WHOLE_PYTHON, "home/.pyenv/versions/3.12.1/bin")
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert f"making .venv with {whole}" in outcome.stderr
    assert project.installed() == ["pip: first"]


def test_with_uv_a_python_without_ensurepip_will_do(project: Project) -> None:
    project.put("uv", UV)
    project.put("python3", DEBIAN_PYTHON)
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    assert project.installed() == ["uv: first"]


def test_a_uv_that_does_not_run_is_passed_over(project: Project) -> None:
    project.put("uv", PYENV_SHIM)
    project.put("python3", WHOLE_PYTHON)
    assert project.run("demo").returncode == 0
    assert project.installed() == ["pip: first"]


def test_where_debian_has_no_ensurepip_a_person_is_told_the_one_command(project: Project) -> None:
    project.put("python3", DEBIAN_PYTHON)
    project.put("apt-get", "exit 1")
    project.put("id", "echo 1000")
    outcome = project.run("demo")
    assert outcome.returncode == 1
    assert "lacks ensurepip" in outcome.stderr
    assert "\n  apt-get install python3-venv\n" in outcome.stderr


def test_where_debian_has_no_ensurepip_root_gets_it_installed(project: Project) -> None:
    python = project.put("python3", DEBIAN_PYTHON)
    complete = project.put("complete", WHOLE_PYTHON, "packages")
    project.put("id", "echo 0")
    project.put("apt-get", f'echo "$*" >>"$HOME/apt"; [ "$1" = update ] || cp "{complete}" "{python}"')
    outcome = project.run("demo")
    assert outcome.returncode == 0, outcome.stderr
    update, install = (project.home / "apt").read_text().splitlines()
    assert update.startswith("update")
    assert install.endswith("python3-venv")
    assert project.installed() == ["pip: first"]

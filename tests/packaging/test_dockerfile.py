"""The image: the rules that its Dockerfile keeps."""

from __future__ import annotations

import json
import re

import pytest

from tests.packaging.dockerfile import Stage, read_dockerfile
from tests.packaging.project import CHECKOUT


@pytest.fixture
def stages() -> list[Stage]:
    return read_dockerfile(CHECKOUT / "Dockerfile")


@pytest.fixture
def image(stages: list[Stage]) -> Stage:
    return stages[-1]


def test_every_stage_stands_on_the_same_slim_python_of_a_fixed_minor_version(stages: list[Stage]) -> None:
    assert len(stages) == 2
    assert len({stage.base for stage in stages}) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", stages[0].base)


def test_packages_come_from_hashed_locks_and_none_for_development(stages: list[Stage]) -> None:
    installs = [text for text in stages[0].all("RUN") if "install" in text]
    assert any("--require-hashes -r requirements/runtime.txt" in text for text in installs)
    for text in installs:
        assert "--require-hashes" in text or "--no-index --no-deps" in text
        assert "dev.txt" not in text


def test_the_image_runs_as_a_numbered_user_that_is_not_root(image: Stage) -> None:
    (user,) = image.all("USER")
    uid, gid = user.split(":")
    assert int(uid) >= 10000
    assert int(gid) >= 10000
    assert image.instructions[-1].word == "CMD"
    assert image.all("RUN")[0].startswith(f"groupadd --gid {gid} ")


def test_the_database_lives_in_a_volume_that_the_user_owns(image: Stage) -> None:
    assert image.all("VOLUME") == ['["/data"]']
    assert "BORDERWATCH_DATA_DIR=/data" in " ".join(image.all("ENV"))
    assert re.search(r"install --directory --owner=10001 --group=10001 --mode=0750 /data$", image.all("RUN")[0])


def test_it_starts_the_bot_without_a_shell_between_it_and_its_signals(image: Stage) -> None:
    assert [json.loads(text) for text in image.all("ENTRYPOINT")] == [["borderwatch"]]
    assert [json.loads(text) for text in image.all("CMD")] == [["run"]]
    assert image.all("STOPSIGNAL") == ["SIGTERM"]


def test_the_program_itself_tells_whether_it_is_healthy(image: Stage) -> None:
    (health,) = image.all("HEALTHCHECK")
    assert json.loads(health.partition("CMD ")[2]) == ["borderwatch", "health"]


def test_it_holds_no_habit_that_a_linter_of_dockerfiles_would_object_to(stages: list[Stage]) -> None:
    words = {instruction.word for stage in stages for instruction in stage.instructions}
    commands = " ".join(text for stage in stages for text in stage.all("RUN"))
    assert not words & {"ADD", "MAINTAINER", "ONBUILD", "SHELL"}
    assert not re.search(r"\b(sudo|apt|apt-get|curl|wget|cd|chmod 777)\b", commands)
    assert all(text.startswith("/") for stage in stages for text in stage.all("WORKDIR"))
    assert "PIP_NO_CACHE_DIR=1" in " ".join(stages[0].all("ENV"))
    assert not re.search(r"TOKEN|SECRET|PASSWORD", " ".join(text for stage in stages for text in stage.all("ENV")))


def test_all_that_is_copied_passes_the_ignore_file(stages: list[Stage]) -> None:
    ignored, *allowed = (
        line for line in (CHECKOUT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    )
    assert ignored == "*"
    for text in stages[0].all("COPY"):
        for source in text.split()[:-1]:
            assert f"!{source.split('/')[0]}" in allowed
            assert (CHECKOUT / source).exists()

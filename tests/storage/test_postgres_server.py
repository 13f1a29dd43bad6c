"""The PostgreSQL that the tests bring along: it starts as whoever may start one, and never outlives them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.postgres import ADVICE, NoPostgresError, Server, installations, packaged, postgres, unprivileged

REPOSITORY = Path(__file__).parents[2]


def answers(address: str) -> bool:
    try:
        with psycopg.connect(address):
            return True
    except psycopg.OperationalError:
        return False


@pytest.fixture
def programs() -> Path:
    found = next(installations(), None)
    assert found, ADVICE
    return found


def test_the_server_ends_with_its_context_and_leaves_no_folder(programs: Path) -> None:
    with Server(programs, unprivileged()) as server:
        assert answers(server.address)
    assert not answers(server.address)
    assert not server.home.exists()


def test_the_packaged_servers_start_from_behind_a_closed_door(tmp_path: Path) -> None:
    for number, programs in enumerate(packaged()):
        closed, package = tmp_path / str(number), programs.parent.parent
        closed.mkdir(mode=0o700)
        for part in (package, package.with_name(f"{package.name}.libs")):
            (closed / part.name).symlink_to(part)
        with Server(closed / programs.relative_to(package.parent), unprivileged()) as server:
            assert answers(server.address)


def test_the_server_ends_when_the_tests_are_killed(programs: Path) -> None:
    program = (
        "import pathlib, signal, sys\n"
        "from tests.postgres import Server, unprivileged\n"
        "server = Server(pathlib.Path(sys.argv[1]), unprivileged())\n"
        "print(server.address, flush=True)\n"
        "signal.pause()"
    )
    command = [sys.executable, "-c", program, str(programs)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as tests:
        assert tests.stdout is not None
        with psycopg.connect(tests.stdout.readline().strip()) as connection:
            tests.kill()
            # The query breaks off when the server ends.
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT pg_sleep(60)")


def test_a_given_server_goes_first() -> None:
    with postgres("postgresql://given.example/postgres", installations()) as address:
        assert address == "postgresql://given.example/postgres"


def test_a_server_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    with postgres(None, [tmp_path, *installations()]) as address:
        assert answers(address)


def test_without_a_server_the_tests_say_what_to_install_and_what_was_tried(tmp_path: Path) -> None:
    with pytest.raises(NoPostgresError) as caught, postgres(None, [tmp_path]):
        pass
    assert str(caught.value) == f"{ADVICE}\n{tmp_path}: initdb, postgres, pg_ctl is missing"

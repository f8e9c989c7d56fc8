"""A PostgreSQL server for tests, and which tests run on which database.

Tests that ask for the fixture ``database_kind``, mostly by way of another, run on SQLite. Those
that are marked ``databases`` run on PostgreSQL as well, where a server can be had; where none can,
they are skipped. ``--database postgresql`` runs all of them on PostgreSQL alone, ``--database
sqlite`` on SQLite alone.

The server is that of ``KYROS_TEST_POSTGRES`` (the URL of somebody who may make databases), or else
one in a container, or else one of programs that are installed here.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "postgres:17"
_PATIENCE = 90.0  # seconds for a server to start
# Nothing of a test has to outlive the machine.
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
_SETTINGS = [word for setting in _QUICK for word in ("-c", setting)]


class NoServerError(Exception):
    """No PostgreSQL server can be had; why, in a sentence."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of a database."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        help="Run what uses a database on this one alone.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked on both databases."""
    if "database_kind" not in metafunc.fixturenames or metafunc.config.getoption("database"):
        return
    marked = metafunc.definition.get_closest_marker
    if marked("databases") and not marked("sqlite"):
        metafunc.parametrize(
            "database_kind", ["sqlite", "postgresql"], indirect=True, scope="session"
        )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite's own ways when another database is asked for."""
    if config.getoption("database") == "postgresql":
        about = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=about)
        items[:] = [item for item in items if item not in about]


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """Return which database the test runs on."""
    asked = request.config.getoption("database") or "sqlite"
    return str(getattr(request, "param", asked))


@pytest.fixture(scope="session")
def postgres_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Return the URL of a server on which databases can be made, without a database's name."""
    with ExitStack() as stack:
        try:
            url = stack.enter_context(_server(tmp_path_factory.mktemp("postgres")))
        except NoServerError as error:
            if request.config.getoption("database"):
                pytest.exit(f"There is no PostgreSQL server: {error}", returncode=2)
            pytest.skip(f"no PostgreSQL server: {error}")
        yield url


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    given = os.environ.get("KYROS_TEST_POSTGRES")
    if given:
        yield given.rstrip("/")
        return
    reasons = []
    for start in (_in_container, _installed):
        with ExitStack() as stack:
            try:
                url = stack.enter_context(start(folder))
            except NoServerError as error:
                reasons.append(str(error))
                continue
            yield url
            return
    raise NoServerError("; ".join(reasons))


@contextmanager
def _in_container(_folder: Path) -> Iterator[str]:
    if shutil.which("docker") is None:
        raise NoServerError("there is no docker")
    password = secrets.token_hex(16)
    # It ends by itself after two hours, should nobody be left to end it.
    command = [
        *("docker", "run", "--detach", "--rm", "--publish", "127.0.0.1::5432"),
        *("--tmpfs", "/var/lib/postgresql/data", "--env", f"POSTGRES_PASSWORD={password}"),
        *(IMAGE, "timeout", "7200", "docker-entrypoint.sh", "postgres", *_SETTINGS),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise NoServerError(f"docker run {IMAGE}: {made.stderr.strip().splitlines()[-1:]}")
    container = made.stdout.strip()
    try:
        port = subprocess.run(
            ["docker", "port", container, "5432/tcp"], capture_output=True, text=True, check=True
        ).stdout.strip()
        url = f"postgresql://postgres:{password}@{port}"
        _wait(url)
        yield url
    finally:
        subprocess.run(
            ["docker", "rm", "--force", "--volumes", container], capture_output=True, check=False
        )


@contextmanager
def _installed(folder: Path) -> Iterator[str]:
    found = [*Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), shutil.which("pg_ctl")]
    programs = [Path(path).resolve().parent for path in found if path]
    if not programs:
        raise NoServerError("no pg_ctl is installed")
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    sockets = Path("/tmp") / f"kyros-{secrets.token_hex(4)}"  # noqa: S108 - a socket's path is short
    sockets.mkdir()
    if user:
        shutil.chown(sockets, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs[-1] / program), "-D", str(sockets / "data"), *arguments]
        done = subprocess.run(command, user=user, cwd="/", capture_output=True, check=False)
        if done.returncode:
            raise NoServerError(f"{program} failed: {done.stderr.decode()[-200:]}")

    try:
        run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8")
        options = " ".join([*_SETTINGS, f"-k {sockets}", "-c listen_addresses="])
        run("pg_ctl", "-w", "-l", str(sockets / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@{str(sockets).replace('/', '%2F')}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(sockets, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(url: str) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(f"{url}/postgres", connect_timeout=3).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > end:
                raise NoServerError(f"the container does not answer: {error}") from error
            time.sleep(0.2)
        else:
            return

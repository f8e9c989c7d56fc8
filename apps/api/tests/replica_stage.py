"""Replicas of the API: processes of their own on one database and one data folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple

import httpx2
from api_stage import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from operator_stage import Operator

_PATIENCE = 60.0  # seconds for a process to start or stop


@contextmanager
def replicas(operator: Operator, number: int, **settings: str) -> Iterator[list[httpx2.Client]]:
    """Run so many, as their image runs them, and yield a client of each.

    Args:
        operator: of the database and the data.
        number: of processes.
        settings: as environment variables, besides.
    """
    with ExitStack() as stack:
        running = [stack.enter_context(replica(operator, **settings)) for _ in range(number)]
        for each in running:
            wait(each.address)
        yield [
            stack.enter_context(httpx2.Client(base_url=each.address, timeout=_PATIENCE))
            for each in running
        ]


class Replica(NamedTuple):
    """A process, which may be starting, and where it answers then."""

    process: subprocess.Popen[bytes]
    address: str


@contextmanager
def replica(operator: Operator, **settings: str) -> Iterator[Replica]:
    """Run one."""
    variables = {
        **{name: value for name, value in os.environ.items() if "COVERAGE" not in name},
        "KYROS_ENV": "development",
        "AUTH_MODE": "password",
        "JWT_SECRET_KEY": SECRET,
        "DATA_DIR": str(operator.data_dir),
        **operator.database.variables,
        **settings,
    }
    with socket.create_server(("127.0.0.1", 0)) as listening:
        command = [
            *(sys.executable, "-m", "uvicorn", "kyros_api.main:app"),
            *("--fd", str(listening.fileno()), "--no-access-log"),
            *("--timeout-graceful-shutdown", "4"),
        ]
        process = subprocess.Popen(  # noqa: S603 - ours
            command, env=variables, pass_fds=[listening.fileno()], stdout=subprocess.DEVNULL
        )
        try:
            yield Replica(process, "http://{}:{}".format(*listening.getsockname()))
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def wait(address: str) -> None:
    """Wait until it answers; the listening socket lets questions wait until then."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            httpx2.get(f"{address}/health/db", timeout=_PATIENCE).raise_for_status()
        except httpx2.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return

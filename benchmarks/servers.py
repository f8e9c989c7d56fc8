"""Servers to be measured: each a process of its own, all with the same settings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import requests

from kyros_shared_config import TenantClaims, TokenAuthority, UserClaims
from scripts.support.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECRET = "7c1d9e40b52f8a63d04e91b7f6a8c250"  # noqa: S105 - of servers that live for a minute
ACME = "8e1b3d5b-7c9a-4e2f-b1d3-a5c7e9f12345"
_ADMIN = "d2b6c8e3-4f5a-4b7c-9d0e-1f2a3b4c5d6e"
_EMAIL = "admin@acme.com"
_PATIENCE = 30.0  # seconds for a server to answer


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: psutil.Process

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def peak_memory(self) -> float:
        """Return the most memory that the process has had, in MB."""
        status = f"/proc/{self.process.pid}/status"
        with open(status, encoding="ascii") as lines:  # noqa: PTH123 - not a file
            return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def environment(data: Path) -> dict[str, str]:
    """Return what the API reads, for data of the benchmark's own."""
    return {
        **os.environ,
        "KYROS_ENV": "production",
        "JWT_SECRET_KEY": SECRET,
        "DATABASE_PATH": str(data / "tenant_metadata.db"),
        "DATA_DIR": str(data),
    }


def user_header() -> dict[str, str]:
    """Return the header of somebody who is signed in."""
    claims = UserClaims(sub=_ADMIN, email=_EMAIL, tenant_ids=[ACME])
    return {"Authorization": f"Bearer {TokenAuthority(SECRET).mint_user_token(claims)}"}


def tenant_header() -> dict[str, str]:
    """Return the header of somebody who has entered Acme."""
    claims = TenantClaims(sub=_ADMIN, email=_EMAIL, tenant_id=ACME, role="admin")
    return {"Authorization": f"Bearer {TokenAuthority(SECRET).mint_tenant_token(claims)}"}


def uvicorn(application: str, port: int) -> list[str]:
    """Return the command that runs an application as its image does."""
    command = [sys.executable, "-m", "uvicorn", application, "--host=127.0.0.1", f"--port={port}"]
    return [*command, "--no-server-header", "--no-access-log"]


@contextmanager
def serve(application: str, env: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Run an application under uvicorn, as its image does, until the block ends."""
    (port,) = free_ports(1)
    command = [*uvicorn(application, port), "--log-level=warning"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)  # noqa: S603
        try:
            server = Server(port, psutil.Process(process.pid))
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            requests.get(server.url("/health"), timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"A server did not start: see {process.args!r}")


def keep_apart(*servers: Server) -> None:
    """Give the servers a processor of their own, and the load another, where there are two."""
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) > 1:
        for server in servers:
            server.process.cpu_affinity(processors[:1])
        os.sched_setaffinity(0, processors[1:])

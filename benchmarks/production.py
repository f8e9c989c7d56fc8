"""The four services as their images run them: processes of this machine, on free ports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from benchmarks.servers import SECRET, uvicorn
from scripts.support import node
from scripts.support.ports import free_ports
from scripts.support.project import API, DATA, SERVICES, SHELL, addresses
from scripts.support.waiting import wait_until_healthy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scripts.support.project import Service

_SESSION_SECRET = "b0f4a6d2c81e4c7795d3e02b6f9a1847"  # noqa: S105 - of services that live for minutes
_PATIENCE = 180.0  # seconds for the services to become healthy: a busy machine is slow
_GRACE = 5.0  # seconds for one to end
KYROS_API = str(Path(sys.executable).with_name("kyros-api"))


class Platform:
    """The services, with data and secrets of their own.

    Demo users sign in by a click, unless ``AUTH_MODE=password`` is among the variables.

    Attributes:
        data: the folder of the API's data; nobody else uses it.
        shell: the folder of the shell's build.
        variables: set over those that the services are given otherwise.
        ports: the variables that name the services' ports.
    """

    def __init__(self, data: Path, shell: Path, variables: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.shell = shell
        self.variables = dict(variables or {})
        names = [service.port_variable for service in SERVICES]
        free = free_ports(2 * len(names))
        self.ports = dict(zip(names, map(str, free[: len(names)]), strict=True))
        self._metrics_ports = dict(zip(SERVICES, free[len(names) :], strict=True))
        self._processes: dict[Service, subprocess.Popen[bytes]] = {}

    def url(self, service: Service = SHELL) -> str:
        """Return a service's address."""
        return service.url(self.ports)

    def metrics(self, service: Service) -> str:
        """Return what a service has counted, as Prometheus reads it."""
        port = self._metrics_ports[service]
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
        answer.raise_for_status()
        return answer.text

    def process(self, service: Service) -> subprocess.Popen[bytes]:
        """Return the process of a service that runs."""
        return self._processes[service]

    def start(self, *services: Service) -> None:
        """Start these services, or all of them, and wait until they are healthy."""
        starting = services or SERVICES
        for service in starting:
            self._processes[service] = self._run(service)
        end = time.monotonic() + _PATIENCE

        def give_up() -> bool:
            ended = any(self._processes[service].poll() is not None for service in starting)
            return ended or time.monotonic() > end

        if not wait_until_healthy(self.ports, give_up, starting):
            said = "\n".join(self.log(service) for service in starting)
            raise RuntimeError(f"A service did not start:\n{said}")

    def stop(self, *services: Service) -> None:
        """Stop these services, or all that run; no answer comes from them any more."""
        ending = [self._processes.pop(service) for service in services or [*self._processes]]
        for process in ending:
            process.terminate()
        for process in ending:
            try:
                process.wait(_GRACE)
            except subprocess.TimeoutExpired:  # it is in the middle of an answer
                process.kill()
                process.wait()

    def log(self, service: Service) -> str:
        """Return what a service has printed."""
        return self._log(service).read_text(encoding="utf-8", errors="replace")

    def admin(self, *arguments: str, text: str | None = None) -> str:
        """Run a command of administration on the data; returns what it printed.

        Args:
            arguments: after ``kyros-api admin``.
            text: for its standard input.
        """
        done = subprocess.run(  # noqa: S603 - our own command
            [KYROS_API, "admin", *arguments],
            check=False,
            capture_output=True,
            text=True,
            input=text,
            env=self.env(API),
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def env(self, service: Service) -> dict[str, str]:
        """Return the environment of a service: the same variables as in Docker."""
        base = node.environment() if service is SHELL else os.environ
        env = {name: value for name, value in base.items() if name not in self.ports}
        env |= {"KYROS_ENV": "production", "LOG_LEVEL": "INFO"} | addresses(self.ports)
        env["METRICS_PORT"] = str(self._metrics_ports[service])
        if service is SHELL:
            port = str(SHELL.port(self.ports))
            env |= {"NODE_ENV": "production", "HOSTNAME": "127.0.0.1", "PORT": port}
            return env | {"SESSION_SECRET_KEY": _SESSION_SECRET} | self.variables
        env |= {"JWT_SECRET_KEY": SECRET} | self.variables
        if service is API:
            env["DATA_DIR"] = str(self.data)
            env["DATABASE_PATH"] = str(self.data / "tenant_metadata.db")
            env["AUTH_MODE"] = self.variables.get("AUTH_MODE", "demo")
            if env["AUTH_MODE"] == "demo":
                env["KYROS_ENV"] = "development"  # production refuses demo users
        return env

    def _run(self, service: Service) -> subprocess.Popen[bytes]:
        command, env = self._command(service), self.env(service)
        folder = self.shell if service is SHELL else None
        with self._log(service).open("ab") as log:
            return subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)  # noqa: S603

    def _command(self, service: Service) -> list[str]:
        if service is SHELL:
            return ["node", "--max-semi-space-size=4", "server.js"]
        return uvicorn(f"{service.package}.main:app", service.port(self.ports))

    def _log(self, service: Service) -> Path:
        return self.data / f"{service.name}.log"


@contextmanager
def running(
    seeded: Path, shell: Path, variables: Mapping[str, str] | None = None
) -> Iterator[Platform]:
    """Run the services on a copy of a seeded folder, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="kyros-platform-"))
    data = shutil.copytree(seeded, folder / "data")
    platform = Platform(data, shell, variables)
    try:
        platform.start()
        yield platform
    finally:
        platform.stop()
        shutil.rmtree(folder)


def seed(data: Path) -> Path:
    """Load the demo into a folder that is not there yet; its users have no passwords."""
    shutil.copytree(DATA / "source", data / "source")
    env = os.environ | {"DATA_DIR": str(data), "DATABASE_PATH": str(data / "tenant_metadata.db")}
    command = [KYROS_API, "seed", "--no-passwords"]
    subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    return data

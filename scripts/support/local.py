"""The local engine: the four services as processes of this machine, without Docker."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from scripts.support import node, uv
from scripts.support.project import (
    API,
    DASHBOARDS,
    DATA,
    DATABASE,
    ROOT,
    SHELL,
    SHELL_UI,
    STATE,
    addresses,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scripts.support.project import Service

ENVIRONMENT = STATE / "venv"
LOG = STATE / "local.log"
_PID = STATE / "local.pid"
_MARK = "KYROS_LOCAL_STACK"  # in the environment of each process, so that none is ever lost
_GRACE = 8.0  # seconds, above what honcho gives its processes


@dataclass(frozen=True)
class Process:
    """One service as the supervisor starts it."""

    name: str
    command: str
    folder: Path
    env: dict[str, str]


def prepare() -> dict[str, str]:
    """Install what the services need; returns the environment that has Node on its PATH.

    Raises:
        Problem: an installation failed.
    """
    STATE.mkdir(exist_ok=True)
    uv.sync(ENVIRONMENT, "--no-dev", "--all-packages", "--group=ops")
    env = node.environment()
    node.install_packages(env)
    return env


def processes(settings: Mapping[str, str], base: Mapping[str, str]) -> list[Process]:
    """Describe the four services: the same variables and ports as in Docker."""
    common = dict(base) | dict(settings) | addresses(settings) | _places(settings)
    common["PATH"] = f"{ENVIRONMENT / 'bin'}{os.pathsep}{base['PATH']}"
    python = {name: value for name, value in common.items() if not name.startswith("SESSION_")}
    shell = {name: value for name, value in common.items() if not name.startswith("JWT_")}
    prepare_first = "python -m kyros_api.prepare && exec "
    return [
        _kept(API, f"sh -c {shlex.quote(prepare_first + _server(API, settings))}", ROOT, python),
        *(
            _kept(dashboard, _server(dashboard, settings), ROOT, python, after=API.url(settings))
            for dashboard in DASHBOARDS.values()
        ),
        _kept(
            SHELL,
            f"node node_modules/next/dist/bin/next dev -H 127.0.0.1 -p {SHELL.port(settings)}",
            SHELL_UI,
            shell,
            after=API.url(settings),
        ),
    ]


def _places(settings: Mapping[str, str]) -> dict[str, str]:
    return {
        "KYROS_ENV": settings.get("KYROS_ENV", "development"),
        "AUTH_MODE": settings.get("AUTH_MODE", "demo"),
        "DATABASE_PATH": str(DATABASE),
        "DATA_DIR": str(DATA),
        "PYTHONUNBUFFERED": "1",
        # Bytecode makes starts and reloads quick; kept apart, it litters no source folder.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(STATE / "pycache"),
        _MARK: str(ROOT),
    }


def _server(service: Service, settings: Mapping[str, str]) -> str:
    folders = [ROOT / "apps" / service.name / "src", *sorted(ROOT.glob("packages/*/src"))]
    reload = " ".join(f"--reload-dir {shlex.quote(str(folder))}" for folder in folders)
    return (
        f"python -m kyros_dev_server {service.package}.main:app --host 127.0.0.1 "
        f"--port {service.port(settings)} --no-server-header --no-access-log --reload {reload}"
    )


def _kept(
    service: Service, command: str, folder: Path, env: dict[str, str], after: str = ""
) -> Process:
    wait = f"--after {after} " if after else ""
    # exec: no shell stays between honcho and the wrapper.
    wrapped = (
        f"exec {shlex.quote(str(ENVIRONMENT / 'bin' / 'python'))} -m scripts.support.keep_alive "
        f"{wait}-- {command}"
    )
    return Process(service.name, wrapped, folder, env | {"PYTHONPATH": str(ROOT)})


def start(env: Mapping[str, str], *, detach: bool) -> subprocess.Popen[bytes]:
    """Start the supervisor, in the background writing to a log when `detach` is set."""
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "scripts.support.supervisor"]
    marked = dict(env) | {_MARK: str(ROOT)}
    if not detach:
        supervisor = subprocess.Popen(command, cwd=ROOT, env=marked, start_new_session=True)
    else:
        with LOG.open("wb") as log:
            supervisor = subprocess.Popen(
                command,
                cwd=ROOT,
                env=marked,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    _PID.write_text(f"{supervisor.pid}\n", encoding="utf-8")
    return supervisor


def supervisor_process() -> psutil.Process | None:
    """Return the supervisor that runs for this checkout, if one does."""
    try:
        process = psutil.Process(int(_PID.read_text(encoding="utf-8")))
        return process if _is_ours(process) else None
    except (OSError, ValueError, psutil.Error):
        return None


def is_running() -> bool:
    """Whether the local engine runs for this checkout."""
    return supervisor_process() is not None


def is_detached() -> bool:
    """Whether it runs in the background, writing to the log."""
    supervisor = supervisor_process()
    return supervisor is not None and supervisor.ppid() == 1


def _is_ours(process: psutil.Process) -> bool:
    """Whether a process was started for this checkout; its number alone may have been reused."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get(_MARK) == str(
            ROOT
        )
    except (psutil.Error, OSError):
        return False


def stop() -> bool:
    """Stop the services; returns whether any ran. What outlived its supervisor is ended too."""
    supervisor = supervisor_process()
    if supervisor:
        supervisor.send_signal(signal.SIGTERM)
        with contextlib.suppress(psutil.TimeoutExpired):
            supervisor.wait(_GRACE)
    left = [
        process
        for process in psutil.process_iter()
        if _is_ours(process) and process.pid != os.getpid()
    ]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=_GRACE)
    _PID.unlink(missing_ok=True)
    return bool(supervisor or left)


def follow_log(service: str | None) -> None:
    """Print the log of the background supervisor as it grows, until Ctrl-C or its end."""
    with LOG.open(encoding="utf-8", errors="replace") as log:
        while True:
            line = log.readline()
            if line:
                if service is None or f" {service} " in line.partition("|")[0]:
                    sys.stdout.write(line)
                    sys.stdout.flush()
            elif is_running():
                time.sleep(0.2)
            else:
                return

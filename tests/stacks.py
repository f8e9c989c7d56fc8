"""A platform for tests: a copy of the repository with its own ports, project, data and secrets."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.support import node, settings
from scripts.support.ports import free_ports
from scripts.support.project import ROOT, SERVICES, Engine
from scripts.support.sources import source_files
from scripts.support.waiting import wait_until_healthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.support.project import Service

# For a test that makes sense in Docker only, or needs no second engine.
in_docker = pytest.mark.parametrize("stack", [Engine.DOCKER], indirect=True)

_OURS = ("KYROS_", "AUTH_MODE", "JWT_", "SESSION_SECRET", "COMPOSE_", "DATABASE_", "DATA_DIR")
NODE_MODULES = Path("apps/shell-ui/node_modules")


def make_copy(target: Path) -> Path:
    """Copy what git knows or would add, so that no test touches the developer's files."""
    for name in source_files(ROOT):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target / name)
    return target


def clean_environment() -> dict[str, str]:
    """Return the environment without what would point a command at another stack."""
    ports = tuple(service.port_variable for service in SERVICES)
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*_OURS, *ports, "FORCE_COLOR"))
    } | {"PYTHONPATH": "", "COLUMNS": "160", "PYTHONWARNINGS": "default"}


def wait_for(condition: Callable[[], bool], seconds: float) -> float:
    """Wait until a condition holds; returns how long that took.

    Raises:
        AssertionError: it did not hold in time.
    """
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"still not so after {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - began


class Stack:
    """A platform in a folder of its own, driven by the commands that people use."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self.engine = engine
        self.project = f"kyros-test-{uuid.uuid4().hex[:8]}"
        settings.generate(folder / ".env", folder / ".env.example")
        ports = free_ports(len(SERVICES))
        own = {s.port_variable: str(port) for s, port in zip(SERVICES, ports, strict=True)}
        own["COMPOSE_PROJECT_NAME"] = self.project
        self.set_variables(own)
        self.values = own

    def set_variables(self, own: dict[str, str]) -> None:
        """Set variables in .env, in place of those that are there."""
        file = self.folder / ".env"
        lines = file.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.partition("=")[0] not in own]
        made = [f"{name}={value}" for name, value in own.items()]
        file.write_text("\n".join([*kept, *made]) + "\n", encoding="utf-8")

    def run(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of scripts/ in the copy."""
        return subprocess.run(
            [sys.executable, "-m", f"scripts.{module}", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=clean_environment(),
        )

    def up(self) -> None:
        """Start it and wait until it is healthy."""
        own = self.folder / NODE_MODULES
        if self.engine is Engine.LOCAL and not own.exists() and (ROOT / NODE_MODULES).exists():
            node.link_packages(own.parent)
        done = self.run("up", "--detach", "--engine", self.engine)
        assert done.returncode == 0, done.stdout + done.stderr

    def url(self, service: Service) -> str:
        """Return a service's address."""
        return service.url(self.values)

    def heals(self, *services: Service, seconds: float = 60) -> bool:
        """Wait until services are healthy; False when they are not in time."""
        deadline = time.monotonic() + seconds
        return wait_until_healthy(
            self.values, lambda: time.monotonic() > deadline, services or SERVICES
        )

    def compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Compose on this project."""
        return subprocess.run(
            ["docker", "compose", *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=clean_environment(),
        )

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a source file, as an editor does."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def remove(self) -> None:
        """Stop it and delete everything that it made."""
        self.run("down", "--volumes", "--yes")
        if self.engine is Engine.DOCKER:
            self.compose("down", "--volumes", "--remove-orphans", "--rmi", "local")

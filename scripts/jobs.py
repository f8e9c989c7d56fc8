"""Run a command of kyros-api in production: administration, and tenants' own data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.support import docker, production, settings
from scripts.support.project import JOBS, ROOT
from scripts.support.terminal import Arguments, run

_INSIDE = "/in"  # where the files that are named appear in the container


def main() -> int:
    """Run it in a container of its own, which ends with it; returns the command's exit code."""
    parser = Arguments("jobs", "Run kyros-api in production, such as: admin user list.")
    parser.add_argument(
        "command", choices=["admin", "backup", "ingest", "migrate", "restore", "status"]
    )
    command, arguments = parser.parse_known_args(sys.argv[1:2])[0].command, sys.argv[2:]
    production.require_docker()
    settings.read()
    mounts, arguments = mount_files(arguments)
    terminal = [] if sys.stdin.isatty() else ["-T"]
    line = docker.compose_command(
        *("--progress", "quiet", "run", "--rm", "--quiet-pull", *terminal, *mounts),
        *(JOBS, "kyros-api", command, *arguments),
        production=True,
    )
    env = docker.compose_environment(production=True)
    return subprocess.run(line, check=False, cwd=ROOT, env=env).returncode


def mount_files(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Let the container read each file of this machine that is named, and name it as it is there.

    Returns:
        options for Compose, and the arguments.
    """
    mounts, told = [], []
    for argument in arguments:
        file = Path(argument)
        if argument.startswith("-") or not file.is_file():
            told.append(argument)
            continue
        inside = f"{_INSIDE}/{file.name}"
        mounts += ["--volume", f"{file.resolve()}:{inside}:ro"]
        told.append(inside)
    return mounts, told


if __name__ == "__main__":
    run(main)

"""uv, wherever it is: beside Nox on a fresh machine, else on PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from scripts.support.project import ROOT
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def sync(environment: Path, *selection: str) -> None:
    """Make an environment hold a selection of uv.lock.

    Raises:
        Problem: uv is not to be found, or failed; what it wrote is on the terminal.
    """
    # An environment that is there keeps its Python; a new one gets the one that runs this.
    python = environment if (environment / "pyvenv.cfg").exists() else sys.executable
    env = os.environ | {"UV_PROJECT_ENVIRONMENT": str(environment)}
    _run("sync", f"--python={python}", *selection, env=env)


def export(file: Path, *selection: str) -> None:
    """Write a selection of uv.lock as a requirements file.

    Raises:
        Problem: uv is not to be found, or failed; what it wrote is on the terminal.
    """
    _run("export", "--format=requirements.txt", f"--output-file={file}", *selection)


def _run(command: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
    program = shutil.which(os.environ.get("UV", "uv"))
    if program is None:
        raise Problem('uv is not to be found; install it beside Nox: pip install "nox[uv]".')
    line = [program, command, "--quiet", "--frozen", *arguments]
    if subprocess.run(line, check=False, cwd=ROOT, env=env, stdout=subprocess.DEVNULL).returncode:
        raise Problem("uv could not do what uv.lock names, see above; mend that and repeat.")

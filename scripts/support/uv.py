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
    from pathlib import Path


def sync(environment: Path, *selection: str) -> None:
    """Make an environment hold a selection of uv.lock.

    Raises:
        Problem: uv is not to be found, or failed; what it wrote is on the terminal.
    """
    program = shutil.which(os.environ.get("UV", "uv"))
    if program is None:
        raise Problem('uv is not to be found; install it beside Nox: pip install "nox[uv]".')
    # An environment that is there keeps its Python; a new one gets the one that runs this.
    python = environment if (environment / "pyvenv.cfg").exists() else sys.executable
    command = [program, "sync", "--quiet", "--frozen", f"--python={python}", *selection]
    env = os.environ | {"UV_PROJECT_ENVIRONMENT": str(environment)}
    if subprocess.run(command, check=False, cwd=ROOT, env=env).returncode:
        raise Problem("uv could not install what uv.lock names, see above; mend that and repeat.")

"""The shell's production build, made from a copy of its sources and kept until they change.

What is kept lies in a folder that is named by a digest of everything that goes into it, so that it
is never one of other sources. The developer's own ``.next`` is left alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

from scripts.support import node
from scripts.support.project import SHELL_UI, STATE
from scripts.support.sources import source_files
from scripts.support.terminal import Problem, console

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PLACE = STATE / "shell"
_DONE = "done"  # beside a build that is whole
_KEPT = 24 * 3600.0  # seconds since a build was last used
_TAIL = 40  # lines of a failed build's output


def build() -> Path:
    """Return the folder of the standalone server, which ``node server.js`` runs.

    Raises:
        Problem: Node or the shell's packages cannot be had, or it does not build.
    """
    env = node.environment()
    node.install_packages(env)
    _PLACE.mkdir(parents=True, exist_ok=True)
    with (_PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another session may be building the same
        return _build(env)


def _build(env: Mapping[str, str]) -> Path:
    sources = _read_sources()
    folder = _PLACE / _digest(sources, env)
    done = folder / _DONE
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _make(folder, sources, env)
    done.touch()
    _remove_old()
    return folder / ".next" / "standalone"


def _read_sources() -> dict[str, bytes]:
    """Return all of the shell's files but its own tests: no build reads those."""
    names = [name for name in source_files(SHELL_UI) if not name.startswith("tests/")]
    return {name: (SHELL_UI / name).read_bytes() for name in sorted(names)}


def _digest(sources: Mapping[str, bytes], env: Mapping[str, str]) -> str:
    version = subprocess.run(["node", "--version"], check=True, capture_output=True, env=env).stdout
    digest = hashlib.sha256(version)
    for name, content in sources.items():
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _make(folder: Path, sources: Mapping[str, bytes], env: Mapping[str, str]) -> None:
    for name, content in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    node.link_packages(folder)
    console.print("Building the shell (npm run build)")
    made = subprocess.run(
        ["npm", "run", "--silent", "build"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**env, "NODE_ENV": "production"},
    )
    if made.returncode:
        lines = (made.stdout + made.stderr).splitlines()
        console.print("\n".join(lines[-_TAIL:]), markup=False)
        raise Problem("The shell does not build, see above; mend that and repeat.")
    # The standalone server has its own copy of the few packages that it needs.
    shutil.rmtree(folder / "node_modules")


def _remove_old() -> None:
    for done in _PLACE.glob(f"*/{_DONE}"):
        if time.time() - done.stat().st_mtime > _KEPT:
            shutil.rmtree(done.parent, ignore_errors=True)

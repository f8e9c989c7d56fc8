"""Run one of the shell's npm scripts, with Node from PATH or else from the locked wheel."""

from __future__ import annotations

import subprocess

from scripts.support import node
from scripts.support.project import SHELL_UI
from scripts.support.terminal import Arguments, run


def main() -> int:
    """Install the shell's packages when its lock changed, then run the script."""
    parser = Arguments("lint", "Run one of the shell's npm scripts.")
    parser.add_argument("script", choices=["api-types", "lint", "types", "test"])
    return run_script(parser.parse_args().script)


def run_script(script: str) -> int:
    """Run an npm script of the shell; returns its exit code."""
    env = node.environment()
    node.install_packages(env)
    command = ["npm", "run", "--silent", script]
    return subprocess.run(command, check=False, cwd=SHELL_UI, env=env).returncode


if __name__ == "__main__":
    run(main)

"""Check every Dockerfile (hadolint) and every combination of the compose files (Compose)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from scripts.support import docker
from scripts.support.project import ROOT
from scripts.support.terminal import Arguments, console, run

_SKIPPED_FOLDERS = {".git", ".venv", ".nox", ".kyros", "node_modules", ".next"}
_BASE = "docker-compose.yml"
_COMBINATIONS = (
    (_BASE,),
    (_BASE, "docker-compose.override.yml"),
    (_BASE, "docker-compose.prod.yml"),
)
# As on a fresh clone, and with every documented variable set.
_ENV_FILES = (os.devnull, ".env.example")


@dataclass(frozen=True)
class Result:
    """What came out for one file or combination."""

    subject: str
    problem: str | None
    checked: bool = True

    @property
    def is_wrong(self) -> bool:
        """Whether this fails the command; in CI everything has to be checked."""
        return bool(self.problem) and (self.checked or bool(os.environ.get("CI")))


def main() -> int:
    """Check all; exit code 1 when one fails, or cannot be checked in CI."""
    Arguments("lint-docker", "Check Dockerfiles and compose files.").parse_args()
    results = [
        *(Result(str(file.relative_to(ROOT)), dockerfile_problem(file)) for file in dockerfiles()),
        *compose_results(),
    ]
    table = Table("Checked", "Result")
    for result in results:
        colour = "red" if result.is_wrong else "yellow" if result.problem else "green"
        table.add_row(result.subject, f"[{colour}]{escape(result.problem or 'ok')}[/]")
    console.print(table)
    return 1 if any(result.is_wrong for result in results) else 0


def dockerfiles(root: Path = ROOT) -> list[Path]:
    """Find every Dockerfile below a folder, without what is installed there."""
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in _SKIPPED_FOLDERS]
        found += [Path(folder) / name for name in files if _is_dockerfile(name)]
    return sorted(found)


def _is_dockerfile(name: str) -> bool:
    return name.partition(".")[0] == "Dockerfile" and not name.endswith(".dockerignore")


def dockerfile_problem(file: Path) -> str | None:
    """Return what hadolint finds, or a rule that is ignored without a reason."""
    hadolint = Path(sys.executable).with_name("hadolint")
    answer = subprocess.run(
        [hadolint, "--no-color", file], check=False, capture_output=True, text=True
    )
    unreasoned = [
        f"line {number}: a rule is ignored without a reason in the line above"
        for number, line in unreasoned_ignores(file.read_text(encoding="utf-8"))
    ]
    found = [line.removeprefix(f"{file}:") for line in answer.stdout.splitlines()] + unreasoned
    if answer.returncode and not found:
        found = [answer.stderr.strip()]
    return "\n".join(found) or None


def unreasoned_ignores(text: str) -> list[tuple[int, str]]:
    """Return number and text of each `hadolint ignore=` line without a comment just above it."""
    lines = text.splitlines()
    return [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if "hadolint ignore=" in line and not (number > 1 and lines[number - 2].startswith("# "))
    ]


def compose_results() -> list[Result]:
    """Let Compose read every combination of files that exist, without starting anything."""
    combinations = [
        files for files in _COMBINATIONS if all((ROOT / file).exists() for file in files)
    ]
    if shutil.which("docker") is None or not docker.compose_version():
        reason = "not checked: Docker Compose is not on this machine"
        return [Result(" + ".join(files), reason, checked=False) for files in combinations]
    return [
        Result(f"{' + '.join(files)} ({_env_name(env)})", compose_problem(files, env))
        for files in combinations
        for env in _ENV_FILES
    ]


def _env_name(env_file: str) -> str:
    return "without .env" if env_file == os.devnull else f"with {env_file}"


def compose_problem(files: tuple[str, ...], env_file: str) -> str | None:
    """Return what Compose finds wrong or warns about."""
    options = [option for file in files for option in ("--file", file)]
    options += ["--profile", "*", "--env-file", env_file]
    answer = docker.compose(*options, "config", "--quiet", capture=True)
    return answer.stderr.strip() or (
        f"exit code {answer.returncode}" if answer.returncode else None
    )


if __name__ == "__main__":
    run(main)

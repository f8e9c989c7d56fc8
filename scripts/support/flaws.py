"""Known flaws, as pip-audit, npm and a scanner of images tell them.

What could not be asked counts as not checked. The tools themselves are not so careful: pip-audit
calls it a success when it has found none of the packages.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from scripts.support import docker, node, uv
from scripts.support.project import ROOT, SHELL_UI, STATE
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PATIENCE = 600  # seconds
_NOT_REACHED = "the data base of known flaws cannot be reached"


@dataclass(frozen=True)
class Result:
    """What is known of one kind of thing."""

    what: str
    state: Literal["clean", "flawed", "not checked"]
    found: str


def python_packages() -> list[Result]:
    """Ask about every Python package that an image holds, as uv.lock has it."""
    what = "Python packages"
    program = Path(sys.executable).with_name("pip-audit")
    if not program.exists():
        return [Result(what, "not checked", "pip-audit is not here; nox -s audit brings it")]
    STATE.mkdir(exist_ok=True)
    locked = STATE / "audit-requirements.txt"
    uv.export(locked, "--all-packages", "--no-dev", "--all-extras", "--no-emit-workspace")
    options = ("--disable-pip", "--no-deps", "--format=json", "--progress-spinner=off")
    return [judge_python(what, _ask([str(program), "--requirement", str(locked), *options]))]


def judge_python(what: str, answer: str) -> Result:
    """Say what pip-audit's answer means."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Result(what, "not checked", _NOT_REACHED)
    flawed = [
        f"{package['name']} {package['version']}: {_ids(package['vulns'])}"
        for package in packages
        if package.get("vulns")
    ]
    skipped = sum("skip_reason" in package for package in packages)
    if flawed:
        return Result(what, "flawed", "\n".join(flawed))
    if skipped:
        return Result(what, "not checked", f"{_NOT_REACHED} for {skipped} of {len(packages)}")
    return Result(what, "clean", f"{len(packages)} asked about")


def _ids(flaws: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(str(flaw["id"]) for flaw in flaws)


def node_packages() -> list[Result]:
    """Ask about every package of the shell that its image holds, as its lock has it."""
    what = "Node packages"
    try:
        env = node.environment()
    except Problem as problem:
        return [Result(what, "not checked", str(problem))]
    command = ["npm", "audit", "--json", "--omit=dev"]
    return [judge_node(what, _ask(command, folder=SHELL_UI, env=env))]


def judge_node(what: str, answer: str) -> Result:
    """Say what npm's answer means."""
    try:
        told = json.loads(answer)
        flaws: dict[str, dict[str, Any]] = told["vulnerabilities"]
        asked = told["metadata"]["dependencies"]["total"]
    except (ValueError, KeyError, TypeError):
        return Result(what, "not checked", _NOT_REACHED)
    if flaws:
        named = [f"{name}: {flaw.get('severity', 'flawed')}" for name, flaw in flaws.items()]
        return Result(what, "flawed", "\n".join(named))
    return Result(what, "clean", f"{asked} asked about")


def images() -> list[Result]:
    """Ask about production's images, with whichever scanner is on this machine."""
    built = docker.production_images()
    scanner = next(filter(None, map(shutil.which, ("trivy", "grype"))), None)
    if scanner is None:
        return [Result("images", "not checked", "no scanner is here; install trivy or grype")]
    if not built:
        return [Result("images", "not checked", "none is built; nox -s build -- --prod")]
    return [judge_image(image, _ask(_scan(scanner, image))) for image in built]


def _scan(scanner: str, image: str) -> list[str]:
    if Path(scanner).name == "trivy":
        return [scanner, "image", "--quiet", "--format=json", "--ignore-unfixed", image]
    return [scanner, "--quiet", "--only-fixed", "--output=json", image]


def judge_image(image: str, answer: str) -> Result:
    """Say what trivy's or grype's answer means."""
    try:
        told = json.loads(answer)
        if "matches" in told:
            found = [one["vulnerability"]["id"] for one in told["matches"]]
        else:
            parts: Sequence[Mapping[str, Any]] = told["Results"]
            found = [
                one["VulnerabilityID"] for part in parts for one in part.get("Vulnerabilities", [])
            ]
    except (ValueError, KeyError, TypeError):
        return Result(image, "not checked", _NOT_REACHED)
    if found:
        return Result(image, "flawed", ", ".join(sorted(set(found))))
    return Result(image, "clean", "nothing known that is mended")


def _ask(command: list[str], *, folder: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """Run a tool; return what it printed, nothing when it took too long."""
    try:
        answer = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            cwd=folder,
            env=env or os.environ,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return ""
    return answer.stdout

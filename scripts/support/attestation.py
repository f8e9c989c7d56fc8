"""Whether images can carry an SBOM and their provenance here, and building them so."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from scripts.support import docker
from scripts.support.project import ROOT, STATE
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

_STORE = "io.containerd.snapshotter"


def obstacle() -> str:
    """Return why images cannot be attested on this machine; nothing when they can."""
    if _run(["docker", "buildx", "version"]).returncode:
        return "the plugin buildx is not here; install docker-buildx-plugin"
    store = _run(["docker", "info", "--format", "{{json .DriverStatus}}"]).stdout
    if _STORE not in store:
        return (
            "the engine's image store cannot hold them; switch it to containerd's "
            '({"features": {"containerd-snapshotter": true}} in its daemon.json)'
        )
    return ""


def build(services: Sequence[str]) -> None:
    """Build production's images with an SBOM and provenance, by the files that Compose builds by.

    Raises:
        Problem: a build failed; what it said is on the terminal.
    """
    resolved = docker.compose("config", "--format", "json", capture=True, production=True)
    if resolved.returncode:
        raise Problem(f"Compose cannot read its files ({resolved.stderr.strip()}); mend them.")
    STATE.mkdir(exist_ok=True)
    plan = STATE / "bake.json"
    plan.write_text(json.dumps(bake_plan(json.loads(resolved.stdout), services)), encoding="utf-8")
    command = ["docker", "buildx", "bake", "--file", str(plan), "--load"]
    command += ["--sbom=true", "--provenance=mode=max"]
    if subprocess.run(command, check=False, cwd=ROOT).returncode:
        raise Problem("An image could not be built, see above; nothing was started.")


def bake_plan(compose: dict[str, Any], services: Sequence[str]) -> dict[str, Any]:
    """Return what bake builds: each service's image, by the name that Compose gives it."""
    targets = {
        name: {
            "context": service["build"]["context"],
            "dockerfile": service["build"].get("dockerfile", "Dockerfile"),
            "args": service["build"].get("args", {}),
            "tags": [service.get("image", f"{compose['name']}-{name}")],
            **({"target": service["build"]["target"]} if "target" in service["build"] else {}),
        }
        for name, service in compose["services"].items()
        if "build" in service and (not services or name in services)
    }
    return {"group": {"default": {"targets": sorted(targets)}}, "target": targets}


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True)

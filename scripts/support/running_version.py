"""Which version of production runs, kept so that one can go back: images and Compose file."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from scripts.support import docker, files
from scripts.support.project import JOBS, STATE, names
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

# Named like the one it was made of: by that name containers are known to be production's.
_FILE = docker.PRODUCTION_FILES[-1]
_RUNNING = STATE / "production"
_BEFORE = STATE / "before-upgrade"
_NOTE = _BEFORE / "version.json"
_TAG = "before-upgrade"
_REVISION = '{{index .Config.Labels "org.opencontainers.image.revision"}}'


@dataclass(frozen=True)
class Version:
    """A version of production that ran.

    Attributes:
        schema: the revision of its metadata.
        commit: what its images say that they were built of; may be empty.
        services: whose images are kept.
        replaced: whether the upgrade from it came to its end.
    """

    schema: str
    commit: str
    services: list[str]
    replaced: bool = False


def record() -> None:
    """Keep how production is started now, with all that .env and the shell say put in.

    Raises:
        Problem: Compose refuses its files, or the note cannot be written.
    """
    project = json.loads(docker.production_config("json"))
    services = project["services"]
    for service in services.values():
        # What no profile asked for is left out, and then Compose refuses whoever would wait for it.
        waits = service.get("depends_on", {})
        service["depends_on"] = {name: waits[name] for name in waits if name in services}
    _write(_RUNNING / _FILE, json.dumps(project, indent=2) + "\n")


def keep_images() -> list[str]:
    """Keep the images of what runs, before new ones are built.

    Returns:
        the services that have one; those of before where an upgrade was cut off.

    Raises:
        Problem: an image is gone.
    """
    if (kept := cut_off()) is not None:
        return kept.services
    _forget()  # what was kept until now loses its images here
    project, services = docker.production_project(), (*names(production=True), JOBS)
    images = {service: image for service in services if (image := _image_of(project, service))}
    for service, image in images.items():
        _tag(image, f"{project}-{service}:{_TAG}")
    return list(images)


def keep(services: list[str], schema: str) -> Version:
    """Keep the rest of what runs; what an upgrade that was cut off has kept stays.

    Raises:
        Problem: it cannot be written.
    """
    if (kept := cut_off()) is not None:
        return kept
    version = Version(schema, _commit(), services)
    _copy(_RUNNING, _BEFORE)
    _note(version)
    return version


def replaced(version: Version) -> None:
    """Note that another version has taken its place; it stays kept.

    Raises:
        Problem: the note cannot be written.
    """
    _note(replace(version, replaced=True))


def before() -> Version | None:
    """Return the version that is kept; None without one."""
    try:
        return Version(**json.loads(_NOTE.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def cut_off() -> Version | None:
    """Return the version that an upgrade began to replace, if it came to no end."""
    kept = before()
    return None if kept is None or kept.replaced else kept


def put_back(services: list[str]) -> None:
    """Let Compose take the images that are kept.

    Raises:
        Problem: they are not there any more.
    """
    project = docker.production_project()
    for service in services:
        _tag(f"{project}-{service}:{_TAG}", f"{project}-{service}:latest")


def compose_before(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Compose as it was called for the version that is kept."""
    kept = [str(_BEFORE / _FILE)] if (_BEFORE / _FILE).exists() else []
    return docker.compose(*arguments, capture=True, production=True, files=kept)


def is_again_running() -> None:
    """Make the kept file that of what runs, and keep nothing any longer.

    Raises:
        Problem: it cannot be written.
    """
    _copy(_BEFORE, _RUNNING)
    _forget()


def _forget() -> None:
    shutil.rmtree(_BEFORE, ignore_errors=True)


def _image_of(project: str, service: str) -> str:
    """Return the image that a service's container runs on, else the newest that was built."""
    containers = docker.compose("ps", "--quiet", service, capture=True, production=True)
    container = containers.stdout.split()
    target = container[0] if container else f"{project}-{service}:latest"
    template = "{{.Image}}" if container else "{{.Id}}"
    return docker.ask("inspect", "--format", template, target).stdout.strip()


def _commit() -> str:
    image = f"{docker.production_project()}-{names()[0]}:{_TAG}"
    return docker.ask("inspect", "--format", _REVISION, image).stdout.strip()


def _tag(image: str, name: str) -> None:
    if docker.ask("tag", image, name).returncode:
        raise Problem(f"The image {image} is not there any more, so {name} cannot be made of it.")


def _note(version: Version) -> None:
    _write(_NOTE, json.dumps(asdict(version)))


def _copy(source: Path, target: Path) -> None:
    """Copy the Compose file from one folder to another, if it is there."""
    if (source / _FILE).exists():
        _write(target / _FILE, (source / _FILE).read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, text)
    except OSError as error:
        raise Problem(
            f"{STATE.name}/ cannot be written: {error.strerror}; make room or correct its owner."
        ) from None

"""Which version of production runs, kept so that one can go back: images and Compose file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from scripts.support import docker
from scripts.support.project import JOBS, ROOT, STATE, names
from scripts.support.terminal import Problem

if TYPE_CHECKING:
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
    answer = docker.compose("config", capture=True, production=True)
    if answer.returncode:
        raise Problem(f"Compose refuses its files: {answer.stderr.strip()}")
    try:
        _write(_RUNNING / _FILE, answer.stdout)
    except OSError as error:
        raise _unwritable(error) from None


def keep_images() -> list[str]:
    """Keep the images of what runs, before new ones are built.

    Returns:
        the services that have one; those of before where an upgrade was cut off.

    Raises:
        Problem: an image is gone.
    """
    if (kept := cut_off()) is not None:
        return kept.services
    forget()  # what was kept until now loses its images here
    services = [*names(production=True), JOBS]
    images = {service: image for service in services if (image := _image_of(service))}
    for service, image in images.items():
        _tag(image, f"{_name(service)}:{_TAG}")
    return list(images)


def keep(services: list[str], schema: str) -> Version:
    """Keep the rest of what runs; what an upgrade that was cut off has kept stays.

    Raises:
        Problem: it cannot be written.
    """
    if (kept := cut_off()) is not None:
        return kept
    version = Version(schema, _commit(), services)
    try:
        if (_RUNNING / _FILE).exists():
            _write(_BEFORE / _FILE, (_RUNNING / _FILE).read_text(encoding="utf-8"))
        _note(version)
    except OSError as error:
        raise _unwritable(error) from None
    return version


def replaced(version: Version) -> None:
    """Note that another version has taken its place; it stays kept."""
    _note(Version(**asdict(version) | {"replaced": True}))


def forget() -> None:
    """Keep it no longer: it runs again."""
    shutil.rmtree(_BEFORE, ignore_errors=True)


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


def put_back(version: Version) -> None:
    """Let Compose take the images of a version that is kept, and its file.

    Raises:
        Problem: they are not there any more.
    """
    for service in version.services:
        _tag(f"{_name(service)}:{_TAG}", f"{_name(service)}:latest")


def compose_before(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Compose as it was called for the version that is kept."""
    if not (_BEFORE / _FILE).exists():
        return docker.compose(*arguments, capture=True, production=True)
    folder = ["--project-directory", str(ROOT)]
    return subprocess.run(
        ["docker", "compose", *folder, "--file", str(_BEFORE / _FILE), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=docker.compose_environment(production=True),
    )


def is_again_running() -> None:
    """Make the kept file that of what runs."""
    if (_BEFORE / _FILE).exists():
        _write(_RUNNING / _FILE, (_BEFORE / _FILE).read_text(encoding="utf-8"))
    forget()


def _image_of(service: str) -> str:
    """Return the image that a service's container runs on, else the newest that was built."""
    containers = docker.compose("ps", "--quiet", service, capture=True, production=True)
    container = containers.stdout.split()
    target = container[0] if container else f"{_name(service)}:latest"
    template = "{{.Image}}" if container else "{{.Id}}"
    return docker.ask("inspect", "--format", template, target).stdout.strip()


def _commit() -> str:
    image = f"{_name(names()[0])}:{_TAG}"
    return docker.ask("inspect", "--format", _REVISION, image).stdout.strip()


def _name(service: str) -> str:
    return f"{docker.production_project()}-{service}"


def _tag(image: str, name: str) -> None:
    if docker.ask("tag", image, name).returncode:
        raise Problem(f"The image {image} is not there any more, so {name} cannot be made of it.")


def _note(version: Version) -> None:
    _write(_NOTE, json.dumps(asdict(version)))


def _write(path: Path, text: str) -> None:
    """Write a file that is there wholly or not at all; only its owner reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)  # noqa: PTH105 - in one step


def _unwritable(error: OSError) -> Problem:
    return Problem(
        f"{STATE.name}/ cannot be written: {error.strerror}; make room or correct its owner."
    )

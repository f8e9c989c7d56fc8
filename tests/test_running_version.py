"""What is kept of the version that runs, whatever becomes of the upgrade."""

from __future__ import annotations

import json
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest

from scripts.support import docker, running_version
from scripts.support.terminal import Problem

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = "kyros-prod"
FILE = docker.PRODUCTION_FILES[-1]


class Machine:
    """An engine as far as this needs one: images by their names, containers by their services."""

    def __init__(self) -> None:
        self.version = "old"
        self.images: dict[str, str] = {}
        self.services: dict[str, object] = {
            "api": {"depends_on": {"jobs": {}, "postgres": {}}},
            "jobs": {},
        }

    def compose(self, *arguments: str, **_: bool) -> CompletedProcess[str]:
        """Answer `config`, and `ps` for every service but jobs, which has ended."""
        if arguments[0] == "config":
            config = {"name": "kyros-prod", "x-version": self.version, "services": self.services}
            return CompletedProcess([], 0, json.dumps(config), "")
        service = arguments[-1]
        return CompletedProcess([], 0, "" if service == "jobs" else f"container-{service}\n", "")

    def ask(self, *arguments: str) -> CompletedProcess[str]:
        """Answer `inspect`, and `tag` an image that there is."""
        command, *rest = arguments
        if command == "tag":
            image, name = rest
            found = self.images.get(image, image)
            self.images[name] = found
            return CompletedProcess([], 0 if found.endswith(("old", "new")) else 1, "", "")
        target = rest[-1].removeprefix("container-").removeprefix(f"{PROJECT}-").partition(":")[0]
        said = "0123abc" if "Labels" in rest[1] else f"sha256-{target}-{self.version}"
        return CompletedProcess([], 0, f"{said}\n", "")

    def kept(self, service: str) -> str:
        """Return the image that is kept of a service."""
        return self.images[f"{PROJECT}-{service}:before-upgrade"]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """Let the module speak to a made-up engine, and write into a folder of the test."""
    made = Machine()
    monkeypatch.setattr(docker, "compose", made.compose)
    monkeypatch.setattr(docker, "ask", made.ask)
    monkeypatch.setattr(docker, "production_project", lambda: PROJECT)
    monkeypatch.setattr(running_version, "_RUNNING", tmp_path / "production")
    monkeypatch.setattr(running_version, "_BEFORE", tmp_path / "before")
    monkeypatch.setattr(running_version, "_NOTE", tmp_path / "before/version.json")
    return made


def begin(schema: str) -> running_version.Version:
    """Keep what runs, as an upgrade does before it builds and after that."""
    return running_version.keep(running_version.keep_images(), schema)


def test_what_runs_is_kept(machine: Machine, tmp_path: Path) -> None:
    """Images of services and jobs, the schema, the commit, and the file it was started by."""
    running_version.record()
    version = begin("0004")
    assert ("0004", "0123abc", False) == (version.schema, version.commit, version.replaced)
    assert {"api", "shell-ui", "edge", "jobs"} < set(version.services)
    assert "sha256-api-old" == machine.kept("api")
    kept = json.loads((tmp_path / "before" / FILE).read_text())
    assert "old" == kept["x-version"]
    # The profile that has the server is off, so the file must not speak of it.
    assert {"jobs": {}} == kept["services"]["api"]["depends_on"]
    assert 0o600 == (tmp_path / "before" / FILE).stat().st_mode & 0o777


def test_an_upgrade_that_was_cut_off_keeps_what_was_before_it(machine: Machine) -> None:
    """When it is called again, what runs is half the new version: that is not kept."""
    begin("0004")
    machine.version = "new"
    assert running_version.cut_off() == begin("0005") == running_version.before()
    assert "sha256-api-old" == machine.kept("api")


def test_the_next_upgrade_keeps_the_version_that_the_last_one_brought(machine: Machine) -> None:
    """One version back, not two."""
    running_version.replaced(begin("0004"))
    assert running_version.cut_off() is None
    assert running_version.before() is not None
    machine.version = "new"
    assert "0005" == begin("0005").schema
    assert "sha256-api-new" == machine.kept("api")


def test_going_back(machine: Machine, tmp_path: Path) -> None:
    """Compose takes the images of before, the file is again that of what runs, nothing is kept."""
    running_version.record()
    version = begin("0004")
    machine.version = "new"
    running_version.record()
    running_version.put_back(version.services)
    running_version.is_again_running()
    assert "sha256-api-old" == machine.images[f"{PROJECT}-api:latest"]
    assert "old" == json.loads((tmp_path / "production" / FILE).read_text())["x-version"]
    assert running_version.before() is None


def test_an_image_that_is_gone(machine: Machine) -> None:
    """It is said which."""
    version = begin("0004")
    machine.images[f"{PROJECT}-api:before-upgrade"] = "gone"
    with pytest.raises(Problem, match="kyros-prod-api:before-upgrade is not there any more"):
        running_version.put_back(version.services)


def test_notes_that_cannot_be_written(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step says it in a sentence."""
    running_version.record()
    version = begin("0004")
    machine.version = "new"
    monkeypatch.setattr(running_version, "_RUNNING", tmp_path / "before/version.json/no-folder")
    for step in (running_version.record, running_version.is_again_running):
        with pytest.raises(Problem, match=r"cannot be written: .*; make room or correct its owner"):
            step()
    monkeypatch.setattr(running_version, "_NOTE", tmp_path / "before" / FILE / "no-folder")
    with pytest.raises(Problem, match="cannot be written"):
        running_version.replaced(version)

"""What an upgrade does when something does not work, without an engine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from scripts import smoke, upgrade
from scripts.support import docker_engine, production, replacing, running_version
from scripts.support.terminal import Problem, run

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = running_version.Version("0004", "0123abc", ["api"])


class Steps:
    """The steps of an upgrade, each of which does nothing but say that it was called.

    Attributes:
        called: in which order; going back with whether the metadata may have been migrated.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.called: list[str] = []
        self._patch = monkeypatch
        monkeypatch.setattr(sys, "argv", ["upgrade"])
        monkeypatch.setattr(production, "require_ready", dict)
        monkeypatch.setattr(production, "require_running", lambda _: None)
        monkeypatch.setattr(smoke, "check_production", lambda *_: [])
        monkeypatch.setattr(running_version, "cut_off", lambda: None)
        self._step(running_version, "keep_images", ["api"])
        self._step(docker_engine, "build")
        self._step(replacing, "schema", VERSION.schema)
        self._step(replacing, "backup", "backups/before.zip")
        self._step(running_version, "keep", VERSION)
        self._step(running_version, "put_back")
        self._step(running_version, "record")
        self._step(replacing, "migrate")
        self._step(replacing, "services")
        self._step(running_version, "replaced")
        monkeypatch.setattr(
            replacing,
            "go_back",
            lambda _, *, migrated: self.called.append(f"go_back, migrated={migrated}"),
        )

    def _step(self, module: object, name: str, answer: object = None) -> None:
        self._patch.setattr(module, name, self._called(name, answer))

    def _called(self, name: str, answer: object) -> Callable[..., object]:
        def step(*_: object, **__: object) -> object:
            self.called.append(name)
            return answer

        return step

    def fail(self, name: str, reason: BaseException) -> None:
        """Let a step of `replacing` fail."""

        def step() -> None:
            self.called.append(name)
            raise reason

        self._patch.setattr(replacing, name, step)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """All steps work until a test lets one fail."""
    return Steps(monkeypatch)


def test_all_steps(steps: Steps) -> None:
    """The backup is made before anything is noted or changed."""
    assert 0 == upgrade.main()
    before = ["keep_images", "build", "schema", "backup", "keep"]
    assert [*before, "record", "migrate", "services", "replaced"] == steps.called


def test_ctrl_c_in_the_middle_of_the_migration(steps: Steps) -> None:
    """Nobody knows how far it came, so the metadata are migrated back as well."""
    steps.fail("migrate", KeyboardInterrupt())
    with pytest.raises(Problem, match="the version before runs again"):
        upgrade.main()
    assert "go_back, migrated=True" == steps.called[-1]


def test_a_migration_that_fails(steps: Steps) -> None:
    """It is one transaction: there is nothing to migrate back."""
    steps.fail("migrate", Problem("No."))
    with pytest.raises(Problem):
        upgrade.main()
    assert "go_back, migrated=False" == steps.called[-1]


@pytest.mark.parametrize("reason", [Problem("There is no backup."), KeyboardInterrupt()])
def test_a_backup_that_is_refused(steps: Steps, reason: BaseException) -> None:
    """No note is left that the next upgrade would take for one that was cut off."""
    steps.fail("backup", reason)
    with pytest.raises(type(reason)):
        upgrade.main()
    assert ["keep_images", "build", "schema", "backup", "put_back"] == steps.called


def test_brackets_in_the_reason(steps: Steps, capsys: pytest.CaptureFixture[str]) -> None:
    """What a server says is printed as it is, also where it looks like a colour."""
    steps.fail("migrate", Problem("No [red]column[/red] of [/] array[1]."))
    with pytest.raises(Problem):
        upgrade.main()
    assert "No [red]column[/red] of [/] array[1]. Going back" in capsys.readouterr().out


def test_brackets_in_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    """The same, when it ends the command."""

    def command() -> int:
        raise Problem("No array[1], no [/].")

    with pytest.raises(SystemExit):
        run(command)
    assert "No array[1], no [/].\n" == capsys.readouterr().err

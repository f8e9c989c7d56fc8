"""An upgrade that is killed while it replaces services, and called again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kyros_api.metadata import HEAD
from tests.production_stack import SERVICES
from tests.stacks import clean_environment
from tests.test_production_changes import (
    NEWER,
    images,
    revision,
    schema,
    write_newer_version,
    write_this_version,
)

if TYPE_CHECKING:
    from tests.chaos.conftest import Chaos
    from tests.production_stack import Production

pytestmark = [pytest.mark.stack, pytest.mark.long]

REPLACED = "dash-app-clv is healthy"  # what it says when it is half done
PATIENCE = 180  # seconds


def kill_an_upgrade(production: Production) -> None:
    """Call it, and kill it with all that it has called, once some services are other ones."""
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.upgrade"],
        cwd=production.folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line)
            if REPLACED in line:
                os.killpg(running.pid, signal.SIGKILL)
        assert -signal.SIGKILL == running.wait(), "".join(said)


def test_an_upgrade_is_killed(chaos: Chaos) -> None:
    """It goes on when it is called again; back is the version before, and nobody is signed out."""
    production = chaos.production
    before, old = images(production), revision(production, "api")
    write_newer_version(production, "newer")

    def upgrade_twice() -> None:
        kill_an_upgrade(production)
        assert ("newer", old) == (revision(production, "api"), revision(production, "edge"))
        said = production.done("upgrade")
        assert "An upgrade was cut off; this one goes on" in said
        assert "Upgraded from version" in said

    chaos.during("an upgrade killed half-way, called again", upgrade_twice, PATIENCE)
    assert NEWER == schema(production)
    assert {"newer"} == {revision(production, service) for service in SERVICES}
    assert "runs again" in production.done("upgrade", "--back")
    write_this_version(production)
    assert before == images(production)
    assert HEAD == schema(production)

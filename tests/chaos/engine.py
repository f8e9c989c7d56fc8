"""The Docker engine itself: killed, and started again the way it ran."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from tests.stacks import wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping

_PID = Path("/var/run/docker.pid")
_PATIENCE = 90  # seconds until it answers again


class Engine(NamedTuple):
    """The engine of this machine, and how it was started.

    Attributes:
        pid: of its process.
        command: with all arguments.
        environment: of the process.
        folder: in which it runs.
        supervised: whether systemd starts it again.
    """

    pid: int
    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    supervised: bool

    @classmethod
    def found(cls) -> Self:
        """Read how the engine runs, which takes root."""
        pid = int(_PID.read_text(encoding="utf-8"))
        process = Path(f"/proc/{pid}")
        variables = process.joinpath("environ").read_bytes().decode().split("\0")
        return cls(
            pid,
            process.joinpath("cmdline").read_bytes().decode().strip("\0").split("\0"),
            dict(variable.split("=", 1) for variable in variables if "=" in variable),
            process.joinpath("cwd").readlink(),
            "docker.service" in process.joinpath("cgroup").read_text(encoding="utf-8"),
        )

    def kill(self) -> None:
        """End it with no chance to tidy up."""
        os.kill(self.pid, signal.SIGKILL)
        # Another one refuses to start for as long as its number is taken.
        wait_for(lambda: not Path(f"/proc/{self.pid}").exists(), 30)

    def return_(self, log: Path) -> None:
        """Wait until it is back; where nobody else starts it, start it as it ran.

        Args:
            log: for what it says from then on.
        """
        if not self.supervised:
            with log.open("wb") as said:
                subprocess.Popen(
                    self.command,
                    cwd=self.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    start_new_session=True,
                )
        wait_for(_answers, _PATIENCE)


def _answers() -> bool:
    return subprocess.run(["docker", "version"], check=False, capture_output=True).returncode == 0

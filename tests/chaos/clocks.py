"""Clocks of their own for services, which otherwise have the machine's: by libfaketime."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.production_stack import docker, inspect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.production_stack import Production

SERVICES = ("api", "dash-app-risk", "shell-ui")
REPLICAS = 2  # of the api, to have two of them disagree
# In memory, and of this container alone; without the file its clock is right.
_CLOCK = "/dev/shm/clock"  # noqa: S108 - in a container
_NOTICED = 1.5  # seconds until a process has another time
_FILE = "clocks.json"
_LIBRARY = "/usr/local/lib/libfaketime.so"
_DOCKERFILE = """
FROM {image}
USER root
RUN if command -v apk >/dev/null; then apk add --no-cache libfaketime; \
    else apt-get update -qq && apt-get install -y -qq --no-install-recommends libfaketime; fi \
    && ln -s $(find / -xdev -name libfaketimeMT.so.1) {library}
USER {user}
ENV LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={clock} FAKETIME_CACHE_DURATION=1 \
    DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
"""


class Clocks:
    """Sets what containers take the time to be, while they run."""

    def __init__(self, production: Production) -> None:
        self._production = production

    @contextmanager
    def differing(self, service: str, numbers: Iterable[int], seconds: int) -> Iterator[None]:
        """Put the clocks of a service's containers ahead, or back, for the length of a block."""
        for number in numbers:
            self._run(service, number, f"echo {seconds:+d} > {_CLOCK}")
        time.sleep(_NOTICED)
        try:
            yield
        finally:
            for number in numbers:
                self._run(service, number, f"rm {_CLOCK}")
            time.sleep(_NOTICED)

    def of(self, service: str, number: int = 1) -> int:
        """Return what a container takes the time to be, in seconds since 1970."""
        return int(self._run(service, number, "date +%s"))

    def _run(self, service: str, number: int, command: str) -> str:
        return docker("exec", self._production.container(service, number), "sh", "-c", command)


@contextmanager
def clocks_in(production: Production) -> Iterator[Clocks]:
    """Give services clocks that can be set, and the api a second container, for a while."""
    images = {service: _build(production, service) for service in SERVICES}
    services: dict[str, Any] = {service: {"image": image} for service, image in images.items()}
    (production.folder / _FILE).write_text(json.dumps({"services": services}), encoding="utf-8")
    try:
        _start(production, "--file", _FILE, replicas=REPLICAS)
        yield Clocks(production)
    finally:
        for number in range(2, REPLICAS + 1):  # Compose might keep these, and others ask for 1
            docker("rm", "--force", production.container("api", number))
        _start(production, replicas=1)
        docker("image", "rm", "--force", *images.values())


def _build(production: Production, service: str) -> str:
    """Make an image with the library on top of a service's own; returns its name."""
    own = inspect(production.container(service))
    name = f"{production.project}-{service}-clock"
    text = _DOCKERFILE.format(
        image=own["Config"]["Image"], user=own["Config"]["User"], library=_LIBRARY, clock=_CLOCK
    )
    done = subprocess.run(
        ["docker", "build", "--quiet", "--tag", name, "-"],
        check=False,
        capture_output=True,
        text=True,
        input=text,
    )
    assert done.returncode == 0, done.stderr
    return name


def _start(production: Production, *files: str, replicas: int) -> None:
    options = ("--detach", "--no-build", "--no-deps", "--wait", f"--scale=api={replicas}")
    done = production.compose(*files, "up", *options, *SERVICES)
    assert done.returncode == 0, done.stderr

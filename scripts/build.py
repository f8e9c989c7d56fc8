"""Build the images."""

from __future__ import annotations

import time

from scripts.support import docker, docker_engine, settings
from scripts.support.project import JOBS, SERVICES
from scripts.support.terminal import Arguments, Problem, console, run


def main() -> int:
    """Build all images, or those that are named."""
    parser = Arguments("build", "Build the images.")
    names = [*(service.name for service in SERVICES), JOBS]
    parser.add_argument("service", nargs="*", help=f"only these: {', '.join(names)}")
    services = parser.parse_args().service
    unknown = set(services) - set(names)
    if unknown:
        parser.error(f"there is no service {', '.join(sorted(unknown))}")
    found = docker.inspect()
    if not found.usable:
        raise Problem(found.sentence().replace(", or run without it: -- --engine local", ""))
    settings.read()
    began = time.monotonic()
    docker_engine.build(*services)
    console.print(
        f"Built {', '.join(services) or 'all images'} in {time.monotonic() - began:.1f} s"
    )
    return 0


if __name__ == "__main__":
    run(main)

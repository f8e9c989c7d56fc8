"""Build the images."""

from __future__ import annotations

import time

from scripts.support import attestation, docker_engine, production, settings
from scripts.support.project import JOBS, names
from scripts.support.terminal import Arguments, console, run


def main() -> int:
    """Build all images, or those that are named."""
    parser = Arguments("build", "Build the images.")
    known = [*names(production=True), JOBS]
    parser.add_argument("service", nargs="*", help=f"only these: {', '.join(known)}")
    parser.add_argument(
        "--prod", action="store_true", help="production's, attested where the engine can"
    )
    arguments = parser.parse_args()
    services = arguments.service
    unknown = set(services) - {*names(production=arguments.prod), JOBS}
    if unknown:
        parser.error(f"there is no service {', '.join(sorted(unknown))}")
    production.require_docker()
    settings.read()
    began = time.monotonic()
    obstacle = attestation.obstacle() if arguments.prod else "only production's are: -- --prod"
    if obstacle:
        docker_engine.build(*services, production=arguments.prod)
    else:
        attestation.build(services)
    console.print(
        f"Built {', '.join(services) or 'all images'} in {time.monotonic() - began:.1f} s"
    )
    if obstacle:
        console.print(f"Without SBOM and provenance: {obstacle}")
    return 0


if __name__ == "__main__":
    run(main)

"""Stop the platform, and with --volumes delete what it stored."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from scripts.support import docker, local, production, settings
from scripts.support.project import DATA, ROOT
from scripts.support.terminal import Arguments, Problem, console, errors, run

if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    """Stop whatever runs for this checkout."""
    parser = Arguments("down", "Stop the platform.")
    parser.add_argument("--volumes", action="store_true", help="also delete its data, after asking")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    parser.add_argument(
        "--prod", action="store_true", help="production, which is also found where it runs alone"
    )
    arguments = parser.parse_args()
    if production.is_meant(asked=arguments.prod):
        return production.down(volumes=arguments.volumes, yes=arguments.yes)
    doomed = generated_data() if arguments.volumes else []
    if arguments.volumes and not (arguments.yes or _confirmed(doomed)):
        console.print("Nothing was stopped or deleted")
        return 1
    stopped = _stop(volumes=arguments.volumes)
    console.print(f"Stopped ({stopped})" if stopped else "Nothing was running")
    if arguments.volumes:
        _delete(doomed)
    return 0


def _stop(*, volumes: bool) -> str:
    stopped = []
    if local.stop():
        stopped.append("local processes")
    if docker.inspect().usable:
        settings.read()  # Compose would complain about a broken .env in its own words
        options = ["--volumes"] if volumes else []
        running = bool(docker.running_services())
        # With what a profile has started that is not on any more.
        down = ("--profile", "*", "down", "--remove-orphans")
        done = docker.compose(*down, *options, capture=True)
        if done.returncode:
            errors.print(done.stderr, markup=False)
            raise Problem("Compose could not stop the services, see above; mend that and repeat.")
        if running:
            stopped.append("Docker")
    return ", ".join(stopped)


def generated_data() -> list[Path]:
    """Return everything in data/ that was generated: all but the sources."""
    return sorted(path for path in DATA.iterdir() if path.name != "source")


def _confirmed(doomed: list[Path]) -> bool:
    console.print("This deletes, for good:")
    for path in doomed:
        console.print(f"  {path.relative_to(ROOT)}{'/' if path.is_dir() else ''}", markup=False)
    console.print("  the volumes of the containers (generated development secrets, PostgreSQL)")
    console.print("It keeps data/source/ and .env.")
    if not sys.stdin.isatty():
        raise Problem("Nobody is here to confirm that; add --yes to delete without asking.")
    return console.input("Delete them? [y/N] ", markup=False).strip().lower() in {"y", "yes"}


def _delete(doomed: list[Path]) -> None:
    for path in doomed:
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except FileNotFoundError:
            continue  # SQLite takes its own files away when the last who used them has stopped
        except OSError as error:
            raise Problem(
                f"{path.relative_to(ROOT)} could not be deleted ({error.strerror}); "
                "delete it by hand: sudo rm -r " + str(path)
            ) from None
    console.print(f"Deleted: {', '.join(path.name for path in doomed) or 'nothing was there'}")


if __name__ == "__main__":
    run(main)

"""Bring production to this checkout's version, and back by itself when that does not work."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.markup import escape

from scripts import smoke
from scripts.support import docker_engine, production, replacing, running_version, settings
from scripts.support.project import API
from scripts.support.terminal import Arguments, Problem, console, run

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from scripts.support.running_version import Version


def main() -> int:
    """Back up, build, migrate, replace service by service, check; or go back to what was before."""
    arguments = _arguments()
    if arguments.back:
        production.require_docker()
        settings.read()
        return _back_as_asked()
    values = production.require_ready()
    production.require_running(API.name)
    upgrade = Upgrade(values, arguments, time.monotonic())
    version = upgrade.prepare()
    try:
        upgrade.replace()
    except (Problem, KeyboardInterrupt) as reason:
        why = "It was interrupted." if isinstance(reason, KeyboardInterrupt) else str(reason)
        console.print(f"[red]{escape(why)}[/] Going back to the version before")
        replacing.go_back(version, migrated=upgrade.migrated)
        raise Problem(
            "The upgrade did not work, see above; the version before runs again and nothing is "
            "lost. Mend that and repeat."
        ) from None
    upgrade.finish(version)
    return 0


def _arguments() -> Namespace:
    parser = Arguments(
        "upgrade", "Bring production to this checkout's version; back by itself when it fails."
    )
    parser.add_argument(
        "--without-backup",
        action="store_true",
        help="for who has one of their own",
    )
    parser.add_argument(
        "--back", action="store_true", help="go back to the version before the last upgrade"
    )
    return smoke.parse(parser)


def _back_as_asked() -> int:
    version = running_version.before()
    if version is None:
        raise Problem("No version before is kept; there is one after nox -s upgrade.")
    replacing.go_back(version, migrated=True)
    console.print(f"Back: {replacing.named(version)} runs again")
    return 0


@dataclass
class Upgrade:
    """One upgrade.

    Attributes:
        values: the settings.
        arguments: of the command.
        began: when it was called.
        migrated: whether the metadata may have another schema by now.
    """

    values: Mapping[str, str]
    arguments: Namespace
    began: float
    migrated: bool = False

    def prepare(self) -> Version:
        """Do all that the people who work with it do not notice; returns what is to be replaced."""
        if running_version.cut_off():
            console.print("An upgrade was cut off; this one goes on, or back to what was before it")
            self.migrated = True
        services = running_version.keep_images()
        try:
            docker_engine.build(production=True)
            schema = replacing.schema()
            if not self.arguments.without_backup:
                console.print(f"Backup: [bold]{replacing.backup()}[/]")
        except (Problem, KeyboardInterrupt):
            running_version.put_back(services)  # of jobs no container holds on to the image
            raise
        # Not before: from here on an upgrade that ends without a word was cut off.
        return running_version.keep(services, schema)

    def replace(self) -> None:
        """Migrate, replace each service, and look from outside.

        Raises:
            Problem: any of it did not work.
        """
        running_version.record()
        try:
            replacing.migrate()
        except KeyboardInterrupt:  # nobody knows how far it came
            self.migrated = True
            raise
        self.migrated = True
        replacing.services()
        email, password_file = self.arguments.email, self.arguments.password_file
        if not smoke.report(smoke.check_production(self.values, email, password_file)):
            raise Problem("The new version does not pass the checks.")

    def finish(self, version: Version) -> None:
        """Note that it worked."""
        running_version.replaced(version)
        console.print(
            f"Upgraded from {replacing.named(version)} in {time.monotonic() - self.began:.0f} s; "
            f"open [bold]{production.url(self.values)}[/]"
        )
        console.print("Back to the version before: nox -s upgrade -- --back")


if __name__ == "__main__":
    run(main)

"""``python -m kyros_api.prepare``: what a developer's copy makes for itself before the API starts.

Secrets where there are none, the schema, and the demo when nothing is seeded. It runs at each
start and mostly finds nothing to do, which it finds out without importing what it then does not
need: a tenth of a second instead of three.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kyros_api.administration.errors import EnvironmentFaultError
from kyros_api.metadata import HEAD
from kyros_api.metadata.location import Location, SqliteFile
from kyros_api.seeding.development import make_missing_secrets
from kyros_api.seeding.status import read_status


def main() -> None:
    """Make ready for development."""
    if os.environ.get("KYROS_ENV") != "development":
        sys.exit("kyros_api.prepare is for development: set KYROS_ENV=development.")
    for path in make_missing_secrets():
        _say(f"Made a random secret in {path}.")
    try:
        status = read_status(_location(), Path(os.environ.get("DATA_DIR", "data")))
    except EnvironmentFaultError as error:
        sys.exit(str(error))
    if not status.tenants:
        _say("Nothing is seeded yet: loading the demo tenants from data/source/.")
    elif status.outdated:
        _say("The demo's data is of an older version: loading it anew.")
    elif not status.migrated:
        _say(f"Migrating the metadata to {HEAD}.")
    else:
        return
    from kyros_api.cli import main as run_command  # noqa: PLC0415 - three seconds, when needed

    # What this prints goes to a log, where a password must not stand.
    run_command(
        ["migrate"] if status.tenants and not status.outdated else ["seed", "--no-passwords"]
    )


def _location() -> Location:
    """Say where the metadata are; of a server only the settings know how its URL is read."""
    if not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")):
        return SqliteFile(Path(os.environ.get("DATABASE_PATH", "")))
    from kyros_api.command_line import storage_settings  # noqa: PLC0415 - when needed

    return storage_settings().database


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""``kyros-api backup`` and ``kyros-api restore``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from kyros_api.administration.commands.common import bytes_done, confirm, count
from kyros_api.command_line import storage_settings


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The zip to write; in backups/ when left out."),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write metadata and all tenants' data to one file, while everything runs."""
    from kyros_api.backup.making import back_up

    settings = storage_settings()
    if file is None:
        folder = settings.data_dir.parent / "backups"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / f"kyros-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"
    with bytes_done("Backing up") as report:
        done = back_up(settings, file, report, force=force)
    typer.echo(
        f"Backed up to {file}, and read back: {count(done.files, 'file')}, "
        f"{count(done.bytes, 'byte')}."
    )


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What backup wrote.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Only say whether it could be.")] = False,
    confirmed: Annotated[
        str | None, typer.Option("--confirm", metavar="restore", help="Instead of typing it.")
    ] = None,
) -> None:
    """Put a backup in place of what is there; the platform must not run."""
    from kyros_api.backup import restoring
    from kyros_api.backup.placing import is_something_there

    settings = storage_settings()
    if check:
        with bytes_done("Verifying") as report:
            moment = restoring.check(settings, file, report)
        typer.echo(f"{file} is whole, and of {moment:%Y-%m-%d %H:%M:%S} UTC; nothing was changed.")
        return
    if is_something_there(settings.database):
        typer.echo(
            "This puts the backup's tenants, users, roles, audit log and data in place of those "
            "that are there. The metadata until now are kept in a file beside the data.",
            err=True,
        )
        confirm("restore", confirmed, "--confirm")
    with bytes_done("Restoring") as report:
        done = restoring.restore(settings, file, report)
    typer.echo(
        f"Restored {file}, of {done.created_at:%Y-%m-%d %H:%M:%S} UTC: "
        f"{count(done.tenants, 'tenant')}."
    )
    if done.kept is not None:
        typer.echo(f"The metadata until now are in {done.kept}; delete it when all is well.")
    for slug in done.erased:
        typer.echo(
            f"Tenant {slug} was erased after this backup and is there again; "
            f"erase it with: nox -s admin -- tenant erase {slug}",
            err=True,
        )

"""The API's command line: what is done to its data from outside a request."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kyros_api.administration.commands import app as administration
from kyros_api.administration.errors import AdministrationError, EnvironmentFaultError
from kyros_api.backup.command import backup, restore
from kyros_api.command_line import as_called, command_group, require_models, storage_settings
from kyros_api.ingest.command import ingest
from kyros_api.ingest.errors import RefusedError
from kyros_api.seeding.errors import SeedError

if TYPE_CHECKING:
    from kyros_api.seeding.seed import Line

app = command_group("Prepare, inspect and administer what the Kyros API serves.")
app.add_typer(administration, name="admin")
app.command("ingest")(ingest)
app.command("backup")(backup)
app.command("restore")(restore)


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[str], None]]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task("Seeding", total=steps)
        begun = 0

        def report(step: str) -> None:
            nonlocal begun
            progress.update(task, description=step, completed=begun)
            begun += 1

        yield report


def _print_summary(lines: "list[Line]") -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from kyros_api.seeding import demo

    table = Table(box=SIMPLE, pad_edge=False)
    for name in ("Tenant", "Dashboard", "Data"):
        table.add_column(name, no_wrap=True)
    table.add_column("Rows", justify="right")
    for line in lines:
        table.add_row(line.tenant, line.dashboard, line.source, f"{line.rows:,} {line.unit}")
    console = Console(highlight=False)
    console.print(table)
    console.print(f"Demo users: {', '.join(user.email for user in demo.USERS)}")


def _print_passwords(passwords: Mapping[str, str]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False)
    for name in ("Demo user", "Password"):
        table.add_column(name, overflow="fold")  # nothing of it may be lost, however narrow
    for email, password in passwords.items():
        table.add_row(email, password)
    Console(highlight=False).print(table)
    typer.echo(
        "These passwords are not shown again; set another with: "
        "nox -s admin -- user set-password EMAIL"
    )


@app.command()
def seed(
    *,
    passwords: Annotated[
        bool, typer.Option(help="Give demo users without a password a random one, and print it.")
    ] = True,
) -> None:
    """Load the demo from data/source/; safe to repeat."""
    require_models("seed")
    from kyros_api.seeding.seed import STEPS
    from kyros_api.seeding.seed import seed as run_seed

    settings = storage_settings()
    with _progress(STEPS) as report:
        seeded = run_seed(settings, report, with_passwords=passwords)
    _print_summary(seeded.lines)
    if seeded.passwords:
        _print_passwords(seeded.passwords)


@app.command()
def migrate(
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION",
            help="The schema of an older version, before going back to that; what only newer "
            "versions store is deleted.",
        ),
    ] = None,
) -> None:
    """Bring the metadata database to this version's schema."""
    from sqlalchemy.exc import DBAPIError

    from kyros_api.administration.database import migrating
    from kyros_api.metadata.migrate import UnknownSchemaError, move

    location = storage_settings().database
    try:
        with migrating(location) as connection:
            revision = move(connection, to)
    except UnknownSchemaError as error:
        raise EnvironmentFaultError(
            f"This version knows no schema {error}; run the version of Kyros that made it."
        ) from error
    except DBAPIError as error:  # the script, not the place: what is wrong there has its own word
        raise EnvironmentFaultError(
            f"{location} could not be migrated and is as it was: {error.orig}"
        ) from error
    typer.echo(f"{location} is at revision {revision}.")


@app.command()
def status(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Say what is there; exit 1 when nothing is seeded, or for another version."""
    from kyros_api.seeding.status import read_status

    settings = storage_settings()
    location = settings.database
    state = read_status(location, settings.data_dir)
    if as_json:
        typer.echo(json.dumps(state._asdict()))
    elif state.database:
        schema = "at this version's schema" if state.migrated else "not migrated"
        typer.echo(f"{location}: {state.tenants} tenants, {schema}.")
        if state.outdated:
            typer.echo("The demo's data is of an older version: run `nox -s seed`.")
        for name in state.stale:
            typer.echo(f"The own data of {name} are of an older version: ingest their file again.")
    else:
        typer.echo(f"{location} is not there: run `nox -s seed`.")
    raise typer.Exit(0 if state.tenants and state.migrated and not state.outdated else 1)


@app.command()
def openapi(
    *,
    write: Annotated[
        typer.FileTextWrite | None,
        typer.Option(encoding="utf-8", lazy=True, metavar="FILE", help="Write it here instead."),
    ] = None,
) -> None:
    """Print the API's description in OpenAPI."""
    from kyros_api.app import describe
    from kyros_api.openapi.document import as_text

    text = as_text(describe())
    if write is None:
        typer.echo(text, nl=False)
    else:
        write.write(text)
        typer.echo(f"Wrote {write.name}.")


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what is wrong is said in one sentence, without a traceback.

    Args:
        arguments: of the command line, when they are not the process's own.

    Raises:
        SystemExit: with 2 for arguments that make no sense, 1 for what went wrong besides.
    """
    try:
        code = app(arguments, prog_name="kyros-api", standalone_mode=False)
    except typer.TyperException as error:
        code = _complain(_sentence(error), error.exit_code)
    except AdministrationError as error:
        code = _complain(str(error), 2)
    except (EnvironmentFaultError, RefusedError, SeedError) as error:
        code = _complain(str(error), 1)
    except typer.Abort:
        code = _complain("Stopped.", 1)
    if code:
        sys.exit(code)


def _sentence(error: typer.TyperException) -> str:
    """Say what the command line does not take, and where the list is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "kyros-api"
    return f"{error.format_message().rstrip('.')}; {command} --help lists what it takes."


def _complain(sentence: str, code: int) -> int:
    typer.echo(f"kyros-api: {as_called(sentence)}", err=True)
    return code

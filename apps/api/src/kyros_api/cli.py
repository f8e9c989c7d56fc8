"""The API's command line: what is done to its data from outside a request."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kyros_api.metadata import HEAD
from kyros_api.metadata.engine import sqlite_engine
from kyros_api.metadata.migrate import upgrade
from kyros_api.seeding import demo
from kyros_api.seeding.errors import SeedError
from kyros_api.seeding.seed import STEPS, Seeded
from kyros_api.seeding.seed import seed as run_seed
from kyros_api.seeding.status import read_status
from kyros_api.settings import StorageSettings
from kyros_shared_config import load_settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Prepare and inspect what the Kyros API serves.",
)
console = Console()


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    columns = (
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Seeding", total=STEPS)
        begun = 0

        def report(step: str) -> None:
            nonlocal begun
            progress.update(task, description=step, completed=begun)
            begun += 1

        yield report


def _print_summary(lines: list[Seeded]) -> None:
    table = Table(box=SIMPLE, pad_edge=False)
    for name in ("Tenant", "Dashboard", "Data"):
        table.add_column(name, no_wrap=True)
    table.add_column("Rows", justify="right")
    for line in lines:
        table.add_row(line.tenant, line.dashboard, line.source, f"{line.rows:,} {line.unit}")
    console.print(table)
    emails = ", ".join(user.email for user in demo.USERS)
    console.print(f"Demo users: {emails}", highlight=False)


@app.command()
def seed() -> None:
    """Create the metadata and the tenants' data from data/source/; safe to repeat."""
    settings = load_settings(StorageSettings)
    with _progress() as report:
        summary = run_seed(settings, report)
    _print_summary(summary)


@app.command()
def migrate() -> None:
    """Bring the metadata database to this version's schema."""
    settings = load_settings(StorageSettings)
    settings.database_path.parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_engine(settings.database_path, create=True)
    upgrade(engine)
    engine.dispose()
    console.print(f"{settings.database_path} is at revision {HEAD}.", highlight=False)


@app.command()
def status(
    *, as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False
) -> None:
    """Say what is there; exit 1 when nothing is seeded."""
    settings = load_settings(StorageSettings)
    state = read_status(settings.database_path)
    if as_json:
        typer.echo(json.dumps(state._asdict()))
    else:
        schema = "at this version's schema" if state.migrated else "not migrated"
        console.print(
            f"{settings.database_path}: {state.tenants} tenants, {schema}."
            if state.database
            else f"{settings.database_path} is not there: run `nox -s seed`.",
            highlight=False,
        )
    raise typer.Exit(0 if state.tenants and state.migrated else 1)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what is wrong is said in one sentence, without a traceback.

    Args:
        arguments: of the command line, when they are not the process's own.
    """
    try:
        app(arguments, standalone_mode=arguments is None)
    except SeedError as error:
        typer.echo(f"kyros-api: {error}", err=True)
        sys.exit(1)

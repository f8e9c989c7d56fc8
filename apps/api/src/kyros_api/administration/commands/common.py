"""What commands take, and how they speak: sentences and tables for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kyros_api.administration.errors import AdministrationError
from kyros_api.command_line import storage_settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection

Tenant = Annotated[str, typer.Argument(metavar="TENANT", help="Its slug or id.")]
Email = Annotated[str, typer.Argument(metavar="EMAIL")]
Dashboard = Annotated[str, typer.Argument(metavar="DASHBOARD", help="Its slug.")]
OfTenant = Annotated[
    str | None, typer.Option("--tenant", metavar="TENANT", help="Only of this slug or id.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def reading() -> "AbstractContextManager[Connection]":
    """Open the metadata for a command that changes nothing."""
    from kyros_api.administration.database import reading as open_metadata

    return open_metadata(storage_settings().database)


def changing() -> "AbstractContextManager[Connection]":
    """Open the one transaction of a command."""
    from kyros_api.administration.database import changing as open_metadata

    return open_metadata(storage_settings().database)


def show(
    items: Sequence[Any],
    columns: Mapping[str, Callable[[Any], object]],
    *,
    as_json: bool,
    empty: str,
) -> None:
    """Print named tuples: all of each as JSON, or the named columns as a table.

    Args:
        items: what to print.
        columns: the heads of the table, and what stands under them.
        as_json: for programs.
        empty: the sentence for people when there is nothing.
    """
    if as_json:
        typer.echo(json.dumps([_plain(item) for item in items], indent=2, ensure_ascii=False))
    elif items:
        _print_table(items, columns)
    else:
        typer.echo(empty)


def count(number: int, thing: str) -> str:
    """Say how many: "1 file", "2,000 files"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def confirm(word: str, given: str | None, option: str) -> None:
    """Have somebody type a name before it is too late.

    Args:
        word: what has to be typed.
        given: what was given on the command line instead, by ``option``.
        option: what a program gives it by.

    Raises:
        AdministrationError: it is not what was typed, or nobody is there to type.
    """
    if given is None and not sys.stdin.isatty():
        raise AdministrationError(f"Nobody is here to confirm that; add {option} {word}.")
    typed = typer.prompt(f"Type {word} to go on", err=True) if given is None else given
    if typed.strip() != word:
        raise AdministrationError(f"That was {typed!r} and not {word}, so nothing was changed.")


@contextmanager
def bytes_done(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show how many bytes of a task are done, where somebody looks on."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(title), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _print_table(items: Sequence[Any], columns: Mapping[str, Callable[[Any], object]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for item in items:
        table.add_row(*(Text(_cell(value(item))) for value in columns.values()))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 10_000  # a file or a pipe has no edge to break lines at
    console.print(table)


def _cell(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M}"
        case None:
            return ""
        case _:
            return str(value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a list holds
    """Turn named tuples into objects with their names as keys, and times into text."""
    match value:
        case tuple() if hasattr(value, "_asdict"):
            return {name: _plain(part) for name, part in value._asdict().items()}
        case list():
            return [_plain(part) for part in value]
        case datetime():
            return value.isoformat()
        case _:
            return value

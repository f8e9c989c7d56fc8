"""What all of the API's commands have in common."""

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

import typer

from kyros_api.administration.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from kyros_api.settings import StorageSettings


def storage_settings() -> "StorageSettings":
    """Read where metadata and data lie, or end the process with a sentence."""
    from kyros_api.settings import StorageSettings
    from kyros_shared_config import load_settings

    return load_settings(StorageSettings)


def require_models(command: str) -> None:
    """Make sure that what fits models is installed, as it is not where requests are answered.

    Raises:
        EnvironmentFaultError: it is not.
    """
    if find_spec("kyros_analytics") is None or find_spec("pandas") is None:
        raise EnvironmentFaultError(
            f"What fits models is not installed here; use nox -s {command}, or in Docker the image "
            f"of jobs (docker compose run --rm jobs …), or install kyros-api[models]."
        )


def as_called(text: str) -> str:
    """Name our commands as somebody calls them who called this one by Nox."""
    if not os.environ.get("NOX_CURRENT_SESSION"):
        return text
    for command in ("admin", "backup", "ingest", "restore", "seed"):
        text = text.replace(f"kyros-api {command}", f"nox -s {command} --")
    return text


def command_group(purpose: str) -> typer.Typer:
    """Make an empty group of commands, which on its own prints what there is.

    Help is plain text: drawing boxes would cost more time than everything else that it does.
    """
    group = typer.Typer(
        add_completion=False,
        help=purpose,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @group.callback()
    def _without_a_command(context: typer.Context) -> None:
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())
            raise typer.Exit(2)

    return group

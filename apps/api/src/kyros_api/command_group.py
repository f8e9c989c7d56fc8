"""What every group of the API's commands has in common."""

import typer


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

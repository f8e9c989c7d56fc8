"""``kyros-api admin role …``."""

from typing import Annotated, Literal

import typer

from kyros_api.administration.commands.common import Email, Tenant, changing
from kyros_api.command_line import command_group

app = command_group("Who may do what in which tenant.")


@app.command("grant")
def grant(
    email: Email,
    tenant: Tenant,
    role: Annotated[Literal["admin", "viewer"], typer.Argument(help="In place of another.")],
) -> None:
    """Give a person a role in a tenant, or another one."""
    from kyros_api.administration import roles

    with changing() as connection:
        granted = roles.grant(connection, email, tenant, role)
    if granted.before == granted.role:
        end = f" {granted.role} in {granted.slug} already; nothing was changed."
    else:
        was = f", no longer {granted.before}" if granted.before else ""
        end = f" now {granted.role} in {granted.slug}{was}."
    typer.echo(f"User {granted.email} is{end}")


@app.command("revoke")
def revoke(email: Email, tenant: Tenant) -> None:
    """Take a person's role in a tenant: they are out."""
    from kyros_api.administration import roles

    with changing() as connection:
        revoked = roles.revoke(connection, email, tenant)
    typer.echo(f"User {revoked.email} is no longer {revoked.before} in {revoked.slug}.")

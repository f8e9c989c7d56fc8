"""``kyros-api admin dashboard …``."""

from typing import Annotated

import typer

from kyros_api.administration.commands.common import (
    AsJson,
    Dashboard,
    Tenant,
    changing,
    reading,
    show,
)
from kyros_api.command_line import command_group, storage_settings

app = command_group("Which tenant has which dashboard.")


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the dashboards, and who has them."""
    from kyros_api.administration import dashboards

    with reading() as connection:
        found = dashboards.list_all(connection)
    columns = {
        "Slug": lambda item: item.slug,
        "Title": lambda item: item.title,
        "Tenants": lambda item: ", ".join(item.tenants),
    }
    show(found, columns, as_json=as_json, empty="There are no dashboards.")


@app.command("assign")
def assign(
    tenant: Tenant,
    dashboard: Dashboard,
    *,
    config: Annotated[
        str | None, typer.Option(metavar="JSON", help="The tenant's own settings, all of them.")
    ] = None,
    data_version: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="Of its data on disk, such as the one before."),
    ] = None,
) -> None:
    """Give a tenant a dashboard, or change how it has it."""
    from kyros_api.administration import dashboards

    settings = None if config is None else dashboards.parse_config(config)
    data = None
    if data_version is not None:
        data = dashboards.DataVersion(data_version, storage_settings().data_dir / "tenants")
    with changing() as connection:
        assigned = dashboards.assign(connection, tenant, dashboard, config=settings, data=data)
    done = "has new settings for" if assigned.had else "has now"
    shows = f"data version {assigned.data_version}" if assigned.data_version else "no data yet"
    typer.echo(f"Tenant {assigned.tenant.slug} {done} {dashboard}, with {shows}.")


@app.command("unassign")
def unassign(tenant: Tenant, dashboard: Dashboard) -> None:
    """Take a dashboard from a tenant; its files stay."""
    from kyros_api.administration import dashboards

    with changing() as connection:
        taken = dashboards.unassign(connection, tenant, dashboard)
    stays = f"; its data version {taken.data_version} stays on disk" if taken.data_version else ""
    typer.echo(f"Tenant {taken.tenant.slug} no longer has {dashboard}{stays}.")

"""``kyros-api admin audit …``."""

from typing import Annotated

import typer

from kyros_api.administration.commands.common import AsJson, OfTenant, reading, show
from kyros_api.command_line import command_group

app = command_group("Who was let in or turned away, and what operators did.")


@app.command("list")
def list_events(
    *,
    tenant: OfTenant = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many lines.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List lines of the audit log, newest first."""
    from kyros_api.administration import audit

    with reading() as connection:
        found = audit.list_events(connection, tenant, limit)
    columns = {
        "At (UTC)": lambda item: item.at,
        "Actor": lambda item: item.actor,
        "Action": lambda item: item.action,
        "Outcome": lambda item: item.outcome,
        "Tenant": lambda item: item.tenant_id,
        "Details": lambda item: ", ".join(f"{key}={item.details[key]}" for key in item.details),
    }
    show(found, columns, as_json=as_json, empty="There is nothing in the audit log.")

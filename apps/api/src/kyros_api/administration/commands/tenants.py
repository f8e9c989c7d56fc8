"""``kyros-api admin tenant …``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kyros_api.administration.commands.common import (
    AsJson,
    Tenant,
    bytes_done,
    changing,
    confirm,
    count,
    reading,
    show,
)
from kyros_api.command_line import command_group, storage_settings

if TYPE_CHECKING:
    from kyros_api.administration.erasure import Doomed

app = command_group("Customer organisations: add, shut, hand out, erase.")


@app.command("add")
def add(
    *,
    name: Annotated[str, typer.Option(help="What people call it.")],
    slug: Annotated[str, typer.Option(help="What it is called in addresses.")],
    tenant_id: Annotated[
        str | None, typer.Option("--id", metavar="UUID", help="Random when not given.")
    ] = None,
    primary_color: Annotated[
        str | None, typer.Option(metavar="#RRGGBB", help="Of its pages.")
    ] = None,
    currency: Annotated[str | None, typer.Option(metavar="CODE", help="Such as EUR.")] = None,
) -> None:
    """Add a tenant, without users and dashboards."""
    from kyros_api.administration import tenants

    new = tenants.NewTenant(name, slug, tenant_id, primary_color, currency)
    with changing() as connection:
        added = tenants.add(connection, new, storage_settings().data_dir / "tenants")
    typer.echo(f"Tenant {added.slug} is added, with id {added.id}.")


@app.command("change")
def change(
    tenant: Tenant,
    *,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    primary_color: Annotated[
        str | None, typer.Option(metavar="#RRGGBB", help="Of its pages.")
    ] = None,
    logo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A PNG, JPEG or WebP of 8 kB at most.")
    ] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help="Its initials instead.")] = False,
) -> None:
    """Give a tenant another name, colour or logo."""
    from kyros_api.administration import logos, tenants
    from kyros_api.administration.errors import AdministrationError

    if logo is not None and no_logo:
        raise AdministrationError("--logo and --no-logo contradict each other; give one of them.")
    if not no_logo and (name, primary_color, logo) == (None, None, None):
        raise AdministrationError(
            "Say what to change: --name, --primary-color, --logo or --no-logo."
        )
    picture = "" if no_logo else None if logo is None else logos.read_logo(logo)
    with changing() as connection:
        found, changed = tenants.change(
            connection, tenant, tenants.Look(name, primary_color, picture)
        )
    typer.echo(
        f"Tenant {found.slug} is changed."
        if changed
        else f"Tenant {found.slug} is like that already; nothing was changed."
    )


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the tenants, active or not."""
    from kyros_api.administration import tenants

    with reading() as connection:
        found = tenants.list_all(connection)
    columns = {
        "Slug": lambda item: item.slug,
        "Name": lambda item: item.name,
        "Id": lambda item: item.id,
        "Active": lambda item: item.is_active,
        "Users": lambda item: item.users,
        "Dashboards": lambda item: item.dashboards,
        "Since": lambda item: item.created_at,
    }
    show(found, columns, as_json=as_json, empty="There are no tenants.")


@app.command("disable")
def disable(tenant: Tenant) -> None:
    """Shut a tenant: nobody enters it; its data stay."""
    from kyros_api.administration import tenants

    with changing() as connection:
        found, changed = tenants.set_active(connection, tenant, active=False)
    typer.echo(
        f"Tenant {found.slug} is disabled: nobody can enter it."
        if changed
        else f"Tenant {found.slug} is disabled already; nothing was changed."
    )


@app.command("enable")
def enable(tenant: Tenant) -> None:
    """Open a tenant that was disabled."""
    from kyros_api.administration import tenants

    with changing() as connection:
        found, changed = tenants.set_active(connection, tenant, active=True)
    typer.echo(
        f"Tenant {found.slug} is enabled: its users can enter it."
        if changed
        else f"Tenant {found.slug} is enabled already; nothing was changed."
    )


@app.command("export")
def export(
    tenant: Tenant,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip to write.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Write all that is held of a tenant to a zip."""
    from kyros_api.administration.export import export_tenant

    with bytes_done("Exporting") as report:
        done = export_tenant(storage_settings(), tenant, file, report, force=force)
    typer.echo(
        f"Tenant {done.tenant.slug} is exported to {file}: {count(done.files, 'file')}, "
        f"{count(done.bytes, 'byte')}."
    )


@app.command("erase")
def erase(
    tenant: Tenant,
    *,
    confirmed: Annotated[
        str | None, typer.Option("--confirm", metavar="SLUG", help="Instead of typing it.")
    ] = None,
    keep_users: Annotated[
        bool, typer.Option("--keep-users", help="Also those who are in no other tenant.")
    ] = False,
    receipt: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the receipt goes.")
    ] = None,
) -> None:
    """Delete all that is held of a tenant, for good."""
    from kyros_api.administration.erasure import Erasure

    erasure = Erasure(storage_settings(), tenant, keep_users)
    doomed = erasure.look()
    typer.echo(_describe(doomed, keep_users=keep_users), err=True)
    if not doomed.is_gone:
        confirm(doomed.name, confirmed, "--confirm")
    file, text = erasure.run(receipt)
    typer.echo(text)
    typer.echo(f"Tenant {doomed.name} is erased; the receipt is in {file}.", err=True)


def _describe(doomed: "Doomed", *, keep_users: bool) -> str:
    if doomed.is_gone:
        return f"Tenant {doomed.name} is erased already; this writes its receipt again."
    files = f"{count(doomed.data.files, 'file')} of data, {count(doomed.data.bytes, 'byte')}"
    if doomed.tenant is None:
        return f"Of tenant {doomed.name} only data are left; this deletes, for good: {files}."
    people = f"{count(len(doomed.only_here), 'user')} of no other tenant"
    return "\n".join(
        (
            f"This deletes tenant {doomed.name} ({doomed.tenant.name}), for good:",
            f"  {files}",
            f"  {count(doomed.dashboards, 'assigned dashboard')}",
            f"  {count(doomed.grants, 'role')} of users",
            f"  {count(doomed.audit_lines, 'line')} of the audit log",
            f"It keeps {people}." if keep_users else f"  {people}",
        )
    )

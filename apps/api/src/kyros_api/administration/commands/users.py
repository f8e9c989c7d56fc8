"""``kyros-api admin user …``."""

import sys
from typing import Annotated

import typer

from kyros_api.administration.commands.common import (
    AsJson,
    Email,
    OfTenant,
    changing,
    confirm,
    count,
    reading,
    show,
)
from kyros_api.administration.errors import AdministrationError
from kyros_api.command_line import command_group

app = command_group("People: add, shut out, give a password, remove.")

_LONGEST_LINE = 4096  # bytes


@app.command("add")
def add(email: Email) -> None:
    """Add a person, without a password and roles."""
    from kyros_api.administration import users

    with changing() as connection:
        user = users.add(connection, email)
    typer.echo(
        f"User {user.email} is added; a role (role grant) and a password (user set-password) "
        "let them in."
    )


@app.command("list")
def list_all(*, tenant: OfTenant = None, as_json: AsJson = False) -> None:
    """List the users, active or not, and their roles."""
    from kyros_api.administration import users

    with reading() as connection:
        found = users.list_all(connection, tenant)
    columns = {
        "Email": lambda item: item.email,
        "Active": lambda item: item.is_active,
        "Password": lambda item: item.has_password,
        "Roles": lambda item: ", ".join(f"{grant.slug} {grant.role}" for grant in item.tenants),
        "Since": lambda item: item.created_at,
    }
    show(found, columns, as_json=as_json, empty="There are no users.")


@app.command("disable")
def disable(email: Email) -> None:
    """Shut a person out of every tenant; roles stay."""
    from kyros_api.administration import users

    with changing() as connection:
        user, changed = users.set_active(connection, email, active=False)
    typer.echo(
        f"User {user.email} is disabled: they cannot sign in, nor enter any tenant."
        if changed
        else f"User {user.email} is disabled already; nothing was changed."
    )


@app.command("enable")
def enable(email: Email) -> None:
    """Let in a person who was disabled."""
    from kyros_api.administration import users

    with changing() as connection:
        user, changed = users.set_active(connection, email, active=True)
    typer.echo(
        f"User {user.email} is enabled, with the roles of before."
        if changed
        else f"User {user.email} is enabled already; nothing was changed."
    )


@app.command("set-password")
def set_password(
    email: Email,
    *,
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from the first line of standard input.")
    ] = False,
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a random one and print it once.")
    ] = False,
) -> None:
    """Give a person a password, typed twice unseen."""
    from kyros_api.administration import users
    from kyros_api.auth.passwords import hash_password, password_problem

    if from_stdin and generate:
        raise AdministrationError("--stdin and --generate exclude each other; choose one.")
    with reading() as connection:
        user = users.find(connection, email)
    password = _obtain_password(user.email, from_stdin=from_stdin, generate=generate)
    problem = password_problem(password, user.email)
    if problem:
        raise AdministrationError(problem)
    hashed = hash_password(password)
    with changing() as connection:
        users.set_password(connection, user.email, hashed)
    if generate:
        typer.echo(password)
    typer.echo(
        f"User {user.email} has a new password{', which is not shown again' if generate else ''}.",
        err=generate,
    )


@app.command("remove")
def remove(
    email: Email,
    *,
    confirmed: Annotated[
        str | None, typer.Option("--confirm", metavar="EMAIL", help="Instead of typing it.")
    ] = None,
) -> None:
    """Remove a person; the audit log keeps its lines."""
    from kyros_api.administration import users

    with reading() as connection:
        user = users.find(connection, email)
    confirm(user.email, confirmed, "--confirm")
    with changing() as connection:
        user, roles = users.remove(connection, user.email)
    typer.echo(f"User {user.email} is removed, with {count(roles, 'role')}.")


def _obtain_password(email: str, *, from_stdin: bool, generate: bool) -> str:
    if from_stdin:
        return _read_line()
    if generate:
        from kyros_api.auth.passwords import generate_password

        return generate_password()
    if not sys.stdin.isatty():
        raise AdministrationError("Nobody is here to type a password; use --stdin or --generate.")
    typed: str = typer.prompt(
        f"New password of {email}", hide_input=True, confirmation_prompt="The same again", err=True
    )
    return typed


def _read_line() -> str:
    line = sys.stdin.buffer.readline(_LONGEST_LINE)
    try:
        return line.decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise AdministrationError(
            "The password on standard input is not UTF-8; write it in that encoding."
        ) from error

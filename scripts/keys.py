"""Make production's secrets, and rotate them."""

from __future__ import annotations

from scripts.support import secret_files, settings
from scripts.support.terminal import Arguments, console, run

_SESSION_SECONDS = 3600  # the API's own word for an empty USER_TOKEN_SECONDS


def main() -> int:
    """Make what is missing; with an option, replace what is there."""
    parser = Arguments("secrets", "Make production's secrets in secrets/; keeps those there.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument(
        "--rotate", action="store_true", help="new keys; those before go on for verification"
    )
    choice.add_argument(
        "--revoke", action="store_true", help="new keys alone, after a leak: signs everybody out"
    )
    arguments = parser.parse_args()
    if arguments.rotate:
        lifetime = settings.read().get("USER_TOKEN_SECONDS", "")
        secret_files.rotate(int(lifetime) if lifetime.isdigit() else _SESSION_SECONDS)
        console.print("New keys are in secrets/; those until now still open what they made")
        console.print("The database's password stays: docs/postgresql.md tells how to change it")
    elif arguments.revoke:
        secret_files.revoke()
        console.print("New keys are in secrets/, and no others: everybody will be signed out")
        console.print("The database's password stays: docs/postgresql.md tells how to change it")
    else:
        made = secret_files.make()
        console.print(f"Made in secrets/: {', '.join(made)}" if made else "All are there already")
    console.print("In force with the next nox -s up -- --prod --detach")
    return 0


if __name__ == "__main__":
    run(main)

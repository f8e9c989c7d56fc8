"""Random passwords for the demo's users."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, update

from kyros_api.auth.passwords import generate_password, hash_password
from kyros_api.metadata.tables import users
from kyros_api.seeding import demo

if TYPE_CHECKING:
    from collections.abc import Mapping


def set_missing_passwords(connection: Connection) -> Mapping[str, str]:
    """Give each demo user without a password a random one; who has one keeps it.

    Args:
        connection: in a transaction, with the demo's users in place.

    Returns:
        the passwords that were set, by email. They are good once the transaction is committed,
        and nothing but their hashes is kept.
    """
    without = select(users.c.id, users.c.email).where(
        users.c.id.in_([user.id for user in demo.USERS]), users.c.password_hash.is_(None)
    )
    rows = connection.execute(without.order_by(users.c.email)).all()
    passwords = [generate_password() for _ in rows]
    with ThreadPoolExecutor() as threads:
        hashes = threads.map(hash_password, passwords)
        for row, hashed in zip(rows, hashes, strict=True):
            connection.execute(
                update(users).where(users.c.id == row.id).values(password_hash=hashed)
            )
    return {row.email: password for row, password in zip(rows, passwords, strict=True)}

"""Bringing a database to the shape that this version of the API needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from kyros_api.metadata import HEAD
from kyros_api.metadata.revision import current_revision

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def newest_script() -> str | None:
    """Return the newest revision among the migration scripts."""
    return _scripts().get_current_head()


def revisions() -> list[str]:
    """Return the revisions that there are migration scripts for, oldest first."""
    return [script.revision for script in _scripts().walk_revisions()][::-1]


def knows(revision: str) -> bool:
    """Return whether there is a script that made this revision."""
    return revision in revisions()


def move(connection: Connection, revision: str | None = None) -> str:
    """Migrate, forwards or back, in the transaction of the connection; to the newest by default.

    Returns:
        the revision that the database is at then.

    Raises:
        UnknownSchemaError: this version has no script for the wanted revision, or for the one that
            the database is at.
    """
    wanted = revision or HEAD
    found, known = current_revision(connection), revisions()
    for one in filter(None, (found, wanted)):
        if one not in known:
            raise UnknownSchemaError(one)
    if found is not None and known.index(wanted) < known.index(found):
        downgrade(connection, wanted)
    else:
        upgrade(connection, wanted)
    return wanted


class UnknownSchemaError(ValueError):
    """This version knows no such schema; its text is the revision."""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate to ``revision`` in the transaction of the connection: all of it or nothing."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Migrate back to ``revision`` in the transaction of the connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)

"""Migrations bring an empty database to the shape of the tables, and back."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from kyros_api.metadata import HEAD
from kyros_api.metadata.migrate import UnknownSchemaError, downgrade, move, newest_script
from kyros_api.metadata.revision import current_revision
from kyros_api.metadata.tables import metadata

pytestmark = pytest.mark.databases


def test_migrations_match_tables(engine: Engine) -> None:
    """Nothing is left to generate: the code and the migrations speak of the same tables."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


def test_head(engine: Engine) -> None:
    """The schema that this version asks for is that of the newest migration."""
    assert newest_script() == HEAD
    with engine.connect() as connection:
        assert HEAD == current_revision(connection)


def test_back_to_nothing(engine: Engine) -> None:
    """Every migration goes back."""
    with engine.begin() as connection:
        downgrade(connection, "base")
    assert ["alembic_version"] == inspect(engine).get_table_names()


def test_to_an_older_version_and_forwards_again(engine: Engine) -> None:
    """What older versions store too is kept on the way."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO users VALUES ('u', 'u@t', TRUE, '2026-01-01', NULL)"))
        assert "0002" == move(connection, "0002") == current_revision(connection)
    with engine.begin() as connection:
        assert HEAD == move(connection) == current_revision(connection)
        assert "u" == connection.execute(text("SELECT id FROM users")).scalar_one()


def test_a_schema_that_nobody_knows(engine: Engine) -> None:
    """Whether it is asked for, or is what the database has: nothing is changed."""
    with engine.begin() as connection, pytest.raises(UnknownSchemaError, match=r"^9998$"):
        move(connection, "9998")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for revision in (None, "0002"):
        with engine.begin() as connection, pytest.raises(UnknownSchemaError, match=r"^9999$"):
            move(connection, revision)
    with engine.connect() as connection:
        assert "9999" == current_revision(connection)


@pytest.mark.sqlite
def test_pragmas(engine: Engine) -> None:
    """Readers do not wait for writers, references hold, and writers wait for each other."""
    with engine.connect() as connection:
        found = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert ["wal", 1, 5000] == found


def test_references_hold_and_cascade(engine: Engine) -> None:
    """A grant needs its user and tenant, and goes with them."""
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO tenants VALUES ('t', 'T', 't', TRUE, '{}', '2026-01-01 00:00:00')")
        )
        connection.execute(text("INSERT INTO users VALUES ('u', 'u@t', TRUE, '2026-01-01', NULL)"))
        connection.execute(text("INSERT INTO user_tenants VALUES ('u', 't', 'viewer')"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO user_tenants VALUES ('nobody', 't', 'viewer')"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE user_tenants SET role = 'owner'"))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tenants"))
        assert 0 == connection.execute(text("SELECT count(*) FROM user_tenants")).scalar_one()

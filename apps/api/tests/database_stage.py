"""Databases for tests: each has one of its own, copied from one that was made once."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from sqlalchemy import text

from kyros_api.metadata.engine import open_engine
from kyros_api.metadata.location import Location, PostgresServer, SqliteFile
from kyros_api.metadata.migrate import upgrade
from kyros_api.seeding.seed import seed
from kyros_api.settings import StorageSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest


class Database(NamedTuple):
    """A test's own metadata.

    Attributes:
        location: where they are.
        path: of the file; of a server, one that is not there.
    """

    location: Location
    path: Path

    @property
    def settings(self) -> dict[str, object]:
        """What settings have of it."""
        if isinstance(self.location, PostgresServer):
            return {"database_url": self.location.url}
        return {"database_path": self.path}

    @property
    def variables(self) -> dict[str, str]:
        """The same as environment variables."""
        return {name.upper(): str(value) for name, value in self.settings.items()}

    def set_variables(self, patch: pytest.MonkeyPatch) -> None:
        """Let commands find it."""
        patch.delenv("DATABASE_URL", raising=False)
        for name, value in self.variables.items():
            patch.setenv(name, value)

    def execute(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Run a statement, committed when this returns; give its rows by their columns' names."""
        engine = open_engine(self.location)
        try:
            with engine.begin() as connection:
                result = connection.execute(text(sql), values)
                rows = result.mappings().all() if result.returns_rows else ()
                return [{name: _plain(value) for name, value in row.items()} for row in rows]
        finally:
            engine.dispose()

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Run a SELECT, and give its rows without names."""
        return [tuple(row.values()) for row in self.execute(sql, **values)]


class Databases(ABC):
    """Makes databases of one kind."""

    @abstractmethod
    def seeded(self, path: Path) -> Database:
        """Make one that holds the demo; a file lies at the path."""

    @abstractmethod
    def migrated(self, path: Path) -> Database:
        """Make one with the tables and nothing in them."""

    @abstractmethod
    def empty(self, path: Path) -> Database:
        """Make one without tables; a file is only named, not made."""

    @contextmanager
    def for_a_while(self) -> Iterator[Databases]:
        """Remove what is made meanwhile, where that takes more than removing files."""
        yield self

    def close(self) -> None:  # noqa: B027 - files need no closing
        """Remove all that this made."""


class SqliteDatabases(Databases):
    """Copies files."""

    def __init__(self, seeded: Callable[[], Path], folder: Path) -> None:
        self._seeded = seeded
        self._migrated = folder / "migrated.db"

    def seeded(self, path: Path) -> Database:
        """Copy the one that was seeded."""
        shutil.copy(self._seeded() / "tenant_metadata.db", path)
        return self.empty(path)

    def migrated(self, path: Path) -> Database:
        """Copy one that was migrated."""
        if not self._migrated.exists():
            _migrate(SqliteFile(self._migrated))
        shutil.copy(self._migrated, path)
        return self.empty(path)

    def empty(self, path: Path) -> Database:
        """Name a file."""
        return Database(SqliteFile(path), path)


class PostgresDatabases(Databases):
    """Has the server copy templates, which takes it some hundredths of a second."""

    def __init__(self, server: str, seeded: Callable[[], Path]) -> None:
        self._server = server
        self._seeded = seeded
        self._names = (f"kyros_test_{secrets.token_hex(4)}_{number}" for number in count())
        self._templates: dict[str, str] = {}
        self._admin = psycopg.connect(self._url("postgres"), autocommit=True)
        self._made: list[str] = []

    def seeded(self, path: Path) -> Database:
        """Copy the template that holds the demo."""
        if "seeded" not in self._templates:
            name = self._templates["seeded"] = self._make("template1")
            settings = StorageSettings.model_validate(
                {"data_dir": self._seeded(), "database_url": self._url(name)}
            )
            seed(settings, lambda _step: None)
        return self._copy(self._templates["seeded"], path)

    def migrated(self, path: Path) -> Database:
        """Copy the template that has the tables."""
        if "migrated" not in self._templates:
            name = self._templates["migrated"] = self._make("template1")
            _migrate(PostgresServer(self._url(name)))
        return self._copy(self._templates["migrated"], path)

    def empty(self, path: Path) -> Database:
        """Copy the server's own empty one."""
        return self._copy("template1", path)

    @contextmanager
    def for_a_while(self) -> Iterator[Databases]:
        """Remove what is made meanwhile; templates stay."""
        before = set(self._made)
        yield self
        self._drop(set(self._made) - before - set(self._templates.values()))

    def close(self) -> None:
        """Remove all."""
        self._drop(set(self._made))
        self._admin.close()

    def _drop(self, names: set[str]) -> None:
        for name in names:
            self._admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            self._made.remove(name)

    def _copy(self, template: str, path: Path) -> Database:
        return Database(PostgresServer(self._url(self._make(template))), path)

    def _make(self, template: str) -> str:
        name = next(self._names)
        for patience in (True, True, True, False):
            try:
                self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
                break
            except psycopg.errors.ObjectInUse:  # who filled it has only just gone
                if not patience:
                    raise
                time.sleep(0.3)
        self._made.append(name)
        return name

    def _url(self, name: str) -> str:
        return f"{self._server}/{name}"


def _plain(value: object) -> object:
    """Return JSON as the text that SQLite has of it."""
    return json.dumps(value) if isinstance(value, dict) else value


def _migrate(location: Location) -> None:
    engine = open_engine(location, create=True)
    with engine.begin() as connection:
        upgrade(connection)
    engine.dispose()

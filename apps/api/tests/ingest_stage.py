"""What the tests of ingesting share: a command line on a small installation, and files for it."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import duckdb
from api_stage import ACME
from operator_stage import Done

from kyros_api.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from database_stage import Database

CLV, RISK = "customer-lifetime-value", "risk-analysis"


class Loader:
    """Runs ``kyros-api ingest`` for Acme, and looks at what came of it."""

    def __init__(self, database: Database, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
        self.database = database
        self.data_dir = data_dir
        self._patch = patch
        database.set_variables(patch)
        patch.setenv("DATA_DIR", str(data_dir))
        patch.delenv("NOX_CURRENT_SESSION", raising=False)

    def run(self, *arguments: str | Path, dashboard: str = CLV) -> Done:
        """Run it with these arguments."""
        options = ["ingest", "--tenant", "acme-corp", "--dashboard", dashboard]
        return self.call(*options, *map(str, arguments))

    def call(self, *arguments: str) -> Done:
        """Run a command."""
        self._patch.setattr(sys, "stdin", io.StringIO())
        code = 0
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            try:
                main(list(arguments))
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
        assert "Traceback" not in err.getvalue()
        return Done(code, out.getvalue(), err.getvalue())

    def refused(self, *arguments: str | Path, dashboard: str = CLV) -> str:
        """Run it on what must be refused, make sure that nothing changed, and say why it was."""
        before = self.state()
        done = self.run(*arguments, dashboard=dashboard)
        assert 1 == done.code, done
        assert before == self.state()
        return done.err[done.err.index("kyros-api: ") :].removeprefix("kyros-api: ").strip()

    def wrong(self, *arguments: str | Path, dashboard: str = CLV) -> str:
        """Run it with arguments that make no sense, and return the sentence."""
        before = self.state()
        done = self.run(*arguments, dashboard=dashboard)
        assert 2 == done.code, done
        assert before == self.state()
        return done.err[done.err.index("kyros-api: ") :].removeprefix("kyros-api: ").strip()

    def taken(self, *arguments: str | Path, dashboard: str = CLV) -> str:
        """Run it on what must go well, and return what it prints at the end."""
        done = self.run(*arguments, dashboard=dashboard)
        assert 0 == done.code, done
        return done.out

    def assigned(self, dashboard: str = CLV) -> dict[str, Any]:
        """Return the row that says what Acme has."""
        (row,) = self.database.execute(
            "SELECT tenant_dashboards.* FROM tenant_dashboards"
            " JOIN dashboards ON dashboards.id = dashboard_id"
            " WHERE tenant_id = :tenant AND slug = :slug",
            tenant=ACME,
            slug=dashboard,
        )
        return row

    def folder(self, dashboard: str = CLV) -> Path:
        """Return the folder of what is in place."""
        version = str(self.assigned(dashboard)["data_version"])
        return self.data_dir / "tenants" / ACME / dashboard / version

    def table(self, name: str, dashboard: str = CLV, columns: str = "*") -> list[tuple[Any, ...]]:
        """Return the rows of a table in place."""
        with duckdb.connect(":memory:") as database:
            path = self.folder(dashboard) / f"{name}.parquet"
            return database.execute(f"SELECT {columns} FROM '{path}'").fetchall()

    def versions(self, dashboard: str = CLV) -> set[str]:
        """Return what lies below Acme's dashboard, also what nobody should see."""
        folder = self.data_dir / "tenants" / ACME / dashboard
        return {path.name for path in folder.iterdir()}

    def audit(self) -> list[tuple[str, str]]:
        """Return what was written down of changes to data."""
        return self.database.rows(
            "SELECT action, CAST(details AS TEXT) FROM audit_log"
            " WHERE action LIKE 'admin.data.%' ORDER BY id"
        )

    def state(self) -> dict[str, object]:
        """Return everything that a command could change."""
        files = {
            str(path.relative_to(self.data_dir)): path.stat().st_mtime_ns
            for path in self.data_dir.rglob("*")
            if path.is_file()
            and path.name != ".seed.lock"
            and self.database.path.name not in path.name
        }
        return {"files": files, "row": self.assigned(), "audit": self.audit()}


def purchases(rows: int = 400, header: str = "customer_id,date,quantity,spend") -> str:
    """Return a CSV of purchases, alike to real ones."""
    lines = [header]
    for number in range(rows):
        customer = number * number % (rows // 4 + 1)
        day, month = 1 + number * 7 % 28, 1 + number * 5 % 12
        spend = 5 + (customer * 13 % 40) + number % 7
        lines.append(f"K{customer:04d},2025-{month:02d}-{day:02d},{1 + number % 3},{spend}.50")
    return "\n".join(lines) + "\n"


def accounts(rows: int = 600) -> str:
    """Return a CSV of accounts: a ratio and a job tell something of who defaults."""
    lines = ["account_id,exposure,defaulted,ratio,job,city"]
    for number in range(rows):
        ratio = number * 37 % 100
        bad = (number * 61 % 100) < 5 + ratio * 0.5 + (20 if number % 4 == 0 else 0)
        job = ("none", "clerk", "skilled", "boss")[number % 4]
        lines.append(
            f"A{number:05d},{500 + number * 17 % 9000},{'yes' if bad else 'no'},{ratio},{job},"
            f"Town {number % 200}"
        )
    return "\n".join(lines) + "\n"

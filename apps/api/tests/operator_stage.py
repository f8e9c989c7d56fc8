"""What the tests of administration share: an operator at the command line."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any, NamedTuple

from api_stage import ACME, bearer

from kyros_api.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from api_stage import Stage
    from database_stage import Database

ANALYST = "analyst@acme.com"  # of no other tenant than Acme
CONFIRMED = ("--confirm", "restore")
ERASE_ACME = ("tenant", "erase", "acme-corp", "--confirm", "acme-corp")
GAMMA = "6b1f0c52-9a53-4c8e-8a55-0d1c53f7a9e4"
# A white dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415478da63f8ffff3f0005fe02fe331295140000000049454e44ae"
    "426082"
)
TABLES = ("tenants", "users", "user_tenants", "dashboards", "tenant_dashboards", "audit_log")


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def sentence(done: Done) -> str:
    """Return the one sentence that a refusal consists of."""
    assert "" == done.out
    lines = done.err.splitlines()
    assert 1 == len(lines), done.err
    assert lines[0].startswith("kyros-api: ")
    assert lines[0].endswith(".")
    return lines[0]


class Operator:
    """Runs commands on a database and a data folder, as the command line does."""

    def __init__(self, database: Database, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
        self.database = database
        self.data_dir = data_dir
        self._patch = patch
        self.take_over()

    def take_over(self) -> None:
        """Let commands run here from now on, where there are several operators."""
        self.database.set_variables(self._patch)
        self._patch.setenv("DATA_DIR", str(self.data_dir))

    def run(self, *arguments: str, stdin: bytes = b"") -> Done:
        """Run ``kyros-api admin`` with these arguments."""
        return self.call("admin", *arguments, stdin=stdin)

    def call(self, *arguments: str, stdin: bytes = b"") -> Done:
        """Run ``kyros-api`` with these arguments."""
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = 0
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            try:
                main([*arguments])
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else 1
        return Done(code, out.getvalue(), err.getvalue())

    def do(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run a command that must succeed, and return what it prints."""
        done = self.run(*arguments, stdin=stdin)
        assert (0, "") == (done.code, done.err), done
        return done.out.strip()

    def read(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever a list holds
        """Return a list as programs get it."""
        return json.loads(self.do(*arguments, "--json"))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return what a table holds."""
        order = "id" if table == "audit_log" else "1, 2"
        return self.database.execute(f"SELECT * FROM {table} ORDER BY {order}")

    def files_of(self, tenant_id: str, under: str = "*") -> list[Path]:
        """Return the files of a tenant's data, by path; of one dashboard when it is named."""
        folder = self.data_dir / "tenants" / tenant_id
        return sorted(path for path in folder.glob(f"{under}/*/*") if path.is_file())

    def state(self) -> dict[str, object]:
        """Return everything that a command could change: each row, and each file besides."""
        files = {
            str(path.relative_to(self.data_dir)): path.stat().st_size
            for path in self.data_dir.rglob("*")
            if path.is_file()
            and path.suffix != ".lock"
            and self.database.path.name not in path.name
        }
        return {"files": files, **{table: self.rows(table) for table in TABLES}}


def erase(operator: Operator, *arguments: str) -> dict[str, Any]:
    """Erase Acme, and return the receipt that is printed."""
    done = operator.run(*(arguments or ERASE_ACME))
    assert 0 == done.code, done
    receipt: dict[str, Any] = json.loads(done.out)
    return receipt


def live(stage: Stage) -> None:
    """Leave traces: people sign in, enter, look, are turned away."""
    stage.tenant_token(ANALYST, ACME)
    token = bearer(stage.tenant_token("admin@acme.com", ACME))
    assert 200 == stage.client.get("/api/dashboards/risk-analysis/data", headers=token).status_code
    stranger = bearer(stage.user_token("viewer@beta.com"))
    stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=stranger)
    assert stage.flush_audit()


def found(operator: Operator, trace: str) -> list[str]:
    """Return the tables that hold a text, and the files with it in their bytes or name."""
    tables = [name for name in TABLES if trace in json.dumps(operator.rows(name), default=str)]
    files = [
        str(path.relative_to(operator.data_dir))
        for path in operator.data_dir.rglob("*")
        if path.is_file()
        and (
            trace in str(path.relative_to(operator.data_dir)) or trace.encode() in path.read_bytes()
        )
    ]
    return sorted(tables + files)

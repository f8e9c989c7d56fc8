"""A tenant's export: whole, checkable, of one moment, and of nobody else."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import textwrap
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from api_stage import ACME, BETA, bearer

from kyros_api.administration import export
from kyros_api.administration.errors import AdministrationError
from kyros_api.settings import StorageSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api_stage import Stage
    from operator_stage import Operator

pytestmark = pytest.mark.databases


def read(file: Path) -> dict[str, bytes]:
    """Return what a zip holds, after its own check."""
    with zipfile.ZipFile(file) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def settings(operator: Operator) -> StorageSettings:
    """Return what the export itself takes."""
    return StorageSettings.model_validate(
        {**operator.database.settings, "data_dir": operator.data_dir}
    )


def test_it_is_what_its_manifest_says(operator: Operator, tmp_path: Path) -> None:
    """Every file is listed with size and checksum, the tenant and the moment are named."""
    file = tmp_path / "acme.zip"
    said = operator.do("tenant", "export", "acme-corp", str(file))
    held = read(file)
    size = file.stat().st_size
    assert f"Tenant acme-corp is exported to {file}: {len(held)} files, {size:,} bytes." == said
    assert len(operator.files_of(ACME)) == sum(name.startswith("data/") for name in held)
    manifest = json.loads(held.pop("manifest.json"))
    assert ("kyros-tenant-export", 1) == (manifest["format"], manifest["format_version"])
    assert {"id": ACME, "slug": "acme-corp", "name": "Acme Corporation"} == manifest["tenant"]
    assert manifest["exported_by"].startswith("cli:")
    assert manifest["exported_at"].endswith("+00:00")
    assert [
        {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in held.items()
    ] == manifest["files"]


def test_metadata(operator: Operator, tmp_path: Path) -> None:
    """Tenant, users with their role here, dashboards with their settings; no password."""
    operator.do("user", "set-password", "admin@acme.com", "--stdin", stdin=b"an orange boat, dawn")
    operator.do("tenant", "export", ACME, str(tmp_path / "acme.zip"))
    held = read(tmp_path / "acme.zip")
    tenant = json.loads(held["tenant.json"])
    assert (ACME, "#0052cc", True) == (
        tenant["id"],
        tenant["config_json"]["primary_color"],
        tenant["is_active"],
    )
    users = json.loads(held["users.json"])
    assert [("admin@acme.com", "admin"), ("analyst@acme.com", "viewer")] == [
        (user["email"], user["role"]) for user in users
    ]
    assert {"id", "email", "is_active", "created_at", "role"} == set(users[0])
    dashboards = json.loads(held["dashboards.json"])
    assert [("customer-lifetime-value", "USD"), ("risk-analysis", "DEM")] == [
        (item["slug"], item["config_json"]["currency"]) for item in dashboards
    ]
    whole = b"".join(held.values())
    for foreign in (b"argon2", b"beta", b"Beta", BETA.encode()):
        assert foreign not in whole


def test_data(operator: Operator, own_stage: Stage, tmp_path: Path) -> None:
    """The tables are those that the API answers from, to the row."""
    operator.do("tenant", "export", "acme-corp", str(tmp_path / "acme.zip"))
    with zipfile.ZipFile(tmp_path / "acme.zip") as zipped:
        zipped.extractall(tmp_path)
    token = own_stage.tenant_token("admin@acme.com", ACME)
    for slug, table in (("customer-lifetime-value", "customers"), ("risk-analysis", "accounts")):
        answer = own_stage.client.get(f"/api/dashboards/{slug}/data", headers=bearer(token)).json()
        path = str(tmp_path / "data" / slug / f"{table}.parquet")
        with duckdb.connect() as database:
            (rows,) = database.execute("SELECT count(*) FROM read_parquet(?)", [path]).fetchall()
        assert (answer["total"],) == rows


def test_audit_lines_as_the_tenant_may_see_them(
    operator: Operator, own_stage: Stage, tmp_path: Path
) -> None:
    """Those that its admins see, and a stranger who was turned away stays unnamed there too."""
    own_stage.tenant_token("analyst@acme.com", ACME)
    stranger = bearer(own_stage.user_token("viewer@beta.com"))
    own_stage.client.post("/api/token/exchange", json={"tenant_id": ACME}, headers=stranger)
    assert own_stage.flush_audit()
    token = own_stage.tenant_token("admin@acme.com", ACME)
    shown = own_stage.client.get(f"/api/tenant/{ACME}/audit", headers=bearer(token)).json()
    operator.do("tenant", "export", "acme-corp", str(tmp_path / "acme.zip"))
    lines = [json.loads(line) for line in read(tmp_path / "acme.zip")["audit.jsonl"].splitlines()]
    assert [
        (event["actor"], event["action"], event["request_id"])
        for event in reversed(shown["events"])
    ] == [(line["actor"], line["action"], line["request_id"]) for line in lines]
    denied = [line for line in lines if line["outcome"] == "denied"]
    assert [(None, "token.exchange")] == [(line["actor"], line["action"]) for line in denied]


def test_a_tenant_without_data(operator: Operator, tmp_path: Path) -> None:
    """One that never had any has an export all the same."""
    operator.do("tenant", "add", "--name", "Gamma", "--slug", "gamma")
    operator.do("dashboard", "assign", "gamma", "risk-analysis")
    operator.do("tenant", "export", "gamma", str(tmp_path / "gamma.zip"))
    names = ["tenant.json", "users.json", "dashboards.json", "audit.jsonl", "manifest.json"]
    assert names == list(read(tmp_path / "gamma.zip"))


def test_only_its_owner_reads_it(operator: Operator, tmp_path: Path) -> None:
    """It is full of people's data."""
    operator.do("tenant", "export", "acme-corp", str(tmp_path / "acme.zip"))
    assert 0o600 == (tmp_path / "acme.zip").stat().st_mode & 0o777


def test_a_file_that_is_there_is_kept(operator: Operator, tmp_path: Path) -> None:
    """Unless it is to be replaced; a folder never is, and none is made."""
    file = tmp_path / "acme.zip"
    file.write_text("precious")
    for target, expected in (
        (file, f"{file} is there already; add --force to replace it."),
        (tmp_path, f"{tmp_path} is a folder; name a file in it"),
        (tmp_path / "new" / "acme.zip", f"There is no folder {tmp_path / 'new'}; make it"),
    ):
        done = operator.run("tenant", "export", "acme-corp", str(target))
        assert 2 == done.code
        assert expected in done.err
    assert "precious" == file.read_text()
    assert [] == operator.rows("audit_log")
    operator.do("tenant", "export", "acme-corp", str(file), "--force")
    assert "manifest.json" in read(file)


def test_missing_data_are_said(operator: Operator, tmp_path: Path) -> None:
    """An export that would lack something is not made."""
    folder = next((operator.data_dir / "tenants" / ACME / "risk-analysis").iterdir())
    folder.rename(folder.with_name("elsewhere"))
    done = operator.run("tenant", "export", "acme-corp", str(tmp_path / "acme.zip"))
    assert 1 == done.code
    assert f"{folder} is missing, which holds the data of risk-analysis; restore it" in done.err
    assert [] == list(tmp_path.glob("*acme.zip*"))


def test_a_disk_that_is_full(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left behind, and a file that was there stays."""

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "acme.zip").write_text("precious")
    monkeypatch.setattr("os.fsync", fail)
    arguments = ("tenant", "export", "acme-corp", str(tmp_path / "acme.zip"), "--force")
    done = operator.run(*arguments)
    assert 1 == done.code
    assert "could not be written (No space left on device); free the disk" in done.err
    assert ["acme.zip"] == [path.name for path in tmp_path.glob("*acme*")]
    assert "precious" == (tmp_path / "acme.zip").read_text()


def test_it_is_of_one_moment(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others change while it is written does not show: not in rows, not in files."""
    version = next((operator.data_dir / "tenants" / ACME / "risk-analysis").iterdir())
    expected = (version / "accounts.parquet").read_bytes()

    def meddle(done: int, _total: int) -> None:
        if done == 0:
            for path in version.iterdir():
                path.unlink()

    users = export._users  # noqa: SLF001 - the moment between two tables

    def revoke_between(*arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        operator.do("dashboard", "unassign", "acme-corp", "risk-analysis")
        return users(*arguments)

    monkeypatch.setattr(export, "_users", revoke_between)
    file = tmp_path / "acme.zip"
    export.export_tenant(settings(operator), "acme-corp", file, meddle)
    assert expected == read(file)["data/risk-analysis/accounts.parquet"]
    assert 2 == len(json.loads(read(file)["dashboards.json"]))


def test_a_tenant_that_is_erased_meanwhile(
    operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its export does not come into being any more."""
    monkeypatch.setattr("kyros_api.administration.erasure.GRACE", 0)

    def erase(done: int, _total: int) -> None:
        if done == 0:
            operator.run("tenant", "erase", "acme-corp", "--confirm", "acme-corp")

    with pytest.raises(AdministrationError, match="There is no tenant"):
        export.export_tenant(settings(operator), "acme-corp", tmp_path / "acme.zip", erase)
    assert [] == list(tmp_path.glob("*acme.zip*"))


@contextmanager
def big_table(folder: Path, size: int) -> Iterator[None]:
    """Put a file of this size among the tenant's data for a while."""
    path = folder / "big.parquet"
    with path.open("wb") as file:
        file.truncate(size)
    yield
    path.unlink()


def test_memory_does_not_grow_with_the_data(operator: Operator, tmp_path: Path) -> None:
    """A quarter of a gigabyte takes as much as a few bytes."""
    program = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        from kyros_api.administration.export import export_tenant
        from kyros_api.settings import StorageSettings
        export_tenant(StorageSettings(), "beta-ind", Path(sys.argv[1]), lambda *_: None, force=True)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    """)
    folder = next((operator.data_dir / "tenants" / BETA / "risk-analysis").iterdir())
    used = []
    for size in (1 << 20, 1 << 28):
        with big_table(folder, size):
            command = [sys.executable, "-c", program, str(tmp_path / "beta.zip")]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
        assert size < (tmp_path / "beta.zip").stat().st_size
        used.append(int(done.stdout))
    assert used[1] - used[0] < 16, used  # megabytes

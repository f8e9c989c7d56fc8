"""Ingesting: what a tenant sees afterwards, and how it comes back to what was before."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import duckdb
import pytest
from api_stage import ACME, SOURCES, bearer
from ingest_stage import CLV, RISK, Loader, accounts, purchases

from kyros_api.seeding.seed import seed
from kyros_api.seeding.status import read_status
from kyros_api.settings import StorageSettings

if TYPE_CHECKING:
    from pathlib import Path

    from api_stage import Stage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a file of 400 purchases."""
    path = tmp_path / "shop.csv"
    path.write_text(purchases(), encoding="utf-8")
    return path


def test_purchases(loader: Loader, own_stage: Stage, file: Path) -> None:
    """The tenant sees its file at once, the old data are kept, and the audit log has a line."""
    demo = loader.assigned()["data_version"]
    out = loader.taken(file, "--currency", "EUR", "--title", "Our shop")
    row = loader.assigned()
    assert demo == row["previous_data_version"]
    assert "EUR" == json.loads(row["config_json"])["currency"]
    assert {demo, row["data_version"]} == loader.versions()
    (dataset,) = loader.table("dataset", columns="title, file, rows, unit, currency")
    assert ("Our shop", "shop.csv", 400, "purchases", "EUR") == dataset
    customers = len({line.partition(",")[0] for line in purchases().splitlines()[1:]})
    assert (400, customers) == loader.table(
        "transactions", columns="count(*), count(DISTINCT customer_id)"
    )[0]
    for said in ("acme-corp sees now Our shop", "Purchases  400", "Undo with: kyros-api ingest"):
        assert said in out
    ((action, details),) = loader.audit()
    assert ("admin.data.ingest", "400", "shop.csv") == (
        action,
        json.loads(details)["rows"],
        json.loads(details)["file"],
    )
    token = bearer(own_stage.tenant_token("analyst@acme.com", ACME))
    answer = own_stage.client.get(f"/api/dashboards/{CLV}/views/summary", headers=token).json()
    assert [customers] == answer["columns"]["customers"]
    assert row["data_version"] == answer["meta"]["data_version"]


def test_accounts(loader: Loader, tmp_path: Path) -> None:
    """Further columns become attributes, numbers where all are; segments have their titles."""
    path = tmp_path / "book.csv"
    path.write_text(accounts(), encoding="utf-8")
    options = ["--segment", "job=Occupation", "--exclude", "city"]
    loader.taken(path, *options, dashboard=RISK)
    with duckdb.connect() as database:
        table = loader.folder(RISK) / "accounts.parquet"
        described = database.execute(f"DESCRIBE FROM '{table}'").fetchall()
    kinds = {name: kind for name, kind, *_ in described}
    assert {"ratio": "BIGINT", "job": "VARCHAR", "defaulted": "BOOLEAN", "lgd": "DOUBLE"} == {
        name: kinds[name] for name in ("ratio", "job", "defaulted", "lgd")
    }
    assert "city" not in kinds
    segments = loader.table("segments", RISK, 'DISTINCT "column", title')
    assert [("job", "Occupation")] == segments


def test_unnamed_variables_are_told(loader: Loader, tmp_path: Path) -> None:
    """Whoever names none is told which attributes the score was made of, and what to mind."""
    path = tmp_path / "book.csv"
    path.write_text(accounts(), encoding="utf-8")
    told = "every attribute that fits: "
    out = loader.taken(path, "--dry-run", dashboard=RISK)
    listed = next(line.partition(told)[2] for line in out.splitlines() if told in line)
    assert {"Job", "Ratio"} <= set(listed.removesuffix(".").split(", "))
    assert "repeat with --variable" in out
    named = loader.taken(path, "--dry-run", "--variable", "job", dashboard=RISK)
    assert told not in named


def test_undo_and_again_forward(loader: Loader, file: Path) -> None:
    """Undo puts back what was there with its currency, and repeated it takes that back."""
    before = loader.assigned()
    loader.taken(file, "--currency", "EUR")
    own = loader.assigned()
    out = loader.taken("--undo")
    assert "sees CDNOW" in out
    back = loader.assigned()
    assert (before["data_version"], own["data_version"]) == (
        back["data_version"],
        back["previous_data_version"],
    )
    assert "USD" == json.loads(back["config_json"])["currency"]
    assert "sees shop" in loader.taken("--undo")
    assert own == loader.assigned()
    assert ["admin.data.ingest", "admin.data.undo", "admin.data.undo"] == [
        action for action, _ in loader.audit()
    ]


def test_one_version_back_is_kept(loader: Loader, file: Path) -> None:
    """After a second file the first one is the one before, and what was before that is gone."""
    loader.taken(file)
    first = loader.assigned()["data_version"]
    loader.taken(file)
    row = loader.assigned()
    assert first == row["previous_data_version"]
    assert {first, row["data_version"]} == loader.versions()


def test_nothing_to_undo(loader: Loader) -> None:
    """Where there is nothing before, undoing says so."""
    assert "There is nothing before the data of acme-corp" in loader.wrong("--undo")


def test_undo_to_damaged_data_is_refused(loader: Loader, file: Path) -> None:
    """Data that cannot be read are not put back."""
    loader.taken(file)
    before = str(loader.assigned()["previous_data_version"])
    (loader.folder().with_name(before) / "customers.parquet").write_bytes(b"damaged")
    assert "older version of Kyros or damaged" in loader.wrong("--undo")


def test_dry_run_changes_nothing(loader: Loader, file: Path) -> None:
    """It does all, shows the result, and leaves no file and no row."""
    before = loader.state()
    out = loader.taken(file, "--dry-run")
    assert "acme-corp would see shop" in out
    assert "Nothing was changed" in out
    assert before == loader.state()


def test_parquet_gives_the_same(loader: Loader, file: Path, tmp_path: Path) -> None:
    """A Parquet file with types of its own gives the tables that its CSV gives."""
    loader.taken(file)
    from_csv = loader.table("transactions"), loader.table("customers")
    with duckdb.connect() as database:
        database.execute(
            f"COPY (SELECT customer_id, date::TIMESTAMP AS date, quantity::SMALLINT AS quantity,"
            f" spend::DECIMAL(12, 2) AS spend FROM '{file}') TO '{tmp_path}/shop.parquet'"
        )
    loader.taken(tmp_path / "shop.parquet")
    assert from_csv == (loader.table("transactions"), loader.table("customers"))


def test_leftovers_are_removed(loader: Loader, file: Path) -> None:
    """What an interrupted run left beside the versions is gone after the next."""
    folder = loader.folder().parent
    (folder / ".staging-killed").mkdir()
    (folder / "own-20260101000000-abcdef").mkdir()
    loader.taken(file)
    row = loader.assigned()
    assert {row["data_version"], row["previous_data_version"]} == loader.versions()


def test_seeding_keeps_what_a_tenant_brought(loader: Loader, file: Path) -> None:
    """Seeding again leaves own data and their settings in place, also when they were undone."""
    (loader.data_dir / "source").symlink_to(SOURCES)
    loader.taken(file, "--currency", "EUR")
    settings = StorageSettings.model_validate(
        {**loader.database.settings, "data_dir": loader.data_dir}
    )
    own = loader.assigned()
    lines = seed(settings, lambda _step: None).lines
    assert own == loader.assigned()
    assert [("its own, kept", 400)] == [
        (line.source, line.rows)
        for line in lines
        if (line.tenant, line.dashboard) == ("Acme Corporation", CLV)
    ]
    loader.taken("--undo")
    seed(settings, lambda _step: None)
    row = loader.assigned()
    assert own["data_version"] == row["previous_data_version"]
    assert own["previous_data_version"] == row["data_version"]


def test_status_of_own_data(loader: Loader, file: Path) -> None:
    """Own data are never outdated demo; when they lack a table, status names them."""
    loader.taken(file)
    assert not read_status(loader.database.location, loader.data_dir).outdated
    assert () == read_status(loader.database.location, loader.data_dir).stale
    (loader.folder() / "cohorts.parquet").unlink()
    status = read_status(loader.database.location, loader.data_dir)
    assert (False, (f"acme-corp {CLV}",)) == (status.outdated, status.stale)
    assert "ingest their file again" in loader.call("status").out


def test_export_and_erasure_hold_both_versions(loader: Loader, file: Path, tmp_path: Path) -> None:
    """An export has the data in place and the ones before; an erasure leaves neither."""
    loader.taken(file)
    target = tmp_path / "acme.zip"
    assert 0 == loader.call("admin", "tenant", "export", "acme-corp", str(target)).code
    with zipfile.ZipFile(target) as zipped:
        names = set(zipped.namelist())
        (assigned, _) = json.loads(zipped.read("dashboards.json"))
    assert {f"data/{CLV}/transactions.parquet", f"data/{CLV}/previous/transactions.parquet"} < names
    assert loader.assigned()["previous_data_version"] == assigned["previous_data_version"]
    erase = ("admin", "tenant", "erase", "acme-corp", "--confirm", "acme-corp")
    assert 0 == loader.call(*erase).code
    assert not (loader.data_dir / "tenants" / ACME).exists()


def test_a_tenant_without_data(loader: Loader, own_stage: Stage, file: Path) -> None:
    """It is told what to do; after a file it sees it, and nothing is before that."""
    add = ("admin", "tenant", "add", "--name", "Gamma", "--slug", "gamma", "--currency", "CHF")
    assert 0 == loader.call(*add).code
    options = ("ingest", "--tenant", "gamma", "--dashboard", CLV)
    refused = loader.call(*options, str(file))
    assert 2 == refused.code
    assert f"kyros-api admin dashboard assign gamma {CLV}" in refused.err
    for command in (
        ("dashboard", "assign", "gamma", CLV),
        ("role", "grant", "admin@acme.com", "gamma", "admin"),
    ):
        assert 0 == loader.call("admin", *command).code, command
    user = own_stage.user_token("admin@acme.com")
    tenants = own_stage.client.get("/api/me", headers=bearer(user)).json()["tenants"]
    gamma = next(tenant["id"] for tenant in tenants if tenant["slug"] == "gamma")
    token = bearer(own_stage.tenant_token("admin@acme.com", gamma))
    path = f"/api/dashboards/{CLV}/views/dataset"
    missing = own_stage.client.get(path, headers=token)
    assert (404, "DATA_NOT_FOUND") == (missing.status_code, missing.json()["error"]["code"])
    done = loader.call(*options, str(file))
    assert 0 == done.code, done
    assert "There were no data before these." in done.out
    answer = own_stage.client.get(path, headers=token).json()
    assert ([400], ["CHF"]) == (answer["columns"]["rows"], answer["columns"]["currency"])

"""What the API remembers of a tenant's data: for this tenant, and for this version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from kyros_api.storage.tenant_data import DataMissingError, TenantData

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLUG = "loans"
NAMES = "SELECT name FROM read_parquet($regions) WHERE name <> $left_out ORDER BY name"
REGIONS = {("t1", "v1"): "North", ("t1", "v2"): "East", ("t2", "v1"): "South"}


@pytest.fixture
def data(tmp_path: Path) -> Iterator[TenantData]:
    """Hold two tenants, one of them with two versions, of one region each."""
    for (tenant, version), region in REGIONS.items():
        folder = tmp_path / "tenants" / tenant / SLUG / version
        folder.mkdir(parents=True)
        names = duckdb.values([region]).union(duckdb.values(["Everywhere"]))
        names.project("col0 AS name").write_parquet(str(folder / "regions.parquet"))
    held = TenantData(tmp_path)
    yield held
    held.close()


def test_lookups_apart(data: TenantData) -> None:
    """Whoever asked first, each tenant and each version get their own answer."""
    asked = [*REGIONS, *REGIONS]
    answers = [
        data.folder(tenant, SLUG, version).look_up(NAMES, {"left_out": "Everywhere"})
        for tenant, version in asked
    ]
    assert answers == [((REGIONS[place],),) for place in asked]


def test_lookups_by_value(data: TenantData) -> None:
    """What the question binds is part of the question."""
    folder = data.folder("t1", SLUG, "v1")
    assert folder.look_up(NAMES, {"left_out": "North"}) == (("Everywhere",),)
    assert folder.look_up(NAMES, {"left_out": "Everywhere"}) == (("North",),)


def test_lookups_are_remembered(data: TenantData) -> None:
    """The file is read once: a version never changes."""
    folder = data.folder("t1", SLUG, "v1")
    first = folder.look_up(NAMES, {"left_out": "North"})
    (folder.path / "regions.parquet").unlink()
    assert folder.look_up(NAMES, {"left_out": "North"}) == first


def test_refusals_are_not_remembered(data: TenantData) -> None:
    """A table that is not there is said each time, until it is there."""
    folder = data.folder("t1", SLUG, "v1")
    table = folder.path / "regions.parquet"
    table.rename(folder.path / "away.parquet")
    with pytest.raises(DataMissingError):
        folder.look_up(NAMES, {"left_out": "North"})
    (folder.path / "away.parquet").rename(table)
    assert folder.look_up(NAMES, {"left_out": "North"}) == (("Everywhere",),)
